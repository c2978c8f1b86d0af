#include "core/net/socketsafefetch.h"
#include "tests/net/loopbackserver.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

/// Answers as scripted, the last answer again and again.
class ScriptedResolver final : public Resolver {
public:
    void resolve(const QString &host, Done done) override
    {
        hosts.append(host);
        if (answers.isEmpty())
            return done(Error{Error::Kind::Network, u"unknown"_s});
        done(answers.size() > 1 ? answers.takeFirst() : answers.first());
    }
    QList<QList<QHostAddress>> answers{};
    QStringList hosts{};
};

} // namespace

class SocketSafeFetchTest : public QObject {
    Q_OBJECT

    ScriptedResolver m_resolver;
    QByteArray m_body;

    Result<FetchResult> fetch(const QUrl &url, const FetchPolicy &policy)
    {
        SocketSafeFetch safeFetch(m_resolver);
        m_body.clear();
        std::optional<Result<FetchResult>> result;
        safeFetch.fetch({.url = url, .headers = {{"x-user", "secret"}, {"Authorization", "Basic secret"}}}, policy, [this](const QByteArray &piece) { m_body += piece; },
                        [&](const Result<FetchResult> &answer) { result = answer; });
        if (!QTest::qWaitFor([&] { return result.has_value(); }, 10000))
            return Error{Error::Kind::Timeout, u"the test waited in vain"_s};
        return *result;
    }

private slots:
    void init()
    {
        m_resolver.answers.clear();
        m_resolver.hosts.clear();
    }

    void fetchesFromAnOverride()
    {
        LoopbackServer server;
        const auto result = fetch(server.url(), {.overrideOrigin = server.url()});
        QVERIFY(result);
        QCOMPARE(result->size, 2);
        QCOMPARE(m_body, QByteArray("ok"));
        QVERIFY(server.requests.first().contains("x-user: secret"));
    }

    void refusesAddressesBeforeAnyPacket_data()
    {
        QTest::addColumn<QString>("url");
        for (const char *url :
             {"https://127.0.0.1/", "https://[::1]/", "https://0.0.0.0/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/",
              "http://cdn.example/", "https://cdn.example:8443/", "https://user@cdn.example/", "https://user:pw@cdn.example/", "https://other.example/",
              "https://evilcdn.example/", "https://cdn.example.evil.test/", "file:///etc/passwd", "ftp://cdn.example/", "data:text/plain,x", "gopher://cdn.example/",
              "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "", "//cdn.example/"})
            QTest::newRow(url) << QString::fromLatin1(url);
    }

    void refusesAddressesBeforeAnyPacket()
    {
        QFETCH(QString, url);
        m_resolver.answers = {{QHostAddress(u"127.0.0.1"_s)}};
        const auto result = fetch(QUrl(url), {.hosts = {u"cdn.example"_s}});
        QVERIFY(!result);
        QCOMPARE(result.error().kind, Error::Kind::Forbidden);
        QVERIFY(m_resolver.hosts.isEmpty());
    }

    void refusesNamesThatLeadInside_data()
    {
        QTest::addColumn<QStringList>("addresses");
        for (const char *address : {"127.0.0.1", "::1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "fc00::1", "fe80::1", "::ffff:127.0.0.1",
                                    "64:ff9b::7f00:1"})
            QTest::newRow(address) << QStringList{QString::fromLatin1(address)};
        QTest::newRow("one good, one bad") << QStringList{u"8.8.8.8"_s, u"127.0.0.1"_s};
        QTest::newRow("one bad, one good") << QStringList{u"127.0.0.1"_s, u"8.8.8.8"_s};
    }

    void refusesNamesThatLeadInside()
    {
        QFETCH(QStringList, addresses);
        QList<QHostAddress> answer;
        for (const QString &address : addresses)
            answer.append(QHostAddress(address));
        m_resolver.answers = {answer};
        const auto result = fetch(QUrl(u"https://media.cdn.example/x"_s), {.hosts = {u"cdn.example"_s}});
        QVERIFY(!result);
        QCOMPARE(result.error().kind, Error::Kind::Forbidden);
    }

    /// A name that changes its mind: what was judged is what is connected to, so the second answer is never asked for.
    void connectsToTheVeryAddressThatWasJudged()
    {
        QTcpServer inside;
        if (!inside.listen(QHostAddress::LocalHost, 443))
            QSKIP("port 443 of loopback is not ours to listen on");
        // 3ffe::/16 was given back by the 6bone: public by its number, routed nowhere.
        m_resolver.answers = {{QHostAddress(u"3ffe::1"_s)}, {QHostAddress::LocalHost}};
        const auto result = fetch(QUrl(u"https://cdn.example/x"_s), {.hosts = {u"cdn.example"_s}, .totalTimeout = std::chrono::milliseconds(300)});
        QVERIFY(!result);
        QVERIFY(result.error().kind != Error::Kind::Forbidden);
        QCOMPARE(m_resolver.hosts.size(), 1);
        QVERIFY(!inside.hasPendingConnections());
    }

    void judgesEachRedirectAnew_data()
    {
        QTest::addColumn<QString>("target");       // %1: the port of a listener that must hear nothing
        for (const char *target : {"http://127.0.0.1:%1/", "http://localhost:%1/", "http://[::1]:%1/", "https://127.0.0.1:%1/", "http://0.0.0.0:%1/", "http://2130706433:%1/",
                                   "//127.0.0.1:%1/x", "file:///etc/passwd", "ftp://127.0.0.1:%1/", "https://169.254.169.254/", "https://inside.cdn.example/", "https://user@cdn.example/"})
            QTest::newRow(target) << QString::fromLatin1(target);
    }

    void judgesEachRedirectAnew()
    {
        QFETCH(QString, target);
        LoopbackServer foreign;
        LoopbackServer server;
        m_resolver.answers = {{QHostAddress::LocalHost}};
        const QString location = target.contains(u"%1"_s) ? target.arg(foreign.serverPort()) : target;
        server.answer = "HTTP/1.1 302 Found\r\nLocation: " + location.toLatin1() + "\r\nContent-Length: 0\r\n\r\n";
        const auto result = fetch(server.url(), {.hosts = {u"cdn.example"_s}, .overrideOrigin = server.url()});
        QVERIFY(!result);
        QCOMPARE(result.error().kind, Error::Kind::Forbidden);
        QCOMPARE(foreign.connections, 0);
        QCOMPARE(server.connections, 1);
    }

    void followsRedirectsWithinOneOriginSoFar()
    {
        LoopbackServer server;
        server.answerTo = [](const QByteArray &request) -> QByteArray {
            if (request.startsWith("GET /end "))
                return "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend";
            return "HTTP/1.1 307 Go\r\nLocation: /end\r\nContent-Length: 7\r\n\r\nignored";
        };
        QVERIFY(fetch(server.url(), {.overrideOrigin = server.url()}));
        QCOMPARE(m_body, QByteArray("end"));
        QVERIFY(server.requests.first().contains("Authorization: Basic secret"));
        QVERIFY(server.requests.last().contains("x-user: secret"));
        QVERIFY(!server.requests.last().contains("Basic secret"));          // for the first address alone

        server.answerTo = [](const QByteArray &) -> QByteArray { return "HTTP/1.1 302 Go\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"; };
        server.requests.clear();
        QVERIFY(!fetch(server.url(), {.overrideOrigin = server.url()}));
        QCOMPARE(server.requests.size(), 6);
    }

    void carriesSecretsToNoOtherOrigin()
    {
        LoopbackServer storage;
        LoopbackServer server;
        storage.answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend";
        server.answer = "HTTP/1.1 307 Go\r\nLocation: " + storage.url().toEncoded() + "\r\nContent-Length: 0\r\n\r\n";
        // Both are accepted: one is where the platform is said to be, the other where its files are.
        QVERIFY(fetch(server.url(), {.overrideOrigin = server.url(), .overrideDataOrigin = storage.url()}));
        QCOMPARE(m_body, QByteArray("end"));
        QVERIFY(server.requests.last().contains("x-user: secret"));
        QVERIFY(!storage.requests.last().contains("secret"));
    }

    void stopsAtItsLimits_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("isEndless");
        QTest::addColumn<int>("kind");
        QTest::newRow("endless") << QByteArray("HTTP/1.1 200 OK\r\n\r\n") << true << int(Error::Kind::BadPayload);
        QTest::newRow("10 GB announced") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n") << false << int(Error::Kind::BadPayload);
        QTest::newRow("silent") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1") << false << int(Error::Kind::Timeout);
        QTest::newRow("gzip") << QByteArray("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx") << false << int(Error::Kind::BadPayload);
        QTest::newRow("gone") << QByteArray("HTTP/1.1 410 Gone\r\nContent-Length: 2\r\n\r\nxx") << false << int(Error::Kind::NotFound);
        QTest::newRow("expired") << QByteArray("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nxx") << false << int(Error::Kind::Unauthorized);
    }

    void stopsAtItsLimits()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, isEndless);
        LoopbackServer server;
        server.answer = answer;
        server.isEndless = isEndless;
        server.closes = false;
        const auto result = fetch(server.url(), {.overrideOrigin = server.url(), .maxBytes = 100'000, .idleTimeout = std::chrono::milliseconds(200)});
        QVERIFY(!result);
        QTEST(int(result.error().kind), "kind");
        QVERIFY(m_body.size() <= 110'000);
    }
};

ANTIPHON_TEST(SocketSafeFetchTest)
#include "tst_socketsafefetch.moc"
