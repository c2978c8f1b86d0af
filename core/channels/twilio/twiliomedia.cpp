#include "core/channels/twilio/twiliomedia.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/twilio/twilioapi.h"
#include "core/channels/twilio/twiliolisted.h"

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kDownloadTimeout{300'000};

Result<HttpRequest> requestFor(const QString &address, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    HttpRequest request{.timeout = kDownloadTimeout, .maxReplyBytes = kMediaLimit};
    if (const QUrl own = toldUrl(address, Host::Api, endpoints); own.isValid() && !own.isEmpty()) {
        request.url = own;
        request.headers = {{"Authorization", authorization(inbox)}};
        return request;
    }
    request.url = QUrl(address, QUrl::StrictMode);
    if (!request.url.isValid() || request.url.host().isEmpty() || request.url.scheme() != "https"_L1)
        return Error{Error::Kind::BadPayload, u"no address of a file"_s};
    return request;
}

} // namespace

OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    if (const QString address = json::string(remote, "url"_L1); !address.isEmpty())
        return knownAnswer<HttpRequest>(requestFor(address, inbox, endpoints));
    const QString message = json::string(remote, "message"_L1);
    const qint64 index = json::integer(remote.value("index"_L1)).value_or(-1);
    if (message.isEmpty() || index < 0)
        return knownAnswer<HttpRequest>(Error{Error::Kind::BadPayload, u"no media"_s});
    return singleCall<HttpRequest>(get(mediaListUrl(message, inbox, endpoints), inbox), [index, inbox, endpoints](const HttpReply &reply) -> Result<HttpRequest> {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return answer.error();
        const QList<ListedFile> files = listedFiles(*answer);
        if (index >= files.size())
            return Error{Error::Kind::NotFound, u"the message has no such file any more"_s};
        return requestFor(files.at(index).address, inbox, endpoints);
    });
}

QStringList mediaHosts()
{
    return {u"*"_s};          // Twilio redirects to hosts that it doesn't name; only its own hear our credentials
}

} // namespace antiphon::twilio
