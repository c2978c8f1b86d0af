#include "core/base/json.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kLane = u"tt:biz-0001-openid:cnv+Zm9vYmFy0=="_s;
const QString kConversation = u"cnv+Zm9vYmFy0=="_s;
const QString kCustomer = u"usr+Q2hhcmxpZQ=="_s;

} // namespace

class TiktokEventsTest : public QObject {
    Q_OBJECT

    TiktokAdapter m_adapter;
    const AppCredentials m_app{.appId = u"7000000000000000001"_s, .appSecret = u"s"_s};

    QList<SplitEvent> split(const QString &name) const
    {
        const auto events = m_adapter.split({.body = fixture(u"tiktok/%1.json"_s.arg(name))}, m_app);
        return events ? *events : QList<SplitEvent>();
    }

    template <typename T>
    std::optional<T> read(const QString &name) const
    {
        const QList<SplitEvent> events = split(name);
        if (events.size() != 1)
            return std::nullopt;
        const auto event = m_adapter.read(events.first());
        if (!event || !std::holds_alternative<T>(*event))
            return std::nullopt;
        return std::get<T>(*event);
    }

private slots:
    void everyExampleHasItsKeyAndLane_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("lane");
        QTest::addColumn<QString>("target");
        QTest::addColumn<qint64>("at");
        const auto row = [](const char *name, const char *kind, const char *key, const QString &lane, const QString &target, qint64 at) {
            QTest::newRow(name) << QString::fromLatin1(kind) << QString::fromLatin1(key) << lane << target << at;
        };
        row("text_in", "message", "m:msgTEXTin0001==", kLane, {}, 1700000000123);
        row("image_in", "message", "m:msgIMAGEin0001==", kLane, {}, 1700000010456);
        row("post_in", "message", "m:msgPOSTin0001==", kLane, {}, 1700000020789);
        row("sticker_in", "message", "m:msgSTICKERin0001==", kLane, {}, 1700000030000);
        row("unknown_type_in", "message", "m:msgHOLOin0001==", kLane, {}, 1700000033000);
        row("quoted_text_in", "message", "m:msgQUOTEin0001==", kLane, {}, 1700000110000);
        row("echo_app", "echo", "m:msgECHOapp0001==", kLane, {}, 1700000100000);
        row("echo_api", "echo", "m:msgTEXTout0001==", kLane, {}, 1700000101000);
        row("echo_automatic", "echo", "m:msgAUTO0001==", kLane, {}, 1700000102000);
        row("read", "read", "rd:cnv+Zm9vYmFy0==:1700000160000", {}, kConversation, 1700000160000);
        row("eu_notice", "pull", "eu:biz-0001-openid:1700000200000", {}, u"biz-0001-openid"_s, 1700000200000);
        row("referral_ad", "referral", "rf:cnv+Zm9vYmFy0==:1700000005000", kLane, {}, 1700000005000);
        row("referral_link", "referral", "rf:cnv+Zm9vYmFy0==:1700000005500", kLane, {}, 1700000005500);
        row("reaction_in", "reaction", "r:msgTEXTout0001==:usr+Q2hhcmxpZQ==:ADD:1700000170000", kLane, u"msgTEXTout0001=="_s, 1700000170000);
        row("reaction_removed", "reaction", "r:msgTEXTout0001==:usr+Q2hhcmxpZQ==:REMOVE:1700000180000", kLane, u"msgTEXTout0001=="_s, 1700000180000);
        row("authorization_removed", "authorization_removed", "au:biz-0001-openid:1700000300", {}, u"biz-0001-openid"_s, 1700000300000);
    }

    void everyExampleHasItsKeyAndLane()
    {
        const QList<SplitEvent> events = split(QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(events.size(), 1);
        const SplitEvent event = events.first();
        QVERIFY2(event.broken.isEmpty(), qPrintable(event.broken));
        QCOMPARE(event.account, u"biz-0001-openid"_s);
        QTEST(event.kind, "kind");
        QTEST(event.dedupeKey, "key");
        QTEST(event.lane, "lane");
        QTEST(event.target, "target");
        QVERIFY(event.platformAt);
        QTEST(qint64(toUnixMs(*event.platformAt)), "at");
        QVERIFY(m_adapter.read(event));
        QCOMPARE(m_adapter.lane(InboxId(1), u"biz-0001-openid"_s, kConversation), kLane);
    }

    void readsText()
    {
        const auto message = read<InboundMessage>(u"text_in"_s);
        QVERIFY(message);
        QCOMPARE(message->origin, InboundMessage::Origin::Customer);
        QCOMPARE(message->content, u"Is the blue edition in stock?"_s);
        QCOMPARE(message->sourceId, u"msgTEXTin0001=="_s);
        QCOMPARE(message->customer.contactSourceId, kConversation);
        QCOMPARE(message->customer.platformUserId, kCustomer);
        QCOMPARE(message->customer.username, u"mira.shops"_s);
        QCOMPARE(message->customer.isFollower, std::optional(true));
        QCOMPARE(toUnixMs(message->platformAt), 1700000000123);
        QCOMPARE(read<InboundMessage>(u"quoted_text_in"_s)->inReplyToSourceId, u"msgTEXTout0001=="_s);
    }

    void readsWhatComesWithFiles_data()
    {
        QTest::addColumn<int>("contentType");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("remote");
        const auto row = [](const char *name, Message::ContentType type, Attachment::Kind kind, const char *remote) {
            QTest::newRow(name) << int(type) << int(kind) << QByteArray(remote);
        };
        row("image_in", Message::ContentType::Text, Attachment::Kind::Image,
            "{\"conversation_id\":\"cnv+Zm9vYmFy0==\",\"kind\":\"media\",\"media_id\":\"media-in-77\",\"media_type\":\"IMAGE\",\"message_id\":\"msgIMAGEin0001==\"}");
        row("video_in", Message::ContentType::Text, Attachment::Kind::Video,
            "{\"conversation_id\":\"cnv+Zm9vYmFy0==\",\"kind\":\"media\",\"media_id\":\"media-in-78\",\"media_type\":\"VIDEO\",\"message_id\":\"msgVIDEOin0001==\"}");
        row("sticker_in", Message::ContentType::Sticker, Attachment::Kind::Sticker,
            "{\"kind\":\"url\",\"url\":\"https://p16-example.tiktokcdn.com/s.webp?x-expires=1702592000\"}");
        row("emoji_in", Message::ContentType::Text, Attachment::Kind::Image, "{\"kind\":\"url\",\"url\":\"https://p16-example.tiktokcdn.com/e.webp\"}");
        row("post_in", Message::ContentType::Embed, Attachment::Kind::Embed, "{}");
    }

    void readsWhatComesWithFiles()
    {
        const auto message = read<InboundMessage>(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(message);
        QTEST(int(message->contentType), "contentType");
        QVERIFY(message->content.isEmpty());
        QCOMPARE(message->attachments.size(), 1);
        QTEST(int(message->attachments.first().kind), "kind");
        QTEST(json::toBytes(message->attachments.first().remote), "remote");
        QCOMPARE(message->attachments.first().embedUrl.isEmpty(), message->contentType != Message::ContentType::Embed);
    }

    void keepsThePostWithoutAnAddress()
    {
        const auto message = read<InboundMessage>(u"post_in_without_address"_s);
        QCOMPARE(message->content, u"7300000000000000001"_s);
        QVERIFY(message->attachments.isEmpty());
    }

    void whatNoRuleKnowsStaysVisible()
    {
        const auto message = read<InboundMessage>(u"unknown_type_in"_s);
        QCOMPARE(message->contentType, Message::ContentType::Unsupported);
        QCOMPARE(message->rawType, u"hologram"_s);
        QVERIFY(message->content.isEmpty());
    }

    void tellsWhoWroteAnEcho()
    {
        QCOMPARE(read<InboundMessage>(u"echo_app"_s)->origin, InboundMessage::Origin::NativeApp);
        QCOMPARE(read<InboundMessage>(u"echo_api"_s)->origin, InboundMessage::Origin::OwnApi);
        QCOMPARE(read<InboundMessage>(u"echo_automatic"_s)->origin, InboundMessage::Origin::Automatic);
        const auto card = read<InboundMessage>(u"echo_template"_s);
        QCOMPARE(card->origin, InboundMessage::Origin::NativeApp);
        QCOMPARE(card->content, u"Which edition?\n• Blue\n• Red"_s);
        QCOMPARE(card->customer.contactSourceId, kConversation);
        QCOMPARE(card->customer.username, u"mira.shops"_s);
        QCOMPARE(card->customer.platformUserId, kCustomer);
    }

    void readsTheOthers()
    {
        QCOMPARE(toUnixMs(read<InboundRead>(u"read"_s)->readUpTo), 1700000100000);
        const auto reaction = read<InboundReaction>(u"reaction_in"_s);
        QCOMPARE(reaction->emoji, u"👍"_s);
        QVERIFY(reaction->fromCustomer);
        QVERIFY(!reaction->isRemoval);
        QVERIFY(read<InboundReaction>(u"reaction_removed"_s)->isRemoval);
        QVERIFY(read<InboundPull>(u"eu_notice"_s));
        QVERIFY(read<InboundAuthorizationRemoved>(u"authorization_removed"_s));
        QCOMPARE(json::toBytes(read<InboundReferral>(u"referral_ad"_s)->referral),
                 QByteArray("{\"ad_id\":\"ad-1\",\"ad_name\":\"Autumn catalogue\",\"at\":\"2023-11-14T22:13:24.000Z\",\"source\":\"ad\"}"));
        QCOMPARE(read<InboundReferral>(u"referral_link"_s)->referral.value("ref"_L1).toString(), u"store_window"_s);
    }

    void ignoresWithAReason()
    {
        QVERIFY(!read<InboundIgnored>(u"configuration"_s)->reason.isEmpty());
        const auto events = m_adapter.split({.body = fixture(u"tiktok/text_in.json"_s)}, {.appId = u"another"_s});
        QCOMPARE(events->first().kind, u"ignored"_s);
        QVERIFY(std::holds_alternative<InboundIgnored>(*m_adapter.read(events->first())));
        const auto unknown = m_adapter.split({.body = "{\"event\":\"im_new\",\"user_openid\":\"b\",\"content\":\"{}\"}"}, m_app);
        QCOMPARE(unknown->first().kind, u"unknown"_s);
        QVERIFY(std::holds_alternative<InboundIgnored>(*m_adapter.read(unknown->first())));
    }

    void anEventsOwnReadingIsIgnored()
    {
        QByteArray body = fixture(u"tiktok/read.json"_s);
        body.replace("\\\"from_user\\\":{\\\"id\\\":\\\"usr+Q2hhcmxpZQ==\\\"", "\\\"from_user\\\":{\\\"id\\\":\\\"biz-0001-openid\\\"");
        const auto events = m_adapter.split({.body = body}, m_app);
        QVERIFY(std::holds_alternative<InboundIgnored>(*m_adapter.read(events->first())));
    }

    void theSameDeliveryTwiceHasTheSameKeys()
    {
        for (const char *name : {"text_in", "configuration", "reaction_in", "vector_minimal"})
            QCOMPARE(split(QString::fromLatin1(name)).first().dedupeKey, split(QString::fromLatin1(name)).first().dedupeKey);
        QVERIFY(split(u"configuration"_s).first().dedupeKey != split(u"vector_minimal"_s).first().dedupeKey);
    }

    void acceptsContentAsAnObject()
    {
        const auto events = m_adapter.split({.body = "{\"event\":\"im_receive_msg\",\"user_openid\":\"b\",\"content\":{\"conversation_id\":\"c\",\"message_id\":\"m\",\"timestamp\":1700000000123,\"type\":\"text\",\"text\":{\"body\":\"x\"}}}"}, m_app);
        QCOMPARE(events->first().dedupeKey, u"m:m"_s);
    }
};

ANTIPHON_TEST(TiktokEventsTest)
#include "tst_tiktokevents.moc"
