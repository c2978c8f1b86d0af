#include "core/store/contactqueries.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

QString contactColumns()
{
    return u"SELECT c.id, c.name, c.avatar_id, c.phone_number, c.email, c.custom_attributes, c.created_at, c.blocked_at FROM contact c "_s;
}

Contact contactOf(const Query &row)
{
    return {.id = row.id<ContactId>(0),
            .name = row.text(1),
            .avatarUrl = row.isNull(2) ? QString() : u"/api/v1/attachments/"_s + QString::number(row.integer(2)),
            .phoneNumber = row.text(3),
            .email = row.text(4),
            .customAttributes = row.json(5),
            .isBlocked = !row.isNull(7),
            .createdAt = row.time(6)};
}

QString likePattern(const QString &text)
{
    QString escaped = text;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'%', u"\\%"_s).replace(u'_', u"\\_"_s);
    return u'%' + escaped + u'%';
}

} // namespace

Result<void> ContactQueries::complete(Contact &contact)
{
    Query query = m_tx.query(u"SELECT inbox_id, source_id FROM contact_inbox WHERE contact_id = :contact ORDER BY id"_s);
    query.bind(":contact"_L1, contact.id);
    while (query.next())
        contact.identifiers.append({.inboxId = query.id<InboxId>(0), .sourceId = query.text(1)});
    return query.ok() ? Result<void>() : Result<void>(query.error());
}

Result<Contact> ContactQueries::byId(ContactId id)
{
    std::optional<Contact> contact;
    {
        Query query = m_tx.query(contactColumns() + u"WHERE c.id = :id"_s);
        query.bind(":id"_L1, id);
        if (query.next())
            contact = contactOf(query);
        if (!query.ok())
            return query.error();
    }
    if (!contact)
        return Error{Error::Kind::NotFound, u"no such contact"_s};
    if (const auto done = complete(*contact); !done)
        return done.error();
    return *contact;
}

Result<ContactQueries::Page> ContactQueries::list(const QString &text, bool blockedOnly, const std::optional<Key> &after, int limit)
{
    QString sql = contactColumns() + (blockedOnly ? u"WHERE c.blocked_at IS NOT NULL "_s : u"WHERE TRUE "_s);
    if (after)
        sql += u"AND (c.name COLLATE NOCASE, c.id) > (:name, :id) "_s;
    if (!text.isEmpty()) {
        sql += u"AND (c.name LIKE :text ESCAPE '\\' OR c.email LIKE :text ESCAPE '\\' OR c.phone_number LIKE :text ESCAPE '\\' "
               "OR EXISTS (SELECT 1 FROM contact_inbox ci WHERE ci.contact_id = c.id AND ci.source_id LIKE :text ESCAPE '\\')) "_s;
    }
    sql += u"ORDER BY c.name COLLATE NOCASE, c.id LIMIT :limit"_s;
    Page page;
    {
        Query query = m_tx.query(sql);
        query.bind(":limit"_L1, limit + 1);
        if (after)
            query.bind(":name"_L1, after->name).bind(":id"_L1, after->id);
        if (!text.isEmpty())
            query.bind(":text"_L1, likePattern(text));
        while (query.next())
            page.items.append(contactOf(query));
        if (!query.ok())
            return query.error();
    }
    if (page.items.size() > limit) {
        page.items.removeLast();
        page.next = Key{.name = page.items.last().name, .id = page.items.last().id.value()};
    }
    for (Contact &contact : page.items) {
        if (const auto done = complete(contact); !done)
            return done.error();
    }
    return page;
}

} // namespace antiphon
