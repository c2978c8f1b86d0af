#include "core/channels/telegram/botapi.h"

#include "core/base/json.h"

#include <algorithm>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;
using Kind = Error::Kind;

namespace {

constexpr std::chrono::milliseconds kUploadTimeout{300'000};
constexpr qint64 kLongestPause = 3600;

/// "192.168.1.7" as its four numbers; empty where it is none.
QList<int> numbersOf(const QString &host)
{
    QList<int> numbers;
    const QStringList parts = host.split(u'.');
    for (const QString &part : parts) {
        bool isNumber = false;
        const int number = part.toInt(&isNumber);
        if (!isNumber || number < 0 || number > 255 || part.size() > 3)
            return {};
        numbers.append(number);
    }
    return numbers.size() == 4 ? numbers : QList<int>();
}

/// A name that only a network of one's own resolves, or an address in it.
bool isNearby(const QString &host)
{
    if (host.contains(u':')) {                       // IPv6: this machine, unique local, link-local
        static const QStringList beginnings{u"fc"_s, u"fd"_s, u"fe8"_s, u"fe9"_s, u"fea"_s, u"feb"_s};
        return host == "::1"_L1 || std::any_of(beginnings.begin(), beginnings.end(), [&](const QString &own) { return host.startsWith(own); });
    }
    if (const QList<int> of = numbersOf(host); !of.isEmpty())
        return of[0] == 127 || of[0] == 10 || (of[0] == 192 && of[1] == 168) || (of[0] == 172 && of[1] >= 16 && of[1] <= 31) || (of[0] == 100 && of[1] >= 64 && of[1] <= 127);
    static const QStringList endings{u".localhost"_s, u".local"_s, u".lan"_s, u".internal"_s, u".home.arpa"_s};
    const bool isName = std::any_of(host.begin(), host.end(), [](QChar c) { return c.isLetter(); });       // "8" and "0x8080808" are addresses, too
    return isName && (!host.contains(u'.') ? !host.startsWith("0x"_L1) : std::any_of(endings.begin(), endings.end(), [&](const QString &ending) { return host.endsWith(ending); }));
}

std::optional<std::chrono::seconds> pauseOf(const QJsonObject &answer, const HttpReply &reply)
{
    auto seconds = json::integer(answer.value("parameters"_L1).toObject().value("retry_after"_L1));
    if (!seconds) {
        bool ok = false;
        const qint64 told = reply.header("retry-after").toLongLong(&ok);
        if (ok)
            seconds = told;
    }
    return seconds && *seconds >= 0 ? std::optional(std::chrono::seconds(qMin(*seconds, kLongestPause))) : std::nullopt;
}

Kind kindOf(qint64 code, const QString &words, Repeatable repeatable)
{
    if (code >= 500)
        return repeatable == Repeatable::Yes ? Kind::Unavailable : Kind::OutcomeUnknown;
    switch (code) {
    case 401:
    case 404: return Kind::Unauthorized;             // a token that isn't one finds no method
    case 409: return Kind::Conflict;
    case 413: return Kind::ChannelLimit;
    case 429: return Kind::RateLimited;
    default: break;
    }
    if (words.contains("file is too big"_L1) || words.contains("is too long"_L1) || words.contains("too large"_L1))
        return Kind::ChannelLimit;
    if (words.contains("wrong file_id"_L1) || words.contains("temporarily unavailable"_L1))
        return Kind::NotFound;
    return Kind::Invalid;
}

QString rivalOf(const QString &words)
{
    if (words.contains("webhook"_L1) && words.contains("getupdates"_L1))
        return u"webhook_active"_s;
    return words.contains("getupdates"_L1) ? u"other_poller"_s : QString();
}

/// What to do, where Telegram's words alone don't help.
QString adviceOf(const QString &words)
{
    if (words.contains("business_peer_invalid"_L1))
        return u"This chat is outside what the owner shares with the bot, or the customer wrote nothing for 24 hours: answer in the Telegram app"_s;
    if (words.contains("business_connection_invalid"_L1) || words.contains("business connection"_L1))
        return u"The owner has taken the bot out of their Telegram Business settings"_s;
    if (words.contains("can't initiate"_L1))
        return u"A bot can't write first: the customer has to start the chat"_s;
    return {};
}

QString withAdvice(const QString &words)
{
    const QString advice = adviceOf(words.toLower());
    return advice.isEmpty() ? words : words + u". "_s + advice;
}

Error transportError(const HttpReply &reply, Repeatable repeatable)
{
    Error error = reply.transport.value_or(Error{Kind::Network, u"no answer"_s});
    if (reply.requestWritten && repeatable == Repeatable::No)
        error.kind = Kind::OutcomeUnknown;
    else if (error.kind != Kind::Invalid)
        error.kind = Kind::Network;
    return error;
}

} // namespace

Result<QUrl> ownServer(const QString &address)
{
    const auto wrong = [](const QString &why) { return Error{Kind::Invalid, why, QString(kApiUrl)}; };
    const QUrl url(address.trimmed(), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment())
        return wrong(u"not an address of scheme, host and port"_s);
    if (url.scheme() == "https"_L1 || (url.scheme() == "http"_L1 && isNearby(url.host())))
        return url;
    return wrong(u"plain http is for a server on this machine or in its own network only"_s);
}

BotApi::BotApi(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) : m_base(endpoints.api), m_token(inbox.accessToken)
{
    const QString own = json::string(inbox.settings, kApiUrl);
    if (own.isEmpty())
        return;
    const auto url = ownServer(own);
    m_base = url ? *url : QUrl();            // never to a server that the owner didn't mean
}

HttpRequest BotApi::post(const QString &method, const QJsonObject &parameters) const
{
    return {.method = "POST",
            .url = platformUrl(m_base, u"/bot%1/%2"_s.arg(m_token, method)),
            .headers = {{"Content-Type", "application/json"}},
            .body = json::toBytes(parameters)};
}

HttpRequest BotApi::upload(const QString &method, FormData form) const
{
    HttpRequest request{.method = "POST",
                        .url = platformUrl(m_base, u"/bot%1/%2"_s.arg(m_token, method)),
                        .headers = {{"Content-Type", form.contentType()}},
                        .timeout = kUploadTimeout};
    request.body = std::move(form).body();          // an album has 50 MB: not twice in memory
    return request;
}

QUrl BotApi::fileUrl(const QString &path) const
{
    return platformUrl(m_base, u"/file/bot%1/%2"_s.arg(m_token, QString::fromLatin1(QUrl::toPercentEncoding(path, "/"))));
}

QString BotApi::withoutToken(QString words) const
{
    return m_token.isEmpty() ? words : words.replace(m_token, u"…"_s);
}

Result<QJsonValue> BotApi::read(const HttpReply &reply, Repeatable repeatable) const
{
    if (reply.status == 0) {
        Error error = transportError(reply, repeatable);
        error.detail = withoutToken(error.detail);
        return error;
    }
    const auto answer = json::parseObject(reply.body);
    const bool isAnswer = answer && answer->value("ok"_L1).isBool();
    if (isAnswer && answer->value("ok"_L1).toBool() && reply.status < 300)
        return answer->value("result"_L1);
    if (!isAnswer || answer->value("ok"_L1).toBool()) {
        // Of a proxy, or cut: nothing says whether Telegram acted, unless it was turned away.
        const bool isMaybe = repeatable == Repeatable::No && (reply.status < 400 || reply.status >= 500);
        return Error{.kind = reply.status == 429 ? Kind::RateLimited : isMaybe ? Kind::OutcomeUnknown : Kind::Unavailable,
                     .detail = u"HTTP %1 without a readable answer"_s.arg(reply.status),
                     .retryAfter = pauseOf({}, reply),
                     .code = QString::number(reply.status)};
    }
    const qint64 code = json::integer(answer->value("error_code"_L1)).value_or(reply.status);
    const QString words = withoutToken(json::string(*answer, "description"_L1));
    const QString lower = words.toLower();
    return Error{.kind = kindOf(code, lower, repeatable),
                 .detail = words.isEmpty() ? u"no words with it"_s : withAdvice(words),
                 .field = code == 409 ? rivalOf(lower) : QString(),
                 .retryAfter = pauseOf(*answer, reply),
                 .code = QString::number(code)};
}

} // namespace antiphon::telegram
