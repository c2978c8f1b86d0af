#include "core/store/medialinkrepository.h"

namespace antiphon::medialinks {
using namespace Qt::StringLiterals;

Result<void> insert(WriteTransaction &tx, const Row &row)
{
    Query q = tx.query(u"INSERT INTO media_link (token, message_id, sha256, bytes, name, mime, size, until)"
                       " VALUES (:token, :message, :sha256, :bytes, :name, :mime, :size, :until)"_s);
    q.bind(":token"_L1, row.token).bind(":message"_L1, row.messageId).bind(":name"_L1, row.name.isNull() ? u""_s : row.name).bind(":mime"_L1, row.mime);
    q.bind(":sha256"_L1, row.sha256).bind(":bytes"_L1, row.bytes).bind(":size"_L1, row.size).bind(":until"_L1, row.until);
    return q.exec();
}

Result<std::optional<Row>> find(ReadTransaction &tx, const QString &token, Timestamp now)
{
    Query q = tx.query(u"SELECT l.token, l.message_id, l.sha256, l.bytes, l.name, l.mime, l.size, l.until FROM media_link l"
                       " JOIN message m ON m.id = l.message_id AND NOT m.deleted WHERE l.token = :token AND l.until > :now"_s);
    q.bind(":token"_L1, token).bind(":now"_L1, now);
    std::optional<Row> row;
    if (q.next()) {
        row = Row{.token = q.text(0),
                  .messageId = q.id<MessageId>(1),
                  .sha256 = q.blob(2),
                  .bytes = q.blob(3),
                  .name = q.text(4),
                  .mime = q.text(5),
                  .size = q.integer(6),
                  .until = q.time(7)};
    }
    if (!q.ok())
        return q.error();
    return row;
}

Result<void> prune(WriteTransaction &tx, int limit)
{
    Query q = tx.query(u"DELETE FROM media_link WHERE token IN (SELECT token FROM media_link WHERE until <= :now ORDER BY until LIMIT :limit)"_s);
    q.bind(":now"_L1, tx.now()).bind(":limit"_L1, limit);
    return q.exec();
}

} // namespace antiphon::medialinks
