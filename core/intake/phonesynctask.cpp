#include "core/intake/enrichtask.h"
#include "core/intake/phonesync.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

/// Whether an error says for certain that the platform did not take it.
bool isCertain(const Error &error)
{
    switch (error.kind) {
    case Error::Kind::OutcomeUnknown:
    case Error::Kind::Network:
    case Error::Kind::Timeout:
    case Error::Kind::Unavailable: return false;
    default: return true;
    }
}

/// One step of the ones that wait, then the next by the same job.
struct Step : std::enable_shared_from_this<Step> {
    const EnrichEnvironment &environment;
    const jobs::Job job;
    const EnrichDone done;
    Channel channel{};
    QString sync{};

    Step(const EnrichEnvironment &all, jobs::Job of, EnrichDone finished) : environment(all), job(std::move(of)), done(std::move(finished)) {}

    void start();
    void begin(const InboxCredentials &credentials);
    void ask(const InboxCredentials &credentials);
    void end(const Result<QString> &taken);
};

void Step::start()
{
    const auto self = shared_from_this();
    environment.tokens.credentials(job.inboxId, [self](const Result<InboxCredentials> &credentials) {
        credentials ? self->begin(*credentials) : self->done(failed(credentials.error()));
    });
}

/// Written down first: what is asked for from here on is never asked for again.
void Step::begin(const InboxCredentials &credentials)
{
    const auto self = shared_from_this();
    environment.database.writer().write<std::pair<Channel, QString>>(
        Writer::Priority::Background, "phone sync, about to ask",
        [id = job.inboxId](WriteTransaction &tx) -> Result<std::pair<Channel, QString>> {
            const auto inbox = inboxes::find(tx, id);
            if (!inbox)
                return inbox.error();
            if (!*inbox)
                return Error{Error::Kind::NotFound, u"the inbox is gone"_s};
            const auto next = phonesync::begin(tx, id);
            if (!next)
                return next.error();
            return std::pair((*inbox)->inbox.channel, *next);
        },
        environment.mailbox, [self, credentials](const Result<std::pair<Channel, QString>> &begun) {
            if (!begun)
                return self->done(failed(begun.error()));
            if (begun->second.isEmpty())
                return self->done({});
            self->channel = begun->first;
            self->sync = begun->second;
            self->ask(credentials);
        });
}

void Step::ask(const InboxCredentials &credentials)
{
    const AccountAdapter *accounts = environment.channels.accounts(channel);
    auto operation = accounts ? accounts->requestPhoneSync(sync, credentials, environment.channels.endpoints(channel)) : nullptr;
    if (!operation)
        return end(Error{Error::Kind::NotFound, u"the platform has no such call"_s});
    runOperation<QString>(environment.http, std::move(operation), [self = shared_from_this()](const Result<QString> &taken) { self->end(taken); });
}

void Step::end(const Result<QString> &taken)
{
    EnrichResult result{.again = Milliseconds(0)};           // the next step
    result.commit = [id = job.inboxId, sync = sync, taken](WriteTransaction &tx) {
        return taken ? phonesync::noteTaken(tx, id, sync, *taken) : phonesync::noteFailed(tx, id, sync, taken.error(), isCertain(taken.error()));
    };
    done(result);
}

} // namespace

void phoneSyncTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    std::make_shared<Step>(environment, job, done)->start();
}

} // namespace antiphon
