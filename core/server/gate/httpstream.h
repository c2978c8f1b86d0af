#pragma once

#include "core/base/clock.h"
#include "core/server/gate/chunkedframing.h"
#include "core/server/gate/routepolicy.h"
#include "core/server/gate/serverreply.h"

#include <QObject>

namespace antiphon {

class GateConnection;

/// One request whose body, or whose answer, is too large to be held: pieces in, pieces out, and the connection closes afterwards.
/// Nothing is read ahead of what read() is asked for but the socket's own 256 KiB, so whoever stops reading stops the client.
/// Lives as long as its connection (net thread): hold it in a QPointer, and drop it on gone().
class HttpStream final : public QObject {
    Q_OBJECT
public:
    const RequestHead &head() const;
    const Judgement &judgement() const;
    int routeTag() const { return judgement().route->tag; }
    const QByteArray &segment() const { return judgement().segment; }

    /// At most `maxSize` bytes of the body that have arrived, unframed. The first call also answers `Expect: 100-continue`.
    /// A body that breaks its framing or its limit is answered here, and gone() follows.
    QByteArray read(qint64 maxSize);
    bool isBodyComplete() const { return m_bodyComplete; }   ///< everything was handed out by read()

    /// A whole answer (without its body for HEAD); the connection ends.
    void answer(const ServerReply &reply);

    /// Starts an answer of `contentLength` bytes that follow by write(). The body of `reply` is ignored.
    void begin(const ServerReply &reply, qint64 contentLength);
    void write(const QByteArray &piece);
    qint64 bytesWaiting() const;      ///< written, but not yet taken by the system
    void finish();                    ///< everything was written; the connection ends
    void fail();                      ///< the rest of a begun answer can't be had; cuts the connection, so that the client notices

signals:
    void readable();   ///< more of the body may be there
    void written();    ///< the socket took some of what waits
    void gone();       ///< the connection is over for this request; no further signal

private:
    friend class GateConnection;
    explicit HttpStream(GateConnection *connection);

    QByteArray readCounted(qint64 maxSize);
    QByteArray readChunked(qint64 maxSize);
    void socketReadable();
    void socketWritten();
    void socketGone();
    void sweep(SteadyTime now);
    void refuse(const Refusal &why);
    void end();
    void progressed();

    GateConnection *m_connection = nullptr;
    ChunkedFraming m_framing;
    SteadyTime m_bodyBegan{};
    SteadyTime m_lastProgress{};
    qint64 m_received = 0;
    bool m_continueSent = false;
    bool m_bodyComplete = false;
    bool m_begun = false;
    bool m_finishing = false;
    bool m_ended = false;
};

} // namespace antiphon
