#include "core/base/json.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/messenger/messengeradapter.h"
#include "core/channels/whatsapp/whatsappadapter.h"
#include "core/store/eventrepository.h"
#include "core/store/inboxrepository.h"
#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

/// The way in with a platform's own adapter, from the body of its webhook on.
class Tongue {
public:
    Tongue(std::unique_ptr<ChannelAdapter> adapter, const QString &account)
        : m_adapter(adapter.get())
    {
        f.registry().add(std::move(adapter), nullptr);
        f.store().run(u"INSERT INTO agent (name, role, created_at) VALUES ('Ada', 'owner', 0)"_s);
        const auto made = f.store().write<InboxId>([channel = m_adapter->channel(), account](WriteTransaction &tx) {
            return inboxes::insert(tx, {.channel = channel, .name = account, .externalId = account});
        });
        m_inbox = made ? *made : InboxId();
    }

    void hear(const QByteArray &body)
    {
        const auto events = m_adapter->split({.body = body, .receivedAt = f.store().clock().now()}, {.appId = u"1"_s});
        QVERIFY(events);
        for (const SplitEvent &split : *events) {
            const auto stored = f.store().write<std::optional<EventId>>([&](WriteTransaction &tx) {
                return events::insert(tx, {.deliveryId = DeliveryId(1),
                                           .inboxId = m_inbox,
                                           .lane = split.lane.isEmpty() ? u"~1:0"_s : split.lane,
                                           .dedupeKey = split.dedupeKey,
                                           .kind = split.kind,
                                           .target = split.target,
                                           .platformAt = split.platformAt,
                                           .receivedAt = tx.now(),
                                           .payload = split.payload});
            });
            QVERIFY(stored);
        }
        f.intake().rescan();
        f.drain();
    }

    QString text(const QString &sql) { return f.store().text(sql).value_or(u"(nothing)"_s); }
    QString listed() { return text(u"SELECT group_concat(source_id || ':' || COALESCE(status, '-') || ':' || deleted || ':' || COALESCE(content, '-'), ' | ')"
                                   " FROM (SELECT * FROM message WHERE source_id IS NOT NULL ORDER BY created_at, id)"_s); }

    IntakeFixture f;

private:
    const ChannelAdapter *m_adapter;
    InboxId m_inbox{};
};

QByteArray whatsapp(const QByteArray &field, const QByteArray &content)
{
    return R"({"object":"whatsapp_business_account","entry":[{"id":"100000000000001","changes":[{"field":")" + field
        + R"(","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100001","phone_number_id":"200000000000001"},)" + content
        + "}}]}]}";
}

QByteArray messaging(const QByteArray &object, const QByteArray &account, const QByteArray &elements)
{
    return R"({"object":")" + object + R"(","entry":[{"id":")" + account + R"(","time":1700000000456,"messaging":[)" + elements + "]}]}";
}

} // namespace

class RealTonguesTest : public QObject {
    Q_OBJECT
private slots:
    void whatsappsMessagesEchoesEditsAndRevokes()
    {
        Tongue t(std::make_unique<WhatsappAdapter>(), u"200000000000001"_s);
        t.hear(whatsapp("messages", R"("contacts":[{"profile":{"name":"Ada"},"wa_id":"15550100002"}],"messages":[
            {"from":"15550100002","id":"wamid.1","timestamp":"1700000000","type":"text","text":{"body":"two boxes"}},
            {"from":"15550100002","id":"wamid.E","timestamp":"1700000010","type":"edit","edit":{"original_message_id":"wamid.1","message":{"type":"text","text":{"body":"three boxes"}}}},
            {"from":"15550100002","id":"wamid.R","timestamp":"1700000011","type":"reaction","reaction":{"message_id":"wamid.1","emoji":"👍"}}])"));
        t.hear(whatsapp("smb_message_echoes", R"("message_echoes":[
            {"from":"15550100001","to":"15550100002","id":"wamid.2","timestamp":"1700000020","type":"text","text":{"body":"On my way"}},
            {"from":"15550100001","to":"15550100002","id":"wamid.D","timestamp":"1700000030","type":"revoke","revoke":{"original_message_id":"wamid.2"}}])"));
        QCOMPARE(t.listed(), u"wamid.1:-:0:three boxes | wamid.2:delivered:1:-"_s);
        QCOMPARE(t.text(u"SELECT name || '/' || phone_number FROM contact"_s), u"Ada/+15550100002"_s);
        QCOMPARE(t.f.count(u"reaction WHERE emoji = '👍'"_s), 1);
        QCOMPARE(t.f.count(u"conversation WHERE waiting_since IS NULL AND window_closes_at = 1700086400000"_s), 1);
        t.hear(whatsapp("messages", R"("statuses":[{"id":"wamid.9","status":"failed","timestamp":"1700000040","errors":[{"code":131047,"title":"late"}]}])"));
        QCOMPARE(t.f.count(u"event WHERE state = 'parked'"_s), 1);
        QCOMPARE(t.f.count(u"event WHERE state = 'dead'"_s), 0);
    }

    void whatsappsHistoryIsSilent()
    {
        Tongue t(std::make_unique<WhatsappAdapter>(), u"200000000000001"_s);
        t.hear(whatsapp("history", R"("history":[{"metadata":{"phase":1,"chunk_order":1,"progress":40},"threads":[{"id":"15550100002","messages":[
            {"from":"15550100002","id":"wamid.H1","timestamp":"1690000000","type":"text","text":{"body":"before"},"history_context":{"status":"READ"}},
            {"from":"15550100001","to":"15550100002","id":"wamid.H2","timestamp":"1690000100","type":"text","text":{"body":"answer"},"history_context":{"status":"READ"}}]}]}])"));
        QCOMPARE(t.listed(), u"wamid.H1:-:0:before | wamid.H2:read:0:answer"_s);
        QCOMPARE(t.f.count(u"conversation WHERE status = 'resolved' AND window_closes_at IS NULL AND waiting_since IS NULL"_s), 1);
        QCOMPARE(t.f.count(u"seen WHERE unread_count > 0"_s), 0);
        QCOMPARE(t.text(u"SELECT json_extract(settings, '$.history_sync.percent') FROM inbox WHERE channel = 'whatsapp'"_s), u"40"_s);
    }

    void messengersWatermarksAndReactions()
    {
        Tongue t(std::make_unique<MessengerAdapter>(), u"300000000000001"_s);
        const QByteArray both = R"("sender":{"id":"4000000000000001"},"recipient":{"id":"300000000000001"})";
        const QByteArray own = R"("sender":{"id":"300000000000001"},"recipient":{"id":"4000000000000001"})";
        t.hear(messaging("page", "300000000000001",
                         "{" + both + R"(,"timestamp":1700000000000,"message":{"mid":"m_1","text":"hello"}},{)" + own
                             + R"(,"timestamp":1700000010000,"message":{"mid":"m_2","is_echo":true,"app_id":1517776481860111,"text":"answer"}},{)" + both
                             + R"(,"timestamp":1700000020000,"read":{"watermark":1700000015000}},{)" + both
                             + R"(,"timestamp":1700000021000,"reaction":{"mid":"m_2","action":"react","reaction":"love","emoji":"❤"}})"));
        QCOMPARE(t.listed(), u"m_1:-:0:hello | m_2:read:0:answer"_s);
        QCOMPARE(t.text(u"SELECT name FROM contact"_s), u"Facebook user 0001"_s);
        QCOMPARE(t.f.count(u"conversation"_s), 1);
        QCOMPARE(t.f.count(u"reaction"_s), 1);
        QCOMPARE(t.f.count(u"event WHERE state = 'dead'"_s), 0);
    }

    void instagramsUnsendBeforeItsMessage()
    {
        Tongue t(std::make_unique<InstagramAdapter>(), u"17840000000000001"_s);
        const QByteArray both = R"("sender":{"id":"9000000000000001"},"recipient":{"id":"17840000000000001"})";
        t.hear(messaging("instagram", "17840000000000001", "{" + both + R"(,"timestamp":1700000001000,"message":{"mid":"mid.1","is_deleted":true}})"));
        t.hear(messaging("instagram", "17840000000000001", "{" + both + R"(,"timestamp":1700000000000,"message":{"mid":"mid.1","text":"oh no"}})"));
        QCOMPARE(t.listed(), u"mid.1:-:1:-"_s);
        QCOMPARE(t.text(u"SELECT name FROM contact"_s), u"Unknown (IG: 9000000000000001)"_s);
    }
};

ANTIPHON_TEST(RealTonguesTest)
#include "tst_realtongues.moc"
