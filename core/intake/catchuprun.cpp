#include "core/intake/catchuprun.h"

#include "core/base/logging.h"
#include "core/channels/feedkind.h"
#include "core/intake/caughtup.h"
#include "core/intake/lanekey.h"
#include "core/intake/spliteventjson.h"
#include "core/store/gaprepository.h"
#include "core/store/leaserepository.h"

#include <QCryptographicHash>
#include <QTimer>

#include <algorithm>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kPressurePause{1000};
constexpr Milliseconds kAppliedPause{100};
constexpr Milliseconds kLongestWait{60'000};
/// A refusal that no later try mends is believed the third time.
constexpr int kMostAttempts = 3;

struct Start {
    std::optional<inboxes::InboxRow> inbox{};
    QList<Gap> gaps{};
};

bool isFinal(const Error &error)
{
    return failed(error).isFinal;
}

/// Of a stored event: when it came and for which gap it was fetched.
struct Known {
    Timestamp receivedAt{};
    GapId gap{};
};

Result<std::optional<Known>> findKnown(ReadTransaction &tx, InboxId inbox, const QString &key)
{
    Query q = tx.query(u"SELECT e.received_at, d.headers FROM event e LEFT JOIN delivery d ON d.id = e.delivery_id"
                       " WHERE e.inbox_id = :inbox AND e.dedupe_key = :key"_s);
    q.bind(":inbox"_L1, inbox).bind(":key"_L1, key);
    if (q.next()) {
        const auto gap = json::id<GapId>(q.json(1).value("caught_up"_L1).toObject(), "gap"_L1);
        return std::optional(Known{q.time(0), gap ? *gap : GapId()});
    }
    if (!q.ok())
        return q.error();
    return std::optional<Known>();
}

/// Of several gaps the first that had not ended when something happened.
qsizetype gapOf(const QList<Gap> &gaps, Timestamp at)
{
    for (qsizetype i = 0; i + 1 < gaps.size(); ++i) {
        if (at <= gaps.at(i).to.value_or(Timestamp::max()))
            return i;
    }
    return std::max<qsizetype>(gaps.size() - 1, 0);
}

} // namespace

CatchUpRun::CatchUpRun(const EnrichEnvironment &environment, Order order, std::function<bool()> mayAsk, Feed feed, Done done)
    : m_environment(environment)
    , m_order(std::move(order))
    , m_mayAsk(std::move(mayAsk))
    , m_feed(std::move(feed))
    , m_done(std::move(done))
{
}

void CatchUpRun::start()
{
    const auto self = shared_from_this();
    m_environment.database.read<Start>(
        "catch up",
        [inbox = m_order.inbox, isLook = isLook()](ReadTransaction &tx) -> Result<Start> {
            const auto row = inboxes::find(tx, inbox);
            if (!row)
                return row.error();
            if (isLook)
                return Start{.inbox = *row};
            const auto found = gaps::toFill(tx, inbox);
            return found ? Result<Start>(Start{*row, *found}) : Result<Start>(found.error());
        },
        m_environment.mailbox, [self](const Result<Start> &start) {
            if (self->m_isStopped)
                return;
            if (!start)
                return self->end(start.error());
            if (!start->inbox || (start->gaps.isEmpty() && !self->isLook()))
                return self->end({});
            self->m_inbox = start->inbox->inbox;
            for (const Gap &gap : start->gaps)
                self->m_work.append({.gap = gap});
            self->m_since = self->isLook() ? *self->m_order.lookSince : start->gaps.first().from - kOverlap;
            self->m_adapter = self->m_environment.channels.adapter(self->m_inbox.channel);
            self->m_depth = self->m_adapter ? self->m_adapter->catchUpDepth() : CatchUpDepth();
            self->m_begun = self->m_environment.clock.now();
            self->m_waitingSince = self->m_environment.clock.steady();
            self->m_isFeed = hasFeed(self->m_adapter);
            if (self->m_isFeed && !isFeedExclusive(self->m_adapter))
                self->readFeed();
            else if (self->m_isFeed && self->m_inbox.delivery == Inbox::Delivery::Poll)
                self->awaitReader();
            else if (self->m_isFeed)
                self->awaitWebhook();
            else if (self->m_depth.isListed())
                self->listThreads();
            else
                self->finish();
        });
}

void CatchUpRun::stop()
{
    m_isStopped = true;
}

void CatchUpRun::listThreads()
{
    const auto self = shared_from_this();
    callWithToken<ChannelAdapter::ThreadList>(
        m_environment, m_order.inbox,
        [self](const InboxCredentials &credentials) {
            return self->m_adapter->listThreads({.since = self->m_since, .isBrief = self->isLook()}, credentials,
                                                self->m_environment.channels.endpoints(self->m_inbox.channel));
        },
        [self](const Result<ChannelAdapter::ThreadList> &listed) {
            if (self->m_isStopped)
                return;
            if (!listed)
                return self->fail(listed.error());
            self->m_isEveryThreadListed = listed->isComplete;
            self->m_remark = listed->remark;
            for (const auto &thread : listed->threads)
                self->m_threads.append(thread.contactSourceId);
            self->nextThread();
        });
}

void CatchUpRun::nextThread()
{
    if (m_isStopped)
        return;
    const auto self = shared_from_this();
    if (m_environment.journal.pressure(true) || (m_mayAsk && !m_mayAsk())) {      // customers' webhooks go first
        QTimer::singleShot(kPressurePause, &m_environment.mailbox, [self] { self->nextThread(); });
        return;
    }
    if (m_older.isEmpty()) {
        if (m_threads.isEmpty()) {
            m_waitingSince = m_environment.clock.steady();
            return waitUntilApplied();
        }
        m_thread = m_threads.takeFirst();
    }
    callWithToken<ChannelAdapter::ThreadPage>(
        m_environment, m_order.inbox,
        [self](const InboxCredentials &credentials) {
            const ChannelEndpoints &endpoints = self->m_environment.channels.endpoints(self->m_inbox.channel);
            return self->m_older.isEmpty() ? self->m_adapter->listThread(self->m_thread, credentials, endpoints)
                                           : self->m_adapter->listOlder(self->m_thread, self->m_older, credentials, endpoints);
        },
        [self](const Result<ChannelAdapter::ThreadPage> &page) {
            if (!self->m_isStopped)
                self->takePage(page);
        });
}

void CatchUpRun::takePage(const Result<ChannelAdapter::ThreadPage> &page)
{
    if (page)
        return sift(*page);
    if (!isFinal(page.error()))
        return fail(page.error());
    qCWarning(lcIntake) << "a thread can't be listed:" << describe(page.error());
    ++m_unreadable;
    m_older.clear();
    nextThread();
}

Result<CatchUpRun::Sifted> CatchUpRun::siftPage(ReadTransaction &tx, InboxId inbox, const ChannelAdapter::ThreadPage &page, const QList<Gap> &gaps,
                                                Timestamp since, std::optional<Timestamp> until)
{
    Sifted sifted;
    sifted.fresh.resize(std::max<qsizetype>(gaps.size(), 1));
    sifted.isTouched.resize(gaps.size());
    sifted.isReached.fill(page.isWhole, gaps.size());
    bool isOldest = true;
    for (const SplitEvent &event : page.events) {
        const auto known = findKnown(tx, inbox, event.dedupeKey);
        if (!known)
            return known.error();
        if (std::exchange(isOldest, false)) {
            for (qsizetype i = 0; i < gaps.size(); ++i) {
                const Timestamp from = gaps.at(i).from;
                sifted.isReached[i] = sifted.isReached.at(i) || (event.platformAt && *event.platformAt <= from) || (*known && (*known)->receivedAt <= from);
            }
        }
        for (qsizetype i = 0; *known && i < gaps.size(); ++i)
            sifted.isTouched[i] = sifted.isTouched.at(i) || gaps.at(i).id == (*known)->gap;
        const bool isAsked = !event.platformAt || (*event.platformAt >= since && (!until || *event.platformAt <= *until));
        if (*known || !isAsked)
            continue;
        const qsizetype at = event.platformAt ? gapOf(gaps, *event.platformAt) : 0;
        sifted.fresh[at].append(event);
        if (at < gaps.size())
            sifted.isTouched[at] = true;
    }
    return sifted;
}

void CatchUpRun::sift(const ChannelAdapter::ThreadPage &page)
{
    QList<Gap> gaps;
    for (const Work &work : std::as_const(m_work))
        gaps.append(work.gap);
    m_older = page.older;
    if (page.foreign > 0)
        qCWarning(lcIntake) << page.foreign << "messages listed with a conversation of inbox" << m_order.inbox.value() << "are of others and left out";
    m_foreign += page.foreign;
    const auto self = shared_from_this();
    m_environment.database.read<Sifted>(
        "sift a page",
        [inbox = m_order.inbox, page, gaps, since = m_since, until = m_order.lookUntil](ReadTransaction &tx) {
            return siftPage(tx, inbox, page, gaps, since, until);
        },
        m_environment.mailbox, [self, isMixed = page.foreign > 0](const Result<Sifted> &sifted) {
            if (self->m_isStopped)
                return;
            if (!sifted)
                return self->fail(sifted.error());
            bool isReached = true;
            for (qsizetype i = 0; i < self->m_work.size(); ++i) {
                Work &work = self->m_work[i];
                isReached = isReached && sifted->isReached.at(i);
                if (sifted->isTouched.at(i) && !self->m_isFeed)      // of a feed's events nobody knows the thread before they are applied
                    work.touched.insert(self->m_thread);
                if (isMixed || (!sifted->isReached.at(i) && self->m_older.isEmpty()))
                    work.doubtful.insert(self->m_thread);
            }
            if (isReached || self->isLook())
                self->m_older.clear();
            self->storeFresh(sifted->fresh, 0);
        });
}

deliveries::Delivery CatchUpRun::delivery(const QList<SplitEvent> &events, qsizetype gap) const
{
    const QByteArray body = fetchedBody(events);
    QJsonObject headers;
    if (gap < m_work.size())
        headers.insert("caught_up"_L1, caughtup::gapMark(m_work.at(gap).gap.id));
    else if (m_order.countsLost)
        headers.insert("caught_up"_L1, caughtup::lostMark());
    return {.inboxId = m_order.inbox,
            .channel = channelName(m_inbox.channel),
            .receivedAt = m_environment.clock.now(),
            .source = u"poll"_s,
            .headers = headers,
            .body = body,
            .bodySha256 = QCryptographicHash::hash(body, QCryptographicHash::Sha256)};
}

void CatchUpRun::storeFresh(const QList<QList<SplitEvent>> &fresh, qsizetype index)
{
    while (index < fresh.size() && fresh.at(index).isEmpty())
        ++index;
    if (index == fresh.size())
        return m_isFeed ? readFeed() : nextThread();
    for (const SplitEvent &event : fresh.at(index))
        m_lanes.insert(event.lane.isEmpty() ? unorderedLane(m_order.inbox, event.target) : event.lane);
    const auto self = shared_from_this();
    m_environment.journal.store(delivery(fresh.at(index), index), m_environment.mailbox, [self, fresh, index](const Result<void> &stored) {
        if (self->m_isStopped)
            return;
        if (!stored)
            return self->fail(stored.error());
        self->storeFresh(fresh, index + 1);
    });
}

/// What is told at the end speaks of conversations, so what was stored shall be in them.
void CatchUpRun::waitUntilApplied()
{
    if (m_isStopped)
        return;
    const auto self = shared_from_this();
    if (m_isFeed && !m_cameBefore)
        m_cameBefore = m_environment.clock.now();
    m_environment.database.read<bool>(
        "caught up",
        [lanes = m_lanes, inbox = m_order.inbox, channel = channelName(m_inbox.channel), before = m_cameBefore](ReadTransaction &tx) -> Result<bool> {
            Query unsplit = tx.query(u"SELECT 1 FROM delivery WHERE split_state = 'pending' AND (source = 'poll' OR (channel = :channel AND received_at <= :before))"
                                     " LIMIT 1"_s);
            unsplit.bind(":channel"_L1, channel).bind(":before"_L1, before);
            bool isWaiting = unsplit.next();
            if (!unsplit.ok())
                return unsplit.error();
            if (before && !isWaiting) {          // only among what waits: an inbox has very many that have ended
                Query q = tx.query(u"SELECT 1 FROM event WHERE state = 'pending' AND +inbox_id = :inbox AND +received_at <= :before LIMIT 1"_s);
                q.bind(":inbox"_L1, inbox).bind(":before"_L1, before);
                isWaiting = q.next();
                if (!q.ok())
                    return q.error();
            }
            for (auto lane = lanes.cbegin(); !isWaiting && lane != lanes.cend(); ++lane) {
                Query q = tx.query(u"SELECT 1 FROM event WHERE lane = :lane AND state = 'pending' LIMIT 1"_s);
                q.bind(":lane"_L1, *lane);
                isWaiting = q.next();
                if (!q.ok())
                    return q.error();
            }
            return isWaiting;
        },
        m_environment.mailbox, [self](const Result<bool> &isWaiting) {
            if (self->m_isStopped)
                return;
            const bool isPatient = self->m_environment.clock.steady() - self->m_waitingSince < kLongestWait;
            if (isWaiting && *isWaiting && isPatient)
                QTimer::singleShot(kAppliedPause, &self->m_environment.mailbox, [self] { self->waitUntilApplied(); });
            else
                self->finish();
        });
}

QList<Gap::Reason> CatchUpRun::reasonsFor(const Work &work) const
{
    using Code = Gap::Reason::Code;
    if (m_depth.kind == CatchUpDepth::Kind::None)
        return {{.code = Code::NoHistory}};
    if (m_depth.kind == CatchUpDepth::Kind::RedeliveryOnly && !m_isFeed)
        return {{.code = Code::WaitingForRedelivery}};
    QList<Gap::Reason> reasons;
    if (m_depth.retention.count() > 0 && work.gap.from < m_environment.clock.now() - m_depth.retention)
        reasons.append({.code = Code::Retention, .limit = int(m_depth.retention.count() / 24)});
    if (!m_isEveryThreadListed)
        reasons.append({.code = Code::ThreadsCapped, .limit = m_depth.mostThreads, .detail = m_remark});
    if (!work.doubtful.isEmpty()) {
        const QString mixed = m_foreign > 0 ? u"%1 listed messages of others were left out"_s.arg(m_foreign) : QString();
        reasons.append({.code = Code::NewestOnly, .count = int(work.doubtful.size()), .limit = m_depth.newest, .detail = mixed});
    }
    if (m_unreadable > 0)
        reasons.append({.code = Code::UnreadableThreads, .count = m_unreadable});
    return reasons;
}

Gap::State CatchUpRun::stateFor(const Work &work, const QList<Gap::Reason> &reasons) const
{
    const bool isTooOld = m_depth.retention.count() > 0 && work.gap.to && *work.gap.to < m_environment.clock.now() - m_depth.retention;
    // What a platform without lists doesn't keep any more can be had nowhere.
    const bool isLost = m_isFeed && !m_depth.isListed() && !reasons.isEmpty();
    if (m_depth.kind == CatchUpDepth::Kind::None || isTooOld || isLost)
        return Gap::State::Unrecoverable;
    return reasons.isEmpty() ? Gap::State::Recovered : Gap::State::Partial;
}

void CatchUpRun::commit(const char *name, std::function<Result<void>(WriteTransaction &)> work, const std::optional<Error> &error)
{
    const auto self = shared_from_this();
    m_environment.database.writer().write<void>(
        Writer::Priority::Background, name,
        [work = std::move(work), key = leaseKey(m_order.inbox), owner = m_order.owner](WriteTransaction &tx) -> Result<void> {
            if (const auto done = work(tx); !done)
                return done;
            return leases::release(tx, key, owner);        // the fence: whoever lost it tells nothing
        },
        m_environment.mailbox, [self, error](const Result<void> &stored) {
            if (self->m_isStopped)
                return;
            self->end(stored ? error : std::optional(stored.error()));
        });
}

void CatchUpRun::fail(const Error &error)
{
    if (m_isWebhookOff)
        return putWebhookBack([self = shared_from_this(), error] { self->fail(error); });
    const bool isGivenUp = isFinal(error) && m_order.attempts + 1 >= kMostAttempts;
    Gap::Reason reason{.code = Gap::Reason::Code::Unreachable, .detail = error.detail.left(200)};
    if (error.kind == Error::Kind::Unauthorized)
        reason = {.code = Gap::Reason::Code::NeedsOwner};
    else if (isGivenUp)
        reason.code = Gap::Reason::Code::Refused;
    QList<GapId> ids;
    for (const Work &work : std::as_const(m_work))
        ids.append(work.gap.id);
    commit(
        "catch-up failed",
        [ids, reason, state = isGivenUp ? Gap::State::Unrecoverable : Gap::State::Open](WriteTransaction &tx) -> Result<void> {
            for (const GapId id : ids) {
                if (const auto done = gaps::settle(tx, id, state, {reason}); !done)
                    return done;
            }
            return {};
        },
        isGivenUp ? std::nullopt : std::optional(error));
}

void CatchUpRun::end(const std::optional<Error> &error)
{
    if (!std::exchange(m_isStopped, true))
        m_done(error);
}

} // namespace antiphon
