#pragma once

#include "app/demo/simulatedgraph.h"
#include "app/demo/simulatedhttp.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakerandom.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QMessageAuthenticationCode>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTest>

namespace antiphon::test {

/// What the simulated Graph API answered.
struct GraphAnswer {
    int status = 0;
    QByteArray bytes{};
    QJsonObject json{};
    QByteArray location{};
    QByteArray retryAfter{};

    /// "190.460", "100", or "ok".
    QString code() const
    {
        const QJsonObject error = json.value(u"error").toObject();
        if (error.isEmpty())
            return status == 200 ? QStringLiteral("ok") : QString::number(status);
        const int subcode = error.value(u"error_subcode").toInt();
        return subcode ? QStringLiteral("%1.%2").arg(error.value(u"code").toInt()).arg(subcode) : QString::number(error.value(u"code").toInt());
    }
};

/// A client of the Graph API: real requests, waited for.
class GraphClient {
public:
    explicit GraphClient(QUrl base) : m_base(std::move(base)) {}

    GraphAnswer get(const QString &path, const QString &token = {}) { return call("GET", path, {}, {}, token); }
    GraphAnswer post(const QString &path, const QJsonObject &body, const QString &token)
    {
        return call("POST", path, QJsonDocument(body).toJson(QJsonDocument::Compact), "application/json", token);
    }
    GraphAnswer call(const QByteArray &method, const QString &path, const QByteArray &body, const QByteArray &type, const QString &token,
                     const QList<demo::SimulatedHttp::Header> &further = {})
    {
        const QByteArray address = path.startsWith(QStringLiteral("http")) ? path.toUtf8() : m_base.toEncoded() + path.toUtf8();
        QNetworkRequest request(QUrl::fromEncoded(address));
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        if (!type.isEmpty())
            request.setRawHeader("Content-Type", type);
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token.toLatin1());
        for (const auto &[name, value] : further)
            request.setRawHeader(name, value);
        QNetworkReply *reply = m_network.sendCustomRequest(request, method, body);
        QSignalSpy finished(reply, &QNetworkReply::finished);
        if (!reply->isFinished())
            finished.wait(10'000);
        GraphAnswer answer{.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                           .bytes = reply->readAll(),
                           .location = reply->rawHeader("Location"),
                           .retryAfter = reply->rawHeader("Retry-After")};
        answer.json = QJsonDocument::fromJson(answer.bytes).object();
        delete reply;
        return answer;
    }

private:
    QUrl m_base;
    QNetworkAccessManager m_network{};
};

/// Whoever takes Meta's webhooks: answers the handshake, records the rest.
class GraphReceiver {
public:
    GraphReceiver(const Clock &clock, QString verifyToken, QByteArray secret)
        : m_verifyToken(std::move(verifyToken)), m_secret(std::move(secret)),
          m_http(clock, [this](const demo::SimulatedHttp::Request &request, const demo::SimulatedHttp::Answer &answer) { take(request, answer); })
    {
    }
    bool listen() { return bool(m_http.listen()); }
    QUrl url(const QString &path) const { return QUrl(m_http.url().toString() + path); }
    QJsonObject body(qsizetype at) const { return QJsonDocument::fromJson(received[at].body).object(); }
    QJsonObject entry(qsizetype at, qsizetype index = 0) const { return body(at).value(u"entry").toArray().at(index).toObject(); }
    QJsonObject value(qsizetype at, qsizetype index = 0) const { return entry(at, index).value(u"changes")[0][u"value"].toObject(); }
    QJsonObject element(qsizetype at) const { return entry(at).value(u"messaging")[0].toObject(); }

    QList<demo::SimulatedHttp::Request> received{};
    int badSignatures = 0;

private:
    void take(const demo::SimulatedHttp::Request &request, const demo::SimulatedHttp::Answer &answer)
    {
        if (request.method == "GET") {
            const bool fits = request.query("hub.mode") == QStringLiteral("subscribe") && request.query("hub.verify_token") == m_verifyToken;
            answer({.status = fits ? 200 : 403, .contentType = "text/plain", .body = fits ? request.query("hub.challenge")->toLatin1() : QByteArray()});
            return;
        }
        const QByteArray right = "sha256=" + QMessageAuthenticationCode::hash(request.body, m_secret, QCryptographicHash::Sha256).toHex();
        if (request.header("X-Hub-Signature-256") != right)
            ++badSignatures;
        received.append(request);
        answer({});
    }

    QString m_verifyToken;
    QByteArray m_secret;
    demo::SimulatedHttp m_http;
};

} // namespace antiphon::test
