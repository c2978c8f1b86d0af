#include "tests/bench/benches.h"
#include "tests/bench/paintwatch.h"

#include <QCommandLineParser>
#include <QDir>
#include <QLoggingCategory>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

int run(const QString &name, const bench::Options &options)
{
    if (name == "acks"_L1)
        return bench::runAcknowledgements(options);
    if (name == "arrival"_L1)
        return bench::runArrival(options);
    if (name == "conversation"_L1)
        return bench::runConversation(options);
    if (name == "start"_L1)
        return bench::runStart(options);
    return bench::runWindow(options);
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
    parser.setApplicationDescription(u"Measures Antiphon. Benches: acks, arrival, conversation, start (what each figure means: tests/bench/README.md)."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"bench"_s, u"which one; all of them where none is named"_s, u"[bench]"_s);
    const QCommandLineOption folder(u"in"_s, u"Make the throw-away data folders in <folder>: its filesystem is the one measured."_s, u"folder"_s, QDir::tempPath());
    const QCommandLineOption scale(u"scale"_s, u"Take <factor> times as many samples."_s, u"factor"_s, u"1"_s);
    const QCommandLineOption smoke(u"smoke"_s, u"Only show that it works; the figures mean nothing."_s);
    QCommandLineOption dataDir(u"data-dir"_s, u"Of the measured half of start."_s, u"folder"_s);
    dataDir.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOptions({folder, scale, smoke, dataDir});
    parser.process(app);

    const QStringList all{u"acks"_s, u"arrival"_s, u"conversation"_s, u"start"_s};
    const QString name = parser.positionalArguments().value(0);
    bool isFactor = false;
    const bench::Options options{.folder = QDir(parser.value(folder)).absolutePath(),
                                 .dataDir = parser.value(dataDir),
                                 .scale = parser.value(scale).toDouble(&isFactor),
                                 .isSmoke = parser.isSet(smoke)};
    if (!isFactor || (!name.isEmpty() && name != "window"_L1 && !all.contains(name)))
        parser.showHelp(2);
    int code = 0;
    for (const QString &one : name.isEmpty() ? all : QStringList{name})
        code = std::max(code, run(one, options));
    return code;
}
