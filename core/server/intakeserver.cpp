#include "core/server/intakeserver.h"

#include "core/server/filestreams.h"
#include "core/server/gate/httpstream.h"
#include "core/server/healthroute.h"

namespace antiphon {
namespace {

enum Tag { Health, Media, Webhook, OauthReturn = Webhook + 1000 };     // of the last two, the number of the channel on top

constexpr int tagOf(Tag tag, Channel channel)
{
    return tag + int(channel);
}

Gate::Options named(Gate::Options options)
{
    if (options.name.isEmpty())
        options.name = "intake";
    return options;
}

} // namespace

IntakeServer::IntakeServer(const Clock &clock, const ChannelRegistry &channels, Handlers handlers, Gate::Options options, QObject *parent)
    : QObject(parent),
      m_clock(clock),
      m_handlers(std::move(handlers)),
      m_dispatcher([this](const HttpDispatcher::Request &request, const Answer &answer) { handle(request, answer); }),
      m_gate(new Gate(clock, named(std::move(options)), &m_dispatcher))
{
    addRoutes(channels);
    m_gate->setStreamHandler([this](HttpStream *stream) {
        if (m_handlers.files)
            m_handlers.files->sendMedia(stream);
        else
            stream->answer({.status = 404});
    });
}

void IntakeServer::addRoutes(const ChannelRegistry &channels)
{
    RoutePolicy &policy = m_gate->policy();
    const QList<Channel> all = channels.channels();
    for (const Channel channel : all) {
        addWebhooks(channel, channels.adapter(channel)->webhookRules());
        const AccountAdapter *accounts = channels.accounts(channel);
        if (accounts && accounts->hasConsentPage())
            policy.addRoute({.pattern = consentReturnPath(channel).toLatin1(), .methods = {"GET"}, .tag = tagOf(OauthReturn, channel)});
    }
    policy.addRoute({.pattern = "/healthz", .methods = {"GET", "HEAD"}, .tag = Health});
    policy.addRoute({.pattern = "/media/{token}", .methods = {"GET", "HEAD"}, .kind = Route::Kind::Stream, .tag = Media});
}

void IntakeServer::addWebhooks(Channel channel, const WebhookRules &rules)
{
    const QList<QByteArray> methods = rules.isVerifiedByGet ? QList<QByteArray>{"GET", "POST"} : QList<QByteArray>{"POST"};
    const QStringList paths = QStringList{webhookRoute(rules)} + rules.furtherPaths;
    for (const QString &path : paths)
        m_gate->policy().addRoute({.pattern = path.toLatin1(), .methods = methods, .bodyLimit = rules.bodyLimit, .tag = tagOf(Webhook, channel)});
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

WebhookRequest IntakeServer::webhookRequest(const HttpDispatcher::Request &request, Channel channel) const
{
    return {.channel = channel,
            .method = request.head.method().toByteArray(),
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
    const bool isReturn = tag >= OauthReturn;
    const WebhookHandler &handler = isReturn ? m_handlers.oauthReturn : m_handlers.webhook;
    if (!handler) {
        answer.send({.status = 503, .headers = {{"Retry-After", "30"}}});
        return;
    }
    handler(webhookRequest(request, Channel(tag - (isReturn ? OauthReturn : Webhook))), [answer](const WebhookReply &reply) {
        ServerReply out{.status = reply.status, .body = reply.body, .contentType = reply.contentType};
        if (reply.retryAfter)
            out.headers.emplaceBack("Retry-After", QByteArray::number(qint64(reply.retryAfter->count())));
        answer.send(out);
    });
}

} // namespace antiphon
