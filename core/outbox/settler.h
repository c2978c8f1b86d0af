#pragma once

#include "core/accounts/tokensource.h"
#include "core/net/httpclient.h"
#include "core/outbox/outgoing.h"

#include <QObject>

#include <map>

namespace antiphon {

/// Sends whose answer was lost: for up to a minute and a half they are looked for in the platform's list, while the way in does the same with echoes.
/// Then the agent must be asked. Never repeats a request. Knows no table: what it finds it hands to its owner. Lives in the net thread.
class Settler final : public QObject {
    Q_OBJECT
public:
    /// An item of the list that may be the lost send.
    struct Find {
        QString sourceId{};
        Timestamp at{};
    };
    struct Hooks {
        std::function<void(const Outgoing &, const QList<Find> &)> found{};    ///< oldest first; the first that nobody knows is it
        std::function<void(const Outgoing &)> givenUp{};
    };

    Settler(HttpClient &http, TokenSource &tokens, const ChannelRegistry &channels, const Clock &clock, Hooks hooks, QObject *parent);

    void add(const Outgoing &outgoing, Timestamp until);
    void remove(OutboxId id) { m_lost.erase(id); }
    bool isEmpty() const { return m_lost.empty(); }

    void look();                                 ///< asks and gives up what is due now; call every second

private:
    struct Lost {
        Outgoing outgoing{};
        Timestamp until{};
        SteadyTime since{};
        int lists = 0;
        bool isListing = false;
    };

    void list(OutboxId id);
    void compare(OutboxId id, const ChannelAdapter &adapter, const ChannelAdapter::ThreadPage &page);

    HttpClient &m_http;
    TokenSource &m_tokens;
    const ChannelRegistry &m_channels;
    const Clock &m_clock;
    Hooks m_hooks;
    std::map<OutboxId, Lost> m_lost;
};

} // namespace antiphon
