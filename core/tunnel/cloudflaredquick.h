#pragma once

#include "core/tunnel/tunnelprovider.h"

namespace antiphon {

/// `cloudflared tunnel --url …`: no account, no settings, another address at each start, nothing promised.
/// @see https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/do-more-with-tunnels/trycloudflare/
class CloudflaredQuick final : public TunnelProvider {
public:
    /// @param origin taken for an address too, with any port, where a line holds nothing else; empty: none.
    explicit CloudflaredQuick(const QUrl &origin = {}) : m_origin(origin) {}

    ToolCommand command(quint16 port) const override;
    bool announcesConnection() const override { return true; }
    ToolNews read(const QString &line) const override;

private:
    QUrl m_origin;
};

} // namespace antiphon
