#pragma once

#include "app/host/datadir.h"
#include "app/host/serverhost.h"

#include <memory>

namespace antiphon::bench {

/// The real server in this process, in its own threads, on a data folder. Its platforms are those of the environment.
class LocalServer {
public:
    /// @param publicUrl by its port the intake listens; empty: any free port, and no public address
    /// @return an empty string, or what did not work
    QString start(const QString &dataDir, const QUrl &publicUrl = {});

    quint16 intakePort() const { return m_intakePort; }
    QUrl desk() const { return QUrl(QStringLiteral("ws://127.0.0.1:%1").arg(m_deskPort)); }
    QString token() const { return m_token; }

    /// Makes the platforms unreachable for whatever is started afterwards, so that no bench ever calls a real one.
    static void keepOffThePlatforms();

private:
    std::unique_ptr<DataDir> m_dataDir{};
    std::unique_ptr<ServerHost> m_host{};
    QString m_token{};
    quint16 m_intakePort = 0;
    quint16 m_deskPort = 0;
};

} // namespace antiphon::bench
