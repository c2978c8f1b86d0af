#include "core/intake/ownreaction.h"
#include "core/intake/platformcall.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/messagerepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Asked {
    Channel channel{};
    QString senderKey{};
    OutboundReaction reaction{};
};

/// Nothing where the message is gone or has no id to react to.
Result<std::optional<Asked>> readAsked(ReadTransaction &tx, MessageId id, InboxId inboxId)
{
    const auto inbox = inboxes::find(tx, inboxId);
    if (!inbox)
        return inbox.error();
    const auto target = ownreaction::target(tx, id);
    if (!target)
        return target.error();
    if (!*inbox || !*target)
        return std::optional<Asked>();
    Asked asked{.channel = (*inbox)->inbox.channel,
                .senderKey = (*inbox)->inbox.externalId,
                .reaction = {.contactSourceId = (*target)->contactSourceId, .messageSourceId = (*target)->sourceId}};
    const auto emoji = ownreaction::emoji(tx, id, asked.senderKey);
    if (!emoji)
        return emoji.error();
    asked.reaction.emoji = *emoji;
    return std::optional(asked);
}

/// What the agent chose meanwhile goes out next: the platform has `sent` now.
EnrichResult::Commit commitOf(const jobs::Job &job, const Asked &asked)
{
    return [job, asked](WriteTransaction &tx) -> Result<void> {
        const auto emoji = ownreaction::emoji(tx, MessageId(job.entityId), asked.senderKey);
        if (!emoji)
            return emoji.error();
        if (*emoji == asked.reaction.emoji)
            return {};
        return ownreaction::enqueue(tx, job.inboxId, MessageId(job.entityId), asked.reaction.emoji);
    };
}

/// It is taken back here too, and the conversation says why.
EnrichResult::Commit giveUpOf(const jobs::Job &job, const Asked &asked, const Error &error)
{
    return [job, asked, error](WriteTransaction &tx) -> Result<void> {
        const MessageId id(job.entityId);
        const auto message = messages::find(tx, id);
        if (!message)
            return message.error();
        const auto restored = ownreaction::restore(tx, id, asked.senderKey, job.payload.value("before"_L1).toString());
        if (!restored)
            return restored;
        if (!*message)
            return {};
        const auto line = messages::insert(tx, {.conversationId = (*message)->conversationId,
                                                .inboxId = job.inboxId,
                                                .direction = Message::Direction::Activity,
                                                .senderType = Sender::Type::System,
                                                .activity = {{u"kind"_s, u"reaction_failed"_s},
                                                             {u"message_id"_s, id.toString()},
                                                             {u"emoji"_s, asked.reaction.emoji},
                                                             {u"code"_s, error.code.isEmpty() ? errorKindName(error.kind) : error.code},
                                                             {u"text"_s, error.detail}},
                                                .createdAt = tx.now(),
                                                .receivedAt = tx.now()});
        if (!line)
            return line.error();
        tx.changed(u"message.updated"_s, id.value(), job.inboxId);
        tx.changed(u"message.created"_s, (*line)->value(), job.inboxId);
        return {};
    };
}

} // namespace

void reactTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    environment.database.read<std::optional<Asked>>(
        "react job", [job](ReadTransaction &tx) { return readAsked(tx, MessageId(job.entityId), job.inboxId); }, environment.mailbox,
        [&environment, job, done](const Result<std::optional<Asked>> &read) {
            if (!read)
                return done(failed(read.error()));
            const ChannelAdapter *adapter = *read ? environment.channels.adapter((*read)->channel) : nullptr;
            if (!adapter)
                return done({});
            const Asked asked = **read;
            const auto make = [adapter, asked, &environment](const InboxCredentials &credentials) {
                return adapter->react(asked.reaction, credentials, environment.channels.endpoints(asked.channel));
            };
            callPlatform(environment, job.inboxId, make, [job, asked, done](const Result<void> &taken) {
                if (taken)
                    return done({.commit = commitOf(job, asked)});
                EnrichResult result = failed(taken.error());
                result.giveUp = giveUpOf(job, asked, taken.error());
                done(result);
            });
        });
}

} // namespace antiphon
