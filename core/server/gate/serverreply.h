#pragma once

#include <QByteArray>
#include <QList>
#include <QPair>

#include <optional>

namespace antiphon {

/// One answer of ours. Content-Length, Date and Connection are added when it is written.
struct ServerReply {
    int status = 200;
    QByteArray body{};
    QByteArray contentType{};                          ///< empty: no such line
    QList<QPair<QByteArray, QByteArray>> headers{};    ///< further lines; our own constants or values free of line ends
    bool close = false;                                ///< end the connection afterwards
};

/// The words behind a status in the status line, e.g. "Not Found".
QByteArray reasonPhrase(int status);

/// Status line and headers with the empty line.
/// @param contentLength as announced; the body may be left out (HEAD). Nothing: no such line (1xx, 204, 304).
/// @param dateLine a whole `Date: …` line with CRLF, or empty
QByteArray replyHead(const ServerReply &reply, std::optional<qint64> contentLength, bool close, const QByteArray &dateLine);

} // namespace antiphon
