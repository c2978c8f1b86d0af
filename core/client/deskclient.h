#pragma once

#include "core/base/mailbox.h"
#include "core/base/result.h"
#include "core/domain/agent.h"

#include <QFuture>
#include <QJsonObject>
#include <QObject>
#include <QUrl>

#include <memory>

class QSslCertificate;

namespace antiphon {

/// One event of the Desk API.
struct DeskEvent {
    qint64 seq = 0;          ///< 0 for volatile ones (typing)
    QString type{};          ///< "message.created"
    QJsonObject data{};      ///< the object itself
};

/// The Desk API from the other side: one WebSocket, requests with answers, events in order, and the files beside it.
/// Reconnects by itself (1 s … 30 s) and resumes from the last seq. Lives in the thread that made it; nothing blocks.
class DeskClient : public QObject {
    Q_OBJECT
public:
    enum class State { Disconnected, Connecting, Open, Refused };
    Q_ENUM(State)

    /// Why there is no session.
    struct Problem {
        enum class Kind { None, Unreachable, Certificate, Refused };
        Kind kind = Kind::None;      ///< Certificate: the server's is not trusted; Refused: it answers, and does not take this seat in
        QString detail{};            ///< the system's or the server's words, untranslated
    };

    struct Session {
        Agent agent{};
        Workspace workspace{};
        QString serverVersion{};
        qint64 seq = 0;
    };

    /// @param desk "ws://127.0.0.1:4281" or "wss://host:port", without a path.
    DeskClient(const QUrl &desk, const QString &token, QObject *parent = nullptr);
    ~DeskClient() override;

    /// Takes this very certificate whatever name it is for and whoever signed it, before open(): the window's own server over TLS.
    void trust(const QSslCertificate &certificate);

    void open();
    void close();
    State state() const;
    const Session &session() const;
    const Problem &problem() const;      ///< of the last try; none while it is open
    QUrl address() const;                ///< with the route of the contract

    /// The result object, or why not: Error::Kind by the contract's code, `field` by data.field. Unavailable while not connected;
    /// a request that was under way when the connection broke ends with Network.
    QFuture<Result<QJsonObject>> call(const QString &method, const QJsonObject &params = {});

    /// Uploads a file (read in pieces), giving the attachment object.
    QFuture<Result<QJsonObject>> upload(const QString &path, const QString &name, const QString &mime);

    /// Fetches an attachment or a picture by its url of the contract ("/api/v1/attachments/7"); refused over `maxBytes`.
    QFuture<Result<QByteArray>> download(const QString &url, qint64 maxBytes);

    /// Fetches an attachment into a file, in pieces.
    QFuture<Result<void>> save(const QString &url, const QString &path);

signals:
    void stateChanged(antiphon::DeskClient::State state);
    void opened();                                        ///< after session.open, also after each reconnect
    void resyncNeeded();                                  ///< events are gone: whatever was read must be read again
    void eventReceived(const antiphon::DeskEvent &event);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace antiphon
