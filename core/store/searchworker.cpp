#include "core/store/searchworker.h"

#include "core/base/logging.h"
#include "core/store/searchtext.h"

#include <QFile>
#include <QSet>

#include <sqlite3.h>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr int kShape = 1;                    // of the file; another one is built anew
constexpr int kChangesASlice = 500;
constexpr int kRowsASlice = 1000;            // some 50 ms: a search waits for one slice at most
constexpr Milliseconds kBusyTimeout{5000};
constexpr qint64 kCheckUpTo = 8 * 1024 * 1024;

const QByteArray kTables = R"(
    DROP TABLE IF EXISTS position;
    DROP TABLE IF EXISTS message_fts;
    DROP TABLE IF EXISTS message_row;
    DROP TABLE IF EXISTS contact_fts;
    DROP TABLE IF EXISTS conversation_row;
    CREATE TABLE position (one INTEGER PRIMARY KEY CHECK (one = 1), workspace INTEGER, seq INTEGER,
                           messages_below INTEGER, contacts_below INTEGER, conversations_below INTEGER);
    CREATE VIRTUAL TABLE message_fts USING fts5(words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5');
    CREATE TABLE message_row (row INTEGER PRIMARY KEY, message_id INTEGER NOT NULL UNIQUE, inbox_id INTEGER NOT NULL);
    CREATE INDEX message_row_inbox ON message_row (inbox_id);
    CREATE VIRTUAL TABLE contact_fts USING fts5(words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5');
    CREATE TABLE conversation_row (id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL, inbox_id INTEGER NOT NULL);
    CREATE INDEX conversation_row_contact ON conversation_row (contact_id);
    CREATE INDEX conversation_row_inbox ON conversation_row (inbox_id);
)";

/// What a message is found by: its text, and the names of what hangs on it.
const QString kMessageColumns = u"SELECT id, inbox_id, content, created_at,"
                                " (SELECT group_concat(coalesce(a.name, '') || ' ' || coalesce(a.title, ''), ' ') FROM attachment a WHERE a.message_id = message.id)"
                                " FROM message"_s;
const QString kContactColumns = u"SELECT id, name, phone_number, email FROM contact"_s;
const QString kConversationColumns = u"SELECT id, contact_id, inbox_id FROM conversation"_s;

/// Newest first is the order of the rows: the platform's time, then the id.
qint64 rowOf(qint64 messageId, qint64 createdAtMs)
{
    constexpr int kIdBits = 21;
    return (std::max<qint64>(createdAtMs, 0) << kIdBits) | (messageId & ((qint64(1) << kIdBits) - 1));
}

} // namespace

SearchWorker::SearchWorker(QString path, QString databasePath)
    : m_path(std::move(path))
    , m_databasePath(std::move(databasePath))
{
}

SearchWorker::~SearchWorker() = default;

Result<void> SearchWorker::open()
{
    if (!m_database) {
        auto database = Connection::open(m_databasePath, Connection::Mode::Read, kBusyTimeout);
        if (!database)
            return database.error();
        m_database = *std::move(database);
    }
    if (m_index)
        return {};
    if (const auto opened = openFile(); !opened) {
        qCWarning(lcStore) << "the search index can't be used and is built anew:" << describe(opened.error());
        removeFile();
        return openFile();
    }
    return {};
}

Result<void> SearchWorker::openFile()
{
    {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadWrite) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
            return Error{Error::Kind::Storage, u"the search index can't be written: "_s + file.errorString()};
    }
    auto opened = Connection::open(m_path, Connection::Mode::Write, kBusyTimeout);
    if (!opened)
        return opened.error();
    m_index = *std::move(opened);
    // Derived data: the last slices may be lost with the power, they are read in again.
    Result<void> done = m_index->script("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000");
    qint64 shape = 0;
    if (done) {
        Query q = m_index->query(u"PRAGMA user_version"_s);
        if (q.next())
            shape = q.integer(0);
        else
            done = q.error();
    }
    if (done && shape == kShape)
        done = checkFile();
    else if (done)
        done = m_index->script("BEGIN IMMEDIATE;" + kTables + "PRAGMA user_version = " + QByteArray::number(kShape) + "; COMMIT");
    if (!done)
        m_index.reset();
    return done;
}

/// What was changed within a word is no damage to SQLite: the words are compared with what they index where that takes a second at most.
Result<void> SearchWorker::checkFile()
{
    if (QFile(m_path).size() > kCheckUpTo)
        return {};
    {
        Query q = m_index->query(u"PRAGMA quick_check(1)"_s);
        if (!q.next())
            return q.error();
        if (q.text(0) != u"ok"_s)
            return Error{Error::Kind::Storage, q.text(0)};
    }
    return m_index->script("INSERT INTO message_fts (message_fts) VALUES ('integrity-check'); INSERT INTO contact_fts (contact_fts) VALUES ('integrity-check')");
}

void SearchWorker::removeFile()
{
    m_isRemoved = true;
    m_index.reset();
    for (const QString &end : {QString(), u"-wal"_s, u"-shm"_s})
        QFile::remove(m_path + end);
}

Result<void> SearchWorker::begin()
{
    if (auto opened = open(); !opened)
        return opened;
    if (auto begun = m_database->execute(u"BEGIN DEFERRED"_s); !begun)
        return begun;
    if (auto begun = m_index->execute(u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    return readPosition();
}

void SearchWorker::end()
{
    if (m_database)
        m_database->rollBack();
    if (!m_index)
        return;
    const int code = m_index->hasFailed() ? m_index->failure().code.toInt() & 0xff : SQLITE_OK;
    m_index->rollBack();
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        qCWarning(lcStore) << "the search index is damaged and is built anew";
        removeFile();
    }
}

Result<void> SearchWorker::readPosition()
{
    qint64 oldest = 0;
    qint64 workspace = 0;
    {
        const auto newest = ReadTransaction(*m_database).seq();
        if (!newest)
            return newest.error();
        m_newestSeq = *newest;
        Query q = m_database->query(u"SELECT coalesce((SELECT min(seq) FROM change), 0), (SELECT applied_at FROM schema_migration WHERE version = 1)"_s);
        if (!q.next())
            return q.error();
        oldest = q.integer(0);
        workspace = q.integer(1);
    }
    bool isKnown = false;
    {
        Query q = m_index->query(u"SELECT workspace, seq, messages_below, contacts_below, conversations_below FROM position WHERE one = 1"_s);
        isKnown = q.next();
        if (!q.ok())
            return q.error();
        if (isKnown) {
            m_position = {.seq = q.integer(1), .messagesBelow = q.integer(2), .contactsBelow = q.integer(3), .conversationsBelow = q.integer(4),
                          .workspace = q.integer(0)};
        }
    }
    // The changes that would tell what is missing may have been pruned, or the database may be another one or an older copy.
    const bool hasGap = m_position.seq < m_newestSeq && (oldest == 0 || oldest > m_position.seq + 1);
    if (isKnown && m_position.workspace == workspace && m_position.seq <= m_newestSeq && !hasGap)
        return {};
    m_position = {.workspace = workspace};
    return startAnew();
}

Result<void> SearchWorker::startAnew()
{
    qCInfo(lcStore) << "the search index is built";
    if (auto made = m_index->script(kTables); !made)
        return made;
    Query q = m_database->query(u"SELECT coalesce((SELECT max(id) + 1 FROM message), 0), coalesce((SELECT max(id) + 1 FROM contact), 0),"
                                " coalesce((SELECT max(id) + 1 FROM conversation), 0)"_s);
    if (!q.next())
        return q.error();
    m_position.seq = m_newestSeq;
    m_position.messagesBelow = q.integer(0);
    m_position.contactsBelow = q.integer(1);
    m_position.conversationsBelow = q.integer(2);
    return storePosition();
}

Result<void> SearchWorker::storePosition()
{
    return m_index->query(u"INSERT OR REPLACE INTO position (one, workspace, seq, messages_below, contacts_below, conversations_below)"
                          " VALUES (1, :workspace, :seq, :messages_below, :contacts_below, :conversations_below)"_s)
        .bind(":workspace"_L1, m_position.workspace).bind(":seq"_L1, m_position.seq).bind(":messages_below"_L1, m_position.messagesBelow)
        .bind(":contacts_below"_L1, m_position.contactsBelow).bind(":conversations_below"_L1, m_position.conversationsBelow)
        .exec();
}

Result<bool> SearchWorker::readIn()
{
    Result<bool> more = false;
    if (auto begun = begin(); !begun)
        more = begun.error();
    else
        more = readChanges();
    if (more && !*more)
        more = readOlder();
    if (more) {
        if (auto stored = storePosition(); !stored)
            more = stored.error();
        else if (auto committed = m_index->execute(u"COMMIT"_s); !committed)
            more = committed.error();
    }
    end();
    return more;
}

Result<bool> SearchWorker::readChanges()
{
    QSet<std::pair<QString, qint64>> seen;   // what changed several times is read once: its row is newer than all of them
    Query q = m_database->query(u"SELECT seq, type, entity, entity_id FROM change WHERE seq > :seq ORDER BY seq LIMIT :limit"_s);
    q.bind(":seq"_L1, m_position.seq).bind(":limit"_L1, kChangesASlice);
    int count = 0;
    while (q.next()) {
        ++count;
        const QString type = q.text(1);
        const QString entity = q.text(2);
        const bool isRow = entity == "message"_L1 || entity == "contact"_L1;
        const std::pair<QString, qint64> key(isRow ? entity : type, q.integer(3));
        bool hasMore = false;
        if (!seen.contains(key)) {
            seen.insert(key);
            if (auto applied = apply(type, entity, key.second, &hasMore); !applied)
                return applied.error();
        }
        if (hasMore)
            return true;                     // the change stays the next one
        m_position.seq = q.integer(0);
    }
    if (!q.ok())
        return q.error();
    return count == kChangesASlice;
}

Result<void> SearchWorker::apply(const QString &type, const QString &entity, qint64 id, bool *hasMore)
{
    if (entity == "message"_L1)
        return indexMessage(id);
    if (entity == "contact"_L1)
        return indexContact(id);
    if (type == "conversation.created"_L1)
        return indexConversation(id);
    if (type == "inbox.deleted"_L1)
        return removeInbox(id, hasMore);
    return {};
}

Result<bool> SearchWorker::readOlder()
{
    if (m_position.isComplete())
        return false;
    Result<void> done;
    if (m_position.contactsBelow > 0)
        done = readSlice(kContactColumns + u" WHERE id < :below ORDER BY id DESC LIMIT :limit"_s, &m_position.contactsBelow, &SearchWorker::indexContactRow);
    else if (m_position.conversationsBelow > 0)
        done = readSlice(kConversationColumns + u" WHERE id < :below ORDER BY id DESC LIMIT :limit"_s, &m_position.conversationsBelow,
                         &SearchWorker::indexConversationRow);
    else
        done = readSlice(kMessageColumns + u" WHERE id < :below AND NOT deleted AND direction <> 'activity' ORDER BY id DESC LIMIT :limit"_s,
                         &m_position.messagesBelow, &SearchWorker::indexMessageRow);
    if (!done)
        return done.error();
    if (m_position.isComplete())
        qCInfo(lcStore) << "the search index is complete";
    return !m_position.isComplete();
}

Result<void> SearchWorker::readSlice(const QString &sql, qint64 *below, IndexRow indexRow)
{
    Query q = m_database->query(sql);
    q.bind(":below"_L1, *below).bind(":limit"_L1, kRowsASlice);
    int count = 0;
    while (q.next()) {
        ++count;
        *below = q.integer(0);
        if (auto done = (this->*indexRow)(q); !done)
            return done;
    }
    if (!q.ok())
        return q.error();
    if (count < kRowsASlice)
        *below = 0;
    return {};
}

Result<void> SearchWorker::indexMessage(qint64 id)
{
    if (auto removed = removeMessage(id); !removed)
        return removed;
    Query q = m_database->query(kMessageColumns + u" WHERE id = :id AND NOT deleted AND direction <> 'activity'"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return indexMessageRow(q);
    return q.ok() ? Result<void>() : q.error();
}

Result<void> SearchWorker::indexMessageRow(const Query &row)
{
    const QString words = searchtext::indexed(row.text(2) + u'\n' + row.text(4));
    if (words.isEmpty())
        return {};
    const qint64 id = row.integer(0);
    const qint64 place = rowOf(id, row.integer(3));
    Query known = m_index->query(u"INSERT INTO message_row (row, message_id, inbox_id) VALUES (:row, :message_id, :inbox_id) ON CONFLICT DO NOTHING"_s);
    known.bind(":row"_L1, place).bind(":message_id"_L1, id).bind(":inbox_id"_L1, row.integer(1));
    if (auto done = known.exec(); !done)
        return done;
    if (known.rowsAffected() == 0)
        return {};                           // read in already by a change
    return m_index->query(u"INSERT INTO message_fts (rowid, words) VALUES (:row, :words)"_s).bind(":row"_L1, place).bind(":words"_L1, words).exec();
}

Result<void> SearchWorker::removeMessage(qint64 id)
{
    qint64 row = 0;
    {
        Query q = m_index->query(u"DELETE FROM message_row WHERE message_id = :id RETURNING row"_s);
        q.bind(":id"_L1, id);
        if (!q.next())
            return q.ok() ? Result<void>() : q.error();
        row = q.integer(0);
    }
    return m_index->query(u"DELETE FROM message_fts WHERE rowid = :row"_s).bind(":row"_L1, row).exec();
}

Result<void> SearchWorker::indexContact(qint64 id)
{
    if (auto removed = m_index->query(u"DELETE FROM contact_fts WHERE rowid = :id"_s).bind(":id"_L1, id).exec(); !removed)
        return removed;
    Query q = m_database->query(kContactColumns + u" WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return indexContactRow(q);
    return q.ok() ? Result<void>() : q.error();
}

Result<void> SearchWorker::indexContactRow(const Query &row)
{
    const QString words = searchtext::indexed(row.text(1) + u'\n' + row.text(2) + u'\n' + row.text(3));
    return m_index->query(u"INSERT OR REPLACE INTO contact_fts (rowid, words) VALUES (:id, :words)"_s)
        .bind(":id"_L1, row.integer(0)).bind(":words"_L1, words).exec();
}

Result<void> SearchWorker::indexConversation(qint64 id)
{
    Query q = m_database->query(kConversationColumns + u" WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return indexConversationRow(q);
    return q.ok() ? Result<void>() : q.error();
}

Result<void> SearchWorker::indexConversationRow(const Query &row)
{
    return m_index->query(u"INSERT OR REPLACE INTO conversation_row (id, contact_id, inbox_id) VALUES (:id, :contact_id, :inbox_id)"_s)
        .bind(":id"_L1, row.integer(0)).bind(":contact_id"_L1, row.integer(1)).bind(":inbox_id"_L1, row.integer(2)).exec();
}

/// Its messages in slices. Its rows in the database may go later: what is found is looked up there before it is shown.
Result<void> SearchWorker::removeInbox(qint64 id, bool *hasMore)
{
    if (auto done = m_index->query(u"DELETE FROM conversation_row WHERE inbox_id = :id"_s).bind(":id"_L1, id).exec(); !done)
        return done;
    QList<qint64> messages;
    {
        Query q = m_index->query(u"SELECT message_id FROM message_row WHERE inbox_id = :id LIMIT :limit"_s);
        q.bind(":id"_L1, id).bind(":limit"_L1, kRowsASlice);
        while (q.next())
            messages.append(q.integer(0));
        if (!q.ok())
            return q.error();
    }
    for (const qint64 message : messages) {
        if (auto done = removeMessage(message); !done)
            return done;
    }
    *hasMore = messages.size() == kRowsASlice;
    return {};
}

} // namespace antiphon
