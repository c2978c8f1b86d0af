#pragma once

#include "core/base/random.h"
#include "core/intake/catchuprun.h"
#include "core/intake/pacedhttpclient.h"

namespace antiphon {

/// Fills gaps by the platforms' lists, a few inboxes at a time, those with the most waiting customers first; and looks into the lists every now and then,
/// which shows how many webhooks are lost. An inbox that is polled is looked at often: that is how its messages come. Lives in the net thread.
class CatchUp final : public QObject {
public:
    struct Options {
        Milliseconds startDelay{3000};                                 ///< of the first run of a process
        Milliseconds networkDelay{20'000};                             ///< after a sleep or a lost network: the platforms' own retries come first
        Milliseconds lookEvery = std::chrono::minutes(30);
        Milliseconds pollEvery{30'000};                                ///< of inboxes without webhooks
        Milliseconds betweenRequests{334};
        int parallel = 2;
        CatchUpRun::Feed feed{};                                       ///< who reads the feeds of accounts that have one
        std::function<bool()> mayAsk{};                                ///< false while too much waits to be applied; empty: always. Net thread
    };

    CatchUp(const EnrichEnvironment &environment, RandomSource &random, const Options &options, QObject *parent = nullptr);
    ~CatchUp() override;

    void start();
    void stop();                          ///< asks nothing more; what is open is filled after the next start
    void wake();                          ///< there may be something to fill, and nothing speaks against trying now
    std::function<void()> waker();        ///< wake() for any thread, harmless after this is gone
    void networkReturned();

    int running() const { return int(m_running.size()); }

private:
    struct Look {
        std::optional<SteadyTime> due{};
        Timestamp begun{};
        std::optional<Timestamp> last{};          ///< begun, and ended well
    };
    struct Plan {
        QList<InboxId> toFill{};
        QList<inboxes::InboxRow> inboxes{};
        QList<Gap> waitedFor{};
        QList<Gap> held{};                   ///< of inboxes that wait for their owner, and don't say so yet
    };

    void tick();
    void look();
    void follow(const Plan &plan);
    void lookAt(const Inbox &inbox);
    void begin(const CatchUpRun::Order &order);
    void ended(InboxId inbox, const std::optional<Error> &error);
    void settleGaps(const char *name, const QList<Gap> &settled, Gap::State state, Gap::Reason::Code code);
    void keepAlive();
    Milliseconds everyOf(const Inbox &inbox) const;
    Milliseconds firstLookAfter(const Inbox &inbox, const CatchUpDepth &depth) const;

    PacedHttpClient m_http;
    const EnrichEnvironment m_environment;
    const Options m_options;
    const QString m_owner;
    std::shared_ptr<bool> m_alive;
    QHash<InboxId, std::shared_ptr<CatchUpRun>> m_running;      ///< without a run while its lease is asked for
    QHash<InboxId, int> m_attempts;
    QHash<InboxId, SteadyTime> m_notBefore;
    QHash<InboxId, Look> m_looks;
    QTimer m_tick;
    QTimer m_heartbeat;
    SteadyTime m_heldUntil{};
    SteadyTime m_nextLook{};
    bool m_isLooking = false;
    bool m_isWanted = false;
    bool m_isStopped = true;
};

} // namespace antiphon
