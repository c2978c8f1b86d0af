#pragma once

#include <QString>

#include <chrono>

namespace antiphon {

/// What a platform gives back of a time in which nobody was there. Every channel says it for itself; what the owner is told follows from it.
struct CatchUpDepth {
    enum class Kind {
        Complete,           ///< everything since a moment can be listed, page by page
        NewestPerThread,    ///< threads can be listed, and of each the `newest` messages
        RedeliveryOnly,     ///< no list: only what the platform brings again by itself, for `retention`
        None
    };
    Kind kind = Kind::None;
    int newest = 0;                            ///< messages a thread; 0: no such limit
    int mostThreads = 0;                       ///< threads in all; 0: no such limit
    std::chrono::hours retention{0};           ///< how far back; 0: no end is known
    bool needsPublicAddress = true;            ///< false: it can be polled, so a machine without a tunnel receives too

    bool isListed() const { return kind == Kind::Complete || kind == Kind::NewestPerThread; }
};

/// How the feed of an account is read.
struct FeedRhythm {
    std::chrono::seconds every{60};            ///< the pause between two reads
    std::chrono::seconds waitsFor{0};          ///< above 0 the platform holds its answer back that long when there is nothing (long polling), and has one reader only
};

/// One English sentence for `inboxes.check`.
QString describe(const CatchUpDepth &depth);

} // namespace antiphon
