#pragma once

#include "core/base/random.h"
#include "core/outbox/ratebucket.h"
#include "core/outbox/sendrun.h"
#include "core/outbox/settler.h"
#include "core/store/database.h"
#include "core/store/filesthread.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace antiphon {

/// A stored file that a platform is to fetch.
struct LinkedFile {
    QByteArray sha256{};
    QString name{};
    QString mime{};
    qint64 size = 0;
    MessageId message{};                             ///< it belongs to: with it the link ends
    std::chrono::seconds life{0};                    ///< so long the platform may come for it
    bool needsPreview = false;                       ///< a small picture of it gets a link as well
};
struct FileLink {
    QUrl file{};
    QUrl preview{};
};

/// Sends what is queued: in the order of each lane, within the rates of inbox and customer, `sending` committed before the request leaves. A request leaves
/// once; where its answer is lost, that is settled or said, and repeated only where the platform takes the same call with the same key once. Results that
/// can't be committed are kept and tried until they can. Lives in the net thread.
class OutboxDispatcher final : public QObject {
    Q_OBJECT
public:
    struct Surroundings {
        Database &database;
        FilesThread &files;
        const ChannelRegistry &channels;
        TokenSource &tokens;
        HttpClient &http;
        const Clock &clock;
        RandomSource &random;
        Mailbox &mailbox;                            ///< of the net thread
        std::function<Milliseconds()> clockOffset{};   ///< the platforms' clocks less ours: reply windows follow them. Any thread
        std::function<void(InboxId)> sent{};         ///< the platform took a message; may be empty. Net thread
        std::function<void()> laneFreed{};           ///< a send ended: echoes parked behind it are due (wake the way in)
        using LinksDone = std::function<void(const Result<QList<FileLink>> &)>;
        /// Addresses from which a platform fetches these files, in their order. Unavailable: there is no public address now. Net thread
        std::function<void(const QList<LinkedFile> &, LinksDone)> makeLinks{};
        std::function<QString()> publicUrl{};        ///< "https://host"; empty: there is none now. Net thread
    };

    explicit OutboxDispatcher(const Surroundings &surroundings, QObject *parent = nullptr);
    ~OutboxDispatcher() override;

    /// First takes over what an earlier process left under way (settled, never sent again), then sends.
    void start();
    /// For good: nothing new leaves, and what is claimed but has not left is queued again. `stopped` comes once what is under way has ended and its
    /// results are stored, after 5 s in any case.
    void stop(std::function<void()> stopped);

    /// Any thread: something was queued.
    void wake();
    /// An inbox has new credentials. Net thread.
    void wakeInbox(InboxId inbox);
    /// What waits for the network goes now. Net thread.
    void networkUp();

    /// Looks at everything that time makes due; its own timer calls it every second.
    void look();
    bool isRunning() const { return m_isRunning; }   ///< start() has taken over what was left, and stop() hasn't come
    int underWay() const { return m_underWay; }
    bool isIdle() const { return m_underWay == 0 && m_uncommitted == 0 && !m_isClaiming; }

private:
    static constexpr std::chrono::seconds kSettleTime{88};   ///< then an unsettled outcome is said to be unknown: within 90 s
    static constexpr std::chrono::seconds kRequestTime{20};  ///< a request ends within it, with an answer or without
    static constexpr std::chrono::seconds kTokenAge{50};     ///< of the minute that an answer token is good for

    struct Claims;
    struct Wanted;
    /// What an inbox may send: so many calls, and so many of those with files.
    struct Buckets {
        RateBucket sends;
        RateBucket files;
    };
    struct Allowance {
        int sends = 0;
        int files = 0;
    };
    /// A call that is made again as it was.
    struct Repeat {
        SendRun *run = nullptr;                      ///< none where it never came to a call since the start
        SteadyTime at{};
        Outgoing outgoing{};                         ///< without a run: what its call is to be made of
    };
    struct Lost;
    using Work = std::function<Result<void>(WriteTransaction &)>;

    static Result<QList<Lost>> takeOver(WriteTransaction &tx, const ChannelRegistry &channels, const QString &owner, Timestamp until, Milliseconds offset);
    void begin(const QList<Lost> &lost);
    void resume(Outgoing outgoing);
    void look(bool isSure);
    void claim();
    static Result<Claims> claimDue(WriteTransaction &tx, const Wanted &wanted);
    static Result<bool> claimOne(WriteTransaction &tx, const Wanted &wanted, const outbox::Row &row, QHash<InboxId, Allowance> &allowances, Claims &claims);
    static Allowance allowanceOf(const ChannelAdapter *adapter, const QJsonObject &settings);
    void take(const Claims &claims);
    void putBack(const Outgoing &outgoing, std::function<void(bool)> then);
    void tellStopped();
    void send(const Outgoing &outgoing);
    void sendWithFiles(const Outgoing &outgoing);
    void sendWithLinks(const Outgoing &outgoing);
    void failWithoutFile(const Outgoing &outgoing);
    void waitForAddress(const Outgoing &outgoing, const Error &why);
    void repeatWithAddress(const Outgoing &outgoing, const outbox::Attempt &attempt);
    void loseForGood(const outbox::Row &row, const outbox::Attempt &attempt, SendRun *run);
    outbox::Attempt notMade(const Outgoing &outgoing, const QString &code, const QString &text = {}) const;
    void nextPart(SendRun *run);
    void ended(SendRun *run, const SendRun::End &end);
    void failed(SendRun *run, const SendRun::End &end);
    void retryLater(SendRun *run, const SendRun::End &end);
    void repeatLater(SendRun *run, const SendRun::End &end);
    void repeatDue();
    void waitForOwner(SendRun *run, const SendRun::End &end);
    void loseAnswer(SendRun *run, const SendRun::End &end);
    void refuse(SendRun *run, const SendRun::End &end, bool isRetryable);
    void over(SendRun *run);
    void commit(const char *name, Work work, std::function<void(bool)> then, int tries = 0);
    void settleFound(const Outgoing &outgoing, const QList<Settler::Find> &finds);
    void sweep();
    Buckets &buckets(InboxId inbox, const ChannelAdapter &adapter, const QJsonObject &settings);
    RateBucket *threadBucket(const Outgoing &outgoing);

    Surroundings m_with;
    const QString m_owner;
    Settler m_settler;
    QTimer m_second;
    QTimer m_sweep;
    QHash<InboxId, Buckets> m_buckets;
    QHash<QString, RateBucket> m_threads;            ///< by lane, of channels that take so much for one customer
    QList<Repeat> m_repeats;
    QHash<InboxId, Timestamp> m_pauses;              ///< until when an inbox sends nothing
    QHash<InboxId, int> m_rateHits;                  ///< rate limits in a row
    Milliseconds m_wallAhead{0};                     ///< of the steady clock, as last seen
    std::function<void()> m_stopped;
    int m_underWay = 0;
    int m_uncommitted = 0;
    bool m_isRunning = false;
    bool m_isStopping = false;
    bool m_isClaiming = false;
    bool m_claimAgain = false;
};

} // namespace antiphon
