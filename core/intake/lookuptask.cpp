#include "core/channels/missinglookup.h"
#include "core/intake/enrichtask.h"
#include "core/intake/spliteventjson.h"

#include <QCryptographicHash>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

/// What came goes the way of all that is fetched; the event that needs it tries again by itself.
void journal(const EnrichEnvironment &environment, const Inbox &inbox, QList<SplitEvent> events, const EnrichDone &done)
{
    if (events.isEmpty())
        return done({});
    for (SplitEvent &event : events)
        event.inbox = inbox.id;
    const QByteArray body = fetchedBody(events);
    environment.journal.store({.inboxId = inbox.id,
                               .channel = channelName(inbox.channel),
                               .receivedAt = environment.clock.now(),
                               .source = u"poll"_s,
                               .body = body,
                               .bodySha256 = QCryptographicHash::hash(body, QCryptographicHash::Sha256)},
                              environment.mailbox, [done](const Result<void> &stored) { done(stored ? EnrichResult() : failed(stored.error())); });
}

void ask(const EnrichEnvironment &environment, const jobs::Job &job, const Inbox &inbox, const EnrichDone &done)
{
    const auto *adapter = dynamic_cast<const MissingLookup *>(environment.channels.adapter(inbox.channel));
    if (!adapter)
        return done({});
    using Events = QList<SplitEvent>;
    const auto make = [adapter, &environment, channel = inbox.channel, field = job.payload.value("field"_L1).toString(),
                       what = job.payload.value("what"_L1).toString()](const InboxCredentials &credentials) {
        return adapter->lookUp(field, what, credentials, environment.channels.endpoints(channel));
    };
    callWithToken<Events>(environment, inbox.id, make, [&environment, inbox, done](const Result<Events> &events) {
        events ? journal(environment, inbox, *events, done) : done(failed(events.error()));
    });
}

} // namespace

void lookUpTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    environment.database.read<std::optional<inboxes::InboxRow>>(
        "look up job", [id = job.inboxId](ReadTransaction &tx) { return inboxes::find(tx, id); }, environment.mailbox,
        [&environment, job, done](const Result<std::optional<inboxes::InboxRow>> &inbox) {
            if (!inbox)
                return done(failed(inbox.error()));
            if (!*inbox)
                return done({});
            ask(environment, job, (*inbox)->inbox, done);
        });
}

} // namespace antiphon
