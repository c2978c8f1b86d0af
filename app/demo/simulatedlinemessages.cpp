#include "app/demo/simulatedline.h"

#include <QJsonDocument>
#include <QRegularExpression>

/// What the Messaging API says to sends.
namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

/// Links that LINE would fetch: https, and loopback here.
bool isLink(const QJsonValue &value)
{
    const QUrl url(value.toString());
    const bool isLoopback = url.host() == "127.0.0.1"_L1 || url.host() == "localhost"_L1;
    return value.toString().size() <= 2000 && url.isValid() && !url.host().isEmpty() && (url.scheme() == "https"_L1 || isLoopback);
}

QJsonObject detail(const QString &message, const QString &property) { return {{u"message"_s, message}, {u"property"_s, property}}; }

QJsonObject wrongQuickReply(const QJsonObject &reply, const QString &property)
{
    const QJsonArray items = reply[u"items"_s].toArray();
    if (items.isEmpty() || items.size() > 13)
        return detail(u"Size must be between 1 and 13"_s, property + u".items"_s);
    for (const QJsonValue &item : items) {
        const QString type = item[u"action"_s][u"type"_s].toString();
        const QString label = item[u"action"_s][u"label"_s].toString();
        if (item[u"type"_s] != "action"_L1 || label.isEmpty() || label.size() > 20)
            return detail(u"Length must be between 1 and 20"_s, property + u".items.action.label"_s);
        if (type == "postback"_L1 ? item[u"action"_s][u"data"_s].toString().isEmpty() || item[u"action"_s][u"data"_s].toString().size() > 300
                                  : type != "message"_L1 || item[u"action"_s][u"text"_s].toString().isEmpty())
            return detail(u"invalid action"_s, property + u".items.action"_s);
    }
    return {};
}

} // namespace

/// What is wrong with a message, as an element of `details`; empty: nothing.
QJsonObject SimulatedLine::wrongIn(const QJsonObject &message, const QString &property)
{
    static const QHash<QString, QStringList> own{{u"text"_s, {u"text"_s, u"emojis"_s, u"quoteToken"_s}},
                                                 {u"textV2"_s, {u"text"_s, u"substitution"_s, u"quoteToken"_s}},
                                                 {u"sticker"_s, {u"packageId"_s, u"stickerId"_s, u"quoteToken"_s}},
                                                 {u"image"_s, {u"originalContentUrl"_s, u"previewImageUrl"_s}},
                                                 {u"video"_s, {u"originalContentUrl"_s, u"previewImageUrl"_s, u"trackingId"_s}},
                                                 {u"audio"_s, {u"originalContentUrl"_s, u"duration"_s}},
                                                 {u"location"_s, {u"title"_s, u"address"_s, u"latitude"_s, u"longitude"_s}}};
    const QString type = message[u"type"_s].toString();
    if (!own.contains(type))
        return detail(u"Must be one of the following values: [text, textV2, sticker, image, video, audio, location]"_s, property + u".type"_s);
    if (const QString strange = strangeKey(message, own.value(type) + QStringList{u"type"_s, u"quickReply"_s, u"sender"_s}); !strange.isEmpty())
        return detail(u"unknown field"_s, property + u'.' + strange);
    if (type.startsWith("text"_L1)) {
        const QString text = message[u"text"_s].toString();
        if (text.trimmed().isEmpty())
            return detail(u"May not be empty"_s, property + u".text"_s);
        if (text.size() > 5000)
            return detail(u"Length must be between 0 and 5000"_s, property + u".text"_s);
    }
    for (const QString &link : {u"originalContentUrl"_s, u"previewImageUrl"_s}) {
        if (own.value(type).contains(link) && !isLink(message[link]))
            return detail(u"Must be a valid HTTPS URL"_s, property + u'.' + link);
    }
    if (type == "audio"_L1 && message[u"duration"_s].toInteger() <= 0)
        return detail(u"Must be greater than 0"_s, property + u".duration"_s);
    if (type == "location"_L1 && (message[u"title"_s].toString().isEmpty() || message[u"address"_s].toString().isEmpty() || !message[u"latitude"_s].isDouble() || !message[u"longitude"_s].isDouble()))
        return detail(u"May not be empty"_s, property + u".title"_s);
    if (message[u"sender"_s][u"name"_s].toString().size() > 20)
        return detail(u"Length must be between 1 and 20"_s, property + u".sender.name"_s);
    return message.contains(u"quickReply"_s) ? wrongQuickReply(message[u"quickReply"_s].toObject(), property + u".quickReply"_s) : QJsonObject();
}

std::optional<SimulatedPlatform::Outcome> SimulatedLine::refusedMessages(const QJsonObject &body) const
{
    const QJsonArray messages = body[u"messages"_s].toArray();
    QJsonArray details;
    if (messages.isEmpty() || messages.size() > 5)
        details.append(detail(u"Size must be between 1 and 5"_s, u"messages"_s));
    for (qsizetype i = 0; i < messages.size(); ++i) {
        const QJsonObject message = messages[i].toObject();
        if (const QJsonObject wrong = wrongIn(message, u"messages[%1]"_s.arg(i)); !wrong.isEmpty())
            details.append(wrong);
        const QString quote = message[u"quoteToken"_s].toString();
        if (!quote.isEmpty() && !m_quoteTokens.contains(quote))
            details.append(detail(u"Invalid quoteToken"_s, u"messages[%1].quoteToken"_s.arg(i)));
    }
    return details.isEmpty() ? std::nullopt : std::optional(refused(400, u"The request body has %1 error(s)"_s.arg(details.size()), details));
}

QJsonArray SimulatedLine::keep(const QString &how, const QString &to, const QJsonArray &messages, const QString &retryKey)
{
    QJsonArray told;
    for (const QJsonValue &value : messages) {
        const QJsonObject message = value.toObject();
        const QString id = QString::number(m_nextMessage++);
        const QString quote = u"q-"_s + randomToken(random(), 128);
        m_quoteTokens.insert(quote, id);
        told.append(QJsonObject{{u"id"_s, id}, {u"quoteToken"_s, quote}});
        m_sent.append({.how = how, .to = to, .id = id, .message = message, .retryKey = retryKey});
        emit messageSent(to, id);
        for (const QString &name : {u"originalContentUrl"_s, u"previewImageUrl"_s}) {
            const QUrl link(message[name].toString());
            if (m_options.fetchesAtOnce && !link.isEmpty())
                m_poster->ask("GET", link, [this, link](const HookAnswer &answer) { m_fetched.append({link, answer}); });
        }
    }
    return told;
}

SimulatedPlatform::Outcome SimulatedLine::push(const SimulatedHttp::Request &request)
{
    const QJsonObject body = bodyOf(request);
    const QString key = QString::fromLatin1(request.header("X-Line-Retry-Key"));
    static const QRegularExpression uuid(u"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"_s, QRegularExpression::CaseInsensitiveOption);
    if (!key.isEmpty() && !uuid.match(key).hasMatch())
        return refused(400, u"Invalid retry key"_s);
    if (const auto earlier = m_accepted.constFind(key); !key.isEmpty() && earlier != m_accepted.constEnd()) {
        if (earlier->body != request.body)
            return refused(400, u"The retry key was used with another body"_s);
        return {.body = {{u"message"_s, u"The retry key is already accepted"_s}, {u"sentMessages"_s, earlier->messages}},
                .httpStatus = 409,
                .headers = {{"x-line-accepted-request-id", earlier->requestId.toLatin1()}}};
    }
    if (const QString strange = strangeKey(body, {u"to"_s, u"messages"_s, u"notificationDisabled"_s, u"customAggregationUnits"_s}); !strange.isEmpty())
        return refused(400, u"The request body has 1 error(s)"_s, {detail(u"unknown field"_s, strange)});
    if (auto no = refusedMessages(body))
        return *no;
    const QString to = body[u"to"_s].toString();
    if (!m_customers.contains(to))
        return refused(400, u"Failed to send messages"_s);
    if (m_quota && m_used >= *m_quota)
        return refused(429, u"You have reached your monthly limit."_s);
    ++m_used;
    const QJsonArray sent = keep(u"push"_s, to, body[u"messages"_s].toArray(), key);
    if (!key.isEmpty())
        m_accepted.insert(key, {.body = request.body, .requestId = newRequestId(), .messages = sent});
    return {.body = {{u"sentMessages"_s, sent}}};
}

SimulatedPlatform::Outcome SimulatedLine::reply(const SimulatedHttp::Request &request)
{
    const QJsonObject body = bodyOf(request);
    if (const QString strange = strangeKey(body, {u"replyToken"_s, u"messages"_s, u"notificationDisabled"_s}); !strange.isEmpty())
        return refused(400, u"The request body has 1 error(s)"_s, {detail(u"unknown field"_s, strange)});
    if (auto no = refusedMessages(body))
        return *no;
    const auto token = m_replyTokens.find(body[u"replyToken"_s].toString());
    if (token == m_replyTokens.end() || token->isUsed || now() - token->made > m_options.replyTokenLife)
        return refused(400, u"Invalid reply token"_s);
    token->isUsed = true;
    return {.body = {{u"sentMessages"_s, keep(u"reply"_s, token->customer, body[u"messages"_s].toArray(), {})}}};
}

SimulatedPlatform::Outcome SimulatedLine::markRead(const QJsonObject &body)
{
    const QString token = body[u"markAsReadToken"_s].toString();
    if (!m_readTokens.contains(token) || body.size() != 1)
        return refused(400, u"The value for the 'markAsReadToken' is invalid"_s);
    m_read.append(token);
    return {};
}

SimulatedPlatform::Outcome SimulatedLine::startLoading(const QJsonObject &body)
{
    const qint64 seconds = body[u"loadingSeconds"_s].toInteger(20);
    const QString customer = body[u"chatId"_s].toString();
    if (!m_customers.contains(customer) || seconds < 5 || seconds > 60 || seconds % 5 != 0 || !strangeKey(body, {u"chatId"_s, u"loadingSeconds"_s}).isEmpty())
        return refused(400, u"The request body has 1 error(s)"_s, {detail(u"invalid"_s, u"loadingSeconds"_s)});
    m_loading.append(customer);
    return {.httpStatus = 202};
}

} // namespace antiphon::demo
