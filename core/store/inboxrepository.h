#pragma once

#include "core/domain/inbox.h"
#include "core/store/transaction.h"

/// Rows of `inbox`. Functions answer NotFound only where they say so; a missing row is an empty optional.
namespace antiphon::inboxes {

/// An inbox with what clients don't see of it.
struct InboxRow {
    Inbox inbox{};                                   ///< without webhookUrl, which depends on the public address
    QString stateReason{};                           ///< why it waits for credentials, a word
    std::optional<Timestamp> tokenExpiresAt{};
    std::optional<Timestamp> tokenIssuedAt{};        ///< since when it is held here
    std::optional<Timestamp> refreshExpiresAt{};
    std::optional<Timestamp> lastWebhookAt{};
    AttachmentId avatarId{};
};

Result<std::optional<InboxRow>> find(ReadTransaction &tx, InboxId id);
Result<std::optional<InboxRow>> findByAccount(ReadTransaction &tx, Channel channel, const QString &externalId);
Result<QList<InboxRow>> list(ReadTransaction &tx);

/// Conflict where the account is connected already. Tells `inbox.created`.
Result<InboxId> insert(WriteTransaction &tx, const Inbox &inbox);

/// Name, settings, delivery and reply window. Tells `inbox.updated`. NotFound.
Result<void> update(WriteTransaction &tx, const Inbox &inbox);

/// Tells `inbox.updated` where it changes anything.
Result<void> setState(WriteTransaction &tx, InboxId id, Inbox::State state, const QString &reason);

/// The access token is held since now.
Result<void> setTokenTimes(WriteTransaction &tx, InboxId id, std::optional<Timestamp> tokenExpiresAt, std::optional<Timestamp> refreshExpiresAt);
Result<void> setAvatar(WriteTransaction &tx, InboxId id, AttachmentId avatar);

/// Remembers that the platform reached us, to the second.
Result<void> touchWebhook(WriteTransaction &tx, InboxId id, Timestamp at);

/// Puts a word for the owner into `settings.notice` {kind, at}, or takes it away where `kind` is empty. Tells `inbox.updated` where it changes.
Result<void> setNotice(WriteTransaction &tx, InboxId id, const QString &kind);

} // namespace antiphon::inboxes
