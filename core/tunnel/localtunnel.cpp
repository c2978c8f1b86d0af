#include "core/tunnel/localtunnel.h"

#include <QRegularExpression>

namespace antiphon {
using namespace Qt::StringLiterals;

ToolCommand Localtunnel::command(quint16 port) const
{
    ToolCommand command{.program = u"lt"_s, .arguments = {u"--port"_s, QString::number(port), u"--local-host"_s, u"127.0.0.1"_s}};
    // Always said, because lt takes what isn't from the environment, and HOST stands there for other things.
    command.arguments += {u"--host"_s, m_settings.server.isEmpty() ? u"https://localtunnel.me"_s : m_settings.server.toString()};
    if (!m_settings.subdomain.isEmpty())
        command.arguments += {u"--subdomain"_s, m_settings.subdomain};
    return command;
}

ToolNews Localtunnel::read(const QString &line) const
{
    static const QRegularExpression told(u"^your url is: (\\S+)$"_s);
    static const QRegularExpression offline(u"ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ECONNRESET|connection refused|tunnel server offline|socket hang up"_s);
    if (const auto match = told.match(line); match.hasMatch()) {
        ToolNews news{.isConnected = true};
        const QUrl url(match.captured(1), QUrl::StrictMode);
        if (m_settings.publicUrl.isEmpty() && isUsableAddress(url))
            news.address = plainAddress(url);
        return news;
    }
    if (line.contains("429"_L1) && line.contains("status code"_L1))
        return {.problem = TunnelProblem::RateLimited};
    if (offline.match(line).hasMatch())
        return {.isDisturbed = true, .problem = TunnelProblem::Offline};
    return {};
}

} // namespace antiphon
