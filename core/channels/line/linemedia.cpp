#include "core/channels/line/linemedia.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
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
    const QString path = u"/v2/bot/message/"_s + QString::fromLatin1(QUrl::toPercentEncoding(id)) + u"/content"_s;
    return knownAnswer<HttpRequest>(HttpRequest{.url = platformUrl(endpoints.data.isEmpty() ? endpoints.api : endpoints.data, path),
                                                .headers = {{"Authorization", "Bearer " + inbox.accessToken.toUtf8()}},
                                                .timeout = kDownloadTimeout,
                                                .maxReplyBytes = kMediaLimit});
}

QStringList mediaHosts()
{
    return {u"*"_s};          // LINE's own, and whatever host another provider keeps a file on: only the first hears our token
}

} // namespace antiphon::line
