#include "core/base/json.h"
#include "core/channels/instagram/instagramadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QSet>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kAccount = u"17840000000000001"_s;
const QString kCustomer = u"9000000000000001"_s;
const QString kLane = u"ig:17840000000000001:9000000000000001"_s;

} // namespace

class InstagramEventsTest : public QObject {
    Q_OBJECT

    InstagramAdapter m_adapter;
    const AppCredentials m_app{.appId = u"990"_s, .appSecret = u"s"_s};

    QList<SplitEvent> splitBody(const QByteArray &body) const
    {
        const auto events = m_adapter.split({.body = body, .receivedAt = fromUnixMs(1760000300000)}, m_app);
        return events ? *events : QList<SplitEvent>();
    }

    QList<SplitEvent> split(const QString &name) const { return splitBody(fixture(u"instagram/%1.json"_s.arg(name))); }

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
        row("vector_echo", "echo", "m:mid.TESTVECTOR0001", kLane, {}, 1760000000001);
        row("text", "message", "m:mid.IN1", kLane, {}, 1760000100000);
        row("album", "message", "m:mid.IN2", kLane, {}, 1760000101000);
        row("story_reply", "message", "m:mid.IN3", kLane, {}, 1760000102000);
        row("story_mention", "message", "m:mid.IN4", kLane, {}, 1760000103000);
        row("shared_post_twin", "message", "m:mid.IN5", kLane, {}, 1760000104000);
        row("reel", "message", "m:mid.IN6", kLane, {}, 1760000105000);
        row("unsupported", "message", "m:mid.IN7", kLane, {}, 1760000106000);
        row("unsend", "unsend", "d:mid.IN1", kLane, u"mid.IN1"_s, 1760000107000);
        row("read", "read", "rd:9000000000000001:mid.OUT5", {}, u"mid.OUT5"_s, 1760000110000);
        row("reaction", "reaction", "r:mid.OUT5:9000000000000001:react:❤️:1760000111000", kLane, u"mid.OUT5"_s, 1760000111000);
        row("reaction_removed", "reaction", "r:mid.OUT5:9000000000000001:unreact::1760000112000", kLane, u"mid.OUT5"_s, 1760000112000);
        row("reaction_word", "reaction", "r:mid.OUT5:9000000000000001:react:love:1760000131000", kLane, u"mid.OUT5"_s, 1760000131000);
        row("postback", "postback", "p:mid.PB1", kLane, {}, 1760000113000);
        row("edit", "edit", "e:mid.IN1:1", kLane, u"mid.IN1"_s, 1760000115000);
        row("echo", "echo", "m:mid.EC1", kLane, {}, 1760000120000);
        row("echo_unsend", "unsend", "d:mid.EC1", kLane, u"mid.EC1"_s, 1760000122000);
        row("standby", "message", "m:mid.SB1", kLane, {}, 1760000132000);
        row("wrapped", "message", "m:mid.WR1", kLane, {}, 1760000135000);
    }

    void everyExampleHasItsKeyAndLane()
    {
        const QList<SplitEvent> events = split(QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(events.size(), 1);
        const SplitEvent event = events.first();
        QVERIFY2(event.broken.isEmpty(), qPrintable(event.broken));
        QCOMPARE(event.account, kAccount);
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
        QCOMPARE(split(u"text"_s).first().lane, split(u"echo"_s).first().lane);
        QCOMPARE(m_adapter.lane(InboxId(3), kAccount, kCustomer), kLane);
    }

    void readsText()
    {
        const InboundMessage read = message(u"text"_s);
        QCOMPARE(read.content, u"Hi, is this still available?"_s);
        QCOMPARE(read.sourceId, u"mid.IN1"_s);
        QCOMPARE(read.customer.contactSourceId, kCustomer);
        QCOMPARE(read.origin, InboundMessage::Origin::Customer);
        QCOMPARE(read.contentType, Message::ContentType::Text);
        QCOMPARE(read.platformAt, fromUnixMs(1760000100000));
        QVERIFY(read.opensWindow);
        QVERIFY(!read.isElsewhere);
        QCOMPARE(message(u"reply"_s).inReplyToSourceId, u"mid.OUT5"_s);
    }

    void readsAnAlbum()
    {
        const InboundMessage read = message(u"album"_s);
        QCOMPARE(read.attachments.size(), 2);
        QCOMPARE(read.attachments.first().kind, Attachment::Kind::Image);
        QCOMPARE(read.attachments.first().remote.value("url"_L1).toString(), u"https://lookaside.example/a.jpg"_s);
        QCOMPARE(read.attachments.last().remote.value("url"_L1).toString(), u"https://lookaside.example/b.jpg"_s);
    }

    void readsVoiceNotes()
    {
        const InboundMessage read = message(u"audio"_s);
        QCOMPARE(read.attachments.first().kind, Attachment::Kind::Audio);
        QVERIFY(read.attachments.first().isVoice);
    }

    void readsStories()
    {
        const InboundMessage reply = message(u"story_reply"_s);
        QCOMPARE(reply.content, u"Love this!"_s);
        QCOMPARE(reply.attachments.size(), 1);
        QCOMPARE(reply.attachments.first().kind, Attachment::Kind::Image);
        QCOMPARE(reply.attachments.first().title, u"Replied to your story"_s);
        QCOMPARE(reply.detail.value("story"_L1).toObject().value("id"_L1).toString(), u"18000000000000001"_s);
        const InboundMessage mention = message(u"story_mention"_s);
        QCOMPARE(mention.attachments.first().kind, Attachment::Kind::Video);
        QCOMPARE(mention.attachments.first().title, u"Mentioned you in a story"_s);
        QVERIFY(mention.attachments.first().remote.value("expires"_L1).toBool());
        QVERIFY(mention.opensWindow);
        const InboundMessage expired = message(u"story_mention_expired"_s);
        QCOMPARE(expired.attachments.first().failure, u"expired"_s);
        QVERIFY(expired.attachments.first().remote.isEmpty());
        QVERIFY(expired.contentType != Message::ContentType::Unsupported);
    }

    void keepsOneOfTwins()
    {
        const InboundMessage read = message(u"shared_post_twin"_s);
        QCOMPARE(read.attachments.size(), 1);
        QCOMPARE(read.contentType, Message::ContentType::Embed);
        QCOMPARE(read.attachments.first().kind, Attachment::Kind::Embed);
        QCOMPARE(read.attachments.first().title, u"Caption"_s);
        QCOMPARE(read.attachments.first().embedUrl, u"https://lookaside.example/p.jpg"_s);
        QCOMPARE(read.detail.value("ig_post_media_id"_L1).toString(), u"18100000000000001"_s);
    }

    void keepsWhatIsNoTwin()
    {
        const auto body = [](const QString &first, const QString &second) {
            const auto share = [](const QString &type, const QString &url) {
                return QJsonObject{{u"type"_s, type}, {u"payload"_s, QJsonObject{{u"url"_s, url}, {u"title"_s, url}}}};
            };
            const QJsonObject element{{u"sender"_s, QJsonObject{{u"id"_s, kCustomer}}},
                                      {u"recipient"_s, QJsonObject{{u"id"_s, kAccount}}},
                                      {u"timestamp"_s, qint64(1760000100000)},
                                      {u"message"_s, QJsonObject{{u"mid"_s, u"mid.T"_s}, {u"attachments"_s, QJsonArray{share(u"share"_s, first), share(u"ig_post"_s, second)}}}}};
            return json::toBytes({{u"object"_s, u"instagram"_s}, {u"entry"_s, QJsonArray{QJsonObject{{u"id"_s, kAccount}, {u"messaging"_s, QJsonArray{element}}}}}});
        };
        const auto count = [&](const QByteArray &bytes) {
            const auto event = m_adapter.read(splitBody(bytes).first());
            return std::get<InboundMessage>(*event).attachments.size();
        };
        QCOMPARE(count(body(u"https://a.example/1"_s, u"https://a.example/1"_s)), 1);      // by the address
        QCOMPARE(count(body(u"https://a.example/1"_s, u"https://a.example/2"_s)), 2);
    }

    void readsReels()
    {
        const InboundMessage read = message(u"reel"_s);
        QCOMPARE(read.attachments.first().kind, Attachment::Kind::Embed);
        QCOMPARE(read.attachments.first().title, u"Reel"_s);
        QCOMPARE(read.detail.value("reel_video_id"_L1).toString(), u"18200000000000001"_s);
    }

    void whatCantBeShownStandsThere()
    {
        QCOMPARE(message(u"unsupported"_s).contentType, Message::ContentType::Unsupported);
        QCOMPARE(message(u"unsupported"_s).rawType, u"unsupported"_s);
        QCOMPARE(message(u"empty"_s).contentType, Message::ContentType::Unsupported);
        QCOMPARE(message(u"empty"_s).rawType, u"empty"_s);
        QCOMPARE(message(u"unknown_attachment"_s).contentType, Message::ContentType::Unsupported);
        QCOMPARE(message(u"unknown_attachment"_s).rawType, u"hologram"_s);
    }

    void readsChoicesAndPostbacks()
    {
        const InboundMessage choice = message(u"quick_reply"_s);
        QCOMPARE(choice.content, u"Blue"_s);
        QCOMPARE(choice.detail.value("quick_reply"_L1).toObject().value("payload"_L1).toString(), u"COLOUR_BLUE"_s);
        const InboundMessage postback = message(u"postback"_s);
        QCOMPARE(postback.content, u"Opening hours?"_s);
        QCOMPARE(postback.sourceId, u"mid.PB1"_s);
        QCOMPARE(postback.contentType, Message::ContentType::Interactive);
        QCOMPARE(postback.detail.value("postback"_L1).toObject().value("payload"_L1).toString(), u"HOURS"_s);
        QVERIFY(postback.opensWindow);
        QVERIFY(message(u"self"_s).detail.value("test"_L1).toBool());
    }

    void readsWhereTheyCameFrom()
    {
        const QJsonObject ad = message(u"ad_message"_s).referral;
        QCOMPARE(ad, (QJsonObject{{u"source"_s, u"ADS"_s}, {u"type"_s, u"OPEN_THREAD"_s}, {u"ref"_s, u"spring"_s}, {u"ad_id"_s, u"6045246247433"_s},
                                  {u"headline"_s, u"Spring shoes"_s}, {u"media_url"_s, u"https://scontent.example/p.jpg"_s}}));
        QCOMPARE(message(u"product_message"_s).referral.value("product_id"_L1).toString(), u"5550001"_s);
        const auto referral = read<InboundReferral>(u"referral"_s);
        QVERIFY(referral);
        QCOMPARE(referral->customer.contactSourceId, kCustomer);
        QCOMPARE(referral->referral.value("ref"_L1).toString(), u"flyer7"_s);
        QCOMPARE(referral->referral.value("source"_L1).toString(), u"IGME_LINK"_s);
        QVERIFY(split(u"referral"_s).first().dedupeKey.startsWith("p:"_L1));
    }

    void anEchoMayBeOursOrTheApps()
    {
        for (const QString &name : {u"vector_echo"_s, u"echo"_s}) {
            const InboundMessage read = message(name);
            QCOMPARE(read.origin, InboundMessage::Origin::OwnApi);
            QVERIFY(read.maybeNativeApp);
            QCOMPARE(read.content, u"from the phone"_s);
            QCOMPARE(read.customer.contactSourceId, kCustomer);
            QVERIFY(read.senderName.isEmpty());
            QVERIFY(!read.opensWindow);
        }
        QCOMPARE(message(u"echo_image"_s).attachments.first().kind, Attachment::Kind::Image);
    }

    void readsUnsendAndEdit()
    {
        for (const auto &[name, mid] : {std::pair(u"unsend"_s, u"mid.IN1"_s), std::pair(u"echo_unsend"_s, u"mid.EC1"_s)}) {
            const auto revoke = read<InboundRevoke>(name);
            QVERIFY(revoke);
            QCOMPARE(revoke->messageSourceId, mid);
            QCOMPARE(revoke->contactSourceId, kCustomer);
        }
        const auto edit = read<InboundEdit>(u"edit"_s);
        QVERIFY(edit);
        QCOMPARE(edit->messageSourceId, u"mid.IN1"_s);
        QCOMPARE(edit->content, u"Is this one still available?"_s);
        QCOMPARE(edit->revision, 1);
    }

    void readsReactions()
    {
        const auto added = read<InboundReaction>(u"reaction"_s);
        QVERIFY(added);
        QCOMPARE(added->emoji, u"❤️"_s);
        QCOMPARE(added->messageSourceId, u"mid.OUT5"_s);
        QCOMPARE(added->senderPlatformId, kCustomer);
        QVERIFY(added->fromCustomer);
        QVERIFY(!added->isRemoval);
        QCOMPARE(read<InboundReaction>(u"reaction_word"_s)->emoji, u"❤️"_s);
        const auto removed = read<InboundReaction>(u"reaction_removed"_s);
        QVERIFY(removed->isRemoval);
        QVERIFY(removed->emoji.isEmpty());
    }

    void readsSeen()
    {
        const auto seen = read<InboundRead>(u"read"_s);
        QVERIFY(seen);
        QCOMPARE(seen->messageSourceId, u"mid.OUT5"_s);
        QCOMPARE(seen->contactSourceId, kCustomer);
        QVERIFY(!seen->isDelivery);
    }

    void anotherApplicationsThreadIsMarked()
    {
        QVERIFY(message(u"standby"_s).isElsewhere);
    }

    void testsOfTheDashboardAreKnown()
    {
        const QList<SplitEvent> events = split(u"dashboard_test"_s);
        QCOMPARE(events.size(), 1);
        QCOMPARE(events.first().kind, u"test"_s);
        const auto read = m_adapter.read(events.first());
        QVERIFY(std::get<InboundIgnored>(*read).reason.contains("test"_L1));
        // The same test again is another test.
        const auto later = m_adapter.split({.body = fixture(u"instagram/dashboard_test.json"_s), .receivedAt = fromUnixMs(1760000300001)}, m_app);
        QVERIFY(later->first().dedupeKey != events.first().dedupeKey);
        const QByteArray asMessaging = fixture(u"instagram/text.json"_s).replace("\"id\":\"17840000000000001\",\"time\"", "\"id\":\"0\",\"time\"");
        QCOMPARE(splitBody(asMessaging).first().kind, u"test"_s);
    }

    void changesOfOtherFieldsAreIgnored()
    {
        const QList<SplitEvent> events = split(u"comment"_s);
        QCOMPARE(events.size(), 1);
        QCOMPARE(events.first().kind, u"ignored"_s);
        QVERIFY(std::get<InboundIgnored>(*m_adapter.read(events.first())).reason.contains("comments"_L1));
        QCOMPARE(split(u"unknown_key"_s).first().kind, u"unknown"_s);
        QVERIFY(split(u"unknown_key"_s).first().payload.value("reason"_L1).toString().contains("message_dance"_L1));
    }

    void aRealMessageMayComeAsAChange()
    {
        const QByteArray body = "{\"object\":\"Instagram\",\"entry\":[{\"id\":\"17840000000000001\",\"time\":1760000137000,\"field\":\"messages\",\"value\":{\"sender\":{\"id\":\"9000000000000001\"},"
                                "\"recipient\":{\"id\":\"17840000000000001\"},\"timestamp\":\"1760000137\",\"message\":{\"mid\":\"mid.CH1\",\"text\":\"hi\"}}}]}";
        const QList<SplitEvent> events = splitBody(body);
        QCOMPARE(events.size(), 1);
        QCOMPARE(events.first().dedupeKey, u"m:mid.CH1"_s);
        QCOMPARE(events.first().platformAt, std::optional(fromUnixMs(1760000137000)));
    }

    void anotherObjectHasNoEvents()
    {
        QVERIFY(splitBody(fixture(u"messenger/text.json"_s)).isEmpty());
        QVERIFY(splitBody("{}").isEmpty());
        QVERIFY(splitBody("[]").isEmpty());
        const auto broken = m_adapter.split({.body = "hello"}, m_app);
        QVERIFY(!broken);
        QCOMPARE(broken.error().kind, Error::Kind::BadPayload);
    }

    void everyElementOfABatchIsItsOwnEvent()
    {
        const auto element = [](const QString &customer, const QJsonObject &message) {
            return QJsonObject{{u"sender"_s, QJsonObject{{u"id"_s, customer}}}, {u"recipient"_s, QJsonObject{{u"id"_s, kAccount}}}, {u"timestamp"_s, qint64(1760000100000)}, {u"message"_s, message}};
        };
        const QJsonArray first{element(u"1"_s, {{u"mid"_s, u"a"_s}, {u"text"_s, u"x"_s}}), u"rubbish"_s, element(u"2"_s, {{u"text"_s, u"no mid"_s}}), element(u"3"_s, {{u"mid"_s, u"c"_s}, {u"text"_s, u"x"_s}})};
        const QJsonArray second{element(u"1"_s, {{u"mid"_s, u"d"_s}, {u"text"_s, u"x"_s}})};
        const QJsonObject body{{u"object"_s, u"instagram"_s},
                               {u"entry"_s, QJsonArray{QJsonObject{{u"id"_s, kAccount}, {u"messaging"_s, first}}, QJsonObject{{u"id"_s, kAccount}, {u"messaging"_s, second}}}}};
        const QList<SplitEvent> events = splitBody(json::toBytes(body));
        QCOMPARE(events.size(), 5);
        QStringList broken;
        for (const SplitEvent &event : events) {
            QCOMPARE(event.account, kAccount);
            QVERIFY(!event.dedupeKey.isEmpty());
            if (!event.broken.isEmpty())
                broken.append(event.broken);
        }
        QCOMPARE(broken.size(), 2);
        QVERIFY(broken.last().contains("mid"_L1));
        QCOMPARE(events.at(0).lane, events.at(4).lane);
        QVERIFY(events.at(0).lane != events.at(3).lane);
    }

    void idsMayBeNumbers()
    {
        const QByteArray body = fixture(u"instagram/text.json"_s).replace("\"9000000000000001\"", "9000000000000001").replace("\"17840000000000001\"", "17840000000000001");
        const SplitEvent event = splitBody(body).first();
        QCOMPARE(event.lane, kLane);
        QCOMPARE(event.account, kAccount);
    }

    void namesWhoIsUnknown()
    {
        QCOMPARE(m_adapter.placeholderName(kCustomer), u"Unknown (IG: 9000000000000001)"_s);
    }
};

ANTIPHON_TEST(InstagramEventsTest)
#include "tst_instagramevents.moc"
