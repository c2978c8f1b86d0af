#pragma once

#include "core/tunnel/tunnelprovider.h"

namespace antiphon {

/// The npm program `lt` with the public localtunnel server or one's own.
/// @see https://github.com/localtunnel/localtunnel (bin/lt.js)
class Localtunnel final : public TunnelProvider {
public:
    explicit Localtunnel(const TunnelSettings &settings) : m_settings(settings) {}

    ToolCommand command(quint16 port) const override;
    QUrl fixedAddress() const override { return m_settings.publicUrl; }
    ToolNews read(const QString &line) const override;

private:
    TunnelSettings m_settings;
};

} // namespace antiphon
