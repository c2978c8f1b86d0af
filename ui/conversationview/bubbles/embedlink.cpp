#include "ui/conversationview/bubbles/embedlink.h"

#include "ui/models/richtext.h"

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QLatin1StringView, 9> kHosts{
    QLatin1StringView("tiktok.com"),   QLatin1StringView("instagram.com"), QLatin1StringView("facebook.com"),
    QLatin1StringView("fb.watch"),     QLatin1StringView("youtube.com"),   QLatin1StringView("youtu.be"),
    QLatin1StringView("t.me"),         QLatin1StringView("line.me"),       QLatin1StringView("whatsapp.com")};

} // namespace

std::optional<QUrl> embedLink(const QString &url)
{
    const auto safe = safeLink(url);
    if (!safe)
        return std::nullopt;
    const QUrl parsed(*safe, QUrl::StrictMode);
    if (!parsed.isValid() || parsed.scheme() != "https"_L1 || !parsed.userInfo().isEmpty())
        return std::nullopt;
    const QString host = parsed.host(QUrl::FullyEncoded).toLower();
    for (const QLatin1StringView allowed : kHosts) {
        if (host == allowed || host.endsWith(u'.' + allowed))
            return parsed;
    }
    return std::nullopt;
}

} // namespace antiphon
