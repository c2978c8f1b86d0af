#include "app/demo/simulatedtelegram.h"
#include "app/demo/telegramhtml.h"

#include <QBuffer>
#include <QImageReader>
#include <QJsonDocument>

/// What the Bot API says to sends.
namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 kLargestPhoto = 10 << 20;
constexpr qint64 kLargestFile = 50 << 20;

const QStringList kCommon{u"chat_id"_s, u"business_connection_id"_s, u"disable_notification"_s, u"protect_content"_s, u"reply_parameters"_s, u"reply_markup"_s};
const QStringList kCaption{u"caption"_s, u"parse_mode"_s, u"caption_entities"_s, u"show_caption_above_media"_s};

QStringList knownOf(const QString &method)
{
    static const QHash<QString, QStringList> own{{u"sendMessage"_s, {u"text"_s, u"parse_mode"_s, u"entities"_s, u"link_preview_options"_s}},
                                                 {u"sendPhoto"_s, {u"photo"_s, u"has_spoiler"_s}},
                                                 {u"sendDocument"_s, {u"document"_s, u"thumbnail"_s, u"disable_content_type_detection"_s}},
                                                 {u"sendVideo"_s, {u"video"_s, u"duration"_s, u"width"_s, u"height"_s, u"thumbnail"_s, u"has_spoiler"_s, u"supports_streaming"_s}},
                                                 {u"sendAudio"_s, {u"audio"_s, u"duration"_s, u"performer"_s, u"title"_s, u"thumbnail"_s}},
                                                 {u"sendAnimation"_s, {u"animation"_s, u"duration"_s, u"width"_s, u"height"_s, u"thumbnail"_s, u"has_spoiler"_s}},
                                                 {u"sendVoice"_s, {u"voice"_s, u"duration"_s}}};
    return kCommon + own.value(method) + (method == "sendMessage"_L1 ? QStringList() : kCaption);
}

/// What is wrong with an inline keyboard; empty: nothing.
QString wrongKeyboard(const QJsonValue &markup)
{
    const QJsonArray rows = markup[u"inline_keyboard"_s].toArray();
    for (const QJsonValue &row : rows) {
        const QJsonArray buttons = row.toArray();
        for (const QJsonValue &button : buttons) {
            const QByteArray data = button[u"callback_data"_s].toString().toUtf8();
            if (button[u"text"_s].toString().isEmpty())
                return u"can't parse inline keyboard button: Field \"text\" must not be empty"_s;
            if (data.size() > 64)
                return u"BUTTON_DATA_INVALID"_s;
            if (data.isEmpty() == button[u"url"_s].toString().isEmpty())
                return u"can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"_s;
        }
    }
    return {};
}

} // namespace

std::optional<SimulatedPlatform::Outcome> SimulatedTelegram::refusedChat(const Call &call)
{
    const auto id = call.number(u"chat_id"_s);
    if (!id)
        return bad(u"chat_id is empty"_s);
    const QString connectionId = call.text(u"business_connection_id"_s);
    const auto with = m_chats.constFind(keyOf(*id, connectionId));
    if (!connectionId.isEmpty()) {
        const auto connection = m_connections.constFind(connectionId);
        if (connection == m_connections.constEnd() || !connection->isEnabled)
            return bad(u"BUSINESS_CONNECTION_INVALID"_s);
        const bool isOpen = with != m_chats.constEnd() && with->lastIncoming && now() - *with->lastIncoming <= 24h;
        if (!connection->rights.contains(u"can_reply"_s) || !isOpen || *id == connection->owner.id)
            return bad(u"BUSINESS_PEER_INVALID"_s);
        return std::nullopt;
    }
    if (with == m_chats.constEnd())
        return bad(u"chat not found"_s);
    if (with->isDeactivated)
        return refused(403, u"Forbidden: user is deactivated"_s);
    if (!with->isStarted)
        return refused(403, u"Forbidden: bot can't initiate conversation with a user"_s);
    if (with->isBlocked)
        return refused(403, u"Forbidden: bot was blocked by the user"_s);
    return std::nullopt;
}

std::optional<SimulatedPlatform::Outcome> SimulatedTelegram::refusedReply(const Call &call, const Chat &chat) const
{
    if (!call.values.contains(u"reply_parameters"_s))
        return std::nullopt;
    const QJsonValue reply = call.json(u"reply_parameters"_s);
    if (!reply.isObject() || reply[u"message_id"_s].toInteger() <= 0)
        return bad(u"can't parse reply parameters"_s);
    const bool isKnown = chat.messages.contains(reply[u"message_id"_s].toInteger());
    return isKnown || reply[u"allow_sending_without_reply"_s].toBool() ? std::nullopt : std::optional(bad(u"message to be replied not found"_s));
}

std::optional<SimulatedPlatform::Outcome> SimulatedTelegram::takeText(const QJsonObject &from, bool isCaption, QJsonObject &message) const
{
    const QString name = isCaption ? u"caption"_s : u"text"_s;
    const QString mode = from[u"parse_mode"_s].toString();
    TelegramText read{.text = from[name].toString()};
    if (mode == "HTML"_L1)
        read = readTelegramHtml(read.text);
    else if (!mode.isEmpty())
        return bad(u"unsupported parse_mode"_s);
    if (!read.error.isEmpty())
        return bad(read.error);
    if (read.text.trimmed().isEmpty() && !isCaption)
        return bad(u"message text is empty"_s);
    if (read.text.size() > (isCaption ? 1024 : 4096))
        return bad(isCaption ? u"message caption is too long"_s : u"message is too long"_s);
    if (read.text.isEmpty())
        return std::nullopt;
    message.insert(name, read.text);
    if (!read.entities.isEmpty())
        message.insert(isCaption ? u"caption_entities"_s : u"entities"_s, read.entities);
    return std::nullopt;
}

std::optional<SimulatedPlatform::Outcome> SimulatedTelegram::takeFile(const QString &kind, const FormPart *part, QJsonObject &message)
{
    if (!part || part->fileName.isEmpty())
        return bad(u"there is no %1 in the request"_s.arg(kind));
    if (part->bytes.isEmpty())
        return bad(u"file must be non-empty"_s);
    if (part->bytes.size() > (kind == "photo"_L1 ? kLargestPhoto : kLargestFile))
        return refused(413, u"Request Entity Too Large"_s);
    QJsonObject file = offerFile(part->bytes);
    if (kind == "photo"_L1) {
        QBuffer buffer;
        buffer.setData(part->bytes);
        const QSize size = QImageReader(&buffer).size();
        if (!size.isValid())
            return bad(u"IMAGE_PROCESS_FAILED"_s);
        if (size.width() + size.height() > 10'000 || std::max(size.width(), size.height()) > 20 * std::min(size.width(), size.height()))
            return bad(u"PHOTO_INVALID_DIMENSIONS"_s);
        file.insert(u"width"_s, size.width());
        file.insert(u"height"_s, size.height());
        message.insert(kind, QJsonArray{file});
        return std::nullopt;
    }
    if (kind == "voice"_L1 && !part->bytes.startsWith("OggS"))
        return bad(u"VOICE_MESSAGES_MUST_BE_OGG"_s);
    file.insert(u"file_name"_s, QString::fromUtf8(part->fileName));
    file.insert(u"mime_type"_s, QString::fromLatin1(part->contentType));
    message.insert(kind, file);
    return std::nullopt;
}

/// Remembers a sent message and gives it as it comes back.
QJsonObject SimulatedTelegram::keep(const QString &method, const Call &call, QJsonObject message, const QList<FormPart> &files)
{
    const QString connection = call.text(u"business_connection_id"_s);
    const qint64 id = *call.number(u"chat_id"_s);
    const TelegramPerson with = m_chats.value(keyOf(id, connection)).person;
    const qint64 replyTo = call.json(u"reply_parameters"_s)[u"message_id"_s].toInteger();
    if (call.values.contains(u"reply_markup"_s))
        message.insert(u"reply_markup"_s, call.json(u"reply_markup"_s));
    if (!connection.isEmpty())
        message.insert(u"sender_business_bot"_s, userOf(m_options.bot, true));
    const bool isKnown = m_chats.value(keyOf(id, connection)).messages.contains(replyTo);
    const QJsonObject kept = newMessage(with, connection.isEmpty() ? m_options.bot : m_connections.value(connection).owner, message,
                                        {.connection = connection, .replyTo = isKnown ? replyTo : 0});
    m_sent.append({.method = method, .connection = connection, .chat = id, .messageId = kept[u"message_id"_s].toInteger(), .message = kept, .files = files, .parameters = call.values});
    return kept;
}

SimulatedPlatform::Outcome SimulatedTelegram::taken(const QJsonValue &result, const QList<QJsonObject> &messages, const Call &call)
{
    Outcome outcome = ok(result);
    const QString connection = call.text(u"business_connection_id"_s);
    const qint64 chat = *call.number(u"chat_id"_s);
    if (!connection.isEmpty()) {
        outcome.follows = [this, messages, connection] {
            for (const QJsonObject &message : messages)
                tellMessage(u"message"_s, message, {.connection = connection});
        };
    }
    outcome.then = [this, chat, connection, id = messages.last()[u"message_id"_s].toInteger()] { emit messageSent(chat, connection, id); };
    return outcome;
}

SimulatedPlatform::Outcome SimulatedTelegram::send(const QString &method, const Call &call)
{
    if (const QString strange = strangeKey(call.values, knownOf(method)); !strange.isEmpty())
        return bad(u"unknown parameter "_s + strange);
    if (auto no = refusedChat(call))
        return *no;
    if (auto no = refusedReply(call, m_chats.value(keyOf(*call.number(u"chat_id"_s), call.text(u"business_connection_id"_s)))))
        return *no;
    if (const QString wrong = wrongKeyboard(call.json(u"reply_markup"_s)); !wrong.isEmpty())
        return bad(wrong);
    QJsonObject message;
    QList<FormPart> files;
    if (method != "sendMessage"_L1) {
        const QString kind = method.mid(4).toLower();
        const FormPart *part = call.file(kind);
        if (auto no = takeFile(kind, part, message))
            return *no;
        files.append(*part);
    }
    if (auto no = takeText(call.values, method != "sendMessage"_L1, message))
        return *no;
    const QJsonObject kept = keep(method, call, message, files);
    return taken(kept, {kept}, call);
}

SimulatedPlatform::Outcome SimulatedTelegram::sendGroup(const Call &call)
{
    if (const QString strange = strangeKey(call.values, kCommon + QStringList{u"media"_s}); !strange.isEmpty() || call.values.contains(u"reply_markup"_s))
        return bad(u"unknown parameter "_s + strange);
    if (auto no = refusedChat(call))
        return *no;
    if (auto no = refusedReply(call, m_chats.value(keyOf(*call.number(u"chat_id"_s), call.text(u"business_connection_id"_s)))))
        return *no;
    const QJsonArray media = call.json(u"media"_s).toArray();
    if (media.size() < 2 || media.size() > 10)
        return bad(u"there must be from 2 to 10 messages in an album"_s);
    QList<QJsonObject> messages;
    QList<FormPart> files;
    QString firstKind;
    for (const QJsonValue &one : media) {
        const QJsonObject item = one.toObject();
        const QString kind = item[u"type"_s].toString();
        const QStringList known{u"type"_s, u"media"_s, u"thumbnail"_s, u"has_spoiler"_s, u"width"_s, u"height"_s, u"duration"_s, u"supports_streaming"_s, u"performer"_s, u"title"_s,
                                u"disable_content_type_detection"_s};
        const QString strange = strangeKey(item, known + kCaption);
        const QString group = kind == "video"_L1 ? u"photo"_s : kind;
        if (!strange.isEmpty() || !QStringList{u"photo"_s, u"video"_s, u"audio"_s, u"document"_s}.contains(kind))
            return bad(u"can't parse InputMedia: "_s + strange);
        if (firstKind.isEmpty())
            firstKind = group;
        if (group != firstKind)
            return bad(u"%1 can't be mixed with other media types"_s.arg(group));
        const QString name = item[u"media"_s].toString();
        const FormPart *part = name.startsWith("attach://"_L1) ? call.file(name.mid(9)) : nullptr;
        QJsonObject message;
        if (auto no = takeFile(kind, part, message))
            return *no;
        if (auto no = takeText(item, true, message))
            return *no;
        files.append(*part);
        messages.append(message);
    }
    const QString group = newDigits(17);
    QJsonArray result;
    for (qsizetype i = 0; i < messages.size(); ++i) {
        messages[i].insert(u"media_group_id"_s, group);
        messages[i] = keep(u"sendMediaGroup"_s, call, messages[i], {files[i]});
        result.append(messages[i]);
    }
    return taken(result, messages, call);
}

SimulatedPlatform::Outcome SimulatedTelegram::action(const Call &call)
{
    static const QStringList actions{u"typing"_s, u"upload_photo"_s, u"record_video"_s, u"upload_video"_s, u"record_voice"_s, u"upload_voice"_s, u"upload_document"_s,
                                     u"choose_sticker"_s, u"find_location"_s, u"record_video_note"_s, u"upload_video_note"_s};
    if (const QString strange = strangeKey(call.values, {u"chat_id"_s, u"action"_s, u"business_connection_id"_s}); !strange.isEmpty())
        return bad(u"unknown parameter "_s + strange);
    if (auto no = refusedChat(call))
        return *no;
    return actions.contains(call.text(u"action"_s)) ? ok(true) : bad(u"wrong parameter action in request"_s);
}

} // namespace antiphon::demo
