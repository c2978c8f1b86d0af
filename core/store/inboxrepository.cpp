#include "core/store/inboxrepository.h"

#include "core/base/json.h"

namespace antiphon::inboxes {
namespace {
using namespace Qt::StringLiterals;

InboxRow readRow(const Query &q)
{
    InboxRow row;
    row.inbox.id = q.id<InboxId>(0);
    row.inbox.channel = channelFromName(q.text(1)).value_or(Channel());
    row.inbox.name = q.text(2);
    row.inbox.externalId = q.text(3);
    row.inbox.state = inboxStateFromName(q.text(4)).value_or(Inbox::State::Disabled);
    row.stateReason = q.text(5);
    row.inbox.settings = q.json(6);
    row.inbox.delivery = deliveryFromName(q.text(7)).value_or(Inbox::Delivery::Webhook);
    row.inbox.replyWindowHours = q.optionalInt(8);
    row.tokenExpiresAt = q.optionalTime(9);
    row.refreshExpiresAt = q.optionalTime(10);
    row.lastWebhookAt = q.optionalTime(11);
    row.avatarId = q.id<AttachmentId>(12);
    row.inbox.createdAt = q.time(13);
    row.tokenIssuedAt = q.optionalTime(14);
    return row;
}

Result<std::optional<InboxRow>> one(Query &q)
{
    if (q.next())
        return std::optional(readRow(q));
    if (!q.ok())
        return q.error();
    return std::optional<InboxRow>();
}

} // namespace

Result<std::optional<InboxRow>> find(ReadTransaction &tx, InboxId id)
{
    Query q = tx.query(u"SELECT id, channel, name, external_id, state, state_reason, settings, delivery, reply_window_hours, token_expires_at,"
                       " refresh_expires_at, last_webhook_at, avatar_id, created_at, token_issued_at FROM inbox WHERE id = :id AND deleted_at IS NULL"_s);
    q.bind(":id"_L1, id);
    return one(q);
}

Result<std::optional<InboxRow>> findByAccount(ReadTransaction &tx, Channel channel, const QString &externalId)
{
    Query q = tx.query(u"SELECT id, channel, name, external_id, state, state_reason, settings, delivery, reply_window_hours, token_expires_at,"
                       " refresh_expires_at, last_webhook_at, avatar_id, created_at, token_issued_at FROM inbox"
                       " WHERE channel = :channel AND external_id = :external_id"_s);
    q.bind(":channel"_L1, channelName(channel)).bind(":external_id"_L1, externalId);
    return one(q);
}

Result<QList<InboxRow>> list(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT id, channel, name, external_id, state, state_reason, settings, delivery, reply_window_hours, token_expires_at,"
                       " refresh_expires_at, last_webhook_at, avatar_id, created_at, token_issued_at FROM inbox WHERE deleted_at IS NULL ORDER BY id"_s);
    QList<InboxRow> rows;
    while (q.next())
        rows.append(readRow(q));
    if (!q.ok())
        return q.error();
    return rows;
}

Result<InboxId> insert(WriteTransaction &tx, const Inbox &inbox)
{
    Query q = tx.query(u"INSERT INTO inbox (channel, name, external_id, state, settings, delivery, reply_window_hours, created_at)"
                       " VALUES (:channel, :name, :external_id, :state, :settings, :delivery, :hours, :created_at)"_s);
    q.bind(":channel"_L1, channelName(inbox.channel))
        .bind(":name"_L1, inbox.name)
        .bind(":external_id"_L1, inbox.externalId)
        .bind(":state"_L1, inboxStateName(inbox.state))
        .bind(":settings"_L1, inbox.settings)
        .bind(":delivery"_L1, deliveryName(inbox.delivery))
        .bind(":hours"_L1, inbox.replyWindowHours)
        .bind(":created_at"_L1, tx.now());
    if (const auto done = q.exec(); !done)
        return done.error();
    const InboxId id(q.lastInsertId());
    tx.changed(u"inbox.created"_s, id.value(), id);
    return id;
}

Result<void> update(WriteTransaction &tx, const Inbox &inbox)
{
    Query q = tx.query(u"UPDATE inbox SET name = :name, settings = :settings, delivery = :delivery, reply_window_hours = :hours WHERE id = :id"_s);
    q.bind(":name"_L1, inbox.name)
        .bind(":settings"_L1, inbox.settings)
        .bind(":delivery"_L1, deliveryName(inbox.delivery))
        .bind(":hours"_L1, inbox.replyWindowHours)
        .bind(":id"_L1, inbox.id);
    if (const auto done = q.exec(); !done)
        return done.error();
    if (q.rowsAffected() == 0)
        return Error{Error::Kind::NotFound, u"no such inbox"_s};
    tx.changed(u"inbox.updated"_s, inbox.id.value(), inbox.id);
    return {};
}

namespace {

/// A notice of the platform that was why the inbox waited is over with the waiting.
Result<void> dropNotice(WriteTransaction &tx, InboxId id)
{
    const auto row = find(tx, id);
    if (!row)
        return row.error();
    if (!*row || (*row)->inbox.state != Inbox::State::ReauthorizationRequired)
        return {};
    Inbox inbox = (*row)->inbox;
    const QJsonObject notice = inbox.settings.value("notice"_L1).toObject();
    if (!notice.value("by_platform"_L1).toBool() || notice.value("kind"_L1).toString() != (*row)->stateReason)
        return {};
    inbox.settings.remove("notice"_L1);
    return update(tx, inbox);
}

} // namespace

Result<void> setState(WriteTransaction &tx, InboxId id, Inbox::State state, const QString &reason)
{
    if (state == Inbox::State::Active) {
        if (const auto done = dropNotice(tx, id); !done)
            return done;
    }
    Query q = tx.query(u"UPDATE inbox SET state = :state, state_reason = :reason"
                       " WHERE id = :id AND (state <> :state OR COALESCE(state_reason, '') <> COALESCE(:reason, ''))"_s);
    q.bind(":state"_L1, inboxStateName(state)).bind(":reason"_L1, reason).bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done.error();
    if (q.rowsAffected() > 0)
        tx.changed(u"inbox.updated"_s, id.value(), id);
    return {};
}

Result<void> setTokenTimes(WriteTransaction &tx, InboxId id, std::optional<Timestamp> tokenExpiresAt, std::optional<Timestamp> refreshExpiresAt)
{
    Query q = tx.query(u"UPDATE inbox SET token_expires_at = :token, refresh_expires_at = :refresh, token_issued_at = :now WHERE id = :id"_s);
    q.bind(":now"_L1, tx.now()).bind(":token"_L1, tokenExpiresAt).bind(":refresh"_L1, refreshExpiresAt).bind(":id"_L1, id);
    return q.exec();
}

Result<void> setAvatar(WriteTransaction &tx, InboxId id, AttachmentId avatar)
{
    Query q = tx.query(u"UPDATE inbox SET avatar_id = :avatar WHERE id = :id"_s);
    q.bind(":avatar"_L1, avatar).bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done.error();
    tx.changed(u"inbox.updated"_s, id.value(), id);
    return {};
}

Result<void> touchWebhook(WriteTransaction &tx, InboxId id, Timestamp at)
{
    Query q = tx.query(u"UPDATE inbox SET last_webhook_at = :at WHERE id = :id AND COALESCE(last_webhook_at, 0) + 1000 <= :at"_s);
    q.bind(":at"_L1, at).bind(":id"_L1, id);
    return q.exec();
}

Result<void> setNotice(WriteTransaction &tx, InboxId id, const QString &kind)
{
    const auto row = find(tx, id);
    if (!row)
        return row.error();
    if (!*row)
        return {};
    Inbox inbox = (*row)->inbox;
    if (inbox.settings.value("notice"_L1).toObject().value("kind"_L1).toString() == kind)
        return {};
    if (kind.isEmpty())
        inbox.settings.remove("notice"_L1);
    else
        inbox.settings.insert("notice"_L1, QJsonObject{{u"kind"_s, kind}, {u"at"_s, toRfc3339(tx.now())}});
    return update(tx, inbox);
}

} // namespace antiphon::inboxes
