#include "core/channels/instagram/instagramaccess.h"

namespace antiphon::instagram {

using namespace Qt::StringLiterals;

namespace {

ChannelEndpoints endpointsOf(bool isByPage, const ChannelEndpoints &endpoints)
{
    return isByPage ? ChannelEndpoints{.api = endpoints.data} : endpoints;
}

} // namespace

bool isByPage(const QJsonObject &settings)
{
    const QJsonValue page = settings.value(kPageSetting);
    return !page.isUndefined() && !page.isNull();
}

Access::Access(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
    : m_isByPage(instagram::isByPage(inbox.settings))
    , m_node(m_isByPage ? inbox.settings.value(kPageSetting).toString() : inbox.account)
    , m_token(inbox.accessToken)
    , m_endpoints(endpointsOf(m_isByPage, endpoints))
    , m_graph(inbox, m_endpoints, m_isByPage)
{
}

QString Access::lister() const
{
    return m_isByPage ? m_node : u"me"_s;
}

HttpRequest Access::postMessage(const QJsonObject &body) const
{
    const QString path = m_node + "/messages"_L1;
    return m_isByPage ? m_graph.postJson(path, body) : meta::graphPost(meta::graphUrl(m_endpoints, path), body, m_token);
}

} // namespace antiphon::instagram
