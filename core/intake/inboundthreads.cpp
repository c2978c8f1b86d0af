#include "core/intake/inboundcontext.h"

#include "core/base/json.h"
#include "core/store/jobrepository.h"
#include "core/store/replytokenrepository.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kReadUpTo = "read_up_to"_L1;
constexpr auto kReferral = "pending_referral"_L1;
constexpr Milliseconds kProfileAge = std::chrono::hours(24 * 7);

/// Whether it was told after `at` that the customer blocked us. What agents did to the conversation since says nothing of that.
Result<bool> isBlockedAfter(const Context &context, ConversationId conversation, Timestamp at)
{
    Query q = context.tx.query(u"SELECT 1 FROM message WHERE conversation_id = :id AND created_at > :at AND direction = 'activity'"
                               " AND json_extract(activity, '$.kind') IN ('blocked', 'customer_blocked') LIMIT 1"_s);
    q.bind(":id"_L1, conversation).bind(":at"_L1, at);
    const bool found = q.next();
    if (!q.ok())
        return q.error();
    return found;
}

} // namespace

Result<void> keepReplyToken(const Context &context, const contacts::ContactInboxRow &thread, const QString &token)
{
    if (token.isEmpty() || context.isCaughtUp())
        return {};
    return replytokens::store(context.tx, thread.id, token, context.event.receivedAt);
}

Result<void> putAttributes(const Context &context, conversations::ConversationRow *row, const QJsonObject &changes)
{
    if (changes.contains(conversations::kCannotReply)) {
        const auto done = conversations::setCannotReply(context.tx, row->contactInboxId, changes.value(conversations::kCannotReply).toString());
        if (!done)
            return done.error();
    }
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        if (it.value().isNull())
            row->attributes.remove(it.key());
        else
            row->attributes.insert(it.key(), it.value());
    }
    return {};
}

Result<void> noteReachable(const Context &context, conversations::ConversationRow *row, const contacts::ContactInboxRow &thread, Timestamp at)
{
    const QString why = row->attributes.value(conversations::kCannotReply).toString();
    if (why != "blocked"_L1 && why != "deactivated"_L1)
        return {};
    const auto isOver = isBlockedAfter(context, row->id, at);       // a message from before it that comes late
    if (!isOver)
        return isOver.error();
    if (*isOver)
        return {};
    const QString bar = connectionBar(context, thread.sourceId);
    return putAttributes(context, row, {{conversations::kCannotReply, bar.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(bar)}});
}

Outcome waitFor(const Context &context, const QString &reason, Milliseconds patience, const QString &unknown)
{
    const Timestamp until = context.event.receivedAt + patience;
    if (context.tx.now() >= until)
        return {.kind = Outcome::Kind::Ignored, .reason = unknown};
    return {.kind = Outcome::Kind::Parked, .reason = reason, .retryAt = until};
}

Result<void> wantProfile(const Context &context, const contacts::ContactInboxRow &thread, bool byCustomer)
{
    if (thread.profileAt && context.tx.now() - *thread.profileAt < kProfileAge)
        return {};
    if (!byCustomer && thread.attributes.value("profile_refused"_L1).toBool())
        return {};
    const auto queued = jobs::enqueue(context.tx, {.kind = u"profile"_s,
                                                   .inboxId = thread.inboxId,
                                                   .entity = u"contact_inbox"_s,
                                                   .entityId = thread.id.value(),
                                                   .nextAt = context.tx.now()});
    if (!queued)
        return queued.error();
    if (*queued && context.hooks.jobsQueued)
        context.tx.afterCommit(context.hooks.jobsQueued);
    return {};
}

void holdReferral(contacts::ContactInboxRow &thread, const QJsonObject &referral, Timestamp at)
{
    thread.attributes.insert(kReferral, QJsonObject{{u"referral"_s, referral}, {u"at"_s, toUnixMs(at)}});
}

Result<Outcome> applyReferral(const Context &context, const InboundReferral &referral)
{
    auto customer = thread(context, referral.customer);
    if (!customer)
        return customer.error();
    contacts::ContactInboxRow row = *customer;
    if (const auto done = wantProfile(context, row, true); !done)
        return done.error();
    const Timestamp at = context.event.platformAt.value_or(context.event.receivedAt);
    const auto open = conversations::newestOpen(context.tx, row.id);
    if (!open)
        return open.error();
    if (!*open) {
        // No conversation is opened for it: the next one that the customer opens takes it.
        holdReferral(row, referral.referral, at);
        if (const auto done = contacts::setAttributes(context.tx, row.id, row.attributes); !done)
            return done.error();
        return Outcome{};
    }
    conversations::ConversationRow conversation = **open;
    conversation.attributes.insert("referral"_L1, referral.referral);
    if (const auto done = conversations::update(context.tx, conversation); !done)
        return done.error();
    if (referral.isLine) {
        QJsonObject activity = referral.referral;
        activity.insert("kind"_L1, u"referral"_s);
        const auto line = insertActivity(context, conversation.id, at, activity);
        if (!line)
            return line.error();
    }
    context.changed(u"conversation.updated"_s, conversation.id.value());
    return Outcome{.entityId = conversation.id.value()};
}

std::optional<Timestamp> readUpTo(const contacts::ContactInboxRow &thread)
{
    const auto at = json::integer(thread.attributes.value(kReadUpTo));
    return at ? std::optional(fromUnixMs(*at)) : std::nullopt;
}

} // namespace antiphon::inbound
