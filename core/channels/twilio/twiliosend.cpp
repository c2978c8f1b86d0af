#include "core/channels/twilio/twiliosend.h"

#include "core/base/json.h"
#include "core/channels/textmarks.h"
#include "core/channels/twilio/twilioaddress.h"
#include "core/channels/twilio/twilioapi.h"
#include "core/channels/twilio/twilioerrors.h"
#include "core/channels/twilio/twiliofiles.h"
#include "core/channels/twilio/twiliotemplates.h"
#include "core/domain/templateplaces.h"

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTextLimit = 1600;          // characters
constexpr int kMostFiles = 10;

Error limit(const QString &field, const QString &detail)
{
    return {Error::Kind::ChannelLimit, detail, field};
}

QString rendered(const OutboundMessage &message)
{
    static const TextMarks whatsapp{.strong = u"*"_s, .emphasis = u"_"_s, .strike = u"~"_s, .code = u"`"_s};
    static const TextMarks sms{.keepsQuotes = false, .namesLinks = true};
    return renderMarkdown(message.content, isWhatsappInbox(message.inboxSettings) ? whatsapp : sms);
}

/// A choice without buttons: a list to answer by its numbers.
QString wordsOf(const OutboundMessage &message)
{
    QStringList lines{rendered(message)};
    const QList<OutboundChoice::Item> items = message.choice ? message.choice->items : QList<OutboundChoice::Item>();
    for (qsizetype i = 0; i < items.size(); ++i) {
        const QString more = items.at(i).description.isEmpty() ? QString() : u" – "_s + items.at(i).description;
        lines.append(u"%1. %2"_s.arg(i + 1).arg(items.at(i).title + more));
    }
    return lines.join(u'\n');
}

QString statusCallback(const OutboundMessage &message)
{
    if (message.publicUrl.isEmpty() || message.inbox.isNull())
        return {};
    return message.publicUrl + u"/twilio/delivery_status?inbox="_s + message.inbox.toString();
}

class Send final : public Operation<SendReceipt> {
public:
    Send(OutboundMessage message, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_message(std::move(message)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)), m_callback(statusCallback(m_message))
    {
        if (m_message.inboxSettings.isEmpty())
            m_message.inboxSettings = m_inbox.settings;
    }

    Step start() override
    {
        if (const auto checked = check(m_message); !checked)
            return Step(std::in_place_index<2>, checked.error());
        return Step(std::in_place_index<0>, request());
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::No);
        if (!answer && answer.error().code.toLongLong() == kBadCallback && !m_callback.isEmpty()) {
            m_callback.clear();
            return Step(std::in_place_index<0>, request());
        }
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        return taken(*answer, reply);
    }

private:
    HttpRequest request() const
    {
        const bool isWhatsapp = isWhatsappInbox(m_inbox.settings);
        const QString service = serviceOf(m_inbox.settings);
        Fields fields{{u"To"_s, addressFor(m_message.contactSourceId, isWhatsapp)}};
        fields.append(service.isEmpty() ? qMakePair(u"From"_s, senderOf(m_inbox.settings)) : qMakePair(u"MessagingServiceSid"_s, service));
        if (m_message.fromTemplate) {
            fields.append({u"ContentSid"_s, m_message.fromTemplate->id});
            if (const QJsonObject variables = contentVariables(*m_message.fromTemplate); !variables.isEmpty())
                fields.append({u"ContentVariables"_s, json::toText(variables)});
        } else {
            if (const QString words = wordsOf(m_message); !words.isEmpty())
                fields.append({u"Body"_s, words});
            for (const OutboundAttachment &file : m_message.attachments)
                fields.append({u"MediaUrl"_s, file.link.toString(QUrl::FullyEncoded)});
        }
        if (!m_callback.isEmpty())
            fields.append({u"StatusCallback"_s, m_callback});
        return postForm(accountUrl(m_inbox, m_endpoints, u"Messages.json"_s), fields, m_inbox);
    }

    Step taken(const QJsonObject &answer, const HttpReply &reply) const
    {
        const QString sid = json::string(answer, "sid"_L1);
        if (sid.isEmpty())
            return Step(std::in_place_index<2>, Error{Error::Kind::OutcomeUnknown, u"an answer without the message's sid"_s});
        const QString status = json::string(answer, "status"_L1);
        if (status == "failed"_L1 || status == "undelivered"_L1 || status == "canceled"_L1) {
            const qint64 code = json::integer(answer.value("error_code"_L1)).value_or(0);
            return Step(std::in_place_index<2>, Error{.kind = Error::Kind::Invalid,
                                                      .detail = withAdvice(json::string(answer, "error_message"_L1), code),
                                                      .code = code > 0 ? QString::number(code) : status});
        }
        static const QStringList kUnderWay{u"accepted"_s, u"scheduled"_s, u"queued"_s, u"sending"_s};
        return Step(std::in_place_index<1>, SendReceipt{.sourceId = sid,
                                                        .platformAt = momentOf(json::string(answer, "date_created"_L1)),
                                                        .isUnderWay = kUnderWay.contains(status),
                                                        .requestId = QString::fromLatin1(reply.header("twilio-request-id")).left(100)});
    }

    OutboundMessage m_message;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    QString m_callback;
};

Result<void> checkWhole(const OutboundMessage &message)
{
    const bool isWhatsapp = isWhatsappInbox(message.inboxSettings);
    if (message.attachments.size() > kMostFiles)
        return limit(u"attachment_ids"_s, u"over %1 files"_s.arg(kMostFiles));
    qint64 total = 0;
    for (const OutboundAttachment &file : message.attachments) {
        if (const auto taken = checkFile(file, isWhatsapp); !taken)
            return taken;
        total += std::max<qint64>(file.size, file.bytes.size());
    }
    if (!isWhatsapp && total > kMmsLimit)
        return limit(u"attachment_ids"_s, u"over 5 MB in all"_s);
    return {};
}

Result<void> checkTemplate(const OutboundMessage &message)
{
    if (message.fromTemplate->id.isEmpty())
        return limit(u"template"_s, u"a template without its sid"_s);
    if (!message.attachments.isEmpty())
        return limit(u"attachment_ids"_s, u"a template takes no file"_s);
    return checkTemplateValues(message.fromTemplate->components, message.fromTemplate->values);
}

} // namespace

ChannelLimits limits(const QJsonObject &settings)
{
    const bool isWhatsapp = isWhatsappInbox(settings);
    return {.textLimit = kTextLimit,
            .textUnit = ChannelLimits::TextUnit::CodePoints,
            .attachmentsPerMessage = kMostFiles,
            .textWithAttachment = true,
            .attachmentMimes = fileMimes(isWhatsapp),
            .attachmentBytes = isWhatsapp ? 16 * 1024 * 1024 : kMmsLimit,
            .reportsDelivered = true,
            .reportsRead = isWhatsapp,
            .fetchesByLink = true,
            .hasTemplates = isWhatsapp,
            .canChoose = true,
            .bytesByMime = fileLimits(isWhatsapp),
            .sendsPerSecond = 10,
            .linkLifetime = std::chrono::hours(24),
            .typingEvery = std::chrono::seconds(20)};
}

Result<void> check(const OutboundMessage &message)
{
    if (message.fromTemplate)
        return checkTemplate(message);
    if (message.choice && !message.attachments.isEmpty())
        return limit(u"attachment_ids"_s, u"a choice or files, not both"_s);
    const qsizetype length = wordsOf(message).toUcs4().size();
    if (length == 0 && message.attachments.isEmpty())
        return limit(u"content"_s, u"neither text nor file"_s);
    if (length > kTextLimit)
        return limit(u"content"_s, u"over %1 characters"_s.arg(kTextLimit));
    return checkWhole(message);
}

QList<OutboundPart> parts(const OutboundMessage &message)
{
    QList<OutboundPart> parts;
    const auto add = [&parts](const OutboundMessage &part) { parts.append({.index = int(parts.size()), .message = part}); };
    if (message.fromTemplate || message.choice || message.attachments.isEmpty() || !isWhatsappInbox(message.inboxSettings)) {
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

OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Send>(part.message, inbox, endpoints);
}

std::optional<HttpRequest> typing(const QString &messageSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    if (messageSourceId.isEmpty() || !isWhatsappInbox(inbox.settings))
        return std::nullopt;
    return postForm(hostUrl(Host::Messaging, endpoints, u"/v2/Indicators/Typing.json"_s), {{u"messageId"_s, messageSourceId}, {u"channel"_s, u"whatsapp"_s}}, inbox);
}

} // namespace antiphon::twilio
