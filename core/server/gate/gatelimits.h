#pragma once

#include "core/base/clock.h"

namespace antiphon {

/// What one listener bears. The defaults are the contract's; tests shorten the times.
struct GateLimits {
    int maxConnections = 1200;                     ///< above, the newest is answered 503 and closed
    Milliseconds tlsHandshake{5'000};
    Milliseconds head{10'000};                     ///< from accepting or from a head's first byte to its end: 408
    Milliseconds body{30'000};                     ///< from the end of the head to the end of the body: 408
    Milliseconds idle{60'000};                     ///< between two requests: closed
    Milliseconds handler{60'000};                  ///< from a complete request to its answer: 503
    Milliseconds stalledReader{60'000};            ///< a client that takes nothing of its answer: cut
    Milliseconds farewell{2'000};                  ///< after an answer that closes: what still comes is thrown away for this long
    qint64 farewellBytes = 16 * 1024 * 1024;       ///< and up to this much
};

} // namespace antiphon
