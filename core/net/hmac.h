#pragma once

#include <QByteArray>

namespace antiphon {

/// HMAC-SHA256, 32 bytes.
QByteArray hmacSha256(const QByteArray &key, const QByteArray &message);

/// HMAC-SHA1, 20 bytes: of platforms that still sign so.
QByteArray hmacSha1(const QByteArray &key, const QByteArray &message);

/// Whether both are the same, in a time that does not tell where they differ. Different lengths: false.
bool equalConstantTime(const QByteArray &a, const QByteArray &b);

} // namespace antiphon
