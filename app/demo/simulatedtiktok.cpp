#include "app/demo/simulatedtiktok.h"

#include "core/base/json.h"

#include <QJsonDocument>
#include <QTimer>

namespace antiphon::demo {

using namespace Qt::StringLiterals;

SimulatedTikTok::SimulatedTikTok(TikTokOptions options, const Clock &clock, RandomSource &random, QObject *parent)
    : QObject(parent),
      m_options(std::move(options)),
      m_clock(clock),
      m_random(random),
      m_http(clock, [this](const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer) { handle(request, answer); }),
      m_mediaHttp(clock, [this](const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer) { handle(request, answer); }),
      m_webhooks(new WebhookSender(clock, m_options.appSecret.toUtf8(), this))
{
    m_webhooks->setPauseScale(m_options.webhookPauseScale);
    m_webhooks->setAnswerTimeout(m_options.webhookTimeout);
}

Result<void> SimulatedTikTok::listen()
{
    if (auto listening = m_http.listen(); !listening)
        return listening;
    return m_options.ownMediaHost ? m_mediaHttp.listen() : Result<void>();
}

void SimulatedTikTok::shutDown()
{
    m_http.close();
    m_mediaHttp.close();
}

QUrl SimulatedTikTok::mediaUrl() const { return m_options.ownMediaHost ? m_mediaHttp.url() : m_http.url(); }

void SimulatedTikTok::next(const QString &endpoint, const ScriptedAnswer &answer) { m_scripts[endpoint].once.push_back(answer); }

void SimulatedTikTok::always(const QString &endpoint, const ScriptedAnswer &answer) { m_scripts[endpoint].lasting = answer; }

void SimulatedTikTok::normal(const QString &endpoint) { m_scripts.remove(endpoint); }

QList<SimulatedHttp::Request> SimulatedTikTok::received(const QString &endpoint) const
{
    QList<SimulatedHttp::Request> found;
    for (const Received &one : m_received) {
        if (one.endpoint == endpoint)
            found.append(one.request);
    }
    return found;
}

QString SimulatedTikTok::endpointOf(const QByteArray &path)
{
    static const QByteArray prefix("/open_api/v1.3/");
    if (path.startsWith(prefix))
        return path.endsWith('/') ? QString::fromLatin1(path.mid(prefix.size()).chopped(1)) : QString();
    if (path == "/v2/auth/authorize" || path == "/v2/auth/authorize/")
        return u"authorize"_s;
    if (path == "/oembed")
        return u"oembed"_s;
    if (path.startsWith("/obj/"))
        return u"media"_s;
    return path.startsWith("/files/") ? u"files"_s : QString();
}

const QHash<QString, QPair<QByteArray, SimulatedTikTok::Method>> &SimulatedTikTok::methods()
{
    using Self = SimulatedTikTok;
    static const QHash<QString, QPair<QByteArray, Method>> table{
        {u"tt_user/oauth2/token"_s, {"POST", &Self::exchangeToken}},
        {u"tt_user/oauth2/refresh_token"_s, {"POST", &Self::refreshToken}},
        {u"tt_user/oauth2/revoke"_s, {"POST", &Self::revokeToken}},
        {u"business/get"_s, {"GET", &Self::getBusiness}},
        {u"business/webhook/update"_s, {"POST", &Self::updateWebhook}},
        {u"business/webhook/list"_s, {"GET", &Self::listWebhook}},
        {u"business/webhook/delete"_s, {"POST", &Self::deleteWebhook}},
        {u"business/message/send"_s, {"POST", &Self::sendMessage}},
        {u"business/message/media/upload"_s, {"POST", &Self::uploadMedia}},
        {u"business/message/media/download"_s, {"POST", &Self::downloadMedia}},
        {u"business/message/capabilities/get"_s, {"GET", &Self::getCapabilities}},
        {u"business/message/conversation/list"_s, {"GET", &Self::listConversations}},
        {u"business/message/content/list"_s, {"GET", &Self::listMessages}},
        {u"authorize"_s, {"GET", &Self::authorize}},
        {u"oembed"_s, {"GET", &Self::describePost}},
        {u"media"_s, {"GET", &Self::serveMedia}},
        {u"files"_s, {"GET", &Self::serveFile}},
    };
    return table;
}

std::optional<ScriptedAnswer> SimulatedTikTok::scripted(const QString &endpoint, const SimulatedHttp::Request &request)
{
    const auto script = m_scripts.find(endpoint);
    if (script == m_scripts.end())
        return std::nullopt;
    // A typing sign comes when a person types, so it would take away the answer that is meant for the message after it.
    const bool isSign = endpoint == "business/message/send"_L1 && QJsonDocument::fromJson(request.body)[u"message_type"_s] == "SENDER_ACTION"_L1;
    if (script->once.empty() || isSign)
        return script->lasting;
    const ScriptedAnswer answer = script->once.front();
    script->once.pop_front();
    return answer;
}

SimulatedHttp::Reply SimulatedTikTok::rendered(const Outcome &outcome) const
{
    if (outcome.raw)
        return *outcome.raw;
    const QString requestId = u"20261121%1"_s.arg(m_requests, 14, 10, QChar(u'0'));
    return {.status = outcome.httpStatus,
            .body = json::toBytes({{u"code"_s, outcome.code}, {u"message"_s, outcome.message}, {u"request_id"_s, requestId}, {u"data"_s, outcome.data}})};
}

void SimulatedTikTok::handle(const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer)
{
    ++m_requests;
    const QString endpoint = endpointOf(request.path);
    m_received.append({endpoint, request});
    emit requested(endpoint);

    const auto method = methods().constFind(endpoint);
    if (method == methods().constEnd()) {
        answer({.status = 404, .contentType = "text/plain", .body = "404 page not found"});
        return;
    }
    if (method->first != request.method) {
        answer({.status = 405, .contentType = "text/plain", .body = "405 method not allowed"});
        return;
    }
    const auto script = scripted(endpoint, request);
    if (!script) {
        const Outcome outcome = (this->*method->second)(request);
        answerSend(outcome, rendered(outcome), answer);
        return;
    }
    const bool fails = script->code != 0 || script->httpStatus >= 400;
    Outcome outcome = script->takesEffect.value_or(!fails) ? (this->*method->second)(request) : Outcome();
    const bool wasTaken = outcome.code == 0;
    SimulatedHttp::Reply reply = rendered(outcome);
    if (fails) {
        const QString message = script->message.isEmpty() ? u"Scripted refusal."_s : script->message;
        reply = rendered({.code = script->code, .message = message, .httpStatus = script->httpStatus});
    } else if (wasTaken) {
        reply.status = script->httpStatus == 200 ? reply.status : script->httpStatus;
    }
    if (script->garbageBody)
        reply.body = *script->garbageBody;
    if (script->retryAfter)
        reply.headers.append({"Retry-After", QByteArray::number(qint64(script->retryAfter->count()))});
    reply.delay = script->delay;
    reply.cutAfterBytes = script->cutAfterBytes;
    reply.closeWithoutAnswer = script->closeWithoutAnswer;
    answerSend(outcome, reply, answer);
}

void SimulatedTikTok::answerSend(const Outcome &outcome, const SimulatedHttp::Reply &reply, const SimulatedHttp::Answer &answer)
{
    const bool echoes = !outcome.sentMessage.isEmpty() && m_echo != Echo::Never && !m_webhooks->callback().isEmpty();
    if (echoes && m_echo == Echo::BeforeAnswer) {
        postEcho(outcome.sentConversation, outcome.sentMessage);
        const qint64 delivery = m_webhooks->deliveries().last().id;
        const auto connection = std::make_shared<QMetaObject::Connection>();
        *connection = connect(m_webhooks, &WebhookSender::answered, this, [connection, delivery, answer, reply](qint64 id) {
            if (id != delivery)
                return;
            disconnect(*connection);
            answer(reply);
        });
    } else {
        answer(reply);
        if (echoes) {
            QTimer::singleShot(reply.delay + m_echoDelay, this, [this, conversation = outcome.sentConversation, message = outcome.sentMessage] {
                postEcho(conversation, message);
            });
        }
    }
    if (!outcome.sentMessage.isEmpty()) {
        const SceneMessage *message = conversation(outcome.sentConversation)->message(outcome.sentMessage);
        emit messageSent(outcome.sentConversation, message->id, message->type, message->content[u"text"_s][u"body"_s].toString());
    }
}

void SimulatedTikTok::postEcho(const QString &id, const QString &messageId)
{
    const SceneConversation &of = *conversation(id);
    const SceneMessage &message = *conversation(id)->message(messageId);
    sendEvent(u"im_send_msg"_s, of.businessId, webhookContent(of, *account(of.businessId), message));
}

QString SimulatedTikTok::newId(const char *prefix)
{
    // The `+` is what clients forget to encode, so every id has one.
    return QString::fromLatin1(prefix) + u'+' + QString::fromLatin1(m_random.bytes(11).toBase64());
}

SceneConversation *SimulatedTikTok::conversation(const QString &id)
{
    const auto found = m_conversations.find(id);
    return found == m_conversations.end() ? nullptr : &*found;
}

const BusinessAccount *SimulatedTikTok::account(const QString &businessId) const
{
    for (const BusinessAccount &one : m_options.accounts) {
        if (one.businessId == businessId)
            return &one;
    }
    return nullptr;
}

void SimulatedTikTok::setPost(const QString &videoId, const QString &title, const QString &author) { m_posts.insert(videoId, {title, author}); }

QString SimulatedTikTok::profileImage(const QString &seed) const
{
    const qint64 expires = toUnixMs(m_clock.now()) / 1000 + 86'400;
    const QByteArray name = QByteArray(seed.toUtf8().toHex()).left(60);
    return u"%1/files/profile/%2.png?x-expires=%3&x-signature=abc"_s.arg(mediaUrl().toString(), QString::fromLatin1(name)).arg(expires);
}

} // namespace antiphon::demo
