#include "core/channels/twilio/twilioapi.h"

#include "core/base/json.h"
#include "core/channels/platformwords.h"
#include "core/channels/twilio/twilioerrors.h"
#include "core/net/formdata.h"

#include <QDateTime>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kOfficial = "api.twilio.com"_L1;

QString nameOf(Host host)
{
    switch (host) {
    case Host::Api: return kOfficial;
    case Host::Messaging: return u"messaging.twilio.com"_s;
    case Host::Content: return u"content.twilio.com"_s;
    }
    Q_UNREACHABLE();
}

QUrl baseOf(Host host, const ChannelEndpoints &endpoints)
{
    if (isOverridden(endpoints))
        return endpoints.api;
    QUrl base = endpoints.api;
    base.setHost(nameOf(host));
    return base;
}

std::optional<std::chrono::seconds> retryAfter(const HttpReply &reply)
{
    constexpr qint64 kLongest = 3600;
    bool ok = false;
    const qint64 seconds = reply.header("retry-after").toLongLong(&ok);
    return ok && seconds >= 0 ? std::optional(std::chrono::seconds(std::min(seconds, kLongest))) : std::nullopt;
}

Error::Kind maybeTaken(Repeatable repeatable)
{
    return repeatable == Repeatable::Yes ? Error::Kind::Unavailable : Error::Kind::OutcomeUnknown;
}

Error::Kind kindOf(qint64 code, int status, Repeatable repeatable)
{
    if (const auto known = kindOfCode(code))
        return *known;
    if (status >= 500)
        return maybeTaken(repeatable);
    switch (status) {
    case 401: return Error::Kind::Unauthorized;
    case 403: return Error::Kind::Forbidden;
    case 404: return Error::Kind::NotFound;
    case 429: return Error::Kind::RateLimited;
    default: return Error::Kind::Invalid;
    }
}

Error transportError(const HttpReply &reply, Repeatable repeatable)
{
    Error error = reply.transport.value_or(Error{Error::Kind::Network, u"no answer"_s});
    if (reply.requestWritten)
        error.kind = maybeTaken(repeatable);
    else if (error.kind != Error::Kind::Invalid)
        error.kind = Error::Kind::Network;
    return error;
}

QByteArray basic(const QString &user, const QString &password)
{
    return "Basic " + (user + u':' + password).toUtf8().toBase64();
}

} // namespace

bool isOverridden(const ChannelEndpoints &endpoints)
{
    return endpoints.api.host() != kOfficial;
}

QUrl hostUrl(Host host, const ChannelEndpoints &endpoints, const QString &path, const Fields &query)
{
    return platformUrl(baseOf(host, endpoints), path, query);
}

QUrl accountUrl(const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &path, const Fields &query)
{
    const QString account = QString::fromLatin1(QUrl::toPercentEncoding(json::string(inbox.settings, "account_sid"_L1)));
    return hostUrl(Host::Api, endpoints, u"/2010-04-01/Accounts/"_s + account + (path.isEmpty() ? u".json"_s : u'/' + path), query);
}

QUrl toldUrl(const QString &told, Host host, const ChannelEndpoints &endpoints)
{
    const QUrl url(told, QUrl::StrictMode);
    const QString name = url.host().toLower();
    const bool isTwilios = name.isEmpty() ? told.startsWith(u'/') && !told.startsWith("//"_L1) : name == "twilio.com"_L1 || name.endsWith(".twilio.com"_L1);
    const bool isOurs = !name.isEmpty() && name == endpoints.api.host() && url.port() == endpoints.api.port();
    if (!url.isValid() || (!isTwilios && !isOurs))
        return {};
    if (isOurs && isOverridden(endpoints))
        return url;
    QUrl target = baseOf(host, endpoints);
    if (!name.isEmpty() && !isOverridden(endpoints)) {
        if (url.scheme() != "https"_L1 || url.port(443) != 443)
            return {};
        target.setHost(name);
    }
    target = platformUrl(target, url.path(QUrl::FullyEncoded));
    target.setQuery(url.query(QUrl::FullyEncoded), QUrl::StrictMode);
    return target;
}

QByteArray accountAuthorization(const InboxCredentials &inbox)
{
    return basic(json::string(inbox.settings, "account_sid"_L1), inbox.accessToken);
}

QByteArray authorization(const InboxCredentials &inbox)
{
    const QString key = inbox.further.value(u"api_key_sid"_s);
    const QString secret = inbox.further.value(u"api_key_secret"_s);
    return key.isEmpty() || secret.isEmpty() ? accountAuthorization(inbox) : basic(key, secret);
}

HttpRequest get(const QUrl &url, const InboxCredentials &inbox)
{
    return {.method = "GET", .url = url, .headers = {{"Authorization", authorization(inbox)}}};
}

HttpRequest postForm(const QUrl &url, const Fields &fields, const InboxCredentials &inbox)
{
    return {.method = "POST",
            .url = url,
            .headers = {{"Authorization", authorization(inbox)}, {"Content-Type", "application/x-www-form-urlencoded"}},
            .body = toForm(fields)};
}

HttpRequest postJson(const QUrl &url, const QJsonObject &body, const InboxCredentials &inbox)
{
    return {.method = "POST",
            .url = url,
            .headers = {{"Authorization", authorization(inbox)}, {"Content-Type", "application/json"}},
            .body = json::toBytes(body)};
}

Result<QJsonObject> readAnswer(const HttpReply &reply, Repeatable repeatable)
{
    if (reply.status == 0)
        return transportError(reply, repeatable);
    const auto body = json::parseObject(reply.body);
    const bool isSuccess = reply.status >= 200 && reply.status < 300;
    if (isSuccess && body)
        return *body;
    const qint64 code = body ? json::integer(body->value("code"_L1)).value_or(0) : 0;
    const QString words = body ? withAdvice(json::string(*body, "message"_L1), code) : QString();
    return Error{.kind = isSuccess ? maybeTaken(repeatable) : kindOf(code, reply.status, repeatable),
                 .detail = toDetail({.text = words.isEmpty() ? u"HTTP %1 without a readable answer"_s.arg(reply.status) : words,
                                     .requestId = QString::fromLatin1(reply.header("twilio-request-id")).left(100)}),
                 .retryAfter = retryAfter(reply),
                 .code = QString::number(code > 0 ? code : reply.status)};
}

std::optional<Timestamp> momentOf(const QString &text)
{
    const QDateTime time = QDateTime::fromString(text, Qt::RFC2822Date);
    if (time.isValid())
        return fromUnixMs(time.toMSecsSinceEpoch());
    return fromRfc3339(text);
}

} // namespace antiphon::twilio
