#include "core/domain/gap.h"

#include "core/domain/names.h"
#include "core/domain/wire.h"

#include <QJsonArray>
#include <QStringList>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 4> kStates{u"open", u"recovered", u"partial", u"unrecoverable"};
constexpr std::array<QStringView, 8> kCauses{u"stopped", u"crashed", u"sleep", u"network", u"tunnel", u"locked", u"restored", u"manual"};
constexpr std::array<QStringView, 10> kCodes{u"newest_only",      u"threads_capped",         u"retention",       u"unreadable_threads",
                                             u"waiting_for_redelivery", u"redelivery_over",   u"no_history",      u"needs_owner",
                                             u"unreachable",      u"refused"};

QString counted(int count, const QString &one, const QString &many)
{
    return count == 1 ? u"1 "_s + one : u"%1 %2"_s.arg(count).arg(many);
}

QString sentence(const Gap::Reason &reason)
{
    const QString conversations = counted(reason.count, u"conversation"_s, u"conversations"_s);
    switch (reason.code) {
    case Gap::Reason::Code::NewestOnly: return u"%1 newest fetched; older ones may be missing in %2"_s.arg(reason.limit).arg(conversations);
    case Gap::Reason::Code::ThreadsCapped:
        return u"the platform lists %1 conversations at most; further ones may be missing"_s.arg(reason.limit);
    case Gap::Reason::Code::Retention: return u"the platform lists the last %1 days only; what is older is lost"_s.arg(reason.limit);
    case Gap::Reason::Code::UnreadableThreads: return conversations + u" could not be read"_s;
    case Gap::Reason::Code::WaitingForRedelivery: return u"the platform has no history; waiting for redelivery"_s;
    case Gap::Reason::Code::RedeliveryOver: return u"the platform has no history; something may be missing"_s;
    case Gap::Reason::Code::NoHistory: return u"the platform has no history"_s;
    case Gap::Reason::Code::NeedsOwner: return u"waits for new credentials"_s;
    case Gap::Reason::Code::Unreachable: return u"the platform could not be asked yet; it will be tried again"_s;
    case Gap::Reason::Code::Refused: return u"the platform refuses to list messages"_s;
    }
    Q_UNREACHABLE();
}

} // namespace

QString gapStateName(Gap::State state)
{
    return names::of(kStates, state);
}

std::optional<Gap::State> gapStateFromName(QStringView name)
{
    return names::find<Gap::State>(kStates, name);
}

QString gapCauseName(Gap::Cause cause)
{
    return names::of(kCauses, cause);
}

std::optional<Gap::Cause> gapCauseFromName(QStringView name)
{
    return names::find<Gap::Cause>(kCauses, name);
}

QJsonObject toJson(const Gap::Reason &reason)
{
    QJsonObject object{{u"code"_s, names::of(kCodes, reason.code)}};
    if (reason.count > 0)
        object.insert("count"_L1, reason.count);
    if (reason.limit > 0)
        object.insert("limit"_L1, reason.limit);
    if (!reason.detail.isEmpty())
        object.insert("detail"_L1, reason.detail);
    return object;
}

std::optional<Gap::Reason> gapReasonFromJson(const QJsonObject &json)
{
    const auto code = names::find<Gap::Reason::Code>(kCodes, json.value("code"_L1).toString());
    if (!code)
        return std::nullopt;
    return Gap::Reason{.code = *code,
                       .count = json.value("count"_L1).toInt(),
                       .limit = json.value("limit"_L1).toInt(),
                       .detail = json::string(json, "detail"_L1)};
}

QString gapNote(const QList<Gap::Reason> &reasons)
{
    QStringList sentences;
    for (const Gap::Reason &reason : reasons) {
        const QString said = sentence(reason);
        sentences.append(reason.detail.isEmpty() ? said : said + u" ("_s + reason.detail + u')');
    }
    return sentences.join(u". "_s);
}

QJsonObject toJson(const Gap &gap)
{
    QJsonArray reasons;
    for (const Gap::Reason &reason : gap.reasons)
        reasons.append(toJson(reason));
    return {{u"id"_s, gap.id.toString()},
            {u"inbox_id"_s, json::orNull(gap.inboxId)},
            {u"from"_s, toRfc3339(gap.from)},
            {u"to"_s, json::orNull(gap.to)},
            {u"cause"_s, gapCauseName(gap.cause)},
            {u"state"_s, gapStateName(gap.state)},
            {u"recovered"_s, gap.recovered},
            {u"note"_s, json::orNull(gapNote(gap.reasons))},
            {u"reasons"_s, reasons}};
}

Result<Gap> gapFromJson(const QJsonObject &json)
{
    const auto id = wire::ownId<GapId>(json);
    if (!id)
        return id.error();
    const auto cause = gapCauseFromName(json.value("cause"_L1).toString());
    if (!cause)
        return wire::unknownWord("cause"_L1);
    const auto state = gapStateFromName(json.value("state"_L1).toString());
    if (!state)
        return wire::unknownWord("state"_L1);
    Gap gap{.id = *id,
            .inboxId = wire::idOrNull<InboxId>(json, "inbox_id"_L1),
            .from = wire::time(json, "from"_L1).value_or(Timestamp()),
            .to = wire::time(json, "to"_L1),
            .cause = *cause,
            .state = *state,
            .recovered = json::integer(json.value("recovered"_L1)).value_or(0)};
    const QJsonArray reasons = json.value("reasons"_L1).toArray();
    for (const QJsonValue &value : reasons) {
        if (const auto reason = gapReasonFromJson(value.toObject()))
            gap.reasons.append(*reason);
    }
    return gap;
}

} // namespace antiphon
