#include "core/intake/enrichtask.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Asked {
    ConversationId conversation{};
    QString sourceId{};
    bool hasAnswered = false;
    inboxes::InboxRow inbox{};
};

Result<std::optional<Asked>> readAsked(ReadTransaction &tx, ConversationId id)
{
    const auto conversation = conversations::find(tx, id);
    if (!conversation)
        return conversation.error();
    if (!*conversation)
        return std::optional<Asked>();
    const auto thread = contacts::find(tx, (*conversation)->contactInboxId);
    if (!thread)
        return thread.error();
    const auto inbox = inboxes::find(tx, (*conversation)->inboxId);
    if (!inbox)
        return inbox.error();
    const auto answered = conversations::hasEverAnswered(tx, (*conversation)->contactInboxId);
    if (!answered)
        return answered.error();
    if (!*thread || !*inbox)
        return std::optional<Asked>();
    return std::optional(Asked{id, (*thread)->sourceId, *answered, **inbox});
}

EnrichResult::Commit commitOf(const Asked &asked, bool canSendImages)
{
    return [asked, canSendImages](WriteTransaction &tx) -> Result<void> {
        auto found = conversations::find(tx, asked.conversation);
        if (!found)
            return found.error();
        if (!*found)
            return {};
        conversations::ConversationRow row = **found;
        row.attributes.insert(capabilitiesKey(asked.inbox.inbox.channel),
                              QJsonObject{{u"image_send"_s, canSendImages}, {u"checked_at"_s, toRfc3339(tx.now())}});
        tx.changed(u"conversation.updated"_s, row.id.value(), row.inboxId);
        return conversations::update(tx, row);
    };
}

} // namespace

void capabilityTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    environment.database.read<std::optional<Asked>>(
        "capability job", [id = ConversationId(job.entityId)](ReadTransaction &tx) { return readAsked(tx, id); }, environment.mailbox,
        [&environment, done](const Result<std::optional<Asked>> &read) {
            if (!read)
                return done(failed(read.error()));
            const ChannelAdapter *adapter = *read ? environment.channels.adapter((*read)->inbox.inbox.channel) : nullptr;
            if (!adapter)
                return done({});
            const Asked asked = **read;
            const auto make = [adapter, asked, &environment](const InboxCredentials &credentials) {
                return adapter->imageCapability(asked.sourceId, asked.hasAnswered, credentials,
                                                environment.channels.endpoints(asked.inbox.inbox.channel));
            };
            if (!make({}))
                return done({});          // nothing to ask on this platform
            callWithToken<bool>(environment, asked.inbox.inbox.id, make, [asked, done](const Result<bool> &allowed) {
                // Where it can't be told, sending decides.
                if (!allowed)
                    return done(failed(allowed.error()));
                done({.commit = commitOf(asked, *allowed)});
            });
        });
}

} // namespace antiphon
