#include "core/intake/platformcall.h"
#include "core/intake/storedevent.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Asked {
    Channel channel{};
    SplitEvent event{};
};

Result<std::optional<Asked>> readAsked(ReadTransaction &tx, EventId id, InboxId inboxId)
{
    const auto event = events::find(tx, id);
    if (!event)
        return event.error();
    const auto inbox = inboxes::find(tx, inboxId);
    if (!inbox)
        return inbox.error();
    if (!*event || !*inbox)
        return std::optional<Asked>();
    return std::optional(Asked{.channel = (*inbox)->inbox.channel, .event = splitEventOf(**event, (*inbox)->inbox)});
}

} // namespace

/// One try, whatever comes back: a person who presses the button again is told anew.
void acknowledgeTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    if (job.attempts > 0)
        return done({});                       // it was under way when the process ended
    environment.database.read<std::optional<Asked>>(
        "acknowledge job", [job](ReadTransaction &tx) { return readAsked(tx, EventId(job.entityId), job.inboxId); }, environment.mailbox,
        [&environment, job, done](const Result<std::optional<Asked>> &read) {
            const ChannelAdapter *adapter = read && *read ? environment.channels.adapter((*read)->channel) : nullptr;
            if (!adapter)
                return done({});
            const auto make = [adapter, asked = **read, &environment](const InboxCredentials &credentials) {
                return adapter->acknowledge(asked.event, credentials, environment.channels.endpoints(asked.channel));
            };
            callPlatform(environment, job.inboxId, make, [done](const Result<void> &taken) {
                EnrichResult result;
                if (!taken) {
                    result.error = taken.error();
                    result.isFinal = true;
                }
                done(result);
            });
        });
}

} // namespace antiphon
