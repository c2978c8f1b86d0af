#include "core/channels/meta/messagingsend.h"

#include "core/base/json.h"
#include "core/channels/meta/graph.h"
#include "core/channels/meta/messagingvalues.h"
#include "core/channels/sendverdict.h"
#include "core/channels/textmarks.h"

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds kPlain = std::chrono::hours(24);
constexpr Milliseconds kHumanAgent = std::chrono::hours(24 * 7);

/// What a code, or the subcode that tells more than it, means for a send. Nothing: as everywhere at Meta.
std::optional<Error::Kind> kindOfSend(qint64 code, qint64 subcode)
{
    switch (subcode ? subcode : code) {
    case 2534022:                       // outside the window
    case 2018278: return Error::Kind::WindowClosed;
    case 551:                           // the person can't be reached: blocked, deleted, never wrote
    case 1545041:
    case 2018108:
    case 2534014:
    case 2018001: return Error::Kind::NotFound;
    case 2534015:                       // of the content: unreadable, mismatched, too slow, not fetched
    case 2018047:
    case 2018109:
    case 2018008:
    case 2018294: return Error::Kind::ChannelLimit;
    case 2534037:                       // another application has the thread
    case 2018300:
    case 2018321: return Error::Kind::Conflict;
    case 1893063:                       // restricted for a while, blocked by policy, tags misused, not eligible, deleted meanwhile
    case 2534029:
    case 2018338:
    case 2018028:
    case 2534041:
    case 2534068:
    case 36103:
    case 9000001: return Error::Kind::Invalid;
    case 2534077: return Error::Kind::Forbidden;        // the link of account and page is broken: to be connected anew
    case 1357046: return Error::Kind::OutcomeUnknown;
    default: break;
    }
    switch (code) {
    case 551: return Error::Kind::NotFound;
    case 100:
    case 368: return Error::Kind::Invalid;
    case 36103:
    case 9000001: return Error::Kind::Invalid;
    default: return std::nullopt;
    }
}

/// A dead session also comes under codes that mean something else.
bool isDeadSession(const QString &words)
{
    return words.contains("session has been invalidated"_L1, Qt::CaseInsensitive) || words.contains("Error validating access token"_L1, Qt::CaseInsensitive);
}

struct Word {
    QStringView emoji;
    QLatin1StringView word;
};

/// The names of the reactions that Meta has a name for.
constexpr Word kReactions[]{
    {u"\u2764", "love"_L1},       {u"\U0001f60d", "love"_L1},   {u"\U0001f606", "smile"_L1}, {u"\U0001f602", "smile"_L1}, {u"\U0001f604", "smile"_L1},
    {u"\U0001f62e", "wow"_L1},    {u"\U0001f622", "sad"_L1},    {u"\U0001f620", "angry"_L1}, {u"\U0001f621", "angry"_L1}, {u"\U0001f44d", "like"_L1},
    {u"\U0001f44e", "dislike"_L1},
};

QString reactionWord(const QString &emoji)
{
    QString bare = emoji;
    bare.remove(QChar(0xfe0f));
    for (const Word &known : kReactions) {
        if (known.emoji == bare)
            return known.word;
    }
    return emoji;
}

} // namespace

QJsonObject addressed(const QString &contactSourceId)
{
    return {{"recipient"_L1, QJsonObject{{"id"_L1, contactSourceId}}}};
}

QString renderedText(const QString &markdown)
{
    static const TextMarks marks{.strong = u"*"_s, .emphasis = u"_"_s, .keepsQuotes = false};
    return renderMarkdown(markdown, marks);
}

QList<OutboundPart> messagingParts(const OutboundMessage &message)
{
    QList<OutboundPart> parts;
    for (const OutboundAttachment &file : message.attachments) {
        OutboundMessage part = message;
        part.content.clear();
        part.attachments = {file};
        parts.append({int(parts.size()), part});
    }
    if (!message.content.isEmpty() || parts.isEmpty()) {
        OutboundMessage part = message;
        part.attachments.clear();
        part.content = renderedText(message.content);
        parts.append({int(parts.size()), part});
    }
    return parts;
}

bool needsHumanAgent(const OutboundMessage &message, const QJsonObject &settings)
{
    const auto since = message.sinceCustomer;
    return settings.value("human_agent"_L1).toBool() && message.isByPerson && since && *since >= kPlain && *since < kHumanAgent;
}

void addMessagingType(QJsonObject &body, const OutboundMessage &message, const QJsonObject &settings, bool isTypeMandatory)
{
    if (needsHumanAgent(message, settings)) {
        body.insert("messaging_type"_L1, u"MESSAGE_TAG"_s);
        body.insert("tag"_L1, u"HUMAN_AGENT"_s);
    } else if (isTypeMandatory) {
        body.insert("messaging_type"_L1, u"RESPONSE"_s);
    }
}

ReplyRule messagingRule(const QString &channel, const QJsonObject &settings)
{
    const bool isLong = settings.value("human_agent"_L1).toBool();
    return {.name = channel + (isLong ? "_7d"_L1 : "_24h"_L1), .length = std::chrono::hours(isLong ? 24 * 7 : 24)};
}

Result<void> checkWriter(const OutboundMessage &message)
{
    if (!message.isByPerson && message.sinceCustomer && *message.sinceCustomer >= kPlain)
        return Error{Error::Kind::WindowClosed, u"after 24 hours only a person may answer"_s};
    return {};
}

Error overLimit(const QString &field, const QString &detail)
{
    return {Error::Kind::ChannelLimit, detail, field};
}

QString attachmentType(Attachment::Kind kind)
{
    switch (kind) {
    case Attachment::Kind::Image:
    case Attachment::Kind::Sticker: return u"image"_s;
    case Attachment::Kind::Video: return u"video"_s;
    case Attachment::Kind::Audio: return u"audio"_s;
    case Attachment::Kind::File:
    case Attachment::Kind::Embed:
    case Attachment::Kind::Location:
    case Attachment::Kind::Contact: return u"file"_s;
    }
    Q_UNREACHABLE();
}

QString bareMime(const QString &mime)
{
    return mime.section(u';', 0, 0).trimmed().toLower();
}

QJsonObject reactionBody(const OutboundReaction &reaction)
{
    const bool isRemoval = reaction.emoji.isEmpty();
    QJsonObject body = senderAction(reaction.contactSourceId, isRemoval ? u"unreact"_s : u"react"_s);
    QJsonObject payload{{"message_id"_L1, reaction.messageSourceId}};
    if (!isRemoval)
        payload.insert("reaction"_L1, reactionWord(reaction.emoji));
    body.insert("payload"_L1, payload);
    return body;
}

QJsonObject senderAction(const QString &contactSourceId, const QString &action)
{
    QJsonObject body = addressed(contactSourceId);
    body.insert("sender_action"_L1, action);
    return body;
}

Result<SendReceipt> readReceipt(const HttpReply &reply)
{
    const auto answer = readGraph(reply, Repeatable::No, kindOfSend);
    if (!answer) {
        Error error = answer.error();
        if (isDeadSession(error.detail))
            error.kind = Error::Kind::Unauthorized;
        else if (reply.status >= 500 && error.kind != Error::Kind::RateLimited && error.kind != Error::Kind::Unauthorized)
            error.kind = Error::Kind::OutcomeUnknown;          // whatever it says: nothing proves that it wasn't taken
        return error;
    }
    const QString id = idText(*answer, "message_id"_L1);
    if (id.isEmpty())
        return Error{Error::Kind::OutcomeUnknown, u"an answer without message_id"_s};
    return SendReceipt{.sourceId = id, .requestId = QString::fromLatin1(reply.header("x-fb-trace-id")), .customerAddress = idText(*answer, "recipient_id"_L1)};
}

SendVerdict messagingVerdict(const Error &error)
{
    if (error.kind != Error::Kind::Forbidden)
        return verdictByKind(error);
    // Of the many ways to be forbidden, these are mended by connecting anew; the others are of this message, or of the application.
    const bool isMended = error.code == "3"_L1 || error.code == "10"_L1 || error.code == "10.2534077"_L1;
    return isMended ? SendVerdict::Unauthorized : SendVerdict::Refused;
}

} // namespace antiphon::meta
