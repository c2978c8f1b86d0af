#include "core/channels/meta/graphaccess.h"

#include "core/base/json.h"

namespace antiphon::meta {

using namespace Qt::StringLiterals;

GraphAccess::GraphAccess(const InboxCredentials &inbox, const ChannelEndpoints &endpoints, bool isProven)
    : m_endpoints(endpoints), m_token(inbox.accessToken)
{
    if (isProven && !inbox.appSecret.isEmpty())
        m_proof = appSecretProof(inbox.accessToken, inbox.appSecret);
}

HttpRequest GraphAccess::request(const QByteArray &method, const QString &path, QueryItems query) const
{
    query.append({u"access_token"_s, m_token});
    if (!m_proof.isEmpty())
        query.append({u"appsecret_proof"_s, m_proof});
    return {.method = method, .url = graphUrl(m_endpoints, path, query)};
}

HttpRequest GraphAccess::get(const QString &path, QueryItems query) const
{
    return request("GET", path, std::move(query));
}

HttpRequest GraphAccess::postQuery(const QString &path, QueryItems query) const
{
    return request("POST", path, std::move(query));
}

HttpRequest GraphAccess::postJson(const QString &path, const QJsonObject &body) const
{
    HttpRequest made = request("POST", path, {});
    made.headers = {{"Content-Type", "application/json"}};
    made.body = json::toBytes(body);
    return made;
}

HttpRequest GraphAccess::remove(const QString &path, QueryItems query) const
{
    return request("DELETE", path, std::move(query));
}

} // namespace antiphon::meta
