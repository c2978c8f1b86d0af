#include "core/intake/deadletters.h"

#include "core/base/json.h"
#include "core/store/contactqueries.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"

namespace antiphon::deadletters {
namespace {
using namespace Qt::StringLiterals;

constexpr int kMostAtOnce = 200;

bool isDelivery(qint64 id) { return id % 2 == 1; }
qint64 rowOf(qint64 id) { return id / 2; }

DeadLetter letterOf(const Query &q)
{
    return {.id = q.integer(0),
            .inboxId = q.id<InboxId>(1),
            .kind = q.text(2),
            .channel = q.text(3),
            .receivedAt = q.time(4),
            .errorClass = q.text(5),
            .reason = q.text(6),
            .attempts = int(q.integer(7)),
            .lane = q.text(8)};
}

Error notDead()
{
    return {Error::Kind::NotFound, u"no such dead letter"_s, u"id"_s};
}

} // namespace

QJsonObject toJson(const DeadLetter &letter)
{
    return {{u"id"_s, QString::number(letter.id)},
            {u"inbox_id"_s, json::orNull(letter.inboxId)},
            {u"kind"_s, letter.kind},
            {u"channel"_s, json::orNull(letter.channel)},
            {u"received_at"_s, toRfc3339(letter.receivedAt)},
            {u"error_class"_s, json::orNull(letter.errorClass)},
            {u"reason"_s, json::orNull(letter.reason)},
            {u"attempts"_s, letter.attempts}};
}

QString toText(const Cursor &cursor)
{
    return u"%1-%2"_s.arg(toUnixMs(cursor.receivedAt)).arg(cursor.id);
}

std::optional<Cursor> cursorFromText(const QString &text)
{
    const QStringList parts = text.split(u'-');
    bool timeOk = false;
    bool idOk = false;
    if (parts.size() != 2)
        return std::nullopt;
    const Cursor cursor{.receivedAt = fromUnixMs(parts.at(0).toLongLong(&timeOk)), .id = parts.at(1).toLongLong(&idOk)};
    return timeOk && idOk ? std::optional(cursor) : std::nullopt;
}

Result<Page> list(ReadTransaction &tx, const std::optional<Cursor> &before, int limit)
{
    // Both partial indexes hold only what is dead; the two short lists are merged by time.
    Query q = tx.query(u"SELECT * FROM (SELECT e.id * 2 AS id, e.inbox_id, e.kind, i.channel, e.received_at AS at, e.error_class, e.error_text, e.attempts, e.lane"
                       " FROM event e LEFT JOIN inbox i ON i.id = e.inbox_id WHERE e.state = 'dead' AND e.id > 0"
                       " UNION ALL SELECT id * 2 + 1, inbox_id, 'delivery', channel, received_at, 'shape', split_error, 0, ''"
                       " FROM delivery WHERE split_state = 'dead' AND id > 0)"
                       " WHERE (at, id) < (:at, :id) ORDER BY at DESC, id DESC LIMIT :limit"_s);
    const qint64 most = std::numeric_limits<qint64>::max();
    const int wanted = std::clamp(limit, 1, kMostAtOnce);
    q.bind(":at"_L1, before ? toUnixMs(before->receivedAt) : most).bind(":id"_L1, before ? before->id : most).bind(":limit"_L1, wanted + 1);
    Page page;
    while (q.next())
        page.items.append(letterOf(q));
    if (!q.ok())
        return q.error();
    if (page.items.size() > wanted) {
        page.items.removeLast();
        page.next = Cursor{.receivedAt = page.items.constLast().receivedAt, .id = page.items.constLast().id};
    }
    return page;
}

Result<DeadLetter> find(ReadTransaction &tx, qint64 id)
{
    Query event = tx.query(u"SELECT e.id * 2, e.inbox_id, e.kind, i.channel, e.received_at, e.error_class, e.error_text, e.attempts, e.lane"
                           " FROM event e LEFT JOIN inbox i ON i.id = e.inbox_id WHERE e.id = :id AND e.state = 'dead'"_s);
    Query delivery = tx.query(u"SELECT id * 2 + 1, inbox_id, 'delivery', channel, received_at, 'shape', split_error, 0, ''"
                              " FROM delivery WHERE id = :id AND split_state = 'dead'"_s);
    Query &q = isDelivery(id) ? delivery : event;
    q.bind(":id"_L1, rowOf(id));
    if (q.next())
        return letterOf(q);
    if (!q.ok())
        return q.error();
    return notDead();
}

Result<void> retry(WriteTransaction &tx, qint64 id)
{
    const auto letter = find(tx, id);
    if (!letter)
        return letter.error();
    if (isDelivery(id)) {
        const auto revived = deliveries::revive(tx, DeliveryId(rowOf(id)));
        if (!revived)
            return revived.error();
        if (!*revived)
            return Error{Error::Kind::Conflict, u"its body is pruned"_s, u"id"_s};
        return {};
    }
    const auto revived = events::revive(tx, EventId(rowOf(id)));
    if (!revived)
        return revived.error();
    return *revived ? Result<void>() : Result<void>(notDead());
}

Result<Origin> originOf(ReadTransaction &tx, const DeadLetter &letter)
{
    // Every lane of a customer ends with the address that the thread is stored under: "tiktok:<account>:<conversation>".
    const QString address = letter.lane.section(u':', 2);
    if (isDelivery(letter.id) || address.isEmpty() || address == "unparsed"_L1)
        return Origin();
    const auto thread = contacts::find(tx, letter.inboxId, address);
    if (!thread)
        return thread.error();
    if (!*thread)
        return Origin();
    Origin origin{.contactId = (*thread)->contactId};
    const auto contact = ContactQueries(tx).byId(origin.contactId);
    if (!contact)
        return contact.error();
    origin.contactName = contact->name;
    const auto conversation = conversations::newest(tx, (*thread)->id);
    if (!conversation)
        return conversation.error();
    if (*conversation)
        origin.conversationId = (*conversation)->id;
    return origin;
}

Result<QList<Group>> groups(ReadTransaction &tx, int limit)
{
    Query q = tx.query(u"SELECT inbox_id, channel, kind, error_class, reason, COUNT(*), MIN(at), MAX(at) FROM ("
                       "SELECT e.inbox_id, i.channel, e.kind, e.error_class, e.error_text AS reason, e.received_at AS at"
                       " FROM event e LEFT JOIN inbox i ON i.id = e.inbox_id WHERE e.state = 'dead' AND e.id > 0"
                       " UNION ALL SELECT inbox_id, channel, 'delivery', 'shape', split_error, received_at FROM delivery WHERE split_state = 'dead' AND id > 0)"
                       " GROUP BY inbox_id, channel, kind, error_class, reason ORDER BY 6 DESC, 8 DESC LIMIT :limit"_s);
    q.bind(":limit"_L1, std::clamp(limit, 1, kMostAtOnce));
    QList<Group> found;
    while (q.next()) {
        found.append({.inboxId = q.id<InboxId>(0),
                      .channel = q.text(1),
                      .kind = q.text(2),
                      .errorClass = q.text(3),
                      .reason = q.text(4),
                      .count = q.integer(5),
                      .oldest = q.time(6),
                      .newest = q.time(7)});
    }
    if (!q.ok())
        return q.error();
    return found;
}

QJsonObject toJson(const Group &group)
{
    return {{u"inbox_id"_s, json::orNull(group.inboxId)},
            {u"channel"_s, json::orNull(group.channel)},
            {u"kind"_s, group.kind},
            {u"error_class"_s, json::orNull(group.errorClass)},
            {u"reason"_s, json::orNull(group.reason)},
            {u"count"_s, group.count},
            {u"oldest_at"_s, toRfc3339(group.oldest)},
            {u"newest_at"_s, toRfc3339(group.newest)}};
}

Result<void> discard(WriteTransaction &tx, qint64 id)
{
    if (!isDelivery(id)) {
        const auto letter = find(tx, id);
        if (!letter)
            return letter.error();
        if (const auto counted = deliveries::count(tx, letter->inboxId, u"discarded"_s); !counted)
            return counted;
    }
    const auto discarded = isDelivery(id) ? deliveries::discard(tx, DeliveryId(rowOf(id))) : events::discard(tx, EventId(rowOf(id)));
    if (!discarded)
        return discarded.error();
    return *discarded ? Result<void>() : Result<void>(notDead());
}

} // namespace antiphon::deadletters
