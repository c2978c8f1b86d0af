#include "core/channels/whatsapp/whatsappbodies.h"

#include "core/channels/textmarks.h"
#include "core/channels/whatsapp/whatsappfiles.h"
#include "core/channels/whatsapp/whatsappidentity.h"
#include "core/domain/phonenumber.h"
#include "core/domain/templateplaces.h"

#include <QSet>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostButtons = 3;
constexpr qsizetype kMostRows = 10;
constexpr qsizetype kButtonTitle = 20;
constexpr qsizetype kRowTitle = 24;
constexpr qsizetype kRowDescription = 72;
constexpr qsizetype kButtonId = 256;
constexpr qsizetype kRowId = 200;
constexpr qsizetype kButtonsText = 1024;
constexpr qsizetype kListText = 4096;

bool isList(const OutboundChoice &choice)
{
    if (choice.items.size() > kMostButtons || !choice.button.isEmpty())
        return true;
    return std::any_of(choice.items.begin(), choice.items.end(), [](const OutboundChoice::Item &item) { return !item.description.isEmpty(); });
}

QJsonObject textBody(const QString &words)
{
    QJsonObject text{{"body"_L1, words}};
    if (words.contains("https://"_L1) || words.contains("http://"_L1))
        text.insert("preview_url"_L1, true);
    return {{"type"_L1, u"text"_s}, {"text"_L1, text}};
}

QJsonObject mediaBody(const OutboundMessage &message, const QString &mediaId)
{
    const OutboundAttachment &file = message.attachments.constFirst();
    const FileRule rule = fileRule(file.mime, file.kind).value_or(FileRule{.type = u"document"_s});
    QJsonObject media{{"id"_L1, mediaId}};
    if (rule.takesCaption() && !message.content.isEmpty())
        media.insert("caption"_L1, rendered(message.content));
    if (rule.type == "document"_L1)
        media.insert("filename"_L1, uploadName(file, rule));
    if (file.isVoice && rule.mime.startsWith("audio/ogg"_L1))
        media.insert("voice"_L1, true);
    return {{"type"_L1, rule.type}, {rule.type, media}};
}

QJsonObject choiceBody(const OutboundMessage &message)
{
    const OutboundChoice &choice = *message.choice;
    QJsonArray items;
    QJsonObject action;
    const bool asList = isList(choice);
    for (const OutboundChoice::Item &item : choice.items) {
        QJsonObject entry{{"id"_L1, item.id}, {"title"_L1, item.title}};
        if (asList && !item.description.isEmpty())
            entry.insert("description"_L1, item.description);
        items.append(asList ? entry : QJsonObject{{"type"_L1, u"reply"_s}, {"reply"_L1, entry}});
    }
    if (asList) {
        action.insert("button"_L1, choice.button.isEmpty() ? u"Choose"_s : choice.button);
        action.insert("sections"_L1, QJsonArray{QJsonObject{{"rows"_L1, items}}});
    } else {
        action.insert("buttons"_L1, items);
    }
    const QJsonObject interactive{{"type"_L1, asList ? u"list"_s : u"button"_s},
                                  {"body"_L1, QJsonObject{{"text"_L1, rendered(message.content)}}},
                                  {"action"_L1, action}};
    return {{"type"_L1, u"interactive"_s}, {"interactive"_L1, interactive}};
}

bool isNamed(const QStringList &places)
{
    return std::any_of(places.begin(), places.end(), [](const QString &name) { return name.toInt() <= 0; });
}

QJsonArray textParameters(const QStringList &places, const QJsonValue &values)
{
    QJsonArray parameters;
    const QJsonArray ordered = values.toArray();
    for (qsizetype i = 0; i < places.size(); ++i) {
        const QString value = (values.isObject() ? values.toObject().value(places[i]) : ordered.at(i)).toString();
        QJsonObject parameter{{"type"_L1, u"text"_s}, {"text"_L1, value}};
        if (isNamed(places))
            parameter.insert("parameter_name"_L1, places[i]);
        parameters.append(parameter);
    }
    return parameters;
}

QJsonObject fileParameter(const OutboundMessage &message, const QString &format, const QString &mediaId)
{
    const QString type = format.toLower();
    QJsonObject media{{"id"_L1, mediaId}};
    const OutboundAttachment &file = message.attachments.constFirst();
    if (type == "document"_L1)
        media.insert("filename"_L1, uploadName(file, fileRule(file.mime, file.kind).value_or(FileRule{.type = u"document"_s, .suffixes = {u"pdf"_s}})));
    return {{"type"_L1, type}, {type, media}};
}

QJsonArray buttonComponents(const TemplatePlaces &places, const QJsonArray &values)
{
    QJsonArray components;
    qsizetype used = 0;
    for (qsizetype i = 0; i < places.buttons.size(); ++i) {
        const TemplatePlaces::Button &button = places.buttons[i];
        if (!button.takesValue)
            continue;
        const QString value = values.at(used++).toString();
        const bool isCode = button.type == "COPY_CODE"_L1;
        const QJsonObject parameter = isCode ? QJsonObject{{"type"_L1, u"coupon_code"_s}, {"coupon_code"_L1, value}}
                                             : QJsonObject{{"type"_L1, u"text"_s}, {"text"_L1, value}};
        components.append(QJsonObject{{"type"_L1, u"button"_s},
                                      {"sub_type"_L1, button.type.toLower()},
                                      {"index"_L1, QString::number(i)},
                                      {"parameters"_L1, QJsonArray{parameter}}});
    }
    return components;
}

QJsonObject templateBody(const OutboundMessage &message, const QString &mediaId)
{
    const OutboundTemplate &from = *message.fromTemplate;
    const TemplatePlaces places = placesOf(from.components);
    QJsonArray components;
    const auto add = [&components](const QString &type, const QJsonArray &parameters) {
        if (!parameters.isEmpty())
            components.append(QJsonObject{{"type"_L1, type}, {"parameters"_L1, parameters}});
    };
    if (places.takesFile())
        add(u"header"_s, {fileParameter(message, places.headerFormat, mediaId)});
    else
        add(u"header"_s, textParameters(places.header, from.values.value("header"_L1)));
    add(u"body"_s, textParameters(places.body, from.values.value("body"_L1)));
    const QJsonArray buttons = buttonComponents(places, from.values.value("buttons"_L1).toArray());
    for (const QJsonValue &button : buttons)
        components.append(button);
    QJsonObject body{{"name"_L1, from.name}, {"language"_L1, QJsonObject{{"code"_L1, from.language}, {"policy"_L1, u"deterministic"_s}}}};
    if (!components.isEmpty())
        body.insert("components"_L1, components);
    return {{"type"_L1, u"template"_s}, {"template"_L1, body}};
}

Error choiceLimit(const QString &detail)
{
    return {Error::Kind::ChannelLimit, detail, u"choice"_s};
}

Result<void> checkItems(const OutboundChoice &choice, bool asList)
{
    QSet<QString> ids;
    QSet<QString> titles;
    const qsizetype longestTitle = asList ? kRowTitle : kButtonTitle;
    const qsizetype longestId = asList ? kRowId : kButtonId;
    for (const OutboundChoice::Item &item : choice.items) {
        if (item.id.isEmpty() || item.title.trimmed().isEmpty())
            return choiceLimit(u"an item without id or title"_s);
        if (lengthOf(item.title) > longestTitle)
            return choiceLimit(u"a title over %1 characters"_s.arg(longestTitle));
        if (lengthOf(item.id) > longestId)
            return choiceLimit(u"an id over %1 characters"_s.arg(longestId));
        if (lengthOf(item.description) > kRowDescription)
            return choiceLimit(u"a description over %1 characters"_s.arg(kRowDescription));
        if (ids.contains(item.id) || (!asList && titles.contains(item.title)))
            return choiceLimit(u"two items of one id or title"_s);
        ids.insert(item.id);
        titles.insert(item.title);
    }
    return {};
}

} // namespace

qsizetype lengthOf(const QString &text)
{
    return text.toUcs4().size();
}

QString rendered(const QString &markdown)
{
    static const TextMarks marks{.strong = u"*"_s, .emphasis = u"_"_s, .strike = u"~"_s, .code = u"`"_s};
    return renderMarkdown(markdown, marks);
}

QJsonObject addressed(const QString &contactSourceId)
{
    QJsonObject body{{"messaging_product"_L1, u"whatsapp"_s}, {"recipient_type"_L1, u"individual"_s}};
    // In `to` a user id would be taken and the message lost.
    body.insert(isUserId(contactSourceId) ? "recipient"_L1 : "to"_L1, isUserId(contactSourceId) ? contactSourceId : phoneDigits(contactSourceId));
    return body;
}

QJsonObject content(const OutboundMessage &message, const QString &mediaId)
{
    if (message.fromTemplate)
        return templateBody(message, mediaId);
    if (message.choice)
        return choiceBody(message);
    return message.attachments.isEmpty() ? textBody(rendered(message.content)) : mediaBody(message, mediaId);
}

Result<void> checkChoice(const OutboundMessage &message)
{
    const OutboundChoice &choice = *message.choice;
    const bool asList = isList(choice);
    if (!message.attachments.isEmpty())
        return Error{Error::Kind::ChannelLimit, u"a choice or files, not both"_s, u"attachment_ids"_s};
    const qsizetype longest = asList ? kListText : kButtonsText;
    const qsizetype length = lengthOf(rendered(message.content));
    if (length == 0 || length > longest)
        return Error{Error::Kind::ChannelLimit, length == 0 ? u"a choice needs a text"_s : u"over %1 characters"_s.arg(longest), u"content"_s};
    if (choice.items.isEmpty() || choice.items.size() > kMostRows)
        return choiceLimit(u"one to %1 items"_s.arg(kMostRows));
    if (lengthOf(choice.button) > kButtonTitle)
        return choiceLimit(u"what opens the list is over %1 characters"_s.arg(kButtonTitle));
    return checkItems(choice, asList);
}

Result<void> checkTemplate(const OutboundMessage &message)
{
    const OutboundTemplate &from = *message.fromTemplate;
    if (const auto filled = checkTemplateValues(from.components, from.values); !filled)
        return filled;
    const TemplatePlaces places = placesOf(from.components);
    const auto refusal = [](const QString &detail) { return Error{Error::Kind::ChannelLimit, detail, u"attachment_ids"_s}; };
    if (places.headerFormat == "LOCATION"_L1)
        return Error{Error::Kind::ChannelLimit, u"templates with a place can't be sent from here"_s, u"template"_s};
    if (!places.takesFile())
        return message.attachments.isEmpty() ? Result<void>() : refusal(u"this template takes no file"_s);
    if (message.attachments.size() != 1)
        return refusal(u"this template takes one file: %1"_s.arg(places.headerFormat.toLower()));
    const OutboundAttachment &file = message.attachments.constFirst();
    const auto rule = fileRule(file.mime, file.kind);
    if (!rule || rule->type != places.headerFormat.toLower())
        return refusal(u"this template takes another type of file: %1"_s.arg(places.headerFormat.toLower()));
    return checkFile(file);
}

} // namespace antiphon::whatsapp
