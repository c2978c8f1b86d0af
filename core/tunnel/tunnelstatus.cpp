#include "core/tunnel/tunnelstatus.h"

namespace antiphon {
using namespace Qt::StringLiterals;

QString tunnelStateName(TunnelState state)
{
    switch (state) {
    case TunnelState::Off: return u"off"_s;
    case TunnelState::Starting: return u"starting"_s;
    case TunnelState::Up: return u"up"_s;
    case TunnelState::Down: return u"down"_s;
    }
    Q_UNREACHABLE();
}

QString tunnelProblemName(TunnelProblem problem)
{
    switch (problem) {
    case TunnelProblem::None: return {};
    case TunnelProblem::ToolMissing: return u"tool_missing"_s;
    case TunnelProblem::Offline: return u"offline"_s;
    case TunnelProblem::LoginRefused: return u"login_refused"_s;
    case TunnelProblem::HostKeyUnknown: return u"host_key_unknown"_s;
    case TunnelProblem::HostKeyChanged: return u"host_key_changed"_s;
    case TunnelProblem::PortRefused: return u"port_refused"_s;
    case TunnelProblem::KeyUnreadable: return u"key_unreadable"_s;
    case TunnelProblem::BadCredentials: return u"bad_credentials"_s;
    case TunnelProblem::RateLimited: return u"rate_limited"_s;
    case TunnelProblem::Ended: return u"ended"_s;
    case TunnelProblem::NoAddress: return u"no_address"_s;
    case TunnelProblem::NotReachable: return u"not_reachable"_s;
    case TunnelProblem::Elsewhere: return u"elsewhere"_s;
    }
    Q_UNREACHABLE();
}

} // namespace antiphon
