#include "core/channels/meta/graph.h"

#include "core/base/json.h"
#include "core/channels/platformwords.h"
#include "core/net/hmac.h"

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

std::optional<std::chrono::seconds> retryAfter(const HttpReply &reply)
{
    bool ok = false;
    const qint64 seconds = reply.header("retry-after").toLongLong(&ok);
    constexpr qint64 kLongest = 3600;
    return ok && seconds >= 0 ? std::optional(std::chrono::seconds(qMin(seconds, kLongest))) : std::nullopt;
}

Error::Kind maybeTaken(Repeatable repeatable)
{
    return repeatable == Repeatable::Yes ? Error::Kind::Unavailable : Error::Kind::OutcomeUnknown;
}

/// The codes that mean the same everywhere.
Error::Kind kindOf(qint64 code, int httpStatus, Repeatable repeatable)
{
    switch (code) {
    case 102:
    case 190:
    case 467: return Error::Kind::Unauthorized;
    case 3:
    case 10: return Error::Kind::Forbidden;
    case 4:
    case 17:
    case 32:
    case 613: return Error::Kind::RateLimited;
    case 1:
    case 2: return maybeTaken(repeatable);
    default: break;
    }
    if (code >= 200 && code <= 299)
        return Error::Kind::Forbidden;
    if (httpStatus >= 500)
        return maybeTaken(repeatable);
    if (httpStatus == 401)
        return Error::Kind::Unauthorized;
    if (httpStatus == 429)
        return Error::Kind::RateLimited;
    return httpStatus == 404 ? Error::Kind::NotFound : Error::Kind::Invalid;
}

Error transportError(const HttpReply &reply, Repeatable repeatable)
{
    Error error = reply.transport.value_or(Error{Error::Kind::Network, u"no answer"_s});
    if (reply.requestWritten && repeatable == Repeatable::No)
        error.kind = Error::Kind::OutcomeUnknown;
    else if (error.kind != Error::Kind::Invalid)
        error.kind = Error::Kind::Network;
    return error;
}

QString wordsOf(const QJsonObject &error)
{
    for (const QString &text : {json::string(error.value("error_data"_L1).toObject(), "details"_L1), json::string(error, "error_user_msg"_L1),
                                json::string(error, "message"_L1)}) {
        if (!text.isEmpty())
            return text;
    }
    return u"no words with it"_s;
}

Error graphError(const QJsonObject &error, const HttpReply &reply, Repeatable repeatable, const KindOfCode &kindOfCode)
{
    const qint64 code = json::integer(error.value("code"_L1)).value_or(0);
    const qint64 subcode = json::integer(error.value("error_subcode"_L1)).value_or(0);
    const auto special = kindOfCode ? kindOfCode(code, subcode) : std::nullopt;
    const Error::Kind kind = special.value_or(kindOf(code, reply.status, repeatable));
    return {.kind = kind == Error::Kind::OutcomeUnknown ? maybeTaken(repeatable) : kind,
            .detail = toDetail({.text = wordsOf(error), .requestId = json::string(error, "fbtrace_id"_L1)}),
            .retryAfter = retryAfter(reply),
            .code = subcode ? u"%1.%2"_s.arg(code).arg(subcode) : QString::number(code)};
}

} // namespace

QUrl graphUrl(const ChannelEndpoints &endpoints, const QString &path, const QueryItems &query)
{
    return platformUrl(endpoints.api, u"/%1/%2"_s.arg(QLatin1StringView(kGraphVersion), path), query);
}

HttpRequest graphGet(const QUrl &url, const QString &token)
{
    return {.method = "GET", .url = url, .headers = {{"Authorization", "Bearer " + token.toUtf8()}}};
}

HttpRequest graphPost(const QUrl &url, const QJsonObject &body, const QString &token)
{
    return {.method = "POST",
            .url = url,
            .headers = {{"Authorization", "Bearer " + token.toUtf8()}, {"Content-Type", "application/json"}},
            .body = json::toBytes(body)};
}

QString appSecretProof(const QString &token, const QString &appSecret)
{
    return QString::fromLatin1(hmacSha256(appSecret.toUtf8(), token.toUtf8()).toHex());
}

Result<QJsonObject> readGraph(const HttpReply &reply, Repeatable repeatable, const KindOfCode &kindOfCode)
{
    if (reply.status == 0)
        return transportError(reply, repeatable);
    const auto root = json::parseObject(reply.body);
    if (root && root->value("error"_L1).isObject())
        return graphError(root->value("error"_L1).toObject(), reply, repeatable, kindOfCode);
    const bool isSuccess = reply.status >= 200 && reply.status < 300;
    if (isSuccess && root)
        return *root;
    // Of a proxy or a balancer, or cut: nothing says whether Meta acted.
    return Error{.kind = isSuccess ? maybeTaken(repeatable) : kindOf(0, reply.status, repeatable),
                 .detail = u"HTTP %1 without a readable answer"_s.arg(reply.status),
                 .retryAfter = retryAfter(reply),
                 .code = QString::number(reply.status)};
}

} // namespace antiphon::meta
