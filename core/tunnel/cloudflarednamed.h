#pragma once

#include "core/tunnel/tunnelprovider.h"

namespace antiphon {

/// `cloudflared tunnel run`: a tunnel of the owner's Cloudflare account with a name of the owner's domain, by its token (then the dashboard says
/// where it leads) or by its name and credentials file.
/// @see https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/configure-tunnels/cloudflared-parameters/run-parameters/
class CloudflaredNamed final : public TunnelProvider {
public:
    CloudflaredNamed(const TunnelSettings &settings, const TunnelSecrets &secrets) : m_settings(settings), m_secrets(secrets) {}

    ToolCommand command(quint16 port) const override;
    QUrl fixedAddress() const override { return m_settings.publicUrl; }
    bool announcesConnection() const override { return true; }
    ToolNews read(const QString &line) const override;

private:
    TunnelSettings m_settings;
    TunnelSecrets m_secrets;
};

} // namespace antiphon
