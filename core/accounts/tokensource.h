#pragma once

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/channels/webhook.h"
#include "core/domain/inbox.h"

#include <QList>

#include <functional>

namespace antiphon {

/// Whose secrets may have signed a webhook, or verify its address.
struct WebhookSigners {
    QList<AppCredentials> candidates{};   ///< applications in the adapter's order, then the inbox that the path names
    bool isKnown = true;                  ///< the path names no inbox, or one of ours

    bool haveSecret() const;              ///< some signature could be right
};

/// Secrets for those who call a platform or check its signature. Nobody else sees one in the clear.
class TokenSource {
public:
    using Done = std::function<void(Result<InboxCredentials>)>;

    virtual ~TokenSource() = default;

    /// The application of a platform, from memory. Any thread. NotFound where none is entered; Unavailable while the keychain is locked.
    virtual Result<AppCredentials> app(Channel channel) const = 0;

    /// Who may have signed a webhook with these keys, from memory. Any thread. Unavailable while the keychain is locked.
    /// This one knows the applications and no inbox.
    virtual Result<WebhookSigners> signers(Channel channel, const WebhookKeys &keys) const;

    /// Credentials that are good now: an access token near its end is renewed first, once for all who ask (single flight). Net thread.
    /// Unauthorized: the inbox waits for its owner. Unavailable: the keychain is locked. Network and the like: could not be renewed now.
    virtual void credentials(InboxId inbox, Done done) = 0;

    /// The platform refused `rejectedToken`: renews it unless somebody else already did. Net thread.
    virtual void renew(InboxId inbox, const QString &rejectedToken, Done done) = 0;

    /// The owner must agree again: sets the inbox to reauthorization_required, with the reason (a word) for the log and the check. Net thread.
    virtual void requireOwner(InboxId inbox, const QString &reason) = 0;

    /// The inbox is of this state in the database by now: the platform took the account away, or gave it back. Net thread.
    virtual void noteState(InboxId, Inbox::State) {}

    /// The inbox's settings are these in the database by now: the platform told something that calls need. Net thread.
    virtual void noteSettings(InboxId, const QJsonObject &) {}
};

} // namespace antiphon
