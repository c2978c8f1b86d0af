#include "core/intake/inboundflow.h"

#include "core/channels/missinglookup.h"
#include "core/intake/inboundcontext.h"
#include "core/intake/rawheaders.h"
#include "core/intake/storedevent.h"
#include "core/store/jobrepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace inbound;

/// Several notices of one moment are one pull.
constexpr Milliseconds kPullDebounce{1000};

Result<Outcome> applyPull(const Context &context, const InboundPull &pull)
{
    const auto queued = jobs::enqueue(context.tx, {.kind = u"pull"_s,
                                                   .inboxId = context.inboxId(),
                                                   .entity = u"event"_s,
                                                   .entityId = context.event.id.value(),
                                                   .payload = {{u"at"_s, toUnixMs(pull.platformAt)}},
                                                   .nextAt = context.tx.now() + kPullDebounce});
    if (!queued)
        return queued.error();
    if (context.hooks.jobsQueued)
        context.tx.afterCommit(context.hooks.jobsQueued);
    return Outcome{};
}

Result<Outcome> applyAuthorizationRemoved(const Context &context)
{
    if (const auto done = inboxes::setState(context.tx, context.inboxId(), Inbox::State::ReauthorizationRequired, u"authorization_removed"_s); !done)
        return done.error();
    if (context.hooks.authorizationRemoved)
        context.tx.afterCommit([hook = context.hooks.authorizationRemoved, id = context.inboxId()] { hook(id); });
    return Outcome{};
}

/// One overload a kind of event.
struct Apply {
    const Context &context;

    Result<Outcome> operator()(const InboundMessage &message) const { return applyMessage(context, message); }
    Result<Outcome> operator()(const InboundRead &read) const { return applyRead(context, read); }
    Result<Outcome> operator()(const InboundReaction &reaction) const { return applyReaction(context, reaction); }
    Result<Outcome> operator()(const InboundReferral &referral) const { return applyReferral(context, referral); }
    Result<Outcome> operator()(const InboundPull &pull) const { return applyPull(context, pull); }
    Result<Outcome> operator()(const InboundAuthorizationRemoved &) const { return applyAuthorizationRemoved(context); }
    Result<Outcome> operator()(const InboundStatus &status) const { return applyStatus(context, status); }
    Result<Outcome> operator()(const InboundEdit &edit) const { return applyEdit(context, edit); }
    Result<Outcome> operator()(const InboundRevoke &revoke) const { return applyRevoke(context, revoke); }
    Result<Outcome> operator()(const InboundActivity &activity) const { return applyActivity(context, activity); }
    Result<Outcome> operator()(const InboundContactCard &card) const { return applyContactCard(context, card); }
    Result<Outcome> operator()(const InboundSyncProgress &sync) const { return applySyncProgress(context, sync); }
    Result<Outcome> operator()(const InboundNotice &notice) const { return applyNotice(context, notice); }
    Result<Outcome> operator()(const InboundConnection &connection) const { return applyConnection(context, connection); }
    Result<Outcome> operator()(const InboundTemplateChange &change) const { return applyTemplateChange(context, change); }
    Result<Outcome> operator()(const InboundIgnored &ignored) const { return Outcome{.kind = Outcome::Kind::Ignored, .reason = ignored.reason}; }
};

/// The customer that an event is about, as far as it says.
QString threadOf(const InboundEvent &event)
{
    if (const auto *message = std::get_if<InboundMessage>(&event))
        return message->customer.contactSourceId;
    if (const auto *read = std::get_if<InboundRead>(&event))
        return read->contactSourceId;
    if (const auto *reaction = std::get_if<InboundReaction>(&event))
        return reaction->contactSourceId;
    if (const auto *referral = std::get_if<InboundReferral>(&event))
        return referral->customer.contactSourceId;
    if (const auto *edit = std::get_if<InboundEdit>(&event))
        return edit->contactSourceId;
    if (const auto *revoke = std::get_if<InboundRevoke>(&event))
        return revoke->contactSourceId;
    if (const auto *activity = std::get_if<InboundActivity>(&event))
        return activity->customer.contactSourceId;
    return {};
}

} // namespace

bool inbound::Context::isCaughtUp() const
{
    return event.payload.contains(kCaughtUpKey) && !event.payload.value(kCaughtUpKey).toObject().value("live"_L1).toBool();
}

InboundFlow::InboundFlow(const ChannelRegistry &channels, Hooks hooks)
    : m_channels(channels)
    , m_hooks(std::move(hooks))
{
}

Result<void> InboundFlow::acknowledge(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox) const
{
    const ChannelAdapter *adapter = m_channels.adapter(inbox.inbox.channel);
    return adapter ? wantAcknowledgement({tx, event, inbox, *adapter, m_hooks}) : Result<void>();
}

Result<void> InboundFlow::lookUp(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox, const Error &missing) const
{
    const ChannelAdapter *adapter = m_channels.adapter(inbox.inbox.channel);
    if (missing.kind != Error::Kind::Unavailable || missing.field.isEmpty() || !dynamic_cast<const MissingLookup *>(adapter))
        return {};
    const auto queued = jobs::enqueue(tx, {.kind = u"look_up"_s,
                                           .inboxId = inbox.inbox.id,
                                           .entity = u"event"_s,
                                           .entityId = event.id.value(),
                                           .payload = {{u"field"_s, missing.field}, {u"what"_s, missing.code}},
                                           .nextAt = tx.now()});
    if (!queued)
        return queued.error();
    if (m_hooks.jobsQueued)
        tx.afterCommit(m_hooks.jobsQueued);
    return {};
}

Result<InboundFlow::Outcome> InboundFlow::apply(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox) const
{
    const ChannelAdapter *adapter = m_channels.adapter(inbox.inbox.channel);
    if (!adapter)
        return Error{Error::Kind::BadPayload, u"no such channel here"_s};
    const auto read = adapter->read(splitEventOf(event, inbox.inbox));
    if (!read)
        return read.error();
    const Context context{tx, event, inbox, *adapter, m_hooks};
    return std::visit(Apply{context}, *read);
}

Result<void> InboundFlow::tellFailure(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox) const
{
    const ChannelAdapter *adapter = m_channels.adapter(inbox.inbox.channel);
    if (!adapter)
        return {};
    const auto read = adapter->read(splitEventOf(event, inbox.inbox));
    const QString source = read ? threadOf(*read) : QString();
    if (source.isEmpty())
        return {};
    const auto thread = contacts::findByAddress(tx, inbox.inbox.id, source);
    if (!thread)
        return thread.error();
    if (!*thread)
        return {};
    const auto conversation = conversations::newest(tx, (*thread)->id);
    if (!conversation)
        return conversation.error();
    if (!*conversation)
        return {};
    const Context context{tx, event, inbox, *adapter, m_hooks};
    const auto line = insertActivity(context, (*conversation)->id, event.platformAt.value_or(event.receivedAt),
                                     {{u"kind"_s, u"event_failed"_s}, {u"event_id"_s, event.id.toString()}});
    return line ? Result<void>() : Result<void>(line.error());
}

} // namespace antiphon
