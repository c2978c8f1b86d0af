#include "app/demo/simulatedgraph.h"

#include <QJsonDocument>
#include <QMessageAuthenticationCode>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>
#include <QUrlQuery>

namespace antiphon::demo {

using namespace Qt::StringLiterals;

SimulatedGraph::SimulatedGraph(GraphApp app, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedPlatform(clock, random, parent),
      m_app(std::move(app)),
      m_webhooks(new WebhookSender(clock, m_app.appSecret.toUtf8(), this, WebhookSender::Scheme::Meta)),
      m_network(new QNetworkAccessManager(this))
{
    m_webhooks->setPauseScale(m_app.webhookPauseScale);
    m_webhooks->setAnswerTimeout(m_app.webhookTimeout);
}

void SimulatedGraph::verifyCallback(const QUrl &callback, const QString &verifyToken, std::function<void(int, const QByteArray &, bool)> done)
{
    const QByteArray challenge = newDigits(10).toLatin1();
    QUrl url = callback;
    QUrlQuery query(url);
    query.addQueryItem(u"hub.mode"_s, u"subscribe"_s);
    query.addQueryItem(u"hub.challenge"_s, QString::fromLatin1(challenge));
    query.addQueryItem(u"hub.verify_token"_s, QString::fromLatin1(QUrl::toPercentEncoding(verifyToken)));
    url.setQuery(query);
    QNetworkRequest request(url);
    request.setTransferTimeout(int(m_app.webhookTimeout.count()));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    QNetworkReply *reply = m_network->get(request);
    connect(reply, &QNetworkReply::finished, this, [reply, challenge, done = std::move(done)] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        const QByteArray body = reply->readAll();
        done(status, body, status == 200 && body == challenge);
    });
}

void SimulatedGraph::tell(const QJsonObject &entry, const GraphEvent &event)
{
    if (!event.withWebhook)
        return;
    if (m_isBatching)
        m_batch.append(entry);
    else
        m_webhooks->send(metaBytes(webhookBody({entry})), event.webhook);
}

qint64 SimulatedGraph::endBatch(const WebhookOptions &options)
{
    m_isBatching = false;
    const QJsonArray entries = std::exchange(m_batch, {});
    return m_webhooks->send(metaBytes(webhookBody(entries)), options);
}

QString SimulatedGraph::issueToken(const QString &owner, const QStringList &scopes, std::optional<Timestamp> expires)
{
    const QString token = u"EAAT"_s + randomToken(random(), 256).remove(u'-').remove(u'_');
    m_tokens->insert(token, {.owner = owner, .scopes = scopes, .issued = now(), .expires = expires});
    return token;
}

void SimulatedGraph::revokeTokens(const QString &owner)
{
    m_tokens->removeIf([&owner](const auto &it) { return it.value().owner == owner; });
}

QByteArray SimulatedGraph::metaBytes(const QJsonObject &object)
{
    const QString text = QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
    QByteArray bytes;
    for (const QChar c : text) {
        if (c == u'/')
            bytes += "\\/";
        else if (c.unicode() < 0x80)
            bytes += char(c.unicode());
        else
            bytes += "\\u" + QByteArray::number(c.unicode(), 16).rightJustified(4, '0');
    }
    return bytes;
}

SimulatedGraph::Outcome SimulatedGraph::refused(int code, const QString &message, int subcode, int httpStatus, const QString &details)
{
    QJsonObject error{{u"message"_s, u"(#%1) %2"_s.arg(code).arg(message)},
                      {u"type"_s, u"OAuthException"_s},
                      {u"code"_s, code},
                      {u"fbtrace_id"_s, u"A"_s + randomToken(random(), 128)}};
    if (subcode)
        error.insert(u"error_subcode"_s, subcode);
    if (!details.isEmpty())
        error.insert(u"error_data"_s, QJsonObject{{u"messaging_product"_s, u"whatsapp"_s}, {u"details"_s, details}});
    return {.body = {{u"error"_s, error}}, .httpStatus = httpStatus, .isRefused = true};
}

SimulatedGraph::Outcome SimulatedGraph::unknownObject(const QString &id)
{
    return refused(100, u"Unsupported request. Object with ID '%1' does not exist, cannot be loaded due to missing permissions, or does not support this operation"_s.arg(id), 33);
}

SimulatedGraph::Outcome SimulatedGraph::unknownParameter(const QString &name)
{
    return refused(100, u"Invalid parameter"_s, 0, 400, u"Unexpected key \"%1\""_s.arg(name));
}

QStringList SimulatedGraph::graphPath(const SimulatedHttp::Request &request) const
{
    QStringList words;
    for (const QByteArray &word : request.path.split('/'))
        words.append(QString::fromUtf8(QByteArray::fromPercentEncoding(word)));
    const bool fits = words.size() >= 3 && words.size() <= 4 && words[0].isEmpty() && words[1] == m_app.version && !words.last().isEmpty();
    return fits ? words.mid(2) : QStringList();
}

QString SimulatedGraph::tokenOf(const SimulatedHttp::Request &request, bool orQuery)
{
    const QByteArray header = request.header("Authorization");
    if (header.startsWith("Bearer "))
        return QString::fromLatin1(header.mid(7));
    return orQuery ? request.query("access_token").value_or(QString()) : QString();
}

std::optional<SimulatedGraph::Outcome> SimulatedGraph::refusedToken(const QString &token, const QString &owner, const QString &scope)
{
    const auto found = m_tokens->constFind(token);
    if (token.isEmpty())
        return refused(104, u"An access token is required to request this resource."_s, 0, 401);
    if (found == m_tokens->constEnd())
        return refused(190, u"Error validating access token: The session has been invalidated."_s, 460, 401);
    if (found->expires && *found->expires <= now())
        return refused(190, u"Error validating access token: Session has expired."_s, 463, 401);
    if (!scope.isEmpty() && !found->scopes.isEmpty() && !found->scopes.contains(scope))
        return refused(200, u"Requires %1 permission to manage the object"_s.arg(scope), 0, 403);
    if (found->owner != owner)
        return unknownObject(owner);
    return std::nullopt;
}

std::optional<SimulatedGraph::Outcome> SimulatedGraph::refusedProof(const SimulatedHttp::Request &request, const QString &token, bool isNeeded)
{
    const auto proof = request.query("appsecret_proof");
    const QByteArray right = QMessageAuthenticationCode::hash(token.toUtf8(), m_app.appSecret.toUtf8(), QCryptographicHash::Sha256).toHex();
    if (proof && proof->toLatin1() != right)
        return refused(100, u"Invalid appsecret_proof provided in the API argument"_s);
    if (!proof && isNeeded)
        return refused(100, u"API calls from the server require an appsecret_proof argument"_s);
    return std::nullopt;
}

std::optional<SimulatedGraph::Outcome> SimulatedGraph::readFields(const SimulatedHttp::Request &request, const QStringList &known, QStringList &fields)
{
    int depth = 0;
    QString name;
    const QString text = request.query("fields").value_or(QString()) + u',';
    for (const QChar c : text) {
        if (c == u'{')
            ++depth;
        if (depth == 0 && c == u',') {
            name = name.section(u'.', 0, 0);        // messages.limit(20){…}
            if (!name.isEmpty() && !known.contains(name))
                return refused(100, u"Tried accessing nonexisting field (%1)"_s.arg(name));
            if (!name.isEmpty())
                fields.append(name);
            name.clear();
        } else if (depth == 0 && c != u'}') {
            name += c;
        }
        if (c == u'}')
            --depth;
    }
    return depth == 0 ? std::nullopt : std::optional(refused(2500, u"Syntax error \"Expected end of string\" in fields"_s));
}

QString SimulatedGraph::newId(const QString &prefix) { return prefix + QString::fromLatin1(random().bytes(27).toBase64()); }

SimulatedGraph::Outcome SimulatedGraph::nowhere(const SimulatedHttp::Request &request)
{
    return refused(2500, u"Unknown path components: %1"_s.arg(QString::fromUtf8(request.path)));
}

SimulatedGraph::Outcome SimulatedGraph::refusal(const ScriptedAnswer &script)
{
    const QString message = script.message.isEmpty() ? u"Scripted refusal"_s : script.message;
    return refused(script.code, message, script.subcode, script.httpStatus == 200 ? 400 : script.httpStatus, script.details);
}

} // namespace antiphon::demo
