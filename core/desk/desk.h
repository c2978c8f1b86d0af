#pragma once

#include "core/desk/changefeed.h"
#include "core/desk/conversationtimers.h"
#include "core/desk/deskparts.h"
#include "core/desk/healthdesk.h"
#include "core/desk/loginthrottle.h"
#include "core/desk/typingdesk.h"

#include <map>
#include <memory>

namespace antiphon {

class DeskSession;
class SessionTransport;

/// The Desk API's server side: its methods, its sessions and what only time does to conversations. Lives in the net thread.
class Desk : public QObject {
    Q_OBJECT
public:
    struct Stats {
        int sessions = 0;            ///< open ones
        qint64 opened = 0;           ///< since the start
        qint64 farthestBehind = 0;   ///< changes that the slowest seat wasn't told of yet
    };

    explicit Desk(DeskParts parts, QObject *parent = nullptr);
    ~Desk() override;

    /// Begins what runs by itself: snoozes and closing windows.
    void start();

    /// Makes a session of a new client. Takes the transport.
    void accept(SessionTransport *transport);

    /// Whose access token this is; Unauthorized. For files and metrics beside the sessions. `done` comes in the net thread.
    void authorize(const QByteArray &token, std::function<void(const Result<AgentId> &)> done);

    /// Ends every session with 1001 (going away).
    void closeAll();

    const DeskParts &parts() const { return m_parts; }
    const MethodTable &methods() const { return m_methods; }
    Stats stats() const;
    Mailbox &mailbox() { return m_mailbox; }
    ConversationTimers &timers() { return m_timers; }

private:
    const DeskParts m_parts;
    const DeskView m_view;
    Mailbox m_mailbox;
    ChangeFeed m_feed;
    LoginThrottle m_throttle;
    TypingDesk m_typing;
    ConversationTimers m_timers;
    HealthDesk m_health;
    MethodTable m_methods;
    std::map<quint64, DeskSession *> m_sessions;
    quint64 m_lastSession = 0;
};

} // namespace antiphon
