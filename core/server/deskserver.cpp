#include "core/server/deskserver.h"

#include "core/server/filestreams.h"
#include "core/server/gate/httpstream.h"
#include "core/server/healthroute.h"

#include <QTcpSocket>
#include <QWebSocket>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

enum Tag { Health, Metrics, Session, Upload, Attachment };

constexpr qint64 kMaxUpload = 100 * 1024 * 1024;

QString peerKey(const QHostAddress &address, quint16 port)
{
    return address.toString() + u'|' + QString::number(port);
}

} // namespace

Gate::Options DeskServer::defaultOptions()
{
    Gate::Options options{.name = "desk"};
    options.limits.maxConnections = kMaxConnections;
    return options;
}

DeskServer::DeskServer(const Clock &clock, Handlers handlers, Gate::Options options, const SessionLimits &sessionLimits, QObject *parent)
    : QObject(parent),
      m_handlers(std::move(handlers)),
      m_sessionLimits(sessionLimits),
      m_dispatcher([this](const HttpDispatcher::Request &request, const Answer &answer) { handle(request, answer); }),
      m_webSockets(u"antiphon"_s, QWebSocketServer::NonSecureMode),    // TLS, where there is any, is the Gate's: it hands on open sockets
      m_gate(new Gate(clock, std::move(options), &m_dispatcher))
{
    addRoutes();
    m_gate->setStreamHandler([this](HttpStream *stream) { takeStream(stream); });
    m_gate->setWebSocketHandler([this](QTcpSocket *socket) { upgrade(socket); });
    connect(&m_webSockets, &QWebSocketServer::newConnection, this, &DeskServer::takeUpgraded);
}

DeskServer::~DeskServer() = default;

void DeskServer::addRoutes()
{
    RoutePolicy &policy = m_gate->policy();
    policy.addRoute({.pattern = "/healthz", .methods = {"GET", "HEAD"}, .tag = Health});
    policy.addRoute({.pattern = "/metrics", .methods = {"GET", "HEAD"}, .tag = Metrics});
    policy.addRoute({.pattern = "/api/v1/desk", .methods = {"GET"}, .kind = Route::Kind::WebSocket, .tag = Session});
    policy.addRoute({.pattern = "/api/v1/attachments", .methods = {"POST"}, .bodyLimit = kMaxUpload, .kind = Route::Kind::Stream, .tag = Upload});
    policy.addRoute({.pattern = "/api/v1/attachments/{id}", .methods = {"GET", "HEAD"}, .kind = Route::Kind::Stream, .tag = Attachment});
}

Result<void> DeskServer::open(const QHostAddress &address, quint16 port)
{
    Result<void> opened = m_gate->open(address, port);
    if (opened)
        m_dispatcher.attach(m_gate);
    return opened;
}

void DeskServer::handle(const HttpDispatcher::Request &request, const Answer &answer)
{
    if (request.judgement.route->tag == Metrics) {
        sendMetrics(request.head, answer);
        return;
    }
    if (const QByteArray nonce = probeNonce(request.head); !nonce.isEmpty())
        emit probed(nonce);
    answer.send(healthReply(m_handlers.isHealthy && m_handlers.isHealthy()));
}

void DeskServer::sendMetrics(const RequestHead &head, const Answer &answer)
{
    const auto token = bearerToken(head);
    if (!token || !m_handlers.authorize) {
        answer.send(errorReply({.kind = Error::Kind::Unauthorized}));
        return;
    }
    m_handlers.authorize(*token, [self = QPointer(this), answer](const Result<AgentId> &agent) {
        if (!self)
            return;
        if (!agent) {
            answer.send(errorReply(agent.error()));
            return;
        }
        const auto finish = [self, answer](const QByteArray &text) {
            if (self)
                answer.send({.body = groupedMetrics(text + toPrometheus(self->stats(), "desk")), .contentType = "text/plain; version=0.0.4; charset=utf-8"});
        };
        if (self->m_handlers.metrics)
            self->m_handlers.metrics(finish);
        else
            finish({});
    });
}

void DeskServer::takeStream(HttpStream *stream)
{
    if (!m_handlers.files)
        stream->answer({.status = 404});
    else if (stream->routeTag() == Upload)
        m_handlers.files->takeUpload(stream);
    else
        m_handlers.files->sendAttachment(stream);
}

void DeskServer::upgrade(QTcpSocket *socket)
{
    const QString key = peerKey(socket->peerAddress(), socket->peerPort());
    m_upgrading.insert(key, socket);
    connect(socket, &QObject::destroyed, this, [this, key] {
        if (const auto it = m_upgrading.constFind(key); it != m_upgrading.constEnd() && !it.value())
            m_upgrading.erase(it);
    });
    m_webSockets.handleConnection(socket);
}

void DeskServer::takeUpgraded()
{
    while (QWebSocket *socket = m_webSockets.nextPendingConnection()) {
        const QPointer<QTcpSocket> wire = m_upgrading.take(peerKey(socket->peerAddress(), socket->peerPort()));
        if (!m_handlers.session || !wire) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        m_handlers.session(new WebSocketTransport(socket, wire, m_sessionLimits));
    }
}

} // namespace antiphon
