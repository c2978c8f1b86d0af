#pragma once

#include "core/base/mailbox.h"
#include "core/domain/channel.h"
#include "core/store/database.h"

#include <QStringList>
#include <QUrl>

#include <functional>
#include <map>
#include <memory>

namespace antiphon {

/// Whether an address that stands at a platform ends in this path and query, say "/twilio/callback?inbox=7": of one inbox here, whatever the public address was.
bool leadsTo(const QUrl &registered, const QString &path);

/// Which callback addresses were ours, also before this start: those may be replaced when the tunnel gives another one, anybody else's may not.
/// Lives in the net thread; callbacks don't come any more once it is gone.
class OwnAddresses {
public:
    OwnAddresses(Database &database, Mailbox &mailbox);

    /// Reads a channel's, once.
    void load(Channel channel, const std::function<void()> &then);
    bool contains(Channel channel, const QUrl &address) const;
    QStringList all(Channel channel) const;       ///< newest last
    /// Writes one down before the platform hears of it: after a crash in between it would be taken for somebody else's.
    void note(Channel channel, const QUrl &address, const std::function<void()> &then);

private:
    Database &m_database;
    Mailbox &m_mailbox;
    std::map<Channel, QStringList> m_ours;    ///< registered or about to be, newest last
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

} // namespace antiphon
