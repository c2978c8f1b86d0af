#pragma once

#include <QByteArray>

namespace antiphon::test {

inline const QByteArray kHost = "Host: localhost\r\n";

/// A whole request with a body of known length.
inline QByteArray post(const QByteArray &target, const QByteArray &body, const QByteArray &headers = {})
{
    return "POST " + target + " HTTP/1.1\r\n" + kHost + headers + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

/// A whole request without a body.
inline QByteArray get(const QByteArray &target, const QByteArray &headers = {})
{
    return "GET " + target + " HTTP/1.1\r\n" + kHost + headers + "\r\n";
}

} // namespace antiphon::test
