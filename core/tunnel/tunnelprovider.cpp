#include "core/tunnel/tunnelprovider.h"

#include "core/tunnel/cloudflarednamed.h"
#include "core/tunnel/cloudflaredquick.h"
#include "core/tunnel/localtunnel.h"
#include "core/tunnel/owndomain.h"
#include "core/tunnel/sshforward.h"

namespace antiphon {

std::unique_ptr<TunnelProvider> TunnelProvider::make(const TunnelSettings &settings, const TunnelSecrets &secrets, const QUrl &quickOrigin)
{
    using Provider = TunnelSettings::Provider;
    switch (settings.provider) {
    case Provider::None: return nullptr;
    case Provider::OwnDomain: return std::make_unique<OwnDomain>(settings);
    case Provider::CloudflaredQuick: return std::make_unique<CloudflaredQuick>(quickOrigin);
    case Provider::CloudflaredNamed: return std::make_unique<CloudflaredNamed>(settings, secrets);
    case Provider::Ssh: return std::make_unique<SshForward>(settings);
    case Provider::Localtunnel: return std::make_unique<Localtunnel>(settings);
    }
    Q_UNREACHABLE();
}

} // namespace antiphon
