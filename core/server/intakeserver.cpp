#include "core/server/intakeserver.h"

#include "core/server/filestreams.h"
#include "core/server/gate/httpstream.h"
#include "core/server/healthroute.h"

namespace antiphon {
namespace {

constexpr qint64 kMiB = 1024 * 1024;

enum Tag { Health, Webhook, OauthReturn, Media };

Gate::Options named(Gate::Options options)
{
    if (options.name.isEmpty())
        options.name = "intake";
    return options;
}

} // namespace

IntakeServer::IntakeServer(const Clock &clock, Handlers handlers, Gate::Options options, QObject *parent)
    : QObject(parent),
      m_clock(clock),
      m_handlers(std::move(handlers)),
      m_dispatcher([this](const HttpDispatcher::Request &request, const Answer &answer) { handle(request, answer); }),
      m_gate(new Gate(clock, named(std::move(options)), &m_dispatcher))
{
    addRoutes();
    m_gate->setStreamHandler([this](HttpStream *stream) {
        if (m_handlers.files)
            m_handlers.files->sendMedia(stream);
        else
            stream->answer({.status = 404});
    });
}

void IntakeServer::addRoutes()
{
    RoutePolicy &policy = m_gate->policy();
    const auto hook = [&policy](const QByteArray &pattern, const QList<QByteArray> &methods, qint64 limit) {
        policy.addRoute({.pattern = pattern, .methods = methods, .bodyLimit = limit, .tag = Webhook});
    };
    hook("/webhooks/tiktok", {"POST"}, kMiB);
    hook("/webhooks/whatsapp/{phone_number}", {"GET", "POST"}, 4 * kMiB);
    hook("/webhooks/instagram", {"GET", "POST"}, 4 * kMiB);
    hook("/webhooks/messenger", {"GET", "POST"}, 4 * kMiB);
    hook("/webhooks/telegram/{inbox_id}", {"POST"}, kMiB);
    hook("/webhooks/line/{line_channel_id}", {"POST"}, kMiB);
    hook("/twilio/callback", {"POST"}, kMiB);
    hook("/twilio/delivery_status", {"POST"}, kMiB);
    policy.addRoute({.pattern = "/tiktok/callback", .methods = {"GET"}, .tag = OauthReturn});
    policy.addRoute({.pattern = "/instagram/callback", .methods = {"GET"}, .tag = OauthReturn});
    policy.addRoute({.pattern = "/healthz", .methods = {"GET", "HEAD"}, .tag = Health});
    policy.addRoute({.pattern = "/media/{token}", .methods = {"GET", "HEAD"}, .kind = Route::Kind::Stream, .tag = Media});
}

Result<void> IntakeServer::open(quint16 port)
{
    Result<void> opened = m_gate->open(QHostAddress(QHostAddress::LocalHost), port);
    if (opened)
        m_dispatcher.attach(m_gate);
    return opened;
}

void IntakeServer::setPublicHost(const QByteArray &host)
{
    m_gate->policy().setKnownHosts(host.isEmpty() ? QList<QByteArray>{} : QList<QByteArray>{host});
}

WebhookRequest IntakeServer::webhookRequest(const HttpDispatcher::Request &request) const
{
    return {.method = request.head.method().toByteArray(),
            .path = request.head.path().toByteArray(),
            .query = request.head.query().toByteArray(),
            .segment = request.judgement.segment,
            .headers = request.head.headers(),
            .body = request.body,
            .receivedAt = m_clock.now()};
}

void IntakeServer::handle(const HttpDispatcher::Request &request, const Answer &answer)
{
    const int tag = request.judgement.route->tag;
    if (tag == Health) {
        if (const QByteArray nonce = probeNonce(request.head); !nonce.isEmpty())
            emit probed(nonce);
        answer.send(healthReply(m_handlers.isHealthy && m_handlers.isHealthy()));
        return;
    }
    const WebhookHandler &handler = tag == OauthReturn ? m_handlers.oauthReturn : m_handlers.webhook;
    if (!handler) {
        answer.send({.status = 503, .headers = {{"Retry-After", "30"}}});
        return;
    }
    handler(webhookRequest(request), [answer](const WebhookReply &reply) {
        ServerReply out{.status = reply.status, .body = reply.body, .contentType = reply.contentType};
        if (reply.retryAfter)
            out.headers.emplaceBack("Retry-After", QByteArray::number(qint64(reply.retryAfter->count())));
        answer.send(out);
    });
}

} // namespace antiphon
