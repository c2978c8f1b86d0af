#pragma once

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/domain/channel.h"

#include <functional>

namespace antiphon {

/// Secrets for those who call a platform or check its signature. Nobody else sees one in the clear.
class TokenSource {
public:
    using Done = std::function<void(Result<InboxCredentials>)>;

    virtual ~TokenSource() = default;

    /// The application of a platform, from memory. Any thread. NotFound where none is entered; Unavailable while the keychain is locked.
    virtual Result<AppCredentials> app(Channel channel) const = 0;

    /// Credentials that are good now: an access token near its end is renewed first, once for all who ask (single flight). Net thread.
    /// Unauthorized: the inbox waits for its owner. Unavailable: the keychain is locked. Network and the like: could not be renewed now.
    virtual void credentials(InboxId inbox, Done done) = 0;

    /// The platform refused `rejectedToken`: renews it unless somebody else already did. Net thread.
    virtual void renew(InboxId inbox, const QString &rejectedToken, Done done) = 0;

    /// The owner must agree again: sets the inbox to reauthorization_required, with the reason (a word) for the log and the check. Net thread.
    virtual void requireOwner(InboxId inbox, const QString &reason) = 0;
};

} // namespace antiphon
