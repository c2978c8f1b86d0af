#include "core/outbox/outgoing.h"

#include "core/domain/messagechoice.h"
#include "core/store/attachmentrepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kOldest = std::chrono::hours(24);

Result<void> loadFiles(ReadTransaction &tx, Outgoing &outgoing)
{
    const auto files = attachments::ofMessage(tx, outgoing.row.messageId);
    if (!files)
        return files.error();
    for (const attachments::AttachmentRow &file : *files) {
        if (file.blob.isEmpty())
            return Error{Error::Kind::Invalid, u"its file is not there"_s};
        outgoing.message.attachments.append({.kind = file.attachment.kind,
                                             .name = file.attachment.name,
                                             .mime = file.attachment.mime,
                                             .size = file.attachment.size.value_or(0),
                                             .isVoice = file.attachment.isVoice,
                                             .durationMs = file.attachment.durationMs,
                                             .width = file.attachment.width,
                                             .height = file.attachment.height});
        outgoing.blobs.append(file.blob);
    }
    return {};
}

} // namespace

std::optional<OutboundTemplate> outboundTemplate(const QJsonObject &used)
{
    if (used.isEmpty())
        return std::nullopt;
    return OutboundTemplate{.id = used.value("id"_L1).toString(),
                            .name = used.value("name"_L1).toString(),
                            .language = used.value("language"_L1).toString(),
                            .components = used.value("components"_L1).toArray(),
                            .values = used.value("values"_L1).toObject()};
}

std::optional<OutboundChoice> outboundChoice(const QJsonObject &detail)
{
    const auto choice = messageChoiceFromJson(detail.value("choice"_L1).toObject());
    if (!choice)
        return std::nullopt;
    OutboundChoice outbound{.button = choice->button};
    for (const MessageChoice::Item &item : choice->items)
        outbound.items.append({.id = item.id, .title = item.title, .description = item.description});
    return outbound;
}

Result<Outgoing> loadOutgoing(ReadTransaction &tx, const outbox::Row &row, Timestamp platformNow)
{
    Outgoing outgoing{.row = row};
    {
        Query q = tx.query(u"SELECT i.channel, ci.source_id, m.content, quoted.source_id, quoted.content_type, c.attributes,"
                           " m.template, m.detail, m.automatic OR m.sender_type <> 'agent', c.last_incoming_at, i.settings, quoted.tokens, c.contact_inbox_id"
                           " FROM message m JOIN conversation c ON c.id = m.conversation_id JOIN contact_inbox ci ON ci.id = c.contact_inbox_id"
                           " JOIN inbox i ON i.id = m.inbox_id LEFT JOIN message quoted ON quoted.id = m.in_reply_to"
                           " WHERE m.id = :id AND NOT m.deleted"_s);
        q.bind(":id"_L1, row.messageId);
        if (!q.next())
            return q.ok() ? Error{Error::Kind::NotFound, u"the message is gone"_s} : q.error();
        const auto channel = channelFromName(q.text(0));
        if (!channel)
            return Error{Error::Kind::Invalid, u"a channel that is not built in"_s};
        outgoing.channel = *channel;
        outgoing.message.contactSourceId = q.text(1);
        outgoing.message.content = q.text(2);
        outgoing.message.quotedSourceId = q.text(3);
        outgoing.message.quotedType = contentTypeFromName(q.text(4)).value_or(Message::ContentType::Text);
        const QJsonValue takesImages = q.json(5).value(capabilitiesKey(*channel)).toObject().value("image_send"_L1);
        outgoing.message.conversationTakesImages = takesImages.toBool(true);
        outgoing.message.fromTemplate = outboundTemplate(q.json(6));
        outgoing.message.choice = outboundChoice(q.json(7));
        outgoing.message.isByPerson = !q.boolean(8);
        outgoing.message.inbox = row.inboxId;
        outgoing.message.inboxSettings = q.json(10);
        outgoing.message.quotedTokens = q.json(11);
        outgoing.thread = q.id<ContactInboxId>(12);
        if (const auto at = q.optionalTime(9))
            outgoing.message.sinceCustomer = platformNow - *at;
    }
    if (const auto done = loadFiles(tx, outgoing); !done)
        return done.error();
    const auto parts = outbox::sentParts(tx, row.messageId);
    if (!parts)
        return parts.error();
    outgoing.sentParts = *parts;
    return outgoing;
}

Result<std::optional<ExternalError>> tooLate(ReadTransaction &tx, const outbox::Row &row, Timestamp now, Milliseconds clockOffset)
{
    std::optional<Timestamp> closes = row.windowEndsAt;
    bool isTemplate = false;
    QString cannotReply;
    Query q = tx.query(u"SELECT c.window_closes_at, m.template, c.attributes FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE m.id = :id"_s);
    q.bind(":id"_L1, row.messageId);
    if (q.next()) {
        isTemplate = !q.isNull(1);
        cannotReply = q.json(2).value("cannot_reply"_L1).toString();
        if (!q.isNull(0))
            closes = q.time(0);                      // the customer may have written since it was queued
    }
    if (!q.ok())
        return q.error();
    if (!cannotReply.isEmpty())
        return std::optional(ExternalError{.code = cannotReply, .text = u"Nothing can be sent to this customer now."_s, .retryable = true});
    if (!isTemplate && closes && now + clockOffset >= *closes)
        return std::optional(ExternalError{.code = u"window_closed"_s, .text = u"The reply window closed before it could be sent."_s});
    if (now - row.createdAt >= kOldest)
        return std::optional(ExternalError{.code = u"expired"_s, .text = u"It could not be sent within 24 hours."_s, .retryable = true});
    return std::optional<ExternalError>();
}

} // namespace antiphon
