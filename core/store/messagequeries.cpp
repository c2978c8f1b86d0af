#include "core/store/messagequeries.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <limits>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

QString messageColumns()
{
    return u"SELECT m.id, m.conversation_id, m.inbox_id, m.direction, m.content, m.content_format, m.entities, m.content_type, m.raw_type, m.private, m.deleted, "
    "m.edited_at, m.status, m.error_code, m.error_text, m.error_retryable, m.external_echo, m.caught_up, m.late, m.source_id, m.in_reply_to, m.client_id, "
    "m.sender_type, m.sender_id, m.sender_name, m.activity, m.created_at, m.received_at, m.updated_at, c.name, c.avatar_id, a.name, a.avatar_id, m.arrived_twice, "
    "m.referral, m.detail, m.template, m.forwarded, m.group_id "
    "FROM message m "
    "LEFT JOIN contact c ON m.sender_type = 'contact' AND c.id = m.sender_id "
    "LEFT JOIN agent a ON m.sender_type = 'agent' AND a.id = m.sender_id "_s;
}

QString attachmentColumns()
{
    return u"SELECT id, kind, name, mime, size, width, height, duration_ms, state, error, blob_sha256 IS NOT NULL, embed_url, latitude, longitude, title, voice "
    "FROM attachment "_s;
}

QString attachmentUrl(qint64 id)
{
    return u"/api/v1/attachments/"_s + QString::number(id);
}

Sender senderOf(const Query &row)
{
    Sender sender{.type = senderTypeFromName(row.text(22)).value_or(Sender::Type::System), .name = row.text(24)};
    if (!row.isNull(23))
        sender.id = QString::number(row.integer(23));
    const int column = sender.type == Sender::Type::Contact ? 29 : sender.type == Sender::Type::Agent ? 31 : -1;
    if (column < 0 || row.isNull(column))
        return sender;
    sender.name = row.text(column);
    if (!row.isNull(column + 1))
        sender.avatarUrl = attachmentUrl(row.integer(column + 1));
    return sender;
}

Message messageOf(const Query &row)
{
    Message message{.id = row.id<MessageId>(0),
                    .conversationId = row.id<ConversationId>(1),
                    .inboxId = row.id<InboxId>(2),
                    .direction = directionFromName(row.text(3)).value_or(Message::Direction::Incoming),
                    .content = row.text(4),
                    .contentFormat = row.text(5) == "markdown"_L1 ? Message::ContentFormat::Markdown : Message::ContentFormat::Plain,
                    .entities = entitiesFromJson(QJsonDocument::fromJson(row.text(6).toUtf8()).array()),
                    .contentType = contentTypeFromName(row.text(7)).value_or(Message::ContentType::Unsupported),
                    .isPrivate = row.boolean(9),
                    .isDeleted = row.boolean(10),
                    .editedAt = row.optionalTime(11),
                    .status = messageStatusFromName(row.text(12)),
                    .externalEcho = row.boolean(16),
                    .caughtUp = row.boolean(17),
                    .late = row.boolean(18),
                    .arrivedTwice = row.boolean(33),
                    .sourceId = row.text(19),
                    .inReplyTo = row.id<MessageId>(20),
                    .clientId = row.text(21),
                    .sender = senderOf(row),
                    .createdAt = row.time(26),
                    .receivedAt = row.time(27),
                    .updatedAt = row.time(28),
                    .rawType = row.text(8),
                    .isForwarded = row.boolean(37),
                    .groupId = row.text(38)};
    if (!row.isNull(13))
        message.externalError = ExternalError{.code = row.text(13), .text = row.text(14), .retryable = row.boolean(15)};
    if (!row.isNull(25))
        message.activity = row.json(25);
    if (!row.isNull(34))
        message.referral = row.json(34);
    if (!row.isNull(35))
        message.detail = row.json(35);
    if (!row.isNull(36))
        message.templateSent = row.json(36);
    return message;
}

Attachment attachmentOf(const Query &row)
{
    Attachment attachment{.id = row.id<AttachmentId>(0),
                          .kind = attachmentKindFromName(row.text(1)).value_or(Attachment::Kind::File),
                          .name = row.text(2),
                          .mime = row.text(3),
                          .width = row.optionalInt(5),
                          .height = row.optionalInt(6),
                          .durationMs = row.optionalInt(7),
                          .state = attachmentStateFromName(row.text(8)).value_or(Attachment::State::Failed),
                          .error = row.text(9),
                          .embedUrl = row.text(11),
                          .title = row.text(14),
                          .isVoice = row.boolean(15)};
    if (!row.isNull(4))
        attachment.size = row.integer(4);
    if (attachment.state == Attachment::State::Ready && row.boolean(10))
        attachment.url = attachmentUrl(row.integer(0));
    if (!row.isNull(12))
        attachment.latitude = row.real(12);
    if (!row.isNull(13))
        attachment.longitude = row.real(13);
    return attachment;
}

} // namespace

Result<void> MessageQueries::complete(Message &message)
{
    if (message.isDeleted || message.direction == Message::Direction::Activity)
        return {};
    {
        Query query = m_tx.query(attachmentColumns() + u"WHERE message_id = :message AND message_id IS NOT NULL ORDER BY position"_s);
        query.bind(":message"_L1, message.id);
        while (query.next())
            message.attachments.append(attachmentOf(query));
        if (!query.ok())
            return query.error();
    }
    Query query = m_tx.query(u"SELECT r.emoji, r.sender_type, r.sender_id, COALESCE(c.name, a.name, r.sender_name) FROM reaction r "
                             "LEFT JOIN contact c ON r.sender_type = 'contact' AND c.id = r.sender_id "
                             "LEFT JOIN agent a ON r.sender_type = 'agent' AND a.id = r.sender_id "
                             "WHERE r.message_id = :message AND NOT r.removed"_s);
    query.bind(":message"_L1, message.id);
    while (query.next()) {
        Reaction reaction{.emoji = query.text(0),
                          .sender = {.type = senderTypeFromName(query.text(1)).value_or(Sender::Type::System), .name = query.text(3)}};
        if (!query.isNull(2))
            reaction.sender.id = QString::number(query.integer(2));
        message.reactions.append(reaction);
    }
    return query.ok() ? Result<void>() : Result<void>(query.error());
}

Result<Message> MessageQueries::byId(MessageId id)
{
    std::optional<Message> message;
    {
        Query query = m_tx.query(messageColumns() + u"WHERE m.id = :id"_s);
        query.bind(":id"_L1, id);
        if (query.next())
            message = messageOf(query);
        if (!query.ok())
            return query.error();
    }
    if (!message)
        return Error{Error::Kind::NotFound, u"no such message"_s};
    if (const auto done = complete(*message); !done)
        return done.error();
    return *message;
}

Result<std::optional<Message>> MessageQueries::byClientId(const QString &clientId)
{
    MessageId id;
    {
        Query query = m_tx.query(u"SELECT id FROM message WHERE client_id = :client AND client_id IS NOT NULL"_s);
        query.bind(":client"_L1, clientId);
        if (query.next())
            id = query.id<MessageId>(0);
        if (!query.ok())
            return query.error();
    }
    if (!id)
        return std::optional<Message>();
    const auto message = byId(id);
    if (!message)
        return message.error();
    return std::optional<Message>(*message);
}

Result<Attachment> MessageQueries::attachment(AttachmentId id)
{
    Query query = m_tx.query(attachmentColumns() + u"WHERE id = :id"_s);
    query.bind(":id"_L1, id);
    if (query.next())
        return attachmentOf(query);
    if (!query.ok())
        return query.error();
    return Error{Error::Kind::NotFound, u"no such attachment"_s};
}

Result<MessageQueries::Place> MessageQueries::placeOf(ConversationId conversation, MessageId anchor, const QString &field)
{
    Query query = m_tx.query(u"SELECT created_at FROM message WHERE id = :id AND conversation_id = :conversation"_s);
    query.bind(":id"_L1, anchor).bind(":conversation"_L1, conversation);
    if (query.next())
        return Place{.at = query.integer(0), .id = anchor.value()};
    if (!query.ok())
        return query.error();
    return Error{Error::Kind::Invalid, u"no such message in this conversation"_s, field};
}

/// Oldest first, whichever side; the place itself is not among them.
Result<QList<Message>> MessageQueries::rows(ConversationId conversation, Side side, const Place &place, int limit)
{
    const QString sql = messageColumns()
        + (side == Side::Before
               ? u"WHERE m.conversation_id = :conversation AND (m.created_at, m.id) < (:at, :id) ORDER BY m.created_at DESC, m.id DESC LIMIT :limit"_s
               : u"WHERE m.conversation_id = :conversation AND (m.created_at, m.id) > (:at, :id) ORDER BY m.created_at, m.id LIMIT :limit"_s);
    QList<Message> found;
    {
        Query query = m_tx.query(sql);
        query.bind(":conversation"_L1, conversation).bind(":at"_L1, place.at).bind(":id"_L1, place.id).bind(":limit"_L1, limit);
        while (query.next())
            found.append(messageOf(query));
        if (!query.ok())
            return query.error();
    }
    for (Message &message : found) {
        if (const auto done = complete(message); !done)
            return done.error();
    }
    if (side == Side::Before)
        std::reverse(found.begin(), found.end());
    return found;
}

Result<MessageQueries::Page> MessageQueries::newest(ConversationId conversation, int limit)
{
    constexpr qint64 kEnd = std::numeric_limits<qint64>::max();
    auto found = rows(conversation, Side::Before, {.at = kEnd, .id = kEnd}, limit + 1);
    if (!found)
        return found.error();
    Page page{.items = *std::move(found)};
    page.hasMoreBefore = page.items.size() > limit;
    if (page.hasMoreBefore)
        page.items.removeFirst();
    return page;
}

Result<MessageQueries::Page> MessageQueries::before(ConversationId conversation, MessageId anchor, int limit)
{
    const auto place = placeOf(conversation, anchor, u"before"_s);
    if (!place)
        return place.error();
    auto found = rows(conversation, Side::Before, *place, limit + 1);
    if (!found)
        return found.error();
    Page page{.items = *std::move(found), .hasMoreAfter = true};
    page.hasMoreBefore = page.items.size() > limit;
    if (page.hasMoreBefore)
        page.items.removeFirst();
    return page;
}

Result<MessageQueries::Page> MessageQueries::after(ConversationId conversation, MessageId anchor, int limit)
{
    const auto place = placeOf(conversation, anchor, u"after"_s);
    if (!place)
        return place.error();
    auto found = rows(conversation, Side::After, *place, limit + 1);
    if (!found)
        return found.error();
    Page page{.items = *std::move(found), .hasMoreBefore = true};
    page.hasMoreAfter = page.items.size() > limit;
    if (page.hasMoreAfter)
        page.items.removeLast();
    return page;
}

Result<MessageQueries::Page> MessageQueries::around(ConversationId conversation, MessageId anchor, int limit)
{
    const auto place = placeOf(conversation, anchor, u"around"_s);
    if (!place)
        return place.error();
    auto older = rows(conversation, Side::Before, *place, limit);
    if (!older)
        return older.error();
    auto newer = rows(conversation, Side::After, *place, limit);
    if (!newer)
        return newer.error();
    const auto middle = byId(anchor);
    if (!middle)
        return middle.error();
    // Half on each side; what one side lacks the other may have.
    const qsizetype others = limit - 1;
    const qsizetype takeOlder = std::min(older->size(), std::max(others / 2, others - newer->size()));
    const qsizetype takeNewer = std::min(newer->size(), others - takeOlder);
    return Page{.items = older->last(takeOlder) + QList{*middle} + newer->first(takeNewer),
                .hasMoreBefore = takeOlder < older->size(),
                .hasMoreAfter = takeNewer < newer->size()};
}

} // namespace antiphon
