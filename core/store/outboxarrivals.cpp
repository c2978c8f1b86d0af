#include "core/store/outboxarrivals.h"

#include "core/store/outboxsteps.h"

namespace antiphon::outbox {
using namespace Qt::StringLiterals;
using namespace steps;

namespace {

struct Attempted {
    qint64 id = 0;
    int n = 0;
    MessageId message{};
    QString source{};
    int part = 0;
};

Result<std::optional<Attempted>> one(Query &q)
{
    std::optional<Attempted> attempt;
    if (q.next())
        attempt = Attempted{.id = q.integer(0), .n = int(q.integer(1)), .message = q.id<MessageId>(2), .source = q.text(3), .part = int(q.integer(4))};
    if (!q.ok())
        return q.error();
    return attempt;
}

/// Which parts have no id yet. A message of a single call has no rows for them before it is taken.
Result<QList<int>> missingParts(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT part, platform_id IS NULL FROM send_part WHERE message_id = :id AND part >= 0 ORDER BY part"_s);
    q.bind(":id"_L1, message);
    QList<int> missing;
    bool hasRows = false;
    while (q.next()) {
        hasRows = true;
        if (q.boolean(1))
            missing.append(int(q.integer(0)));
    }
    if (!q.ok())
        return q.error();
    return hasRows ? missing : QList<int>{0};
}

Result<std::optional<KeyedSend>> sendOf(ReadTransaction &tx, const Attempted &attempt)
{
    const auto row = findByMessage(tx, attempt.message);
    if (!row)
        return row.error();
    if (!*row)
        return std::optional<KeyedSend>();
    const auto missing = missingParts(tx, attempt.message);
    if (!missing)
        return missing.error();
    return std::optional(KeyedSend{.row = **row,
                                   .attempt = attempt.id,
                                   .attemptNumber = attempt.n,
                                   .attemptSource = attempt.source,
                                   .part = missing->isEmpty() ? std::nullopt : std::optional(missing->constFirst()),
                                   .isLast = missing->size() <= 1});
}

Result<void> noteAttempt(WriteTransaction &tx, const KeyedSend &send, const QString &sourceId)
{
    Query q = tx.query(u"UPDATE send_attempt SET platform_id = coalesce(platform_id, :source) WHERE id = :id"_s);
    q.bind(":source"_L1, sourceId).bind(":id"_L1, send.attempt);
    return q.exec();
}

} // namespace

Result<std::optional<KeyedSend>> findByKey(ReadTransaction &tx, InboxId inbox, const QString &key)
{
    Query q = tx.query(u"SELECT a.id, a.n, a.message_id, a.platform_id, a.part FROM send_attempt a JOIN message m ON m.id = a.message_id"
                       " WHERE a.idem_key = :key AND m.inbox_id = :inbox ORDER BY a.n DESC, a.id DESC LIMIT 1"_s);
    q.bind(":key"_L1, key).bind(":inbox"_L1, inbox);
    const auto attempt = one(q);
    if (!attempt)
        return attempt.error();
    auto send = *attempt ? sendOf(tx, **attempt) : Result<std::optional<KeyedSend>>(std::optional<KeyedSend>());
    if (!send || !*send)
        return send;
    KeyedSend found = **send;
    found.isCurrent = partKey(found.row.idemKey, (*attempt)->part) == key;
    return std::optional(found);
}

Result<std::optional<KeyedSend>> findLost(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT id, n, message_id, platform_id, part FROM send_attempt WHERE message_id = :message ORDER BY n DESC, id DESC LIMIT 1"_s);
    q.bind(":message"_L1, message);
    const auto attempt = one(q);
    if (!attempt)
        return attempt.error();
    return sendOf(tx, attempt->value_or(Attempted{.message = message}));
}

Result<void> partArrived(WriteTransaction &tx, const KeyedSend &send, const QString &sourceId)
{
    if (!send.part)
        return Error{Error::Kind::Conflict, u"no part of it is missing"_s};
    if (const auto done = bindPart(tx, send.row, *send.part, sourceId); !done)
        return done;
    if (const auto done = noteAttempt(tx, send, sourceId); !done)
        return done;
    tx.changed(u"message.updated"_s, send.row.messageId.value(), send.row.inboxId);
    const bool isLost = send.row.state == State::Sending && send.row.settleUntil;
    if (!send.isLast && !isLost)
        return {};
    Query q = tx.query(u"UPDATE outbox SET state = CASE WHEN :last THEN 'sent' ELSE 'queued' END, next_at = CASE WHEN :last THEN 0 ELSE :now END,"
                       " owner = NULL, lease_until = NULL, settle_until = NULL, last_class = NULL, last_text = NULL WHERE id = :id"_s);
    q.bind(":last"_L1, send.isLast).bind(":now"_L1, tx.now()).bind(":id"_L1, send.row.id);
    if (const auto done = q.exec(); !done)
        return done;
    const StatusEvent event = send.isLast ? StatusEvent::Accepted : StatusEvent::Requeued;
    if (const auto done = moveMessage(tx, send.row.messageId, send.row.inboxId, event); !done)
        return done;
    return freeLane(tx, send.row.lane);
}

Result<void> arrivedAgain(WriteTransaction &tx, const KeyedSend &send, const QString &sourceId)
{
    Query part = tx.query(u"INSERT INTO send_part (message_id, part, inbox_id, platform_id, status) VALUES (:message, :part, :inbox, :source, 'sent')"
                          " ON CONFLICT (message_id, part) DO UPDATE SET platform_id = excluded.platform_id"_s);
    part.bind(":message"_L1, send.row.messageId)
        .bind(":part"_L1, -send.attemptNumber)
        .bind(":inbox"_L1, send.row.inboxId)
        .bind(":source"_L1, sourceId);
    if (const auto done = part.exec(); !done)
        return done;
    if (const auto done = noteAttempt(tx, send, sourceId); !done)
        return done;
    Query message = tx.query(u"UPDATE message SET arrived_twice = TRUE, updated_at = :now WHERE id = :id"_s);
    message.bind(":now"_L1, tx.now()).bind(":id"_L1, send.row.messageId);
    if (const auto done = message.exec(); !done)
        return done;
    tx.changed(u"message.updated"_s, send.row.messageId.value(), send.row.inboxId);
    return {};
}

} // namespace antiphon::outbox
