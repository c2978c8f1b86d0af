#include "app/host/medialinks.h"

namespace antiphon {
using namespace Qt::StringLiterals;

Result<QUrl> MediaLinks::make(const LinkedFile &file)
{
    forgetOld();
    const QString base = m_publicUrl ? m_publicUrl() : QString();
    if (base.isEmpty())
        return Error{Error::Kind::Unavailable, u"no public address"_s};
    const QString token = randomToken(m_random);
    const QUrl url(base + u"/media/"_s + token, QUrl::StrictMode);
    if (!url.isValid())
        return Error{Error::Kind::Unavailable, u"the public address is none"_s};
    m_links.insert(token.toLatin1(), {.file = file, .until = m_clock.steady() + kLife});
    return url;
}

std::optional<LinkedFile> MediaLinks::find(const QByteArray &token)
{
    forgetOld();
    const auto link = m_links.constFind(token);
    return link != m_links.cend() ? std::optional(link->file) : std::nullopt;
}

void MediaLinks::forgetOld()
{
    const SteadyTime now = m_clock.steady();
    m_links.removeIf([now](const auto &entry) { return now >= entry.value().until; });
}

} // namespace antiphon
