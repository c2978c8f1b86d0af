#pragma once

#include "core/desk/changefeed.h"
#include "core/desk/deskparts.h"
#include "core/desk/healthdesk.h"
#include "core/desk/loginthrottle.h"
#include "core/desk/rpc.h"
#include "core/desk/sessiontransport.h"

#include <QPointer>

#include <deque>

namespace antiphon {

/// What the sessions of a server share. All of it lives in the net thread and outlives them.
struct DeskShared {
    const DeskParts &parts;
    const DeskView &view;
    const MethodTable &methods;
    ChangeFeed &feed;
    LoginThrottle &throttle;
    Mailbox &mailbox;                 ///< where readers and the Writer hand their results
    const HealthDesk &health;
};

/// One seat: answers its requests in their order and sends it the changes as a cursor into the feed.
///
/// The rule that keeps a client right: from the moment a request is begun until its answer is out, the cursor stands still. So an answer
/// read at change S is sent only while nothing behind S was sent, and what an event tells was read after every answer before it. Either one request
/// or one batch of events is under way, in turns, so neither starves the other. Only what waits for a platform lets events pass meanwhile; what its answer says is read afterwards.
class DeskSession : public QObject {
    Q_OBJECT
public:
    static constexpr size_t kMostWaiting = 32;
    static constexpr int kMostDetached = 8;            ///< searches and checks of one session at a time
    static constexpr size_t kEventsAtOnce = 100;
    static constexpr qint64 kFarthestBehind = 5000;
    static constexpr int kMostWrongTokens = 3;

    /// Takes the transport.
    DeskSession(quint64 id, const DeskShared &shared, SessionTransport *transport, QObject *parent);
    ~DeskSession() override;

    bool isOpen() const { return !m_caller.agent.id.isNull(); }
    quint64 id() const { return m_caller.session; }
    qint64 sent() const { return m_sent; }

    void sendVolatile(const QString &type, const QJsonObject &data);   ///< dropped while the seat doesn't read
    void close(int code, const QString &reason) { m_transport->close(code, reason); }

signals:
    void ended();

private:
    struct Opened {
        Agent agent{};
        QJsonObject answer{};
        qint64 cursor = 0;
        qint64 head = 0;
    };

    void receive(const QByteArray &text);
    void goOn();
    bool begin(const rpc::Request &request);
    void open(const rpc::Request &request);
    void finishOpening(const QJsonValue &id, const Result<Opened> &opened);
    void refuseToken(const QJsonValue &id, const Error &error);
    void runRead(const QJsonValue &id, const MethodTable::Read &action, const QJsonObject &params);
    void runWrite(const QJsonValue &id, const MethodTable::Write &action, const QJsonObject &params);
    void runCall(const QJsonValue &id, const MethodTable::Method &method, const QJsonObject &params);
    void answer(const QJsonValue &id, const Result<QJsonObject> &result);
    void finish();
    bool hasEventsDue() const;
    void readEvents();
    void sendEvents(const std::vector<NumberedChange> &changes, const QList<QByteArray> &frames);

    const DeskShared m_shared;
    SessionTransport *m_transport;
    Caller m_caller;
    std::deque<rpc::Request> m_waiting;
    qint64 m_sent = 0;                ///< the newest change the seat was told of
    int m_wrongTokens = 0;
    int m_detached = 0;               ///< calls under way that nothing waits behind
    std::function<void()> m_afterEvents;   ///< an answer that waits for the events being read
    bool m_isAnswering = false;       ///< a request is under way
    bool m_isFrozen = false;          ///< ... and the cursor stands still for it
    bool m_isReadingEvents = false;
    bool m_isEventsTurn = false;
    bool m_isClosed = false;
};

} // namespace antiphon
