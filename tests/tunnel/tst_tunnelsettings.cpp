#include "core/tunnel/tunnelsettings.h"
#include "tests/support/testmain.h"

#include <QTemporaryFile>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using Provider = TunnelSettings::Provider;

class TunnelSettingsTest : public QObject {
    Q_OBJECT
private slots:
    void namesTheFieldAtFault_data()
    {
        QTest::addColumn<Provider>("provider");
        QTest::addColumn<QJsonObject>("settings");
        QTest::addColumn<QString>("field");
        const QJsonObject ssh{{u"host"_s, u"vps.example"_s}, {u"remote_port"_s, 4300}, {u"public_url"_s, u"https://desk.example"_s}};
        const auto with = [](QJsonObject object, const QString &key, const QJsonValue &value) {
            object.insert(key, value);
            return object;
        };
        QTest::newRow("own, none") << Provider::OwnDomain << QJsonObject() << u"settings.public_url"_s;
        QTest::newRow("own, http") << Provider::OwnDomain << QJsonObject{{u"public_url"_s, u"http://desk.example"_s}} << u"settings.public_url"_s;
        QTest::newRow("own, user") << Provider::OwnDomain << QJsonObject{{u"public_url"_s, u"https://a:b@desk.example"_s}} << u"settings.public_url"_s;
        QTest::newRow("own, query") << Provider::OwnDomain << QJsonObject{{u"public_url"_s, u"https://desk.example/?a=1"_s}} << u"settings.public_url"_s;
        QTest::newRow("own, number") << Provider::OwnDomain << QJsonObject{{u"public_url"_s, 7}} << u"settings.public_url"_s;
        QTest::newRow("named, nothing to prove who we are") << Provider::CloudflaredNamed << QJsonObject{{u"public_url"_s, u"https://desk.example"_s}} << u"settings.tunnel"_s;
        QTest::newRow("named, an option") << Provider::CloudflaredNamed << QJsonObject{{u"public_url"_s, u"https://desk.example"_s}, {u"tunnel"_s, u"--help"_s}} << u"settings.tunnel"_s;
        QTest::newRow("ssh, no host") << Provider::Ssh << QJsonObject() << u"settings.host"_s;
        QTest::newRow("ssh, an option") << Provider::Ssh << with(ssh, u"host"_s, u"-oProxyCommand=x"_s) << u"settings.host"_s;
        QTest::newRow("ssh, a command") << Provider::Ssh << with(ssh, u"host"_s, u"a b"_s) << u"settings.host"_s;
        QTest::newRow("ssh, half a bracket") << Provider::Ssh << with(ssh, u"host"_s, u"[::1"_s) << u"settings.host"_s;
        QTest::newRow("ssh, brackets only") << Provider::Ssh << with(ssh, u"host"_s, u"[]"_s) << u"settings.host"_s;
        QTest::newRow("ssh, no address at all") << Provider::Ssh << with(ssh, u"host"_s, u":::::"_s) << u"settings.host"_s;
        QTest::newRow("ssh, an option in brackets") << Provider::Ssh << with(ssh, u"host"_s, u"[-oProxyCommand=x]"_s) << u"settings.host"_s;
        QTest::newRow("ssh, port") << Provider::Ssh << with(ssh, u"port"_s, 70000) << u"settings.port"_s;
        QTest::newRow("ssh, user") << Provider::Ssh << with(ssh, u"user"_s, u"-l"_s) << u"settings.user"_s;
        QTest::newRow("ssh, key") << Provider::Ssh << with(ssh, u"key_file"_s, u"/nowhere/id_ed25519"_s) << u"settings.key_file"_s;
        QTest::newRow("ssh, relative key") << Provider::Ssh << with(ssh, u"key_file"_s, u"id_ed25519"_s) << u"settings.key_file"_s;
        QTest::newRow("ssh, two lines") << Provider::Ssh << with(ssh, u"user"_s, u"a\nb"_s) << u"settings.user"_s;
        QTest::newRow("ssh, no address") << Provider::Ssh << with(ssh, u"public_url"_s, QJsonValue()) << u"settings.public_url"_s;
        QTest::newRow("ssh, any port at a fixed address") << Provider::Ssh << with(ssh, u"remote_port"_s, 0) << u"settings.remote_port"_s;
        QTest::newRow("lt, subdomain") << Provider::Localtunnel << QJsonObject{{u"subdomain"_s, u"-x"_s}} << u"settings.subdomain"_s;
        QTest::newRow("lt, server") << Provider::Localtunnel << QJsonObject{{u"server"_s, u"ftp://a.example"_s}} << u"settings.server"_s;
    }

    void namesTheFieldAtFault()
    {
        QFETCH(Provider, provider);
        QFETCH(QJsonObject, settings);
        const auto read = tunnelSettingsFromJson(provider, settings, false);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, Error::Kind::Invalid);
        QTEST(read.error().field, "field");
        QVERIFY(!read.error().detail.isEmpty());
    }

    void comesBackAsItWasStored()
    {
        QTemporaryFile key;
        QVERIFY(key.open());
        const QJsonObject given{{u"host"_s, u"vps.example"_s},   {u"port"_s, u"2222"_s},          {u"user"_s, u"antiphon"_s},
                                {u"key_file"_s, key.fileName()}, {u"remote_address"_s, u"*"_s}, {u"remote_port"_s, 4300},
                                {u"public_url"_s, u"desk.example/inbox/"_s}};
        const auto read = tunnelSettingsFromJson(Provider::Ssh, given, false);
        QVERIFY2(read, read ? "" : qPrintable(describe(read.error())));
        QCOMPARE(read->port, 2222);
        QCOMPARE(read->publicUrl, QUrl(u"https://desk.example/inbox"_s));
        const auto again = storedTunnelSettings(Provider::Ssh, toJson(*read));
        QVERIFY(again);
        QCOMPARE(*again, *read);
        key.remove();
        QVERIFY(storedTunnelSettings(Provider::Ssh, toJson(*read)));          // ssh will say that its key is gone
        QVERIFY(!tunnelSettingsFromJson(Provider::Ssh, toJson(*read), false));
    }

    void leavesThisMachineOnlyByHttps()
    {
        for (const char *address : {"http://127.0.0.1:8080", "http://localhost", "http://a.lt.localhost:8080", "http://[::1]:80", "https://desk.example:8443/a"})
            QVERIFY2(isUsableAddress(QUrl(QString::fromLatin1(address))), address);
        for (const char *address : {"http://desk.example", "http://10.0.0.1", "http://localhost.example", "http://127.evil.example", "ws://localhost", "https://", "desk.example"})
            QVERIFY2(!isUsableAddress(QUrl(QString::fromLatin1(address))), address);
        QCOMPARE(plainAddress(QUrl(u"https://desk.example:443/"_s)), QUrl(u"https://desk.example"_s));
    }

    void takesTheBracketsOffAnAddress()
    {
        for (const QString &host : {u"[::1]"_s, u"::1"_s}) {
            const auto read = tunnelSettingsFromJson(Provider::Ssh, {{u"host"_s, host}}, false);
            QVERIFY2(read, qPrintable(host));
            QCOMPARE(read->host, u"::1"_s);
        }
        // What was stored with them loses them too.
        QCOMPARE(storedTunnelSettings(Provider::Ssh, {{u"host"_s, u"[2001:db8::7]"_s}, {u"remote_port"_s, 4300}, {u"public_url"_s, u"https://desk.example"_s}})->host, u"2001:db8::7"_s);
    }

    void refusesTokensThatNoToolCouldBeGiven()
    {
        const auto why = [](const QJsonValue &token) {
            const auto read = tunnelSecretsFromJson({{u"token"_s, token}});
            return read ? QString() : read.error().field + u": "_s + read.error().detail;
        };
        QCOMPARE(tunnelSecretsFromJson({{u"token"_s, u" eyJh \n"_s}})->token, u"eyJh"_s);   // as it was pasted
        QCOMPARE(why(QJsonValue()), QString());
        QCOMPARE(why(7), u"secrets.token: must be a text"_s);
        for (const QString &token : {u"a\nb"_s, u"a\rb"_s, QString(u"a"_s + QChar() + u'b'), u"a\x7f" "b"_s, u"a\u0085z"_s})
            QVERIFY2(why(token).startsWith(u"secrets.token: must be a text of one line"_s), qPrintable(token));
        QCOMPARE(why(QString(4096, u'x')), QString());
        QCOMPARE(why(QString(200'000, u'x')), u"secrets.token: longer than 4096 characters"_s);
    }

    void needsNoCredentialsBesideAToken()
    {
        QVERIFY(tunnelSettingsFromJson(Provider::CloudflaredNamed, {{u"public_url"_s, u"https://desk.example"_s}}, true));
    }
};

ANTIPHON_TEST(TunnelSettingsTest)

} // namespace antiphon::test
#include "tst_tunnelsettings.moc"
