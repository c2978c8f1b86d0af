#pragma once

#include "core/intake/enrichtask.h"

#include <functional>
#include <memory>

namespace antiphon {

/// Reads the feed of one account, page after page, until it is stopped. Events and the cursor behind them are stored in one transaction, and only then is the
/// next page asked for with that cursor, which tells the platform that they are safe: a process that dies in between gets them again, and their keys tell.
/// Net thread.
class FeedReader final : public std::enable_shared_from_this<FeedReader> {
public:
    struct Order {
        Inbox inbox{};
        QString owner{};                     ///< of the lease that is held for it
    };
    struct Pauses {
        Milliseconds first{1000};            ///< after a failure; doubled up to `longest`
        Milliseconds longest{60'000};
        Milliseconds conflict{60'000};       ///< while somebody else reads it
        Milliseconds pressure{1000};         ///< while too much waits to be applied
        Milliseconds empty{600};             ///< an empty answer that came sooner is not asked for again at once
        Milliseconds underWay{20'000};       ///< beside webhooks: what is younger may still come by its own
    };
    struct Hooks {
        std::function<bool()> mayAsk{};                              ///< empty: always
        std::function<void(std::function<void()>)> prepare{};        ///< before the first read; empty: nothing is to be done
        std::function<void()> leaseLost{};                           ///< another process reads it now; the reader has stopped
    };

    static constexpr QLatin1StringView kCursor{"feed"};
    static QString leaseKey(InboxId inbox) { return QStringLiteral("feed:%1").arg(inbox.value()); }
    static constexpr Milliseconds kLease{60'000};

    /// @param environment outlives the reader
    FeedReader(const EnrichEnvironment &environment, Order order, const Pauses &pauses, Hooks hooks);

    void start();
    void stop();          ///< at once, also while the platform holds its answer back: what it gives then is not taken, and comes again
    void wake();          ///< what it waits for may be over
    void readSoon();      ///< there may be news; a pause that the platform or a failure asked for stays

    /// When the last read began after which nothing was left: everything before it has come.
    std::optional<Timestamp> drainedAt() const { return m_drainedAt; }

private:
    struct Start {
        QString cursor{};
        QString notice{};
    };
    using Page = ChannelAdapter::FeedPage;

    bool isBeside() const { return m_order.inbox.delivery == Inbox::Delivery::Both; }
    void read();
    void take(const Result<Page> &page);
    void failed(const Error &error);
    void hold(const Page &page);
    void store(const Page &page);
    void stored(const Page &page);
    void after(Milliseconds pause, std::function<void()> what);
    void setNotice(const QString &kind);

    const EnrichEnvironment &m_environment;
    const Order m_order;
    const Pauses m_pauses;
    const Hooks m_hooks;
    const ChannelAdapter *m_adapter = nullptr;
    QString m_cursor;
    Timestamp m_since{};
    Timestamp m_begun{};                         ///< of the read under way
    SteadyTime m_begunSteady{};
    std::optional<Timestamp> m_drainedAt{};
    QString m_notice;                            ///< of ours, as it stands
    int m_failures = 0;                          ///< in a row
    int m_turn = 0;                              ///< what waits for an older one is off
    bool m_isWaiting = false;                    ///< for a pause to end before the next read
    bool m_isStopped = false;
};

} // namespace antiphon
