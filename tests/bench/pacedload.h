#pragma once

#include "tests/bench/webhookload.h"

#include <functional>

namespace antiphon::bench {

/// How fast requests are due, whatever the server does.
struct Pace {
    double perSecond = 0;
    double seconds = 0;
    int connections = 64;    ///< kept-alive, one request under way in each
};

/// Posts at a fixed rate from the calling thread. A latency counts from the moment the request was due, so a server that stalls pays for all that
/// had to wait, not for one. Ten seconds without any answer end it.
/// @param request makes the whole HTTP request of a number, counted from 0, when it is due
/// @param answered is told of each acknowledged latency in ms, in the calling thread
LoadResult runPaced(quint16 port, const Pace &pace, const std::function<QByteArray(qint64)> &request, const std::function<void(double)> &answered = {});

} // namespace antiphon::bench
