#include "core/tunnel/cloudflaredlines.h"

#include <QRegularExpression>

namespace antiphon::cloudflared {
namespace {
using namespace Qt::StringLiterals;

/// Lines look like "2026-11-21T10:00:00Z INF …"; only warnings and worse can be problems.
bool isBad(const QString &line)
{
    static const QRegularExpression form(u"(^|\\s)(WRN|ERR|FTL)\\s"_s);
    return form.match(line).hasMatch();
}

TunnelProblem problemOf(const QString &line)
{
    static const QRegularExpression limited(u"429 Too Many Requests|error code: 1015|status_code=\"?429"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression credentials(
        u"token is not valid|Invalid tunnel secret|Unauthorized|credentials file .* (doesn't exist|not found)|(couldn't|unable to|cannot) (find|read|parse|locate) .*(credentials|cert)|"
        "tunnel credentials file|is neither the ID nor the name of any of your tunnels|tunnel not found"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression offline(
        u"no such host|network is unreachable|connection refused|i/o timeout|no route to host|server misbehaving|Client\\.Timeout exceeded|dial tcp|"
        "failed to dial|no recent network activity"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (limited.match(line).hasMatch())
        return TunnelProblem::RateLimited;
    if (credentials.match(line).hasMatch())
        return TunnelProblem::BadCredentials;
    if (offline.match(line).hasMatch())
        return TunnelProblem::Offline;
    return TunnelProblem::None;
}

} // namespace

ToolNews read(const QString &line)
{
    static const QRegularExpression lost(u"Serve tunnel error|Connection terminated|Lost connection|Unregistered tunnel connection|Retrying connection"_s);
    // Before 2022 the line read "Connection <uuid> registered".
    static const QRegularExpression connected(u"\\sINF (Registered tunnel connection|Connection [0-9a-f-]{36} registered)"_s);
    if (connected.match(line).hasMatch())
        return {.isConnected = true};
    ToolNews news{.isDisturbed = lost.match(line).hasMatch()};
    // A token that is refused before the log begins stands alone on its line.
    if (isBad(line) || line.startsWith("Provided Tunnel token is not valid"_L1) || line.startsWith("failed to request quick Tunnel"_L1, Qt::CaseInsensitive))
        news.problem = problemOf(line);
    return news;
}

QString localService(quint16 port)
{
    return u"http://127.0.0.1:%1"_s.arg(port);
}

} // namespace antiphon::cloudflared
