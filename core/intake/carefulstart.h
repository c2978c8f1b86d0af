#pragma once

#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"

#include <QHash>

namespace antiphon {

/// The record of what was in hand, for starts after a crash: each thing is named, and the name committed, before it is touched, and the name goes in
/// the transaction that is done with it. Things are named by the group. What a crash left named once is taken by itself from then on, so only what
/// broke the program is ever found named by a second crash: that is set aside, and one poisoned event can't keep the program from starting.
namespace careful {

/// One thing that waits: an event, or a delivery to split.
struct Item {
    EventId event{};
    DeliveryId delivery{};

    /// Deliveries first, since events come from them; else by id.
    friend bool operator<(const Item &a, const Item &b)
    {
        return std::pair(bool(a.event), a.delivery.value() + a.event.value()) < std::pair(bool(b.event), b.delivery.value() + b.event.value());
    }
    friend bool operator==(const Item &a, const Item &b) = default;
    friend size_t qHash(const Item &item, size_t seed = 0) noexcept { return qHashMulti(seed, item.event, item.delivery); }
};

/// How often a thing was found in hand.
struct Record {
    int crashes = 0;
    int pardons = 0;
};

/// The last process did not break but was ended from outside (a kill, the power): what it had in hand is not to blame. That is granted to a thing a few
/// times only: also whoever ends programs that take all memory ends them from outside.
Result<void> pardon(WriteTransaction &tx);

/// Sets aside what two crashes found in hand. @return how many.
Result<int> setAsideSuspects(WriteTransaction &tx);
Result<QHash<Item, Record>> records(ReadTransaction &tx);

/// A crash from now on counts against it, once in this run. @param before what records() told at the start
Result<void> name(WriteTransaction &tx, const Item &item, const Record &before);
Result<void> forget(WriteTransaction &tx, const Item &item);
Result<void> forgetAll(WriteTransaction &tx);

} // namespace careful
} // namespace antiphon
