#pragma once

#include "core/domain/gap.h"
#include "core/store/writer.h"

namespace antiphon {

/// Writes down when inboxes could have missed something. Holds no state of its own; any thread.
class GapKeeper {
public:
    /// Shorter absences are left to the platforms' own retries.
    static constexpr Milliseconds kShortest{45'000};

    /// @param ended called after the commit, in the Writer's thread: there is something to fill
    GapKeeper(Writer &writer, std::function<void()> ended);

    /// At a start: what lasted when the former process ended, ends now, and the time without a process is a gap of every inbox.
    /// @param cause how the former process ended, or that its workspace was put back from a copy
    void noteStart(Gap::Cause cause);
    void noteAlive();                      ///< every 30 s, and before a sleep
    void noteStop();                       ///< the mark of a stop that was asked for

    /// Nobody was there for a while, and that is over.
    void noteAway(Timestamp from, Timestamp to, Gap::Cause cause);

    /// Something begins that keeps webhooks away, of one inbox or (null) of all; until it is closed. Once a cause.
    void open(InboxId inbox, Timestamp from, Gap::Cause cause);
    void close(InboxId inbox, Gap::Cause cause);

private:
    void submit(const char *name, std::function<Result<void>(WriteTransaction &)> work);

    Writer &m_writer;
    std::function<void()> m_ended;
};

} // namespace antiphon
