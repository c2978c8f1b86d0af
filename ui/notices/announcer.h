#pragma once

#include "core/domain/conversation.h"
#include "ui/notices/noticewishes.h"
#include "ui/notices/toast.h"

#include <QHash>
#include <QStringList>

namespace antiphon {

/// Where the person is looking.
struct NoticeSight {
    bool isWindowActive = false;
    ConversationId atEnd{};                ///< the conversation that is shown down to its newest message; null for none
};

/// A message that came in, with its conversation as it is since.
struct Arrival {
    Message message{};
    Conversation conversation{};
    QString text{};                        ///< of the message, for the eye
};

/// Decides what of that which comes in the desktop is told, and how: one toast a conversation, which grows; one for all where many write at once; and one for
/// what was fetched after an absence. Without a pixel, a clock or a bus: all it needs is given to it.
class Announcer {
public:
    /// Why somebody is not told of a message, or how they are.
    enum class Verdict {
        Announced,
        Summed,              ///< fetched after an absence: counted in the one toast of all of that
        SwitchedOff,
        NotFromCustomer,     ///< our own, another program's, the system's
        PrivateNote,
        Deleted,
        Blocked,             ///< the customer is
        Flood,               ///< the customer writes more than a person can read
        Read,                ///< nothing is unread there: read at another seat, or from before
        FromBefore,          ///< older than what stands below it: history
        Colleagues,
        InSight,
        Quiet                ///< do not disturb, or the quiet hours
    };

    struct Moment {
        Timestamp now{};
        QTime local{};
        AgentId me{};
        NoticeSight sight{};
    };

    /// What the desktop shall do now.
    struct Orders {
        QList<Toast> toasts{};             ///< to show; one of a key that is there already takes its place
        QStringList closes{};              ///< keys of those that shall go
    };

    static Verdict judge(const Arrival &arrival, const NoticeWishes &wishes, const Moment &moment);

    /// What to show for these, oldest first; the same keys as before where something grows. What one of several tells now loses its own toast.
    Orders announce(const QList<Arrival> &arrivals, const NoticeWishes &wishes, const Moment &moment);

    /// The toast is gone, or what it told of was read: the next one begins anew.
    void forget(const QString &key);
    bool isTold(const QString &key) const;

    /// Whether a toast tells of this conversation, alone or among others.
    bool speaksOf(ConversationId id) const;
    bool speaksOf(ConversationId id, MessageId message) const;     ///< its words are in the toast
    /// It was read, here or at another seat. @return the keys of the toasts that have nothing more to tell
    QStringList noteRead(ConversationId id);
    /// The message was edited, or taken back: its words go out of the toast that holds them.
    Orders noteChanged(const Message &message, const QString &text, const NoticeWishes &wishes);

    /// The newest message that the toast of this conversation told of; null for none.
    MessageId newestTold(ConversationId id) const;

    static QString keyOf(ConversationId id);
    static ConversationId conversationOf(const QString &key);      ///< null for a toast of several
    static QString missedKey();                                    ///< what was fetched after an absence
    static QString manyKey();                                      ///< many who wrote at once

    static constexpr int kMostAtOnce = 4;                          ///< conversations; more than that are one toast
    static constexpr int kLines = 3;
    static constexpr int kLongestLine = 160;                       ///< UTF-16 units
    static constexpr int kLongestName = 60;
    static constexpr Milliseconds kOld = std::chrono::hours(1);
    static constexpr Milliseconds kSoundPause{3000};

private:
    struct Line {
        MessageId id{};
        QString text{};
    };
    struct Told {
        QString name{};
        int unread = 0;
        QList<Line> lines{};                                       ///< of the newest messages, oldest first
        MessageId newest{};
    };
    /// Of several conversations, as long as something is unread there.
    struct Part {
        ContactId person{};
        int messages = 0;
    };
    using Sum = QHash<ConversationId, Part>;

    Toast toastOf(ConversationId id, const Told &told, NoticeWishes::Privacy privacy) const;
    static void count(Sum &sum, const Arrival &arrival);
    static int messagesOf(const Sum &sum);
    static Toast toastOf(const Sum &sum, const QString &key, const QString &text);
    bool soundsNow(const NoticeWishes &wishes, Timestamp now);

    QHash<ConversationId, Told> m_told;
    Sum m_missed;
    Sum m_many;
    std::optional<Timestamp> m_soundedAt;
};

} // namespace antiphon
