#pragma once

#include <QByteArray>

namespace antiphon {

/// A request that is answered without any handler seeing it.
struct Refusal {
    int status = 400;
    const char *cause = "";       ///< static string: the label of the counter and of the log line, e.g. "head_too_large"
    bool close = true;            ///< false where the connection may go on (the request was well formed and had no body)
    QByteArray extraHeaders{};    ///< whole lines, each with its CRLF
};

} // namespace antiphon
