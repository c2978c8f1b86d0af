#include "core/channels/telegram/telegramcontent.h"

#include "core/base/json.h"
#include "core/channels/telegram/telegramtext.h"

#include <QJsonArray>
#include <QSet>

#include <cmath>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestName = 120;        // bytes
constexpr qint64 kLongestDuration = 30LL * 24 * 3600;
constexpr qint64 kLongestSide = 100'000;       // px

QJsonObject object(const QJsonObject &parent, QLatin1StringView key)
{
    return parent.value(key).toObject();
}

/// The characters of `text` that fit into `bytes` of UTF-8.
QString fitting(const QString &text, qsizetype bytes)
{
    QString fitted;
    qsizetype used = 0;
    const auto codePoints = text.toUcs4();
    for (const char32_t point : codePoints) {
        const qsizetype size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        used += size;
        if (used > bytes)
            break;
        fitted += QString::fromUcs4(&point, 1);
    }
    return fitted;
}

/// Never a path, never more than a line, never longer than a file system takes; the suffix stays.
QString fileName(const QString &given)
{
    QString name;
    for (const QChar c : given) {
        const bool isBad = c == u'/' || c == u'\\' || c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
        name += isBad ? QChar(u'_') : c;
    }
    name = name.trimmed();
    if (name.toUtf8().size() <= kLongestName)
        return name;
    const qsizetype dot = name.lastIndexOf(u'.');
    const QString suffix = dot > 0 && name.size() - dot <= 10 ? name.sliced(dot) : QString();
    return fitting(name.left(name.size() - suffix.size()), kLongestName - suffix.toUtf8().size()) + suffix;
}

QString suffixOf(const QString &mime)
{
    static const QHash<QString, QString> suffixes{
        {u"image/jpeg"_s, u"jpg"_s},      {u"image/png"_s, u"png"_s},  {u"image/webp"_s, u"webp"_s}, {u"image/gif"_s, u"gif"_s},
        {u"video/mp4"_s, u"mp4"_s},       {u"video/webm"_s, u"webm"_s}, {u"audio/ogg"_s, u"ogg"_s},  {u"audio/mpeg"_s, u"mp3"_s},
        {u"audio/mp4"_s, u"m4a"_s},       {u"text/plain"_s, u"txt"_s}, {u"application/pdf"_s, u"pdf"_s},
    };
    return suffixes.value(mime.section(u';', 0, 0).trimmed().toLower());
}

/// What a kind of file is called and taken for, where it doesn't say so itself.
struct FileType {
    QLatin1StringView key;
    Attachment::Kind kind;
    QLatin1StringView mime;
    bool isVoice = false;
};

Attachment::Kind kindByMime(const QString &mime)
{
    if (mime.startsWith("image/"_L1))
        return Attachment::Kind::Image;
    if (mime.startsWith("video/"_L1))
        return Attachment::Kind::Video;
    return mime.startsWith("audio/"_L1) ? Attachment::Kind::Audio : Attachment::Kind::File;
}

/// Both or none: a video note has one length for both.
void readSides(const QJsonObject &file, InboundAttachment *to)
{
    const qint64 round = json::integer(file.value("length"_L1)).value_or(0);
    const qint64 width = json::integer(file.value("width"_L1)).value_or(round);
    const qint64 height = json::integer(file.value("height"_L1)).value_or(round);
    if (width <= 0 || height <= 0 || width > kLongestSide || height > kLongestSide)
        return;
    to->width = int(width);
    to->height = int(height);
}

InboundAttachment fileOf(const QJsonObject &file, const FileType &type)
{
    const QString id = json::string(file, "file_id"_L1);
    const QString unique = json::string(file, "file_unique_id"_L1);
    const QString told = json::string(file, "mime_type"_L1);
    InboundAttachment read{.kind = type.kind, .name = fileName(json::string(file, "file_name"_L1)), .mime = told.isEmpty() ? QString(type.mime) : told, .isVoice = type.isVoice};
    if (read.name.isEmpty()) {
        const QString suffix = suffixOf(read.mime);
        read.name = fileName(type.key + u'_' + unique + (suffix.isEmpty() ? QString() : u'.' + suffix));
    }
    const auto duration = json::integer(file.value("duration"_L1));
    if (duration && *duration >= 0 && *duration <= kLongestDuration && type.kind != Attachment::Kind::Image)
        read.durationMs = int(*duration * 1000 > std::numeric_limits<int>::max() ? std::numeric_limits<int>::max() : *duration * 1000);
    readSides(file, &read);
    read.size = qMax<qint64>(0, json::integer(file.value("file_size"_L1)).value_or(0));
    if (read.size > kMediaLimit)
        read.failure = u"too_large"_s;
    else if (id.isEmpty())
        read.failure = u"unavailable"_s;
    else
        read.remote = {{"file_id"_L1, id}, {"file_unique_id"_L1, unique}, {"size"_L1, read.size}, {"name"_L1, read.name}};
    return read;
}

/// The one with the most pixels: the list is in rising order, but nobody promises that.
QJsonObject largest(const QJsonArray &sizes)
{
    QJsonObject best;
    double most = -1;
    for (const QJsonValue &value : sizes) {
        const QJsonObject size = value.toObject();
        const double pixels = size.value("width"_L1).toDouble() * size.value("height"_L1).toDouble();
        if (pixels > most) {
            most = pixels;
            best = size;
        }
    }
    return best;
}

void addSticker(InboundMessage *message, const QJsonObject &sticker)
{
    message->contentType = Message::ContentType::Sticker;
    const QString emoji = json::string(sticker, "emoji"_L1);
    const bool isAnimated = sticker.value("is_animated"_L1).toBool();
    const bool isVideo = sticker.value("is_video"_L1).toBool();
    // A .tgs is a drawing that nothing here plays: its still picture is shown.
    const QJsonObject shown = isAnimated ? object(sticker, "thumbnail"_L1) : sticker;
    const QLatin1StringView mime = isVideo ? "video/webm"_L1 : "image/webp"_L1;
    InboundAttachment file = fileOf(shown, {"sticker"_L1, Attachment::Kind::Sticker, mime});
    file.title = emoji;
    if (isVideo && !file.remote.isEmpty())
        file.remote.insert("moves"_L1, true);
    if (isAnimated || !file.failure.isEmpty())
        message->content = emoji;
    message->attachments.append(file);
}

bool addLocation(InboundMessage *message, const QJsonObject &place, const QString &title)
{
    const auto degrees = [&place](QLatin1StringView key, double most) {
        const QJsonValue value = place.value(key);
        return value.isDouble() && std::isfinite(value.toDouble()) && qAbs(value.toDouble()) <= most ? std::optional(value.toDouble()) : std::nullopt;
    };
    const auto latitude = degrees("latitude"_L1, 90);
    const auto longitude = degrees("longitude"_L1, 180);
    if (!latitude || !longitude)
        return false;
    message->contentType = Message::ContentType::Location;
    message->attachments.append({.kind = Attachment::Kind::Location, .title = title, .latitude = latitude, .longitude = longitude});
    if (place.contains("live_period"_L1))
        message->detail.insert("live_period"_L1, place.value("live_period"_L1));
    return true;
}

bool addVenue(InboundMessage *message, const QJsonObject &venue)
{
    QStringList title{json::string(venue, "title"_L1), json::string(venue, "address"_L1)};
    title.removeAll(QString());
    return addLocation(message, object(venue, "location"_L1), title.join(", "_L1));
}

bool addContact(InboundMessage *message, const QJsonObject &contact)
{
    QStringList names{json::string(contact, "first_name"_L1), json::string(contact, "last_name"_L1)};
    names.removeAll(QString());
    const QString title = names.join(u' ');
    const QString number = json::string(contact, "phone_number"_L1);
    if (title.isEmpty() && number.isEmpty())
        return false;
    message->contentType = Message::ContentType::Contacts;
    message->attachments.append({.kind = Attachment::Kind::Contact, .name = number.isEmpty() ? title : number, .title = title.isEmpty() ? number : title});
    message->detail.insert("contact"_L1, contact);
    return true;
}

/// What stands in brackets for something that only Telegram's own app shows: its kind, and what can be said of it in a line.
struct Line {
    QLatin1StringView key;
    QLatin1StringView word;
    QString (*words)(const QJsonObject &);
};

QString nothing(const QJsonObject &)
{
    return {};
}

QString titled(const QJsonObject &what)
{
    return json::string(what, "title"_L1);
}

QString question(const QJsonObject &poll)
{
    return json::string(poll, "question"_L1);
}

QString thrown(const QJsonObject &dice)
{
    const auto value = json::integer(dice.value("value"_L1));
    return json::string(dice, "emoji"_L1) + (value ? u' ' + QString::number(*value) : QString());
}

QString paid(const QJsonObject &payment)
{
    const auto amount = json::integer(payment.value("total_amount"_L1));
    return amount ? QString::number(*amount) + u' ' + json::string(payment, "currency"_L1) : QString();
}

/// @return false where it is none of these.
bool addLine(InboundMessage *message, const QJsonObject &source)
{
    static const std::initializer_list<Line> lines{
        {"dice"_L1, "dice"_L1, thrown},
        {"poll"_L1, "poll"_L1, question},
        {"checklist"_L1, "checklist"_L1, titled},
        {"game"_L1, "game"_L1, titled},
        {"story"_L1, "story"_L1, nothing},
        {"invoice"_L1, "invoice"_L1, titled},
        {"paid_media"_L1, "paid media"_L1, nothing},
        {"gift"_L1, "gift"_L1, nothing},
        {"unique_gift"_L1, "gift"_L1, nothing},
        {"rich_message"_L1, "rich message"_L1, titled},
        {"successful_payment"_L1, "payment"_L1, paid},
    };
    for (const Line &line : lines) {
        if (!source.value(line.key).isObject())
            continue;
        const QString words = line.words(object(source, line.key)).trimmed();
        const QString caption = message->content;
        message->content = u'[' + line.word + (words.isEmpty() ? QString() : u": "_s + words) + u']';
        if (!caption.isEmpty()) {
            message->content += u'\n' + caption;
            message->entities.clear();
        }
        message->rawType = line.key;
        message->detail.insert(line.key, source.value(line.key));
        return true;
    }
    return false;
}

/// Files in the order in which they are looked for: some kinds come with a second one for programs that don't know them.
bool addFile(InboundMessage *message, const QJsonObject &source)
{
    using Kind = Attachment::Kind;
    static const std::initializer_list<FileType> types{
        {"animation"_L1, Kind::Video, "video/mp4"_L1},
        {"voice"_L1, Kind::Audio, "audio/ogg"_L1, true},
        {"audio"_L1, Kind::Audio, "audio/mpeg"_L1},
        {"video_note"_L1, Kind::Video, "video/mp4"_L1},
        {"video"_L1, Kind::Video, "video/mp4"_L1},
    };
    if (source.value("sticker"_L1).isObject()) {
        addSticker(message, object(source, "sticker"_L1));
        return true;
    }
    for (const FileType &type : types) {
        if (!source.value(type.key).isObject())
            continue;
        const QJsonObject file = object(source, type.key);
        InboundAttachment read = fileOf(file, type);
        if (type.key == "audio"_L1) {
            QStringList title{json::string(file, "performer"_L1), json::string(file, "title"_L1)};
            title.removeAll(QString());
            read.title = title.join(u" – "_s);
        }
        message->attachments.append(read);
        if (type.key == "animation"_L1 || type.key == "video_note"_L1)
            message->detail.insert("shown_as"_L1, type.key == "animation"_L1 ? u"loop"_s : u"round"_s);
        return true;
    }
    if (const QJsonArray photo = source.value("photo"_L1).toArray(); !photo.isEmpty()) {
        message->attachments.append(fileOf(largest(photo), {"photo"_L1, Kind::Image, "image/jpeg"_L1}));
        return true;
    }
    if (source.value("document"_L1).isObject()) {
        const QJsonObject document = object(source, "document"_L1);
        message->attachments.append(fileOf(document, {"document"_L1, kindByMime(json::string(document, "mime_type"_L1)), ""_L1}));
        return true;
    }
    return false;
}

/// What a message has whatever it says, and what goes on around the words.
const QSet<QString> &aroundWords()
{
    static const QSet<QString> known{
        u"message_id"_s, u"message_thread_id"_s, u"from"_s, u"sender_chat"_s, u"sender_boost_count"_s, u"sender_business_bot"_s, u"sender_tag"_s, u"date"_s,
        u"business_connection_id"_s, u"chat"_s, u"forward_origin"_s, u"is_topic_message"_s, u"is_automatic_forward"_s, u"reply_to_message"_s, u"external_reply"_s,
        u"quote"_s, u"reply_to_story"_s, u"reply_to_checklist_task_id"_s, u"reply_to_poll_option_id"_s, u"via_bot"_s, u"edit_date"_s, u"has_protected_content"_s,
        u"is_from_offline"_s, u"is_paid_post"_s, u"media_group_id"_s, u"author_signature"_s, u"paid_star_count"_s, u"link_preview_options"_s,
        u"suggested_post_info"_s, u"effect_id"_s, u"show_caption_above_media"_s, u"has_media_spoiler"_s, u"reply_markup"_s, u"direct_messages_topic"_s,
        u"caption"_s, u"caption_entities"_s, u"text"_s, u"entities"_s, u"forward_from"_s, u"forward_date"_s, u"guest_bot_caller_user"_s,
        u"guest_bot_caller_chat"_s,
    };
    return known;
}

/// Messages that Telegram itself writes into a chat.
bool isService(const QString &member)
{
    static const QSet<QString> members{
        u"new_chat_members"_s, u"new_chat_member"_s, u"new_chat_participant"_s, u"left_chat_member"_s, u"left_chat_participant"_s, u"new_chat_title"_s,
        u"new_chat_photo"_s, u"delete_chat_photo"_s, u"group_chat_created"_s, u"supergroup_chat_created"_s, u"channel_chat_created"_s,
        u"message_auto_delete_timer_changed"_s, u"migrate_to_chat_id"_s, u"migrate_from_chat_id"_s, u"pinned_message"_s, u"refunded_payment"_s,
        u"users_shared"_s, u"user_shared"_s, u"chat_shared"_s, u"connected_website"_s, u"write_access_allowed"_s, u"passport_data"_s,
        u"proximity_alert_triggered"_s, u"boost_added"_s, u"chat_background_set"_s, u"checklist_tasks_done"_s, u"checklist_tasks_added"_s,
        u"direct_message_price_changed"_s, u"paid_message_price_changed"_s, u"web_app_data"_s, u"chat_owner_left"_s, u"chat_owner_changed"_s,
        u"gift_upgrade_sent"_s, u"managed_bot_created"_s, u"poll_option_added"_s, u"poll_option_deleted"_s,
    };
    return members.contains(member) || member.startsWith("forum_topic_"_L1) || member.startsWith("general_forum_topic_"_L1) || member.startsWith("giveaway"_L1)
        || member.startsWith("video_chat_"_L1) || member.startsWith("voice_chat_"_L1) || member.startsWith("suggested_post_"_L1);
}

/// @return false where it is a service message.
bool setUnsupported(InboundMessage *message, const QJsonObject &source)
{
    QString what;
    const QStringList members = source.keys();
    for (const QString &member : members) {
        if (isService(member))
            return false;
        if (what.isEmpty() && !aroundWords().contains(member))
            what = member;
    }
    message->contentType = Message::ContentType::Unsupported;
    message->rawType = what.isEmpty() ? u"unknown"_s : what.left(64);
    if (!what.isEmpty())
        message->detail.insert(what, source.value(what));
    return true;
}

} // namespace

bool readContent(InboundMessage *message, const QJsonObject &source)
{
    const bool isText = source.contains("text"_L1);
    message->content = json::string(source, isText ? "text"_L1 : "caption"_L1);
    message->entities = entitiesOf(message->content, source.value(isText ? "entities"_L1 : "caption_entities"_L1).toArray());
    message->groupId = json::string(source, "media_group_id"_L1);
    if (source.value("venue"_L1).isObject() && addVenue(message, object(source, "venue"_L1)))
        return true;
    if (source.value("location"_L1).isObject() && addLocation(message, object(source, "location"_L1), {}))
        return true;
    if (source.value("contact"_L1).isObject() && addContact(message, object(source, "contact"_L1)))
        return true;
    if (addFile(message, source) || addLine(message, source) || !message->content.isEmpty())
        return true;
    return setUnsupported(message, source);
}

} // namespace antiphon::telegram
