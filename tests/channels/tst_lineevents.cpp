#include "core/base/json.h"
#include "core/channels/line/lineadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kBot = u"U00000000000000000000000000000b07"_s;
const QString kA1 = u"U000000000000000000000000000000a1"_s;
const QString kB2 = u"U000000000000000000000000000000b2"_s;
const QString kC3 = u"U000000000000000000000000000000c3"_s;

} // namespace

class LineEventsTest : public QObject {
    Q_OBJECT

    LineAdapter m_adapter;

    QList<SplitEvent> split(const QByteArray &body) const
    {
        const auto events = m_adapter.split({.body = body, .path = "/webhooks/line/1600000001", .receivedAt = fromUnixMs(1760000999000)}, {});
        return events ? *events : QList<SplitEvent>();
    }
    QList<SplitEvent> splitFile(const QString &file) const { return split(fixture(u"line/%1.json"_s.arg(file))); }

    template <typename T>
    T read(const SplitEvent &event) const
    {
        const auto found = m_adapter.read(event);
        return found && std::holds_alternative<T>(*found) ? std::get<T>(*found) : T{};
    }
    InboundMessage content(int index) const { return read<InboundMessage>(splitFile(u"contents"_s).value(index)); }
    SplitEvent event(const QString &id) const
    {
        for (const SplitEvent &one : splitFile(u"events"_s)) {
            if (one.dedupeKey.endsWith(id))
                return one;
        }
        return {};
    }

private slots:
    void aTestOfTheAddressHasNoEvents()
    {
        const auto events = m_adapter.split({.body = fixture(u"line/vector_a.json"_s), .path = "/webhooks/line/1600000001"}, {});
        QVERIFY(events);
        QVERIFY(events->isEmpty());
    }

    void twoPeopleOfOneDeliveryStayApart()
    {
        const QList<SplitEvent> events = splitFile(u"vector_b"_s);
        QCOMPARE(events.size(), 2);
        QCOMPARE(events[0].account, u"1600000001"_s);
        QCOMPARE(events[0].ofSettings, (QJsonObject{{"bot_user_id"_L1, kBot}}));
        QCOMPARE(events[0].dedupeKey, u"ev:01K70000000000000000000001"_s);
        QCOMPARE(events[1].dedupeKey, u"ev:01K70000000000000000000002"_s);
        QCOMPARE(events[0].lane, u"line:1600000001:"_s + kA1);
        QCOMPARE(events[0].lane, m_adapter.lane(InboxId(3), u"1600000001"_s, kA1));
        QVERIFY(events[0].lane != events[1].lane);
        const auto first = read<InboundMessage>(events[0]);
        const auto second = read<InboundMessage>(events[1]);
        QCOMPARE(first.customer.contactSourceId, kA1);
        QCOMPARE(first.content, u"こんにちは"_s);
        QCOMPARE(first.sourceId, u"500000000000000001"_s);
        QCOMPARE(first.platformAt, fromUnixMs(1760000000000));
        QCOMPARE(first.replyToken, u"rt-1"_s);
        QCOMPARE(first.tokens, (QJsonObject{{"quote"_L1, u"qt-1"_s}}));
        QCOMPARE(second.customer.contactSourceId, kB2);
        QCOMPARE(second.content, u"Hello"_s);
        QCOMPARE(m_adapter.placeholderName(kA1), u"LINE user …0000a1"_s);
    }

    void manyKindsOfOneDelivery()
    {
        const QList<SplitEvent> events = splitFile(u"mixed"_s);
        QCOMPARE(events.size(), 5);
        const auto text = read<InboundMessage>(events[0]);
        QCOMPARE(text.content, u"@Shop hello (brown)"_s);
        QCOMPARE(text.entities.size(), 1);
        QCOMPARE(text.entities[0].kind, u"mention"_s);
        QCOMPARE(text.entities[0].offset, 0);
        QCOMPARE(text.entities[0].length, 5);
        QCOMPARE(text.tokens, (QJsonObject{{"quote"_L1, u"qt-11"_s}, {"read"_L1, u"mr-11"_s}}));
        const QJsonObject emoji = text.detail.value("emojis"_L1).toArray().first().toObject();
        QCOMPARE(emoji.value("offset"_L1).toInt(), 12);
        QCOMPARE(emoji.value("length"_L1).toInt(), 7);
        QCOMPARE(emoji.value("url"_L1).toString(), u"https://stickershop.line-scdn.net/sticonshop/v1/sticon/5ac1bfd5040ab15980c9b435/android/001.png"_s);

        const auto follow = read<InboundActivity>(events[1]);
        QCOMPARE(follow.customer.contactSourceId, kC3);
        QCOMPARE(follow.activity.value("kind"_L1).toString(), u"followed"_s);
        QVERIFY(follow.opensConversation);
        QCOMPARE(follow.replyToken, u"rt-12"_s);
        QVERIFY(follow.attributes.value("cannot_reply"_L1).isNull() && follow.attributes.contains("cannot_reply"_L1));
        QCOMPARE(follow.customer.isFollower, std::optional(true));

        const auto sticker = read<InboundMessage>(events[2]);
        QCOMPARE(sticker.contentType, Message::ContentType::Sticker);
        QCOMPARE(sticker.attachments.first().kind, Attachment::Kind::Sticker);
        QCOMPARE(sticker.attachments.first().title, u"hello"_s);
        QCOMPARE(sticker.attachments.first().remote.value("sticker"_L1).toString(),
                 u"https://stickershop.line-scdn.net/stickershop/v1/sticker/1988/android/sticker.png"_s);

        const auto unsend = read<InboundRevoke>(events[3]);
        QCOMPARE(unsend.messageSourceId, u"500000000000000002"_s);
        QCOMPARE(unsend.contactSourceId, kB2);
        QCOMPARE(events[3].target, u"500000000000000002"_s);

        const auto late = read<InboundMessage>(events[4]);
        QCOMPARE(events[4].dedupeKey, splitFile(u"vector_b"_s)[0].dedupeKey);        // the same event once more
        QCOMPARE(late.platformAt, fromUnixMs(1760000000000));
        QVERIFY(late.replyToken.isEmpty());          // it is dead by now
        QVERIFY(late.attributes.isEmpty());
    }

    void entitiesCountCodePoints()
    {
        QByteArray body = fixture(u"line/mixed.json"_s);
        body.replace("@Shop hello (brown)", "👍👍@Shop (brown)").replace("\"index\": 0", "\"index\": 4").replace("\"index\": 12", "\"index\": 10");
        const auto text = read<InboundMessage>(split(body).value(0));
        QCOMPARE(text.entities.value(0).offset, 2);
        QCOMPARE(text.entities.value(0).length, 5);
        QCOMPARE(text.detail.value("emojis"_L1).toArray().first().toObject().value("offset"_L1).toInt(), 8);
    }

    void runsBeyondTheTextAreLeftOut()
    {
        QByteArray body = fixture(u"line/mixed.json"_s);
        body.replace("\"index\": 0", "\"index\": 15").replace("\"index\": 12", "\"index\": 9000000000000000000");
        const auto text = read<InboundMessage>(split(body).value(0));
        QVERIFY(text.entities.isEmpty());
        QVERIFY(!text.detail.contains("emojis"_L1));
    }

    void albumsAndProviders()
    {
        const InboundMessage album = content(0);
        QCOMPARE(album.groupId, u"E005D41A7288F41B65593ED38FF6E9834B046AB36A37921A56BC236F13A91855"_s);
        QCOMPARE(album.attachments.first().kind, Attachment::Kind::Image);
        QCOMPARE(album.attachments.first().remote, (QJsonObject{{"id"_L1, u"500000000000000021"_s}}));
        QCOMPARE(album.attachments.first().name, u"line-500000000000000021.jpg"_s);
        const InboundMessage external = content(1);
        QCOMPARE(external.attachments.first().remote, (QJsonObject{{"external"_L1, u"https://img.example.test/o.jpg"_s}}));
        QVERIFY(external.groupId.isEmpty());
    }

    void filesAndPlaces()
    {
        QCOMPARE(content(2).attachments.first().kind, Attachment::Kind::Video);
        QCOMPARE(content(2).attachments.first().durationMs, std::optional(60000));
        QCOMPARE(content(3).attachments.first().kind, Attachment::Kind::Audio);
        QCOMPARE(content(3).attachments.first().durationMs, std::optional(4100));
        const InboundAttachment file = content(4).attachments.first();
        QCOMPARE(file.kind, Attachment::Kind::File);
        QCOMPARE(file.name, u"order 77.pdf"_s);
        QCOMPARE(file.remote.value("id"_L1).toString(), u"500000000000000025"_s);
        const InboundMessage place = content(5);
        QCOMPARE(place.contentType, Message::ContentType::Location);
        QCOMPARE(place.attachments.first().title, u"Our shop, 1-3 Kioicho, Chiyoda-ku"_s);
        QCOMPARE(place.attachments.first().latitude, std::optional(35.67966));
        QCOMPARE(content(6).inReplyToSourceId, u"500000000000000090"_s);
    }

    void aFileNameIsNoPath()
    {
        QByteArray body = fixture(u"line/contents.json"_s);
        body.replace("order 77.pdf", "../../etc/pass\\nwd");
        QCOMPARE(read<InboundMessage>(split(body).value(4)).attachments.first().name, u".._.._etc_pass_wd"_s);
    }

    void blockingAndButtons()
    {
        const auto unfollow = read<InboundActivity>(event(u"21"_s));
        QCOMPARE(unfollow.activity.value("kind"_L1).toString(), u"blocked"_s);
        QVERIFY(!unfollow.opensConversation);
        QCOMPARE(unfollow.attributes.value("cannot_reply"_L1).toString(), u"blocked"_s);
        QCOMPARE(unfollow.customer.isFollower, std::optional(false));
        const auto postback = read<InboundMessage>(event(u"22"_s));
        QCOMPARE(postback.content, u"2026-11-22T10:00"_s);
        QCOMPARE(postback.contentType, Message::ContentType::Interactive);
        QCOMPARE(postback.sourceId, u"postback:01K70000000000000000000022"_s);
        QCOMPARE(postback.replyToken, u"rt-22"_s);
        QCOMPARE(read<InboundActivity>(event(u"36"_s)).activity.value("kind"_L1).toString(), u"unblocked"_s);
    }

    void ofNoUseIsIgnoredWithAReason_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("word");
        QTest::newRow("joined a group") << u"23"_s << u"join"_s;
        QTest::newRow("notification message") << u"33"_s << u"delivery"_s;
        QTest::newRow("video watched") << u"34"_s << u"videoPlayComplete"_s;
        QTest::newRow("unknown, without source") << u"35"_s << u"somethingNew"_s;
        QTest::newRow("in a group") << u"37"_s << u"group"_s;
        QTest::newRow("of nobody") << u"38"_s << u"who"_s;
    }

    void ofNoUseIsIgnoredWithAReason()
    {
        QFETCH(QString, id);
        QFETCH(QString, word);
        const SplitEvent one = event(id);
        QVERIFY(one.lane.isEmpty());
        QCOMPARE(one.target, u"1600000001"_s);
        QVERIFY(read<InboundIgnored>(one).reason.contains(word));
    }

    void theAccountItself()
    {
        QCOMPARE(read<InboundNotice>(event(u"31"_s)).kind, u"bot_suspended"_s);
        const auto resumed = m_adapter.read(event(u"32"_s));
        QVERIFY(resumed && std::holds_alternative<InboundNotice>(*resumed));
        QVERIFY(std::get<InboundNotice>(*resumed).kind.isEmpty());
    }

    void anotherModuleMayHaveTheChat()
    {
        const auto message = read<InboundMessage>(event(u"39"_s));
        QVERIFY(message.isElsewhere);
        QCOMPARE(message.content, u"elsewhere"_s);
    }

    void anUnknownContentStaysVisible()
    {
        const auto message = read<InboundMessage>(event(u"40"_s));
        QCOMPARE(message.contentType, Message::ContentType::Unsupported);
        QCOMPARE(message.rawType, u"hologram"_s);
        QVERIFY(message.content.isEmpty());
    }

    void oneBadEventSparesTheOthers()
    {
        QByteArray body = fixture(u"line/vector_b.json"_s);
        body.replace("\"id\":\"500000000000000001\"", "\"id\":17");
        const QList<SplitEvent> events = split(body);
        QCOMPARE(events.size(), 2);
        QVERIFY(!m_adapter.read(events[0]));
        QCOMPARE(read<InboundMessage>(events[1]).content, u"Hello"_s);
    }

    void withoutAnIdTheBytesAreTheKey()
    {
        QByteArray body = fixture(u"line/vector_b.json"_s);
        body.replace("\"webhookEventId\":\"01K70000000000000000000001\",", "");
        const QString key = split(body).value(0).dedupeKey;
        QVERIFY(key.startsWith("x:"_L1));
        QCOMPARE(split(body).value(0).dedupeKey, key);
    }
};

ANTIPHON_TEST(LineEventsTest)
#include "tst_lineevents.moc"
