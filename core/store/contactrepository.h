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
    bool isBlocked = false;                  ///< the contact: what they write reopens nothing and is unread to nobody
};

Result<std::optional<ContactInboxRow>> find(ReadTransaction &tx, InboxId inbox, const QString &sourceId);
Result<std::optional<ContactInboxRow>> find(ReadTransaction &tx, ContactInboxId id);
/// By the address itself, else by an alias.
Result<std::optional<ContactInboxRow>> findByAddress(ReadTransaction &tx, InboxId inbox, const QString &address);

/// Whoever has a thread in this inbox and is the same person; the newest of several.
Result<std::optional<ContactId>> findPerson(ReadTransaction &tx, InboxId inbox, const QString &person);
/// Nothing happens where the thread has a person already.
Result<void> setPerson(WriteTransaction &tx, ContactInboxId id, const QString &person);

/// Another address of the same customer. Nothing happens where anybody has it already: two customers are never made one.
Result<void> addAlias(WriteTransaction &tx, InboxId inbox, ContactInboxId id, const QString &alias);

Result<ContactId> insertContact(WriteTransaction &tx, const QString &name, const QJsonObject &customAttributes, const QString &phoneNumber = {});

/// Nothing where the address is there already.
Result<std::optional<ContactInboxId>> insertContactInbox(WriteTransaction &tx, InboxId inbox, ContactId contact, const QString &sourceId,
                                                         const QJsonObject &attributes);

Result<void> setAttributes(WriteTransaction &tx, ContactInboxId id, const QJsonObject &attributes);
/// The address to answer to is another now; the former one stays as an alias. Nothing happens where somebody else has the new one.
Result<bool> moveAddress(WriteTransaction &tx, const ContactInboxRow &row, const QString &sourceId);
/// Whether nobody is told of what the contact writes.
Result<bool> isBlocked(ReadTransaction &tx, ContactId id);
/// @param since from when on nobody is told of what the contact writes; nothing: they are told again
Result<void> setBlocked(WriteTransaction &tx, ContactId id, const std::optional<Timestamp> &since);
Result<void> setProfileAt(WriteTransaction &tx, ContactInboxId id, Timestamp at);

Result<QString> name(ReadTransaction &tx, ContactId id);                      ///< NotFound
Result<void> setName(WriteTransaction &tx, ContactId id, const QString &name);
Result<QString> phoneNumber(ReadTransaction &tx, ContactId id);               ///< E.164; empty where none is known
Result<void> setPhoneNumber(WriteTransaction &tx, ContactId id, const QString &phoneNumber);
/// A null value takes away. @return whether anything is another now.
Result<bool> mergeCustomAttributes(WriteTransaction &tx, ContactId id, const QJsonObject &changes);
Result<void> setAvatar(WriteTransaction &tx, ContactId id, AttachmentId avatar);
Result<std::optional<QByteArray>> avatarBlob(ReadTransaction &tx, ContactId id);   ///< sha256 of the picture it has

} // namespace antiphon::contacts
