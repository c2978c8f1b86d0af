#include "core/channels/tiktok/tiktoksend.h"

#include "core/base/json.h"
#include "core/channels/tiktok/tiktokerrors.h"
#include "core/net/formdata.h"

#include <QCryptographicHash>

namespace antiphon::tiktok {

using namespace Qt::StringLiterals;

namespace {

Error limit(const QString &field, const QString &detail)
{
    return {Error::Kind::ChannelLimit, detail, field};
}

bool canBeQuoted(const OutboundMessage &message)
{
    return !message.quotedSourceId.isEmpty()
        && (message.quotedType == Message::ContentType::Text || message.quotedType == Message::ContentType::Embed);
}

HttpRequest post(const QString &path, const QJsonObject &body, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return {.method = "POST",
            .url = platformUrl(endpoints.api, u"/open_api/v1.3/business/message/"_s + path),
            .headers = {{"Access-Token", inbox.accessToken.toUtf8()}, {"Content-Type", "application/json"}},
            .body = json::toBytes(body)};
}

QJsonObject addressed(const QString &conversationId, const InboxCredentials &inbox)
{
    return {{"business_id"_L1, inbox.account}, {"recipient_type"_L1, u"CONVERSATION"_s}, {"recipient"_L1, conversationId}};
}

class Send final : public Operation<SendReceipt> {
public:
    Send(OutboundMessage message, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_message(std::move(message)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        if (const auto checked = check(m_message); !checked)
            return Step(std::in_place_index<2>, checked.error());
        if (m_message.attachments.isEmpty())
            return Step(std::in_place_index<0>, text());
        return Step(std::in_place_index<0>, upload(m_message.attachments.constFirst()));
    }

    Step next(const HttpReply &reply) override
    {
        if (!m_message.attachments.isEmpty() && !m_isUploaded)
            return uploaded(reply);
        const auto data = readAnswer(reply, Repeatable::No);
        if (!data)
            return Step(std::in_place_index<2>, data.error());
        const QString id = json::string(data->value("message"_L1).toObject(), "message_id"_L1);
        if (id.isEmpty())         // taken by its code, but nothing proves which message it became
            return Step(std::in_place_index<2>, Error{Error::Kind::OutcomeUnknown, u"an answer without message_id"_s});
        const auto root = json::parseObject(reply.body);
        return Step(std::in_place_index<1>, SendReceipt{.sourceId = id, .requestId = root ? json::string(*root, "request_id"_L1) : QString()});
    }

private:
    Step uploaded(const HttpReply &reply)
    {
        const auto data = readAnswer(reply, Repeatable::Yes);
        if (!data)
            return Step(std::in_place_index<2>, data.error());
        const QString mediaId = json::string(*data, "media_id"_L1);
        if (mediaId.isEmpty())
            return Step(std::in_place_index<2>, Error{Error::Kind::Unavailable, u"an upload without media_id"_s});
        m_isUploaded = true;
        QJsonObject body = addressed(m_message.contactSourceId, m_inbox);
        body.insert("message_type"_L1, u"IMAGE"_s);
        body.insert("image"_L1, QJsonObject{{"media_id"_L1, mediaId}});
        return Step(std::in_place_index<0>, post(u"send/"_s, body, m_inbox, m_endpoints));
    }

    HttpRequest text() const
    {
        QJsonObject body = addressed(m_message.contactSourceId, m_inbox);
        body.insert("message_type"_L1, u"TEXT"_s);
        body.insert("text"_L1, QJsonObject{{"body"_L1, m_message.content}});
        if (canBeQuoted(m_message))
            body.insert("referenced_message_info"_L1, QJsonObject{{"referenced_message_id"_L1, m_message.quotedSourceId}});
        return post(u"send/"_s, body, m_inbox, m_endpoints);
    }

    HttpRequest upload(const OutboundAttachment &file) const
    {
        // A hash of the bytes can't stand in them, so no generator of random numbers is needed here.
        FormData form("antiphon" + QCryptographicHash::hash(file.bytes, QCryptographicHash::Sha256).toHex().first(32));
        form.addField("business_id", m_inbox.account.toUtf8());
        form.addField("media_type", "IMAGE");
        const QString name = file.name.isEmpty() ? (file.mime == "image/png"_L1 ? u"image.png"_s : u"image.jpg"_s) : file.name;
        form.addFile("file", name, file.mime.toLatin1(), file.bytes);
        return {.method = "POST",
                .url = platformUrl(m_endpoints.api, u"/open_api/v1.3/business/message/media/upload/"_s),
                .headers = {{"Access-Token", m_inbox.accessToken.toUtf8()}, {"Content-Type", form.contentType()}},
                .body = std::move(form).body()};
    }

    OutboundMessage m_message;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    bool m_isUploaded = false;
};

} // namespace

ChannelLimits limits()
{
    return {.textLimit = kTextLimit,
            .textUnit = ChannelLimits::TextUnit::Utf16,
            .attachmentsPerMessage = 1,
            .textWithAttachment = false,
            .attachmentMimes = {u"image/jpeg"_s, u"image/png"_s},
            .attachmentBytes = kImageLimit,
            .canQuote = true,
            .reportsDelivered = false,
            .reportsRead = true};
}

Result<void> check(const OutboundMessage &message)
{
    const QString attachments = u"attachment_ids"_s;
    if (message.content.size() > kTextLimit)
        return limit(u"content"_s, u"over %1 characters"_s.arg(kTextLimit));
    if (message.attachments.isEmpty())
        return message.content.isEmpty() ? Result<void>(limit(u"content"_s, u"neither text nor picture"_s)) : Result<void>();
    if (!message.content.isEmpty())
        return limit(attachments, u"text or a picture, not both"_s);
    if (message.attachments.size() > 1)
        return limit(attachments, u"one picture a message"_s);
    const OutboundAttachment &file = message.attachments.constFirst();
    if (file.kind != Attachment::Kind::Image || !limits().attachmentMimes.contains(file.mime.section(u';', 0, 0).trimmed().toLower()))
        return limit(attachments, u"only JPEG and PNG pictures"_s);
    if (file.size > kImageLimit || file.bytes.size() > kImageLimit)
        return limit(attachments, u"over 3 MB"_s);
    if (!message.conversationTakesImages)
        return limit(attachments, u"no pictures in this conversation, says TikTok"_s);
    return {};
}

OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Send>(part.message, inbox, endpoints);
}

HttpRequest typing(const QString &conversationId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    QJsonObject body = addressed(conversationId, inbox);
    body.insert("message_type"_L1, u"SENDER_ACTION"_s);
    body.insert("sender_action"_L1, u"TYPING"_s);
    return post(u"send/"_s, body, inbox, endpoints);
}

} // namespace antiphon::tiktok
