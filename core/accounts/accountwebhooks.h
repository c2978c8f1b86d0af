#pragma once

#include "core/base/id.h"

#include <QUrl>

#include <functional>

namespace antiphon {

/// The webhooks of single accounts, for who reads an account's feed in their place or beside them. Net thread.
class AccountWebhooks {
public:
    virtual ~AccountWebhooks() = default;

    /// Points the platform where it should: at this server or, for an inbox that is polled, nowhere. Another installation's address is left alone.
    /// @param done called once, whatever came of it
    virtual void settle(InboxId inbox, std::function<void()> done) = 0;
    /// Whether a registered address is this server's, now or formerly. After settle().
    virtual bool isOurs(InboxId inbox, const QUrl &callback) const = 0;
};

} // namespace antiphon
