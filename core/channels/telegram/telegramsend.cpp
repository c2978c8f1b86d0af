#include "core/channels/telegram/telegramsend.h"

#include "core/base/json.h"
#include "core/channels/sendverdict.h"
#include "core/channels/telegram/botapi.h"
#include "core/channels/telegram/telegramfiles.h"
#include "core/channels/telegram/telegrammarkup.h"
#include "core/channels/telegram/telegramthread.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kTextLimit = 4096;
constexpr qsizetype kCaptionLimit = 1024;
constexpr qsizetype kMostFiles = 30;
constexpr qsizetype kMostButtons = 100;
constexpr qsizetype kButtonData = 64;          // bytes
constexpr qsizetype kButtonTitle = 64;
/// Of what is typed, marks included: beyond it nothing is parsed.
constexpr qsizetype kLongestMarkdown = 32 * 1024;

Error limit(const QString &field, const QString &detail)
{
    return {Error::Kind::ChannelLimit, detail, field};
}

Error tooLong()
{
    return limit(u"content"_s, u"over %1 characters"_s.arg(kTextLimit));
}

Result<void> checkThread(const OutboundMessage &message)
{
    const auto refusal = [](const QString &why) { return Error{Error::Kind::Conflict, why, u"conversation_id"_s}; };
    const auto thread = threadOf(message.contactSourceId);
    if (!thread)
        return Error{Error::Kind::Invalid, u"no thread of Telegram's"_s, u"conversation_id"_s};
    if (!thread->isBusiness())
        return {};
    const QString reason = cannotReply(connectionOf(message.inboxSettings, thread->owner));
    if (reason == "no_right"_L1)
        return refusal(u"the owner has not given the bot the right to reply"_s);
    return reason.isEmpty() ? Result<void>() : Result<void>(refusal(u"the owner's Telegram Business connection is off"_s));
}

Result<void> checkChoice(const OutboundChoice &choice)
{
    const auto wrong = [](const QString &why) { return limit(u"choice"_s, why); };
    if (choice.items.isEmpty() || choice.items.size() > kMostButtons)
        return wrong(u"one to %1 buttons"_s.arg(kMostButtons));
    QSet<QString> ids;
    for (const OutboundChoice::Item &item : choice.items) {
        if (item.id.isEmpty() || item.title.trimmed().isEmpty())
            return wrong(u"a button without id or title"_s);
        if (item.id.toUtf8().size() > kButtonData)
            return wrong(u"an id over %1 bytes"_s.arg(kButtonData));
        if (item.title.size() > kButtonTitle)
            return wrong(u"a title over %1 characters"_s.arg(kButtonTitle));
        if (!item.description.isEmpty())
            return wrong(u"Telegram's buttons have no description"_s);
        if (ids.contains(item.id))
            return wrong(u"two buttons of one id"_s);
        ids.insert(item.id);
    }
    return {};
}

QJsonObject keyboardOf(const OutboundChoice &choice)
{
    QJsonArray rows;
    for (const OutboundChoice::Item &item : choice.items)
        rows.append(QJsonArray{QJsonObject{{"text"_L1, item.title}, {"callback_data"_L1, item.id}}});
    return {{"inline_keyboard"_L1, rows}};
}

/// One call, and the same once more in a form that Telegram takes where it refuses this one.
class Send final : public Operation<SendReceipt> {
public:
    Send(OutboundMessage message, InboxCredentials inbox, const ChannelEndpoints &endpoints)
        : m_message(std::move(message)), m_inbox(std::move(inbox)), m_api(m_inbox, endpoints), m_thread(threadOf(m_message.contactSourceId).value_or(Thread{})),
          m_isSingle(m_message.attachments.size() == 1)
    {
    }

    Step start() override
    {
        if (const auto checked = check(m_message); !checked)
            return Step(std::in_place_index<2>, checked.error());
        m_markup = renderMarkup(m_message.content);
        return ask();
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = m_api.read(reply, Repeatable::No);
        if (!answer)
            return again(answer.error());
        QList<QJsonObject> sent;
        if (answer->isArray()) {
            const QJsonArray messages = answer->toArray();
            for (const QJsonValue &message : messages)
                sent.append(message.toObject());
        } else {
            sent.append(answer->toObject());
        }
        SendReceipt receipt;
        for (const QJsonObject &message : sent) {
            const qint64 id = json::integer(message.value("message_id"_L1)).value_or(0);
            if (id <= 0)
                continue;
            if (receipt.sourceId.isEmpty())
                receipt.sourceId = m_thread.messageId(id);
            else
                receipt.furtherSourceIds.append(m_thread.messageId(id));
        }
        if (receipt.sourceId.isEmpty())        // nothing proves that it was taken, nor as what
            return Step(std::in_place_index<2>, Error{Error::Kind::OutcomeUnknown, u"an answer without the message's id"_s});
        if (const auto date = json::integer(sent.constFirst().value("date"_L1)); date && *date > 0)
            receipt.platformAt = fromUnixMs(*date * 1000);
        return Step(std::in_place_index<1>, receipt);
    }

private:
    Step ask() const { return Step(std::in_place_index<0>, m_message.attachments.isEmpty() ? text() : files()); }

    Step again(const Error &error)
    {
        const QString words = error.detail.toLower();
        const bool isRefused = error.code == "400"_L1;
        if (isRefused && !m_isPlain && words.contains("can't parse entities"_L1)) {
            m_isPlain = true;
            return ask();
        }
        if (isRefused && !m_isUnquoted && (words.contains("message to be replied not found"_L1) || words.contains("replied message not found"_L1))) {
            m_isUnquoted = true;
            return ask();
        }
        const bool isNoPhoto = words.contains("photo_invalid_dimensions"_L1) || words.contains("image_process_failed"_L1) || words.contains("photo_save_file_invalid"_L1);
        if (isRefused && m_isSingle && !m_isDocument && isNoPhoto) {
            m_isDocument = true;
            return ask();
        }
        return Step(std::in_place_index<2>, error);
    }

    /// What every call has.
    QJsonObject common() const
    {
        QJsonObject parameters{{"chat_id"_L1, m_thread.chat.toLongLong()}};
        if (m_thread.isBusiness())
            parameters.insert("business_connection_id"_L1, json::string(connectionOf(m_message.inboxSettings, m_thread.owner), "id"_L1));
        const auto quoted = messageOf(m_message.quotedSourceId);
        if (quoted && !m_isUnquoted && quoted->thread.sourceId() == m_thread.sourceId())
            parameters.insert("reply_parameters"_L1, QJsonObject{{"message_id"_L1, quoted->id}, {"allow_sending_without_reply"_L1, true}});
        if (m_message.choice)
            parameters.insert("reply_markup"_L1, keyboardOf(*m_message.choice));
        return parameters;
    }

    void addWords(QJsonObject *to, QLatin1StringView key) const
    {
        if (m_markup.visible.isEmpty())
            return;
        to->insert(key, m_isPlain ? m_markup.bare : m_markup.html);
        if (!m_isPlain)
            to->insert("parse_mode"_L1, u"HTML"_s);
    }

    HttpRequest text() const
    {
        QJsonObject parameters = common();
        addWords(&parameters, "text"_L1);
        return m_api.post(u"sendMessage"_s, parameters);
    }

    FileWay way(const OutboundAttachment &file) const { return m_isDocument ? asDocument() : wayOf(file); }

    /// What Telegram would else have to find out by itself.
    static void describe(QJsonObject *to, const OutboundAttachment &file, const FileWay &way)
    {
        const bool isMoving = way.field == "video"_L1 || way.field == "animation"_L1;
        if (isMoving && file.width && file.height) {
            to->insert("width"_L1, *file.width);
            to->insert("height"_L1, *file.height);
        }
        const bool hasDuration = isMoving || way.field == "audio"_L1 || way.field == "voice"_L1;
        if (hasDuration && file.durationMs)
            to->insert("duration"_L1, (*file.durationMs + 500) / 1000);
        if (way.field == "video"_L1)
            to->insert("supports_streaming"_L1, true);
    }

    HttpRequest files() const
    {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        for (const OutboundAttachment &file : m_message.attachments)
            hash.addData(file.bytes);
        // A hash of the bytes can't stand in them, so no generator of random numbers is needed here.
        FormData form("antiphon" + hash.result().toHex().first(32));
        QJsonObject parameters = common();
        QString method = u"sendMediaGroup"_s;
        if (m_message.attachments.size() == 1) {
            const FileWay only = way(m_message.attachments.constFirst());
            method = only.method;
            addWords(&parameters, "caption"_L1);
            describe(&parameters, m_message.attachments.constFirst(), only);
        } else {
            parameters.insert("media"_L1, album());
        }
        for (auto it = parameters.begin(); it != parameters.end(); ++it)
            form.addField(it.key().toLatin1(), fieldOf(it.value()));
        for (qsizetype i = 0; i < m_message.attachments.size(); ++i) {
            const OutboundAttachment &file = m_message.attachments.at(i);
            const QByteArray name = m_message.attachments.size() == 1 ? way(file).field.toLatin1() : 'f' + QByteArray::number(i);
            const QString mime = file.mime.isEmpty() ? u"application/octet-stream"_s : file.mime;
            form.addFile(name, uploadName(file), mime.toLatin1(), file.bytes);
        }
        return m_api.upload(method, std::move(form));
    }

    QJsonArray album() const
    {
        QJsonArray media;
        for (qsizetype i = 0; i < m_message.attachments.size(); ++i) {
            const OutboundAttachment &file = m_message.attachments.at(i);
            const FileWay one = way(file);
            QJsonObject item{{"type"_L1, one.field}, {"media"_L1, u"attach://f%1"_s.arg(i)}};
            if (i == 0)
                addWords(&item, "caption"_L1);
            describe(&item, file, one);
            media.append(item);
        }
        return media;
    }

    static QByteArray fieldOf(const QJsonValue &value)
    {
        if (value.isObject())
            return json::toBytes(value.toObject());
        if (value.isArray())
            return QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact);
        if (value.isBool())
            return value.toBool() ? "true" : "false";
        return value.isDouble() ? QByteArray::number(value.toInteger()) : value.toString().toUtf8();
    }

    OutboundMessage m_message;
    InboxCredentials m_inbox;
    BotApi m_api;
    Thread m_thread;
    Markup m_markup{};
    bool m_isSingle;
    bool m_isPlain = false;
    bool m_isUnquoted = false;
    bool m_isDocument = false;
};

} // namespace

ChannelLimits limits()
{
    return {.textLimit = kTextLimit,
            .textUnit = ChannelLimits::TextUnit::Utf16,
            .attachmentsPerMessage = kMostFiles,
            .textWithAttachment = true,
            .attachmentBytes = kUploadLimit,
            .canQuote = true,
            .hasDelivered = false,
            .canChoose = true,
            .sendsPerSecond = 25,
            .sendsPerThread = 3,
            .typingEvery = std::chrono::seconds(4),
            .typingRepeatFor = std::chrono::seconds(60),
            .filesPerSecond = 25};
}

Result<void> check(const OutboundMessage &message)
{
    if (const auto checked = checkThread(message); !checked)
        return checked;
    if (message.fromTemplate)
        return limit(u"template"_s, u"Telegram has no templates"_s);
    if (message.content.size() > kLongestMarkdown)
        return tooLong();
    const qsizetype length = renderMarkup(message.content).visible.size();
    if (length > kTextLimit)
        return tooLong();
    if (length == 0 && message.attachments.isEmpty())
        return limit(u"content"_s, u"neither text nor file"_s);
    if (message.attachments.size() > kMostFiles)
        return limit(u"attachment_ids"_s, u"over %1 files"_s.arg(kMostFiles));
    for (const OutboundAttachment &file : message.attachments) {
        if (const auto checked = checkFile(file); !checked)
            return checked;
    }
    if (!message.choice)
        return {};
    if (!message.attachments.isEmpty())
        return limit(u"attachment_ids"_s, u"a choice or files, not both"_s);
    return checkChoice(*message.choice);
}

QList<OutboundPart> parts(const OutboundMessage &message)
{
    QList<OutboundPart> parts;
    const auto add = [&parts](OutboundMessage part) {
        if (!parts.isEmpty())
            part.quotedSourceId.clear();
        parts.append({.index = int(parts.size()), .message = std::move(part)});
    };
    const QList<QList<OutboundAttachment>> calls = callsFor(message.attachments);
    const bool hasWords = !message.content.trimmed().isEmpty();
    const bool isCaption = calls.size() == 1 && renderMarkup(message.content.left(kLongestMarkdown)).visible.size() <= kCaptionLimit;
    OutboundMessage part = message;
    part.attachments.clear();
    if (calls.isEmpty() || (hasWords && !isCaption))
        add(part);
    if (!isCaption)
        part.content.clear();
    for (const QList<OutboundAttachment> &files : calls) {
        part.attachments = files;
        add(part);
    }
    return parts;
}

OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    OutboundMessage message = part.message;
    if (!message.inboxSettings.contains(kConnections))
        message.inboxSettings = inbox.settings;
    return std::make_unique<Send>(message, inbox, endpoints);
}

SendVerdict verdict(const Error &error)
{
    return verdictByKind(error);
}

QJsonObject attributesAfter(const Error &error)
{
    const QString words = error.detail.toLower();
    const auto reason = [](const QString &word) { return QJsonObject{{"cannot_reply"_L1, word}}; };
    if (error.code == "403"_L1 && words.contains("blocked by the user"_L1))
        return reason(u"blocked"_s);
    if (error.code == "403"_L1 && words.contains("user is deactivated"_L1))
        return reason(u"deactivated"_s);
    if (words.contains("business_connection_invalid"_L1) || words.contains("business connection not found"_L1) || words.contains("business_connection_not_found"_L1))
        return reason(u"connection_off"_s);
    if (words.contains("not enough rights"_L1) || words.contains("business_connection_not_allowed"_L1))
        return reason(u"no_right"_s);
    return {};
}

std::optional<HttpRequest> markRead(const QString &messageSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const auto message = messageOf(messageSourceId);
    if (!message || !message->thread.isBusiness())
        return std::nullopt;
    const QJsonObject connection = connectionOf(inbox.settings, message->thread.owner);
    if (!connection.value("enabled"_L1).toBool() || !connection.value("can_read"_L1).toBool())
        return std::nullopt;
    return BotApi(inbox, endpoints)
        .post(u"readBusinessMessage"_s, {{"business_connection_id"_L1, json::string(connection, "id"_L1)},
                                         {"chat_id"_L1, message->thread.chat.toLongLong()},
                                         {"message_id"_L1, message->id}});
}

std::optional<HttpRequest> typing(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const auto thread = threadOf(contactSourceId);
    if (!thread)
        return std::nullopt;
    QJsonObject parameters{{"chat_id"_L1, thread->chat.toLongLong()}, {"action"_L1, u"typing"_s}};
    if (thread->isBusiness()) {
        const QJsonObject connection = connectionOf(inbox.settings, thread->owner);
        if (!cannotReply(connection).isEmpty())
            return std::nullopt;
        parameters.insert("business_connection_id"_L1, json::string(connection, "id"_L1));
    }
    return BotApi(inbox, endpoints).post(u"sendChatAction"_s, parameters);
}

HttpRequest answerButton(const QString &queryId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return BotApi(inbox, endpoints).post(u"answerCallbackQuery"_s, {{"callback_query_id"_L1, queryId}});
}

} // namespace antiphon::telegram
