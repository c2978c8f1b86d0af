#include "tests/intake/spokenchannel.h"

#include "core/store/eventrepository.h"
#include "core/store/inboxrepository.h"

#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;

SpokenInbox::SpokenInbox(Channel channel, StatementHook hook)
    : m_fixture(true, std::move(hook))
{
    auto adapter = std::make_unique<SpokenChannel>(channel);
    m_channel = adapter.get();
    m_fixture.registry().add(std::move(adapter), nullptr);
    m_fixture.store().run(u"INSERT INTO agent (name, role, created_at) VALUES ('Ada', 'owner', 0), ('Ben', 'agent', 0)"_s);
    const auto made = m_fixture.store().write<InboxId>([channel](WriteTransaction &tx) {
        return inboxes::insert(tx, {.channel = channel, .name = u"Spoken"_s, .externalId = u"spoken"_s});
    });
    m_inbox = made ? *made : InboxId();
}

void SpokenInbox::queue(const InboundEvent &event, const Place &place)
{
    const QJsonObject payload = m_channel->keep(event);
    const auto stored = m_fixture.store().write<std::optional<EventId>>([&, n = ++m_events](WriteTransaction &tx) {
        return events::insert(tx, {.deliveryId = DeliveryId(1),
                                   .inboxId = m_inbox,
                                   .lane = place.lane,
                                   .dedupeKey = u"spoken:%1"_s.arg(n),
                                   .kind = place.kind,
                                   .target = place.target,
                                   .receivedAt = tx.now(),
                                   .payload = payload});
    });
    QVERIFY(stored && *stored);
}

void SpokenInbox::tell(const InboundEvent &event, const Place &place)
{
    queue(event, place);
    drain();
}

void SpokenInbox::drain()
{
    m_fixture.intake().rescan();
    m_fixture.drain();
}

MessageId SpokenInbox::answer(const QString &content, const QString &state, const QString &status, const QString &sourceId, const QString &key, int parts)
{
    const QString source = sourceId.isEmpty() ? u"NULL"_s : u"'%1'"_s.arg(sourceId);
    const qint64 conversation = m_fixture.store().integer(u"SELECT MAX(id) FROM conversation"_s).value_or(0);
    const QString code = status == "failed"_L1 ? u"'outcome_unknown'"_s : u"NULL"_s;
    m_fixture.store().run(u"INSERT INTO message (conversation_id, inbox_id, direction, content, content_format, status, error_code, source_id, sender_type,"
                          " created_at, received_at, updated_at) VALUES (%1, %2, 'outgoing', '%3', 'markdown', '%4', %5, %6, 'agent', %7, %7, 0)"_s
                              .arg(conversation).arg(m_inbox.value()).arg(content, status, code, source).arg(kSpokenAt + 5000));
    const qint64 id = m_fixture.store().integer(u"SELECT MAX(id) FROM message"_s).value_or(0);
    m_fixture.store().run(u"INSERT INTO outbox (message_id, inbox_id, lane, state, idem_key, request_started_at, created_at)"
                          " VALUES (%1, %2, 'customer', '%3', '%4', %5, %5);"
                          "INSERT INTO send_attempt (message_id, n, idem_key, request_started_at, platform_id) VALUES (%1, 1, '%4', %5, %6)"_s
                              .arg(id).arg(m_inbox.value()).arg(state, key).arg(kSpokenAt + 5000).arg(source));
    for (int part = 0; part < parts && parts > 1; ++part) {
        m_fixture.store().run(
            u"INSERT INTO send_part (message_id, part, inbox_id, status) VALUES (%1, %2, %3, 'queued')"_s.arg(id).arg(part).arg(m_inbox.value()));
    }
    return MessageId(id);
}

InboundMessage said(const QString &sourceId, const QString &content, qint64 at, const QString &customer)
{
    return {.customer = {.contactSourceId = customer}, .sourceId = sourceId, .content = content, .platformAt = fromUnixMs(at)};
}

InboundMessage echoed(const QString &sourceId, const QString &content, qint64 at, const QString &customer)
{
    InboundMessage message = said(sourceId, content, at, customer);
    message.origin = InboundMessage::Origin::NativeApp;
    message.opensWindow = false;
    return message;
}

} // namespace antiphon::test
