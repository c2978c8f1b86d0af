#pragma once

#include "core/channels/meta/graphaccess.h"

namespace antiphon::instagram {

/// The setting of an inbox whose account is reached by way of the Facebook Page it is linked to: the Page's id.
inline constexpr QLatin1StringView kPageSetting("page_id");

bool isByPage(const QJsonObject &settings);

/// How the calls for one account are made. By Instagram Login: in its own name, at Instagram's host. By way of a Page: in the Page's name at Facebook's host
/// (`ChannelEndpoints::data`), with the Page's token, which Facebook's application proves to be its own.
/// @see https://developers.facebook.com/docs/messenger-platform/instagram
class Access {
public:
    Access(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

    bool isByPage() const { return m_isByPage; }
    const QString &node() const { return m_node; }                    ///< whose messages and subscription they are: the account's id, or the Page's
    QString lister() const;                                           ///< whose conversations are listed
    const meta::GraphAccess &graph() const { return m_graph; }
    /// A body to the account's messages.
    HttpRequest postMessage(const QJsonObject &body) const;

private:
    bool m_isByPage = false;
    QString m_node;
    QString m_token;
    ChannelEndpoints m_endpoints;                                     ///< `api` is the host of this account's calls
    meta::GraphAccess m_graph;
};

} // namespace antiphon::instagram
