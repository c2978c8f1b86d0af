#include "core/store/contactrepository.h"

namespace antiphon::contacts {
namespace {
using namespace Qt::StringLiterals;

Result<std::optional<ContactInboxRow>> one(Query &q)
{
    if (q.next()) {
        return std::optional(ContactInboxRow{.id = q.id<ContactInboxId>(0),
                                             .inboxId = q.id<InboxId>(1),
                                             .contactId = q.id<ContactId>(2),
                                             .sourceId = q.text(3),
                                             .attributes = q.json(4),
                                             .profileAt = q.optionalTime(5)});
    }
    if (!q.ok())
        return q.error();
    return std::optional<ContactInboxRow>();
}

} // namespace

Result<std::optional<ContactInboxRow>> find(ReadTransaction &tx, InboxId inbox, const QString &sourceId)
{
    Query q = tx.query(u"SELECT id, inbox_id, contact_id, source_id, attributes, profile_at FROM contact_inbox"
                       " WHERE inbox_id = :inbox AND source_id = :source"_s);
    q.bind(":inbox"_L1, inbox).bind(":source"_L1, sourceId);
    return one(q);
}

Result<std::optional<ContactInboxRow>> find(ReadTransaction &tx, ContactInboxId id)
{
    Query q = tx.query(u"SELECT id, inbox_id, contact_id, source_id, attributes, profile_at FROM contact_inbox WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    return one(q);
}

Result<ContactId> insertContact(WriteTransaction &tx, const QString &name, const QJsonObject &customAttributes)
{
    Query q = tx.query(u"INSERT INTO contact (name, custom_attributes, created_at) VALUES (:name, :attributes, :now)"_s);
    q.bind(":name"_L1, name.isNull() ? u""_s : name).bind(":attributes"_L1, customAttributes).bind(":now"_L1, tx.now());
    if (const auto done = q.exec(); !done)
        return done.error();
    return ContactId(q.lastInsertId());
}

Result<std::optional<ContactInboxId>> insertContactInbox(WriteTransaction &tx, InboxId inbox, ContactId contact, const QString &sourceId,
                                                         const QJsonObject &attributes)
{
    Query q = tx.query(u"INSERT INTO contact_inbox (inbox_id, contact_id, source_id, attributes, created_at)"
                       " VALUES (:inbox, :contact, :source, :attributes, :now) ON CONFLICT (inbox_id, source_id) DO NOTHING RETURNING id"_s);
    q.bind(":inbox"_L1, inbox)
        .bind(":contact"_L1, contact)
        .bind(":source"_L1, sourceId)
        .bind(":attributes"_L1, attributes)
        .bind(":now"_L1, tx.now());
    if (q.next())
        return std::optional(q.id<ContactInboxId>(0));
    if (!q.ok())
        return q.error();
    return std::optional<ContactInboxId>();
}

Result<void> setAttributes(WriteTransaction &tx, ContactInboxId id, const QJsonObject &attributes)
{
    Query q = tx.query(u"UPDATE contact_inbox SET attributes = :attributes WHERE id = :id"_s);
    q.bind(":attributes"_L1, attributes).bind(":id"_L1, id);
    return q.exec();
}

Result<void> setProfileAt(WriteTransaction &tx, ContactInboxId id, Timestamp at)
{
    Query q = tx.query(u"UPDATE contact_inbox SET profile_at = :at WHERE id = :id"_s);
    q.bind(":at"_L1, at).bind(":id"_L1, id);
    return q.exec();
}

Result<QString> name(ReadTransaction &tx, ContactId id)
{
    Query q = tx.query(u"SELECT name FROM contact WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return q.text(0);
    if (!q.ok())
        return q.error();
    return Error{Error::Kind::NotFound, u"no such contact"_s};
}

Result<void> setName(WriteTransaction &tx, ContactId id, const QString &name)
{
    Query q = tx.query(u"UPDATE contact SET name = :name WHERE id = :id"_s);
    q.bind(":name"_L1, name).bind(":id"_L1, id);
    return q.exec();
}

Result<void> setAvatar(WriteTransaction &tx, ContactId id, AttachmentId avatar)
{
    Query q = tx.query(u"UPDATE contact SET avatar_id = :avatar WHERE id = :id"_s);
    q.bind(":avatar"_L1, avatar).bind(":id"_L1, id);
    return q.exec();
}

Result<std::optional<QByteArray>> avatarBlob(ReadTransaction &tx, ContactId id)
{
    Query q = tx.query(u"SELECT a.blob_sha256 FROM contact c JOIN attachment a ON a.id = c.avatar_id WHERE c.id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return std::optional(q.blob(0));
    if (!q.ok())
        return q.error();
    return std::optional<QByteArray>();
}

} // namespace antiphon::contacts
