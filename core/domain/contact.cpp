#include "core/domain/contact.h"

#include "core/domain/wire.h"

#include <QJsonArray>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

QJsonObject toJson(const Contact &contact)
{
    QJsonArray identifiers;
    for (const Contact::Identifier &identifier : contact.identifiers)
        identifiers.append(QJsonObject{{u"inbox_id"_s, identifier.inboxId.toString()}, {u"source_id"_s, identifier.sourceId}});
    return {{u"id"_s, contact.id.toString()},
            {u"name"_s, contact.name},
            {u"avatar_url"_s, json::orNull(contact.avatarUrl)},
            {u"phone_number"_s, json::orNull(contact.phoneNumber)},
            {u"email"_s, json::orNull(contact.email)},
            {u"identifiers"_s, identifiers},
            {u"custom_attributes"_s, contact.customAttributes},
            {u"blocked"_s, contact.isBlocked},
            {u"created_at"_s, toRfc3339(contact.createdAt)}};
}

Result<Contact> contactFromJson(const QJsonObject &json)
{
    const auto id = wire::ownId<ContactId>(json);
    if (!id)
        return id.error();
    QList<Contact::Identifier> identifiers;
    const QJsonArray entries = json.value("identifiers"_L1).toArray();
    for (const QJsonValue &entry : entries) {
        const QJsonObject object = entry.toObject();
        identifiers.append({.inboxId = wire::idOrNull<InboxId>(object, "inbox_id"_L1), .sourceId = json::string(object, "source_id"_L1)});
    }
    return Contact{.id = *id,
                   .name = json::string(json, "name"_L1),
                   .avatarUrl = json::string(json, "avatar_url"_L1),
                   .phoneNumber = json::string(json, "phone_number"_L1),
                   .email = json::string(json, "email"_L1),
                   .identifiers = identifiers,
                   .customAttributes = json.value("custom_attributes"_L1).toObject(),
                   .isBlocked = json.value("blocked"_L1).toBool(),
                   .createdAt = wire::time(json, "created_at"_L1).value_or(Timestamp())};
}

} // namespace antiphon
