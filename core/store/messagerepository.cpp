#include "core/store/messagerepository.h"

#include "core/base/json.h"
#include "core/store/conversationrepository.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace antiphon::messages {
namespace {
using namespace Qt::StringLiterals;

/// How far a local clock may be ahead of the platform's, for own messages whose platform time is unknown.
constexpr Milliseconds kReadAllowance{2000};

QString orNull(const QString &text)
{
    return text.isEmpty() ? QString() : text;
}

QString entitiesText(const QList<TextEntity> &entities)
{
    return entities.isEmpty() ? QString() : QString::fromUtf8(QJsonDocument(toJson(entities)).toJson(QJsonDocument::Compact));
}

QString objectText(const QJsonObject &object)
{
    return object.isEmpty() ? QString() : json::toText(object);
}

MessageRef readRef(const Query &q)
{
    return {.id = q.id<MessageId>(0),
            .conversationId = q.id<ConversationId>(1),
            .direction = directionFromName(q.text(2)).value_or(Message::Direction::Activity),
            .status = messageStatusFromName(q.text(3)),
            .outcomeUnknown = q.text(4) == QStringView(kOutcomeUnknown),
            .externalEcho = q.boolean(5),
            .createdAt = q.time(6)};
}

Result<std::optional<MessageRef>> one(Query &q)
{
    if (q.next())
        return std::optional(readRef(q));
    if (!q.ok())
        return q.error();
    return std::optional<MessageRef>();
}

} // namespace

Result<std::optional<MessageId>> insert(WriteTransaction &tx, const NewMessage &message)
{
    Query q = tx.query(u"INSERT INTO message (conversation_id, inbox_id, direction, content, content_format, entities, content_type, raw_type, private,"
                       " status, external_echo, automatic, caught_up, late, source_id, in_reply_to, in_reply_to_source_id, client_id, sender_type,"
                       " sender_id, sender_name, activity, referral, detail, template, forwarded, deleted, tokens, group_id, edited_at, from_history, platform_at, created_at,"
                       " received_at, updated_at)"
                       " VALUES (:conversation, :inbox, :direction, :content, :format, :entities, :content_type, :raw_type, :private,"
                       " :status, :echo, :automatic, :caught_up, :late, :source, :in_reply_to, :in_reply_to_source, :client, :sender_type,"
                       " :sender, :sender_name, :activity, :referral, :detail, :template, :forwarded, :deleted, :tokens, :group, :edited_at, :history, :platform_at, :created_at,"
                       " :received_at, :now)"
                       " ON CONFLICT (inbox_id, source_id) WHERE source_id IS NOT NULL DO NOTHING RETURNING id"_s);
    q.bind(":conversation"_L1, message.conversationId)
        .bind(":inbox"_L1, message.inboxId)
        .bind(":direction"_L1, directionName(message.direction))
        .bind(":content"_L1, orNull(message.content))
        .bind(":format"_L1, message.contentFormat == Message::ContentFormat::Markdown ? u"markdown"_s : u"plain"_s)
        .bind(":entities"_L1, entitiesText(message.entities))
        .bind(":content_type"_L1, contentTypeName(message.contentType))
        .bind(":raw_type"_L1, orNull(message.rawType))
        .bind(":private"_L1, message.isPrivate)
        .bind(":status"_L1, message.status ? messageStatusName(*message.status) : QString())
        .bind(":echo"_L1, message.externalEcho)
        .bind(":automatic"_L1, message.isAutomatic)
        .bind(":caught_up"_L1, message.caughtUp)
        .bind(":late"_L1, message.late)
        .bind(":source"_L1, orNull(message.sourceId))
        .bind(":in_reply_to"_L1, message.inReplyTo)
        .bind(":in_reply_to_source"_L1, orNull(message.inReplyToSourceId))
        .bind(":client"_L1, orNull(message.clientId))
        .bind(":sender_type"_L1, senderTypeName(message.senderType))
        .bind(":sender"_L1, message.senderId != 0 ? std::optional(message.senderId) : std::nullopt)
        .bind(":sender_name"_L1, orNull(message.senderName))
        .bind(":activity"_L1, objectText(message.activity))
        .bind(":referral"_L1, objectText(message.referral))
        .bind(":detail"_L1, objectText(message.detail))
        .bind(":template"_L1, objectText(message.templateSent))
        .bind(":forwarded"_L1, message.isForwarded)
        .bind(":deleted"_L1, message.isDeleted)
        .bind(":tokens"_L1, objectText(message.tokens))
        .bind(":group"_L1, orNull(message.groupId))
        .bind(":edited_at"_L1, message.editedAt)
        .bind(":history"_L1, message.isFromHistory)
        .bind(":platform_at"_L1, message.platformAt)
        .bind(":created_at"_L1, message.createdAt)
        .bind(":received_at"_L1, message.receivedAt)
        .bind(":now"_L1, tx.now());
    if (q.next())
        return std::optional(q.id<MessageId>(0));
    if (!q.ok())
        return q.error();
    return std::optional<MessageId>();
}

Result<std::optional<MessageRef>> find(ReadTransaction &tx, MessageId id)
{
    Query q = tx.query(u"SELECT id, conversation_id, direction, status, error_code, external_echo, created_at FROM message WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    return one(q);
}

Result<std::optional<MessageRef>> findBySource(ReadTransaction &tx, InboxId inbox, const QString &sourceId)
{
    // Its own id, that of one of its parts, or a further one: each is looked for only where the former isn't there.
    Query q = tx.query(u"SELECT id, conversation_id, direction, status, error_code, external_echo, created_at FROM message WHERE id = COALESCE("
                       "(SELECT id FROM message WHERE inbox_id = :inbox AND source_id = :source),"
                       " (SELECT message_id FROM send_part WHERE inbox_id = :inbox AND platform_id = :source),"
                       " (SELECT message_id FROM message_alias WHERE inbox_id = :inbox AND source_id = :source))"_s);
    q.bind(":inbox"_L1, inbox).bind(":source"_L1, sourceId);
    return one(q);
}

Result<void> addAlias(WriteTransaction &tx, InboxId inbox, const QString &sourceId, MessageId id)
{
    const auto holder = findBySource(tx, inbox, sourceId);
    if (!holder)
        return holder.error();
    if (*holder || sourceId.isEmpty())
        return {};
    Query q = tx.query(u"INSERT INTO message_alias (inbox_id, source_id, message_id) VALUES (:inbox, :source, :message)"_s);
    q.bind(":inbox"_L1, inbox).bind(":source"_L1, sourceId).bind(":message"_L1, id);
    return q.exec();
}

Result<QStringList> sourceIds(ReadTransaction &tx, MessageId id)
{
    Query q = tx.query(u"SELECT source_id FROM message WHERE id = :id AND source_id IS NOT NULL"
                       " UNION ALL SELECT platform_id FROM send_part WHERE message_id = :id AND part >= 0 AND platform_id IS NOT NULL"
                       " UNION ALL SELECT source_id FROM message_alias WHERE message_id = :id"_s);
    q.bind(":id"_L1, id);
    QStringList ids;
    while (q.next())
        ids.append(q.text(0));
    if (!q.ok())
        return q.error();
    ids.removeDuplicates();
    return ids;
}

Result<bool> takeFromHistory(WriteTransaction &tx, MessageId id)
{
    Query q = tx.query(u"UPDATE message SET from_history = FALSE WHERE id = :id AND from_history"_s);
    q.bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected() > 0;
}

Result<QJsonObject> detail(ReadTransaction &tx, MessageId id)
{
    Query q = tx.query(u"SELECT detail FROM message WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return q.isNull(0) ? QJsonObject() : q.json(0);
    if (!q.ok())
        return q.error();
    return QJsonObject();
}

Result<QJsonObject> tokens(ReadTransaction &tx, MessageId id)
{
    Query q = tx.query(u"SELECT tokens FROM message WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return q.isNull(0) ? QJsonObject() : q.json(0);
    if (!q.ok())
        return q.error();
    return QJsonObject();
}

Result<void> setTokens(WriteTransaction &tx, MessageId id, const QJsonObject &tokens)
{
    Query q = tx.query(u"UPDATE message SET tokens = :tokens WHERE id = :id"_s);
    q.bind(":tokens"_L1, objectText(tokens)).bind(":id"_L1, id);
    return q.exec();
}

Result<bool> applyStatus(WriteTransaction &tx, const MessageRef &message, StatusEvent event)
{
    if (!message.status)
        return false;
    const auto next = nextStatus(*message.status, event, message.outcomeUnknown);
    if (!next)
        return false;
    Query q = tx.query(u"UPDATE message SET status = :status, updated_at = :now,"
                       " error_code = CASE WHEN status = 'failed' THEN NULL ELSE error_code END,"
                       " error_text = CASE WHEN status = 'failed' THEN NULL ELSE error_text END,"
                       " error_retryable = CASE WHEN status = 'failed' THEN FALSE ELSE error_retryable END WHERE id = :id"_s);
    q.bind(":status"_L1, messageStatusName(*next)).bind(":now"_L1, tx.now()).bind(":id"_L1, message.id);
    if (const auto done = q.exec(); !done)
        return done.error();
    if ((*message.status == MessageStatus::Failed) != (*next == MessageStatus::Failed)) {
        if (const auto done = conversations::recountAnswers(tx, message.conversationId); !done)
            return done.error();
    }
    return true;
}

Result<void> setPlatformAt(WriteTransaction &tx, MessageId id, Timestamp at)
{
    Query q = tx.query(u"UPDATE message SET platform_at = :at WHERE id = :id"_s);
    q.bind(":at"_L1, at).bind(":id"_L1, id);
    return q.exec();
}

Result<QList<MessageRef>> markUpTo(WriteTransaction &tx, ContactInboxId thread, Timestamp upTo, StatusEvent event)
{
    // The ones to change are read first: a list of ids is what the caller tells, and an UPDATE over the very index it walks is not worth the thought.
    Query q = tx.query(u"SELECT m.id, m.conversation_id, m.direction, m.status, m.error_code, m.external_echo, m.created_at"
                       " FROM conversation c JOIN message m ON m.conversation_id = c.id AND m.direction = 'outgoing'"
                       " AND m.status IN ('sent', 'delivered')"
                       " WHERE c.contact_inbox_id = :thread AND NOT m.private"
                       " AND COALESCE(m.platform_at, CASE WHEN m.external_echo THEN m.created_at ELSE m.created_at - :allowance END) <= :up_to"_s);
    q.bind(":thread"_L1, thread).bind(":allowance"_L1, qint64(kReadAllowance.count())).bind(":up_to"_L1, upTo);
    QList<MessageRef> covered;
    while (q.next())
        covered.append(readRef(q));
    if (!q.ok())
        return q.error();
    QList<MessageRef> changed;
    for (const MessageRef &message : covered) {
        const auto moved = applyStatus(tx, message, event);
        if (!moved)
            return moved.error();
        if (*moved)
            changed.append(message);
    }
    return changed;
}

Result<QList<MessageId>> resolveQuotes(WriteTransaction &tx, InboxId inbox, const QString &sourceId, MessageId id)
{
    Query q = tx.query(u"UPDATE message SET in_reply_to = :id, updated_at = :now"
                       " WHERE inbox_id = :inbox AND in_reply_to_source_id = :source AND in_reply_to IS NULL"
                       " AND in_reply_to_source_id IS NOT NULL RETURNING id"_s);
    q.bind(":id"_L1, id).bind(":now"_L1, tx.now()).bind(":inbox"_L1, inbox).bind(":source"_L1, sourceId);
    QList<MessageId> quoting;
    while (q.next())
        quoting.append(q.id<MessageId>(0));
    if (!q.ok())
        return q.error();
    return quoting;
}

Result<void> setReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, const Reaction &reaction, Timestamp at)
{
    Query q = tx.query(u"INSERT INTO reaction (message_id, sender_key, emoji, sender_type, sender_id, sender_name, reacted_at)"
                       " VALUES (:message, :key, :emoji, :type, :sender, :name, :at)"
                       " ON CONFLICT (message_id, sender_key, emoji) DO UPDATE SET reacted_at = excluded.reacted_at, removed = FALSE,"
                       " sender_type = excluded.sender_type, sender_id = excluded.sender_id, sender_name = excluded.sender_name"
                       " WHERE excluded.reacted_at >= reaction.reacted_at"_s);
    q.bind(":message"_L1, id)
        .bind(":key"_L1, senderKey)
        .bind(":emoji"_L1, reaction.emoji)
        .bind(":type"_L1, senderTypeName(reaction.sender.type))
        .bind(":sender"_L1, reaction.sender.id.isEmpty() ? std::optional<qint64>() : std::optional(reaction.sender.id.toLongLong()))
        .bind(":name"_L1, orNull(reaction.sender.name))
        .bind(":at"_L1, at);
    if (const auto done = q.exec(); !done)
        return done;
    Query touched = tx.query(u"UPDATE message SET updated_at = :now WHERE id = :id"_s);
    touched.bind(":now"_L1, tx.now()).bind(":id"_L1, id);
    return touched.exec();
}

Result<bool> removeReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, const QString &emoji, Timestamp at)
{
    bool wasThere = false;
    {
        Query q = tx.query(u"DELETE FROM reaction WHERE message_id = :message AND sender_key = :key AND emoji = :emoji AND reacted_at <= :at RETURNING removed"_s);
        q.bind(":message"_L1, id).bind(":key"_L1, senderKey).bind(":emoji"_L1, emoji).bind(":at"_L1, at);
        while (q.next())
            wasThere = wasThere || !q.boolean(0);
        if (!q.ok())
            return q.error();
    }
    // The row stays as a mark: events may come in any order, and the reaction's own may be still on its way.
    Query mark = tx.query(u"INSERT INTO reaction (message_id, sender_key, emoji, sender_type, reacted_at, removed)"
                          " VALUES (:message, :key, :emoji, 'system', :at, TRUE) ON CONFLICT (message_id, sender_key, emoji) DO NOTHING"_s);
    mark.bind(":message"_L1, id).bind(":key"_L1, senderKey).bind(":emoji"_L1, emoji).bind(":at"_L1, at);
    if (const auto done = mark.exec(); !done)
        return done.error();
    return wasThere;
}

} // namespace antiphon::messages
