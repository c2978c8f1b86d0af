#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QUrl>

#include <chrono>

namespace antiphon {

using HttpHeaders = QList<QPair<QByteArray, QByteArray>>;

/// A request to a platform, as a value: adapters make it, an HttpClient sends it.
struct HttpRequest {
    QByteArray method = "GET";
    QUrl url{};                                    ///< the query already percent-encoded, every value on its own (so + is %2B)
    HttpHeaders headers{};
    QByteArray body{};
    std::chrono::milliseconds timeout{20'000};
    qint64 maxReplyBytes = 4 * 1024 * 1024;
};

/// What came back. `status` 0: no answer, and `transport` says why.
struct HttpReply {
    int status = 0;
    HttpHeaders headers{};
    QByteArray body{};
    bool requestWritten = false;                   ///< bytes of the request may have left: without an answer the outcome is unknown
    std::optional<Error> transport{};

    QByteArray header(QByteArrayView name) const;  ///< the first of that name, whatever its case; empty where there is none
};

} // namespace antiphon
