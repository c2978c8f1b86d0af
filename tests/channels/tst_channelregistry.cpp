#include "core/channels/channelregistry.h"
#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class ChannelRegistryTest : public QObject {
    Q_OBJECT
private slots:
    void overridesAreHttpsOrLoopback_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("https") << u"https://proxy.example/tiktok"_s << true;
        QTest::newRow("loopback") << u"http://127.0.0.1:4000"_s << true;
        QTest::newRow("loopback, another address") << u"http://127.8.9.255:4000"_s << true;
        QTest::newRow("no address") << u"http://127.0.0.x"_s << false;
        QTest::newRow("loopback name") << u"http://localhost:4000"_s << true;
        QTest::newRow("loopback v6") << u"http://[::1]:4000"_s << true;
        QTest::newRow("plain") << u"http://proxy.example"_s << false;
        QTest::newRow("lan") << u"http://192.168.1.2"_s << false;
        QTest::newRow("name like loopback") << u"http://127.0.0.1.evil.example"_s << false;
        QTest::newRow("user") << u"https://u:p@proxy.example"_s << false;
        QTest::newRow("query") << u"https://proxy.example/?x=1"_s << false;
        QTest::newRow("ftp") << u"ftp://proxy.example"_s << false;
        QTest::newRow("nothing") << QString() << false;
    }

    void overridesAreHttpsOrLoopback()
    {
        QFETCH(QString, url);
        ChannelRegistry registry;
        registry.add(std::make_unique<TiktokAdapter>(), std::make_unique<TiktokAccounts>());
        QCOMPARE(registry.endpoints(Channel::Tiktok).api, QUrl(u"https://business-api.tiktok.com"_s));
        QVERIFY(!registry.isOverridden(Channel::Tiktok));
        QTEST(bool(registry.overrideApi(Channel::Tiktok, QUrl(url))), "accepted");
        QTEST(registry.isOverridden(Channel::Tiktok), "accepted");
        QTEST(bool(registry.overrideWeb(Channel::Tiktok, QUrl(url))), "accepted");
    }

    void whatIsNotBuiltInIsNull()
    {
        ChannelRegistry registry;
        QVERIFY(!registry.adapter(Channel::Line));
        QVERIFY(!registry.accounts(Channel::Line));
        QVERIFY(!registry.overrideApi(Channel::Line, QUrl(u"https://x.example"_s)));
    }
};

ANTIPHON_TEST(ChannelRegistryTest)
#include "tst_channelregistry.moc"
