#include "core/channels/whatsapp/whatsappcontent.h"

#include "core/base/json.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMediaTooLarge = 131052;

QJsonObject object(const QJsonObject &parent, QLatin1StringView key)
{
    return parent.value(key).toObject();
}

/// Never a path, never more than a line.
QString fileName(const QString &given)
{
    QString name;
    for (const QChar c : given) {
        const bool isBad = c == u'/' || c == u'\\' || c.category() == QChar::Other_Control;
        name += isBad ? QChar(u'_') : c;
    }
    return name.trimmed();
}

QString suffixOf(const QString &mime)
{
    static const QHash<QString, QString> suffixes{
        {u"image/jpeg"_s, u"jpg"_s}, {u"image/png"_s, u"png"_s},  {u"image/webp"_s, u"webp"_s}, {u"video/mp4"_s, u"mp4"_s},       {u"video/3gpp"_s, u"3gp"_s},
        {u"audio/ogg"_s, u"ogg"_s},  {u"audio/mpeg"_s, u"mp3"_s}, {u"audio/mp4"_s, u"m4a"_s},   {u"audio/aac"_s, u"aac"_s},       {u"audio/amr"_s, u"amr"_s},
        {u"text/plain"_s, u"txt"_s}, {u"image/gif"_s, u"gif"_s},  {u"text/vcard"_s, u"vcf"_s},  {u"application/pdf"_s, u"pdf"_s},
    };
    return suffixes.value(mime.section(u';', 0, 0).trimmed().toLower());
}

/// "image-VERFU1Qx.jpg": a name that tells its kind and is the same with every repeat.
QString nameFor(const QJsonObject &media, const QString &type, const QString &messageId)
{
    const QString given = fileName(json::string(media, "filename"_L1));
    if (!given.isEmpty())
        return given;
    QString tail;
    for (const QChar c : messageId) {
        if (c.isLetterOrNumber() && c.unicode() < 128)
            tail += c;
    }
    const QString suffix = suffixOf(json::string(media, "mime_type"_L1));
    return type + u'-' + tail.right(8) + (suffix.isEmpty() ? QString() : u'.' + suffix);
}

bool hasError(const QJsonObject &message, qint64 code)
{
    const QJsonArray errors = message.value("errors"_L1).toArray();
    for (const QJsonValue &error : errors) {
        if (json::integer(error.toObject().value("code"_L1)) == code)
            return true;
    }
    return false;
}

struct MediaType {
    const char *name;
    Attachment::Kind kind;
};
constexpr MediaType kMediaTypes[]{
    {"image", Attachment::Kind::Image}, {"video", Attachment::Kind::Video},   {"audio", Attachment::Kind::Audio},
    {"voice", Attachment::Kind::Audio}, {"document", Attachment::Kind::File}, {"sticker", Attachment::Kind::Sticker},
};

std::optional<Attachment::Kind> mediaKind(const QString &type)
{
    for (const MediaType &known : kMediaTypes) {
        if (type == QLatin1StringView(known.name))
            return known.kind;
    }
    return std::nullopt;
}

void addMedia(InboundMessage *message, const QJsonObject &source, const QString &type, Attachment::Kind kind)
{
    const QJsonObject media = object(source, QLatin1StringView(type.toLatin1()));
    const QString id = json::string(media, "id"_L1);
    InboundAttachment file{.kind = kind,
                           .name = nameFor(media, type, message->sourceId),
                           .mime = json::string(media, "mime_type"_L1),
                           .isVoice = type == "voice"_L1 || media.value("voice"_L1).toBool()};
    if (hasError(source, kMediaTooLarge))
        file.failure = u"too_large"_s;
    else if (id.isEmpty())
        file.failure = u"unavailable"_s;
    else
        file.remote = {{"id"_L1, id}, {"mime"_L1, file.mime}, {"sha256"_L1, json::string(media, "sha256"_L1)}, {"name"_L1, file.name}};
    message->attachments.append(file);
    message->content = json::string(media, "caption"_L1);
    if (kind == Attachment::Kind::Sticker)
        message->contentType = Message::ContentType::Sticker;
}

bool addLocation(InboundMessage *message, const QJsonObject &place)
{
    const auto degrees = [&place](QLatin1StringView key, double most) {
        bool ok = false;
        const double value = place.value(key).toVariant().toDouble(&ok);      // also where it came as text
        return ok && std::isfinite(value) && qAbs(value) <= most && !place.value(key).isBool() ? std::optional(value) : std::nullopt;
    };
    const auto latitude = degrees("latitude"_L1, 90);
    const auto longitude = degrees("longitude"_L1, 180);
    if (!latitude || !longitude)
        return false;
    QStringList title{json::string(place, "name"_L1), json::string(place, "address"_L1)};
    title.removeAll(QString());
    const QString url = json::string(place, "url"_L1);
    message->contentType = Message::ContentType::Location;
    message->attachments.append({.kind = Attachment::Kind::Location,
                                 .embedUrl = url.startsWith("https://"_L1) ? url : QString(),
                                 .title = title.join(", "_L1),
                                 .latitude = latitude,
                                 .longitude = longitude});
    return true;
}

QString cardName(const QJsonObject &card)
{
    const QJsonObject name = object(card, "name"_L1);
    const QString formatted = json::string(name, "formatted_name"_L1);
    QStringList parts{json::string(name, "first_name"_L1), json::string(name, "last_name"_L1)};
    parts.removeAll(QString());
    return formatted.isEmpty() ? parts.join(u' ') : formatted;
}

/// One attachment a phone number: the name as its title, the number as its name.
bool addCards(InboundMessage *message, const QJsonArray &cards)
{
    for (const QJsonValue &value : cards) {
        const QJsonObject card = value.toObject();
        const QString title = cardName(card);
        const QJsonArray phones = card.value("phones"_L1).toArray();
        const qsizetype before = message->attachments.size();
        for (const QJsonValue &phone : phones) {
            const QString number = json::string(phone.toObject(), "phone"_L1);
            const QString waId = json::string(phone.toObject(), "wa_id"_L1);
            if (!number.isEmpty() || !waId.isEmpty())
                message->attachments.append({.kind = Attachment::Kind::Contact, .name = number.isEmpty() ? u'+' + waId : number, .title = title});
        }
        if (message->attachments.size() == before && !title.isEmpty())
            message->attachments.append({.kind = Attachment::Kind::Contact, .name = title, .title = title});
    }
    message->contentType = Message::ContentType::Contacts;
    message->detail.insert("contacts"_L1, cards);
    return !message->attachments.isEmpty();
}

/// A form's answers, one a line.
QString formText(const QJsonObject &reply)
{
    const auto answers = json::parseObject(json::string(reply, "response_json"_L1).toUtf8());
    QStringList lines;
    const QStringList names = answers ? answers->keys() : QStringList();
    for (const QString &name : names) {
        if (name == "flow_token"_L1)
            continue;
        const QJsonValue answer = answers->value(name);
        const QString text = answer.isString() ? json::cleanText(answer.toString())
            : answer.isObject()                ? json::toText(answer.toObject())
            : answer.isArray()                 ? QString::fromUtf8(QJsonDocument(answer.toArray()).toJson(QJsonDocument::Compact))
                                               : answer.toVariant().toString();
        lines.append(json::cleanText(name) + u": "_s + text);
    }
    return lines.isEmpty() ? json::string(reply, "body"_L1) : lines.join(u'\n');
}

bool addChoice(InboundMessage *message, const QJsonObject &interactive)
{
    const QString type = json::string(interactive, "type"_L1);
    const QJsonObject reply = object(interactive, QLatin1StringView(type.toLatin1()));
    if (type == "nfm_reply"_L1) {
        message->content = formText(reply);
    } else if (type == "button_reply"_L1 || type == "list_reply"_L1) {
        message->content = json::string(reply, "title"_L1);
        const QString description = json::string(reply, "description"_L1);
        if (!description.isEmpty())
            message->content += u'\n' + description;
    }
    message->contentType = Message::ContentType::Interactive;
    message->detail.insert("interactive"_L1, interactive);
    return !message->content.isEmpty();
}

/// Of a number or a string of one: never less than nothing, never more than `most`.
double quantityOf(const QJsonValue &value, double most)
{
    const double number = value.toVariant().toDouble();
    return std::isfinite(number) ? qBound(0.0, number, most) : 0;
}

QString amount(double value)
{
    return value == qint64(value) ? QString::number(qint64(value)) : QString::number(value, 'f', 2);
}

bool addOrder(InboundMessage *message, const QJsonObject &order)
{
    QStringList lines{json::string(order, "text"_L1)};
    const QJsonArray items = order.value("product_items"_L1).toArray();
    for (const QJsonValue &value : items) {
        const QJsonObject item = value.toObject();
        const double quantity = quantityOf(item.value("quantity"_L1), 1e9);
        const double price = quantityOf(item.value("item_price"_L1), 1e12);
        const QString product = json::string(item, "product_retailer_id"_L1);
        lines.append(u"%1 × %2, %3 %4"_s.arg(amount(quantity), product, amount(price), json::string(item, "currency"_L1)).trimmed());
    }
    lines.removeAll(QString());
    message->content = lines.join(u'\n');
    message->contentType = Message::ContentType::Interactive;
    message->detail.insert("order"_L1, order);
    return !message->content.isEmpty();
}

/// @return false where there is nothing to show.
bool fill(InboundMessage *message, const QJsonObject &source, const QString &type)
{
    if (type == "text"_L1) {
        message->content = json::string(object(source, "text"_L1), "body"_L1);
        return !message->content.isEmpty();
    }
    if (const auto kind = mediaKind(type)) {
        addMedia(message, source, type, *kind);
        return true;
    }
    if (type == "location"_L1)
        return addLocation(message, object(source, "location"_L1));
    if (type == "contacts"_L1)
        return addCards(message, source.value("contacts"_L1).toArray());
    if (type == "button"_L1) {
        message->content = json::string(object(source, "button"_L1), "text"_L1);
        message->contentType = Message::ContentType::Interactive;
        message->detail.insert("button"_L1, object(source, "button"_L1));
        return !message->content.isEmpty();
    }
    if (type == "interactive"_L1)
        return addChoice(message, object(source, "interactive"_L1));
    if (type == "order"_L1)
        return addOrder(message, object(source, "order"_L1));
    return false;
}

void setUnsupported(InboundMessage *message, const QJsonObject &source, const QString &type)
{
    message->contentType = Message::ContentType::Unsupported;
    message->content.clear();
    message->attachments.clear();
    const QString inner = json::string(object(source, "unsupported"_L1), "type"_L1);
    message->rawType = inner.isEmpty() ? (type.isEmpty() ? u"unknown"_s : type) : inner;
    for (const QLatin1StringView key : {"errors"_L1, "unsupported"_L1, QLatin1StringView("system")}) {
        if (source.contains(key))
            message->detail.insert(key, source.value(key));
    }
    if (hasError(source, kMediaTooLarge)) {
        message->contentType = Message::ContentType::Text;
        message->rawType.clear();
        message->attachments.append({.kind = Attachment::Kind::File, .failure = u"too_large"_s});
    }
}

void readContext(InboundMessage *message, const QJsonObject &context)
{
    message->inReplyToSourceId = json::string(context, "id"_L1);
    message->isForwarded = context.value("forwarded"_L1).toBool() || context.value("frequently_forwarded"_L1).toBool();
    if (const QJsonObject product = object(context, "referred_product"_L1); !product.isEmpty())
        message->detail.insert("referred_product"_L1, product);
}

QJsonObject readReferral(const QJsonObject &referral)
{
    QJsonObject read;
    const auto add = [&](QLatin1StringView name, QLatin1StringView key) {
        const QString text = json::string(referral, key);
        if (!text.isEmpty() && !read.contains(name))
            read.insert(name, text);
    };
    add("source"_L1, "source_type"_L1);
    add("headline"_L1, "headline"_L1);
    add("body"_L1, "body"_L1);
    add("url"_L1, "source_url"_L1);
    add("ad_id"_L1, "source_id"_L1);
    add("ref"_L1, "ctwa_clid"_L1);
    add("media_type"_L1, "media_type"_L1);
    add("media_url"_L1, "image_url"_L1);
    add("media_url"_L1, "video_url"_L1);
    add("media_url"_L1, "thumbnail_url"_L1);
    add("thumbnail_url"_L1, "thumbnail_url"_L1);
    const QString welcome = json::string(object(referral, "welcome_message"_L1), "text"_L1);
    if (!welcome.isEmpty())
        read.insert("welcome_message"_L1, welcome);
    return read;
}

} // namespace

void readContent(InboundMessage *message, const QJsonObject &source)
{
    const QString type = json::string(source, "type"_L1);
    readContext(message, object(source, "context"_L1));
    message->referral = readReferral(object(source, "referral"_L1));
    if (!fill(message, source, type))
        setUnsupported(message, source, type);
}

std::optional<QString> wordsOf(const QJsonObject &source)
{
    const QString type = json::string(source, "type"_L1);
    if (type == "text"_L1)
        return json::string(object(source, "text"_L1), "body"_L1);
    return mediaKind(type) ? std::optional(json::string(object(source, QLatin1StringView(type.toLatin1())), "caption"_L1)) : std::nullopt;
}

} // namespace antiphon::whatsapp
