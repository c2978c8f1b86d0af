#include "core/domain/templateplaces.h"

#include "core/base/json.h"

#include <QRegularExpression>

#include <algorithm>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kMostBlanks = 4;

const QRegularExpression &placePattern()
{
    static const QRegularExpression pattern(u"\\{\\{\\s*([A-Za-z0-9_]+)\\s*\\}\\}"_s);
    return pattern;
}

/// Each name once: numbered places by their number, named ones in the order of their first place.
QStringList placesIn(const QString &text)
{
    QStringList names;
    bool isNumbered = true;
    auto found = placePattern().globalMatch(text);
    while (found.hasNext()) {
        const QString name = found.next().captured(1);
        if (!names.contains(name))
            names.append(name);
        isNumbered = isNumbered && name.toInt() > 0;
    }
    if (isNumbered)
        std::sort(names.begin(), names.end(), [](const QString &a, const QString &b) { return a.toInt() < b.toInt(); });
    return names;
}

QJsonObject component(const QJsonArray &components, QLatin1StringView type)
{
    for (const QJsonValue &entry : components) {
        const QJsonObject object = entry.toObject();
        if (object.value("type"_L1).toString().compare(type, Qt::CaseInsensitive) == 0)
            return object;
    }
    return {};
}

bool takesValue(const QJsonObject &button)
{
    const QString type = button.value("type"_L1).toString().toUpper();
    return type == "COPY_CODE"_L1 || (type == "URL"_L1 && !placesIn(button.value("url"_L1).toString()).isEmpty());
}

QString why(const QString &text)
{
    if (text.trimmed().isEmpty())
        return u"a value is empty"_s;
    int blanks = 0;
    for (const QChar c : text) {
        if (c == u'\n' || c == u'\r' || c == u'\t')
            return u"a value must not have line breaks or tabs"_s;
        blanks = c == u' ' ? blanks + 1 : 0;
        if (blanks > kMostBlanks)
            return u"a value must not have more than %1 blanks in a row"_s.arg(kMostBlanks);
    }
    return {};
}

/// The values of a part's places, in their order. Invalid where they are not those.
Result<QStringList> valuesOf(const QJsonValue &given, const QStringList &places, const QString &field)
{
    const QString path = u"template.values."_s + field;
    QStringList values;
    if (given.isObject()) {
        const QJsonObject named = given.toObject();
        const QStringList keys = named.keys();
        for (const QString &key : keys) {
            if (!places.contains(key))
                return Error{Error::Kind::Invalid, u"it has no place called %1"_s.arg(key), path};
        }
        for (const QString &place : places)
            values.append(named.value(place).toString());
    } else {
        if (!given.isArray() && !given.isUndefined() && !given.isNull())
            return Error{Error::Kind::Invalid, u"neither an array nor an object"_s, path};
        const QJsonArray ordered = given.toArray();
        if (ordered.size() != places.size())
            return Error{Error::Kind::Invalid, u"it takes %1 values, not %2"_s.arg(places.size()).arg(ordered.size()), path};
        for (const QJsonValue &value : ordered)
            values.append(value.toString());
    }
    for (const QString &value : std::as_const(values)) {
        if (const QString reason = why(value); !reason.isEmpty())
            return Error{Error::Kind::Invalid, reason, path};
    }
    return values;
}

QString filled(const QString &text, const QJsonValue &values)
{
    const QStringList places = placesIn(text);
    const QJsonArray ordered = values.toArray();
    QString out;
    qsizetype from = 0;
    auto found = placePattern().globalMatch(text);
    while (found.hasNext()) {
        const auto match = found.next();
        const QString name = match.captured(1);
        const QJsonValue value = values.isObject() ? values.toObject().value(name) : ordered.at(places.indexOf(name));
        out += text.mid(from, match.capturedStart() - from) + (value.isString() ? value.toString() : match.captured());
        from = match.capturedEnd();
    }
    return out + text.mid(from);
}

} // namespace

bool TemplatePlaces::takesFile() const
{
    return headerFormat == "IMAGE"_L1 || headerFormat == "VIDEO"_L1 || headerFormat == "DOCUMENT"_L1;
}

QStringList TemplatePlaces::buttonLabels() const
{
    QStringList labels;
    for (const Button &button : buttons)
        labels.append(button.label);
    return labels;
}

TemplatePlaces placesOf(const QJsonArray &components)
{
    TemplatePlaces places;
    const QJsonObject header = component(components, "HEADER"_L1);
    if (!header.isEmpty()) {
        const QString format = header.value("format"_L1).toString().toUpper();
        places.headerFormat = format.isEmpty() ? u"TEXT"_s : format;
        places.header = placesIn(header.value("text"_L1).toString());
    }
    places.body = placesIn(component(components, "BODY"_L1).value("text"_L1).toString());
    const QJsonArray buttons = component(components, "BUTTONS"_L1).value("buttons"_L1).toArray();
    for (const QJsonValue &entry : buttons) {
        const QJsonObject button = entry.toObject();
        places.buttons.append({.type = button.value("type"_L1).toString().toUpper(), .label = json::string(button, "text"_L1), .takesValue = takesValue(button)});
    }
    return places;
}

Result<void> checkTemplateValues(const QJsonArray &components, const QJsonObject &values)
{
    const TemplatePlaces places = placesOf(components);
    QStringList buttons;
    for (const TemplatePlaces::Button &button : places.buttons) {
        if (button.takesValue)
            buttons.append(button.label);
    }
    const QStringList keys = values.keys();
    for (const QString &key : keys) {
        if (key != "header"_L1 && key != "body"_L1 && key != "buttons"_L1)
            return Error{Error::Kind::Invalid, u"values are for header, body and buttons"_s, u"template.values"_s};
    }
    for (const auto &[field, names] : {std::pair(u"header"_s, places.header), std::pair(u"body"_s, places.body), std::pair(u"buttons"_s, buttons)}) {
        const QJsonValue given = values.value(field);
        if (given.isObject() && field == "buttons"_L1)
            return Error{Error::Kind::Invalid, u"an array of texts"_s, u"template.values.buttons"_s};
        if (const auto filledIn = valuesOf(given, names, field); !filledIn)
            return filledIn.error();
    }
    return {};
}

QString renderedTemplate(const QJsonArray &components, const QJsonObject &values)
{
    QStringList lines;
    const QJsonObject header = component(components, "HEADER"_L1);
    if (const QString text = filled(header.value("text"_L1).toString(), values.value("header"_L1)); !text.isEmpty())
        lines.append(text);
    if (const QString text = filled(component(components, "BODY"_L1).value("text"_L1).toString(), values.value("body"_L1)); !text.isEmpty())
        lines.append(text);
    if (const QString text = component(components, "FOOTER"_L1).value("text"_L1).toString(); !text.isEmpty())
        lines.append(text);
    return json::cleanText(lines.join(u"\n\n"_s));
}

} // namespace antiphon
