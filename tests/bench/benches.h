#pragma once

#include <QString>

namespace antiphon::bench {

/// What the command line of antiphon-bench says.
struct Options {
    QString folder{};        ///< where the throw-away data folders are made: its filesystem is the one measured
    QString dataDir{};       ///< of `window` only
    double scale = 1.0;      ///< of the number of samples
    bool isSmoke = false;    ///< so few samples that the figures mean nothing
};

/// @return how many samples to take where a full run takes `full`: at least `least`.
inline int samples(const Options &options, int full, int least)
{
    const int wanted = options.isSmoke ? least : int(full * options.scale);
    return wanted > least ? wanted : least;
}

/// Each prints its table and returns the exit code: 0 where it could measure, whatever the figures.
int runAcknowledgements(const Options &options);
int runArrival(const Options &options);
int runConversation(const Options &options);
int runStart(const Options &options);
int runSustained(const Options &options);
int runBurst(const Options &options);
int runWindowLoad(const Options &options);
int runHistory(const Options &options);
int runGrowth(const Options &options);
/// The measured half of `start`: a window on a data folder that says when its first card is painted, and ends.
int runWindow(const Options &options);

} // namespace antiphon::bench
