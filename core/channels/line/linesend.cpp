#include "core/channels/line/linesend.h"

#include "core/base/json.h"
#include "core/channels/line/lineapi.h"
#include "core/channels/line/lineobjects.h"
#include "core/channels/sendverdict.h"

#include <QUuid>

namespace antiphon::line {

using namespace Qt::StringLiterals;

namespace {

constexpr int kObjectsACall = 5;
constexpr int kMostFiles = 20;

Error limit(const QString &field, const QString &detail)
{
    return {Error::Kind::ChannelLimit, detail, field};
}

/// The same for every try of the same part.
QByteArray retryKey(const QString &idempotencyKey, int part)
{
    static const QUuid space(u"{6f1d0f1e-52f0-4b51-9d6b-0f7e1b8f7a35}"_s);
    return QUuid::createUuidV5(space, u"%1/%2"_s.arg(idempotencyKey).arg(part)).toByteArray(QUuid::WithoutBraces);
}

class Send final : public Operation<SendReceipt> {
public:
    Send(OutboundPart part, InboxCredentials inbox, ChannelEndpoints endpoints, const QString &key)
        : m_message(std::move(part.message)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)), m_key(retryKey(key, part.index)),
          m_isReply(!m_message.replyToken.isEmpty())
    {
    }

    Step start() override
    {
        if (const auto checked = check(m_message); !checked)
            return Step(std::in_place_index<2>, checked.error());
        return Step(std::in_place_index<0>, m_isReply ? reply() : push());
    }

    Step next(const HttpReply &answer) override
    {
        const auto body = readAnswer(answer, m_isReply ? Call::Once : Call::Keyed);
        if (body)
            return taken(*body, answer);
        if (m_isReply && isDeadReplyToken(body.error())) {
            m_isReply = false;
            return Step(std::in_place_index<0>, push());
        }
        if (!m_isReply && answer.status == 409)          // an earlier try with this key arrived
            return taken(json::parseObject(answer.body) ? *json::parseObject(answer.body) : QJsonObject(), answer);
        return Step(std::in_place_index<2>, body.error());
    }

private:
    HttpRequest reply() const
    {
        return line::send("POST", apiUrl(m_endpoints, u"/v2/bot/message/reply"_s),
                          {{"replyToken"_L1, m_message.replyToken}, {"messages"_L1, objectsOf(m_message)}}, m_inbox.accessToken);
    }

    HttpRequest push() const
    {
        HttpRequest request = line::send("POST", apiUrl(m_endpoints, u"/v2/bot/message/push"_s),
                                         {{"to"_L1, m_message.contactSourceId}, {"messages"_L1, objectsOf(m_message)}}, m_inbox.accessToken);
        request.headers.append({"X-Line-Retry-Key", m_key});
        return request;
    }

    Step taken(const QJsonObject &body, const HttpReply &answer) const
    {
        SendReceipt receipt{.requestId = QString::fromLatin1(answer.header("x-line-request-id")).left(100)};
        const QJsonArray sent = body.value("sentMessages"_L1).toArray();
        for (const QJsonValue &value : sent) {
            const QString id = json::string(value.toObject(), "id"_L1);
            if (id.isEmpty())
                continue;
            if (receipt.sourceId.isEmpty()) {
                receipt.sourceId = id;
                if (const QString quote = json::string(value.toObject(), "quoteToken"_L1); !quote.isEmpty())
                    receipt.tokens.insert("quote"_L1, quote);
            } else {
                receipt.furtherSourceIds.append(id);
            }
        }
        if (receipt.sourceId.isEmpty()) {          // it was taken, but as what isn't said
            const QByteArray accepted = answer.header("x-line-accepted-request-id");
            const QString number = accepted.isEmpty() ? receipt.requestId : QString::fromLatin1(accepted).left(100);
            receipt.sourceId = u"request:"_s + (number.isEmpty() ? QString::fromLatin1(m_key) : number);
        }
        return Step(std::in_place_index<1>, receipt);
    }

    OutboundMessage m_message;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    QByteArray m_key;
    bool m_isReply;
};

} // namespace

ChannelLimits limits()
{
    return {.textLimit = kTextLimit,
            .textUnit = ChannelLimits::TextUnit::Utf16,
            .attachmentsPerMessage = kMostFiles,
            .textWithAttachment = true,
            .attachmentMimes = fileMimes(),
            .attachmentBytes = 200 * 1024 * 1024,
            .canQuote = true,
            .hasDelivered = false,
            .fetchesByLink = true,
            .canChoose = true,
            .bytesByMime = fileLimits(),
            .sendsPerSecond = 10,
            .needsPreviews = true,
            .linkLifetime = std::chrono::hours(30 * 24),       // the picture is loaded when somebody opens the chat, not once
            .sameKeyFor = std::chrono::hours(24),
            .typingEvery = std::chrono::seconds(20)};
}

Result<void> check(const OutboundMessage &message)
{
    if (message.fromTemplate)
        return limit(u"template"_s, u"LINE has no templates"_s);
    if (message.choice)
        return checkChoice(message);
    const qsizetype length = rendered(message.content).size();
    if (length == 0 && message.attachments.isEmpty())
        return limit(u"content"_s, u"neither text nor file"_s);
    if (length > kTextLimit)
        return limit(u"content"_s, u"over %1 characters"_s.arg(kTextLimit));
    if (message.attachments.size() > kMostFiles)
        return limit(u"attachment_ids"_s, u"over %1 files"_s.arg(kMostFiles));
    for (const OutboundAttachment &file : message.attachments) {
        if (const auto taken = checkFile(file); !taken)
            return taken;
    }
    return {};
}

QList<OutboundPart> parts(const OutboundMessage &message)
{
    QList<OutboundPart> parts;
    QList<OutboundAttachment> left = message.attachments;
    OutboundMessage part = message;
    do {
        const qsizetype files = std::min<qsizetype>(left.size(), part.content.isEmpty() ? kObjectsACall : kObjectsACall - 1);
        part.attachments = left.first(files);
        left.remove(0, files);
        parts.append({.index = int(parts.size()), .message = part});
        part.content.clear();
        part.quotedSourceId.clear();
        part.quotedTokens = {};
        part.replyToken.clear();          // it is good for one call
    } while (!left.isEmpty());
    return parts;
}

OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &idempotencyKey)
{
    return std::make_unique<Send>(part, inbox, endpoints, idempotencyKey);
}

SendVerdict verdict(const Error &error)
{
    return error.kind == Error::Kind::Unavailable ? SendVerdict::SameAgain : verdictByKind(error);
}

std::optional<RetrySchedule> retrySchedule(const Error &error)
{
    using std::chrono::seconds;
    if (error.kind == Error::Kind::Unavailable)
        return RetrySchedule{.pauses = {seconds(1), seconds(5), seconds(30)}, .goesOn = false, .jitters = false};
    if (error.kind == Error::Kind::RateLimited)
        return RetrySchedule{.pauses = {seconds(1), seconds(2), seconds(4), seconds(8), seconds(16), seconds(32), seconds(60)}, .jitters = false};
    return std::nullopt;
}

} // namespace antiphon::line
