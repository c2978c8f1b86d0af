#include "core/tunnel/toolhelp.h"
#include "core/tunnel/tunnelwords.h"
#include "tests/support/testmain.h"

#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;

class ToolHelpTest : public QObject {
    Q_OBJECT
private slots:
    void knowsTheSystemAtHand_data()
    {
        QTest::addColumn<QByteArray>("release");
        QTest::addColumn<SystemKind>("system");
        QTest::newRow("Debian") << QByteArray("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n") << SystemKind::Debian;
        QTest::newRow("Mint") << QByteArray("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n") << SystemKind::Debian;
        QTest::newRow("Fedora") << QByteArray("NAME=\"Fedora Linux\"\nID=fedora\n") << SystemKind::Fedora;
        QTest::newRow("Rocky") << QByteArray("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n") << SystemKind::Fedora;
        QTest::newRow("Manjaro") << QByteArray("ID=manjaro\nID_LIKE=arch\n") << SystemKind::Arch;
        QTest::newRow("another") << QByteArray("ID=void\n") << SystemKind::OtherLinux;
        QTest::newRow("nothing") << QByteArray() << SystemKind::OtherLinux;
    }

    void knowsTheSystemAtHand()
    {
        QFETCH(QByteArray, release);
        QTEST(systemFromOsRelease(release), "system");
    }

    /// Every tool on every system: something to type, or a page.
    void alwaysHasANextStep()
    {
        for (const QString &tool : {u"cloudflared"_s, u"ssh"_s, u"lt"_s}) {
            for (const SystemKind system : {SystemKind::Debian, SystemKind::Fedora, SystemKind::Arch, SystemKind::OtherLinux, SystemKind::Macos, SystemKind::Windows}) {
                const ToolHelp help = helpFor(tool, system);
                QCOMPARE(help.tool, tool);
                QVERIFY(help.page.isValid() && help.page.scheme() == "https"_L1);
                QVERIFY(system == SystemKind::OtherLinux || !help.commands.isEmpty());
                const QString words = tunnelwords::down(TunnelProblem::ToolMissing, {}, help);
                QVERIFY(words.contains(tool));
                QVERIFY(words.contains(help.commands.isEmpty() ? help.page.toString() : help.commands.first()));
            }
        }
    }
};

ANTIPHON_TEST(ToolHelpTest)

} // namespace antiphon::test
#include "tst_toolhelp.moc"
