#include "app/host/options.h"
#include "tests/house/sourcetree.h"
#include "tests/support/testmain.h"

#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kDesktop = u"resources/desktop/org.antiphon.Antiphon.desktop"_s;
const QString kMetainfo = u"resources/desktop/org.antiphon.Antiphon.metainfo.xml"_s;

QString text(const QString &path)
{
    return QString::fromUtf8(SourceTree::read(path));
}

/// The first capture of `pattern`, a line's; empty where nothing matches.
QString first(const QString &in, const QString &pattern)
{
    return QRegularExpression(pattern, QRegularExpression::MultilineOption).match(in).captured(1);
}

/// Every "--option" in `in`, in the lines that `lines` matches.
QSet<QString> optionsIn(const QString &in, const QString &lines)
{
    static const QRegularExpression option(u"--[a-z][a-z-]+"_s);
    QSet<QString> found;
    const QRegularExpression wanted(lines);
    for (const QString &line : in.split(u'\n')) {
        const auto match = wanted.match(line);
        for (auto options = option.globalMatch(match.captured(1)); options.hasNext();)
            found.insert(options.next().captured());
    }
    return found;
}

struct Run {
    int exitCode = -1;
    QByteArray output{};
};

Run run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, process.errorString().toUtf8()};
    return {process.exitCode(), process.readAllStandardOutput()};
}

} // namespace

/// What the desktop, the package tools and the scripts read.
class MetadataTest : public QObject {
    Q_OBJECT
private slots:
    void theDesktopFileIsValid()
    {
        if (QStandardPaths::findExecutable(u"desktop-file-validate"_s).isEmpty())
            QSKIP("desktop-file-validate is not installed");
        const Run result = run(u"desktop-file-validate"_s, {SourceTree::absolute(kDesktop)});
        QVERIFY2(result.exitCode == 0 && result.output.isEmpty(), result.output.constData());
    }

    void theAppStreamDataIsValid()
    {
        if (QStandardPaths::findExecutable(u"appstreamcli"_s).isEmpty())
            QSKIP("appstreamcli is not installed");
        const Run result = run(u"appstreamcli"_s, {u"validate"_s, u"--no-net"_s, SourceTree::absolute(kMetainfo)});
        QVERIFY2(result.exitCode == 0, result.output.constData());
    }

    void theFilesNameEachOther()
    {
        const QString desktop = text(kDesktop);
        const QString metainfo = text(kMetainfo);
        const QString id = first(metainfo, u"<id>([^<]+)</id>"_s);
        QCOMPARE(id, u"org.antiphon.Antiphon"_s);
        QCOMPARE(QFileInfo(kDesktop).fileName(), id + u".desktop"_s);
        QCOMPARE(first(metainfo, u"<launchable type=\"desktop-id\">([^<]+)<"_s), id + u".desktop"_s);
        QCOMPARE(first(desktop, u"^Icon=(.*)$"_s), id);
        QCOMPARE(first(desktop, u"^Exec=(\\S+)"_s), u"antiphon"_s);
        QVERIFY(metainfo.contains(u"<binary>antiphon-server</binary>"_s));
        QVERIFY(text(u"packaging/systemd/antiphon-server.service.in"_s).contains(u"/antiphon-server\n"_s));
    }

    void everyPlaceTellsTheSameVersion()
    {
        const QString version = QStringLiteral(ANTIPHON_VERSION);
        QCOMPARE(first(text(u"CHANGELOG.md"_s), u"^## \\[([^\\]]+)\\]"_s), version);
        QCOMPARE(first(text(kMetainfo), u"<release version=\"([^\"]+)\""_s), version);
    }

    void everyPlaceTellsTheSameMaintainer()
    {
        const QString maintainer = u"The Antiphon authors <maintainers@antiphon.example>"_s;
        QVERIFY(text(u"packaging/debian/copyright"_s).contains(maintainer));
        QVERIFY(text(u"cmake/AntiphonInstall.cmake"_s).contains(maintainer));
        QVERIFY(text(kMetainfo).contains(u"<developer_name>The Antiphon authors<"_s));
    }

    void theReadmeTellsEveryOption()
    {
        const auto help = parseOptions({u"--help"_s}, Options::Program::Window);
        QVERIFY(help);
        const QSet<QString> offered = optionsIn(help->text, u"^  (--[a-z-]+)"_s);
        QVERIFY(offered.contains(u"--data-dir"_s));
        QCOMPARE(optionsIn(text(u"README.md"_s), u"^\\| (`--[^|]*) \\|"_s), offered);
    }

    void everyPackageIsListedOnceInAKnownGroup()
    {
        static const QRegularExpression line(u"^(build|run|test|deb) [a-z0-9][a-z0-9+.-]+$"_s);
        QSet<QString> names;
        const QStringList lines = text(u"packaging/debian-packages"_s).split(u'\n', Qt::SkipEmptyParts);
        for (const QString &entry : lines) {
            if (entry.startsWith(u'#'))
                continue;
            QVERIFY2(line.match(entry).hasMatch(), qPrintable(entry));
            const QString name = entry.section(u' ', 1);
            QVERIFY2(!names.contains(name), qPrintable(name));
            names.insert(name);
        }
        QVERIFY(names.size() > 20);
    }

    void everyScriptIsExecutableAndParses()
    {
        int scripts = 0;
        for (const QString &path : SourceTree::files(u"packaging"_s) + QStringList{u".ci/run"_s}) {
            const QString shell = first(text(path), u"\\A#!/bin/(sh|bash)$"_s);
            if (shell.isEmpty())
                continue;
            ++scripts;
            QVERIFY2(QFileInfo(SourceTree::absolute(path)).isExecutable(), qPrintable(path));
            const Run result = run(shell, {u"-n"_s, SourceTree::absolute(path)});
            QVERIFY2(result.exitCode == 0, qPrintable(path + u": "_s + QString::fromUtf8(result.output)));
        }
        QVERIFY(scripts > 5);
    }

    void noScriptNamesAMirror()
    {
        // Where packages come from is the business of the machine they are installed on.
        static const QRegularExpression mirror(u"https?://[^\\s\"']*debian"_s);
        for (const QString &path : SourceTree::files(u"packaging"_s) + SourceTree::files(u".github"_s) + SourceTree::files(u".ci"_s)) {
            const auto match = mirror.match(text(path));
            const bool isFormatOfCopyright = path == "packaging/debian/copyright"_L1;
            QVERIFY2(!match.hasMatch() || isFormatOfCopyright, qPrintable(path + u": "_s + match.captured()));
        }
    }
};

ANTIPHON_TEST(MetadataTest)
#include "tst_metadata.moc"
