#pragma once

#include "core/base/clock.h"

#include <QStringList>
#include <QUrl>

namespace antiphon {

/// Where the way in from the internet stands.
enum class TunnelState {
    Off,        ///< none is wanted
    Starting,   ///< the tool runs, or is about to; nothing is proved yet
    Up,         ///< a probe sent to the public address arrived at our own port
    Down        ///< it doesn't work; `problem` says why and `nextTryAt` when it is tried again
};

/// Why it doesn't work, for code and for whoever puts it into words.
enum class TunnelProblem {
    None,
    ToolMissing,        ///< the program isn't installed
    Offline,            ///< no network, no name resolution, or the other side doesn't answer
    LoginRefused,       ///< ssh: permission denied
    HostKeyUnknown,     ///< ssh has never seen this host
    HostKeyChanged,     ///< ssh knows another key of this host
    PortRefused,        ///< ssh: the host doesn't give the port
    KeyUnreadable,      ///< ssh: the key file can't be used
    BadCredentials,     ///< cloudflared: token or credentials aren't accepted
    RateLimited,        ///< the service asks for patience
    Ended,              ///< the tool ended and said nothing that is known
    NoAddress,          ///< the tool runs and names no address
    NotReachable,       ///< probes sent to the address don't arrive
    Elsewhere           ///< something answers at the address, but not this server
};

struct TunnelStatus {
    TunnelState state = TunnelState::Off;
    TunnelProblem problem = TunnelProblem::None;
    QString detail{};                              ///< English: what is, and the next step
    QUrl address{};                                ///< the newest one known, proved or not
    bool isProved = false;                         ///< this address was proved since it is known
    std::optional<Timestamp> since{};              ///< of the state
    std::optional<Timestamp> provedAt{};           ///< the last time
    std::optional<Timestamp> nextTryAt{};          ///< of the tool's next start
    int restarts = 0;                              ///< of the tool, since it was configured
    qint64 pid = 0;                                ///< of the tool; 0: it doesn't run
    QStringList output{};                          ///< the last lines the tool printed, without secrets

    bool operator==(const TunnelStatus &) const = default;
};

QString tunnelStateName(TunnelState state);        ///< "off", "starting", "up", "down"
QString tunnelProblemName(TunnelProblem problem);  ///< "tool_missing", …; empty for None

} // namespace antiphon
