#include "core/channels/messenger/messengeradapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(antiphon::InboundMessage::Origin)

namespace {

const QString kPage = u"300000000000001"_s;
const QString kCustomer = u"4000000000000001"_s;
const QString kLane = u"fb:300000000000001:4000000000000001"_s;

} // namespace

class MessengerEventsTest : public QObject {
    Q_OBJECT

    MessengerAdapter m_adapter;
    AppCredentials m_app{.appId = u"1517776481860111"_s, .appSecret = u"s"_s};

    QList<SplitEvent> split(const QString &name) const
    {
        const auto events = m_adapter.split({.body = fixture(u"messenger/%1.json"_s.arg(name))}, m_app);
        return events ? *events : QList<SplitEvent>();
    }

    template <typename T>
    std::optional<T> read(const QString &name) const
    {
        const QList<SplitEvent> events = split(name);
        if (events.isEmpty())
            return std::nullopt;
        const auto event = m_adapter.read(events.first());
        if (!event || !std::holds_alternative<T>(*event))
            return std::nullopt;
        return std::get<T>(*event);
    }

    InboundMessage message(const QString &name) const { return read<InboundMessage>(name).value_or(InboundMessage()); }

private slots:
    void everyExampleHasItsKeyAndLane_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("lane");
        QTest::addColumn<QString>("target");
        QTest::addColumn<qint64>("at");
        const auto row = [](const char *name, const char *kind, const char *key, const QString &lane, const QString &target, qint64 at) {
            QTest::newRow(name) << QString::fromLatin1(kind) << QString::fromUtf8(key) << lane << target << at;
        };
        row("vector_escaped", "message", "m:m_TESTVECTOR0001", kLane, {}, 1760000000400);
        row("text", "message", "m:m_IN1", kLane, {}, 1760000100000);
        row("sticker", "message", "m:m_IN2", kLane, {}, 1760000101000);
        row("location", "message", "m:m_IN3", kLane, {}, 1760000102000);
        row("fallback", "message", "m:m_IN4", kLane, {}, 1760000103000);
        row("echo_own", "echo", "m:m_EC1", kLane, {}, 1760000104000);
        row("read", "read", "rd:4000000000000001:1760000104500", {}, kCustomer, 1760000106000);
        row("postback", "postback", "p:m_PB1", kLane, {}, 1760000107000);
        row("reaction", "reaction", "r:m_OUT1:4000000000000001:react:❤:1760000108000", kLane, u"m_OUT1"_s, 1760000108000);
        row("edit", "edit", "e:m_IN1:1", kLane, u"m_IN1"_s, 1760000109000);
        row("delivery_without_mids", "delivery", "dl:4000000000000001:1760000104600", {}, kCustomer, 1760000125000);
    }

    void everyExampleHasItsKeyAndLane()
    {
        const QList<SplitEvent> events = split(QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(events.size(), 1);
        const SplitEvent event = events.first();
        QVERIFY2(event.broken.isEmpty(), qPrintable(event.broken));
        QCOMPARE(event.account, kPage);
        QTEST(event.kind, "kind");
        QTEST(event.dedupeKey, "key");
        QTEST(event.lane, "lane");
        QTEST(event.target, "target");
        QFETCH(qint64, at);
        QCOMPARE(event.platformAt, std::optional(fromUnixMs(at)));
        QVERIFY(m_adapter.read(event));
    }

    void bothSidesShareOneLane()
    {
        QCOMPARE(split(u"text"_s).first().lane, split(u"echo_own"_s).first().lane);
        QCOMPARE(m_adapter.lane(InboxId(3), kPage, kCustomer), kLane);
    }

    void readsText()
    {
        QCOMPARE(message(u"vector_escaped"_s).content, u"café"_s);
        const InboundMessage read = message(u"text"_s);
        QCOMPARE(read.content, u"hello"_s);
        QCOMPARE(read.inReplyToSourceId, u"m_OUT1"_s);
        QCOMPARE(read.customer.contactSourceId, kCustomer);
        QCOMPARE(read.detail.value("quick_reply"_L1).toObject().value("payload"_L1).toString(), u"YES"_s);
    }

    void readsStickers()
    {
        const InboundMessage read = message(u"sticker"_s);
        QCOMPARE(read.contentType, Message::ContentType::Sticker);
        QCOMPARE(read.attachments.first().kind, Attachment::Kind::Sticker);
        QCOMPARE(read.attachments.first().remote.value("url"_L1).toString(), u"https://cdn.example/like.png"_s);
        QCOMPARE(read.detail.value("sticker_id"_L1).toString(), u"369239263222822"_s);
    }

    void readsPlaces()
    {
        const InboundMessage read = message(u"location"_s);
        QCOMPARE(read.contentType, Message::ContentType::Location);
        QCOMPARE(read.attachments.first().latitude, std::optional(48.1));
        QCOMPARE(read.attachments.first().longitude, std::optional(11.5));
        QCOMPARE(read.attachments.first().title, u"Pinned"_s);
    }

    void readsLinksWithoutPayload()
    {
        const InboundMessage read = message(u"fallback"_s);
        QCOMPARE(read.contentType, Message::ContentType::Embed);
        QCOMPARE(read.attachments.first().kind, Attachment::Kind::Embed);
        QCOMPARE(read.attachments.first().title, u"Shop page"_s);
        QCOMPARE(read.attachments.first().embedUrl, u"https://shop.example"_s);
        QVERIFY(read.attachments.first().remote.isEmpty());
    }

    void readsFiles()
    {
        const InboundMessage file = message(u"file"_s);
        QCOMPARE(file.content, u"the offer"_s);
        QCOMPARE(file.attachments.first().kind, Attachment::Kind::File);
        QCOMPARE(file.attachments.first().name, u"offer May.pdf"_s);
        QVERIFY(message(u"voice"_s).attachments.first().isVoice);
        QCOMPARE(message(u"reel"_s).attachments.first().embedUrl, u"https://www.facebook.com/reel/1"_s);
    }

    void readsCards()
    {
        const InboundMessage card = message(u"echo_template"_s);
        QCOMPARE(card.contentType, Message::ContentType::Interactive);
        QCOMPARE(card.content, u"Which size?\n• Small\n• Large"_s);
        const InboundMessage empty = message(u"template_empty"_s);
        QCOMPARE(empty.contentType, Message::ContentType::Unsupported);
        QCOMPARE(empty.rawType, u"template"_s);
    }

    void anEchoSaysWhoSentIt_data()
    {
        QTest::addColumn<QString>("appId");
        QTest::addColumn<InboundMessage::Origin>("origin");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("unsure");
        const QString ours = u"1517776481860111"_s;
        QTest::newRow("echo_own") << ours << InboundMessage::Origin::OwnApi << u"9f0c"_s << QString() << false;
        QTest::newRow("echo_app") << ours << InboundMessage::Origin::NativeApp << QString() << QString() << false;
        QTest::newRow("echo_page_inbox") << ours << InboundMessage::Origin::NativeApp << QString() << QString() << false;
        QTest::newRow("echo_foreign") << ours << InboundMessage::Origin::NativeApp << QString() << u"Other app"_s << false;
    }

    void anEchoSaysWhoSentIt()
    {
        QFETCH(QString, appId);
        m_app.appId = appId;
        const InboundMessage echo = message(QString::fromLatin1(QTest::currentDataTag()));
        QTEST(echo.origin, "origin");
        QTEST(echo.sendKey, "key");
        QTEST(echo.senderName, "name");
        QTEST(echo.maybeNativeApp, "unsure");
        QVERIFY(!echo.opensWindow);
        QCOMPARE(echo.customer.contactSourceId, kCustomer);
    }

    void withoutOurIdTheTagDecides()
    {
        const QString ours = std::exchange(m_app.appId, QString());
        QCOMPARE(message(u"echo_own"_s).origin, InboundMessage::Origin::OwnApi);
        QCOMPARE(message(u"echo_own"_s).sendKey, u"9f0c"_s);
        QVERIFY(message(u"echo_template"_s).maybeNativeApp);
        m_app.appId = ours;
    }

    void aDeliveryIsSaidOfATimeAndOfMessages()
    {
        const QList<SplitEvent> events = split(u"delivery"_s);
        QCOMPARE(events.size(), 2);
        QCOMPARE(events.first().target, kCustomer);
        QVERIFY(events.first().lane.isEmpty());
        const auto watermark = std::get<InboundRead>(*m_adapter.read(events.first()));
        QVERIFY(watermark.isDelivery);
        QCOMPARE(watermark.readUpTo, fromUnixMs(1760000104500));
        QCOMPARE(events.last().target, u"m_OUT1"_s);
        const auto status = std::get<InboundStatus>(*m_adapter.read(events.last()));
        QCOMPARE(status.messageSourceId, u"m_OUT1"_s);
        QCOMPARE(status.status, StatusEvent::Delivered);
    }

    void readsSeenByWatermark()
    {
        const auto seen = read<InboundRead>(u"read"_s);
        QVERIFY(seen);
        QCOMPARE(seen->readUpTo, fromUnixMs(1760000104500));
        QVERIFY(seen->messageSourceId.isEmpty());
        QVERIFY(!seen->isDelivery);
    }

    void readsEditsReactionsAndPostbacks()
    {
        QCOMPARE(read<InboundEdit>(u"edit"_s)->revision, 1);
        QCOMPARE(read<InboundEdit>(u"edit"_s)->content, u"hello!"_s);
        QCOMPARE(read<InboundReaction>(u"reaction"_s)->emoji, u"❤"_s);
        const InboundMessage postback = message(u"postback"_s);
        QCOMPARE(postback.content, u"Get started"_s);
        QCOMPARE(postback.referral.value("ref"_L1).toString(), u"x"_s);
        const InboundMessage nameless = message(u"postback_without_mid"_s);
        QVERIFY(nameless.sourceId.startsWith("p:"_L1));
        QCOMPARE(nameless.sourceId, split(u"postback_without_mid"_s).first().dedupeKey);
    }

    void saysWhoHasTheThread_data()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("appId");
        QTest::addColumn<QJsonValue>("elsewhere");
        QTest::newRow("handover_passed_to_us") << u"returned"_s << u"1517776481860111"_s << QJsonValue(QJsonValue::Null);
        QTest::newRow("handover_passed_away") << u"handed_over"_s << u"263902037430900"_s << QJsonValue(true);
        QTest::newRow("handover_taken") << u"handed_over"_s << u"263902037430900"_s << QJsonValue(true);
        QTest::newRow("handover_requested") << u"requested"_s << u"123456789"_s << QJsonValue(QJsonValue::Undefined);
    }

    void saysWhoHasTheThread()
    {
        const auto activity = read<InboundActivity>(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(activity);
        QCOMPARE(activity->customer.contactSourceId, kCustomer);
        QCOMPARE(activity->activity.value("kind"_L1).toString(), u"handover"_s);
        QFETCH(QString, action);
        QCOMPARE(activity->activity.value("action"_L1).toString(), action);
        QFETCH(QString, appId);
        QCOMPARE(activity->activity.value("app_id"_L1).toString(), appId);
        QFETCH(QJsonValue, elsewhere);
        QCOMPARE(activity->attributes.value("handled_elsewhere"_L1), elsewhere);
        QVERIFY(message(u"standby"_s).isElsewhere);
    }

    void tellsOfPolicies()
    {
        const auto block = read<InboundNotice>(u"policy_block"_s);
        QVERIFY(block);
        QCOMPARE(block->kind, u"policy_enforcement"_s);
        QCOMPARE(block->detail, u"The bot violated our Platform Policies."_s);
        QVERIFY(read<InboundNotice>(u"policy_unblock"_s)->kind.isEmpty());
        QCOMPARE(split(u"policy_block"_s).first().account, kPage);
    }

    void attributesOfThePersonAreKept()
    {
        QCOMPARE(read<InboundReferral>(u"referral"_s)->referral.value("ref"_L1).toString(), u"flyer"_s);
        const auto optin = read<InboundReferral>(u"optin"_s);
        QCOMPARE(optin->referral, (QJsonObject{{u"source"_s, u"OPTIN"_s}, {u"type"_s, u"notification_messages"_s}, {u"ref"_s, u"newsletter"_s}}));
        const auto linking = read<InboundActivity>(u"account_linking"_s);
        QCOMPARE(linking->attributes.value("account_linking"_L1).toString(), u"linked"_s);
        QVERIFY(!QJsonDocument(linking->activity).toJson().contains("secret"));
    }

    void whatIsOfNoUseIsIgnored()
    {
        for (const QString &name : {u"app_roles"_s, u"feed"_s, u"dashboard_test"_s}) {
            const auto ignored = read<InboundIgnored>(name);
            QVERIFY2(ignored, qPrintable(name));
            QVERIFY(!ignored->reason.isEmpty());
        }
        QCOMPARE(split(u"dashboard_test"_s).first().kind, u"test"_s);
        const auto other = m_adapter.split({.body = fixture(u"instagram/text.json"_s)}, m_app);
        QVERIFY(other->isEmpty());
    }

    void namesWhoIsUnknown()
    {
        QCOMPARE(m_adapter.placeholderName(kCustomer), u"Facebook user 0001"_s);
    }
};


ANTIPHON_TEST(MessengerEventsTest)
#include "tst_messengerevents.moc"
