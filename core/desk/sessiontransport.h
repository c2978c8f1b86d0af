#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

namespace antiphon {

/// One client's text channel, as a desk session sees it: whole messages in, whole messages out. The server room implements it over a
/// WebSocket, tests over a list. Lives, and is called, in the thread that made it.
///
/// The transport keeps the limits of the wire by itself (message sizes, the deadline until raiseLimits(), a client that doesn't read) and ends
/// the channel where they are broken. It belongs to whoever is handed it; closed() is emitted exactly once and nothing follows it, after which
/// the owner may call deleteLater(). Deleting it earlier cuts the channel.
class SessionTransport : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Queues one message of UTF-8 text. Ignored once the channel is closing.
    virtual void send(const QByteArray &text) = 0;

    /// Bytes accepted by send() that haven't left yet. A session sends no events while this is over kPauseAbove; answers may go on, but
    /// above kCloseAbove the transport closes with 1013 and the client resumes later.
    virtual qint64 bytesWaiting() const = 0;

    /// Call once, when `session.open` succeeded: lifts the opening deadline and the 4 KiB limit of a message to 1 MiB.
    virtual void raiseLimits() = 0;

    /// Ends the channel with a WebSocket close code (RFC 6455, 7.4) and a reason of at most 123 bytes. What was sent before goes out first.
    virtual void close(int code, const QString &reason) = 0;

    static constexpr qint64 kPauseAbove = 1024 * 1024;
    static constexpr qint64 kCloseAbove = 8 * 1024 * 1024;

signals:
    void received(const QByteArray &text);   ///< one whole message, valid UTF-8, within the limits
    void drained();                          ///< bytesWaiting() fell to kPauseAbove or below after having been above it
    void closed();                           ///< the channel is gone, whoever ended it
};

} // namespace antiphon
