#pragma once

#include "core/channels/meta/graph.h"

namespace antiphon::meta {

/// Calls in the name of one account, with the token and its proof in the query as Meta's pages have them.
class GraphAccess {
public:
    /// @param isProven the application's secret proves that the token is ours; without a secret the proof is left out.
    GraphAccess(const InboxCredentials &inbox, const ChannelEndpoints &endpoints, bool isProven);

    HttpRequest get(const QString &path, QueryItems query = {}) const;
    HttpRequest postQuery(const QString &path, QueryItems query = {}) const;
    HttpRequest postJson(const QString &path, const QJsonObject &body) const;
    HttpRequest remove(const QString &path, QueryItems query = {}) const;

private:
    HttpRequest request(const QByteArray &method, const QString &path, QueryItems query) const;

    ChannelEndpoints m_endpoints;
    QString m_token;
    QString m_proof;
};

} // namespace antiphon::meta
