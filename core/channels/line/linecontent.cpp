#include "core/channels/line/linecontent.h"

#include "core/base/json.h"

#include <QJsonArray>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace antiphon::line {

using namespace Qt::StringLiterals;

namespace {

using ContentType = Message::ContentType;

constexpr int kLongestName = 255;
constexpr qint64 kLongestDuration = 7LL * 24 * 3600 * 1000;

/// A run of a text in code points; LINE counts UTF-16 units.
struct Run {
    int offset = 0;
    int length = 0;
    QString words{};
};

std::optional<Run> runOf(const QString &text, const QJsonObject &entry)
{
    const auto index = json::integer(entry.value("index"_L1));
    const auto length = json::integer(entry.value("length"_L1));
    if (!index || !length || *index < 0 || *length <= 0 || *index > text.size() || *length > text.size() - *index)
        return std::nullopt;
    const QStringView before = QStringView(text).first(*index);
    const QStringView words = QStringView(text).sliced(*index, *length);
    return Run{.offset = int(before.toUcs4().size()), .length = int(words.toUcs4().size()), .words = words.toString()};
}

bool isId(const QString &text)
{
    return !text.isEmpty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 128 && c.isLetterOrNumber(); });
}

void readText(InboundMessage *message, const QJsonObject &source)
{
    message->content = json::string(source, "text"_L1);
    const QJsonArray mentioned = source.value("mention"_L1).toObject().value("mentionees"_L1).toArray();
    for (const QJsonValue &value : mentioned) {
        if (const auto run = runOf(message->content, value.toObject()))
            message->entities.append({.offset = run->offset, .length = run->length, .kind = u"mention"_s});
    }
    QJsonArray pictures;
    const QJsonArray emojis = source.value("emojis"_L1).toArray();
    for (const QJsonValue &value : emojis) {
        const QJsonObject emoji = value.toObject();
        const auto run = runOf(message->content, emoji);
        const QString product = json::string(emoji, "productId"_L1);
        const QString id = json::string(emoji, "emojiId"_L1);
        if (!run || !isId(product) || !isId(id))
            continue;
        const QString url = u"https://stickershop.line-scdn.net/sticonshop/v1/sticon/%1/android/%2.png"_s.arg(product, id);
        pictures.append(QJsonObject{{"offset"_L1, run->offset}, {"length"_L1, run->length}, {"url"_L1, url}});
    }
    if (!pictures.isEmpty())
        message->detail.insert("emojis"_L1, pictures);
}

bool readSticker(InboundMessage *message, const QJsonObject &source)
{
    const QString id = json::string(source, "stickerId"_L1);
    if (!isId(id))
        return false;
    QString words = json::string(source, "text"_L1);
    if (words.isEmpty())
        words = json::cleanText(source.value("keywords"_L1).toArray().first().toString());
    const QString url = u"https://stickershop.line-scdn.net/stickershop/v1/sticker/%1/android/sticker.png"_s.arg(id);
    message->contentType = ContentType::Sticker;
    message->attachments.append({.kind = Attachment::Kind::Sticker,
                                 .name = u"sticker-%1.png"_s.arg(id),
                                 .mime = u"image/png"_s,
                                 .title = words.isEmpty() ? u"Sticker"_s : words,
                                 .remote = {{"sticker"_L1, url}}});
    for (const QLatin1StringView key : {"packageId"_L1, "stickerId"_L1, "stickerResourceType"_L1, QLatin1StringView("keywords")}) {
        if (source.contains(key))
            message->detail.insert(key, source.value(key));
    }
    return true;
}

/// Never a path, never more than a line.
QString fileName(const QString &given)
{
    QString name;
    for (const QChar c : given) {
        const bool isBad = c == u'/' || c == u'\\' || c.category() == QChar::Other_Control;
        name += isBad ? QChar(u'_') : c;
    }
    return name.trimmed().left(kLongestName);
}

struct MediaType {
    QLatin1StringView type;
    Attachment::Kind kind;
    QLatin1StringView mime;
    QLatin1StringView suffix;
};
constexpr MediaType kMediaTypes[]{
    {"image"_L1, Attachment::Kind::Image, "image/jpeg"_L1, ".jpg"_L1},
    {"video"_L1, Attachment::Kind::Video, "video/mp4"_L1, ".mp4"_L1},
    {"audio"_L1, Attachment::Kind::Audio, "audio/x-m4a"_L1, ".m4a"_L1},
    {"file"_L1, Attachment::Kind::File, ""_L1, ""_L1},
};

const MediaType *mediaType(const QString &type)
{
    for (const MediaType &known : kMediaTypes) {
        if (type == known.type)
            return &known;
    }
    return nullptr;
}

void readMedia(InboundMessage *message, const QJsonObject &source, const MediaType &type)
{
    const QString given = fileName(json::string(source, "fileName"_L1));
    InboundAttachment file{.kind = type.kind, .name = given.isEmpty() ? u"line-"_s + fileName(message->sourceId) + type.suffix : given, .mime = type.mime};
    const QJsonObject provider = source.value("contentProvider"_L1).toObject();
    const auto duration = json::integer(source.value("duration"_L1));
    if (duration && *duration >= 0 && *duration <= kLongestDuration)
        file.durationMs = int(*duration);
    if (json::string(provider, "type"_L1) == "external"_L1) {
        const QUrl url(json::string(provider, "originalContentUrl"_L1), QUrl::StrictMode);
        if (url.isValid() && url.scheme() == "https"_L1 && !url.host().isEmpty())
            file.remote = {{"external"_L1, url.toString(QUrl::FullyEncoded)}};
        else
            file.failure = u"unavailable"_s;
    } else {
        file.remote = {{"id"_L1, message->sourceId}};
        if (type.kind == Attachment::Kind::Video || type.kind == Attachment::Kind::Audio)
            file.remote.insert("prepared"_L1, true);          // LINE makes another file of it first
    }
    message->attachments.append(file);
    const QJsonObject set = source.value("imageSet"_L1).toObject();
    message->groupId = json::string(set, "id"_L1);
    if (!message->groupId.isEmpty())
        message->detail.insert("imageSet"_L1, set);
}

bool readLocation(InboundMessage *message, const QJsonObject &source)
{
    const auto degrees = [&source](QLatin1StringView key, double most) {
        const QJsonValue value = source.value(key);
        return value.isDouble() && std::isfinite(value.toDouble()) && qAbs(value.toDouble()) <= most ? std::optional(value.toDouble()) : std::nullopt;
    };
    const auto latitude = degrees("latitude"_L1, 90);
    const auto longitude = degrees("longitude"_L1, 180);
    if (!latitude || !longitude)
        return false;
    QStringList title{json::string(source, "title"_L1), json::string(source, "address"_L1)};
    title.removeAll(QString());
    message->contentType = ContentType::Location;
    message->attachments.append({.kind = Attachment::Kind::Location, .title = title.join(", "_L1), .latitude = latitude, .longitude = longitude});
    return true;
}

/// @return false where there is nothing to show.
bool fill(InboundMessage *message, const QJsonObject &source, const QString &type)
{
    if (type == "text"_L1) {
        readText(message, source);
        return !message->content.isEmpty();
    }
    if (type == "sticker"_L1)
        return readSticker(message, source);
    if (type == "location"_L1)
        return readLocation(message, source);
    const MediaType *media = mediaType(type);
    if (media)
        readMedia(message, source, *media);
    return media != nullptr;
}

} // namespace

void readContent(InboundMessage *message, const QJsonObject &source)
{
    const QString type = json::string(source, "type"_L1);
    if (fill(message, source, type))
        return;
    message->contentType = ContentType::Unsupported;
    message->content.clear();
    message->entities.clear();
    message->rawType = type.isEmpty() ? u"unknown"_s : type.left(40);
}

QString postbackText(const QJsonObject &postback)
{
    const QJsonObject params = postback.value("params"_L1).toObject();
    for (const QLatin1StringView key : {"datetime"_L1, "date"_L1, QLatin1StringView("time")}) {
        const QString chosen = json::string(params, key);
        if (!chosen.isEmpty())
            return chosen;
    }
    return json::string(postback, "data"_L1);
}

} // namespace antiphon::line
