#include "core/outbox/outboxdispatcher.h"

#include "core/base/logging.h"
#include "core/channels/platformwords.h"
#include "core/store/messagerepository.h"
#include "core/store/outboxrepeats.h"
#include "core/store/replytokenrepository.h"

#include <QPointer>
#include <QSet>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostAtOnce = 16;
constexpr int kCandidates = 64;
constexpr Milliseconds kSweepEvery = std::chrono::seconds(15);
constexpr Milliseconds kLongestPause = std::chrono::minutes(30);
constexpr Milliseconds kClocksApart = std::chrono::seconds(5);
constexpr Milliseconds kRateWait{100};
constexpr std::chrono::seconds kStopPatience{5};

Milliseconds wallAhead(const Clock &clock)
{
    return clock.now().time_since_epoch() - std::chrono::duration_cast<Milliseconds>(clock.steady().time_since_epoch());
}

} // namespace

/// What one closure may claim, as values.
struct OutboxDispatcher::Wanted {
    QString owner{};
    QStringList idemKeys{};                          ///< as many as there are free places
    QHash<InboxId, Timestamp> pauses{};
    QHash<InboxId, Allowance> allowances{};
    QSet<QString> busyLanes{};                       ///< whose customers have got enough for now
    const ChannelRegistry *channels = nullptr;
    Milliseconds clockOffset{0};
};

/// What an earlier process left under way.
struct OutboxDispatcher::Lost {
    Outgoing outgoing{};
    bool repeats = false;                            ///< the platform takes the same call again
};

struct OutboxDispatcher::Claims {
    QList<Outgoing> sends{};
    bool hasMore = false;
};

OutboxDispatcher::OutboxDispatcher(const Surroundings &surroundings, QObject *parent)
    : QObject(parent), m_with(surroundings), m_owner(randomToken(m_with.random)),
      m_settler(m_with.http, m_with.tokens, m_with.channels, m_with.clock,
                {.found = [this](const Outgoing &outgoing, const QList<Settler::Find> &finds) { settleFound(outgoing, finds); },
                 .givenUp =
                     [this](const Outgoing &outgoing) {
                         commit("send given up", [row = outgoing.row](WriteTransaction &tx) { return outbox::giveUp(tx, row); }, {});
                     }},
                nullptr)
{
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, qOverload<>(&OutboxDispatcher::look));
    m_sweep.setInterval(kSweepEvery);
    connect(&m_sweep, &QTimer::timeout, this, &OutboxDispatcher::sweep);
}

OutboxDispatcher::~OutboxDispatcher() = default;

void OutboxDispatcher::start()
{
    if (m_isStopping)
        return;
    const Timestamp until = m_with.clock.now() + kSettleTime;
    const Milliseconds offset = m_with.clockOffset ? m_with.clockOffset() : Milliseconds(0);
    m_wallAhead = wallAhead(m_with.clock);
    const auto work = [channels = &m_with.channels, owner = m_owner, until, offset](WriteTransaction &tx) { return takeOver(tx, *channels, owner, until, offset); };
    m_with.database.writer().write<QList<Lost>>(Writer::Priority::Urgent, "outbox start", work, m_with.mailbox,
                                                [self = QPointer(this)](const Result<QList<Lost>> &lost) {
                                                    if (!self)
                                                        return;
                                                    if (lost)
                                                        return self->begin(*lost);
                                                    qCWarning(lcOutbox).noquote() << "can't start yet:" << describe(lost.error());
                                                    QTimer::singleShot(std::chrono::seconds(1), self, &OutboxDispatcher::start);
                                                });
}

Result<QList<OutboxDispatcher::Lost>> OutboxDispatcher::takeOver(WriteTransaction &tx, const ChannelRegistry &channels, const QString &owner, Timestamp until,
                                                                 Milliseconds offset)
{
    if (const auto done = outbox::capNextAt(tx, tx.now() + kLongestPause); !done)
        return done.error();
    const auto rows = outbox::takeOver(tx, owner, until, true);
    if (!rows)
        return rows.error();
    QList<Lost> lost;
    for (const outbox::Row &row : *rows) {
        const auto outgoing = loadOutgoing(tx, row, tx.now() + offset);
        lost.append({.outgoing = outgoing ? *outgoing : Outgoing{.row = row}});
        const ChannelAdapter *adapter = outgoing ? channels.adapter(outgoing->channel) : nullptr;
        if (!adapter)
            continue;
        const auto repeats = outbox::mayRepeat(tx, row, adapter->limits(outgoing->message.inboxSettings).sameKeyFor);
        if (!repeats)
            return repeats.error();
        lost.last().repeats = *repeats;
    }
    return lost;
}

void OutboxDispatcher::begin(const QList<Lost> &lost)
{
    if (m_isStopping)
        return;                                      // the next run takes them over as this one did
    m_isRunning = true;
    for (const Lost &one : lost) {
        if (one.repeats)
            resume(one.outgoing);
        else
            m_settler.add(one.outgoing, one.outgoing.row.settleUntil.value_or(m_with.clock.now() + kSettleTime));
    }
    if (!lost.isEmpty())
        qCInfo(lcOutbox) << lost.size() << "sends of an earlier run are being settled";
    m_second.start();
    m_sweep.start();
    look(true);
}

/// Repeats what an earlier process may have sent: the platform takes it once.
void OutboxDispatcher::resume(Outgoing outgoing)
{
    outgoing.isRepeat = true;
    outgoing.row.requestStartedAt = m_with.clock.now();
    outgoing.row.settleUntil.reset();
    ++m_underWay;
    commit("send resumed", [row = outgoing.row](WriteTransaction &tx) { return outbox::beginRepeat(tx, row); },
           [this, outgoing](bool isOurs) { isOurs ? sendWithFiles(outgoing) : over(nullptr); });
}

void OutboxDispatcher::stop(std::function<void()> stopped)
{
    m_isRunning = false;
    m_isStopping = true;
    m_second.stop();
    m_sweep.stop();
    if (isIdle())
        return stopped();
    m_stopped = std::move(stopped);
    QTimer::singleShot(kStopPatience, this, [this] {
        if (const auto told = std::exchange(m_stopped, {}))
            told();
    });
}

void OutboxDispatcher::tellStopped()
{
    if (!isIdle())
        return;
    if (const auto told = std::exchange(m_stopped, {}))
        told();
}

void OutboxDispatcher::wake()
{
    m_with.mailbox.post([self = QPointer(this)] {
        if (self)
            self->look(true);
    });
}

void OutboxDispatcher::wakeInbox(InboxId inbox)
{
    m_pauses.remove(inbox);
    m_rateHits.remove(inbox);
    look(true);
}

void OutboxDispatcher::networkUp()
{
    commit("outbox network up", [](WriteTransaction &tx) { return outbox::hurry(tx); }, [this](bool) { look(true); });
}

void OutboxDispatcher::look()
{
    m_settler.look();
    repeatDue();
    look(false);
}

/// @param isSure there is something; else a reader looks first, so that an idle second costs no transaction of the Writer.
void OutboxDispatcher::look(bool isSure)
{
    if (!m_isRunning)
        return;
    if (m_isClaiming) {
        m_claimAgain = m_claimAgain || isSure;
        return;
    }
    m_isClaiming = true;
    if (isSure)
        return claim();
    m_with.database.read<bool>(
        "outbox due", [now = m_with.clock.now()](ReadTransaction &tx) { return outbox::hasWork(tx, now); }, m_with.mailbox,
        [self = QPointer(this)](const Result<bool> &hasWork) {
            if (!self)
                return;
            if (hasWork && *hasWork && !self->m_isStopping)
                return self->claim();
            self->m_isClaiming = false;
            self->tellStopped();
            if (std::exchange(self->m_claimAgain, false))
                self->look(true);
        });
}

void OutboxDispatcher::claim()
{
    Wanted wanted{.owner = m_owner, .channels = &m_with.channels};
    if (m_with.clockOffset)
        wanted.clockOffset = m_with.clockOffset();
    for (int i = m_underWay; i < kMostAtOnce; ++i)
        wanted.idemKeys.append(randomUuid(m_with.random));
    for (auto it = m_pauses.begin(); it != m_pauses.end();) {
        if (it.value() <= m_with.clock.now()) {
            it = m_pauses.erase(it);
            continue;
        }
        wanted.pauses.insert(it.key(), it.value());
        ++it;
    }
    for (auto it = m_buckets.begin(); it != m_buckets.end(); ++it)
        wanted.allowances.insert(it.key(), {.sends = it->sends.available(m_with.clock.steady()), .files = it->files.available(m_with.clock.steady())});
    m_threads.removeIf([now = m_with.clock.steady()](auto entry) { return entry.value().isFull(now); });
    for (auto it = m_threads.begin(); it != m_threads.end(); ++it) {
        if (it->available(m_with.clock.steady()) < 1)
            wanted.busyLanes.insert(it.key());
    }
    m_with.database.writer().write<Claims>(
        Writer::Priority::Background, "outbox claim", [wanted](WriteTransaction &tx) { return claimDue(tx, wanted); }, m_with.mailbox,
        [self = QPointer(this)](const Result<Claims> &claims) {
            if (!self)
                return;
            self->m_isClaiming = false;
            if (!claims) {
                qCWarning(lcOutbox).noquote() << "claim:" << describe(claims.error());
                return self->tellStopped();
            }
            self->take(*claims);
            if (self->m_isStopping)
                return self->tellStopped();
            if (std::exchange(self->m_claimAgain, false) || (claims->hasMore && self->m_underWay < kMostAtOnce))
                self->look(true);
        });
}

Result<OutboxDispatcher::Claims> OutboxDispatcher::claimDue(WriteTransaction &tx, const Wanted &wanted)
{
    Claims claims;
    QHash<InboxId, Allowance> allowances = wanted.allowances;
    if (const auto delivered = outbox::deliverDue(tx, kCandidates); !delivered)
        return delivered.error();
    const auto due = outbox::due(tx, tx.now(), kCandidates);
    if (!due)
        return due.error();
    for (const outbox::Row &row : *due) {
        if (claims.sends.size() >= wanted.idemKeys.size()) {
            claims.hasMore = true;
            break;
        }
        const auto late = tooLate(tx, row, tx.now(), wanted.clockOffset);
        if (!late)
            return late.error();
        Result<void> done;
        if (*late) {
            done = outbox::refuseQueued(tx, row, **late);
            claims.hasMore = true;                   // the lane's next one may go
        } else if (const auto paused = wanted.pauses.constFind(row.inboxId); paused != wanted.pauses.cend()) {
            done = outbox::postpone(tx, row.id, *paused);
        } else if (const auto claimed = claimOne(tx, wanted, row, allowances, claims); !claimed) {
            return claimed.error();
        } else if (!*claimed) {
            done = outbox::postpone(tx, row.id, tx.now() + kRateWait);
        }
        if (!done)
            return done.error();
    }
    if (due->size() == kCandidates)
        claims.hasMore = true;
    return claims;
}

/// @return false where the inbox has sent enough for now.
Result<bool> OutboxDispatcher::claimOne(WriteTransaction &tx, const Wanted &wanted, const outbox::Row &row, QHash<InboxId, Allowance> &allowances,
                                        Claims &claims)
{
    const auto loaded = loadOutgoing(tx, row, tx.now() + wanted.clockOffset);
    if (!loaded) {
        if (loaded.error().kind == Error::Kind::Storage)
            return loaded.error();
        const auto done = outbox::refuseQueued(tx, row, {.code = errorKindName(loaded.error().kind), .text = loaded.error().detail});
        return done ? Result<bool>(true) : Result<bool>(done.error());
    }
    const ChannelAdapter *adapter = wanted.channels->adapter(loaded->channel);
    const bool hasFiles = !loaded->message.attachments.isEmpty();
    const auto known = allowances.constFind(row.inboxId);
    Allowance &left = allowances.insert(row.inboxId, known != allowances.cend() ? *known : allowanceOf(adapter, loaded->message.inboxSettings)).value();
    if (left.sends <= 0 || (hasFiles && left.files <= 0) || wanted.busyLanes.contains(row.lane))
        return false;
    const auto claimed = outbox::claim(tx, row.lane, wanted.owner, wanted.idemKeys.at(claims.sends.size()));
    if (!claimed)
        return claimed.error();
    if (!*claimed)
        return true;
    if (adapter) {
        if (const auto done = outbox::planParts(tx, **claimed, int(adapter->parts(loaded->message).size())); !done)
            return done.error();
    }
    Outgoing outgoing = *loaded;
    outgoing.row = **claimed;
    if (row.idemKey.isEmpty()) {                     // with a key it may have been sent before: it leaves with that again, or not at all
        const auto token = replytokens::take(tx, outgoing.thread, kTokenAge);
        if (!token)
            return token.error();
        outgoing.message.replyToken = *token;
        if (const auto done = token->isEmpty() ? Result<void>() : outbox::noteToken(tx, outgoing.row); !done)
            return done.error();
    } else {
        const auto isRepeat = outbox::mayHaveArrived(tx, outgoing.row);
        if (!isRepeat)
            return isRepeat.error();
        const auto isGood = outbox::isKeyGood(tx, outgoing.row, adapter ? adapter->limits(loaded->message.inboxSettings).sameKeyFor : std::chrono::seconds(0));
        if (!isGood)
            return isGood.error();
        if (*isRepeat && !*isGood) {                 // it waited for longer than the platform remembers
            const auto done = outbox::loseKey(tx, outgoing.row);
            return done ? Result<bool>(true) : Result<bool>(done.error());
        }
        outgoing.isRepeat = *isRepeat;
    }
    claims.sends.append(outgoing);
    --left.sends;
    left.files -= hasFiles ? 1 : 0;
    return true;
}

void OutboxDispatcher::take(const Claims &claims)
{
    for (const Outgoing &outgoing : claims.sends) {
        if (m_isStopping) {
            putBack(outgoing, {});
            continue;
        }
        ++m_underWay;
        sendWithFiles(outgoing);
    }
}

/// What is claimed but has not left waits for the next run: as `sending` it would count there as one whose answer was lost. So it does rightly where an
/// earlier request may have arrived.
void OutboxDispatcher::putBack(const Outgoing &outgoing, std::function<void(bool)> then)
{
    const auto work = [row = outgoing.row, attempt = notMade(outgoing, u"stopping"_s), isRepeat = outgoing.isRepeat](WriteTransaction &tx) {
        return isRepeat ? outbox::awaitRepeat(tx, row, attempt) : outbox::requeue(tx, row, attempt, row.nextAt, row.lastClass, false);
    };
    commit("send put back", work, std::move(then));
}

/// Stores a result, however long the store refuses: urgent, kept, tried again. `then(false)`: the send is not ours any more.
void OutboxDispatcher::commit(const char *name, Work work, std::function<void(bool)> then, int tries)
{
    if (tries == 0)
        ++m_uncommitted;
    m_with.database.writer().write<void>(
        Writer::Priority::Urgent, name, work, m_with.mailbox, [self = QPointer(this), name, work, then, tries](const Result<void> &result) {
            if (!self)
                return;
            const bool isLost = !result && result.error().kind == Error::Kind::Conflict;
            if (!result && !isLost) {
                const Milliseconds pause(std::min(5000, 50 << std::min(tries, 7)));
                QTimer::singleShot(pause, self, [self, name, work, then, tries] {
                    if (self)
                        self->commit(name, work, then, tries + 1);
                });
                return;
            }
            if (isLost)
                qCInfo(lcOutbox).noquote() << name << "came after somebody else's word:" << describe(result.error());
            --self->m_uncommitted;
            if (then)
                then(result ? true : false);
            if (self && self->m_with.laneFreed)
                self->m_with.laneFreed();
            if (self)
                self->tellStopped();
        });
}

void OutboxDispatcher::settleFound(const Outgoing &outgoing, const QList<Settler::Find> &finds)
{
    const auto isSettled = std::make_shared<std::atomic<bool>>(false);
    const auto work = [row = outgoing.row, finds, isSettled](WriteTransaction &tx) -> Result<void> {
        isSettled->store(false);
        for (const Settler::Find &find : finds) {
            const auto known = messages::findBySource(tx, row.inboxId, find.sourceId);
            if (!known)
                return known.error();
            if (*known)
                continue;
            isSettled->store(true);
            return outbox::settle(tx, row, find.sourceId, find.at);
        }
        return {};
    };
    commit("send settled by list", work, [this, isSettled, id = outgoing.row.id](bool isOurs) {
        if (!isOurs || isSettled->load())
            m_settler.remove(id);
        look(true);
    });
}

void OutboxDispatcher::sweep()
{
    const Milliseconds ahead = wallAhead(m_with.clock);
    const bool hasJumped = std::chrono::abs(ahead - m_wallAhead) > kClocksApart;
    m_wallAhead = ahead;
    const bool hasOwn = m_underWay > 0 || !m_settler.isEmpty() || !m_repeats.isEmpty();
    const auto work = [owner = m_owner, hasJumped, hasOwn](WriteTransaction &tx) -> Result<void> {
        if (hasOwn) {
            if (const auto done = outbox::heartbeat(tx, owner); !done)
                return done;
        }
        if (hasJumped) {
            if (const auto done = outbox::capNextAt(tx, tx.now() + kLongestPause); !done)
                return done;
        }
        return outbox::holdAge(tx, kSweepEvery);
    };
    m_with.database.writer().submit(Writer::Priority::Background, "outbox sweep", work, {});
}

/// What an inbox may send in a second.
OutboxDispatcher::Allowance OutboxDispatcher::allowanceOf(const ChannelAdapter *adapter, const QJsonObject &settings)
{
    const ChannelLimits limits = adapter ? adapter->limits(settings) : ChannelLimits{};
    return {.sends = limits.sendsPerSecond, .files = limits.filesPerSecond};
}

} // namespace antiphon
