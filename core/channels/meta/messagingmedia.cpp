#include "core/channels/meta/messagingmedia.h"

#include "core/base/json.h"
#include "core/channels/calls.h"

namespace antiphon::meta {

using namespace Qt::StringLiterals;

OperationPtr<HttpRequest> fetchByAddress(const QJsonObject &remote)
{
    const QUrl url(json::string(remote, "url"_L1), QUrl::StrictMode);
    if (json::string(remote, "kind"_L1) != "url"_L1 || !url.isValid() || url.host().isEmpty())
        return knownAnswer<HttpRequest>(Error{Error::Kind::BadPayload, u"no address"_s});
    return knownAnswer<HttpRequest>(HttpRequest{.url = url, .maxReplyBytes = kMediaLimit});
}

QStringList mediaHosts()
{
    return {u"fbcdn.net"_s, u"fbsbx.com"_s, u"cdninstagram.com"_s, u"lookaside.facebook.com"_s, u"lookaside.instagram.com"_s};
}

} // namespace antiphon::meta
