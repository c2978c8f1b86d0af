#pragma once

#include "core/intake/deadletters.h"
#include "core/store/writer.h"

#include <functional>

/// Another chance for many dead letters, in slices that let other work pass between them.
namespace antiphon::deadletters {

/// Which: those of one class and reason, or, where `reason` is not given, all whose cause is in the program itself and not outside it ("shape",
/// "deterministic").
struct Sweep {
    std::optional<QString> reason{};
    QString errorClass{};                ///< with `reason`; empty: of any class
    InboxId inboxId{};                   ///< null: of any inbox
    qint64 lastEvent = 0;                ///< what dies again while this runs isn't taken twice
    qint64 lastDelivery = 0;
    qint64 afterEvent = 0;
    qint64 afterDelivery = 0;
};

/// Begins at the oldest: the ids up to which it goes are those of now. @return how many will be tried; above 10,000 of a kind it is no longer counted.
Result<qint64> begin(ReadTransaction &tx, Sweep *sweep);

/// Submits one slice as background work, and the next after it. `wake` is called in the Writer's thread after each slice, `finished` after the last.
void runSlices(Writer &writer, const Sweep &sweep, const std::function<void()> &wake, const std::function<void()> &finished = {});

/// Once a version: what this program couldn't read before may have been mended with it. Any thread.
void retryAfterUpdate(Writer &writer, const QString &version, const std::function<void()> &wake);

} // namespace antiphon::deadletters
