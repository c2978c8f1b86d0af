#include "app/host/options.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class OptionsTest : public QObject {
    Q_OBJECT
private slots:
    void hasTheContractsDefaults()
    {
        const auto options = parseOptions({u"--data-dir"_s, u"/tmp/x"_s}, Options::Program::Server);
        QVERIFY(options);
        QCOMPARE(int(options->port), 4280);
        QCOMPARE(int(options->deskPort), 4281);
        QCOMPARE(options->listen, u"127.0.0.1"_s);
        QVERIFY(options->publicUrl.isEmpty());
        QVERIFY(!options->demo);
    }

    void theDemoTakesFreePorts()
    {
        const auto options = parseOptions({u"--demo"_s}, Options::Program::Window);
        QVERIFY(options);
        QCOMPARE(int(options->port), 0);
        QCOMPARE(int(options->deskPort), 0);
    }

    void refusesWhatItCantUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("names");
        QTest::newRow("unknown option") << QStringList{u"--frobnicate"_s} << u"frobnicate"_s;
        QTest::newRow("positional") << QStringList{u"hello"_s} << u"hello"_s;
        QTest::newRow("port text") << QStringList{u"--port"_s, u"http"_s} << u"--port"_s;
        QTest::newRow("port too high") << QStringList{u"--port"_s, u"65536"_s} << u"--port"_s;
        QTest::newRow("desk port negative") << QStringList{u"--desk-port=-1"_s} << u"--desk-port"_s;
        QTest::newRow("port without value") << QStringList{u"--port"_s} << u"port"_s;
        QTest::newRow("public http") << QStringList{u"--public-url"_s, u"http://inbox.example"_s} << u"--public-url"_s;
        QTest::newRow("public with query") << QStringList{u"--public-url"_s, u"https://inbox.example/?a=b"_s} << u"--public-url"_s;
        QTest::newRow("listen name") << QStringList{u"--listen"_s, u"everywhere"_s} << u"--listen"_s;
        QTest::newRow("listen LAN without TLS") << QStringList{u"--listen"_s, u"0.0.0.0"_s} << u"--tls-cert"_s;
        QTest::newRow("certificate without key") << QStringList{u"--tls-cert"_s, u"a.pem"_s} << u"--tls-key"_s;
        QTest::newRow("postgresql") << QStringList{u"--database"_s, u"postgresql://a@b/c"_s} << u"not supported yet"_s;
        QTest::newRow("other database") << QStringList{u"--database"_s, u"mysql://a"_s} << u"--database"_s;
        QTest::newRow("connect is not the server's") << QStringList{u"--connect"_s, u"wss://a:1"_s} << u"connect"_s;
        QTest::newRow("empty data dir") << QStringList{u"--data-dir="_s} << u"--data-dir"_s;
    }

    void refusesWhatItCantUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, names);
        const auto options = parseOptions(arguments, Options::Program::Server);
        QVERIFY(!options);
        QVERIFY2(options.error().detail.contains(names), qPrintable(options.error().detail));
    }

    void connectsToSecureServersOnly()
    {
        QVERIFY(parseOptions({u"--connect"_s, u"wss://desk.lan:4281"_s}, Options::Program::Window));
        QVERIFY(parseOptions({u"--connect"_s, u"ws://127.0.0.1:4281"_s}, Options::Program::Window));
        QVERIFY(!parseOptions({u"--connect"_s, u"ws://desk.lan:4281"_s}, Options::Program::Window));
        QVERIFY(!parseOptions({u"--connect"_s, u"https://desk.lan"_s}, Options::Program::Window));
        QVERIFY(!parseOptions({u"--connect"_s, u"wss://desk.lan"_s, u"--demo"_s}, Options::Program::Window));
    }

    void tellsHelpAndVersion()
    {
        const auto help = parseOptions({u"--help"_s}, Options::Program::Server);
        QVERIFY(help && help->request == Options::Request::Help && help->text.contains(u"--data-dir"_s) && !help->text.contains(u"--connect"_s));
        QVERIFY(help->text.simplified().contains(u"(not in this version)"_s));
        const auto version = parseOptions({u"--version"_s}, Options::Program::Window);
        QVERIFY(version && version->request == Options::Request::Version && version->text.startsWith(u"antiphon "_s));
    }
};

ANTIPHON_TEST(OptionsTest)
#include "tst_options.moc"
