#include "ui/models/tunneltext.h"

#include <QCoreApplication>

namespace antiphon::tunneltext {
using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::tunneltext)
};

QString sshTarget(const DeskTunnel &tunnel)
{
    const QString host = tunnel.settings.value("host"_L1).toString();
    const QString user = tunnel.settings.value("user"_L1).toString();
    const int port = tunnel.settings.value("port"_L1).toInt(22);
    return (port == 22 ? QString() : u"-p %1 "_s.arg(port)) + (user.isEmpty() ? host : user + u'@' + host);
}

QString problemText(const DeskTunnel &tunnel)
{
    const QString &problem = tunnel.problem;
    if (problem == "tool_missing"_L1)
        return Words::tr("The program “%1” is not installed on the computer that runs the server. It is used as soon as it is there.").arg(tunnel.help ? tunnel.help->tool : QString());
    if (problem == "offline"_L1)
        return Words::tr("The other side can't be reached. Is the computer online? It goes on by itself when the network is back.");
    if (problem == "login_refused"_L1)
        return Words::tr("Your host refused the login. Put the public key into ~/.ssh/authorized_keys of that user on the host. Try it in a terminal: ssh %1").arg(sshTarget(tunnel));
    if (problem == "host_key_unknown"_L1)
        return Words::tr("Your host is not known yet. Connect once in a terminal, compare the fingerprint that is shown with your host's, and answer yes: ssh %1").arg(sshTarget(tunnel));
    if (problem == "host_key_changed"_L1)
        return Words::tr("Your host shows another key than before: it was set up anew, or somebody stands in between. If you know why, remove the old key (ssh-keygen -R) and connect once: ssh %1").arg(sshTarget(tunnel));
    if (problem == "port_refused"_L1)
        return Words::tr("Your host does not give the port. It is taken by an earlier connection or another program, or forwarding is switched off there (AllowTcpForwarding).");
    if (problem == "key_unreadable"_L1)
        return Words::tr("The key file can't be used. It must be a private key without a passphrase (or one an agent holds) that only the server's account may read: chmod 600.");
    if (problem == "bad_credentials"_L1)
        return Words::tr("Cloudflare does not accept the token or the credentials file. Copy the token again from the dashboard: Networks, Tunnels, your tunnel.");
    if (problem == "rate_limited"_L1)
        return Words::tr("The service asks for patience: too many tunnels were started. It is tried again later.");
    if (problem == "ended"_L1)
        return Words::tr("The tunnel's program ended by itself. It is started again.");
    if (problem == "no_address"_L1)
        return Words::tr("The tunnel's program runs, but names no address. It is started again.");
    if (problem == "not_reachable"_L1)
        return Words::tr("A message sent to the public address as a test does not arrive here. Check that the address leads to this computer's port %1.").arg(tunnel.intakePort);
    if (problem == "elsewhere"_L1)
        return Words::tr("Something answers at the public address, but it is not this server. Check what the address forwards to: it must be port %1 of this computer.").arg(tunnel.intakePort);
    return tunnel.detail;
}

} // namespace

QString providerName(const QString &provider)
{
    if (provider == "none"_L1)
        return Words::tr("None");
    if (provider == "own_domain"_L1)
        return Words::tr("My own domain or reverse proxy");
    if (provider == "cloudflared_quick"_L1)
        return Words::tr("Cloudflare, quick trial");
    if (provider == "cloudflared_named"_L1)
        return Words::tr("Cloudflare, with my domain");
    if (provider == "ssh"_L1)
        return Words::tr("SSH to my own host");
    if (provider == "localtunnel"_L1)
        return Words::tr("localtunnel");
    return provider;
}

QString providerNeeds(const QString &provider)
{
    if (provider == "none"_L1)
        return Words::tr("Platforms are asked in turn instead. WhatsApp and LINE can't deliver, and TikTok and Instagram can't be connected in the browser.");
    if (provider == "own_domain"_L1)
        return Words::tr("You run the way in yourself: a domain with a certificate that forwards to this computer. Nothing is started.");
    if (provider == "cloudflared_quick"_L1)
        return Words::tr("Free, no account, ready in seconds. The address changes at each start, and nothing is promised: good for trying.");
    if (provider == "cloudflared_named"_L1)
        return Words::tr("Free, a fixed address. Needs a Cloudflare account and a domain of yours there.");
    if (provider == "ssh"_L1)
        return Words::tr("A fixed address on a rented server of yours, whose web server forwards to the tunnel. Costs what that server costs.");
    if (provider == "localtunnel"_L1)
        return Words::tr("Free, no account, needs Node.js. The public server is often overloaded; with a server of your own it is reliable.");
    return {};
}

QString state(const DeskTunnel &tunnel)
{
    if (tunnel.state == "up"_L1)
        return Words::tr("Reached from the internet");
    if (tunnel.state == "starting"_L1)
        return Words::tr("Connecting …");
    if (tunnel.state == "down"_L1)
        return tunnel.problem == "tool_missing"_L1 ? Words::tr("A program is missing") : Words::tr("Not reached from the internet");
    return Words::tr("No public address");
}

QString explanation(const DeskTunnel &tunnel)
{
    if (tunnel.state == "up"_L1)
        return Words::tr("A test sent to the public address arrived here. It is repeated every minute.");
    if (tunnel.state == "starting"_L1)
        return Words::tr("It counts once a test sent to the public address has arrived here.");
    if (tunnel.state == "off"_L1)
        return providerNeeds(u"none"_s);
    return problemText(tunnel);
}

QString fieldError(const QString &detail)
{
    if (detail == "must be a text of one line"_L1)
        return Words::tr("This must be one line of text.");
    if (detail.startsWith("must be a number from"_L1))
        return Words::tr("This must be a number in the allowed range.");
    if (detail.startsWith("the public address is needed"_L1))
        return Words::tr("The public address is needed: https://…");
    if (detail.startsWith("must be an https address"_L1))
        return Words::tr("This must be an https address without a query.");
    if (detail.startsWith("must be the whole path of a file"_L1))
        return Words::tr("This must be the whole path of a file on the computer that runs the server.");
    if (detail.startsWith("there is no such file"_L1))
        return Words::tr("There is no such file on the computer that runs the server.");
    if (detail == "must be the tunnel's name or UUID"_L1)
        return Words::tr("This must be the tunnel's name or UUID.");
    if (detail == "must be the name or address of your host"_L1)
        return Words::tr("This must be the name or address of your host.");
    if (detail == "the host is needed"_L1)
        return Words::tr("The host is needed.");
    if (detail == "must be a user name on your host"_L1)
        return Words::tr("This must be a user name on your host.");
    if (detail.startsWith("must be an address that the host listens on"_L1))
        return Words::tr("This must be an address that the host listens on, such as 127.0.0.1.");
    if (detail.startsWith("a port is needed"_L1))
        return Words::tr("A port is needed that your host's web server forwards the public address to.");
    if (detail.startsWith("either a token or"_L1))
        return Words::tr("Either a token or the tunnel's name with its credentials file is needed.");
    return Words::tr("This can't be right: %1").arg(detail);
}

QString systemHint(const DeskToolHelp &help)
{
    if (help.commands.isEmpty())
        return Words::tr("Get it from this page:");
    if (help.system == "windows"_L1)
        return Words::tr("Press the Windows key, type “PowerShell”, open it as administrator and enter:");
    if (help.system == "macos"_L1)
        return Words::tr("Open Terminal (in Applications, Utilities) and enter, with Homebrew installed:");
    return Words::tr("Open a terminal and enter:");
}

} // namespace antiphon::tunneltext
