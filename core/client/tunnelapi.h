#pragma once

#include "core/base/clock.h"
#include "core/base/clock.h"
#include "core/client/deskclient.h"

#include <QFuture>
#include <QStringList>

namespace antiphon {

/// How a missing tool gets onto the server's system.
struct DeskToolHelp {
    QString tool{};
    QString system{};                ///< "debian", "fedora", "arch", "linux", "macos", "windows"
    QStringList commands{};
    QString page{};
};

/// A platform that is given the public address.
struct DeskTunnelPlatform {
    QString channel{};
    QString webhookUrl{};
    QString redirectUrl{};
    std::optional<bool> isRegistered{};   ///< nothing: not tried yet
    QString detail{};
};

/// The public address and what leads to it.
struct DeskTunnel {
    QString provider{};              ///< "none", "own_domain", "cloudflared_quick", "cloudflared_named", "ssh", "localtunnel"
    QJsonObject settings{};
    QStringList secretsSet{};
    QString publicUrl{};
    QString state{};                 ///< "off", "starting", "up", "down"
    QString problem{};               ///< a word; empty: none
    QString detail{};                ///< English
    bool isOverridden = false;       ///< by --public-url
    std::optional<Timestamp> provedAt{};
    std::optional<Timestamp> nextTryAt{};
    int restarts = 0;
    int intakePort = 0;
    std::optional<DeskToolHelp> help{};
    QStringList output{};
    QList<DeskTunnelPlatform> platforms{};
};

/// The result of tunnel.get and the data of tunnel.updated.
Result<DeskTunnel> tunnelFromJson(const QJsonObject &json);

/// The tunnel's part of the Desk API. Answers come in the thread of the client.
class TunnelApi {
public:
    explicit TunnelApi(DeskClient &client) : m_client(client) {}

    QFuture<Result<DeskTunnel>> tunnel();
    /// @param settings only what is given changes, where the provider stays. @param secrets a null takes one away
    QFuture<Result<DeskTunnel>> setTunnel(const QString &provider, const QJsonObject &settings, const QJsonObject &secrets = {});
    QFuture<Result<DeskTunnel>> checkTunnel();

private:
    QFuture<Result<DeskTunnel>> ask(const QString &method, const QJsonObject &params);

    DeskClient &m_client;
};

} // namespace antiphon
