#pragma once

#include "core/accounts/accountwebhooks.h"
#include "core/base/random.h"
#include "core/intake/feedreader.h"

#include <QObject>
#include <QTimer>

namespace antiphon {

/// Keeps a reader for every account whose messages come by its feed: those of delivery "poll", and those of "both" where a feed may be read beside webhooks.
/// One reader at a time, also across processes (a lease). Lives in the net thread.
class Feeds final : public QObject {
public:
    struct Options {
        FeedReader::Pauses pauses{};
        std::function<bool()> mayAsk{};            ///< false while too much waits to be applied; empty: always. Net thread
        AccountWebhooks *webhooks = nullptr;       ///< takes webhooks off where a platform has one receiver; may be null
        Milliseconds lookEvery{30'000};
    };

    /// @param environment's parts outlive this
    Feeds(const EnrichEnvironment &environment, RandomSource &random, const Options &options, QObject *parent = nullptr);
    ~Feeds() override;

    void start();
    void stop();                       ///< at once; nothing more is asked or stored
    void look();                       ///< an inbox was made, changed or deleted
    /// What kept a reader waiting may be over; `inbox` null: of all of them.
    void wake(InboxId inbox = {});
    /// Something was sent there: what became of it is read after 5 s and after 15 s, not only in the feed's own time.
    void expectStatus(InboxId inbox);
    void networkReturned();            ///< connections from before a sleep may hang
    void readAgain(InboxId inbox);     ///< at once, without waiting for what the platform holds back

    /// Everything that came to this inbox before that time is here; nothing while that isn't known.
    std::optional<Timestamp> drainedAt(InboxId inbox) const;
    int reading() const;

private:
    void follow(const QList<inboxes::InboxRow> &rows);
    void begin(const Inbox &inbox);
    enum class Ending { Stop, SwitchedOff, DeliveredOtherwise };
    void end(InboxId inbox, Ending ending);
    void keepAlive();

    const EnrichEnvironment m_environment;
    const Options m_options;
    const QString m_owner;
    std::shared_ptr<bool> m_alive;
    struct Feed {
        Inbox inbox{};
        std::shared_ptr<FeedReader> reader{};      ///< none while its lease is asked for
        int turn = 0;
        bool isExpecting = false;                  ///< a status that is looked for soon
    };
    QHash<InboxId, Feed> m_feeds;
    QTimer m_look;
    QTimer m_heartbeat;
    int m_turns = 0;
    bool m_isLooking = false;
    bool m_isWanted = false;
    bool m_isStopped = true;
};

} // namespace antiphon
