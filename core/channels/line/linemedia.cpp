#include "core/channels/line/linemedia.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/line/lineapi.h"
#include "core/net/formdata.h"

namespace antiphon::line {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kDownloadTimeout{300'000};

OperationPtr<HttpRequest> publicFile(const QString &address)
{
    const QUrl url(address, QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != "https"_L1 || url.host().isEmpty())
        return knownAnswer<HttpRequest>(Error{Error::Kind::BadPayload, u"no address"_s});
    return knownAnswer<HttpRequest>(HttpRequest{.url = url, .timeout = kDownloadTimeout, .maxReplyBytes = kMediaLimit});
}

QUrl contentUrl(const QString &id, const ChannelEndpoints &endpoints, QLatin1StringView end = {})
{
    const QString path = u"/v2/bot/message/"_s + QString::fromLatin1(QUrl::toPercentEncoding(id)) + u"/content"_s + end;
    return platformUrl(endpoints.data.isEmpty() ? endpoints.api : endpoints.data, path);
}

HttpRequest contentOf(const QString &id, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    HttpRequest request = get(contentUrl(id, endpoints), inbox.accessToken);
    request.timeout = kDownloadTimeout;
    request.maxReplyBytes = kMediaLimit;
    return request;
}

/// Of sound and video LINE makes the file that is fetched, and may fail to.
Result<HttpRequest> readPrepared(const HttpReply &reply, const HttpRequest &content)
{
    const auto answer = readAnswer(reply, Call::Plain);
    if (!answer && answer.error().kind == Error::Kind::Unauthorized)
        return answer.error();
    const QString status = answer ? json::string(*answer, "status"_L1) : QString();
    if (status == "processing"_L1)
        return Error{.kind = Error::Kind::Unavailable, .detail = u"LINE is still preparing the file"_s, .code = u"202"_s};
    if (status == "failed"_L1)
        return Error{Error::Kind::BadPayload, u"LINE could not prepare the file"_s};
    return content;          // done, or not told: the file itself says
}

} // namespace

OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    for (const QLatin1StringView key : {"sticker"_L1, QLatin1StringView("external")}) {
        if (const QString address = json::string(remote, key); !address.isEmpty())
            return publicFile(address);
    }
    const QString id = json::string(remote, "id"_L1);
    if (id.isEmpty())
        return knownAnswer<HttpRequest>(Error{Error::Kind::BadPayload, u"no media"_s});
    const HttpRequest content = contentOf(id, inbox, endpoints);
    if (!remote.value("prepared"_L1).toBool())
        return knownAnswer<HttpRequest>(content);
    return singleCall<HttpRequest>(get(contentUrl(id, endpoints, "/transcoding"_L1), inbox.accessToken),
                                   [content](const HttpReply &reply) { return readPrepared(reply, content); });
}

QStringList mediaHosts()
{
    return {u"*"_s};          // LINE's own, and whatever host another provider keeps a file on: only the first hears our token
}

} // namespace antiphon::line
