#pragma once

#include "core/tunnel/tunnelsettings.h"
#include "core/tunnel/tunnelstatus.h"

#include <QStringList>

#include <memory>
#include <utility>

namespace antiphon {

/// How a tool is started. What is secret stands in `environment` only.
struct ToolCommand {
    QString program{};                                   ///< by its name, to be looked for
    QStringList arguments{};
    QList<std::pair<QString, QString>> environment{};    ///< besides the server's own
};

/// What one line of a tool's output tells.
struct ToolNews {
    QUrl address{};                                      ///< the public one
    bool isConnected = false;                            ///< it says that it has its connection: probes make sense now
    bool isDisturbed = false;                            ///< it lost a connection: time to look whether we are still reached
    TunnelProblem problem = TunnelProblem::None;
};

/// One way to be reached: which tool, how it is started, and what its lines mean. Pure: starts nothing, keeps nothing.
class TunnelProvider {
public:
    virtual ~TunnelProvider() = default;

    /// Where no tool is needed, `program` is empty. @param port the intake port on 127.0.0.1
    virtual ToolCommand command(quint16 port) const = 0;
    /// The address, where it is known without the tool; else empty.
    virtual QUrl fixedAddress() const { return {}; }
    /// Whether the tool says when it is connected, so that a probe before that would only teach name servers that there is nothing.
    virtual bool announcesConnection() const { return false; }
    virtual ToolNews read(const QString &line) const = 0;

    /// @param quickOrigin where quick tunnels are reached instead of at trycloudflare.com: scheme and host of this machine, any port;
    /// for tests. Null for None.
    static std::unique_ptr<TunnelProvider> make(const TunnelSettings &settings, const TunnelSecrets &secrets, const QUrl &quickOrigin = {});
};

} // namespace antiphon
