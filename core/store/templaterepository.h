#pragma once

#include "core/domain/messagetemplate.h"
#include "core/store/transaction.h"

/// Rows of `message_template`: the approved texts of an account, as they were fetched last.
namespace antiphon::templates {

/// The whole list anew: what is not in it any more goes. `inboxId` and `syncedAt` of the items are not looked at.
/// @return whether anything but the time is another now.
Result<bool> replaceAll(WriteTransaction &tx, InboxId inbox, const QList<MessageTemplate> &all);

/// What a notice tells of one template before the list is fetched. Nothing happens where it isn't known. @return whether it is another now.
Result<bool> setStatus(WriteTransaction &tx, InboxId inbox, const QString &name, const QString &language, const QString &status,
                       const QString &rejectedReason);

/// By name and language.
Result<QList<MessageTemplate>> list(ReadTransaction &tx, InboxId inbox);
Result<std::optional<MessageTemplate>> find(ReadTransaction &tx, InboxId inbox, const QString &name, const QString &language);

} // namespace antiphon::templates
