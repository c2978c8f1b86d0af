#include "core/intake/platformcall.h"
#include "core/intake/readmark.h"
#include "core/store/contactrepository.h"
#include "core/store/messagerepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Asked {
    Channel channel{};
    QString contactSourceId{};
    QString messageSourceId{};
    QJsonObject tokens{};
};

Result<std::optional<Asked>> readAsked(ReadTransaction &tx, const ChannelRegistry &channels, ConversationId id, InboxId inboxId)
{
    const auto inbox = inboxes::find(tx, inboxId);
    if (!inbox)
        return inbox.error();
    const auto conversation = conversations::find(tx, id);
    if (!conversation)
        return conversation.error();
    if (!*inbox || !*conversation || !readmark::isWanted(channels, (*inbox)->inbox))
        return std::optional<Asked>();
    const auto thread = contacts::find(tx, (*conversation)->contactInboxId);
    if (!thread)
        return thread.error();
    const auto wanted = readmark::wanted(tx, inboxId, id);
    if (!wanted)
        return wanted.error();
    if (!*thread || wanted->isEmpty())
        return std::optional<Asked>();
    const auto message = messages::findBySource(tx, inboxId, *wanted);
    if (!message)
        return message.error();
    const auto tokens = *message ? messages::tokens(tx, (*message)->id) : Result<QJsonObject>(QJsonObject());
    if (!tokens)
        return tokens.error();
    return std::optional(
        Asked{.channel = (*inbox)->inbox.channel, .contactSourceId = (*thread)->sourceId, .messageSourceId = *wanted, .tokens = *tokens});
}

} // namespace

void readMarkTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    environment.database.read<std::optional<Asked>>(
        "read mark job", [job, channels = &environment.channels](ReadTransaction &tx) { return readAsked(tx, *channels, ConversationId(job.entityId), job.inboxId); }, environment.mailbox,
        [&environment, job, done](const Result<std::optional<Asked>> &read) {
            if (!read)
                return done(failed(read.error()));
            const ChannelAdapter *adapter = *read ? environment.channels.adapter((*read)->channel) : nullptr;
            if (!adapter)
                return done({});
            const Asked asked = **read;
            const auto make = [adapter, asked, &environment](const InboxCredentials &credentials) {
                return adapter->markRead(asked.contactSourceId, asked.messageSourceId, asked.tokens, credentials, environment.channels.endpoints(asked.channel));
            };
            callPlatform(environment, job.inboxId, make, [job, asked, done](const Result<void> &taken) {
                if (!taken)
                    return done(failed(taken.error()));
                done({.commit = [job, asked](WriteTransaction &tx) -> Result<void> {
                    const auto wanted = readmark::wanted(tx, job.inboxId, ConversationId(job.entityId));
                    if (!wanted)
                        return wanted.error();
                    return *wanted == asked.messageSourceId ? Result<void>() : readmark::enqueue(tx, job.inboxId, ConversationId(job.entityId));
                }});
            });
        });
}

} // namespace antiphon
