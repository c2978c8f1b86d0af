#include "core/server/authorization.h"

namespace antiphon {

std::optional<QByteArray> bearerToken(const RequestHead &head)
{
    constexpr QByteArrayView kScheme = "bearer ";
    const QByteArrayView value = head.value("authorization");
    if (head.count("authorization") != 1 || value.size() <= kScheme.size() || !equalsIgnoringCase(value.first(kScheme.size()), kScheme))
        return std::nullopt;
    return value.sliced(kScheme.size()).trimmed().toByteArray();
}

namespace {

int statusOf(Error::Kind kind)
{
    switch (kind) {
    case Error::Kind::Unauthorized: return 401;
    case Error::Kind::Forbidden: return 403;
    case Error::Kind::NotFound: return 404;
    case Error::Kind::BadPayload:
    case Error::Kind::Invalid:
    case Error::Kind::Conflict:
    case Error::Kind::WindowClosed: return 400;
    case Error::Kind::ChannelLimit: return 413;
    case Error::Kind::RateLimited: return 429;
    case Error::Kind::Network:
    case Error::Kind::Timeout:
    case Error::Kind::OutcomeUnknown:
    case Error::Kind::Unavailable:
    case Error::Kind::Storage:
    case Error::Kind::Cancelled: return 503;
    }
    return 500;
}

} // namespace

ServerReply errorReply(const Error &error)
{
    ServerReply reply{.status = statusOf(error.kind),
                      .body = "{\"error\":\"" + errorKindName(error.kind).toLatin1() + "\"}",
                      .contentType = "application/json"};
    if (reply.status == 401)
        reply.headers.emplaceBack("WWW-Authenticate", "Bearer");
    if (reply.status == 503 || reply.status == 429)
        reply.headers.emplaceBack("Retry-After", QByteArray::number(qint64(error.retryAfter.value_or(std::chrono::seconds(5)).count())));
    return reply;
}

} // namespace antiphon
