#pragma once

#include "tests/support/testmain.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QHash>
#include <QHostAddress>
#include <QObject>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

namespace antiphon::test {

/// One answer as it stood on the wire.
struct RawResponse {
    int status = 0;                             ///< 0: none has come (whole)
    QHash<QByteArray, QByteArray> headers{};    ///< names in lower case
    QByteArray body{};
};

/// A client that says exactly the bytes it is told to and keeps what it hears.
class RawClient : public QObject {
    Q_OBJECT
public:
    explicit RawClient(quint16 port, QObject *parent = nullptr) : QObject(parent)
    {
        connect(&socket, &QTcpSocket::readyRead, this, [this] { received += socket.readAll(); });
        connect(&socket, &QTcpSocket::disconnected, this, [this] { closed = true; });
        socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
        if (port != 0)
            socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    }

    void say(const QByteArray &bytes) { socket.write(bytes); }

    /// Takes the first whole answer out of what was received; status 0 where there is none yet.
    RawResponse take(bool isHead = false)
    {
        RawResponse response;
        const qsizetype end = received.indexOf("\r\n\r\n");
        if (end < 0)
            return response;
        const QList<QByteArray> lines = received.first(end).split('\n');
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const qsizetype colon = lines[i].indexOf(':');
            response.headers.insert(lines[i].first(colon).toLower(), lines[i].sliced(colon + 1).trimmed());
        }
        const qsizetype length = isHead ? 0 : response.headers.value("content-length").toLongLong();
        if (received.size() < end + 4 + length)
            return {};
        response.status = lines.first().mid(9, 3).toInt();
        response.body = received.mid(end + 4, length);
        received.remove(0, end + 4 + length);
        return response;
    }

    /// Waits for the next whole answer; status 0 where none comes in five seconds.
    RawResponse answer(bool isHead = false)
    {
        QTimer bound;
        bound.start(5000);
        bound.setSingleShot(true);
        RawResponse response = take(isHead);
        while (response.status == 0 && bound.isActive()) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            response = take(isHead);
        }
        return response;
    }

    /// Says the pieces one by one, each in a packet of its own as far as the system lets us.
    void sayInPieces(const QList<QByteArray> &pieces)
    {
        QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
        for (const QByteArray &piece : pieces) {
            say(piece);
            socket.flush();
            QCoreApplication::processEvents();
        }
    }

    QTcpSocket socket;
    QByteArray received;
    bool closed = false;
};

/// Resident memory of this process in bytes; always 0 under AddressSanitizer, which keeps what is freed, so that comparisons hold.
qint64 residentBytes();

} // namespace antiphon::test
