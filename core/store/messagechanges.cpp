// What becomes of a message after it was stored: a refusal, other words, none at all.

#include "core/base/json.h"
#include "core/store/messagerepository.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>

namespace antiphon::messages {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kRevokedFor = std::chrono::hours(24);

QString orNull(const QString &text)
{
    return text.isEmpty() ? QString() : text;
}

QString entitiesText(const QList<TextEntity> &entities)
{
    return entities.isEmpty() ? QString() : QString::fromUtf8(QJsonDocument(toJson(entities)).toJson(QJsonDocument::Compact));
}

} // namespace

Result<bool> fail(WriteTransaction &tx, const MessageRef &message, const QString &sourceId, const ExternalError &error)
{
    const auto moved = applyPartStatus(tx, message, sourceId, StatusEvent::Refused);
    if (!moved || !*moved)
        return moved;
    Query q = tx.query(u"UPDATE message SET error_code = :code, error_text = :text, error_retryable = :retryable WHERE id = :id"_s);
    q.bind(":code"_L1, error.code).bind(":text"_L1, orNull(error.text)).bind(":retryable"_L1, error.retryable).bind(":id"_L1, message.id);
    if (const auto done = q.exec(); !done)
        return done.error();
    return true;
}

Result<Words> words(ReadTransaction &tx, MessageId id)
{
    Query q = tx.query(u"SELECT content, entities, content_type, raw_type, revision, edited_at, platform_at, deleted FROM message WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next()) {
        return Words{.content = q.text(0),
                     .entities = entitiesFromJson(QJsonDocument::fromJson(q.text(1).toUtf8()).array()),
                     .contentType = contentTypeFromName(q.text(2)).value_or(Message::ContentType::Unsupported),
                     .rawType = q.text(3),
                     .revision = int(q.integer(4)),
                     .editedAt = q.optionalTime(5),
                     .platformAt = q.optionalTime(6),
                     .isDeleted = q.boolean(7)};
    }
    if (!q.ok())
        return q.error();
    return Error{Error::Kind::NotFound, u"no such message"_s};
}

Result<void> edit(WriteTransaction &tx, MessageId id, const QString &content, const QList<TextEntity> &entities, int revision, Timestamp at)
{
    Query kept = tx.query(u"INSERT INTO message_revision (message_id, n, content, entities, replaced_at)"
                          " SELECT id, coalesce((SELECT max(n) FROM message_revision WHERE message_id = :id), 0) + 1, content, entities, :at"
                          " FROM message WHERE id = :id"_s);
    kept.bind(":id"_L1, id).bind(":at"_L1, at);
    if (const auto done = kept.exec(); !done)
        return done;
    Query q = tx.query(u"UPDATE message SET content = :content, entities = :entities, revision = :revision, edited_at = :at, updated_at = :now"
                       " WHERE id = :id"_s);
    q.bind(":content"_L1, orNull(content))
        .bind(":entities"_L1, entitiesText(entities))
        .bind(":revision"_L1, revision)
        .bind(":at"_L1, at)
        .bind(":now"_L1, tx.now())
        .bind(":id"_L1, id);
    return q.exec();
}

Result<void> setEditedAt(WriteTransaction &tx, MessageId id, Timestamp at)
{
    Query q = tx.query(u"UPDATE message SET edited_at = :at, updated_at = :now WHERE id = :id"_s);
    q.bind(":at"_L1, at).bind(":now"_L1, tx.now()).bind(":id"_L1, id);
    return q.exec();
}

Result<void> complete(WriteTransaction &tx, MessageId id, const Words &words)
{
    Query q = tx.query(u"UPDATE message SET content = :content, entities = :entities, content_type = :type, raw_type = :raw, updated_at = :now"
                       " WHERE id = :id"_s);
    q.bind(":content"_L1, orNull(words.content))
        .bind(":entities"_L1, entitiesText(words.entities))
        .bind(":type"_L1, contentTypeName(words.contentType))
        .bind(":raw"_L1, orNull(words.rawType))
        .bind(":now"_L1, tx.now())
        .bind(":id"_L1, id);
    return q.exec();
}

Result<void> erase(WriteTransaction &tx, MessageId id)
{
    static const std::array<QString, 4> kSteps{
        u"UPDATE message SET content = NULL, entities = NULL, referral = NULL, detail = NULL, template = NULL, tokens = NULL, deleted = TRUE, updated_at = :now"
        " WHERE id = :id"_s,
        u"DELETE FROM reaction WHERE message_id = :id"_s,
        u"DELETE FROM message_revision WHERE message_id = :id"_s,
        u"UPDATE attachment SET message_id = NULL, agent_id = coalesce((SELECT min(id) FROM agent WHERE role = 'owner'), 0), state = 'failed',"
        " error = 'deleted', remote = NULL, created_at = 0 WHERE message_id = :id AND message_id IS NOT NULL"_s};
    for (const QString &sql : kSteps) {
        Query q = tx.query(sql);
        q.bind(":id"_L1, id);
        if (sql.contains(":now"_L1))
            q.bind(":now"_L1, tx.now());
        if (const auto done = q.exec(); !done)
            return done;
    }
    return {};
}

Result<void> noteRevoked(WriteTransaction &tx, InboxId inbox, const QString &sourceId)
{
    Query old = tx.query(u"DELETE FROM revoked_message WHERE at < :before"_s);
    old.bind(":before"_L1, tx.now() - kRevokedFor);
    if (const auto done = old.exec(); !done)
        return done;
    Query q = tx.query(u"INSERT INTO revoked_message (inbox_id, source_id, at) VALUES (:inbox, :source, :now)"
                       " ON CONFLICT (inbox_id, source_id) DO NOTHING"_s);
    q.bind(":inbox"_L1, inbox).bind(":source"_L1, sourceId).bind(":now"_L1, tx.now());
    return q.exec();
}

Result<bool> wasRevoked(ReadTransaction &tx, InboxId inbox, const QString &sourceId)
{
    Query q = tx.query(u"SELECT 1 FROM revoked_message WHERE inbox_id = :inbox AND source_id = :source"_s);
    q.bind(":inbox"_L1, inbox).bind(":source"_L1, sourceId);
    const bool found = q.next();
    if (!q.ok())
        return q.error();
    return found;
}

} // namespace antiphon::messages
