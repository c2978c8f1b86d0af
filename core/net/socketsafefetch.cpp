#include "core/net/contentdisposition.h"
#include "core/net/socketsafefetch.h"

#include "core/net/addressrules.h"
#include "core/net/httpexchange.h"

#include <QElapsedTimer>
#include <QPointer>

namespace antiphon {

using namespace Qt::StringLiterals;

struct SocketSafeFetch::Run {
    HttpRequest request{};
    FetchPolicy policy{};
    Piece piece{};
    Done done{};
    QElapsedTimer age{};
    int redirects = 0;
    qint64 size = 0;
};

namespace {

Error forbidden(const QString &why)
{
    return {Error::Kind::Forbidden, why, u"url"_s};
}

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == "https"_L1 ? 443 : 80);
}

bool isOverride(const QUrl &url, const FetchPolicy &policy)
{
    const auto isOf = [&url](const std::optional<QUrl> &origin) {
        return origin && url.scheme() == origin->scheme() && url.host() == origin->host() && portOf(url) == portOf(*origin);
    };
    return isOf(policy.overrideOrigin) || isOf(policy.overrideDataOrigin);
}

bool isListed(const QUrl &url, const FetchPolicy &policy)
{
    const QString host = url.host(QUrl::FullyEncoded).toLower();
    for (const QString &allowed : policy.hosts) {
        if (allowed == "*"_L1 || host == allowed || host.endsWith(u'.' + allowed))
            return true;
    }
    return false;
}

/// The name's part of the judgement; the addresses' part comes after resolving.
std::optional<Error> judgeUrl(const QUrl &url, const FetchPolicy &policy)
{
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty())
        return forbidden(u"no plain address"_s);
    if (isOverride(url, policy))
        return std::nullopt;
    if (url.scheme() != "https"_L1 || portOf(url) != 443)
        return forbidden(u"not https on its usual port"_s);
    if (!QHostAddress(url.host()).isNull())
        return forbidden(u"a number instead of a name"_s);
    if (!isListed(url, policy))
        return forbidden(u"a host that is not on the list"_s);
    return std::nullopt;
}

QByteArray headerOf(const HttpHeaders &headers, QByteArrayView name)
{
    return HttpReply{.headers = headers}.header(name);
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Error statusError(int status)
{
    const QString detail = u"HTTP %1"_s.arg(status);
    const QString code = QString::number(status);
    if (status == 404 || status == 410)
        return {.kind = Error::Kind::NotFound, .detail = detail, .code = code};
    if (status == 401 || status == 403)
        return {.kind = Error::Kind::Unauthorized, .detail = detail, .code = code};
    if (status == 429)
        return {.kind = Error::Kind::RateLimited, .detail = detail, .code = code};
    return {.kind = Error::Kind::Network, .detail = detail, .code = code};
}

std::optional<Error> judgeHead(const ReplyParser &parser)
{
    const QByteArray encoding = headerOf(parser.headers(), "content-encoding").toLower();
    if (!encoding.isEmpty() && encoding != "identity")
        return Error{Error::Kind::BadPayload, u"a compressed answer that nobody asked for"_s};
    return std::nullopt;
}

} // namespace

SocketSafeFetch::SocketSafeFetch(Resolver &resolver, QObject *parent) : QObject(parent), m_resolver(resolver) {}

void SocketSafeFetch::fetch(const HttpRequest &request, const FetchPolicy &policy, Piece piece, Done done)
{
    auto run = std::make_shared<Run>(Run{.request = request, .policy = policy, .piece = std::move(piece), .done = std::move(done)});
    run->request.method = "GET";
    run->request.body.clear();
    run->request.maxReplyBytes = policy.maxBytes;
    run->age.start();
    judge(run);
}

void SocketSafeFetch::judge(const std::shared_ptr<Run> &run)
{
    if (const auto refusal = judgeUrl(run->request.url, run->policy))
        return run->done(*refusal);
    const bool trusted = isOverride(run->request.url, run->policy);
    if (const QHostAddress literal(run->request.url.host()); !literal.isNull())
        return connectTo(run, {literal});             // only an override gets here
    m_resolver.resolve(run->request.url.host(), [self = QPointer(this), run, trusted](Result<QList<QHostAddress>> addresses) {
        if (!self)
            return run->done(Error{Error::Kind::Cancelled, u"stopped"_s});
        if (!addresses)
            return run->done(addresses.error());
        for (const QHostAddress &address : *addresses) {
            if (!trusted && !isPublicAddress(address))
                return run->done(forbidden(u"the name leads to an address that is not public"_s));
        }
        if (addresses->isEmpty())
            return run->done(Error{Error::Kind::Network, u"the name has no address"_s});
        self->connectTo(run, *addresses);
    });
}

void SocketSafeFetch::connectTo(const std::shared_ptr<Run> &run, QList<QHostAddress> addresses)
{
    const auto left = run->policy.totalTimeout - std::chrono::milliseconds(run->age.elapsed());
    if (left.count() <= 0)
        return run->done(Error{Error::Kind::Timeout, u"not fetched in time"_s});
    HttpRequest request = run->request;
    request.timeout = left;
    const QHostAddress address = addresses.takeFirst();
    HttpExchange::Hooks hooks;
    auto isWanted = std::make_shared<bool>(false);
    hooks.head = [isWanted](const ReplyParser &parser) {
        *isWanted = parser.status() >= 200 && parser.status() < 300;
        return judgeHead(parser);
    };
    hooks.piece = [run, isWanted](const QByteArray &piece) {
        if (!*isWanted)
            return;
        run->size += piece.size();
        if (run->piece)
            run->piece(piece);
    };
    hooks.done = [this, run, addresses](const HttpExchange::Outcome &outcome) {
        if (outcome.error && !outcome.requestWritten && outcome.error->kind == Error::Kind::Network && !addresses.isEmpty())
            return connectTo(run, addresses);         // the next of the judged addresses
        if (outcome.error)
            return run->done(*outcome.error);
        finished(run, outcome.status, outcome.headers);
    };
    auto *exchange = new HttpExchange(request, run->policy.idleTimeout, std::move(hooks), this);
    exchange->start(address);
}

void SocketSafeFetch::finished(const std::shared_ptr<Run> &run, int status, const HttpHeaders &headers)
{
    if (!isRedirect(status)) {
        if (status < 200 || status > 299)
            return run->done(statusError(status));
        return run->done(FetchResult{.status = status, .contentType = headerOf(headers, "content-type"),
                                     .fileName = dispositionFileName(headerOf(headers, "content-disposition")),
                                     .size = run->size});
    }
    if (++run->redirects > run->policy.maxRedirects)
        return run->done(Error{Error::Kind::Network, u"too many redirects"_s});
    const QUrl before = run->request.url;
    const QUrl next = before.resolved(QUrl::fromEncoded(headerOf(headers, "location"), QUrl::StrictMode));
    // Secrets stay with the origin they were meant for: storage hosts refuse a second kind of credentials besides those in the address.
    const bool sameOrigin = next.scheme() == before.scheme() && next.host() == before.host() && portOf(next) == portOf(before);
    if (!sameOrigin)
        run->request.headers.clear();
    // Credentials of a call are for the address it was made for alone.
    run->request.headers.removeIf([](const auto &header) { return header.first.compare("authorization", Qt::CaseInsensitive) == 0; });
    run->request.url = next;
    judge(run);
}

} // namespace antiphon
