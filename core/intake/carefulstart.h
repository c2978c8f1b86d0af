#pragma once

#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"

#include <QSet>

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

/// What an earlier crash left named is one step from being set aside. Where the last process did not break but was ended from outside (a kill, the
/// power), what it had in hand counts as named once only. That is granted a few times in a row: also whoever ends programs that take all memory
/// ends them from outside.
Result<void> pardon(WriteTransaction &tx);

/// Sets aside what two crashes found in hand. @return how many.
Result<int> setAsideSuspects(WriteTransaction &tx);
/// What a crash found in hand once.
Result<QSet<Item>> suspects(ReadTransaction &tx);

/// The same twice in one run counts once. @param isSuspect one of suspects(): a crash now is its second.
Result<void> name(WriteTransaction &tx, const Item &item, bool isSuspect);
Result<void> forget(WriteTransaction &tx, const Item &item);
Result<void> forgetAll(WriteTransaction &tx);

} // namespace careful
} // namespace antiphon
