#pragma once

#include "core/accounts/accountwebhooks.h"
#include "core/domain/gap.h"
#include "core/intake/enrichtask.h"

#include <QSet>

namespace antiphon {

/// One walk through a platform's lists for one inbox: what is new goes the way of every webhook (same keys, same lanes), and at the end the gaps it was
/// for say what became of them. A process that dies in it loses nothing: the gaps are still open, and what was stored is known by its keys. Net thread.
class CatchUpRun final : public std::enable_shared_from_this<CatchUpRun> {
public:
    struct Order {
        InboxId inbox{};
        QString owner{};                         ///< of the lease that is held for it
        int attempts = 0;                        ///< that failed before
        std::optional<Timestamp> lookSince{};    ///< only a look at what moved since, for no gap
        std::optional<Timestamp> lookUntil{};    ///< leaves out what is younger: its webhook may be under way
        bool countsLost = false;                 ///< what a look finds was lost
    };
    /// Of accounts with a feed, who reads it and what its webhooks do.
    struct Feed {
        std::function<std::optional<Timestamp>(InboxId)> drainedAt{};    ///< everything before it came; empty: nobody reads
        std::function<void(InboxId)> readAgain{};                        ///< without waiting for what the platform holds back; may be empty
        AccountWebhooks *webhooks = nullptr;                             ///< may be null
    };
    using Done = std::function<void(const std::optional<Error> &error)>;

    /// How much earlier than a gap is fetched: what comes twice is dropped by its key.
    static constexpr Milliseconds kOverlap = std::chrono::minutes(10);
    static QString leaseKey(InboxId inbox) { return QStringLiteral("catch_up:%1").arg(inbox.value()); }
    static constexpr Milliseconds kLease{60'000};

    /// @param environment outlives the run; its HttpClient paces
    /// @param mayAsk false while too much waits to be applied: then it waits too; empty: always
    CatchUpRun(const EnrichEnvironment &environment, Order order, std::function<bool()> mayAsk, Feed feed, Done done);

    void start();
    void stop();          ///< nothing more is asked or written; `done` isn't called

private:
    /// A gap this run fills, and what it found out for it.
    struct Work {
        Gap gap{};
        QSet<QString> touched{};                 ///< threads that got something
        QSet<QString> doubtful{};                ///< threads whose list ended before the gap did
    };
    struct Sifted {
        QList<QList<SplitEvent>> fresh{};        ///< by gap; one list where there is none
        QList<bool> isTouched{};
        QList<bool> isReached{};                 ///< the page goes back to before the gap
    };

    bool isLook() const { return m_order.lookSince.has_value(); }
    void listThreads();
    void nextThread();
    void takePage(const Result<ChannelAdapter::ThreadPage> &page);
    void sift(const ChannelAdapter::ThreadPage &page);
    static Result<Sifted> siftPage(ReadTransaction &tx, InboxId inbox, const ChannelAdapter::ThreadPage &page, const QList<Gap> &gaps, Timestamp since,
                                   std::optional<Timestamp> until);
    void storeFresh(const QList<QList<SplitEvent>> &fresh, qsizetype index);
    void readFeed();
    void takeFeedPage(const Result<ChannelAdapter::FeedPage> &page);
    void awaitReader();
    void awaitWebhook();
    void takeWebhook(const Result<WebhookRegistration> &found);
    void takeWebhookOff();
    void putWebhookBack(std::function<void()> then);
    void later(Milliseconds pause, std::function<void()> what);
    void waitUntilApplied();
    struct Ending;
    void finish();
    void lookForBrought(const std::shared_ptr<Ending> &ending);
    void markMore(const std::shared_ptr<Ending> &ending);
    void settle(const std::shared_ptr<Ending> &ending);
    QList<Gap::Reason> reasonsFor(const Work &work) const;
    Gap::State stateFor(const Work &work, const QList<Gap::Reason> &reasons) const;
    void fail(const Error &error);
    void end(const std::optional<Error> &error);
    void commit(const char *name, std::function<Result<void>(WriteTransaction &)> work, const std::optional<Error> &error);
    deliveries::Delivery delivery(const QList<SplitEvent> &events, qsizetype gap) const;

    const EnrichEnvironment &m_environment;
    const Order m_order;
    const std::function<bool()> m_mayAsk;
    const Feed m_feed;
    Done m_done;
    const ChannelAdapter *m_adapter = nullptr;
    CatchUpDepth m_depth{};
    Inbox m_inbox{};
    QList<Work> m_work{};
    Timestamp m_since{};
    QStringList m_threads{};
    QString m_thread{};                          ///< in hand
    QString m_older{};                           ///< of that thread: where its list goes on
    bool m_isFeed = false;
    bool m_isWebhookOff = false;                 ///< we took it off, to read what waits
    QString m_cursor{};                          ///< of that feed
    bool m_isFeedRead = false;
    bool m_isReadByOther = false;                ///< its own reader brought what there was
    bool m_isBrought = false;                    ///< the platform itself brings what waits, by webhooks
    std::optional<Timestamp> m_cameBefore{};     ///< of an account with a feed: what came until then shall be applied, whoever brought it
    Timestamp m_begun{};
    bool m_isEveryThreadListed = true;
    QString m_remark{};                          ///< why not
    int m_foreign = 0;                           ///< listed messages of others
    int m_unreadable = 0;
    QSet<QString> m_lanes{};                     ///< that got something
    SteadyTime m_waitingSince{};
    bool m_isStopped = false;
};

} // namespace antiphon
