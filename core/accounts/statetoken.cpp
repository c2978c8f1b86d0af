#include "core/accounts/statetoken.h"

#include <jwt.h>

#include <cstdlib>
#include <memory>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::seconds kSkew{60};

struct JwtDeleter {
    void operator()(jwt_t *jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, JwtDeleter>;

const unsigned char *bytes(const QByteArray &key) { return reinterpret_cast<const unsigned char *>(key.constData()); }

long seconds(Timestamp time) { return long(std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()); }
Timestamp fromSeconds(long value) { return Timestamp(std::chrono::seconds(value)); }

Error refused(const QString &why)
{
    return {Error::Kind::Unauthorized, u"state: "_s + why, u"state"_s};
}

} // namespace

Result<QString> signState(const StateClaims &claims, const QByteArray &key)
{
    jwt_t *raw = nullptr;
    if (jwt_new(&raw) != 0)
        return Error{Error::Kind::Storage, u"libjwt: no memory"_s};
    const Jwt jwt(raw);
    int failed = jwt_add_grant(jwt.get(), "sub", claims.workspace.toUtf8().constData());
    failed |= jwt_add_grant(jwt.get(), "purpose", claims.purpose.toUtf8().constData());
    failed |= jwt_add_grant(jwt.get(), "jti", claims.jti.toUtf8().constData());
    failed |= jwt_add_grant_int(jwt.get(), "iat", seconds(claims.issuedAt));
    failed |= jwt_add_grant_int(jwt.get(), "exp", seconds(claims.expiresAt));
    if (!claims.inbox.isEmpty())
        failed |= jwt_add_grant(jwt.get(), "inbox", claims.inbox.toUtf8().constData());
    failed |= jwt_set_alg(jwt.get(), JWT_ALG_HS256, bytes(key), int(key.size()));
    char *text = failed == 0 ? jwt_encode_str(jwt.get()) : nullptr;
    if (!text)
        return Error{Error::Kind::Storage, u"libjwt: could not sign"_s};
    const QString token = QString::fromLatin1(text);
    std::free(text);   // from malloc, as libjwt 1.10 says
    return token;
}

Result<StateClaims> verifyState(const QString &token, const QByteArray &key, const QString &workspace, const QString &purpose, Timestamp now)
{
    jwt_t *raw = nullptr;
    if (token.size() > 4096 || jwt_decode(&raw, token.toLatin1().constData(), bytes(key), int(key.size())) != 0)
        return refused(u"signature"_s);
    const Jwt jwt(raw);
    if (jwt_get_alg(jwt.get()) != JWT_ALG_HS256)
        return refused(u"algorithm"_s);
    const auto grant = [&jwt](const char *name) { return QString::fromUtf8(jwt_get_grant(jwt.get(), name)); };
    StateClaims claims{.workspace = grant("sub"),
                       .purpose = grant("purpose"),
                       .jti = grant("jti"),
                       .inbox = grant("inbox"),
                       .issuedAt = fromSeconds(jwt_get_grant_int(jwt.get(), "iat")),
                       .expiresAt = fromSeconds(jwt_get_grant_int(jwt.get(), "exp"))};
    if (claims.workspace != workspace)
        return refused(u"another workspace"_s);
    if (claims.purpose != purpose)
        return refused(u"another purpose"_s);
    if (claims.jti.isEmpty() || now > claims.expiresAt + kSkew || now + kSkew < claims.issuedAt)
        return refused(u"expired"_s);
    return claims;
}

} // namespace antiphon
