#include "core/intake/inboundcontext.h"

#include "core/base/json.h"
#include "core/store/jobrepository.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kReadUpTo = "read_up_to"_L1;
constexpr auto kReferral = "pending_referral"_L1;
constexpr Milliseconds kProfileAge = std::chrono::hours(24 * 7);

QString nameOf(const InboundCustomer &customer)
{
    return customer.displayName.isEmpty() ? customer.username : customer.displayName;
}

/// What is known of the customer on this platform, beside the ids.
QJsonObject withCustomer(QJsonObject attributes, const InboundCustomer &customer)
{
    if (!customer.platformUserId.isEmpty())
        attributes.insert("platform_user_id"_L1, customer.platformUserId);
    if (!customer.username.isEmpty())
        attributes.insert("username"_L1, customer.username);
    if (!customer.displayName.isEmpty())
        attributes.insert("display_name"_L1, customer.displayName);
    if (customer.isFollower)
        attributes.insert("is_follower"_L1, *customer.isFollower);
    return attributes;
}

/// As other tools name them, so that exports stay familiar.
QJsonObject contactAttributes(const InboundCustomer &customer, Channel channel)
{
    QJsonObject attributes;
    if (!customer.username.isEmpty()) {
        attributes.insert("username"_L1, customer.username);
        attributes.insert(u"social_%1_user_name"_s.arg(channelName(channel)), customer.username);
    }
    if (!customer.platformUserId.isEmpty())
        attributes.insert(u"social_%1_user_id"_s.arg(channelName(channel)), customer.platformUserId);
    return attributes;
}

Result<contacts::ContactInboxRow> makeThread(const Context &context, const InboundCustomer &customer)
{
    const auto contact = contacts::insertContact(context.tx, nameOf(customer), contactAttributes(customer, context.inbox.inbox.channel));
    if (!contact)
        return contact.error();
    contacts::ContactInboxRow row{.inboxId = context.inboxId(),
                                  .contactId = *contact,
                                  .sourceId = customer.contactSourceId,
                                  .attributes = withCustomer({}, customer)};
    const auto id = contacts::insertContactInbox(context.tx, row.inboxId, row.contactId, row.sourceId, row.attributes);
    if (!id)
        return id.error();
    if (!*id)
        return Error{Error::Kind::Conflict, u"the customer's address appeared meanwhile"_s};
    row.id = **id;
    context.changed(u"contact.created"_s, contact->value());
    // A read mark may have come before what it marks.
    if (const auto due = events::dueByTarget(context.tx, row.inboxId, row.sourceId); !due)
        return due.error();
    return row;
}

/// A customer who calls themselves differently now; a name that an agent chose stays.
Result<void> rename(const Context &context, const contacts::ContactInboxRow &row, const InboundCustomer &customer)
{
    const QString before = row.attributes.value("username"_L1).toString();
    if (customer.username.isEmpty() || before.isEmpty() || before == customer.username)
        return {};
    const auto name = contacts::name(context.tx, row.contactId);
    if (!name)
        return name.error();
    if (*name != before)
        return {};
    if (const auto done = contacts::setName(context.tx, row.contactId, customer.username); !done)
        return done;
    context.changed(u"contact.updated"_s, row.contactId.value());
    return {};
}

} // namespace

Result<contacts::ContactInboxRow> thread(const Context &context, const InboundCustomer &customer)
{
    if (customer.contactSourceId.isEmpty())
        return Error{Error::Kind::BadPayload, u"no customer address"_s};
    const auto found = contacts::find(context.tx, context.inboxId(), customer.contactSourceId);
    if (!found)
        return found.error();
    if (!*found)
        return makeThread(context, customer);
    contacts::ContactInboxRow row = **found;
    const QJsonObject attributes = withCustomer(row.attributes, customer);
    if (attributes == row.attributes)
        return row;
    if (const auto done = rename(context, row, customer); !done)
        return done.error();
    row.attributes = attributes;
    if (const auto done = contacts::setAttributes(context.tx, row.id, row.attributes); !done)
        return done.error();
    return row;
}

Result<void> wantProfile(const Context &context, const contacts::ContactInboxRow &thread)
{
    if (thread.profileAt && context.tx.now() - *thread.profileAt < kProfileAge)
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

Result<Outcome> applyReferral(const Context &context, const InboundReferral &referral)
{
    const auto row = thread(context, referral.customer);
    if (!row)
        return row.error();
    if (const auto done = wantProfile(context, *row); !done)
        return done.error();
    const Timestamp at = context.event.platformAt.value_or(context.event.receivedAt);
    const auto open = conversations::newestOpen(context.tx, row->id);
    if (!open)
        return open.error();
    if (!*open) {
        // No conversation is opened for it: the next one that the customer opens takes it.
        QJsonObject attributes = row->attributes;
        attributes.insert(kReferral, QJsonObject{{u"referral"_s, referral.referral}, {u"at"_s, toUnixMs(at)}});
        if (const auto done = contacts::setAttributes(context.tx, row->id, attributes); !done)
            return done.error();
        return Outcome{};
    }
    conversations::ConversationRow conversation = **open;
    conversation.attributes.insert("referral"_L1, referral.referral);
    if (const auto done = conversations::update(context.tx, conversation); !done)
        return done.error();
    QJsonObject activity = referral.referral;
    activity.insert("kind"_L1, u"referral"_s);
    const auto line = insertActivity(context, conversation.id, at, activity);
    if (!line)
        return line.error();
    context.changed(u"conversation.updated"_s, conversation.id.value());
    return Outcome{.entityId = conversation.id.value()};
}

std::optional<Timestamp> readUpTo(const contacts::ContactInboxRow &thread)
{
    const auto at = json::integer(thread.attributes.value(kReadUpTo));
    return at ? std::optional(fromUnixMs(*at)) : std::nullopt;
}

Result<Outcome> applyRead(const Context &context, const InboundRead &read)
{
    const auto row = contacts::find(context.tx, context.inboxId(), read.contactSourceId);
    if (!row)
        return row.error();
    if (!*row) {
        const Timestamp until = context.event.receivedAt + kTargetPatience;
        if (context.tx.now() >= until)
            return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"unknown thread"_s};
        return Outcome{.kind = Outcome::Kind::Parked, .reason = u"waits_for_thread"_s, .retryAt = until};
    }
    // Kept, for echoes and answers of sends that come after the mark that covers them.
    if (const auto before = readUpTo(**row); !before || *before < read.readUpTo) {
        QJsonObject attributes = (*row)->attributes;
        attributes.insert(kReadUpTo, toUnixMs(read.readUpTo));
        if (const auto done = contacts::setAttributes(context.tx, (*row)->id, attributes); !done)
            return done.error();
    }
    const auto messages = messages::markUpTo(context.tx, (*row)->id, read.readUpTo);
    if (!messages)
        return messages.error();
    for (const messages::MessageRef &message : *messages) {
        context.changed(u"message.updated"_s, message.id.value());
        context.changed(u"conversation.updated"_s, message.conversationId.value());
    }
    return Outcome{.entityId = messages->isEmpty() ? 0 : messages->constLast().id.value()};
}

} // namespace antiphon::inbound
