#include "core/tunnel/outputlines.h"
#include "core/tunnel/tunnelprovider.h"
#include "tests/support/testmain.h"

#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using Provider = TunnelSettings::Provider;

namespace {

/// What a whole output tells: the last address, whether it got connected, the last problem.
ToolNews readAll(const TunnelProvider &provider, const QByteArray &output)
{
    OutputLines lines;
    ToolNews all;
    for (const QString &line : lines.take(output) + lines.finish()) {
        const ToolNews news = provider.read(line);
        if (!news.address.isEmpty())
            all.address = news.address;
        if (news.problem != TunnelProblem::None && all.problem != TunnelProblem::HostKeyChanged)
            all.problem = news.problem;
        all.isConnected = all.isConnected || news.isConnected;
        all.isDisturbed = all.isDisturbed || news.isDisturbed;
    }
    return all;
}

const QByteArray kQuick = "2023-04-18T14:06:46Z INF Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare account, is a quick way to experiment and try it out. "
                          "However, be aware that these account-less Tunnels have no uptime guarantee. If you intend to use Tunnels in production you should use a pre-created named "
                          "tunnel by following: https://developers.cloudflare.com/cloudflare-one/connections/connect-apps\n"
                          "2023-04-18T14:06:46Z INF Requesting new quick Tunnel on trycloudflare.com...\n"
                          "2023-04-18T14:06:49Z INF +--------------------------------------------------------------------------------------------+\n"
                          "2023-04-18T14:06:49Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |\n"
                          "2023-04-18T14:06:49Z INF |  https://buffalo-marco-cardiff-motel.trycloudflare.com                                     |\n"
                          "2023-04-18T14:06:49Z INF +--------------------------------------------------------------------------------------------+\n"
                          "2023-04-18T14:06:49Z INF Settings: map[p:http2 protocol:http2 url:http://127.0.0.1:4280]\n"
                          "2023-04-18T14:06:49Z INF Starting metrics server on 127.0.0.1:20241/metrics\n"
                          "2023-04-18T14:06:50Z INF Registered tunnel connection connIndex=0 ip=198.41.200.193 location=MAD protocol=http2\n";

} // namespace

class TunnelProvidersTest : public QObject {
    Q_OBJECT
private slots:
    void readsWhatCloudflaredPrints()
    {
        const auto quick = TunnelProvider::make({.provider = Provider::CloudflaredQuick}, {});
        const ToolNews news = readAll(*quick, kQuick);
        QCOMPARE(news.address, QUrl(u"https://buffalo-marco-cardiff-motel.trycloudflare.com"_s));
        QVERIFY(news.isConnected);
        QCOMPARE(news.problem, TunnelProblem::None);
        QVERIFY(quick->read(u"2022-06-01T16:23:12Z INF Connection c206cf44-945f-4c3c-a85c-af60c6338dc2 registered connIndex=0 location=ORD"_s).isConnected);
        QVERIFY(!quick->read(u"2022-08-21T00:22:25Z INF Unregistered tunnel connection connIndex=2"_s).isConnected);
    }

    void takesNothingElseForAnAddress_data()
    {
        QTest::addColumn<QString>("line");
        for (const char *line : {"2023-04-18T14:06:49Z ERR failed to request quick Tunnel: Post \"https://api.trycloudflare.com/tunnel\": dial tcp: lookup api.trycloudflare.com: no such host",
                                 "https://api.trycloudflare.com", "|  https://buffalo-marco.trycloudflare.com.evil.example  |", "|  http://buffalo-marco.trycloudflare.com  |",
                                 "INF Settings: map[url:http://127.0.0.1:4280]", "|  http://127.0.0.1:4280  |", "INF +-----+", "see https://developers.cloudflare.com/x"})
            QTest::newRow(line) << QString::fromLatin1(line);
    }

    void takesNothingElseForAnAddress()
    {
        QFETCH(QString, line);
        QVERIFY(TunnelProvider::make({.provider = Provider::CloudflaredQuick}, {})->read(line).address.isEmpty());
    }

    void takesThisMachineOnlyWhereTheEnvironmentSaysSo()
    {
        const auto quick = TunnelProvider::make({.provider = Provider::CloudflaredQuick}, {}, QUrl(u"http://127.0.0.1"_s));
        QCOMPARE(quick->read(u"INF |  http://127.0.0.1:40123   |"_s).address, QUrl(u"http://127.0.0.1:40123"_s));
        QVERIFY(quick->read(u"INF Settings: map[url:http://127.0.0.1:4280]"_s).address.isEmpty());
        QVERIFY(quick->read(u"INF proxying to http://127.0.0.1:4280"_s).address.isEmpty());
        QVERIFY(quick->read(u"INF |  http://127.0.0.2:40123   |"_s).address.isEmpty());
    }

    void knowsProblemsByTheirWords_data()
    {
        QTest::addColumn<Provider>("provider");
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<TunnelProblem>("problem");
        const auto row = [](const char *name, Provider provider, const char *output, TunnelProblem problem) {
            QTest::newRow(name) << provider << QByteArray(output) << problem;
        };
        row("cloudflared, no network", Provider::CloudflaredQuick,
            "failed to request quick Tunnel: Post \"https://api.trycloudflare.com/tunnel\": dial tcp: lookup api.trycloudflare.com on 127.0.0.53:53: server misbehaving\n", TunnelProblem::Offline);
        row("cloudflared, too many", Provider::CloudflaredQuick,
            "2024-01-01T00:00:00Z ERR Error unmarshaling QuickTunnel response: error code: 1015 error=\"invalid character 'e'\" status_code=\"429 Too Many Requests\"\n", TunnelProblem::RateLimited);
        row("cloudflared, edge", Provider::CloudflaredNamed,
            "2022-08-21T00:22:31Z WRN Unable to establish connection with Cloudflare edge error=\"TLS handshake with edge error: read tcp 172.30.33.5:37452->198.41.200.193:7844: i/o timeout\" connIndex=0\n",
            TunnelProblem::Offline);
        row("cloudflared, token", Provider::CloudflaredNamed, "Provided Tunnel token is not valid.\nSee 'cloudflared tunnel run --help'.\n", TunnelProblem::BadCredentials);
        row("cloudflared, secret", Provider::CloudflaredNamed,
            "2022-06-01T16:23:12Z ERR Register tunnel error from server side error=\"Unauthorized: Invalid tunnel secret\" connIndex=0\n", TunnelProblem::BadCredentials);
        row("cloudflared, fine", Provider::CloudflaredNamed, "2022-06-01T16:23:12Z INF Tunnel connection refused nothing\n", TunnelProblem::None);
        row("ssh, login", Provider::Ssh, "antiphon@vps.example: Permission denied (publickey).\r\n", TunnelProblem::LoginRefused);
        row("ssh, new host", Provider::Ssh,
            "No ED25519 host key is known for [vps.example]:2222 and you have requested strict checking.\r\nHost key verification failed.\r\n", TunnelProblem::HostKeyUnknown);
        row("ssh, changed host", Provider::Ssh,
            "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n"
            "Host key for [127.0.0.1]:2222 has changed and you have requested strict checking.\r\nHost key verification failed.\r\n", TunnelProblem::HostKeyChanged);
        row("ssh, port", Provider::Ssh, "Error: remote port forwarding failed for listen port 4300\r\n", TunnelProblem::PortRefused);
        row("ssh, name", Provider::Ssh, "ssh: Could not resolve hostname vps.example: Temporary failure in name resolution\r\n", TunnelProblem::Offline);
        row("ssh, off", Provider::Ssh, "ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n", TunnelProblem::Offline);
        row("ssh, gone", Provider::Ssh, "Timeout, server vps.example not responding.\r\n", TunnelProblem::Offline);
        row("ssh, key", Provider::Ssh,
            "@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r\nLoad key \"/srv/keys/key\": bad permissions\r\n", TunnelProblem::KeyUnreadable);
        row("lt, no server", Provider::Localtunnel, "Error: connection refused: localtunnel.me:34567 (check your firewall settings)\n    at Socket.<anonymous>\n", TunnelProblem::Offline);
    }

    void knowsProblemsByTheirWords()
    {
        QFETCH(Provider, provider);
        QFETCH(QByteArray, output);
        const auto made = TunnelProvider::make({.provider = provider, .publicUrl = QUrl(u"https://desk.example"_s), .host = u"vps.example"_s}, {});
        QTEST(readAll(*made, output).problem, "problem");
    }

    void saysWhenALineIsLost()
    {
        const auto named = TunnelProvider::make({.provider = Provider::CloudflaredNamed, .publicUrl = QUrl(u"https://desk.example"_s)}, {});
        QVERIFY(named->read(u"2022-08-21T00:22:26Z WRN Connection terminated error=\"timeout: no recent network activity\" connIndex=0"_s).isDisturbed);
    }

    void readsWhatSshAndLocaltunnelPrint()
    {
        const auto local = TunnelProvider::make({.provider = Provider::Ssh, .host = u"127.0.0.1"_s}, {});
        QCOMPARE(readAll(*local, "Allocated port 40321 for remote forward to 127.0.0.1:4280\r\n").address, QUrl(u"http://127.0.0.1:40321"_s));
        const auto remote = TunnelProvider::make({.provider = Provider::Ssh, .publicUrl = QUrl(u"https://desk.example"_s), .host = u"vps.example"_s}, {});
        QVERIFY(readAll(*remote, "Allocated port 40321 for remote forward to 127.0.0.1:4280\r\n").address.isEmpty());

        const auto lt = TunnelProvider::make({.provider = Provider::Localtunnel}, {});
        QCOMPARE(readAll(*lt, "your url is: https://calm-dogs-sing.loca.lt\n").address, QUrl(u"https://calm-dogs-sing.loca.lt"_s));
        QVERIFY(readAll(*lt, "your url is: http://calm-dogs-sing.loca.lt\n").address.isEmpty());   // platforms take https only
        QVERIFY(readAll(*lt, "your cachedUrl is: https://calm-dogs-sing.loca.lt\n").address.isEmpty());
    }

    void startsToolsAsTheyWantIt()
    {
        const auto quick = TunnelProvider::make({.provider = Provider::CloudflaredQuick}, {})->command(4280);
        QCOMPARE(quick.program, u"cloudflared"_s);
        QVERIFY(quick.arguments.contains(u"--no-autoupdate"_s));
        QCOMPARE(quick.arguments.last(), u"http://127.0.0.1:4280"_s);

        const auto named = TunnelProvider::make({.provider = Provider::CloudflaredNamed}, {.token = u"s3cret"_s})->command(4280);
        QVERIFY(!named.arguments.join(u' ').contains("s3cret"_L1));
        QCOMPARE(named.environment, (QList<std::pair<QString, QString>>{{u"TUNNEL_TOKEN"_s, u"s3cret"_s}}));
        const auto byFile = TunnelProvider::make({.provider = Provider::CloudflaredNamed, .tunnel = u"shop"_s, .credentialsFile = u"/c.json"_s}, {})->command(4280);
        QCOMPARE(byFile.arguments.last(), u"shop"_s);
        QVERIFY(byFile.environment.isEmpty());

        const auto ssh = TunnelProvider::make({.provider = Provider::Ssh, .host = u"vps.example"_s, .port = 2222, .user = u"me"_s, .keyFile = u"/k"_s, .remotePort = 4300}, {})->command(4280);
        for (const QString &option : {u"BatchMode=yes"_s, u"StrictHostKeyChecking=yes"_s, u"ExitOnForwardFailure=yes"_s, u"IdentitiesOnly=yes"_s, u"127.0.0.1:4300:127.0.0.1:4280"_s, u"2222"_s, u"/k"_s})
            QVERIFY2(ssh.arguments.contains(option), qPrintable(option));
        QCOMPARE(ssh.arguments.mid(ssh.arguments.size() - 2), QStringList({u"--"_s, u"vps.example"_s}));

        const auto lt = TunnelProvider::make({.provider = Provider::Localtunnel, .server = QUrl(u"https://lt.example"_s), .subdomain = u"shop"_s}, {})->command(4280);
        QVERIFY(lt.arguments.contains(u"https://lt.example"_s) && lt.arguments.contains(u"shop"_s));

        QVERIFY(TunnelProvider::make({.provider = Provider::OwnDomain, .publicUrl = QUrl(u"https://desk.example"_s)}, {})->command(4280).program.isEmpty());
        QVERIFY(!TunnelProvider::make({}, {}));
    }
};

ANTIPHON_TEST(TunnelProvidersTest)

} // namespace antiphon::test
#include "tst_tunnelproviders.moc"
