#include "core/channels/tiktok/tiktokcontent.h"

#include "core/base/json.h"

namespace antiphon::tiktok {

using namespace Qt::StringLiterals;

namespace {

QJsonObject object(const QJsonObject &parent, QLatin1StringView key)
{
    return parent.value(key).toObject();
}

/// An https address as it stands, else nothing.
QString address(const QJsonObject &parent, QLatin1StringView key)
{
    const QString text = json::string(parent, key);
    return text.startsWith("https://"_L1) ? text : QString();
}

/// Title and button labels, one a line: what the customer sees of a card.
QString templateText(const QJsonObject &card)
{
    QStringList lines;
    const QJsonArray elements = card.value("elements"_L1).toArray();
    for (const QJsonValue &element : elements) {
        const QJsonObject shown = element.toObject();
        lines.append(json::string(shown, "title"_L1));
        const QJsonArray buttons = shown.value("buttons"_L1).toArray();
        for (const QJsonValue &button : buttons) {
            const QString label = json::string(button.toObject(), "text"_L1);
            if (!label.isEmpty())
                lines.append(u"• "_s + label);
        }
    }
    lines.removeAll(QString());
    return lines.join(u'\n');
}

void setUnsupported(InboundMessage &message)
{
    message.contentType = Message::ContentType::Unsupported;
    message.content.clear();
    message.attachments.clear();
}

QJsonObject mediaRemote(const QJsonObject &content, const QString &mediaId, const QString &mediaType)
{
    return {{"kind"_L1, u"media"_s},
            {"conversation_id"_L1, json::string(content, "conversation_id"_L1)},
            {"message_id"_L1, json::string(content, "message_id"_L1)},
            {"media_id"_L1, mediaId},
            {"media_type"_L1, mediaType}};
}

bool addMedia(InboundMessage &message, const QJsonObject &content, QLatin1StringView key, Attachment::Kind kind, const QString &mediaType)
{
    const QString mediaId = json::string(object(content, key), "media_id"_L1);
    if (mediaId.isEmpty())
        return false;
    message.attachments.append({.kind = kind, .remote = mediaRemote(content, mediaId, mediaType)});
    return true;
}

bool addPicture(InboundMessage &message, const QJsonObject &content, QLatin1StringView key, Attachment::Kind kind)
{
    const QString url = json::string(object(content, key), "url"_L1);      // whether it may be fetched is SafeFetch's to judge
    if (url.isEmpty())
        return false;
    message.attachments.append({.kind = kind, .remote = {{"kind"_L1, u"url"_s}, {"url"_L1, url}}});
    return true;
}

bool addPost(InboundMessage &message, const QJsonObject &content)
{
    const QJsonObject post = object(content, "share_post"_L1);
    const QString url = address(post, "embed_url"_L1);
    const QString videoId = json::string(post, "video_id"_L1);
    message.contentType = Message::ContentType::Embed;
    if (!url.isEmpty())
        message.attachments.append({.kind = Attachment::Kind::Embed, .embedUrl = url});
    else
        message.content = videoId;
    return !url.isEmpty() || !videoId.isEmpty();
}

/// @return false where there is nothing to show.
bool fill(InboundMessage &message, const QJsonObject &content, const QString &type, bool isEcho)
{
    if (type == "text"_L1) {
        message.content = json::string(object(content, "text"_L1), "body"_L1);
        return !message.content.isEmpty();
    }
    if (type == "image"_L1)
        return addMedia(message, content, "image"_L1, Attachment::Kind::Image, u"IMAGE"_s);
    if (type == "video"_L1)
        return addMedia(message, content, "video"_L1, Attachment::Kind::Video, u"VIDEO"_s);
    if (type == "share_post"_L1)
        return addPost(message, content);
    if (type == "sticker"_L1) {
        message.contentType = Message::ContentType::Sticker;
        return addPicture(message, content, "sticker"_L1, Attachment::Kind::Sticker);
    }
    if (type == "emoji"_L1)
        return addPicture(message, content, "emoji"_L1, Attachment::Kind::Image);
    if (type == "template"_L1 && isEcho) {
        message.content = templateText(object(content, "template"_L1));
        return !message.content.isEmpty();
    }
    return false;
}

InboundMessage::Origin originOf(const QJsonObject &content)
{
    if (!json::string(content, "auto_message_type"_L1).isEmpty())
        return InboundMessage::Origin::Automatic;
    const QString source = json::string(object(content, "message_tag"_L1), "source"_L1).toUpper();
    return source.isEmpty() || source == "API"_L1 ? InboundMessage::Origin::OwnApi : InboundMessage::Origin::NativeApp;
}

} // namespace

QString lane(const QString &account, const QString &conversationId)
{
    return u"tt:"_s + account + u':' + conversationId;
}

std::optional<Timestamp> moment(const QJsonValue &value)
{
    constexpr qint64 kEarliest = 1'262'304'000'000;
    constexpr qint64 kLatest = 4'102'444'800'000;
    const auto ms = json::integer(value);
    return ms && *ms >= kEarliest && *ms < kLatest ? std::optional(fromUnixMs(*ms)) : std::nullopt;
}

InboundCustomer customerOf(const QJsonObject &content, const QString &account, bool isEcho)
{
    const QJsonObject other = object(content, isEcho ? "to_user"_L1 : "from_user"_L1);
    InboundCustomer customer{
        .contactSourceId = json::string(content, "conversation_id"_L1),
        .platformUserId = json::string(other, "id"_L1),
        .username = json::string(content, isEcho ? "to"_L1 : "from"_L1),
    };
    if (customer.platformUserId.isEmpty())
        customer.platformUserId = json::string(content, "unique_identifier"_L1);
    if (customer.platformUserId == account)
        customer.platformUserId.clear();
    if (content.value("is_follower"_L1).isBool())
        customer.isFollower = content.value("is_follower"_L1).toBool();
    return customer;
}

InboundMessage readMessage(const QJsonObject &content, const QString &account, bool isEcho, Timestamp at)
{
    InboundMessage message{
        .customer = customerOf(content, account, isEcho),
        .origin = isEcho ? originOf(content) : InboundMessage::Origin::Customer,
        .sourceId = json::string(content, "message_id"_L1),
        .inReplyToSourceId = json::string(object(content, "referenced_message_info"_L1), "referenced_message_id"_L1),
        .rawType = json::string(content, "type"_L1),
        .platformAt = at,
    };
    if (!fill(message, content, message.rawType, isEcho))
        setUnsupported(message);
    return message;
}

} // namespace antiphon::tiktok
