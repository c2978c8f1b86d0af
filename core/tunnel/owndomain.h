#pragma once

#include "core/tunnel/tunnelprovider.h"

namespace antiphon {

/// The owner's own domain with a reverse proxy, or a tunnel that is run elsewhere: nothing is started, only proved.
class OwnDomain final : public TunnelProvider {
public:
    explicit OwnDomain(const TunnelSettings &settings) : m_address(settings.publicUrl) {}

    ToolCommand command(quint16) const override { return {}; }
    QUrl fixedAddress() const override { return m_address; }
    ToolNews read(const QString &) const override { return {}; }

private:
    QUrl m_address;
};

} // namespace antiphon
