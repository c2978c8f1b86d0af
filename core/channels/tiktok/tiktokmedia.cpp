#include "core/channels/tiktok/tiktokmedia.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/tiktok/tiktokerrors.h"
#include "core/net/formdata.h"

namespace antiphon::tiktok {

using namespace Qt::StringLiterals;

namespace {

Result<HttpRequest> readDownload(const HttpReply &reply, const QByteArray &token)
{
    const auto data = readAnswer(reply, Repeatable::Yes);
    if (!data)
        return data.error();
    const QUrl url(json::string(*data, "download_url"_L1), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return Error{Error::Kind::BadPayload, u"no download_url"_s};
    return HttpRequest{.url = url, .headers = {{"x-user", token}}, .maxReplyBytes = kMediaLimit};
}

} // namespace

OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const QString kind = json::string(remote, "kind"_L1);
    if (kind == "url"_L1) {
        const QUrl url(json::string(remote, "url"_L1), QUrl::StrictMode);
        if (!url.isValid() || url.host().isEmpty())
            return knownAnswer<HttpRequest>(Error{Error::Kind::BadPayload, u"no address"_s});
        return knownAnswer<HttpRequest>(HttpRequest{.url = url, .maxReplyBytes = kMediaLimit});
    }
    if (kind != "media"_L1 || json::string(remote, "media_id"_L1).isEmpty())
        return knownAnswer<HttpRequest>(Error{Error::Kind::BadPayload, u"no media"_s});
    const QJsonObject body{{"business_id"_L1, inbox.account},
                           {"conversation_id"_L1, remote.value("conversation_id"_L1)},
                           {"message_id"_L1, remote.value("message_id"_L1)},
                           {"media_id"_L1, remote.value("media_id"_L1)},
                           {"media_type"_L1, remote.value("media_type"_L1)}};
    const QByteArray token = inbox.accessToken.toUtf8();
    return singleCall<HttpRequest>({.method = "POST",
                                    .url = platformUrl(endpoints.api, u"/open_api/v1.3/business/message/media/download/"_s),
                                    .headers = {{"Access-Token", token}, {"Content-Type", "application/json"}},
                                    .body = json::toBytes(body)},
                                   [token](const HttpReply &reply) { return readDownload(reply, token); });
}

QStringList mediaHosts()
{
    return {u"tiktok.com"_s, u"tiktokcdn.com"_s, u"tiktokcdn-us.com"_s, u"tiktokcdn-eu.com"_s, u"tiktokv.com"_s, u"tiktokv.us"_s, u"tiktokv.eu"_s, u"ibyteimg.com"_s, u"byteoversea.com"_s};
}

} // namespace antiphon::tiktok
