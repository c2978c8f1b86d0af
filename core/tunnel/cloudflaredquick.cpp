#include "core/tunnel/cloudflaredquick.h"

#include "core/tunnel/cloudflaredlines.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace antiphon {
using namespace Qt::StringLiterals;

ToolCommand CloudflaredQuick::command(quint16 port) const
{
    ToolCommand command{.program = u"cloudflared"_s, .arguments = {u"tunnel"_s, u"--no-autoupdate"_s}};
#ifndef Q_OS_WIN
    command.arguments += {u"--config"_s, u"/dev/null"_s};   // a config.yml of this account would turn the quick tunnel into something else
#endif
    command.arguments += {u"--url"_s, cloudflared::localService(port)};
    return command;
}

ToolNews CloudflaredQuick::read(const QString &line) const
{
    // The address stands alone in a box of |; names such as api.trycloudflare.com appear in errors.
    static const QRegularExpression box(u"(?:^|\\s|\\|)\\|?\\s*(https?://[^\\s|]+)\\s*\\|?$"_s);
    static const QRegularExpression quick(u"^https://(?!api\\.)[a-z0-9]+(-[a-z0-9]+)+\\.trycloudflare\\.com/?$"_s);
    ToolNews news = cloudflared::read(line);
    if (const auto match = box.match(line); match.hasMatch()) {
        const QUrl url(match.captured(1), QUrl::StrictMode);
        const bool isOurs = !m_origin.isEmpty() && url.scheme() == m_origin.scheme() && url.host() == m_origin.host() && line.contains(u'|');
        if (quick.match(match.captured(1)).hasMatch() || (isOurs && isUsableAddress(url)))
            news.address = plainAddress(url);
    }
    return news;
}

} // namespace antiphon
