#include "core/client/deskhealth.h"

#include "core/base/json.h"

#include <QJsonArray>

#include <algorithm>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

qint64 number(const QJsonObject &json, QLatin1StringView key)
{
    return json::integer(json.value(key)).value_or(0);
}

std::optional<Milliseconds> duration(const QJsonObject &json, QLatin1StringView key)
{
    const auto ms = json::integer(json.value(key));
    return ms ? std::optional(Milliseconds(*ms)) : std::nullopt;
}

std::optional<Timestamp> time(const QJsonObject &json, QLatin1StringView key)
{
    return fromRfc3339(json.value(key).toString());
}

InboxId inboxId(const QJsonObject &json)
{
    return InboxId::fromString(json.value("inbox_id"_L1).toString()).value_or(InboxId());
}

template <typename T, typename Read>
QList<T> listOf(const QJsonObject &json, QLatin1StringView key, Read read)
{
    QList<T> items;
    const QJsonArray entries = json.value(key).toArray();
    for (const QJsonValue &entry : entries)
        items.append(read(entry.toObject()));
    return items;
}

DeskHealth::OfInbox ofInbox(const QJsonObject &json)
{
    return {.inboxId = inboxId(json),
            .state = json::string(json, "state"_L1),
            .lastEventAt = time(json, "last_event_at"_L1),
            .received = number(json, "received"_L1),
            .duplicates = number(json, "duplicates"_L1),
            .pending = number(json, "pending"_L1),
            .parked = number(json, "parked"_L1),
            .dead = number(json, "dead"_L1),
            .lostFoundByPoll = number(json, "lost_found_by_poll"_L1),
            .oldestPending = duration(json, "oldest_pending_ms"_L1),
            .usualPause = duration(json, "usual_pause_ms"_L1),
            .quietSince = time(json, "quiet_since"_L1),
            .tokenExpiresAt = time(json, "token_expires_at"_L1)};
}

} // namespace

const DeskHealth::OfInbox *DeskHealth::find(InboxId id) const
{
    const auto it = std::find_if(inboxes.begin(), inboxes.end(), [id](const OfInbox &own) { return own.inboxId == id; });
    return it == inboxes.end() ? nullptr : &*it;
}

Result<DeskHealth> healthFromJson(const QJsonObject &json)
{
    if (!json.value("inboxes"_L1).isArray())
        return Error{Error::Kind::BadPayload, u"health without inboxes"_s};
    const QJsonObject store = json.value("store"_L1).toObject();
    const QJsonObject work = json.value("work"_L1).toObject();
    return DeskHealth{
        .inboxes = listOf<DeskHealth::OfInbox>(json, "inboxes"_L1, ofInbox),
        .latency = listOf<DeskHealth::Latency>(json, "latency"_L1,
                                               [](const QJsonObject &own) {
                                                   return DeskHealth::Latency{.channel = json::string(own, "channel"_L1),
                                                                              .count = number(own, "count"_L1),
                                                                              .p50Ms = own.value("p50_ms"_L1).toDouble(),
                                                                              .p99Ms = own.value("p99_ms"_L1).toDouble()};
                                               }),
        .refused = listOf<DeskHealth::Refusal>(json, "refused"_L1,
                                               [](const QJsonObject &own) {
                                                   return DeskHealth::Refusal{.at = time(own, "at"_L1).value_or(Timestamp()),
                                                                              .route = json::string(own, "route"_L1),
                                                                              .reason = json::string(own, "reason"_L1)};
                                               }),
        .lanes = listOf<DeskHealth::Lane>(json, "lanes"_L1,
                                          [](const QJsonObject &own) {
                                              return DeskHealth::Lane{.hash = json::string(own, "lane"_L1),
                                                                      .inboxId = inboxId(own),
                                                                      .age = Milliseconds(number(own, "age_ms"_L1)),
                                                                      .attempts = int(number(own, "attempts"_L1)),
                                                                      .reason = json::string(own, "reason"_L1)};
                                          }),
        .store = {.isWritable = store.value("writable"_L1).toBool(true),
                  .walBytes = number(store, "wal_bytes"_L1),
                  .batchSize = store.value("batch_size"_L1).toDouble(),
                  .queued = number(store, "urgent_queued"_L1) + number(store, "background_queued"_L1),
                  .longestClosure = Milliseconds(number(store, "longest_closure_ms"_L1)),
                  .oldestSnapshot = Milliseconds(number(store, "oldest_snapshot_ms"_L1))},
        .lostLeases = number(work, "lost_leases"_L1),
        .sendsUnknown = number(work, "sends_unknown"_L1),
        .clockOffset = duration(json, "clock_offset_ms"_L1),
        .diskFree = json::integer(json.value("disk_free"_L1))};
}

} // namespace antiphon
