#include "core/net/formdata.h"

namespace antiphon {
namespace {

QByteArray quoted(QByteArray text)
{
    text.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22").replace('\0', "");
    return '"' + text + '"';
}

} // namespace

QUrl platformUrl(const QUrl &base, const QString &path, const QueryItems &query)
{
    QUrl url = base;
    QString prefix = base.path(QUrl::FullyEncoded);
    while (prefix.endsWith(u'/'))
        prefix.chop(1);
    url.setPath(prefix + path, QUrl::TolerantMode);
    QByteArray encoded;
    for (const auto &[name, value] : query) {
        if (!encoded.isEmpty())
            encoded += '&';
        encoded += QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value);
    }
    url.setQuery(query.isEmpty() ? QString() : QString::fromLatin1(encoded), QUrl::StrictMode);
    return url;
}

FormData::FormData(QByteArray boundary) : m_boundary(std::move(boundary)) {}

void FormData::addField(const QByteArray &name, const QByteArray &value)
{
    m_parts += "--" + m_boundary + "\r\nContent-Disposition: form-data; name=" + quoted(name) + "\r\n\r\n" + value + "\r\n";
}

void FormData::addFile(const QByteArray &name, const QString &fileName, const QByteArray &mime, const QByteArray &bytes)
{
    constexpr qsizetype kAround = 4096;
    m_parts.reserve(m_parts.size() + bytes.size() + kAround);      // grown by itself, it would be copied, and half as large again
    m_parts += "--" + m_boundary + "\r\nContent-Disposition: form-data; name=" + quoted(name) + "; filename=" + quoted(fileName.toUtf8())
        + "\r\nContent-Type: " + mime + "\r\n\r\n" + bytes + "\r\n";
}

QByteArray FormData::contentType() const
{
    return "multipart/form-data; boundary=" + m_boundary;
}

QByteArray FormData::body() const &
{
    return m_parts + "--" + m_boundary + "--\r\n";
}

QByteArray FormData::body() &&
{
    m_parts += "--" + m_boundary + "--\r\n";
    return std::move(m_parts);
}

} // namespace antiphon
