#include "core/channels/whatsapp/whatsappmedia.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/whatsapp/whatsapperrors.h"

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;
using meta::Repeatable;

namespace {

constexpr std::chrono::milliseconds kDownloadTimeout{300'000};

Result<HttpRequest> readAddress(const HttpReply &reply, const QByteArray &token)
{
    const auto answer = readAnswer(reply, Repeatable::Yes);
    if (!answer) {
        Error error = answer.error();
        if (error.code == "100"_L1 || error.code.startsWith("100."_L1))      // "Object with ID … does not exist"
            error.kind = Error::Kind::NotFound;
        return error;
    }
    if (json::integer(answer->value("file_size"_L1)).value_or(0) > kMediaLimit)
        return Error{Error::Kind::ChannelLimit, u"over 100 MB"_s};
    const QUrl url(json::string(*answer, "url"_L1), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return Error{Error::Kind::BadPayload, u"no url"_s};
    return HttpRequest{.url = url,
                       .headers = {{"Authorization", "Bearer " + token}, {"User-Agent", "Antiphon/" ANTIPHON_VERSION}},
                       .timeout = kDownloadTimeout,
                       .maxReplyBytes = kMediaLimit};
}

} // namespace

OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const QString id = json::string(remote, "id"_L1);
    if (id.isEmpty())
        return knownAnswer<HttpRequest>(Error{Error::Kind::BadPayload, u"no media"_s});
    const QUrl url = meta::graphUrl(endpoints, QString::fromLatin1(QUrl::toPercentEncoding(id)), {{u"phone_number_id"_s, inbox.account}});
    return singleCall<HttpRequest>(meta::graphGet(url, inbox.accessToken),
                                   [token = inbox.accessToken.toUtf8()](const HttpReply &reply) { return readAddress(reply, token); });
}

QStringList mediaHosts()
{
    return {u"lookaside.fbsbx.com"_s, u"fbsbx.com"_s, u"fbcdn.net"_s, u"whatsapp.net"_s, u"graph.facebook.com"_s};
}

} // namespace antiphon::whatsapp
