#include "core/desk/messagereact.h"

#include "core/desk/deskobjects.h"
#include "core/desk/messagesend.h"
#include "core/desk/params.h"
#include "core/intake/ownreaction.h"
#include "core/store/messagequeries.h"

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestEmoji = 32;      // families with skin tones are long; words are not meant

Result<QString> emojiOf(const QJsonObject &params)
{
    if (!params.value("emoji"_L1).isString())
        return params::invalid("emoji"_L1, u"required; empty takes it back"_s);
    const auto emoji = params::text(params, "emoji"_L1, kLongestEmoji);
    if (!emoji)
        return emoji;
    for (const QChar c : *emoji) {
        if (c.isSpace() || c.isLetter())
            return params::invalid("emoji"_L1, u"not an emoji"_s);
    }
    return emoji;
}

} // namespace

Result<QJsonObject> reactToMessage(WriteTransaction &tx, const Caller &caller, const DeskView &view, const std::function<void()> &wakeJobs,
                                   const QJsonObject &params)
{
    const auto id = params::requiredId<MessageId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto emoji = emojiOf(params);
    if (!emoji)
        return emoji.error();
    const auto message = MessageQueries(tx).byId(*id);
    if (!message)
        return message.error();
    const auto inbox = inboxes::find(tx, message->inboxId);
    if (!inbox)
        return inbox.error();
    const ChannelAdapter *adapter = *inbox ? view.channels->adapter((*inbox)->inbox.channel) : nullptr;
    if (!adapter || !adapter->limits((*inbox)->inbox.settings).canReact)
        return Error{Error::Kind::ChannelLimit, u"this channel takes no reactions"_s, u"emoji"_s};
    const auto target = ownreaction::target(tx, *id);
    if (!target)
        return target.error();
    if (!*target || message->isPrivate)
        return Error{Error::Kind::Conflict, u"the platform does not know this message"_s};
    if (const auto open = sendable(tx, view, message->conversationId, false); !open)
        return open.error();
    const Sender sender{.type = Sender::Type::Agent, .id = caller.agent.id.toString(), .name = caller.agent.name};
    if (const auto done = ownreaction::want(tx, message->inboxId, *id, (*inbox)->inbox.externalId, *emoji, sender, view.clock->now()); !done)
        return done.error();
    if (wakeJobs)
        tx.afterCommit(wakeJobs);
    return messageJson(tx, *id);
}

} // namespace antiphon::desk
