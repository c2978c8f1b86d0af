#include "core/intake/enrichtask.h"

namespace antiphon {

FetchPolicy mediaPolicy(const ChannelRegistry &channels, const ChannelAdapter &adapter, const QJsonObject &settings)
{
    FetchPolicy policy{.hosts = adapter.mediaHosts(), .maxBytes = adapter.mediaLimit()};
    if (channels.isOverridden(adapter.channel()))
        policy.overrideOrigin = channels.endpoints(adapter.channel()).api;
    if (channels.isDataOverridden(adapter.channel()))
        policy.overrideDataOrigin = channels.endpoints(adapter.channel()).data;
    // Only where the channel has one it was judged when it was entered: elsewhere it would be a way into the network at home.
    const QString server = adapter.serverSetting();
    if (server.isEmpty())
        return policy;
    if (const QUrl own(settings.value(server).toString(), QUrl::StrictMode); own.isValid() && !own.host().isEmpty())
        policy.overrideOrigin = own;
    return policy;
}

EnrichResult failed(const Error &error)
{
    EnrichResult result{.error = error};
    switch (error.kind) {
    case Error::Kind::Forbidden:
    case Error::Kind::BadPayload:
    case Error::Kind::Invalid:
    case Error::Kind::NotFound:
    case Error::Kind::Conflict:
    case Error::Kind::WindowClosed:
    case Error::Kind::ChannelLimit:
        result.isFinal = true;
        break;
    case Error::Kind::Network:
    case Error::Kind::Timeout:
    case Error::Kind::RateLimited:
    case Error::Kind::Unauthorized:
    case Error::Kind::OutcomeUnknown:
    case Error::Kind::Unavailable:
    case Error::Kind::Storage:
    case Error::Kind::Cancelled:
        break;
    }
    return result;
}

} // namespace antiphon
