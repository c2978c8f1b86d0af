#pragma once

#include "core/store/connection.h"
#include "core/store/searchindex.h"
#include "core/store/transaction.h"

#include <limits>
#include <memory>
#include <utility>

namespace antiphon {

/// The search index's work, in its thread: two connections, one that reads the database and one to the index's own file.
class SearchWorker {
public:
    SearchWorker(QString path, QString databasePath);
    ~SearchWorker();

    /// Reads in a slice: changes first, then older messages. True while there is more.
    Result<bool> readIn();
    Result<SearchIndex::Page> search(const SearchIndex::Question &question);
    bool takeRemoved() { return std::exchange(m_isRemoved, false); }   ///< whether a damaged file was taken away since this was asked

private:
    struct Position {
        qint64 seq = 0;               ///< changes up to here are in the index
        qint64 messagesBelow = 0;     ///< messages from this id on are in; 0: all are
        qint64 contactsBelow = 0;
        qint64 conversationsBelow = 0;
        qint64 workspace = 0;         ///< when the database was made: which one the index is of
        bool isComplete() const { return messagesBelow == 0 && contactsBelow == 0 && conversationsBelow == 0; }
    };

    // the file
    Result<void> open();
    Result<void> openFile();
    Result<void> checkFile();
    Result<void> makeTables();
    Result<void> begin();             ///< both; the position is read, or set anew where the file is of another history
    void end();                       ///< both are rolled back unless committed; a damaged file goes away
    Result<void> readPosition();
    Result<void> storePosition();
    Result<void> startAnew();
    void removeFile();

    // reading in
    Result<bool> readChanges();
    Result<bool> readOlder();
    Result<void> apply(const QString &type, const QString &entity, qint64 id, bool *hasMore);
    Result<void> indexMessage(qint64 id);
    Result<void> indexMessageRow(const Query &row);
    Result<void> removeMessage(qint64 id);
    Result<void> indexContact(qint64 id);
    Result<void> indexContactRow(const Query &row);
    Result<void> indexConversationRow(const Query &row);
    Result<void> indexConversation(qint64 id);
    Result<void> removeInbox(qint64 id, bool *hasMore);
    using IndexRow = Result<void> (SearchWorker::*)(const Query &);
    Result<void> readSlice(const QString &sql, qint64 *below, IndexRow indexRow);

    // searching
    struct Place {
        char stage = 'c';             ///< contacts, conversations ('v'), messages ('m')
        qint64 below = std::numeric_limits<qint64>::max();
    };
    /// One search: what was asked, and the page as it fills.
    struct Search {
        const SearchIndex::Question &question;
        QString match{};
        QString inboxes{};            ///< JSON array; null where all may be seen
        SearchIndex::Page page{};
        bool isFull() const { return page.hits.size() >= question.limit; }
    };
    static std::optional<Place> placeOf(const QString &cursor);
    Result<void> findContacts(Search *search, qint64 below);
    Result<void> findConversations(Search *search, qint64 below);
    Result<void> findMessages(Search *search, qint64 below);
    Result<bool> contactIsSeen(const Search &search, qint64 id);

    const QString m_path;
    const QString m_databasePath;
    std::unique_ptr<Connection> m_database;
    std::unique_ptr<Connection> m_index;
    Position m_position;
    qint64 m_newestSeq = 0;
    bool m_isRemoved = false;
};

} // namespace antiphon
