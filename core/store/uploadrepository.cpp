#include "core/store/uploadrepository.h"

#include "core/store/messagequeries.h"

namespace antiphon {
using namespace Qt::StringLiterals;

Result<Attachment> UploadRepository::byId(AttachmentId id)
{
    return MessageQueries(m_tx).attachment(id);
}

Result<UploadRepository::Download> UploadRepository::download(AttachmentId id)
{
    Query query = m_tx.query(u"SELECT blob_sha256, name, mime, size FROM attachment WHERE id = :id AND state = 'ready' AND blob_sha256 IS NOT NULL"_s);
    query.bind(":id"_L1, id);
    if (query.next())
        return Download{.sha256 = query.blob(0), .name = query.text(1), .mime = query.text(2), .size = query.integer(3)};
    if (!query.ok())
        return query.error();
    return Error{Error::Kind::NotFound, u"no such attachment"_s};
}

Result<AttachmentId> UploadRepository::create(WriteTransaction &tx, const Upload &upload)
{
    Query insert = tx.query(u"INSERT INTO attachment (kind, name, mime, size, width, height, duration_ms, voice, state, blob_sha256, agent_id, created_at) "
                            "VALUES (:kind, :name, :mime, :size, :width, :height, :duration, :voice, 'ready', :sha, :agent, :now)"_s);
    insert.bind(":kind"_L1, attachmentKindName(upload.kind))
        .bind(":name"_L1, upload.name)
        .bind(":mime"_L1, upload.mime)
        .bind(":size"_L1, upload.size)
        .bind(":width"_L1, upload.width)
        .bind(":height"_L1, upload.height)
        .bind(":duration"_L1, upload.durationMs)
        .bind(":voice"_L1, upload.isVoice)
        .bind(":sha"_L1, upload.sha256)
        .bind(":agent"_L1, upload.agent)
        .bind(":now"_L1, tx.now());
    if (const auto done = insert.exec(); !done)
        return done.error();
    return AttachmentId(insert.lastInsertId());
}

Result<QList<QByteArray>> UploadRepository::collectGarbage(WriteTransaction &tx, Timestamp before, int limit)
{
    struct Row {
        qint64 id;
        QByteArray sha256;
    };
    QList<Row> rows;
    {
        // Avatars are attachment rows without a message too, but no agent uploaded them.
        Query query = tx.query(u"SELECT id, blob_sha256 FROM attachment WHERE message_id IS NULL AND created_at < :before AND agent_id IS NOT NULL "
                               "AND blob_sha256 IS NOT NULL ORDER BY created_at LIMIT :limit"_s);
        query.bind(":before"_L1, before).bind(":limit"_L1, limit);
        while (query.next())
            rows.append({query.integer(0), query.blob(1)});
        if (!query.ok())
            return query.error();
    }
    QList<QByteArray> orphans;
    for (const Row &row : rows) {
        Query remove = tx.query(u"DELETE FROM attachment WHERE id = :id"_s);
        remove.bind(":id"_L1, row.id);
        if (const auto done = remove.exec(); !done)
            return done.error();
        Query others = tx.query(u"SELECT 1 FROM attachment WHERE blob_sha256 = :sha AND blob_sha256 IS NOT NULL LIMIT 1"_s);
        others.bind(":sha"_L1, row.sha256);
        if (!others.next() && others.ok() && !orphans.contains(row.sha256))
            orphans.append(row.sha256);
        if (!others.ok())
            return others.error();
    }
    return orphans;
}

} // namespace antiphon
