#include "core/tunnel/tunnelwords.h"

namespace antiphon::tunnelwords {
namespace {
using namespace Qt::StringLiterals;
using Provider = TunnelSettings::Provider;

QString sshTarget(const TunnelSettings &settings)
{
    QString target = settings.port == 22 ? QString() : u"-p %1 "_s.arg(settings.port);
    return target + (settings.user.isEmpty() ? settings.host : settings.user + u'@' + settings.host);
}

QString missing(const ToolHelp &help)
{
    const QString what = help.tool == "lt"_L1 ? u"The program lt (localtunnel) is not installed on the computer that runs the server."_s
                                              : u"The program %1 is not installed on the computer that runs the server."_s.arg(help.tool);
    const QString how = help.commands.isEmpty() ? u" Get it from %1"_s.arg(help.page.toString()) : u" In a terminal there, type: %1"_s.arg(help.commands.join(u" ; "_s));
    return what + how + u" It is used as soon as it is there."_s;
}

} // namespace

QString off()
{
    return u"No public address is wanted. Platforms that can be asked are asked in turn; the others can't deliver without one, and accounts that are connected by "
           "consent in the browser need one for that."_s;
}

QString starting(const TunnelSettings &settings)
{
    return settings.provider == Provider::OwnDomain ? u"A probe is on its way to the public address."_s
                                                    : u"The tunnel is being started; it counts once a probe from outside has arrived."_s;
}

QString up(const TunnelSettings &settings)
{
    switch (settings.provider) {
    case Provider::CloudflaredQuick:
        return u"This computer is reached. The address changes at each start; what platforms allow is registered anew by itself."_s;
    case Provider::None:
    case Provider::OwnDomain:
    case Provider::CloudflaredNamed:
    case Provider::Ssh:
    case Provider::Localtunnel: return u"This computer is reached: a probe sent to the public address arrived here."_s;
    }
    Q_UNREACHABLE();
}

QString down(TunnelProblem problem, const TunnelSettings &settings, const ToolHelp &help)
{
    const QString target = sshTarget(settings);
    switch (problem) {
    case TunnelProblem::None: return starting(settings);
    case TunnelProblem::ToolMissing: return missing(help);
    case TunnelProblem::Offline:
        return u"The other side can't be reached. Is this computer online? It goes on by itself when the network is back."_s;
    case TunnelProblem::LoginRefused:
        return u"The host refused the login. Put the public key into ~/.ssh/authorized_keys of that user on the host, and try in a terminal: ssh %1"_s.arg(target);
    case TunnelProblem::HostKeyUnknown:
        return u"The host is not known yet. Connect once in a terminal, compare the fingerprint that is shown with the host's, and answer yes: ssh %1"_s.arg(target);
    case TunnelProblem::HostKeyChanged:
        return u"The host shows another key than before: it was set up anew, or somebody stands in between. If you know why, remove the old key (ssh-keygen -R %1) and connect once in a terminal: ssh %2"_s
            .arg(settings.port == 22 ? settings.host : u"[%1]:%2"_s.arg(settings.host).arg(settings.port), target);
    case TunnelProblem::PortRefused:
        return u"The host does not give the port %1. Is it taken by an earlier connection or another program, or is AllowTcpForwarding switched off on the host?"_s
            .arg(settings.remotePort);
    case TunnelProblem::KeyUnreadable:
        return u"The key file can't be used. It must be a private key without a passphrase (or one that an agent holds), readable by the server's account only: chmod 600 %1"_s
            .arg(settings.keyFile);
    case TunnelProblem::BadCredentials:
        return u"Cloudflare does not accept the token or the credentials file. Copy the token again from the dashboard: Networks, Tunnels, your tunnel, Configure."_s;
    case TunnelProblem::RateLimited: return u"The service asks for patience: too many tunnels were started. It is tried again later."_s;
    case TunnelProblem::Ended: return u"The tunnel's program ended by itself. It is started again."_s;
    case TunnelProblem::NoAddress: return u"The tunnel's program runs, but names no address. It is started again."_s;
    case TunnelProblem::NotReachable:
        return settings.provider == Provider::OwnDomain
            ? u"A probe sent to the public address did not arrive here. Check that its DNS name leads to your proxy and that the proxy forwards to the intake port."_s
            : u"The tunnel's program runs, but a probe sent to the public address did not arrive here."_s;
    case TunnelProblem::Elsewhere:
        return u"Something answers at the public address, but it is not this server. Check what the address forwards to: it must be this computer's intake port."_s;
    }
    Q_UNREACHABLE();
}

} // namespace antiphon::tunnelwords
