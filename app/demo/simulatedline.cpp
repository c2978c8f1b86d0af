#include "app/demo/simulatedline.h"

#include <QJsonDocument>
#include <QMessageAuthenticationCode>
#include <QTimer>

namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kRedeliveries = 5;        // neither number nor interval is published
const QByteArray kData = "/@data";      // what came to the second address

void merge(QJsonObject &into, const QJsonObject &more)
{
    for (auto it = more.begin(); it != more.end(); ++it)
        into.insert(it.key(), it.value());
}

} // namespace

SimulatedLine::SimulatedLine(LineOptions options, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedPlatform(clock, random, parent),
      m_options(std::move(options)),
      m_data(clock, [this](SimulatedHttp::Request request, const SimulatedHttp::Answer &answer) {
          request.path.prepend(kData);
          handle(request, answer);
      }),
      m_poster(new HookPoster(m_options.webhookTimeout, this))
{
}

Result<void> SimulatedLine::listen()
{
    const auto api = SimulatedPlatform::listen();
    return api ? m_data.listen() : api;
}

void SimulatedLine::shutDown()
{
    SimulatedPlatform::shutDown();
    m_data.close();
}

QString SimulatedLine::issueToken()
{
    m_tokens.append(QString::fromLatin1(random().bytes(129).toBase64()));
    return m_tokens.last();
}

QByteArray SimulatedLine::signature(const QByteArray &secret, const QByteArray &body)
{
    return QMessageAuthenticationCode::hash(body, secret, QCryptographicHash::Sha256).toBase64();
}

SimulatedPlatform::Outcome SimulatedLine::refused(int status, const QString &message, const QJsonArray &details) const
{
    QJsonObject body{{u"message"_s, message}};
    if (!details.isEmpty())
        body.insert(u"details"_s, details);
    return {.body = body, .httpStatus = status, .isRefused = true};
}

SimulatedPlatform::Outcome SimulatedLine::refusal(const ScriptedAnswer &script)
{
    return refused(script.code ? script.code : script.httpStatus, script.message.isEmpty() ? u"Scripted refusal"_s : script.message);
}

QString SimulatedLine::newRequestId() { return randomUuid(random()); }

QList<SimulatedHttp::Header> SimulatedLine::headersOfAll() { return {{"x-line-request-id", newRequestId().toLatin1()}}; }

SimulatedPlatform::Route SimulatedLine::routeOf(const SimulatedHttp::Request &request) const
{
    const bool isData = request.path.startsWith(kData);
    const QString path = QString::fromUtf8(isData ? request.path.mid(kData.size()) : request.path);
    const QString verb = QString::fromLatin1(request.method);
    if (!path.startsWith("/v2/bot/"_L1))
        return {};
    const QStringList words = path.mid(8).split(u'/');
    if (isData) {
        const bool fits = verb == "GET"_L1 && words.size() >= 3 && words.size() <= 4 && words[0] == "message"_L1 && words[2] == "content"_L1;
        return fits ? Route{u"GET "_s + words.mid(2).join(u'/'), words[1]} : Route{};
    }
    if (verb == "GET"_L1 && words.size() == 2 && words[0] == "profile"_L1)
        return {u"GET profile"_s, words[1]};
    static const QStringList known{u"GET info"_s, u"PUT channel/webhook/endpoint"_s, u"GET channel/webhook/endpoint"_s, u"POST channel/webhook/test"_s, u"POST message/reply"_s,
                                   u"POST message/push"_s, u"POST message/validate/push"_s, u"GET message/quota"_s, u"GET message/quota/consumption"_s,
                                   u"POST chat/markAsRead"_s, u"POST chat/loading/start"_s};
    const QString endpoint = verb + u' ' + words.join(u'/');
    return known.contains(endpoint) ? Route{endpoint, {}} : Route{};
}

void SimulatedLine::perform(const Route &route, const SimulatedHttp::Request &request, const Done &done)
{
    const QByteArray authorization = request.header("Authorization");
    if (!authorization.startsWith("Bearer ") || !m_tokens.contains(QString::fromLatin1(authorization.mid(7))))
        return done(refused(401, u"Authentication failed. Confirm that the access token in the authorization header is valid."_s));
    const QString &what = route.endpoint;
    const bool hasBody = request.method == "POST" || request.method == "PUT";
    if (hasBody && !request.body.isEmpty() && !request.header("Content-Type").startsWith("application/json"))
        return done(refused(415, u"Unsupported Media Type"_s));
    if (hasBody && request.body.size() > 2 * 1024 * 1024)
        return done(refused(413, u"The request entity is larger than the 2 MB limit."_s));
    if (request.method == "POST" && what != "POST message/push"_L1 && !request.header("X-Line-Retry-Key").isNull())
        return done(refused(400, u"The X-Line-Retry-Key header is not supported by this API"_s));
    if (what.startsWith("GET content"_L1))
        return done(content(route.node, what));
    if (what == "GET info"_L1)
        return done(info());
    if (what == "GET profile"_L1) {
        const auto customer = m_customers.constFind(route.node);
        if (customer == m_customers.constEnd() || m_blocked.contains(route.node))
            return done(refused(404, u"Not found"_s));
        QJsonObject profile{{u"userId"_s, customer->id}, {u"displayName"_s, customer->name}};
        if (!customer->language.isEmpty())
            profile.insert(u"language"_s, customer->language);
        return done({.body = profile});
    }
    if (what == "PUT channel/webhook/endpoint"_L1)
        return done(setEndpoint(request));
    if (what == "GET channel/webhook/endpoint"_L1)
        return done(m_webhook.isEmpty() ? refused(404, u"Not found"_s) : Outcome{.body = {{u"endpoint"_s, m_webhook.toString()}, {u"active"_s, m_isActive}}});
    if (what == "POST channel/webhook/test"_L1)
        return testEndpoint(request, done);
    if (what == "GET message/quota"_L1)
        return done({.body = m_quota ? QJsonObject{{u"type"_s, u"limited"_s}, {u"value"_s, *m_quota}} : QJsonObject{{u"type"_s, u"none"_s}}});
    if (what == "GET message/quota/consumption"_L1)
        return done({.body = {{u"totalUsage"_s, m_used}}});
    if (what == "POST message/push"_L1)
        return done(push(request));
    if (what == "POST message/reply"_L1)
        return done(reply(request));
    if (what == "POST message/validate/push"_L1)
        return done(refusedMessages(bodyOf(request)).value_or(Outcome{}));
    done(what == "POST chat/markAsRead"_L1 ? markRead(bodyOf(request)) : startLoading(bodyOf(request)));
}

SimulatedPlatform::Outcome SimulatedLine::info() const
{
    return {.body = {{u"userId"_s, m_options.botUserId},
                     {u"basicId"_s, m_options.basicId},
                     {u"displayName"_s, m_options.displayName},
                     {u"chatMode"_s, m_options.chatMode},
                     {u"markAsReadMode"_s, m_options.chatMode == "chat"_L1 ? u"manual"_s : u"auto"_s}}};
}

SimulatedPlatform::Outcome SimulatedLine::setEndpoint(const SimulatedHttp::Request &request)
{
    const QString endpoint = bodyOf(request)[u"endpoint"_s].toString();
    const QUrl url(endpoint);
    const bool isLoopback = url.host() == "127.0.0.1"_L1 || url.host() == "localhost"_L1;
    if (endpoint.isEmpty() || endpoint.size() > 500 || !url.isValid() || (url.scheme() != "https"_L1 && !isLoopback))
        return refused(400, u"Invalid webhook endpoint URL"_s);
    m_webhook = url;
    return {};
}

void SimulatedLine::testEndpoint(const SimulatedHttp::Request &request, const Done &done)
{
    const QString other = bodyOf(request)[u"endpoint"_s].toString();
    const QUrl url = other.isEmpty() ? m_webhook : QUrl(other);
    if (url.isEmpty())
        return done(refused(404, u"Webhook endpoint not found"_s));
    const QByteArray body = QJsonDocument(QJsonObject{{u"destination"_s, m_options.botUserId}, {u"events"_s, QJsonArray()}}).toJson(QJsonDocument::Compact);
    m_poster->post(url, {{"Content-Type", "application/json; charset=utf-8"}, {"x-line-signature", signature(m_options.channelSecret.toLatin1(), body)}}, body,
                   [this, done](const HookAnswer &answer) {
                       const bool isRight = answer.status == 200;
                       done({.body = {{u"success"_s, isRight},
                                      {u"timestamp"_s, toRfc3339(now())},
                                      {u"statusCode"_s, answer.status},
                                      {u"reason"_s, isRight ? u"OK"_s : answer.status ? u"ERROR_STATUS_CODE"_s : u"COULD_NOT_CONNECT"_s},
                                      {u"detail"_s, answer.status ? QString::number(answer.status) : u"connection failed"_s}}});
                   });
}

SimulatedPlatform::Outcome SimulatedLine::content(const QString &id, const QString &what)
{
    const auto found = m_content.find(id);
    if (found == m_content.end())
        return refused(404, u"Not found"_s);
    const bool isTranscoding = what.endsWith("/transcoding"_L1);
    const bool isReady = found->preparing <= 0;
    if (!isReady)
        --found->preparing;
    if (isTranscoding)
        return {.body = {{u"status"_s, isReady ? u"succeeded"_s : u"processing"_s}}};
    if (!isReady)
        return {.httpStatus = 202};
    return {.raw = SimulatedHttp::Reply{.contentType = found->mime, .body = found->bytes}};
}

QJsonObject SimulatedLine::envelope(const QString &type, const LineCustomer &from, bool withReplyToken, const LineEvent &event)
{
    m_customers.insert(from.id, from);
    const QString eventId = u"01K7"_s + QString::number(m_nextEvent++).rightJustified(22, u'0');
    QJsonObject made{{u"type"_s, type},
                     {u"mode"_s, u"active"_s},
                     {u"timestamp"_s, toUnixMs(event.at.value_or(now()))},
                     {u"source"_s, QJsonObject{{u"type"_s, u"user"_s}, {u"userId"_s, from.id}}},
                     {u"webhookEventId"_s, eventId},
                     {u"deliveryContext"_s, QJsonObject{{u"isRedelivery"_s, false}}}};
    if (withReplyToken) {
        const QString token = randomToken(random(), 128);
        m_replyTokens.insert(token, {.customer = from.id, .made = now()});
        made.insert(u"replyToken"_s, token);
    }
    merge(made, event.more);
    return made;
}

QString SimulatedLine::told(const QJsonObject &event, const QString &id, const LineEvent &options)
{
    m_told.insert(id, event);
    m_told.insert(event[u"webhookEventId"_s].toString(), event);
    if (options.withWebhook && m_isBatching)
        m_batch.append(event);
    else if (options.withWebhook)
        post({event}, options.webhook);
    return id;
}

QString SimulatedLine::tell(const LineCustomer &from, const QString &type, const QJsonObject &members, bool withReplyToken, const LineEvent &event)
{
    QJsonObject made = envelope(type, from, withReplyToken, event);
    merge(made, members);
    return told(made, made[u"webhookEventId"_s].toString(), event);
}

QString SimulatedLine::customerSends(const LineCustomer &from, QJsonObject message, const LineEvent &event)
{
    QJsonObject made = envelope(u"message"_s, from, true, event);
    const QString id = event.id.isEmpty() ? QString::number(m_nextMessage++) : event.id;
    message.insert(u"id"_s, id);
    const QString quote = u"q-"_s + randomToken(random(), 128);
    m_quoteTokens.insert(quote, id);
    if (message[u"type"_s] != "audio"_L1 && message[u"type"_s] != "file"_L1 && message[u"type"_s] != "location"_L1)
        message.insert(u"quoteToken"_s, quote);
    m_readTokens.append(u"mr-"_s + randomToken(random(), 128));
    message.insert(u"markAsReadToken"_s, m_readTokens.last());
    if (!event.quotedId.isEmpty())
        message.insert(u"quotedMessageId"_s, event.quotedId);
    made.insert(u"message"_s, message);
    return told(made, id, event);
}

QString SimulatedLine::customerWrites(const LineCustomer &from, const QString &text, const LineEvent &event)
{
    return customerSends(from, {{u"type"_s, u"text"_s}, {u"text"_s, text}}, event);
}

QString SimulatedLine::customerSendsFile(const LineCustomer &from, const QString &type, const QByteArray &bytes, const QByteArray &mime, const QJsonObject &more, const LineEvent &event)
{
    QJsonObject message{{u"type"_s, type}};
    if (type == "file"_L1) {
        message.insert(u"fileName"_s, u"file.bin"_s);
        message.insert(u"fileSize"_s, bytes.size());
    } else {
        message.insert(u"contentProvider"_s, QJsonObject{{u"type"_s, u"line"_s}});
    }
    merge(message, more);
    LineEvent known = event;
    if (known.id.isEmpty())
        known.id = QString::number(m_nextMessage++);
    m_content.insert(known.id, {.bytes = bytes, .mime = mime});
    return customerSends(from, message, known);
}

QString SimulatedLine::customerFollows(const LineCustomer &from, bool isUnblocked, const LineEvent &event)
{
    m_blocked.removeAll(from.id);
    return tell(from, u"follow"_s, {{u"follow"_s, QJsonObject{{u"isUnblocked"_s, isUnblocked}}}}, true, event);
}

QString SimulatedLine::customerUnfollows(const LineCustomer &from, const LineEvent &event)
{
    m_blocked.append(from.id);
    return tell(from, u"unfollow"_s, {}, false, event);
}

QString SimulatedLine::customerUnsends(const LineCustomer &from, const QString &messageId, const LineEvent &event)
{
    m_content.remove(messageId);
    return tell(from, u"unsend"_s, {{u"unsend"_s, QJsonObject{{u"messageId"_s, messageId}}}}, false, event);
}

QString SimulatedLine::customerPostsBack(const LineCustomer &from, const QString &data, const LineEvent &event)
{
    return tell(from, u"postback"_s, {{u"postback"_s, QJsonObject{{u"data"_s, data}}}}, true, event);
}

void SimulatedLine::endBatch(const WebhookOptions &options)
{
    m_isBatching = false;
    post(std::exchange(m_batch, {}), options);
}

void SimulatedLine::post(const QJsonArray &events, const WebhookOptions &options)
{
    const QByteArray body = QJsonDocument(QJsonObject{{u"destination"_s, m_options.botUserId}, {u"events"_s, events}}).toJson(QJsonDocument::Compact);
    for (int copy = 0; copy < options.copies; ++copy)
        deliver(body, events, options, 0);
}

void SimulatedLine::deliver(const QByteArray &body, const QJsonArray &events, const WebhookOptions &options, int attempt)
{
    const QUrl url = options.callback.isEmpty() ? m_webhook : options.callback;
    if (url.isEmpty() || !m_isActive)
        return;
    QByteArray secret = m_options.channelSecret.toLatin1();
    if (options.signature == WebhookOptions::Signature::WrongKey)
        secret += 'x';
    QList<SimulatedHttp::Header> headers{{"Content-Type", "application/json; charset=utf-8"}};
    if (options.signature != WebhookOptions::Signature::Missing)
        headers.append({"x-line-signature", signature(secret, options.signature == WebhookOptions::Signature::ChangedBody ? body + ' ' : body)});
    m_poster->post(url, headers, body, [this, events, options, attempt](const HookAnswer &answer) {
        if ((answer.status >= 200 && answer.status < 300) || !m_options.redelivers || attempt >= kRedeliveries)
            return;
        const Milliseconds pause(qint64(60'000.0 * double(1 << attempt) * m_options.pauseScale));
        QTimer::singleShot(pause, this, [this, events, options, attempt] {
            QJsonArray again;
            for (const QJsonValue &one : events) {
                QJsonObject event = one.toObject();
                event.insert(u"deliveryContext"_s, QJsonObject{{u"isRedelivery"_s, true}});
                again.append(event);
            }
            const QByteArray repeated = QJsonDocument(QJsonObject{{u"destination"_s, m_options.botUserId}, {u"events"_s, again}}).toJson(QJsonDocument::Compact);
            deliver(repeated, again, options, attempt + 1);
        });
    });
}

void SimulatedLine::redeliver(const QString &id)
{
    QJsonObject event = m_told.value(id);
    event.insert(u"deliveryContext"_s, QJsonObject{{u"isRedelivery"_s, true}});
    post({event});
}

} // namespace antiphon::demo
