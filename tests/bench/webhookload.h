#pragma once

#include <QByteArray>

#include <vector>

namespace antiphon::bench {

/// What came of a load.
struct LoadResult {
    qint64 acknowledged = 0;            ///< answered 200
    qint64 refused = 0;                 ///< answered otherwise
    qint64 broken = 0;                  ///< not answered at all
    double seconds = 0;                 ///< from the first request to the last answer
    std::vector<double> latencies{};    ///< of the acknowledged, in ms, from the write of the request to the last byte of its answer

    double perSecond() const { return seconds > 0 ? double(acknowledged) / seconds : 0; }
};

/// Posts each request once over `connections` kept-alive connections to loopback, each with one request under way: the calling thread and epoll, nothing
/// else, so that the client costs little. Blocks until all are answered; ten seconds without any answer end it.
/// @param requests whole HTTP requests, ready to be written
LoadResult runLoad(quint16 port, int connections, const std::vector<QByteArray> &requests);

/// A whole POST of a webhook. @param signature the value of TikTok-Signature
QByteArray webhookRequest(quint16 port, const QByteArray &signature, const QByteArray &body);

/// The HTTP status of an answer once its bytes are all there, 0 while more is to come.
int statusOf(const QByteArray &answer);

/// A blocking connection to a port of loopback; -1 where there is none.
int connectTo(quint16 port);

} // namespace antiphon::bench
