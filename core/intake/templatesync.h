#pragma once

#include "core/channels/channelregistry.h"
#include "core/store/transaction.h"

/// When an account's message templates are fetched: at its connection, on demand, every three hours, and when the platform tells of a change.
namespace antiphon::templatesync {

inline constexpr std::chrono::hours kEvery{3};

/// How the last fetch stands.
struct State {
    QString sync = QStringLiteral("never");          ///< "never", "running", "done", "failed"
    std::optional<Timestamp> syncedAt{};             ///< of the last one that went well
    QString error{};                                 ///< of "failed"
};
Result<State> state(ReadTransaction &tx, InboxId inbox);

/// Fetches them now; one that waits for a later try goes now.
Result<void> request(WriteTransaction &tx, InboxId inbox);
/// Queues what is due: active inboxes of channels with templates that were not asked within the last three hours. @return whether anything was queued.
Result<bool> requestDue(WriteTransaction &tx, const ChannelRegistry &channels);

Result<void> noteSynced(WriteTransaction &tx, InboxId inbox);
Result<void> noteFailed(WriteTransaction &tx, InboxId inbox, const QString &why);      ///< for good: until it is asked again

} // namespace antiphon::templatesync
