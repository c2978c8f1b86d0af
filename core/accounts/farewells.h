#pragma once

#include "core/accounts/credentialvault.h"
#include "core/accounts/ownaddresses.h"
#include "core/channels/channelregistry.h"
#include "core/net/httpclient.h"

#include <QObject>

namespace antiphon {

/// Tells a platform that an account is gone from here: its address is taken out where it is still this inbox's, and its events are asked for no more. Another
/// installation's address is left alone. Best effort, no longer than its few calls take: what failed, or what no call can do, is said in the log, and changes nothing
/// for the owner. Lives in the net thread.
class Farewells final : public QObject {
public:
    struct Surroundings {
        const ChannelRegistry &channels;
        HttpClient &http;
        OwnAddresses &ours;              ///< outlives this
    };
    struct Parting {
        InboxId inbox{};
        Channel channel{};
        InboxCredentials credentials{};
        std::optional<AppCredentials> app{};
        QUrl callback{};                 ///< where its webhooks are brought; empty where no public address is known
        bool isShared = false;           ///< other inboxes live on its subscription
    };
    explicit Farewells(const Surroundings &surroundings, QObject *parent = nullptr);

    void tell(const Parting &parting);

private:
    void inspect(const Parting &parting);
    void compare(const Parting &parting, const WebhookRegistration &found);
    void withdraw(const Parting &parting, const QUrl &callback);
    bool unsubscribe(const Parting &parting);
    void revoke(const Parting &parting);
    bool isIts(const Parting &parting, const QUrl &registered) const;

    const Surroundings m_s;
};

} // namespace antiphon
