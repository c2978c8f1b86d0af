#include "core/desk/messageforms.h"

#include "core/desk/params.h"
#include "core/domain/templateplaces.h"
#include "core/store/templaterepository.h"

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestName = 512;
constexpr qsizetype kLongestLabel = 1024;
constexpr qsizetype kMostItems = 100;

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
}

Result<void> checkFile(const TemplatePlaces &places, const QList<OutboundAttachment> &files)
{
    if (!places.takesFile())
        return files.isEmpty() ? Result<void>() : Result<void>(params::invalid("attachment_ids"_L1, u"this template has no place for a file"_s));
    const Attachment::Kind kind = places.headerFormat == "IMAGE"_L1 ? Attachment::Kind::Image
        : places.headerFormat == "VIDEO"_L1                         ? Attachment::Kind::Video
                                                                    : Attachment::Kind::File;
    const bool fits = files.size() == 1 && (kind == Attachment::Kind::File || files.constFirst().kind == kind);
    return fits ? Result<void>() : Result<void>(params::invalid("attachment_ids"_L1, u"its header takes one file: "_s + places.headerFormat.toLower()));
}

} // namespace

Result<std::optional<TemplateWish>> templateWishOf(const QJsonObject &params)
{
    if (const QJsonValue value = params.value("template"_L1); value.isUndefined() || value.isNull())
        return std::optional<TemplateWish>();
    const auto object = params::object(params, "template"_L1);
    if (!object)
        return object.error();
    TemplateWish wish{.name = json::string(*object, "name"_L1), .language = json::string(*object, "language"_L1)};
    if (wish.name.isEmpty() || wish.name.size() > kLongestName)
        return invalid(u"template.name"_s, u"required"_s);
    if (wish.language.isEmpty() || wish.language.size() > kLongestName)
        return invalid(u"template.language"_s, u"required"_s);
    const QJsonValue values = object->value("values"_L1);
    if (!values.isUndefined() && !values.isNull() && !values.isObject())
        return invalid(u"template.values"_s, u"not an object"_s);
    wish.values = values.toObject();
    return std::optional(wish);
}

Result<std::optional<MessageChoice>> choiceWishOf(const QJsonObject &params)
{
    if (const QJsonValue value = params.value("choice"_L1); value.isUndefined() || value.isNull())
        return std::optional<MessageChoice>();
    const auto object = params::object(params, "choice"_L1);
    if (!object)
        return object.error();
    auto choice = messageChoiceFromJson(*object);
    if (!choice || choice->items.size() > kMostItems)
        return invalid(u"choice.items"_s, u"1 to %1 items"_s.arg(kMostItems));
    QStringList ids;
    for (qsizetype i = 0; i < choice->items.size(); ++i) {
        MessageChoice::Item &item = choice->items[i];
        item.title = item.title.trimmed();
        if (item.id.isEmpty())
            item.id = QString::number(i + 1);
        if (item.title.isEmpty() || item.title.size() > kLongestLabel || item.id.size() > kLongestLabel || item.description.size() > kLongestLabel)
            return invalid(u"choice.items"_s, u"an item without a title, or too long"_s);
        if (ids.contains(item.id))
            return invalid(u"choice.items"_s, u"two items with the same id"_s);
        ids.append(item.id);
    }
    return choice;
}

Result<QJsonObject> templateToSend(ReadTransaction &tx, InboxId inbox, const TemplateWish &wish, const QList<OutboundAttachment> &files)
{
    const auto found = templates::find(tx, inbox, wish.name, wish.language);
    if (!found)
        return found.error();
    if (!*found)
        return invalid(u"template.name"_s, u"the account has no template \"%1\" in \"%2\""_s.arg(wish.name, wish.language));
    if (!(*found)->isSendable())
        return invalid(u"template.name"_s, u"the template is not approved: "_s + (*found)->status);
    const QJsonArray &components = (*found)->components;
    if (const auto filled = checkTemplateValues(components, wish.values); !filled)
        return filled.error();
    const TemplatePlaces places = placesOf(components);
    if (const auto fits = checkFile(places, files); !fits)
        return fits.error();
    return QJsonObject{{u"id"_s, (*found)->templateId},
                       {u"name"_s, wish.name},
                       {u"language"_s, wish.language},
                       {u"values"_s, wish.values},
                       {u"buttons"_s, QJsonArray::fromStringList(places.buttonLabels())},
                       {u"components"_s, components}};
}

} // namespace antiphon::desk
