#pragma once

#include <QLocalServer>
#include <QObject>

namespace antiphon {

/// How a second start of the window program asks the running one to show itself: a socket in the data folder, which only its user may enter.
class ShowRequest : public QObject {
    Q_OBJECT
public:
    explicit ShowRequest(const QString &dataDir, QObject *parent = nullptr);

    bool listen();                                   ///< false where the socket can't be made; then a second start says "already running"

    /// Asks the process that holds `dataDir`; false where none answers within a second (it may be a server without a window).
    static bool send(const QString &dataDir);

signals:
    void requested();

private:
    QString m_path;
    QLocalServer m_server;
};

} // namespace antiphon
