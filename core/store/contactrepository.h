#pragma once

#include "core/store/transaction.h"

/// Rows of `contact` and of `contact_inbox`, a customer's address in one inbox.
namespace antiphon::contacts {

struct ContactInboxRow {
    ContactInboxId id{};
    InboxId inboxId{};
    ContactId contactId{};
    QString sourceId{};
    QJsonObject attributes{};                ///< platform's own: user id, username, pending referral, read_up_to (ms)
    std::optional<Timestamp> profileAt{};    ///< when name and picture were fetched last
};

Result<std::optional<ContactInboxRow>> find(ReadTransaction &tx, InboxId inbox, const QString &sourceId);
Result<std::optional<ContactInboxRow>> find(ReadTransaction &tx, ContactInboxId id);

Result<ContactId> insertContact(WriteTransaction &tx, const QString &name, const QJsonObject &customAttributes);

/// Nothing where the address is there already.
Result<std::optional<ContactInboxId>> insertContactInbox(WriteTransaction &tx, InboxId inbox, ContactId contact, const QString &sourceId,
                                                         const QJsonObject &attributes);

Result<void> setAttributes(WriteTransaction &tx, ContactInboxId id, const QJsonObject &attributes);
Result<void> setProfileAt(WriteTransaction &tx, ContactInboxId id, Timestamp at);

Result<QString> name(ReadTransaction &tx, ContactId id);                      ///< NotFound
Result<void> setName(WriteTransaction &tx, ContactId id, const QString &name);
Result<void> setAvatar(WriteTransaction &tx, ContactId id, AttachmentId avatar);
Result<std::optional<QByteArray>> avatarBlob(ReadTransaction &tx, ContactId id);   ///< sha256 of the picture it has

} // namespace antiphon::contacts
