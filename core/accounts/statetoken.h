#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace antiphon {

/// What the `state` of a consent carries: a JWT (RFC 7519), HS256 under a key of the workspace, good for ten minutes and once
/// (the `jti` is a row that its first use takes away).
struct StateClaims {
    QString workspace{};      ///< sub
    QString purpose{};        ///< "tiktok-connect"
    QString jti{};
    QString inbox{};          ///< id, on reconnect
    Timestamp issuedAt{};
    Timestamp expiresAt{};
};

Result<QString> signState(const StateClaims &claims, const QByteArray &key);

/// Unauthorized for another signature, algorithm, workspace or purpose, and after its time (60 s of clock skew are allowed).
Result<StateClaims> verifyState(const QString &token, const QByteArray &key, const QString &workspace, const QString &purpose, Timestamp now);

} // namespace antiphon
