#pragma once

#include "app/demo/simulatedtiktok.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakerandom.h"

#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTest>

namespace antiphon::test {

/// What came back from the simulated platform.
struct Answered {
    int status = 0;
    QNetworkReply::NetworkError error = QNetworkReply::NoError;
    QByteArray bytes{};
    QJsonObject json{};
    QByteArray location{};
    QByteArray retryAfter{};
    int code() const { return json.value(u"code").toInt(-1); }
    QJsonObject data() const { return json.value(u"data").toObject(); }
};

/// A client of the simulated TikTok: real requests, waited for.
class TikTokClient {
public:
    explicit TikTokClient(demo::SimulatedTikTok &platform) : m_platform(platform) {}

    QUrl api(const QString &path) const { return QUrl::fromEncoded(m_platform.apiUrl().toEncoded() + "/open_api/v1.3/" + path.toLatin1()); }

    Answered get(const QUrl &url, const QList<QPair<QByteArray, QByteArray>> &headers = {})
    {
        QNetworkRequest request(url);
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        for (const auto &[name, value] : headers)
            request.setRawHeader(name, value);
        return wait(m_network.get(request));
    }
    Answered post(const QString &path, const QJsonObject &body, const QString &token = {})
    {
        return post(path, QJsonDocument(body).toJson(QJsonDocument::Compact), "application/json", token);
    }
    Answered post(const QString &path, const QByteArray &body, const QByteArray &type, const QString &token = {})
    {
        QNetworkRequest request(api(path));
        request.setRawHeader("Content-Type", type);
        if (!token.isEmpty())
            request.setRawHeader("Access-Token", token.toLatin1());
        return wait(m_network.post(request, body));
    }

private:
    Answered wait(QNetworkReply *reply)
    {
        QSignalSpy finished(reply, &QNetworkReply::finished);
        if (!reply->isFinished())
            finished.wait(5000);
        Answered answered{.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                          .error = reply->error(),
                          .bytes = reply->readAll(),
                          .location = reply->rawHeader("Location"),
                          .retryAfter = reply->rawHeader("Retry-After")};
        answered.json = QJsonDocument::fromJson(answered.bytes).object();
        delete reply;
        return answered;
    }

    demo::SimulatedTikTok &m_platform;
    QNetworkAccessManager m_network{};
};

/// Takes webhooks: records them, answers what was scripted, else 200.
class WebhookReceiver {
public:
    explicit WebhookReceiver(const Clock &clock)
        : m_http(clock, [this](const demo::SimulatedHttp::Request &request, const demo::SimulatedHttp::Answer &answer) {
              received.append(request);
              answer({.status = statuses.isEmpty() ? 200 : statuses.takeFirst()});
          })
    {
    }
    bool listen() { return bool(m_http.listen()); }
    QUrl url() const { return QUrl(m_http.url().toString() + QStringLiteral("/webhooks/tiktok")); }
    QJsonObject envelope(qsizetype at) const { return QJsonDocument::fromJson(received[at].body).object(); }
    QJsonObject content(qsizetype at) const { return QJsonDocument::fromJson(envelope(at).value(u"content").toString().toUtf8()).object(); }

    QList<demo::SimulatedHttp::Request> received{};
    QList<int> statuses{};

private:
    demo::SimulatedHttp m_http;
};

} // namespace antiphon::test
