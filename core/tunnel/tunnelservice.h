#pragma once

#include "core/base/result.h"

#include <QJsonObject>

#include <functional>

namespace antiphon {

/// What an agent can do about the public address. Net thread, but for what says otherwise.
class TunnelService {
public:
    using Done = std::function<void(Result<QJsonObject>)>;

    virtual ~TunnelService() = default;

    /// The tunnel as the Desk API shows it, without secrets. Any thread.
    virtual QJsonObject tunnel() const = 0;
    /// {provider, settings, secrets, public_url}: what is absent stays. Stored, then begun; `done` gets the tunnel. Invalid with `field`.
    virtual void setTunnel(const QJsonObject &params, Done done) = 0;
    /// Proves the address now; `done` gets the tunnel when that is decided.
    virtual void checkTunnel(Done done) = 0;
};

} // namespace antiphon
