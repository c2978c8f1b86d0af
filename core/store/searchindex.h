#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/mailbox.h"
#include "core/base/result.h"

#include <QDeadlineTimer>
#include <QFuture>
#include <QList>
#include <QString>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

namespace antiphon {

class SearchWorker;

/// Full-text search over messages, contacts and conversations: a file of its own, derived from the database behind a position in its changes, with its own
/// thread. Deleting the file is always safe: it is built anew in the background, newest messages first.
class SearchIndex {
public:
    enum class Kind { Message, Contact, Conversation };

    struct Question {
        QString text{};                                  ///< as typed; never query syntax
        QList<Kind> kinds{};                             ///< none: all
        std::optional<QList<InboxId>> inboxes{};         ///< that may be seen; nothing: all
        QString cursor{};                                ///< of the page before; empty: the first
        int limit = 50;                                  ///< 1 … 200
    };

    struct Hit {
        Kind kind = Kind::Message;
        qint64 id = 0;                                   ///< of the kind's own table
        ConversationId conversationId{};                 ///< null for a contact
        QString snippet{};                               ///< plain text, one line: of the message, or the contact's name
        Timestamp createdAt{};
    };

    struct Page {
        QList<Hit> hits{};                               ///< contacts, then conversations, then messages; each newest first
        QString nextCursor{};                            ///< empty at the end
        qint64 indexedSeq = 0;                           ///< the change up to which everything is found
        qint64 newestSeq = 0;                            ///< the newest change there is
        bool isComplete = false;                         ///< false while older messages are still being read in
    };

    /// Opens or makes `path` ("<data dir>/search.db", mode 0600) over the database at `databasePath`, which must be open and migrated already, and goes on reading in.
    static std::unique_ptr<SearchIndex> open(const QString &path, const QString &databasePath);
    ~SearchIndex();                                      ///< stops between two slices

    /// Invalid for a cursor or limit that never was one; no hits where nothing is typed. What has been deleted is never found, however far the index is.
    QFuture<Result<Page>> search(const Question &question);

    /// The same; `done` runs in `mailbox`'s thread, and never where that is gone by then.
    void search(const Question &question, Mailbox &mailbox, std::function<void(Result<Page>)> done);

    /// There are new changes in the database. Any thread; cheap, may be called after each commit.
    void changesArrived();

private:
    explicit SearchIndex(std::unique_ptr<SearchWorker> worker);
    Result<Page> answer(const Question &question);
    void goOn();
    void goOnLater();

    std::unique_ptr<SearchWorker> m_worker;              ///< used in m_thread alone
    QThread m_thread;
    Mailbox *m_mailbox = nullptr;                        ///< lives in m_thread
    std::atomic<bool> m_isAwake{false};                  ///< a slice is posted
    std::atomic<bool> m_ends{false};
    int m_failures = 0;                                  ///< in a row; in m_thread, as the next one
    QDeadlineTimer m_pause{};                            ///< no slice before it is over
};

} // namespace antiphon
