#pragma once

#include "core/server/answer.h"

#include <QAbstractHttpServer>

#include <functional>

namespace antiphon {

class Gate;

/// The HTTP library behind a Gate: it assembles requests, and every one of them goes to one handler with an Answer. Routing is the Gate's alone (the
/// library's own router decodes paths before it compares them and knows no 405), so that there are no two opinions about what a request means.
/// WebSockets never come this way: the Gate keeps upgrades from the library.
class HttpDispatcher final : public QAbstractHttpServer {
    Q_OBJECT
public:
    /// A complete request on a route of Kind::Library; `head` and `judgement` are valid until it is answered, and no longer than the call.
    struct Request {
        const RequestHead &head;
        const Judgement &judgement;
        QByteArray body;
    };
    using Handler = std::function<void(const Request &, const Answer &)>;

    explicit HttpDispatcher(Handler handler, QObject *parent = nullptr);

    /// Takes over an open Gate and becomes its parent.
    void attach(Gate *gate);

protected:
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override;
    void missingHandler(const QHttpServerRequest &request, QTcpSocket *socket) override;

private:
    Handler m_handler;
    Gate *m_gate = nullptr;
};

} // namespace antiphon
