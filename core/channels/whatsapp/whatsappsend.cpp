#include "core/channels/whatsapp/whatsappsend.h"

#include "core/base/json.h"
#include "core/channels/meta/graph.h"
#include "core/channels/whatsapp/whatsappbodies.h"
#include "core/channels/whatsapp/whatsapperrors.h"
#include "core/channels/whatsapp/whatsappfiles.h"
#include "core/net/formdata.h"

#include <QCryptographicHash>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;
using meta::Repeatable;

namespace {

constexpr int kTextLimit = 4096;
constexpr int kCaptionLimit = 1024;
constexpr int kMostFiles = 10;
constexpr qsizetype kLongestKey = 512;
constexpr std::chrono::milliseconds kUploadTimeout{120'000};

Error limit(const QString &field, const QString &detail)
{
    return {Error::Kind::ChannelLimit, detail, field};
}

HttpRequest post(const QJsonObject &body, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return meta::graphPost(meta::graphUrl(endpoints, inbox.account + u"/messages"_s), body, inbox.accessToken);
}

bool takesCaption(const OutboundAttachment &file)
{
    const auto rule = fileRule(file.mime, file.kind);
    return rule && rule->takesCaption();
}

class Send final : public Operation<SendReceipt> {
public:
    Send(OutboundMessage message, InboxCredentials inbox, ChannelEndpoints endpoints, QString key)
        : m_message(std::move(message)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)), m_key(std::move(key)) {}

    Step start() override
    {
        if (const auto checked = check(m_message); !checked)
            return Step(std::in_place_index<2>, checked.error());
        return Step(std::in_place_index<0>, m_message.attachments.isEmpty() ? message({}) : upload(m_message.attachments.constFirst()));
    }

    Step next(const HttpReply &reply) override
    {
        if (!m_message.attachments.isEmpty() && !m_isUploaded)
            return uploaded(reply);
        const auto answer = readAnswer(reply, Repeatable::No);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        const QString id = json::string(answer->value("messages"_L1).toArray().first().toObject(), "id"_L1);
        if (id.isEmpty())         // nothing proves that it was taken, nor as what
            return Step(std::in_place_index<2>, Error{Error::Kind::OutcomeUnknown, u"an answer without the message's id"_s});
        const QJsonObject contact = answer->value("contacts"_L1).toArray().first().toObject();
        return Step(std::in_place_index<1>, SendReceipt{.sourceId = id,
                                                        .requestId = QString::fromLatin1(reply.header("x-fb-trace-id")),
                                                        .customerAddress = json::string(contact, "wa_id"_L1)});
    }

private:
    Step uploaded(const HttpReply &reply)
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        const QString id = json::string(*answer, "id"_L1);
        if (id.isEmpty())
            return Step(std::in_place_index<2>, Error{Error::Kind::Unavailable, u"an upload without id"_s});
        m_isUploaded = true;
        return Step(std::in_place_index<0>, message(id));
    }

    HttpRequest message(const QString &mediaId) const
    {
        QJsonObject body = addressed(m_message.contactSourceId);
        const QJsonObject what = content(m_message, mediaId);
        for (auto it = what.begin(); it != what.end(); ++it)
            body.insert(it.key(), it.value());
        if (!m_message.quotedSourceId.isEmpty())
            body.insert("context"_L1, QJsonObject{{"message_id"_L1, m_message.quotedSourceId}});
        if (!m_key.isEmpty())
            body.insert("biz_opaque_callback_data"_L1, m_key.left(kLongestKey));
        return post(body, m_inbox, m_endpoints);
    }

    HttpRequest upload(const OutboundAttachment &file) const
    {
        const FileRule rule = fileRule(file.mime, file.kind).value_or(FileRule{});
        // A hash of the bytes can't stand in them, so no generator of random numbers is needed here.
        FormData form("antiphon" + QCryptographicHash::hash(file.bytes, QCryptographicHash::Sha256).toHex().first(32));
        form.addField("messaging_product", "whatsapp");
        form.addField("type", rule.mime.toLatin1());
        form.addFile("file", uploadName(file, rule), rule.mime.toLatin1(), file.bytes);
        return {.method = "POST",
                .url = meta::graphUrl(m_endpoints, m_inbox.account + u"/media"_s),
                .headers = {{"Authorization", "Bearer " + m_inbox.accessToken.toUtf8()}, {"Content-Type", form.contentType()}},
                .body = std::move(form).body(),
                .timeout = kUploadTimeout};
    }

    OutboundMessage m_message;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    QString m_key;
    bool m_isUploaded = false;
};

} // namespace

ChannelLimits limits()
{
    return {.textLimit = kTextLimit,
            .textUnit = ChannelLimits::TextUnit::CodePoints,
            .attachmentsPerMessage = kMostFiles,
            .textWithAttachment = true,
            .attachmentMimes = fileMimes(),
            .attachmentBytes = 100 * 1024 * 1024,
            .canQuote = true,
            .reportsDelivered = true,
            .reportsRead = true,
            .canReact = true,
            .hasTemplates = true,
            .canChoose = true,
            .bytesByMime = fileLimits(),
            .sendsPerSecond = 20,
            .filesPerSecond = 20};
}

Result<void> check(const OutboundMessage &message)
{
    if (message.fromTemplate)
        return checkTemplate(message);
    if (message.choice)
        return checkChoice(message);
    const qsizetype length = lengthOf(rendered(message.content));
    if (message.attachments.isEmpty()) {
        if (length == 0)
            return limit(u"content"_s, u"neither text nor file"_s);
        return length > kTextLimit ? Result<void>(limit(u"content"_s, u"over %1 characters"_s.arg(kTextLimit))) : Result<void>();
    }
    if (message.attachments.size() > kMostFiles)
        return limit(u"attachment_ids"_s, u"over %1 files"_s.arg(kMostFiles));
    const int longest = takesCaption(message.attachments.constFirst()) ? kCaptionLimit : kTextLimit;
    if (length > longest)
        return limit(u"content"_s, u"over %1 characters"_s.arg(longest));
    for (const OutboundAttachment &file : message.attachments) {
        if (const auto taken = checkFile(file); !taken)
            return taken;
    }
    return {};
}

QList<OutboundPart> parts(const OutboundMessage &message)
{
    QList<OutboundPart> parts;
    const auto add = [&parts](const OutboundMessage &part) {
        parts.append({.index = int(parts.size()), .message = part});
        if (parts.size() > 1)
            parts.last().message.quotedSourceId.clear();
    };
    if (message.fromTemplate || message.choice || message.attachments.isEmpty()) {
        add(message);
        return parts;
    }
    OutboundMessage part = message;
    if (!message.content.isEmpty() && !takesCaption(message.attachments.constFirst())) {
        part.attachments.clear();
        add(part);
        part.content.clear();
    }
    for (const OutboundAttachment &file : message.attachments) {
        part.attachments = {file};
        add(part);
        part.content.clear();
    }
    return parts;
}

OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &idempotencyKey)
{
    return std::make_unique<Send>(part.message, inbox, endpoints, idempotencyKey);
}

HttpRequest react(const OutboundReaction &reaction, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    QJsonObject body = addressed(reaction.contactSourceId);
    body.insert("type"_L1, u"reaction"_s);
    body.insert("reaction"_L1, QJsonObject{{"message_id"_L1, reaction.messageSourceId}, {"emoji"_L1, reaction.emoji}});
    return post(body, inbox, endpoints);
}

std::optional<HttpRequest> markRead(const QString &messageSourceId, bool isTyping, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    if (messageSourceId.isEmpty())
        return std::nullopt;
    QJsonObject body{{"messaging_product"_L1, u"whatsapp"_s}, {"status"_L1, u"read"_s}, {"message_id"_L1, messageSourceId}};
    if (isTyping)
        body.insert("typing_indicator"_L1, QJsonObject{{"type"_L1, u"text"_s}});
    return post(body, inbox, endpoints);
}

} // namespace antiphon::whatsapp
