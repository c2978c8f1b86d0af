#pragma once

#include "core/accounts/credentialvault.h"
#include "core/accounts/ownaddresses.h"
#include "core/base/clock.h"
#include "core/channels/channelregistry.h"
#include "core/net/httpclient.h"

#include <QObject>

#include <functional>

namespace antiphon {

/// Tells a platform that an account is gone from here. Best effort, no longer than its few calls take: what failed, or what no call can do, is said in the log, and
/// changes nothing for the owner. What serves others is never taken off:
/// - Where each account has an address of its own, it is asked whose stands there. This inbox's is taken out, anybody else's stays. Where that is a call of its own
///   (`withdraw()`), it is the only one: what the application is subscribed to besides (a WhatsApp Business account) may serve other numbers, of other
///   installations too, and stays. The same where no address stands there.
/// - Where the application has one address for all (a Facebook Page, Instagram), a subscription names none, and who has moved to another machine with the same
///   application would silence that one. It is ended only where this inbox was brought a webhook here within the last 24 hours (kFedFor); else it stays.
/// - Before each call it is asked anew who lives here on the same: an account may be connected again meanwhile. Where one is found only after a call, its
///   subscription is looked at again.
/// What stays is said in the log, with who can take it off. Lives in the net thread.
class Farewells final : public QObject {
public:
    static constexpr std::chrono::hours kFedFor{24};

    struct Parting {
        InboxId inbox{};
        Channel channel{};
        InboxCredentials credentials{};
        std::optional<AppCredentials> app{};
        QUrl callback{};                 ///< where its webhooks are brought; empty where no public address is known
        std::optional<Timestamp> lastWebhookAt{};        ///< here, of this inbox
    };
    struct Surroundings {
        const ChannelRegistry &channels;
        HttpClient &http;
        const Clock &clock;
        OwnAddresses &ours;              ///< outlives this
        /// Inboxes that are here now and are the same account at the platform.
        std::function<QList<InboxId>(const Parting &)> sameAccount{};
        /// Those, and others that get their messages by the very subscription.
        std::function<QList<InboxId>(const Parting &)> sameSubscription{};
        std::function<void(InboxId)> ensure{};           ///< looks at an inbox's subscription again
    };
    explicit Farewells(const Surroundings &surroundings, QObject *parent = nullptr);

    void tell(const Parting &parting);

private:
    void inspect(const Parting &parting);
    void compare(const Parting &parting, const WebhookRegistration &found);
    void withdraw(const Parting &parting, const QUrl &callback);
    bool unsubscribe(const Parting &parting);
    void endShared(const Parting &parting);
    void lookAgain(const QList<InboxId> &inboxes) const;
    void revoke(const Parting &parting);
    bool isIts(const Parting &parting, const QUrl &registered) const;

    const Surroundings m_s;
};

} // namespace antiphon
