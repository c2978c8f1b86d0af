#include "app/demo/simulatedhttp.h"
#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QTcpServer>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// Addresses inside webhooks are the world's words: what is not the platform's own host is never called, not even to look.
class SafeFetchFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::TiktokWorld>();
        QCOMPARE(m_world->startConnected(), QString());
        QVERIFY(m_v4.listen(QHostAddress::LocalHost, 0));
        m_hasV6 = m_v6.listen(QHostAddress::LocalHostIPv6, m_v4.serverPort());
        for (QTcpServer *server : {&m_v4, &m_v6})
            connect(server, &QTcpServer::newConnection, this, [this] { ++m_connections; });
        m_front = std::make_unique<demo::SimulatedHttp>(m_clock, [this](const demo::SimulatedHttp::Request &request, const demo::SimulatedHttp::Answer &answer) {
            ++m_asked;
            if (request.path.startsWith("/files/"))
                return answer({.status = 302, .headers = {{"Location", m_target.toUtf8()}}});
            answer({.status = 500});
        });
        QVERIFY(m_front->listen());
    }

    void cleanupTestCase() { m_world.reset(); }

    void neverCallsForeignAddresses_data()
    {
        QTest::addColumn<QString>("address");
        const char *const addresses[] = {"http://127.0.0.1:%1/a.png",       "https://127.0.0.1:%1/a.png",        "https://localhost:%1/a.png",
                                         "https://[::1]:%1/a.png",          "https://[::ffff:127.0.0.1]:%1/a",   "https://0.0.0.0:%1/a",
                                         "https://2130706433:%1/a",         "https://0x7f000001:%1/a",           "https://0177.0.0.1:%1/a",
                                         "https://127.1:%1/a",              "https://tiktokcdn.com@127.0.0.1:%1/a", "https://169.254.169.254/latest/meta-data",
                                         "https://10.0.0.1:%1/a",           "file:///etc/passwd",                "ftp://127.0.0.1:%1/a",
                                         "https://tiktokcdn.com.evil.example:%1/a", "gopher://127.0.0.1:%1/", "data:image/png;base64,AAAA"};
        for (const char *address : addresses)
            QTest::newRow(address) << QString::fromLatin1(address);
    }

    void neverCallsForeignAddresses()
    {
        QFETCH(QString, address);
        if (address.contains(u'%'))
            address = address.arg(m_v4.serverPort());
        expectRefused(address);
    }

    void neverFollowsThePlatformsOwnRedirectThere_data() { neverCallsForeignAddresses_data(); }

    void neverFollowsThePlatformsOwnRedirectThere()
    {
        QFETCH(QString, address);
        if (!m_isFronted) {
            // The same server, whose platform sends it elsewhere.
            m_isFronted = true;
            m_world->server().environment.insert(u"ANTIPHON_TIKTOK_API"_s, m_front->url().toString());
            QCOMPARE(m_world->crashAndRestart(), QString());
        }
        m_target = address.contains(u'%') ? address.arg(m_v4.serverPort()) : address;
        const int asked = m_asked;
        expectRefused(m_front->url().toString() + u"/files/sticker.png"_s);
        QVERIFY(m_asked > asked);
    }

private:
    void expectRefused(const QString &address)
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"prankster.%1"_s.arg(++m_pranks)});
        const QString id = m_world->tiktok().customerSends(thread, u"sticker"_s, {{u"sticker"_s, QJsonObject{{u"url"_s, address}}}});
        QTRY_VERIFY(m_world->message(thread, id));
        const auto picture = [&] { return m_world->message(thread, id)->attachments.value(0); };
        if (!m_world->message(thread, id)->attachments.isEmpty()) {
            QTRY_COMPARE_WITH_TIMEOUT(picture().state, Attachment::State::Failed, 10'000);
            QVERIFY(!picture().error.isEmpty());
            QVERIFY2(!picture().error.contains(u' '), qPrintable(picture().error));
        } else {
            QCOMPARE(m_world->message(thread, id)->contentType, Message::ContentType::Unsupported);
        }
        QCOMPARE(m_connections, 0);
    }

    SystemClock m_clock;
    std::unique_ptr<test::TiktokWorld> m_world;
    std::unique_ptr<demo::SimulatedHttp> m_front;
    QTcpServer m_v4;
    QTcpServer m_v6;
    QString m_target;
    bool m_hasV6 = false;
    bool m_isFronted = false;
    int m_connections = 0;
    int m_asked = 0;
    int m_pranks = 0;
};

ANTIPHON_TEST(SafeFetchFlow)
#include "tst_safefetch.moc"
