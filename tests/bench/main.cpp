#include "tests/bench/benches.h"
#include "tests/bench/figures.h"
#include "tests/bench/paintwatch.h"
#include "tests/bench/synccounter.h"

#include <QCommandLineParser>
#include <QDir>
#include <QLoggingCategory>

#include <algorithm>
#include <array>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

struct Bench {
    QLatin1StringView name;
    int (*run)(const bench::Options &);
};

constexpr std::array kBenches{Bench{"acks"_L1, bench::runAcknowledgements}, Bench{"arrival"_L1, bench::runArrival},
                              Bench{"conversation"_L1, bench::runConversation}, Bench{"start"_L1, bench::runStart},
                              Bench{"sustained"_L1, bench::runSustained}, Bench{"burst"_L1, bench::runBurst},
                              Bench{"windowload"_L1, bench::runWindowLoad}, Bench{"history"_L1, bench::runHistory},
                              Bench{"growth"_L1, bench::runGrowth}};

QString names()
{
    QStringList all;
    for (const Bench &one : kBenches)
        all.append(one.name);
    return all.join(u", "_s);
}

/// The greatest exit code of those that `name` means: one, or all of them; 2 where there is none of that name.
int run(const QString &name, const bench::Options &options)
{
    if (name == "window"_L1)
        return bench::runWindow(options);
    int code = name.isEmpty() ? 0 : 2;
    for (const Bench &one : kBenches) {
        if (name.isEmpty())
            code = std::max(code, one.run(options));
        else if (name == one.name)
            return one.run(options);
    }
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("ANTIPHON_SECRETS", "file");
    bench::PaintWatch app(argc, argv);
    QCoreApplication::setApplicationName(u"antiphon-bench"_s);
    QLoggingCategory::setFilterRules(u"*.info=false\n*.debug=false"_s);

    QCommandLineParser parser;
    parser.setApplicationDescription(u"Measures Antiphon. Benches: %1 (what each figure means: tests/bench/README.md)."_s.arg(names()));
    parser.addHelpOption();
    parser.addPositionalArgument(u"bench"_s, u"which one; all of them where none is named"_s, u"[bench]"_s);
    const QCommandLineOption folder(u"in"_s, u"Make the throw-away data folders in <folder>: its filesystem is the one measured."_s, u"folder"_s, QDir::tempPath());
    const QCommandLineOption scale(u"scale"_s, u"Take <factor> times as many samples."_s, u"factor"_s, u"1"_s);
    const QCommandLineOption syncDelay(u"sync-delay"_s, u"Make each fsync take <ms> longer: a stand-in for a slower disk."_s, u"ms"_s, u"0"_s);
    const QCommandLineOption smoke(u"smoke"_s, u"Only show that it works; the figures mean nothing."_s);
    QCommandLineOption dataDir(u"data-dir"_s, u"Of the measured half of start."_s, u"folder"_s);
    dataDir.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOptions({folder, scale, syncDelay, smoke, dataDir});
    parser.process(app);

    const QString name = parser.positionalArguments().value(0);
    bool isFactor = false;
    const bench::Options options{.folder = QDir(parser.value(folder)).absolutePath(),
                                 .dataDir = parser.value(dataDir),
                                 .scale = parser.value(scale).toDouble(&isFactor),
                                 .isSmoke = parser.isSet(smoke)};
    bool isDelay = false;
    const int delay = parser.value(syncDelay).toInt(&isDelay);
    if (!isFactor || !isDelay || delay < 0)
        parser.showHelp(2);
    bench::setSyncDelay(delay);
    if (delay > 0)
        bench::say(u"each fsync and fdatasync takes %1 ms longer"_s.arg(delay));
    const int code = run(name, options);
    if (code == 2)
        parser.showHelp(2);
    return code;
}
