#include "core/store/attachmentrepository.h"

#include "core/base/json.h"

namespace antiphon::attachments {
namespace {
using namespace Qt::StringLiterals;

AttachmentRow readRow(const Query &q)
{
    AttachmentRow row;
    row.attachment.id = q.id<AttachmentId>(0);
    row.messageId = q.id<MessageId>(1);
    row.position = int(q.integer(2));
    row.attachment.kind = attachmentKindFromName(q.text(3)).value_or(Attachment::Kind::File);
    row.attachment.name = q.text(4);
    row.attachment.mime = q.text(5);
    if (!q.isNull(6))
        row.attachment.size = q.integer(6);
    row.attachment.width = q.optionalInt(7);
    row.attachment.height = q.optionalInt(8);
    row.attachment.durationMs = q.optionalInt(9);
    row.attachment.state = attachmentStateFromName(q.text(10)).value_or(Attachment::State::Failed);
    row.attachment.error = q.text(11);
    row.blob = q.blob(12);
    row.remote = q.json(13);
    row.attachment.embedUrl = q.text(14);
    if (!q.isNull(15))
        row.attachment.latitude = q.real(15);
    if (!q.isNull(16))
        row.attachment.longitude = q.real(16);
    row.attachment.title = q.text(17);
    row.agentId = q.id<AgentId>(18);
    row.attachment.isVoice = q.boolean(19);
    return row;
}

QString orNull(const QString &text)
{
    return text.isEmpty() ? QString() : text;
}

} // namespace

Result<AttachmentId> insert(WriteTransaction &tx, const AttachmentRow &row)
{
    const Attachment &a = row.attachment;
    Query q = tx.query(u"INSERT INTO attachment (message_id, position, kind, name, mime, size, width, height, duration_ms, state, error, blob_sha256,"
                       " remote, embed_url, latitude, longitude, title, agent_id, voice, created_at)"
                       " VALUES (:message, :position, :kind, :name, :mime, :size, :width, :height, :duration, :state, :error, :blob,"
                       " :remote, :embed, :latitude, :longitude, :title, :agent, :voice, :now)"_s);
    q.bind(":message"_L1, row.messageId)
        .bind(":position"_L1, row.position)
        .bind(":kind"_L1, attachmentKindName(a.kind))
        .bind(":name"_L1, orNull(a.name))
        .bind(":mime"_L1, orNull(a.mime))
        .bind(":size"_L1, a.size)
        .bind(":width"_L1, a.width)
        .bind(":height"_L1, a.height)
        .bind(":duration"_L1, a.durationMs)
        .bind(":state"_L1, attachmentStateName(a.state))
        .bind(":error"_L1, orNull(a.error))
        .bind(":blob"_L1, row.blob.isEmpty() ? QByteArray() : row.blob)
        .bind(":remote"_L1, row.remote.isEmpty() ? QString() : json::toText(row.remote))
        .bind(":embed"_L1, orNull(a.embedUrl))
        .bind(":latitude"_L1, a.latitude)
        .bind(":longitude"_L1, a.longitude)
        .bind(":title"_L1, orNull(a.title))
        .bind(":agent"_L1, row.agentId)
        .bind(":voice"_L1, a.isVoice)
        .bind(":now"_L1, tx.now());
    if (const auto done = q.exec(); !done)
        return done.error();
    return AttachmentId(q.lastInsertId());
}

Result<std::optional<AttachmentRow>> find(ReadTransaction &tx, AttachmentId id)
{
    Query q = tx.query(u"SELECT id, message_id, position, kind, name, mime, size, width, height, duration_ms, state, error, blob_sha256, remote,"
                       " embed_url, latitude, longitude, title, agent_id, voice FROM attachment WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return std::optional(readRow(q));
    if (!q.ok())
        return q.error();
    return std::optional<AttachmentRow>();
}

Result<QList<AttachmentRow>> ofMessage(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT id, message_id, position, kind, name, mime, size, width, height, duration_ms, state, error, blob_sha256, remote,"
                       " embed_url, latitude, longitude, title, agent_id, voice FROM attachment WHERE message_id = :message ORDER BY position"_s);
    q.bind(":message"_L1, message);
    QList<AttachmentRow> rows;
    while (q.next())
        rows.append(readRow(q));
    if (!q.ok())
        return q.error();
    return rows;
}

Result<void> takeOff(WriteTransaction &tx, MessageId message)
{
    Query files = tx.query(u"UPDATE attachment SET message_id = NULL, agent_id = coalesce((SELECT min(id) FROM agent WHERE role = 'owner'), 0), state = 'failed',"
                           " error = 'deleted', remote = NULL, created_at = 0 WHERE message_id = :id AND message_id IS NOT NULL"
                           " AND (blob_sha256 IS NOT NULL OR remote IS NOT NULL)"_s);          // one that is being fetched now is there in a moment
    files.bind(":id"_L1, message);
    if (const auto done = files.exec(); !done)
        return done;
    Query rest = tx.query(u"DELETE FROM attachment WHERE message_id = :id AND message_id IS NOT NULL"_s);
    rest.bind(":id"_L1, message);
    return rest.exec();
}

Result<void> setReady(WriteTransaction &tx, AttachmentId id, const QByteArray &blob, const QString &mime, qint64 size, std::optional<int> width,
                      std::optional<int> height)
{
    Query q = tx.query(u"UPDATE attachment SET state = 'ready', error = NULL, blob_sha256 = :blob, mime = :mime, size = :size,"
                       " width = coalesce(:width, width), height = coalesce(:height, height) WHERE id = :id"_s);
    q.bind(":blob"_L1, blob)
        .bind(":mime"_L1, orNull(mime))
        .bind(":size"_L1, size)
        .bind(":width"_L1, width)
        .bind(":height"_L1, height)
        .bind(":id"_L1, id);
    return q.exec();
}

Result<void> setDoubtful(WriteTransaction &tx, AttachmentId id, const QString &error)
{
    Query q = tx.query(u"UPDATE attachment SET error = :error WHERE id = :id AND state = 'ready'"_s);
    q.bind(":error"_L1, error).bind(":id"_L1, id);
    return q.exec();
}

Result<void> setFailed(WriteTransaction &tx, AttachmentId id, const QString &error)
{
    Query q = tx.query(u"UPDATE attachment SET state = 'failed', error = :error WHERE id = :id"_s);
    q.bind(":error"_L1, error).bind(":id"_L1, id);
    return q.exec();
}

Result<void> setKind(WriteTransaction &tx, AttachmentId id, Attachment::Kind kind)
{
    Query q = tx.query(u"UPDATE attachment SET kind = :kind WHERE id = :id"_s);
    q.bind(":kind"_L1, attachmentKindName(kind)).bind(":id"_L1, id);
    return q.exec();
}

Result<void> setPending(WriteTransaction &tx, AttachmentId id)
{
    Query q = tx.query(u"UPDATE attachment SET state = 'pending', error = NULL WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    return q.exec();
}

Result<void> setName(WriteTransaction &tx, AttachmentId id, const QString &name)
{
    Query q = tx.query(u"UPDATE attachment SET name = :name WHERE id = :id"_s);
    q.bind(":name"_L1, orNull(name)).bind(":id"_L1, id);
    return q.exec();
}

Result<void> setTitle(WriteTransaction &tx, AttachmentId id, const QString &title)
{
    Query q = tx.query(u"UPDATE attachment SET title = :title WHERE id = :id"_s);
    q.bind(":title"_L1, title).bind(":id"_L1, id);
    return q.exec();
}

Result<void> attach(WriteTransaction &tx, MessageId message, AgentId agent, const QList<AttachmentId> &ids)
{
    int position = 0;
    for (const AttachmentId id : ids) {
        Query q = tx.query(u"UPDATE attachment SET message_id = :message, position = :position"
                           " WHERE id = :id AND agent_id = :agent AND message_id IS NULL AND state = 'ready'"_s);
        q.bind(":message"_L1, message).bind(":position"_L1, position++).bind(":id"_L1, id).bind(":agent"_L1, agent);
        if (const auto done = q.exec(); !done)
            return done;
        if (q.rowsAffected() != 1)
            return Error{Error::Kind::Conflict, u"not this agent's unsent upload"_s, u"attachment_ids"_s};
    }
    return {};
}

} // namespace antiphon::attachments
