#include "core/intake/lanerunner.h"

#include "core/base/logging.h"

/// The careful start: the same work, and nothing touched before its name is on the disk. Only what waited at the start has a turn here; what
/// comes meanwhile is journalled and answered, and split when this is over.
namespace antiphon {
namespace {

/// Named by one commit. A crash makes suspects of the whole group, which are then taken one by one.
constexpr int kGroup = 64;

} // namespace

/// What a batch has in hand. Where the batch is taken back, it waits in its group again.
struct LaneRunner::TakenItem {
    std::shared_ptr<Group> group;
    careful::Item item;
    bool isCommitted = false;

    TakenItem(std::shared_ptr<Group> from, const careful::Item &taken) : group(std::move(from)), item(taken) {}
    Q_DISABLE_COPY_MOVE(TakenItem)
    ~TakenItem()
    {
        if (!isCommitted)
            group->waiting.insert(item);
    }
};

Result<bool> LaneRunner::carefulStep(WriteTransaction &tx)
{
    if (!m_isBegun) {
        if (const auto done = beginCareful(tx); !done)
            return done.error();
        m_isBegun = true;
        return true;
    }
    if (m_group && !m_group->isCommitted) {
        if (m_group.use_count() > 1)
            return false;               // its names are in this very batch: not before the commit
        m_deliveriesSeen = {};          // that batch was taken back: what was left out of it is found again
        m_eventsSeen = {};
        m_group.reset();
    }
    if (m_group && !m_group->waiting.empty())
        return applyInGroup(tx);
    const auto next = nextGroup(tx);
    if (!next)
        return next.error();
    if (next->isEmpty())
        return endCareful(tx);
    if (const auto done = nameGroup(tx, *next); !done)
        return done.error();
    return false;
}

Result<void> LaneRunner::beginCareful(WriteTransaction &tx)
{
    if (m_lastStop == LastStop::Killed) {
        if (const auto done = careful::pardon(tx); !done)
            return done;
    }
    if (const auto count = careful::setAsideSuspects(tx); !count)
        return count.error();
    const auto records = careful::records(tx);
    if (!records)
        return records.error();
    m_records = *records;
    const auto last = deliveries::newest(tx);
    if (!last)
        return last.error();
    m_lastDelivery = *last;
    return {};
}

Result<bool> LaneRunner::endCareful(WriteTransaction &tx)
{
    if (const auto done = careful::forgetAll(tx); !done)
        return done.error();
    // Not before the commit: where this batch is taken back, things come back to their group.
    tx.afterCommit([self = shared_from_this()] {
        qCInfo(lcIntake) << "everything that was waiting has had its turn";
        self->m_group.reset();
        self->m_records.clear();
        self->m_isCareful = false;
        self->m_hasUnsplit = true;
        self->m_isScanning = true;
        self->wake();
    });
    return false;
}

/// What is named together: no suspect, or one suspect alone.
Result<QList<careful::Item>> LaneRunner::nextGroup(WriteTransaction &tx)
{
    const auto found = nextDeliveries(tx);
    if (!found || !found->isEmpty())
        return found;
    const auto pending = nextEvents(tx);
    if (!pending || !pending->isEmpty())
        return pending;
    const auto parked = events::dueParked(tx, tx.now(), kGroup);
    if (!parked)
        return parked.error();
    QList<careful::Item> items;
    for (const EventId id : *parked) {
        const careful::Item item{.event = id};
        const bool isAlone = isSuspect(item);
        if (isAlone && !items.isEmpty())
            break;
        items.append(item);
        if (isAlone)
            break;
    }
    return items;
}

Result<QList<careful::Item>> LaneRunner::nextDeliveries(WriteTransaction &tx)
{
    const auto ids = deliveries::unsplitIds(tx, m_deliveriesSeen, m_lastDelivery, kGroup);
    if (!ids)
        return ids.error();
    QList<careful::Item> items;
    for (const DeliveryId id : *ids) {
        const careful::Item item{.delivery = id};
        const bool isAlone = isSuspect(item);
        if (isAlone && !items.isEmpty())
            break;
        m_deliveriesSeen = id;
        items.append(item);
        if (isAlone)
            break;
    }
    return items;
}

Result<QList<careful::Item>> LaneRunner::nextEvents(WriteTransaction &tx)
{
    QList<careful::Item> items;
    while (items.isEmpty()) {
        const auto pending = events::pending(tx, m_eventsSeen, kGroup);
        if (!pending)
            return pending.error();
        if (pending->isEmpty())
            return items;
        QHash<QString, bool> isDue;
        for (const events::PendingEvent &event : *pending) {
            // Behind a head that waits for its time, all of its lane waits.
            if (!isDue.contains(event.lane)) {
                const auto head = events::head(tx, event.lane);
                if (!head)
                    return head.error();
                isDue.insert(event.lane, *head && (*head)->nextAt <= tx.now());
            }
            const careful::Item item{.event = event.id};
            const bool isAlone = isSuspect(item);
            if (isDue.value(event.lane)) {
                if (isAlone && !items.isEmpty())
                    return items;
                items.append(item);
            }
            m_eventsSeen = event;
            if (isAlone && !items.isEmpty())
                return items;
        }
    }
    return items;
}

Result<void> LaneRunner::nameGroup(WriteTransaction &tx, const QList<careful::Item> &items)
{
    for (const careful::Item &item : items) {
        if (const auto done = careful::name(tx, item, m_records.value(item)); !done)
            return done;
    }
    m_group = std::make_shared<Group>();
    m_group->waiting.insert(items.cbegin(), items.cend());
    tx.afterCommit([self = shared_from_this(), group = m_group] {
        group->isCommitted = true;
        self->wake();
    });
    return {};
}

Result<bool> LaneRunner::applyInGroup(WriteTransaction &tx)
{
    const careful::Item item = *m_group->waiting.begin();
    m_group->waiting.erase(m_group->waiting.begin());
    const auto taken = std::make_shared<TakenItem>(m_group, item);
    if (const auto done = applyNamed(tx, item); !done)
        return done.error();
    if (const auto done = careful::forget(tx, item); !done)
        return done.error();
    tx.afterCommit([taken] { taken->isCommitted = true; });
    return true;
}

Result<void> LaneRunner::applyNamed(WriteTransaction &tx, const careful::Item &item)
{
    if (item.delivery) {
        const auto isUnsplit = deliveries::isUnsplit(tx, item.delivery);
        if (!isUnsplit || !*isUnsplit)
            return isUnsplit ? Result<void>() : Result<void>(isUnsplit.error());
        const auto delivery = deliveries::find(tx, item.delivery);
        if (!delivery)
            return delivery.error();
        QList<Lanes::Lane> lanes;
        return *delivery ? splitOrSetAside(tx, **delivery, &lanes) : Result<void>();
    }
    const auto event = events::find(tx, item.event);
    if (!event)
        return event.error();
    if (!*event)
        return {};
    if ((*event)->state == events::State::Parked)
        return apply(tx, **event);
    if ((*event)->state != events::State::Pending)
        return {};
    // One before it in its lane failed just now: then this one waits, too.
    const auto head = events::head(tx, (*event)->lane);
    if (!head)
        return head.error();
    return *head && (*head)->id == item.event ? apply(tx, **event) : Result<void>();
}

} // namespace antiphon
