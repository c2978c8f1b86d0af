#include "core/channels/line/lineapi.h"

#include "core/base/json.h"
#include "core/channels/platformwords.h"
#include "core/net/formdata.h"

#include <QJsonArray>

namespace antiphon::line {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestWords = 1000;

Error::Kind maybeTaken(Call call)
{
    return call == Call::Once ? Error::Kind::OutcomeUnknown : Error::Kind::Unavailable;
}

Error::Kind kindOf(int status, const QString &words, Call call)
{
    if (status >= 500)
        return maybeTaken(call);
    switch (status) {
    case 401: return Error::Kind::Unauthorized;
    case 404: return Error::Kind::NotFound;
    case 410: return Error::Kind::NotFound;
    case 429: return words.contains("monthly limit"_L1) ? Error::Kind::Invalid : Error::Kind::RateLimited;
    default: return Error::Kind::Invalid;
    }
}

QString wordsOf(const QJsonObject &body)
{
    QStringList words{json::string(body, "message"_L1)};
    const QJsonArray details = body.value("details"_L1).toArray();
    for (const QJsonValue &value : details) {
        const QString property = json::string(value.toObject(), "property"_L1);
        const QString message = json::string(value.toObject(), "message"_L1);
        words.append(property.isEmpty() || message.isEmpty() ? property + message : property + u": "_s + message);
    }
    words.removeAll(QString());
    return words.join(u", "_s).left(kLongestWords);
}

QString adviceFor(int status, const QString &words)
{
    if (status == 429 && words.contains("monthly limit"_L1))
        return u" Answers to what a customer has just written still go out."_s;
    return status == 403 ? u" The plan of the account doesn't allow this."_s : QString();
}

Error transportError(const HttpReply &reply, Call call)
{
    Error error = reply.transport.value_or(Error{Error::Kind::Network, u"no answer"_s});
    if (reply.requestWritten)
        error.kind = maybeTaken(call);
    else if (error.kind != Error::Kind::Invalid)
        error.kind = Error::Kind::Network;
    return error;
}

} // namespace

QUrl apiUrl(const ChannelEndpoints &endpoints, const QString &path)
{
    return platformUrl(endpoints.api, path);
}

HttpRequest get(const QUrl &url, const QString &token)
{
    return {.method = "GET", .url = url, .headers = {{"Authorization", "Bearer " + token.toUtf8()}}};
}

HttpRequest send(const QByteArray &method, const QUrl &url, const QJsonObject &body, const QString &token)
{
    return {.method = method,
            .url = url,
            .headers = {{"Authorization", "Bearer " + token.toUtf8()}, {"Content-Type", "application/json"}},
            .body = json::toBytes(body)};
}

Result<QJsonObject> readAnswer(const HttpReply &reply, Call call)
{
    if (reply.status == 0)
        return transportError(reply, call);
    const auto body = json::parseObject(reply.body);
    if (reply.status >= 200 && reply.status < 300) {
        if (body)
            return *body;
        if (reply.body.trimmed().isEmpty())
            return QJsonObject();
        return Error{.kind = maybeTaken(call), .detail = u"an answer that can't be read"_s, .code = QString::number(reply.status)};
    }
    const QString words = body ? wordsOf(*body) : QString();
    const QString said = words.isEmpty() ? u"HTTP %1 without words"_s.arg(reply.status) : words;
    return Error{.kind = kindOf(reply.status, words, call),
                 .detail = toDetail({.text = said + adviceFor(reply.status, words), .requestId = QString::fromLatin1(reply.header("x-line-request-id")).left(100)}),
                 .code = QString::number(reply.status)};
}

bool isDeadReplyToken(const Error &error)
{
    return error.code == "400"_L1 && error.detail.contains("Invalid reply token"_L1, Qt::CaseInsensitive);
}

} // namespace antiphon::line
