#include "core/channels/tiktok/tiktokerrors.h"

#include "core/base/json.h"
#include "core/channels/platformwords.h"
#include "core/channels/sendverdict.h"

namespace antiphon::tiktok {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kNoPermission = 40001;
constexpr qint64 kNotFound = 40007;
constexpr qint64 kMessagingRules = 40064;
constexpr qint64 kTooManyRequests = 40100;
constexpr qint64 kTokenRejected = 40105;
constexpr qint64 kNotTaken = 51065;

std::optional<std::chrono::seconds> retryAfter(const HttpReply &reply)
{
    bool ok = false;
    const qint64 seconds = reply.header("retry-after").toLongLong(&ok);
    constexpr qint64 kLongest = 3600;
    return ok && seconds >= 0 ? std::optional(std::chrono::seconds(qMin(seconds, kLongest))) : std::nullopt;
}

Error::Kind kindOf(qint64 code, Repeatable repeatable)
{
    switch (code) {
    case kNoPermission: return Error::Kind::Forbidden;
    case kNotFound: return Error::Kind::NotFound;
    case kTooManyRequests: return Error::Kind::RateLimited;
    case kTokenRejected: return Error::Kind::Unauthorized;
    case kNotTaken: return Error::Kind::Unavailable;
    default: break;
    }
    if (code >= 50000 && code < 60000)
        return repeatable == Repeatable::Yes ? Error::Kind::Unavailable : Error::Kind::OutcomeUnknown;
    return Error::Kind::Invalid;
}

QString words(qint64 code, const QString &message)
{
    if (code != kMessagingRules)
        return message;
    return message + u" Possible reasons: the reply window is over, the allowance of messages is used up, too many messages too fast, or what it says, e.g. a link."_s;
}

Error broken(const QString &detail, Repeatable repeatable)
{
    return {repeatable == Repeatable::Yes ? Error::Kind::Unavailable : Error::Kind::OutcomeUnknown, detail};
}

/// An answer that is not the platform's JSON: of a proxy, a balancer, or cut.
Error httpError(const HttpReply &reply, Repeatable repeatable)
{
    Error error = broken(u"HTTP %1 without a readable answer"_s.arg(reply.status), repeatable);
    error.code = QString::number(reply.status);
    error.retryAfter = retryAfter(reply);
    if (reply.status == 429)
        error.kind = Error::Kind::RateLimited;
    else if (reply.status == 401)
        error.kind = Error::Kind::Unauthorized;
    else if (reply.status >= 400 && reply.status < 500)
        error.kind = Error::Kind::Invalid;
    return error;
}

} // namespace

Result<QJsonObject> readAnswer(const HttpReply &reply, Repeatable repeatable)
{
    if (reply.status == 0) {
        Error error = reply.transport.value_or(Error{Error::Kind::Network, u"no answer"_s});
        if (reply.requestWritten && repeatable == Repeatable::No)
            error.kind = Error::Kind::OutcomeUnknown;
        else if (error.kind != Error::Kind::Invalid)
            error.kind = Error::Kind::Network;
        return error;
    }
    const auto root = json::parseObject(reply.body);
    const auto code = root ? json::integer(root->value("code"_L1)) : std::nullopt;
    if (!code)
        return httpError(reply, repeatable);
    if (*code == 0 && reply.status >= 200 && reply.status < 300)
        return root->value("data"_L1).toObject();
    const QString message = json::string(*root, "message"_L1);
    const QString requestId = json::string(*root, "request_id"_L1);
    Error error{.kind = kindOf(*code, repeatable),
                .detail = toDetail({.text = words(*code, message.isEmpty() ? u"code %1"_s.arg(*code) : message), .requestId = requestId}),
                .retryAfter = retryAfter(reply),
                .code = QString::number(*code)};
    if (*code == 0 || (reply.status >= 500 && *code != kNotTaken && *code != kTooManyRequests && *code != kTokenRejected))
        error.kind = broken({}, repeatable).kind;
    return error;
}

SendVerdict verdict(const Error &error)
{
    return verdictByKind(error);
}

} // namespace antiphon::tiktok
