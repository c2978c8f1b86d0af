#include "core/channels/meta/messagingcontent.h"

#include "core/base/json.h"
#include "core/channels/meta/messagingvalues.h"

#include <QJsonArray>
#include <QUrl>

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

QJsonObject object(const QJsonObject &parent, QLatin1StringView key)
{
    return parent.value(key).toObject();
}

bool isOneOf(const QString &word, std::initializer_list<QLatin1StringView> words)
{
    return std::any_of(words.begin(), words.end(), [&word](QLatin1StringView other) { return word == other; });
}

/// An address that a person may open.
QString webAddress(const QString &text)
{
    return text.startsWith("https://"_L1) || text.startsWith("http://"_L1) ? text : QString();
}

/// What stands in `payload`, else beside it: of a fallback the payload may be null.
QString value(const QJsonObject &attachment, QLatin1StringView key)
{
    const QString inner = json::string(object(attachment, "payload"_L1), key);
    return inner.isEmpty() ? json::string(attachment, key) : inner;
}

QString fileName(const QString &url)
{
    const QString name = QUrl(url).fileName(QUrl::FullyDecoded);
    return name.contains(u'.') ? json::cleanText(name).left(200) : QString();
}

/// A story is a picture or a video, and nobody says which: the bytes do, once they are here.
Attachment::Kind storyKind(const QString &url)
{
    const QString name = QUrl(url).fileName().toLower();
    return name.endsWith(".mp4"_L1) || name.endsWith(".mov"_L1) ? Attachment::Kind::Video : Attachment::Kind::Image;
}

QJsonObject remoteOf(const QString &url)
{
    return {{"kind"_L1, u"url"_s}, {"url"_L1, url}};
}

/// A file by its address; whether it may be fetched is SafeFetch's to judge.
InboundAttachment fileOf(Attachment::Kind kind, const QString &url)
{
    InboundAttachment file{.kind = kind};
    if (url.isEmpty())
        file.failure = u"unavailable"_s;
    else
        file.remote = remoteOf(url);
    return file;
}

InboundAttachment storyOf(const QString &url, const QString &label)
{
    InboundAttachment story = fileOf(storyKind(url), url);
    story.title = label;
    if (url.isEmpty()) {
        story.failure = u"expired"_s;
        return story;
    }
    story.remote.insert("any_kind"_L1, true);
    story.remote.insert("expires"_L1, true);
    return story;
}

/// A shared post or page: a card, with the picture behind its address where the platform gives one.
InboundAttachment cardOf(const QJsonObject &attachment, bool hasPicture)
{
    const QString url = webAddress(value(attachment, "url"_L1));
    InboundAttachment card{.kind = Attachment::Kind::Embed, .embedUrl = url, .title = value(attachment, "title"_L1)};
    if (hasPicture && !url.isEmpty())
        card.remote = remoteOf(url);
    return card;
}

std::optional<double> coordinate(const QJsonObject &coordinates, QLatin1StringView key, double most)
{
    const QJsonValue value = coordinates.value(key);
    const double number = value.toDouble(most + 1);
    return number >= -most && number <= most ? std::optional(number) : std::nullopt;
}

/// Titles and button labels, one a line: what a person sees of a card.
QString templateText(const QJsonObject &attachment)
{
    const QJsonObject payload = object(attachment, "payload"_L1);
    QStringList lines{value(attachment, "title"_L1), json::string(payload, "text"_L1)};
    const auto addButtons = [&lines](const QJsonObject &card) {
        const QJsonArray buttons = card.value("buttons"_L1).toArray();
        for (const QJsonValue &button : buttons) {
            const QString label = json::string(button.toObject(), "title"_L1);
            if (!label.isEmpty())
                lines.append(u"• "_s + label);
        }
    };
    addButtons(payload);
    QJsonArray cards = payload.value("elements"_L1).toArray();
    if (cards.isEmpty())
        cards = object(payload, "generic"_L1).value("elements"_L1).toArray();
    for (const QJsonValue &value : cards) {
        const QJsonObject card = value.toObject();
        lines.append({json::string(card, "title"_L1), json::string(card, "subtitle"_L1)});
        addButtons(card);
    }
    lines.removeAll(QString());
    return lines.join(u'\n');
}

/// Reads a message's attachments one by one.
class Attachments {
public:
    Attachments(const Dialect &dialect, InboundMessage &message) : m_dialect(dialect), m_message(message) {}

    void add(const QJsonObject &attachment)
    {
        const QString type = json::string(attachment, "type"_L1).toLower();
        const QString url = value(attachment, "url"_L1);
        if (type == "image"_L1 || type == "sticker"_L1)
            addPicture(attachment, url, type == "sticker"_L1);
        else if (type == "video"_L1)
            m_message.attachments.append(fileOf(Attachment::Kind::Video, url));
        else if (type == "audio"_L1)
            addAudio(url);
        else if (type == "file"_L1)
            addFile(attachment, url);
        else if (isOneOf(type, {"story_mention"_L1, "ig_story"_L1, "story"_L1}))
            m_message.attachments.append(storyOf(url, u"Mentioned you in a story"_s));
        else if (isOneOf(type, {"share"_L1, "ig_post"_L1, "ig_reel"_L1, "reel"_L1, "media"_L1, "post"_L1}))
            addCard(attachment, true, type);
        else if (type == "fallback"_L1)
            addCard(attachment, false, type);
        else if (type == "location"_L1)
            addPlace(attachment);
        else if (type == "template"_L1)
            addTemplate(attachment);
        else if (type == "like_heart"_L1)
            m_message.content += u"\u2764\ufe0f"_s;
        else
            addUnknown(type);
    }

    /// What could not be shown, by the platform's word; empty: everything was.
    QString unknownType() const { return m_unknown; }

private:
    void addPicture(const QJsonObject &attachment, const QString &url, bool isSticker)
    {
        const QString sticker = idText(object(attachment, "payload"_L1), "sticker_id"_L1);
        m_message.attachments.append(fileOf(isSticker || !sticker.isEmpty() ? Attachment::Kind::Sticker : Attachment::Kind::Image, url));
        if (!sticker.isEmpty())
            m_message.detail.insert("sticker_id"_L1, sticker);
    }

    void addAudio(const QString &url)
    {
        InboundAttachment audio = fileOf(Attachment::Kind::Audio, url);
        audio.isVoice = m_dialect.audioIsVoice || QUrl(url).fileName().startsWith("audioclip"_L1);
        m_message.attachments.append(audio);
    }

    void addFile(const QJsonObject &attachment, const QString &url)
    {
        InboundAttachment file = fileOf(Attachment::Kind::File, url);
        const QString name = value(attachment, "name"_L1);
        file.name = name.isEmpty() ? fileName(url) : name;
        file.mime = value(attachment, "mime_type"_L1);
        m_message.attachments.append(file);
    }

    void addCard(const QJsonObject &attachment, bool hasPicture, const QString &type)
    {
        const InboundAttachment card = cardOf(attachment, hasPicture);
        if (card.embedUrl.isEmpty() && card.title.isEmpty())
            return addUnknown(type);
        const QString reel = idText(object(attachment, "payload"_L1), "reel_video_id"_L1);
        if (!reel.isEmpty())
            m_message.detail.insert("reel_video_id"_L1, reel);
        const QString post = idText(object(attachment, "payload"_L1), "ig_post_media_id"_L1);
        if (!post.isEmpty())
            m_message.detail.insert("ig_post_media_id"_L1, post);
        m_message.attachments.append(card);
    }

    void addPlace(const QJsonObject &attachment)
    {
        const QJsonObject coordinates = object(object(attachment, "payload"_L1), "coordinates"_L1);
        m_message.attachments.append({.kind = Attachment::Kind::Location,
                                      .embedUrl = webAddress(value(attachment, "url"_L1)),
                                      .title = value(attachment, "title"_L1),
                                      .latitude = coordinate(coordinates, "lat"_L1, 90),
                                      .longitude = coordinate(coordinates, "long"_L1, 180)});
    }

    void addTemplate(const QJsonObject &attachment)
    {
        const QString text = templateText(attachment);
        if (text.isEmpty())
            return addUnknown(u"template"_s);
        m_message.content += (m_message.content.isEmpty() ? QString() : u"\n"_s) + text;
        m_message.contentType = Message::ContentType::Interactive;
        m_message.detail.insert("template"_L1, object(attachment, "payload"_L1));
    }

    void addUnknown(const QString &type)
    {
        m_unknown = type.isEmpty() ? u"attachment"_s : type.left(64);
    }

    const Dialect &m_dialect;
    InboundMessage &m_message;
    QString m_unknown;
};

/// The new word for a shared post comes beside the old one for a while: one of the two is enough.
bool hasTwin(const QJsonObject &share, const QJsonArray &attachments)
{
    if (json::string(share, "type"_L1) != "share"_L1)
        return false;
    const QString id = idText(object(share, "payload"_L1), "ig_post_media_id"_L1);
    const QString url = value(share, "url"_L1);
    return std::any_of(attachments.begin(), attachments.end(), [&](const QJsonValue &other) {
        const QJsonObject attachment = other.toObject();
        const QString type = json::string(attachment, "type"_L1);
        if (type == "share"_L1 || type.isEmpty())
            return false;
        const bool isSamePost = !id.isEmpty() && idText(object(attachment, "payload"_L1), "ig_post_media_id"_L1) == id;
        return isSamePost || (!url.isEmpty() && value(attachment, "url"_L1) == url);
    });
}

void readStory(InboundMessage &message, const QJsonObject &story)
{
    if (story.isEmpty())
        return;
    const QString url = json::string(story, "url"_L1);
    message.attachments.prepend(storyOf(url, u"Replied to your story"_s));
    message.detail.insert("story"_L1, QJsonObject{{"id"_L1, idText(story, "id"_L1)}, {"url"_L1, url}});
}

/// The kind of a message that is nothing but one thing.
Message::ContentType contentTypeOf(const InboundMessage &message)
{
    if (message.contentType == Message::ContentType::Interactive || message.attachments.size() != 1 || !message.content.isEmpty())
        return message.contentType;
    switch (message.attachments.constFirst().kind) {
    case Attachment::Kind::Sticker: return Message::ContentType::Sticker;
    case Attachment::Kind::Embed: return Message::ContentType::Embed;
    case Attachment::Kind::Location: return Message::ContentType::Location;
    case Attachment::Kind::Image:
    case Attachment::Kind::Video:
    case Attachment::Kind::Audio:
    case Attachment::Kind::File:
    case Attachment::Kind::Contact: return Message::ContentType::Text;
    }
    Q_UNREACHABLE();
}

/// What can't be shown stands there all the same, by its name.
void placeholder(InboundMessage &message, const QString &unknownType, bool isUnsupported)
{
    const bool isEmpty = message.content.isEmpty() && message.attachments.isEmpty();
    if (isEmpty) {
        message.contentType = Message::ContentType::Unsupported;
        message.rawType = !unknownType.isEmpty() ? unknownType : isUnsupported ? u"unsupported"_s : u"empty"_s;
    } else if (!unknownType.isEmpty()) {
        message.attachments.append({.kind = Attachment::Kind::File, .title = unknownType, .failure = u"unsupported"_s});
    }
}

} // namespace

QJsonObject readReferral(const QJsonObject &referral)
{
    QJsonObject out;
    const auto add = [&out](QLatin1StringView name, const QString &text) {
        if (!text.isEmpty())
            out.insert(name, text);
    };
    const QJsonObject ad = object(referral, "ads_context_data"_L1);
    add("source"_L1, json::string(referral, "source"_L1));
    add("type"_L1, json::string(referral, "type"_L1));
    add("ref"_L1, json::string(referral, "ref"_L1));
    add("ad_id"_L1, idText(referral, "ad_id"_L1));
    add("url"_L1, json::string(referral, "referer_uri"_L1));
    add("headline"_L1, json::string(ad, "ad_title"_L1));
    const QString photo = json::string(ad, "photo_url"_L1);
    add("media_url"_L1, photo.isEmpty() ? json::string(ad, "video_url"_L1) : photo);
    const QString post = idText(ad, "post_id"_L1);
    add("post_id"_L1, post);
    const QString product = idText(object(referral, "product"_L1), "id"_L1);
    add("product_id"_L1, product.isEmpty() ? idText(ad, "product_id"_L1) : product);
    if (!product.isEmpty() && !out.contains("source"_L1))
        out.insert("source"_L1, u"PRODUCT"_s);
    return out;
}

InboundMessage readMessageContent(const Dialect &dialect, const QJsonObject &message, Timestamp at)
{
    InboundMessage read{.content = json::string(message, "text"_L1),
                        .inReplyToSourceId = json::string(object(message, "reply_to"_L1), "mid"_L1),
                        .platformAt = at,
                        .referral = readReferral(object(message, "referral"_L1))};
    const QJsonArray listed = message.value("attachments"_L1).toArray();
    Attachments attachments(dialect, read);
    for (const QJsonValue &attachment : listed) {
        if (!hasTwin(attachment.toObject(), listed))
            attachments.add(attachment.toObject());
    }
    readStory(read, object(object(message, "reply_to"_L1), "story"_L1));
    const QString choice = json::string(object(message, "quick_reply"_L1), "payload"_L1);
    if (!choice.isEmpty()) {
        read.contentType = Message::ContentType::Interactive;
        read.detail.insert("quick_reply"_L1, QJsonObject{{"payload"_L1, choice}, {"title"_L1, read.content}});
    }
    if (message.value("is_self"_L1).toBool())
        read.detail.insert("test"_L1, true);
    read.contentType = contentTypeOf(read);
    placeholder(read, attachments.unknownType(), message.value("is_unsupported"_L1).toBool());
    return read;
}

InboundMessage readPostback(const QJsonObject &postback, Timestamp at)
{
    const QString title = json::string(postback, "title"_L1);
    const QString payload = json::string(postback, "payload"_L1);
    InboundMessage read{.content = title.isEmpty() ? payload : title,
                        .contentType = Message::ContentType::Interactive,
                        .platformAt = at,
                        .referral = readReferral(object(postback, "referral"_L1)),
                        .detail = {{"postback"_L1, QJsonObject{{"title"_L1, title}, {"payload"_L1, payload}}}}};
    placeholder(read, read.content.isEmpty() ? u"postback"_s : QString(), false);
    return read;
}

} // namespace antiphon::meta
