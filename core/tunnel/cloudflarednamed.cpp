#include "core/tunnel/cloudflarednamed.h"

#include "core/tunnel/cloudflaredlines.h"

namespace antiphon {
using namespace Qt::StringLiterals;

ToolCommand CloudflaredNamed::command(quint16 port) const
{
    ToolCommand command{.program = u"cloudflared"_s, .arguments = {u"tunnel"_s, u"--no-autoupdate"_s}};
    if (!m_secrets.token.isEmpty()) {
        // In the environment, not among the arguments, which every account of the machine may read.
        command.environment = {{u"TUNNEL_TOKEN"_s, m_secrets.token}};
        command.arguments += u"run"_s;
        return command;
    }
    if (!m_settings.credentialsFile.isEmpty())
        command.arguments += {u"--credentials-file"_s, m_settings.credentialsFile};
    command.arguments += {u"--url"_s, cloudflared::localService(port), u"run"_s, m_settings.tunnel};
    return command;
}

ToolNews CloudflaredNamed::read(const QString &line) const
{
    return cloudflared::read(line);
}

} // namespace antiphon
