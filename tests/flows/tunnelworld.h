#pragma once

#include "tests/flows/rawdesk.h"
#include "tests/flows/serverprocess.h"

#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>

namespace antiphon::test {

/// A line between two ends of this machine that can be cut, as a network is.
class Line {
public:
    explicit Line(quint16 to, const QByteArray &host = {});   ///< @param host put in place of each request's Host header; empty: bytes pass as they are
    quint16 port() const { return m_port; }
    void cut();
    bool mend();

private:
    void take(QTcpSocket *outer);

    quint16 m_to;
    QByteArray m_host;
    QTcpServer m_server;
    quint16 m_port = 0;
    QList<QPointer<QTcpSocket>> m_ends;
};

/// An ssh server of one's own on loopback: own host key, one user key, a high port. Ended by its id.
class LoopbackSshd {
public:
    ~LoopbackSshd();
    /// Empty, or why there is none here (a skip), in one line.
    QString start();
    quint16 port() const { return m_port; }
    QString file(const QString &name) const { return m_folder.filePath(name); }   ///< "user_key", "other_key", "known_hosts"
    void knowHostAt(quint16 port);             ///< writes known_hosts for this port

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    quint16 m_port = 0;
};

/// A server that nobody told an address, with the simulated TikTok and the owner's seat.
class TunnelWorld {
public:
    TunnelWorld();
    QString start(const QStringList &arguments = {});
    QString restart();                         ///< on the same folder; the port may be another
    QString connectTiktok();

    QJsonObject tunnel() { return seat->result(QStringLiteral("tunnel.get")); }
    QString state() { return tunnel().value(QStringLiteral("state")).toString(); }
    QString problem() { return tunnel().value(QStringLiteral("problem")).toString(); }
    QString address() { return tunnel().value(QStringLiteral("public_url")).toString(); }
    bool isUpWithin(int ms) { return waitState(QStringLiteral("up"), ms); }
    bool waitState(const QString &state, int ms);
    qint64 tool(const QString &name) const;    ///< the id of the server's child of that name; 0: none
    int countEvents(const QString &type) const;
    /// Whether a message of a customer, sent to wherever TikTok was told, is in the workspace.
    bool messageArrives();

    Platform platform;
    ServerProcess server;
    std::unique_ptr<RawDesk> seat;

private:
    QString openSeat();

    int m_customers = 0;
};

bool isRunning(qint64 pid);

} // namespace antiphon::test
