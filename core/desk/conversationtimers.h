#pragma once

#include "core/desk/changefeed.h"
#include "core/store/database.h"

#include <QTimer>

namespace antiphon {

/// Does what only time does to conversations: snoozed ones are opened when their time has come (all that are overdue at a start too), and where a
/// reply window closes, conversation.updated tells it at that moment. How far windows were told is kept, so a restart misses none.
class ConversationTimers : public QObject {
    Q_OBJECT
public:
    /// The longest time between two looks: a machine that slept, or whose clock was set, is no later than that.
    static constexpr Milliseconds kLongestWait{30'000};

    ConversationTimers(Database &database, const Clock &clock, ChangeFeed &feed, Mailbox &mailbox, QObject *parent = nullptr);

    /// Looks now, and from then on whenever something is due.
    void check();

signals:
    void checked();     ///< everything that was due is done

private:
    struct Due {
        std::optional<Timestamp> next{};
        bool isMore = false;
    };

    static Result<Due> openAndTell(WriteTransaction &tx, Timestamp now);
    void arm(const Due &due);

    Database &m_database;
    const Clock &m_clock;
    Mailbox &m_mailbox;
    QTimer m_timer;
    QTimer m_afterChanges;
    bool m_isRunning = false;
    bool m_isWanted = false;
};

} // namespace antiphon
