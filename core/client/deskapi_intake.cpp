// The calls about the way in: its numbers, its health, dead letters and gaps.

#include "core/client/deskcalls.h"

namespace antiphon {
using namespace Qt::StringLiterals;
using namespace deskcalls;

namespace {

Result<DeadLetter> deadLetterFromJson(const QJsonObject &json)
{
    return DeadLetter{.id = json::string(json, "id"_L1),
                      .inboxId = InboxId::fromString(json.value("inbox_id"_L1).toString()).value_or(InboxId()),
                      .kind = json::string(json, "kind"_L1),
                      .reason = json::string(json, "reason"_L1),
                      .receivedAt = fromRfc3339(json.value("received_at"_L1).toString()).value_or(Timestamp()),
                      .channel = json::string(json, "channel"_L1),
                      .errorClass = json::string(json, "error_class"_L1),
                      .attempts = json.value("attempts"_L1).toInt()};
}

Result<DeadLetterDetails> deadLetterDetailsFromJson(const QJsonObject &json)
{
    return DeadLetterDetails{.payload = json::string(json, "payload"_L1),
                             .contactId = ContactId::fromString(json.value("contact_id"_L1).toString()).value_or(ContactId()),
                             .contactName = json::string(json, "contact_name"_L1),
                             .conversationId = ConversationId::fromString(json.value("conversation_id"_L1).toString()).value_or(ConversationId())};
}

Result<DeadLetterGroup> deadLetterGroupFromJson(const QJsonObject &json)
{
    return DeadLetterGroup{.inboxId = InboxId::fromString(json.value("inbox_id"_L1).toString()).value_or(InboxId()),
                           .channel = json::string(json, "channel"_L1),
                           .kind = json::string(json, "kind"_L1),
                           .errorClass = json::string(json, "error_class"_L1),
                           .reason = json::string(json, "reason"_L1),
                           .count = json.value("count"_L1).toInt(),
                           .newestAt = fromRfc3339(json.value("newest_at"_L1).toString()).value_or(Timestamp())};
}

Result<IntakeNumbers> intakeStatsFromJson(const QJsonObject &json)
{
    const auto number = [&json](QLatin1StringView key) { return json::integer(json.value(key)).value_or(0); };
    return IntakeNumbers{.received = number("received"_L1),
                       .duplicates = number("duplicates"_L1),
                       .processed = number("processed"_L1),
                       .pending = number("pending"_L1),
                       .dead = number("dead"_L1),
                       .ignored = number("ignored"_L1),
                       .parked = number("parked"_L1),
                       .stale = number("stale"_L1),
                       .rejectedSignature = number("rejected_signature"_L1),
                       .lostFoundByPoll = number("lost_found_by_poll"_L1)};
}

} // namespace

QFuture<Result<IntakeNumbers>> DeskApi::intakeStats()
{
    return ask<IntakeNumbers>(m_client, u"intake.stats"_s, {}, intakeStatsFromJson);
}

QFuture<Result<DeadLetterPage>> DeskApi::deadLetters(const QString &cursor, int limit)
{
    return ask<DeadLetterPage>(m_client, u"intake.dead_letters"_s, pageParams(cursor, limit), pageOf<DeadLetter>(deadLetterFromJson));
}

QFuture<Result<void>> DeskApi::retryDeadLetter(const QString &id)
{
    return askNothing(m_client, u"intake.retry"_s, {{u"id"_s, id}});
}

QFuture<Result<void>> DeskApi::discardDeadLetter(const QString &id)
{
    return askNothing(m_client, u"intake.discard"_s, {{u"id"_s, id}});
}

QFuture<Result<DeadLetterDetails>> DeskApi::deadLetter(const QString &id)
{
    return ask<DeadLetterDetails>(m_client, u"intake.dead_letter"_s, {{u"id"_s, id}}, deadLetterDetailsFromJson);
}

QFuture<Result<Page<DeadLetterGroup>>> DeskApi::deadLetterGroups()
{
    return ask<Page<DeadLetterGroup>>(m_client, u"intake.dead_letter_groups"_s, {}, pageOf<DeadLetterGroup>(deadLetterGroupFromJson));
}

QFuture<Result<int>> DeskApi::retryDeadLetters(const DeadLetterGroup &group)
{
    const QJsonObject params{{u"reason"_s, json::orNull(group.reason)},
                             {u"error_class"_s, json::orNull(group.errorClass)},
                             {u"inbox_id"_s, json::orNull(group.inboxId)}};
    return ask<int>(m_client, u"intake.retry_all"_s, params, [](const QJsonObject &json) -> Result<int> { return json.value("count"_L1).toInt(); });
}

QFuture<Result<QJsonObject>> DeskApi::exportDeadLetters(const QString &id)
{
    return m_client.call(u"intake.export"_s, {{u"id"_s, json::orNull(id)}});
}

QFuture<Result<DeskHealth>> DeskApi::intakeHealth()
{
    return ask<DeskHealth>(m_client, u"intake.health"_s, {}, healthFromJson);
}

QFuture<Result<Page<Gap>>> DeskApi::gaps(const QString &cursor, int limit)
{
    return ask<Page<Gap>>(m_client, u"intake.gaps"_s, pageParams(cursor, limit), pageOf<Gap>(gapFromJson));
}

} // namespace antiphon
