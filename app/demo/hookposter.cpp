#include "app/demo/hookposter.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>

namespace antiphon::demo {

HookPoster::HookPoster(Milliseconds answerTimeout, QObject *parent)
    : QObject(parent), m_network(new QNetworkAccessManager(this)), m_answerTimeout(answerTimeout)
{
}

void HookPoster::post(const QUrl &url, const QList<SimulatedHttp::Header> &headers, const QByteArray &body, Done done)
{
    const qsizetype index = m_posts.size();
    const QUrl bare = url.adjusted(QUrl::RemoveFragment);
    m_posts.append({.url = bare, .body = body});
    send("POST", bare, headers, body, [this, index, done = std::move(done)](const HookAnswer &answer) {
        m_posts[index].answer = answer;
        m_posts[index].isOver = true;
        if (done)
            done(answer);
    });
}

void HookPoster::ask(const QByteArray &method, const QUrl &url, Done done) { send(method, url, {}, {}, std::move(done)); }

int HookPoster::pending() const
{
    return int(std::count_if(m_posts.begin(), m_posts.end(), [](const Post &one) { return !one.isOver; }));
}

void HookPoster::send(const QByteArray &method, const QUrl &url, const QList<SimulatedHttp::Header> &headers, const QByteArray &body, Done done)
{
    QNetworkRequest request(url);
    request.setTransferTimeout(int(m_answerTimeout.count()));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    for (const SimulatedHttp::Header &header : headers)
        request.setRawHeader(header.first, header.second);
    QNetworkReply *reply = m_network->sendCustomRequest(request, method, body);
    connect(reply, &QNetworkReply::finished, this, [reply, done = std::move(done)] {
        reply->deleteLater();
        HookAnswer answer{.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                          .contentType = reply->rawHeader("Content-Type"),
                          .body = reply->readAll(),
                          .connected = reply->error() != QNetworkReply::ConnectionRefusedError && reply->error() != QNetworkReply::HostNotFoundError};
        if (reply->hasRawHeader("Retry-After"))
            answer.retryAfter = std::chrono::seconds(reply->rawHeader("Retry-After").toInt());
        done(answer);
    });
}

} // namespace antiphon::demo
