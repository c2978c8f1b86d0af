#include "core/channels/feedkind.h"
#include "tests/support/testmain.h"
#include "tests/support/wordsof.h"

#include <QSet>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// What every platform says about itself has to be true of what it does.
class BuiltInChannelsTest : public QObject {
    Q_OBJECT

    static void rowEach()
    {
        QTest::addColumn<Channel>("channel");
        const QList<Channel> channels = builtInChannels().channels();
        for (const Channel channel : channels)
            QTest::newRow(qPrintable(channelName(channel))) << channel;
    }

private slots:
    void everyChannelOfTheEnumIsBuiltIn()
    {
        const QList<Channel> channels = builtInChannels().channels();
        QVERIFY(!channels.isEmpty());
        for (qsizetype i = 0; i < channels.size(); ++i) {
            QCOMPARE(int(channels[i]), int(i));
            QVERIFY(builtInChannels().accounts(channels[i]));
            QCOMPARE(channelFromName(channelName(channels[i])), channels[i]);
        }
        QCOMPARE(channelName(channels.last()), u"twilio"_s);      // the last of the enum
    }

    void wordsAgreeWithDeeds_data() { rowEach(); }

    void wordsAgreeWithDeeds()
    {
        QFETCH(Channel, channel);
        const ChannelAdapter &adapter = wordsOf(channel);
        const AccountAdapter &accounts = accountWordsOf(channel);
        const ChannelEndpoints endpoints = accounts.officialEndpoints();
        QCOMPARE(hasFeed(&adapter), adapter.readFeed({}, {}, endpoints) != nullptr);
        QCOMPARE(accounts.hasConsentPage(), !accounts.authorizeUrl({}, QUrl(u"https://desk.example/back"_s), u"state"_s, false, endpoints).isEmpty());
        QCOMPARE(accounts.hasAppWebhook(), accounts.inspectWebhook({}, endpoints) != nullptr);
        QCOMPARE(accounts.hasSubscriptions(), accounts.inspectSubscription({}, endpoints) != nullptr);
        const RawWebhook question{.method = "GET", .query = "hub.mode=subscribe&hub.verify_token=word&hub.challenge=1"};
        QCOMPARE(adapter.webhookRules().isVerifiedByGet, adapter.handshake(question, {{.verifyToken = u"word"_s}}).status == 200);
    }

    /// A place in the address is what the adapter finds the inbox by.
    void anAddressOfItsOwnLeadsBackToTheInbox_data() { rowEach(); }

    void anAddressOfItsOwnLeadsBackToTheInbox()
    {
        QFETCH(Channel, channel);
        const ChannelAdapter &adapter = wordsOf(channel);
        const WebhookRules rules = adapter.webhookRules();
        const QJsonObject settings{{"phone_number"_L1, u"+15550100001"_s}, {"channel_id"_L1, u"1234567890"_s}};
        const QString path = webhookPath(rules, InboxId(7), settings);
        QVERIFY2(!path.contains(u'{') && path.startsWith(u'/'), qPrintable(path));
        const WebhookKeys keys = adapter.webhookKeys({.path = path.section(u'?', 0, 0).toLatin1(), .query = path.section(u'?', 1).toLatin1()});
        QCOMPARE(!keys.inboxSetting.isEmpty(), hasOwnAddress(rules));
        QCOMPARE(path.endsWith(keys.inboxValue), true);
        if (!hasOwnAddress(rules))
            QCOMPARE(path, webhookRoute(rules));
    }

    void addressesAreThoseThatPlatformsWereTold_data()
    {
        QTest::addColumn<Channel>("channel");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("route");
        const auto row = [](Channel channel, const QString &path, const QString &route) { QTest::newRow(qPrintable(channelName(channel))) << channel << path << route; };
        row(Channel::Tiktok, u"/webhooks/tiktok"_s, u"/webhooks/tiktok"_s);
        row(Channel::Whatsapp, u"/webhooks/whatsapp/+15550100001"_s, u"/webhooks/whatsapp/{phone_number}"_s);
        row(Channel::Instagram, u"/webhooks/instagram"_s, u"/webhooks/instagram"_s);
        row(Channel::Messenger, u"/webhooks/messenger"_s, u"/webhooks/messenger"_s);
        row(Channel::Telegram, u"/webhooks/telegram/7"_s, u"/webhooks/telegram/{inbox_id}"_s);
        row(Channel::Line, u"/webhooks/line/1234567890"_s, u"/webhooks/line/{channel_id}"_s);
        row(Channel::Twilio, u"/twilio/callback?inbox=7"_s, u"/twilio/callback"_s);
    }

    void addressesAreThoseThatPlatformsWereTold()
    {
        QFETCH(Channel, channel);
        const WebhookRules rules = wordsOf(channel).webhookRules();
        QTEST(webhookPath(rules, InboxId(7), {{"phone_number"_L1, u"+15550100001"_s}, {"channel_id"_L1, u"1234567890"_s}}), "path");
        QTEST(webhookRoute(rules), "route");
    }

    void noTwoChannelsShareAnAddress()
    {
        QSet<QString> seen;
        const QList<Channel> channels = builtInChannels().channels();
        for (const Channel channel : channels) {
            const WebhookRules rules = wordsOf(channel).webhookRules();
            const QStringList paths = QStringList{webhookRoute(rules)} + rules.furtherPaths;
            for (const QString &path : paths) {
                QVERIFY2(!seen.contains(path), qPrintable(path));
                seen.insert(path);
            }
        }
    }

    void aSharedPostIsAskedForAtItsOwnPlatformOnly()
    {
        const QUrl post(u"https://www.tiktok.com/@lantern/video/7300000000000000001"_s);
        const auto own = wordsOf(Channel::Tiktok).describePost(post, accountWordsOf(Channel::Tiktok).officialEndpoints());
        QVERIFY(own);
        QCOMPARE(std::get<0>(own->start()).url.path(), u"/oembed"_s);
        QVERIFY(!wordsOf(Channel::Tiktok).describePost(QUrl(u"https://www.example.com/video/7300000000000000001"_s), accountWordsOf(Channel::Tiktok).officialEndpoints()));
        QVERIFY(!wordsOf(Channel::Instagram).describePost(post, accountWordsOf(Channel::Instagram).officialEndpoints()));
    }
};

ANTIPHON_TEST(BuiltInChannelsTest)
#include "tst_builtinchannels.moc"
