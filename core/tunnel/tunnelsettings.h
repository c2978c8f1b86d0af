#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QUrl>

namespace antiphon {

/// By what the world reaches this machine, as the owner chose it.
struct TunnelSettings {
    enum class Provider { None, OwnDomain, CloudflaredQuick, CloudflaredNamed, Ssh, Localtunnel };

    Provider provider = Provider::None;
    QUrl publicUrl{};               ///< where the owner knows it beforehand; without a slash at its end
    QString tunnel{};               ///< cloudflared, named: name or UUID; not needed with a token
    QString credentialsFile{};      ///< cloudflared, named: its credentials; not needed with a token
    QString host{};                 ///< ssh
    int port = 22;                  ///< ssh
    QString user{};                 ///< ssh; empty: the name of the account the server runs under
    QString keyFile{};              ///< ssh; empty: the keys that ssh finds by itself
    QString knownHostsFile{};       ///< ssh; empty: its usual one
    QString remoteAddress{};        ///< ssh: what the host listens on; empty: 127.0.0.1
    int remotePort = 0;             ///< ssh; 0: the host picks one, which then is part of the address
    QUrl server{};                  ///< localtunnel; empty: the public one
    QString subdomain{};            ///< localtunnel; empty: the server picks one

    bool operator==(const TunnelSettings &) const = default;
};

/// What of it is secret. Rests sealed, goes to the tool in its environment, is in no log, answer or command line.
struct TunnelSecrets {
    QString token{};                ///< cloudflared, named

    bool operator==(const TunnelSecrets &) const = default;
};

/// The `secrets` of `tunnel.set`, checked, without what surrounds a pasted token. Invalid with `field`.
Result<TunnelSecrets> tunnelSecretsFromJson(const QJsonObject &secrets);

/// "none", "own_domain", "cloudflared_quick", "cloudflared_named", "ssh", "localtunnel".
QString tunnelProviderName(TunnelSettings::Provider provider);
std::optional<TunnelSettings::Provider> tunnelProviderFromName(const QString &name);

/// The settings of the Desk API's `tunnel.set`, checked; only those of its provider count. Invalid with `field` ("settings.host").
/// @param secretsSet whether a token is stored or given, so that no credentials are needed.
Result<TunnelSettings> tunnelSettingsFromJson(TunnelSettings::Provider provider, const QJsonObject &settings, bool secretsSet);
/// The same of what was checked before and stored: a file that is gone since then is the tool's to tell.
Result<TunnelSettings> storedTunnelSettings(TunnelSettings::Provider provider, const QJsonObject &settings);
QJsonObject toJson(const TunnelSettings &settings);

/// An address that platforms can be given: https, or plain http where it doesn't leave this machine; no user, query or fragment.
bool isUsableAddress(const QUrl &url);
/// The same address without a slash at the end of its path and without the scheme's own port.
QUrl plainAddress(const QUrl &url);
bool isLoopbackName(const QString &host);   ///< 127.0.0.0/8, ::1, localhost and names below it

} // namespace antiphon
