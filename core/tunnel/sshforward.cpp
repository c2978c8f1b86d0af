#include "core/tunnel/sshforward.h"

#include <QRegularExpression>

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Sign {
    QLatin1StringView text;
    TunnelProblem problem;
};

// Texts of OpenSSH's client (sshconnect.c, sshconnect2.c, clientloop.c, authfile.c) and of the system's resolver. The first that fits counts.
constexpr std::array kSigns{
    Sign{"REMOTE HOST IDENTIFICATION HAS CHANGED"_L1, TunnelProblem::HostKeyChanged},
    Sign{"host key for"_L1, TunnelProblem::None},   // "Host key for HOST has changed …" repeats the line above
    Sign{"Host key verification failed"_L1, TunnelProblem::HostKeyUnknown},
    Sign{"host key is known for"_L1, TunnelProblem::HostKeyUnknown},
    Sign{"UNPROTECTED PRIVATE KEY FILE"_L1, TunnelProblem::KeyUnreadable},
    Sign{"bad permissions"_L1, TunnelProblem::KeyUnreadable},
    Sign{"Load key"_L1, TunnelProblem::KeyUnreadable},
    Sign{"remote port forwarding failed"_L1, TunnelProblem::PortRefused},
    Sign{"Permission denied ("_L1, TunnelProblem::LoginRefused},
    Sign{"Too many authentication failures"_L1, TunnelProblem::LoginRefused},
    Sign{"Could not resolve hostname"_L1, TunnelProblem::Offline},
    Sign{"Connection refused"_L1, TunnelProblem::Offline},
    Sign{"Connection timed out"_L1, TunnelProblem::Offline},
    Sign{"Operation timed out"_L1, TunnelProblem::Offline},
    Sign{"Network is unreachable"_L1, TunnelProblem::Offline},
    Sign{"No route to host"_L1, TunnelProblem::Offline},
    Sign{"not responding"_L1, TunnelProblem::Offline},
    Sign{"Connection closed by"_L1, TunnelProblem::Offline},
    Sign{"Connection reset by"_L1, TunnelProblem::Offline},
    Sign{"kex_exchange_identification"_L1, TunnelProblem::Offline},
};

} // namespace

ToolCommand SshForward::command(quint16 port) const
{
    ToolCommand command{.program = u"ssh"_s, .arguments = {u"-F"_s, u"none"_s, u"-N"_s, u"-T"_s}};
    const auto option = [&command](const QString &value) { command.arguments += {u"-o"_s, value}; };
    option(u"BatchMode=yes"_s);
    option(u"StrictHostKeyChecking=yes"_s);
    option(u"ExitOnForwardFailure=yes"_s);
    option(u"ConnectTimeout=10"_s);
    option(u"ServerAliveInterval=5"_s);   // a line that fell silent is given up after 15 s at most
    option(u"ServerAliveCountMax=2"_s);
    option(u"ForwardAgent=no"_s);
    option(u"LogLevel=INFO"_s);           // the allocated port is told at this level
    if (!m_settings.knownHostsFile.isEmpty())
        option(u"UserKnownHostsFile=\""_s + m_settings.knownHostsFile + u'"');
    if (!m_settings.keyFile.isEmpty()) {
        option(u"IdentitiesOnly=yes"_s);
        command.arguments += {u"-i"_s, m_settings.keyFile};
    }
    if (!m_settings.user.isEmpty())
        command.arguments += {u"-l"_s, m_settings.user};
    const QString bind = m_settings.remoteAddress.isEmpty() ? u"127.0.0.1"_s : m_settings.remoteAddress;
    command.arguments += {u"-p"_s, QString::number(m_settings.port), u"-R"_s, u"%1:%2:127.0.0.1:%3"_s.arg(bind).arg(m_settings.remotePort).arg(port),
                          u"--"_s, m_settings.host};
    return command;
}

ToolNews SshForward::read(const QString &line) const
{
    static const QRegularExpression allocated(u"^Allocated port (\\d{1,5}) for remote forward to "_s);
    if (const auto match = allocated.match(line); match.hasMatch()) {
        ToolNews news{.isConnected = true};
        if (m_settings.publicUrl.isEmpty()) {
            news.address.setScheme(u"http"_s);
            news.address.setHost(m_settings.host);
            news.address.setPort(match.captured(1).toInt());
        }
        return news;
    }
    for (const Sign &sign : kSigns) {
        if (line.contains(sign.text, Qt::CaseInsensitive))
            return {.problem = sign.problem};
    }
    return {};
}

} // namespace antiphon
