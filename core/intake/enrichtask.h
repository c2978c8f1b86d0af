#pragma once

#include "core/accounts/operationrunner.h"
#include "core/accounts/tokensource.h"
#include "core/channels/channelregistry.h"
#include "core/intake/filefetch.h"
#include "core/intake/journal.h"
#include "core/store/database.h"
#include "core/store/inboxrepository.h"
#include "core/store/jobrepository.h"

namespace antiphon {

/// What the tasks that enrich what is stored work with. Everything outlives them; the mailbox is the net thread's.
struct EnrichEnvironment {
    Database &database;
    const ChannelRegistry &channels;
    TokenSource &tokens;
    HttpClient &http;
    SafeFetch &fetch;
    FilesThread &files;
    Journal &journal;
    const Clock &clock;
    Mailbox &mailbox;
};

/// How a task ended.
struct EnrichResult {
    using Commit = std::function<Result<void>(WriteTransaction &)>;

    std::optional<Error> error{};             ///< none: done
    bool isFinal = false;                     ///< no further try mends it
    QList<Milliseconds> pauses{};             ///< before each further try, where the usual ones don't do; behind the last it is given up
    int patience = 0;                         ///< so many more tries, as long apart as the last, before it is given up
    Commit commit{};                          ///< stored in one transaction with the end of the claim
    Commit giveUp{};                          ///< stored where it is given up
    std::optional<Milliseconds> again{};      ///< nothing failed, but it must be done (again) after so long
    QList<JobId> alsoDone{};                  ///< other claims of ours that end with it
    QList<JobId> alsoAgain{};                 ///< other claims of ours that are to be done later, as `again` or an error tells
};

using EnrichDone = std::function<void(EnrichResult)>;
using EnrichTask = void (*)(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);

/// Each fetches one thing from outside; in the net thread; `done` exactly once.
void fetchMediaTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void fetchProfileTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void pullTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void describePostTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void inboxAvatarTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void capabilityTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);

void fetchTemplatesTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void lookUpTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void acknowledgeTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void reactTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void phoneSyncTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);
void readMarkTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done);

/// Where files of a channel may come from. @param settings the inbox's, which may have a server of its owner's own
FetchPolicy mediaPolicy(const ChannelRegistry &channels, const ChannelAdapter &adapter, const QJsonObject &settings);

/// Runs what `make` gives with credentials that are good now. A rejected token is renewed once and the call repeated; the second time the inbox
/// needs its owner and `done` gets Unauthorized. `make` may give nullptr: the platform has no such call, NotFound.
template <typename T>
void callWithToken(const EnrichEnvironment &environment, InboxId inbox, std::function<OperationPtr<T>(const InboxCredentials &)> make,
                   std::function<void(Result<T>)> done)
{
    const auto attempt = [&environment, make](const InboxCredentials &credentials, std::function<void(Result<T>)> finished) {
        auto operation = make(credentials);
        if (!operation)
            return finished(Error{Error::Kind::NotFound, QStringLiteral("the platform has no such call")});
        runOperation<T>(environment.http, std::move(operation), std::move(finished));
    };
    environment.tokens.credentials(inbox, [&environment, inbox, attempt, done](const Result<InboxCredentials> &credentials) {
        if (!credentials)
            return done(credentials.error());
        attempt(*credentials, [&environment, inbox, attempt, done, rejected = credentials->accessToken](Result<T> first) {
            if (first || first.error().kind != Error::Kind::Unauthorized)
                return done(std::move(first));
            environment.tokens.renew(inbox, rejected, [&environment, inbox, attempt, done](const Result<InboxCredentials> &renewed) {
                if (!renewed)
                    return done(renewed.error());
                attempt(*renewed, [&environment, inbox, done](Result<T> second) {
                    if (!second && second.error().kind == Error::Kind::Unauthorized)
                        environment.tokens.requireOwner(inbox, QStringLiteral("token_rejected"));
                    done(std::move(second));
                });
            });
        });
    });
}

/// Ends a task with an error, told apart by whether another try may mend it.
EnrichResult failed(const Error &error);

} // namespace antiphon
