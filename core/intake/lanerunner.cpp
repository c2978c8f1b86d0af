#include "core/intake/lanerunner.h"

#include "core/base/logging.h"
#include "core/intake/carefulstart.h"
#include "core/intake/lanekey.h"

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kFeeder = "lanes";
constexpr int kScanSlice = 500;
/// While deliveries wait for their split, one turn of so many is left to what is split already.
constexpr unsigned kTurnsOfSplit = 16;
constexpr int kParkedSlice = 32;
/// At most this many events of a delivery are applied as its follow-ups: the rest comes by turns.
constexpr qsizetype kFollowUps = 16;
constexpr Milliseconds kParkedPause{1000};
/// What is larger is read in a batch of its own, behind its acknowledgement: reading a MiB of JSON takes longer than a platform should wait.
constexpr qsizetype kLargeBody = 256 * 1024;

/// What a failing event waits before its next tries; behind them it no longer holds its lane.
constexpr std::array kHeldTries{Milliseconds(1000), Milliseconds(5000), Milliseconds(20'000)};
constexpr std::array kParkedTries{Milliseconds(60'000), Milliseconds(300'000), Milliseconds(1'800'000), Milliseconds(7'200'000),
                                  Milliseconds(43'200'000)};

} // namespace

/// A lane that a batch has in hand. Where the batch is taken back, the lane is ready again.
struct LaneRunner::Taken {
    std::shared_ptr<Lanes> lanes;
    Lanes::Lane lane;
    bool isCommitted = false;

    Taken(std::shared_ptr<Lanes> all, Lanes::Lane taken) : lanes(std::move(all)), lane(std::move(taken)) {}
    Q_DISABLE_COPY_MOVE(Taken)
    ~Taken()
    {
        if (!isCommitted)
            lanes->giveBack(lane);
    }
};

LaneRunner::LaneRunner(Writer &writer, const Clock &clock, Splitter splitter, InboundFlow flow)
    : m_writer(writer)
    , m_clock(clock)
    , m_splitter(std::move(splitter))
    , m_flow(std::move(flow))
    , m_lanes(std::make_shared<Lanes>())
{
}

void LaneRunner::start(LastStop lastStop)
{
    m_lastStop = lastStop;
    m_isCareful = lastStop != LastStop::Clean;
    m_writer.setFeeder(kFeeder, [self = shared_from_this()](WriteTransaction &tx) { return self->step(tx); });
    m_writer.wakeFeeder();
}

void LaneRunner::stop()
{
    m_writer.setFeeder(kFeeder, {});
}

void LaneRunner::wake()
{
    m_lookWanted = true;
    m_writer.wakeFeeder();
}

void LaneRunner::rescan()
{
    m_rescanWanted = true;
    m_writer.wakeFeeder();
}

void LaneRunner::splitNext(WriteTransaction &tx, const deliveries::Delivery &delivery)
{
    // Once one is left to its turn all later ones are, until none is: a delivery never overtakes another.
    if (m_hasUnsplit || splitsHeld() >= kMostSplitsHeld) {
        m_hasUnsplit = true;
        m_writer.wakeFeeder();
        return;
    }
    tx.followUp("split", [self = shared_from_this(), hold = m_splitHold, delivery](WriteTransaction &inner) { return self->split(inner, delivery); });
}

Result<void> LaneRunner::split(WriteTransaction &tx, const deliveries::Delivery &delivery)
{
    if (m_isCareful) {
        m_hasUnsplit = true;
        return {};
    }
    // What comes behind one that is left to its turn is left, too, though its own follow-up waited already.
    if (delivery.body.size() > kLargeBody || m_leavesRest || m_hasUnsplit) {
        m_leavesRest = true;
        tx.afterCommit([self = shared_from_this()] {
            self->m_hasUnsplit = true;
            self->m_writer.wakeFeeder();
        });
        return {};
    }
    // A rescan may have come before this: then it is done, or set aside.
    const auto isUnsplit = deliveries::isUnsplit(tx, delivery.id);
    if (!isUnsplit || !*isUnsplit)
        return isUnsplit ? Result<void>() : Result<void>(isUnsplit.error());
    QList<Lanes::Lane> lanes;
    if (const auto done = splitOrSetAside(tx, delivery, &lanes); !done)
        return done;
    // Follow-ups take the next lane of the ring, not their own: a flood of one inbox holds nobody up.
    const qsizetype now = std::min(lanes.size(), kFollowUps);
    for (qsizetype i = 0; i < now; ++i) {
        tx.followUp("apply", [self = shared_from_this()](WriteTransaction &inner) {
            const auto more = self->step(inner);
            return more ? Result<void>() : Result<void>(more.error());
        });
    }
    return {};
}

Result<void> LaneRunner::splitOrSetAside(WriteTransaction &tx, const deliveries::Delivery &delivery, QList<Lanes::Lane> *lanes)
{
    QList<Lanes::Lane> found;
    const auto done = tx.attempt([&](WriteTransaction &inner) -> Result<void> {
        const auto result = m_splitter.split(inner, delivery);
        if (!result)
            return result.error();
        found = *result;
        return {};
    });
    if (!done && done.error().kind == Error::Kind::Storage)
        return done;
    if (!done) {
        qCWarning(lcIntake) << "a delivery can't be split and is set aside:" << delivery.id.value() << describe(done.error());
        tx.changed(u"intake.dead_letter"_s, delivery.id.value() * 2 + 1);
        return deliveries::setDead(tx, delivery.id, describe(done.error()));
    }
    // Told before the commit on purpose, so that it can be applied in the same batch. Where that is taken back, a lane without work stands there
    // for one turn and does no harm.
    for (const Lanes::Lane &lane : std::as_const(found))
        m_lanes->add(lane);
    *lanes = found;
    m_writer.wakeFeeder();
    return {};
}

void LaneRunner::noteWaiting()
{
    m_hasWaiting = m_hasParked || m_lanes->waitingCount() > 0;
}

Result<bool> LaneRunner::step(WriteTransaction &tx)
{
    if (m_isCareful)
        return carefulStep(tx);
    if (!m_isBegun) {                 // names that a clean stop left half way say nothing
        m_isBegun = true;
        const auto done = careful::forgetAll(tx);
        return done ? Result<bool>(true) : Result<bool>(done.error());
    }
    if (m_rescanWanted.exchange(false)) {
        m_isScanning = true;
        m_hasUnsplit = true;
        m_scanned.clear();
    }
    m_lanes->promote(m_clock.steady());
    // Mostly split, so that a quiet inbox behind a flood comes into the ring soon; but what is in the ring has its turns, too.
    if (m_hasUnsplit && (m_lanes->readyCount() == 0 || ++m_turn % kTurnsOfSplit != 0))
        return splitOne(tx);
    if (m_isScanning && !m_hasUnsplit)
        return scanSlice(tx);
    const auto parked = applyParked(tx);
    if (!parked || *parked)
        return parked;
    const auto applied = applyHead(tx);
    noteWaiting();
    return applied && m_hasUnsplit ? Result<bool>(true) : applied;
}

Result<bool> LaneRunner::splitOne(WriteTransaction &tx)
{
    const auto delivery = deliveries::nextUnsplit(tx);
    if (!delivery)
        return delivery.error();
    if (!*delivery) {
        m_hasUnsplit = false;
        m_leavesRest = false;
        return true;
    }
    QList<Lanes::Lane> lanes;
    if (const auto done = splitOrSetAside(tx, **delivery, &lanes); !done)
        return done.error();
    return true;
}

Result<bool> LaneRunner::scanSlice(WriteTransaction &tx)
{
    const auto heads = events::lanes(tx, m_scanned, kScanSlice);
    if (!heads)
        return heads.error();
    int missed = 0;
    for (const events::LaneHead &head : *heads) {
        if (m_lanes->add({head.inboxId, head.lane}))
            ++missed;
        m_scanned = head.lane;
    }
    if (missed > 0 && !m_isFirstScan)
        qCWarning(lcIntake) << "lanes with work that nobody knew of:" << missed;
    if (heads->size() < kScanSlice) {
        m_isScanning = false;
        m_isFirstScan = false;
    }
    return true;
}

Result<bool> LaneRunner::applyParked(WriteTransaction &tx)
{
    if (m_lookWanted.exchange(false))
        m_nextParkedLook = {};
    if (m_parkedDue.isEmpty() && m_clock.steady() >= m_nextParkedLook) {
        const auto due = events::dueParked(tx, tx.now(), kParkedSlice);
        if (!due)
            return due.error();
        const auto next = events::nextParked(tx);
        if (!next)
            return next.error();
        m_parkedDue = *due;
        m_hasParked = next->has_value();
        if (m_parkedDue.isEmpty())
            m_nextParkedLook = m_clock.steady() + kParkedPause;
    }
    if (m_parkedDue.isEmpty())
        return false;
    // Where the batch is taken back the event is found again by the next look.
    const auto event = events::find(tx, m_parkedDue.takeFirst());
    if (!event)
        return event.error();
    if (!*event || (*event)->state != events::State::Parked || (*event)->nextAt > tx.now())
        return true;
    if (const auto done = apply(tx, **event); !done)
        return done.error();
    return true;
}

Result<bool> LaneRunner::applyHead(WriteTransaction &tx)
{
    const auto lane = m_lanes->take();
    if (!lane)
        return false;
    const auto taken = std::make_shared<Taken>(m_lanes, *lane);
    const auto event = events::head(tx, lane->key);
    if (!event)
        return event.error();
    if (!*event) {
        taken->isCommitted = true;      // nothing left in it: nothing to give back
        return m_lanes->readyCount() > 0;
    }
    if ((*event)->nextAt > tx.now()) {
        taken->isCommitted = true;
        m_lanes->addLater(*lane, m_clock.steady() + ((*event)->nextAt - tx.now()));
        return m_lanes->readyCount() > 0;
    }
    if (const auto done = apply(tx, **event); !done)
        return done.error();
    m_lanes->add(*lane);
    tx.afterCommit([taken] { taken->isCommitted = true; });
    return true;
}

Result<void> LaneRunner::apply(WriteTransaction &tx, const events::Event &event)
{
    const auto inbox = inboxes::find(tx, event.inboxId);
    if (!inbox)
        return inbox.error();
    if (!*inbox)
        return events::finish(tx, event.id, event.state, events::State::Ignored, 0, u"inbox deleted"_s);
    if (const auto queued = m_flow.acknowledge(tx, event, **inbox); !queued)
        return queued;
    std::optional<InboundFlow::Outcome> outcome;
    const auto done = tx.attempt([&](WriteTransaction &inner) -> Result<void> {
        const auto result = m_flow.apply(inner, event, **inbox);
        if (!result)
            return result.error();
        outcome = *result;
        return settle(inner, event, *outcome);
    });
    if (done || done.error().kind == Error::Kind::Storage)
        return done;
    return settleFailure(tx, event, **inbox, done.error());
}

Result<void> LaneRunner::settle(WriteTransaction &tx, const events::Event &event, const InboundFlow::Outcome &outcome)
{
    switch (outcome.kind) {
    case InboundFlow::Outcome::Kind::Done:
        if (const auto done = deliveries::count(tx, event.inboxId, u"processed"_s); !done)
            return done;
        if (m_hasParked)
            m_nextParkedLook = {};        // a message may be what parked events wait for
        return events::finish(tx, event.id, event.state, events::State::Done, outcome.entityId, {});
    case InboundFlow::Outcome::Kind::Ignored:
        if (const auto done = deliveries::count(tx, event.inboxId, u"ignored"_s); !done)
            return done;
        return events::finish(tx, event.id, event.state, events::State::Ignored, 0, outcome.reason);
    case InboundFlow::Outcome::Kind::Parked:
        m_hasParked = true;
        return events::postpone(tx, event.id, event.state, events::State::Parked, outcome.retryAt, event.attempts, outcome.reason, {});
    }
    Q_UNREACHABLE();
}

Result<void> LaneRunner::settleFailure(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox, const Error &error)
{
    const QString text = describe(error);
    qCWarning(lcIntake) << "event" << event.id.value() << "of lane" << Qt::hex << laneHash(event.lane) << Qt::dec << "failed:" << text;
    if (error.kind == Error::Kind::BadPayload)
        return bury(tx, event, inbox, u"shape"_s, text);
    const auto tries = size_t(event.attempts);
    if (error.kind != Error::Kind::Unavailable) {
        // The same refusal twice is a defect that no third try mends.
        if (event.errorText == text)
            return bury(tx, event, inbox, u"deterministic"_s, text);
        return events::postpone(tx, event.id, event.state, event.state, tx.now() + kHeldTries.front(), event.attempts + 1, u"deterministic"_s, text);
    }
    if (tries == 0) {
        if (const auto asked = m_flow.lookUp(tx, event, inbox, error); !asked)
            return asked;
    }
    const bool isHeld = event.state == events::State::Pending && tries < kHeldTries.size();
    if (isHeld)
        return events::postpone(tx, event.id, event.state, event.state, tx.now() + kHeldTries.at(tries), event.attempts + 1, u"transient"_s, text);
    const size_t parked = tries - std::min(tries, kHeldTries.size());
    if (parked >= kParkedTries.size())
        return bury(tx, event, inbox, u"transient"_s, text);
    m_hasParked = true;
    return events::postpone(tx, event.id, event.state, events::State::Parked, tx.now() + kParkedTries.at(parked), event.attempts + 1, u"transient"_s,
                            text);
}

Result<void> LaneRunner::bury(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox, const QString &errorClass,
                              const QString &text)
{
    if (const auto done = events::postpone(tx, event.id, event.state, events::State::Dead, event.nextAt, event.attempts + 1, errorClass, text); !done)
        return done;
    tx.changed(u"intake.dead_letter"_s, event.id.value() * 2, event.inboxId);
    const auto told = tx.attempt([&](WriteTransaction &inner) { return m_flow.tellFailure(inner, event, inbox); });
    if (!told && told.error().kind == Error::Kind::Storage)
        return told;
    if (!told)
        qCWarning(lcIntake) << "no line in the conversation tells of it:" << describe(told.error());
    return {};
}

} // namespace antiphon
