#include "core/channels/twilio/twiliocontent.h"

#include "core/base/json.h"
#include "core/channels/twilio/twilioaddress.h"

#include <QHash>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

using ContentType = Message::ContentType;

constexpr int kMostFiles = 20;
constexpr auto kCannotReply = "cannot_reply"_L1;

QString field(const QJsonObject &fields, const QString &name)
{
    return json::cleanText(fields.value(name).toString());
}

QString essence(const QString &mime)
{
    return mime.section(u';', 0, 0).trimmed().toLower();
}

bool isCard(const QString &mime)
{
    return mime == "text/vcard"_L1 || mime == "text/x-vcard"_L1;
}

Attachment::Kind kindOf(const QString &mime, bool isSticker)
{
    if (isSticker)
        return Attachment::Kind::Sticker;
    if (mime.startsWith("image/"_L1))
        return Attachment::Kind::Image;
    if (mime.startsWith("video/"_L1))
        return Attachment::Kind::Video;
    if (mime.startsWith("audio/"_L1))
        return Attachment::Kind::Audio;
    return isCard(mime) ? Attachment::Kind::Contact : Attachment::Kind::File;
}

QString suffixOf(const QString &mime)
{
    static const QHash<QString, QString> suffixes{
        {u"image/jpeg"_s, u"jpg"_s}, {u"image/png"_s, u"png"_s},  {u"image/gif"_s, u"gif"_s},  {u"image/webp"_s, u"webp"_s},     {u"video/mp4"_s, u"mp4"_s},
        {u"video/3gpp"_s, u"3gp"_s}, {u"audio/ogg"_s, u"ogg"_s},  {u"audio/mpeg"_s, u"mp3"_s}, {u"audio/mp4"_s, u"m4a"_s},       {u"audio/amr"_s, u"amr"_s},
        {u"text/plain"_s, u"txt"_s}, {u"text/vcard"_s, u"vcf"_s}, {u"text/x-vcard"_s, u"vcf"_s}, {u"application/pdf"_s, u"pdf"_s},
    };
    return suffixes.value(mime);
}

/// "media-ME….jpg"
QString nameOf(const QUrl &url, const QString &mime, int index)
{
    QString name;
    const QString last = url.path().section(u'/', -1);
    for (const QChar c : last) {
        if (c.isLetterOrNumber() && c.unicode() < 128)
            name += c;
    }
    const QString suffix = suffixOf(mime);
    return u"media-"_s + (name.isEmpty() ? QString::number(index + 1) : name.right(40)) + (suffix.isEmpty() ? QString() : u'.' + suffix);
}

void readFiles(InboundMessage *message, const QJsonObject &fields)
{
    const auto told = json::integer(fields.value("NumMedia"_L1));
    const bool isSticker = json::string(fields, "MessageType"_L1) == "sticker"_L1;
    const int count = int(std::clamp<qint64>(told.value_or(kMostFiles), 0, kMostFiles));
    for (int i = 0; i < count; ++i) {
        const QString address = field(fields, u"MediaUrl%1"_s.arg(i));
        if (address.isEmpty() && !told)
            break;
        const QString mime = essence(field(fields, u"MediaContentType%1"_s.arg(i)));
        if (mime == "application/smil"_L1)          // how a phone would lay the others out
            continue;
        const QUrl url(address, QUrl::StrictMode);
        InboundAttachment file{.kind = kindOf(mime, isSticker), .name = nameOf(url, mime, i), .mime = mime};
        file.isVoice = mime == "audio/ogg"_L1 && isWhatsapp(message->customer.contactSourceId);
        if (!address.isEmpty() && (!url.isValid() || url.host().isEmpty()))
            file.failure = u"unavailable"_s;
        else if (!address.isEmpty())
            file.remote = {{"url"_L1, address}};
        else          // a list told that there is one, and not yet which
            file.remote = {{"message"_L1, message->sourceId}, {"index"_L1, i}};
        if (mime.isEmpty() && !file.remote.isEmpty())
            file.remote.insert("any_kind"_L1, true);
        message->attachments.append(file);
    }
    const auto isCardFile = [](const InboundAttachment &file) { return file.kind == Attachment::Kind::Contact; };
    if (!message->attachments.isEmpty() && std::all_of(message->attachments.begin(), message->attachments.end(), isCardFile))
        message->contentType = ContentType::Contacts;
    else if (isSticker && !message->attachments.isEmpty())
        message->contentType = ContentType::Sticker;
}

void readPlace(InboundMessage *message, const QJsonObject &fields)
{
    const auto degrees = [&fields](QLatin1StringView key, double most) {
        bool ok = false;
        const double value = fields.value(key).toString().toDouble(&ok);
        return ok && std::isfinite(value) && qAbs(value) <= most ? std::optional(value) : std::nullopt;
    };
    const auto latitude = degrees("Latitude"_L1, 90);
    const auto longitude = degrees("Longitude"_L1, 180);
    if (!latitude || !longitude)
        return;
    QStringList title{json::string(fields, "Label"_L1), json::string(fields, "Address"_L1)};
    title.removeAll(QString());
    message->contentType = ContentType::Location;
    message->attachments.append({.kind = Attachment::Kind::Location, .title = title.join(", "_L1), .latitude = latitude, .longitude = longitude});
}

void readChoice(InboundMessage *message, const QJsonObject &fields)
{
    const QString button = json::string(fields, "ButtonText"_L1);
    QStringList list{json::string(fields, "ListTitle"_L1), json::string(fields, "ListDescription"_L1)};
    list.removeAll(QString());
    const QString chosen = list.isEmpty() ? button : list.join(u'\n');
    if (chosen.isEmpty())
        return;
    if (message->content.isEmpty())
        message->content = chosen;
    message->contentType = ContentType::Interactive;
    QJsonObject choice;
    for (const QLatin1StringView key : {"ButtonText"_L1, "ButtonPayload"_L1, "ButtonType"_L1, "ListId"_L1, "ListTitle"_L1, QLatin1StringView("ListDescription")}) {
        if (const QString value = json::string(fields, key); !value.isEmpty())
            choice.insert(key, value);
    }
    message->detail.insert("choice"_L1, choice);
}

QJsonObject readReferral(const QJsonObject &fields)
{
    QJsonObject referral;
    const auto add = [&](QLatin1StringView name, QLatin1StringView key) {
        const QString value = json::string(fields, key);
        if (!value.isEmpty())
            referral.insert(name, value);
    };
    add("source"_L1, "ReferralSourceType"_L1);
    add("headline"_L1, "ReferralHeadline"_L1);
    add("body"_L1, "ReferralBody"_L1);
    add("url"_L1, "ReferralSourceUrl"_L1);
    add("ad_id"_L1, "ReferralSourceId"_L1);
    add("ref"_L1, "ReferralCtwaClid"_L1);
    add("media_type"_L1, "ReferralMediaContentType"_L1);
    add("media_url"_L1, "ReferralMediaUrl"_L1);
    return referral;
}

/// What a customer's word does to whether they may be written to: Twilio acts on it by itself, we only know it.
QJsonObject optOut(const QJsonObject &fields, const QString &body)
{
    static const QStringList kStops{u"STOP"_s, u"STOPALL"_s, u"UNSUBSCRIBE"_s, u"CANCEL"_s, u"END"_s, u"QUIT"_s};
    static const QStringList kStarts{u"START"_s, u"UNSTOP"_s, u"YES"_s};
    QString word = json::string(fields, "OptOutType"_L1).trimmed().toUpper();
    if (word.isEmpty() && !isWhatsapp(json::string(fields, "From"_L1)))
        word = body.trimmed().toUpper();
    if (kStops.contains(word))
        return {{kCannotReply, u"opted_out"_s}};
    return kStarts.contains(word) ? QJsonObject{{kCannotReply, QJsonValue::Null}} : QJsonObject();
}

bool isTrue(const QJsonObject &fields, QLatin1StringView key)
{
    return json::string(fields, key).compare("true"_L1, Qt::CaseInsensitive) == 0;
}

Result<InboundEvent> readReaction(const InboundMessage &message)
{
    return InboundEvent(InboundReaction{.contactSourceId = message.customer.contactSourceId,
                                        .messageSourceId = message.inReplyToSourceId,
                                        .senderPlatformId = message.customer.contactSourceId,
                                        .isRemoval = message.content.isEmpty(),
                                        .emoji = message.content,
                                        .platformAt = message.platformAt});
}

} // namespace

Result<InboundEvent> readMessage(const QJsonObject &fields, const QString &sid, Timestamp at)
{
    InboundMessage message{.customer = customerOf(fields),
                           .sourceId = sid,
                           .content = json::string(fields, "Body"_L1),
                           .inReplyToSourceId = json::string(fields, "OriginalRepliedMessageSid"_L1),
                           .platformAt = at,
                           .referral = readReferral(fields),
                           .isForwarded = isTrue(fields, "Forwarded"_L1) || isTrue(fields, "FrequentlyForwarded"_L1)};
    if (message.customer.contactSourceId.isEmpty())
        return Error{Error::Kind::BadPayload, u"a message without sender"_s};
    message.attributes = optOut(fields, message.content);
    const QString type = json::string(fields, "MessageType"_L1);
    if (type == "reaction"_L1 && !message.inReplyToSourceId.isEmpty())
        return readReaction(message);
    readChoice(&message, fields);
    readFiles(&message, fields);
    readPlace(&message, fields);
    if (!message.content.isEmpty() || !message.attachments.isEmpty())
        return InboundEvent(message);
    if (type.isEmpty() || type == "text"_L1)
        return InboundEvent(InboundIgnored{u"nothing is in it"_s});
    message.contentType = ContentType::Unsupported;
    message.rawType = type.left(40);
    return InboundEvent(message);
}

Result<InboundEvent> readEcho(const QJsonObject &fields, const QString &sid, Timestamp at)
{
    InboundMessage message{.customer = {.contactSourceId = json::string(fields, "To"_L1).trimmed()},
                           .origin = InboundMessage::Origin::OwnApi,
                           .sourceId = sid,
                           .content = json::string(fields, "Body"_L1),
                           .platformAt = at,
                           .opensWindow = false};
    if (message.customer.contactSourceId.isEmpty())
        return Error{Error::Kind::BadPayload, u"a message to nobody"_s};
    readFiles(&message, fields);
    return InboundEvent(message);
}

} // namespace antiphon::twilio
