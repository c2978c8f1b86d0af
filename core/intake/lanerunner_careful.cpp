#include "core/intake/lanerunner.h"

#include "core/base/logging.h"
#include "core/intake/carefulstart.h"

/// The careful start: the same work, one thing at a time, and nothing touched before its name is on the disk.
namespace antiphon {

Result<bool> LaneRunner::carefulStep(WriteTransaction &tx)
{
    if (!m_suspectsChecked) {
        const auto count = careful::setAsideSuspects(tx);
        if (!count)
            return count.error();
        m_suspectsChecked = true;
        return true;
    }
    if (m_inHand) {
        if (m_isNamed->load())
            return applyInHand(tx);
        if (m_isNamed.use_count() > 1)
            return false;               // its name is in this very batch: not before the commit
        m_inHand.reset();               // that batch was taken back
    }
    const auto next = nextCareful(tx);
    if (!next)
        return next.error();
    if (!*next) {
        if (const auto done = careful::forgetAll(tx); !done)
            return done.error();
        qCInfo(lcIntake) << "everything that was waiting has had its turn";
        m_isCareful = false;
        m_hasUnsplit = true;
        m_isScanning = true;
        return true;
    }
    if (const auto done = nameInHand(tx, **next); !done)
        return done.error();
    m_inHand = **next;
    m_isNamed = std::make_shared<std::atomic<bool>>(false);
    tx.afterCommit([self = shared_from_this(), named = m_isNamed] {
        *named = true;
        self->wake();
    });
    return false;
}

Result<void> LaneRunner::nameInHand(WriteTransaction &tx, const InHand &inHand)
{
    return inHand.delivery ? careful::name(tx, inHand.delivery) : careful::name(tx, inHand.event);
}

Result<std::optional<LaneRunner::InHand>> LaneRunner::nextCareful(WriteTransaction &tx)
{
    const auto delivery = deliveries::nextUnsplit(tx);
    if (!delivery)
        return delivery.error();
    if (*delivery)
        return std::optional(InHand{.delivery = (*delivery)->id});
    for (;;) {
        const auto ids = events::pendingIds(tx, m_carefulAfter, 1);
        if (!ids)
            return ids.error();
        if (ids->isEmpty())
            break;
        m_carefulAfter = ids->constFirst();
        const auto event = events::find(tx, m_carefulAfter);
        if (!event)
            return event.error();
        // Behind a head that waits for its time, all of its lane waits.
        const auto head = events::head(tx, (*event)->lane);
        if (!head)
            return head.error();
        if (*head && (*head)->nextAt <= tx.now())
            return std::optional(InHand{.event = (*head)->id});
    }
    const auto parked = events::dueParked(tx, tx.now(), 1);
    if (!parked)
        return parked.error();
    if (!parked->isEmpty())
        return std::optional(InHand{.event = parked->constFirst()});
    return std::optional<InHand>();
}

Result<bool> LaneRunner::applyInHand(WriteTransaction &tx)
{
    const InHand inHand = *m_inHand;
    if (inHand.delivery) {
        const auto delivery = deliveries::find(tx, inHand.delivery);
        if (!delivery)
            return delivery.error();
        QList<Lanes::Lane> lanes;
        if (*delivery) {
            if (const auto done = splitOrSetAside(tx, **delivery, &lanes); !done)
                return done.error();
        }
        if (const auto done = careful::forget(tx, inHand.delivery); !done)
            return done.error();
    } else {
        const auto event = events::find(tx, inHand.event);
        if (!event)
            return event.error();
        const bool isWaiting = *event && ((*event)->state == events::State::Pending || (*event)->state == events::State::Parked);
        if (isWaiting) {
            if (const auto done = apply(tx, **event); !done)
                return done.error();
        }
        if (const auto done = careful::forget(tx, inHand.event); !done)
            return done.error();
    }
    m_inHand.reset();
    return true;
}

} // namespace antiphon
