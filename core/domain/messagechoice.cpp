#include "core/domain/messagechoice.h"

#include "core/base/json.h"

#include <QJsonArray>

namespace antiphon {
using namespace Qt::StringLiterals;

QJsonObject toJson(const MessageChoice &choice)
{
    QJsonArray items;
    for (const MessageChoice::Item &item : choice.items)
        items.append(QJsonObject{{u"id"_s, item.id}, {u"title"_s, item.title}, {u"description"_s, json::orNull(item.description)}});
    return {{u"button"_s, json::orNull(choice.button)}, {u"items"_s, items}};
}

std::optional<MessageChoice> messageChoiceFromJson(const QJsonObject &json)
{
    MessageChoice choice{.button = json::string(json, "button"_L1)};
    const QJsonArray items = json.value("items"_L1).toArray();
    for (const QJsonValue &entry : items) {
        const QJsonObject item = entry.toObject();
        choice.items.append({.id = json::string(item, "id"_L1), .title = json::string(item, "title"_L1), .description = json::string(item, "description"_L1)});
    }
    if (choice.items.isEmpty())
        return std::nullopt;
    return choice;
}

} // namespace antiphon
