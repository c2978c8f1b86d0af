#include "core/desk/contactmethods.h"

#include "core/desk/contactblock.h"
#include "core/desk/pagemarks.h"
#include "core/desk/deskobjects.h"
#include "core/desk/params.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestName = 255;
constexpr qsizetype kLongestEmail = 254;
constexpr qsizetype kLongestQuery = 200;
constexpr qsizetype kMostAttributeBytes = 16 * 1024;
constexpr int kConversationsTold = 50;

Result<QJsonObject> list(ReadTransaction &tx, const QJsonObject &params)
{
    const auto query = params::text(params, "query"_L1, kLongestQuery);
    if (!query)
        return query.error();
    const auto limit = params::limit(params);
    if (!limit)
        return limit.error();
    const auto text = params::text(params, "cursor"_L1, 4096);
    if (!text)
        return text.error();
    const auto cursor = pagemarks::readContact(*text);
    if (!cursor)
        return cursor.error();
    const auto blocked = params::flag(params, "blocked"_L1);
    if (!blocked)
        return blocked.error();
    const auto page = ContactQueries(tx).list(query->trimmed(), *blocked, *cursor, *limit);
    if (!page)
        return page.error();
    QJsonArray items;
    for (const Contact &contact : page->items)
        items.append(toJson(contact));
    return withSeq(tx, {{u"items"_s, items}, {u"next_cursor"_s, page->next ? QJsonValue(pagemarks::write(*page->next)) : QJsonValue(QJsonValue::Null)}});
}

Result<QJsonObject> get(ReadTransaction &tx, const QJsonObject &params)
{
    const auto id = params::requiredId<ContactId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto contact = ContactQueries(tx).byId(*id);
    if (!contact)
        return contact.error();
    return toJson(*contact);
}

/// E.164: "+", a first digit 1-9, at most 15 digits. Blanks, dashes, dots and brackets are dropped, "00" is "+". Empty stays empty.
std::optional<QString> phoneNumber(const QString &text)
{
    QString number;
    for (const QChar c : text.trimmed()) {
        if (c == u' ' || c == u'-' || c == u'.' || c == u'(' || c == u')' || c == u'/')
            continue;
        number += c;
    }
    if (number.isEmpty())
        return number;
    if (number.startsWith("00"_L1))
        number = u'+' + number.sliced(2);
    const QStringView digits = QStringView(number).sliced(1);
    const bool isRight = number.startsWith(u'+') && digits.size() >= 3 && digits.size() <= 15 && digits.front() != u'0'
        && std::all_of(digits.begin(), digits.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    return isRight ? std::optional(number) : std::nullopt;
}

std::optional<QString> emailAddress(const QString &text)
{
    const QString address = text.trimmed().toLower();
    if (address.isEmpty())
        return address;
    const qsizetype at = address.indexOf(u'@');
    const bool isRight = at > 0 && at == address.lastIndexOf(u'@') && at + 1 < address.size() && !address.contains(u' ') && address.size() <= kLongestEmail;
    return isRight ? std::optional(address) : std::nullopt;
}

Result<void> readAddresses(const QJsonObject &params, Contact *contact)
{
    if (params.contains("phone_number"_L1)) {
        const auto text = params::text(params, "phone_number"_L1, 64);
        if (!text)
            return text.error();
        const auto number = phoneNumber(*text);
        if (!number)
            return params::invalid("phone_number"_L1, u"not an international number"_s);
        contact->phoneNumber = *number;
    }
    if (params.contains("email"_L1)) {
        const auto text = params::text(params, "email"_L1, 1000);
        if (!text)
            return text.error();
        const auto address = emailAddress(*text);
        if (!address)
            return params::invalid("email"_L1, u"not an address"_s);
        contact->email = *address;
    }
    return {};
}

Result<void> readWish(const QJsonObject &params, Contact *contact)
{
    if (params.contains("name"_L1)) {
        const auto name = params::text(params, "name"_L1, kLongestName);
        if (!name)
            return name.error();
        if (name->trimmed().isEmpty())
            return params::invalid("name"_L1, u"a contact has a name"_s);
        contact->name = name->trimmed();
    }
    if (const auto read = readAddresses(params, contact); !read)
        return read;
    const auto attributes = params::object(params, "custom_attributes"_L1);
    if (!attributes)
        return attributes.error();
    for (auto it = attributes->begin(); it != attributes->end(); ++it) {
        if (it.value().isNull())
            contact->customAttributes.remove(it.key());
        else
            contact->customAttributes.insert(it.key(), it.value());
    }
    if (json::toBytes(contact->customAttributes).size() > kMostAttributeBytes)
        return params::invalid("custom_attributes"_L1, u"too much"_s);
    if (const QJsonValue value = params.value("blocked"_L1); !value.isUndefined() && !value.isNull()) {
        const auto blocked = params::flag(params, "blocked"_L1);
        if (!blocked)
            return blocked.error();
        contact->isBlocked = *blocked;
    }
    return {};
}

/// Its conversations carry the contact within them.
Result<void> tellConversations(WriteTransaction &tx, ContactId contact)
{
    Query query = tx.query(u"SELECT id, inbox_id FROM conversation WHERE contact_id = :contact ORDER BY id DESC LIMIT :limit"_s);
    query.bind(":contact"_L1, contact).bind(":limit"_L1, kConversationsTold);
    while (query.next())
        tx.changed(u"conversation.updated"_s, query.integer(0), query.id<InboxId>(1));
    return query.ok() ? Result<void>() : Result<void>(query.error());
}

Result<QJsonObject> update(WriteTransaction &tx, const Caller &caller, const DeskView &view, const QJsonObject &params)
{
    const auto id = params::requiredId<ContactId>(params, "id"_L1);
    if (!id)
        return id.error();
    auto contact = ContactQueries(tx).byId(*id);
    if (!contact)
        return contact.error();
    Contact wished = *contact;
    if (const auto read = readWish(params, &wished); !read)
        return read.error();
    if (toJson(wished) == toJson(*contact))
        return toJson(wished);
    {
        Query query = tx.query(u"UPDATE contact SET name = :name, phone_number = :phone, email = :email, custom_attributes = :attributes WHERE id = :id"_s);
        query.bind(":name"_L1, wished.name)
            .bind(":phone"_L1, wished.phoneNumber.isEmpty() ? QString() : wished.phoneNumber)
            .bind(":email"_L1, wished.email.isEmpty() ? QString() : wished.email)
            .bind(":attributes"_L1, wished.customAttributes)
            .bind(":id"_L1, *id);
        if (const auto done = query.exec(); !done)
            return done.error();
    }
    if (wished.isBlocked != contact->isBlocked) {
        if (const auto done = setBlocked(tx, caller, view, *id, wished.isBlocked); !done)
            return done.error();
    }
    tx.changed(u"contact.updated"_s, id->value());
    if (const auto done = tellConversations(tx, *id); !done)
        return done.error();
    return toJson(wished);
}

} // namespace

void addContactMethods(MethodTable &methods, const DeskView &view)
{
    using Role = Agent::Role;
    methods.read(u"contacts.list"_s, Role::Agent, [](ReadTransaction &tx, const Caller &, const QJsonObject &params) { return list(tx, params); });
    methods.read(u"contacts.get"_s, Role::Agent, [](ReadTransaction &tx, const Caller &, const QJsonObject &params) { return get(tx, params); });
    methods.write(u"contacts.update"_s, Role::Agent, [view](WriteTransaction &tx, const Caller &caller, const QJsonObject &params) { return update(tx, caller, view, params); });
}

} // namespace antiphon::desk
