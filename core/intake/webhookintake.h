#pragma once

#include "core/accounts/tokensource.h"
#include "core/channels/channelregistry.h"
#include "core/intake/acklatency.h"
#include "core/intake/journal.h"
#include "core/intake/rarewarning.h"

#include <deque>

namespace antiphon {

/// What goes back to the platform.
struct IntakeReply {
    int status = 200;
    QByteArray body{};
    QByteArray contentType{};                             ///< empty: none
    std::optional<std::chrono::seconds> retryAfter{};
};

/// The way in for webhooks: checks the signature over the raw bytes, journals the delivery, answers once that is on the disk. Nothing else happens before the
/// answer: no event is read, nothing is looked up in the database, nobody is called. A body is read only as far as its signature needs it: what a platform signs
/// may be the fields of a form (Twilio's) and not the bytes, and whose secret it is may stand among them. A GET is a platform's question whether the address is
/// ours. Lives in the net thread.
class WebhookIntake {
public:
    /// A request that was turned away, for the diagnosis page. Never its body.
    struct Refusal {
        Timestamp at{};
        QString route{};
        QString reason{};
    };
    using Done = std::function<void(IntakeReply)>;

    WebhookIntake(const ChannelRegistry &channels, const TokenSource &tokens, Journal &journal, const Clock &clock, Mailbox &mailbox);

    /// `done` is called exactly once, in the net thread; for refusals before this returns.
    void receive(Channel channel, RawWebhook hook, Done done);

    /// How far a signed time may be off before a delivery counts as stale. A setting of the workspace.
    void setTolerance(std::chrono::seconds tolerance) { m_tolerance = tolerance; }
    /// No more is taken: everything is asked to come again.
    void close() { m_isClosed = true; }

    const AckLatency &latency() const { return *m_latency; }                  ///< from the request to the answer after its commit
    const std::deque<Refusal> &refusals() const { return m_refusals; }        ///< the last 20
    /// Bad signatures that are not in the counters of the database yet; taking them starts anew. Any thread.
    qint64 takeRejected() { return m_rejected.exchange(0); }
    qint64 rejected() const { return m_rejected; }
    /// Webhooks for an inbox that is not here (any more) and that nobody's secret could check: dropped. As with the rejected.
    qint64 takeUnknown() { return m_unknown.exchange(0); }
    qint64 unknown() const { return m_unknown; }

private:
    IntakeReply shakeHands(const ChannelAdapter &adapter, const RawWebhook &hook);
    Verification verify(const ChannelAdapter &adapter, const RawWebhook &hook, const WebhookSigners &signers) const;
    void drop(Channel channel, const RawWebhook &hook);
    void refuse(const RawWebhook &hook, const QString &reason);
    void remember(const RawWebhook &hook, const QString &reason);

    const ChannelRegistry &m_channels;
    const TokenSource &m_tokens;
    Journal &m_journal;
    const Clock &m_clock;
    Mailbox &m_mailbox;
    std::chrono::seconds m_tolerance{300};
    bool m_isClosed = false;
    bool m_isPressed = false;                             ///< said so in the log
    std::shared_ptr<AckLatency> m_latency = std::make_shared<AckLatency>();   // answers may come after this is gone
    std::deque<Refusal> m_refusals;
    std::atomic<qint64> m_rejected{0};
    std::atomic<qint64> m_unknown{0};
    RareWarning m_warnings;
};

} // namespace antiphon
