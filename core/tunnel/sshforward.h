#pragma once

#include "core/tunnel/tunnelprovider.h"

namespace antiphon {

/// `ssh -R` to a host of the owner's, whose web server forwards the public address to the port there. Asks nothing, trusts only host keys that
/// are known already, and reads no configuration of the account.
class SshForward final : public TunnelProvider {
public:
    explicit SshForward(const TunnelSettings &settings) : m_settings(settings) {}

    ToolCommand command(quint16 port) const override;
    QUrl fixedAddress() const override { return m_settings.publicUrl; }
    ToolNews read(const QString &line) const override;

private:
    TunnelSettings m_settings;
};

} // namespace antiphon
