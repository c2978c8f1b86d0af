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
                                             .profileAt = q.optionalTime(5),
                                             .isBlocked = q.integer(6) != 0});
    }
    if (!q.ok())
        return q.error();
    return std::optional<ContactInboxRow>();
}

} // namespace

Result<std::optional<ContactInboxRow>> find(ReadTransaction &tx, InboxId inbox, const QString &sourceId)
{
    Query q = tx.query(u"SELECT id, inbox_id, contact_id, source_id, attributes, profile_at,"
                       " (SELECT p.blocked_at IS NOT NULL FROM contact p WHERE p.id = contact_id)"
                       " FROM contact_inbox WHERE inbox_id = :inbox AND source_id = :source"_s);
    q.bind(":inbox"_L1, inbox).bind(":source"_L1, sourceId);
    return one(q);
}

Result<std::optional<ContactInboxRow>> find(ReadTransaction &tx, ContactInboxId id)
{
    Query q = tx.query(u"SELECT id, inbox_id, contact_id, source_id, attributes, profile_at,"
                       " (SELECT p.blocked_at IS NOT NULL FROM contact p WHERE p.id = contact_id) FROM contact_inbox WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    return one(q);
}

Result<std::optional<ContactInboxRow>> findByAddress(ReadTransaction &tx, InboxId inbox, const QString &address)
{
    const auto exact = find(tx, inbox, address);
    if (!exact || *exact)
        return exact;
    Query q = tx.query(u"SELECT c.id, c.inbox_id, c.contact_id, c.source_id, c.attributes, c.profile_at,"
                       " (SELECT p.blocked_at IS NOT NULL FROM contact p WHERE p.id = c.contact_id)"
                       " FROM contact_inbox_alias a JOIN contact_inbox c ON c.id = a.contact_inbox_id WHERE a.inbox_id = :inbox AND a.alias = :alias"_s);
    q.bind(":inbox"_L1, inbox).bind(":alias"_L1, address);
    return one(q);
}

Result<std::optional<ContactId>> findPerson(ReadTransaction &tx, InboxId inbox, const QString &person)
{
    Query q = tx.query(u"SELECT contact_id FROM contact_inbox WHERE inbox_id = :inbox AND person = :person AND person IS NOT NULL"
                       " ORDER BY id DESC LIMIT 1"_s);
    q.bind(":inbox"_L1, inbox).bind(":person"_L1, person);
    if (q.next())
        return std::optional(q.id<ContactId>(0));
    if (!q.ok())
        return q.error();
    return std::optional<ContactId>();
}

Result<void> setPerson(WriteTransaction &tx, ContactInboxId id, const QString &person)
{
    Query q = tx.query(u"UPDATE contact_inbox SET person = :person WHERE id = :id AND person IS NULL"_s);
    q.bind(":person"_L1, person).bind(":id"_L1, id);
    return q.exec();
}

Result<void> addAlias(WriteTransaction &tx, InboxId inbox, ContactInboxId id, const QString &alias)
{
    if (alias.isEmpty())
        return {};
    Query q = tx.query(u"INSERT INTO contact_inbox_alias (inbox_id, alias, contact_inbox_id) SELECT :inbox, :alias, :id"
                       " WHERE NOT EXISTS (SELECT 1 FROM contact_inbox WHERE inbox_id = :inbox AND source_id = :alias)"
                       " ON CONFLICT (inbox_id, alias) DO NOTHING"_s);
    q.bind(":inbox"_L1, inbox).bind(":alias"_L1, alias).bind(":id"_L1, id);
    return q.exec();
}

Result<bool> moveAddress(WriteTransaction &tx, const ContactInboxRow &row, const QString &sourceId)
{
    const auto holder = find(tx, row.inboxId, sourceId);
    if (!holder)
        return holder.error();
    if (*holder)
        return false;
    {
        Query freed = tx.query(u"DELETE FROM contact_inbox_alias WHERE inbox_id = :inbox AND alias = :alias AND contact_inbox_id = :id"_s);
        freed.bind(":inbox"_L1, row.inboxId).bind(":alias"_L1, sourceId).bind(":id"_L1, row.id);
        if (const auto done = freed.exec(); !done)
            return done.error();
    }
    {
        Query q = tx.query(u"UPDATE contact_inbox SET source_id = :source WHERE id = :id"_s);
        q.bind(":source"_L1, sourceId).bind(":id"_L1, row.id);
        if (const auto done = q.exec(); !done)
            return done.error();
    }
    if (const auto done = addAlias(tx, row.inboxId, row.id, row.sourceId); !done)
        return done.error();
    return true;
}

Result<ContactId> insertContact(WriteTransaction &tx, const QString &name, const QJsonObject &customAttributes, const QString &phoneNumber)
{
    Query q = tx.query(u"INSERT INTO contact (name, phone_number, custom_attributes, created_at) VALUES (:name, :phone, :attributes, :now)"_s);
    q.bind(":name"_L1, name.isNull() ? u""_s : name)
        .bind(":phone"_L1, phoneNumber.isEmpty() ? QString() : phoneNumber)
        .bind(":attributes"_L1, customAttributes)
        .bind(":now"_L1, tx.now());
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

Result<bool> isBlocked(ReadTransaction &tx, ContactId id)
{
    Query q = tx.query(u"SELECT 1 FROM contact WHERE id = :id AND blocked_at IS NOT NULL"_s);
    q.bind(":id"_L1, id);
    const bool found = q.next();
    return q.ok() ? Result<bool>(found) : Result<bool>(q.error());
}

Result<void> setBlocked(WriteTransaction &tx, ContactId id, const std::optional<Timestamp> &since)
{
    Query q = tx.query(u"UPDATE contact SET blocked_at = :since WHERE id = :id"_s);
    q.bind(":since"_L1, since).bind(":id"_L1, id);
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

Result<QString> phoneNumber(ReadTransaction &tx, ContactId id)
{
    Query q = tx.query(u"SELECT phone_number FROM contact WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return q.text(0);
    if (!q.ok())
        return q.error();
    return QString();
}

Result<void> setPhoneNumber(WriteTransaction &tx, ContactId id, const QString &phoneNumber)
{
    Query q = tx.query(u"UPDATE contact SET phone_number = :phone WHERE id = :id"_s);
    q.bind(":phone"_L1, phoneNumber.isEmpty() ? QString() : phoneNumber).bind(":id"_L1, id);
    return q.exec();
}

Result<bool> mergeCustomAttributes(WriteTransaction &tx, ContactId id, const QJsonObject &changes)
{
    QJsonObject before;
    {
        Query q = tx.query(u"SELECT custom_attributes FROM contact WHERE id = :id"_s);
        q.bind(":id"_L1, id);
        if (q.next())
            before = q.json(0);
        if (!q.ok())
            return q.error();
    }
    QJsonObject after = before;
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        if (it.value().isNull())
            after.remove(it.key());
        else
            after.insert(it.key(), it.value());
    }
    if (after == before)
        return false;
    Query q = tx.query(u"UPDATE contact SET custom_attributes = :attributes WHERE id = :id"_s);
    q.bind(":attributes"_L1, after).bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done.error();
    return true;
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
