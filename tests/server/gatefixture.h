#pragma once

#include "core/server/gate/gate.h"
#include "core/server/gate/httpstream.h"
#include "core/server/httpdispatcher.h"
#include "tests/server/rawclient.h"

#include <QPointer>

#include <memory>

namespace antiphon::test {

/// A Gate with the library behind it, on a free port: `POST /hook` and `/hooks/{id}` (1 MiB) and `GET|HEAD /hello` answer at once, `POST /later` (4 MiB) when the
/// test does, `POST /stream` (8 MiB) counts its body, `GET /flood` sends 8 MiB, `GET /socket` takes the socket.
class GateFixture {
public:
    explicit GateFixture(const Gate::Options &options = {})
        : dispatcher([this](const HttpDispatcher::Request &request, const Answer &answer) { handle(request, answer); }),
          gate(new Gate(clock, options))
    {
        RoutePolicy &policy = gate->policy();
        policy.addRoute({.pattern = "/hook", .methods = {"POST"}, .bodyLimit = 1024 * 1024});
        policy.addRoute({.pattern = "/hooks/{id}", .methods = {"POST"}, .bodyLimit = 1024 * 1024});
        policy.addRoute({.pattern = "/hello", .methods = {"GET", "HEAD"}});
        policy.addRoute({.pattern = "/later", .methods = {"POST"}, .bodyLimit = 4 * 1024 * 1024, .tag = kLater});
        policy.addRoute({.pattern = "/stream", .methods = {"POST"}, .bodyLimit = 8 * 1024 * 1024, .kind = Route::Kind::Stream});
        policy.addRoute({.pattern = "/flood", .methods = {"GET"}, .kind = Route::Kind::Stream, .tag = kFlood});
        policy.addRoute({.pattern = "/socket", .methods = {"GET"}, .kind = Route::Kind::WebSocket});
        gate->setStreamHandler([this](HttpStream *stream) { stream->routeTag() == kFlood ? flood(stream) : count(stream); });
        gate->setWebSocketHandler([this](QTcpSocket *socket) { sockets.append(socket); });
        const Result<void> opened = gate->open(QHostAddress(QHostAddress::LocalHost), 0);
        if (!opened)
            qFatal("the gate doesn't open");
        port = gate->serverPort();
        dispatcher.attach(gate);
    }

    struct Seen {
        QByteArray method{};
        QByteArray target{};
        QByteArray body{};
    };

    SystemClock clock;
    HttpDispatcher dispatcher;
    Gate *gate = nullptr;          // the dispatcher's
    quint16 port = 0;
    QList<Seen> seen;
    QList<Answer> later;
    QList<QPointer<QTcpSocket>> sockets;
    qint64 streamed = 0;
    int streamsGone = 0;
    bool streamReads = true;
    std::function<void()> pull;    // of the last stream

private:
    static constexpr int kLater = 1;
    static constexpr int kFlood = 2;

    void handle(const HttpDispatcher::Request &request, const Answer &answer)
    {
        seen.append({request.head.method().toByteArray(), request.head.target().toByteArray(), request.body});
        if (request.judgement.route->tag == kLater)
            later.append(answer);
        else
            answer.send({.body = request.head.path().toByteArray() + ' ' + QByteArray::number(request.body.size()), .contentType = "text/plain"});
    }

    void count(HttpStream *stream)
    {
        pull = [this, stream] {
            for (QByteArray piece; streamReads && !(piece = stream->read(64 * 1024)).isEmpty();)
                streamed += piece.size();
            if (stream->isBodyComplete())
                stream->answer({.status = 201, .body = QByteArray::number(streamed)});
        };
        QObject::connect(stream, &HttpStream::readable, stream, pull);
        QObject::connect(stream, &HttpStream::gone, stream, [this] { ++streamsGone; });
        pull();
    }

    void flood(HttpStream *stream)
    {
        constexpr int kPieces = 128;
        stream->begin({}, kPieces * 64 * 1024);
        const auto sent = std::make_shared<int>(0);
        const auto push = [stream, sent] {
            while (*sent < kPieces && stream->bytesWaiting() < 256 * 1024) {
                ++*sent;
                stream->write(QByteArray(64 * 1024, 'x'));
            }
            if (*sent == kPieces)
                stream->finish();
        };
        QObject::connect(stream, &HttpStream::written, stream, push);
        QObject::connect(stream, &HttpStream::gone, stream, [this] { ++streamsGone; });
        push();
    }
};

} // namespace antiphon::test
