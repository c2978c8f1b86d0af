#include "app/demo/webhooksender.h"

#include <QMessageAuthenticationCode>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>

#include <algorithm>

namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

WebhookSender::WebhookSender(const Clock &clock, QByteArray appSecret, QObject *parent, Scheme scheme)
    : QObject(parent), m_clock(clock), m_appSecret(std::move(appSecret)), m_scheme(scheme), m_network(new QNetworkAccessManager(this))
{
}

QByteArray WebhookSender::signature(const QByteArray &appSecret, qint64 seconds, const QByteArray &body)
{
    const QByteArray time = QByteArray::number(seconds);
    return "t=" + time + ",s=" + QMessageAuthenticationCode::hash(time + '.' + body, appSecret, QCryptographicHash::Sha256).toHex();
}

QByteArray WebhookSender::metaSignature(const QByteArray &appSecret, const QByteArray &body)
{
    return "sha256=" + QMessageAuthenticationCode::hash(body, appSecret, QCryptographicHash::Sha256).toHex();
}

QByteArray WebhookSender::headerFor(const QByteArray &body, const WebhookOptions &options) const
{
    if (m_scheme == Scheme::Meta) {
        switch (options.signature) {
        case WebhookOptions::Signature::WrongKey:
            return metaSignature(m_appSecret + "x", body);
        case WebhookOptions::Signature::ChangedBody:
            return metaSignature(m_appSecret, body + ' ');
        case WebhookOptions::Signature::Missing:
            return {};
        case WebhookOptions::Signature::Right:
        case WebhookOptions::Signature::ChangedTime:
            break;
        }
        return metaSignature(m_appSecret, body);
    }
    const qint64 time = toUnixMs(m_clock.now()) / 1000 + options.timeShift.count();
    switch (options.signature) {
    case WebhookOptions::Signature::Right:
        break;
    case WebhookOptions::Signature::WrongKey:
        return signature(m_appSecret + "x", time, body);
    case WebhookOptions::Signature::ChangedBody:
        return signature(m_appSecret, time, body + ' ');
    case WebhookOptions::Signature::ChangedTime:
        return signature(m_appSecret, time, body).replace("t=" + QByteArray::number(time), "t=" + QByteArray::number(time + 1));
    case WebhookOptions::Signature::Missing:
        return {};
    }
    return signature(m_appSecret, time, body);
}

qint64 WebhookSender::send(const QByteArray &body, const WebhookOptions &options)
{
    const QUrl callback = options.callback.isEmpty() ? m_callback : options.callback;
    const qint64 first = m_deliveries.size() + 1;
    for (int copy = 0; copy < options.copies; ++copy) {
        m_deliveries.append({.id = first + copy, .body = body, .callback = callback, .settled = callback.isEmpty()});
        if (!callback.isEmpty())
            attempt(first + copy, options, headerFor(body, options));
    }
    return first;
}

int WebhookSender::pending() const
{
    return int(std::count_if(m_deliveries.begin(), m_deliveries.end(), [](const Delivery &one) { return !one.settled; }));
}

void WebhookSender::attempt(qint64 id, const WebhookOptions &options, const QByteArray &header)
{
    QNetworkRequest request(delivery(id).callback);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setTransferTimeout(int(m_answerTimeout.count()));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    if (!header.isEmpty())
        request.setRawHeader(m_scheme == Scheme::Meta ? "X-Hub-Signature-256" : "TikTok-Signature", header);
    QNetworkReply *reply = m_network->post(request, delivery(id).body);
    connect(reply, &QNetworkReply::finished, this, [this, reply, id, options, header] {
        reply->deleteLater();
        finish(id, reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), options, header);
    });
}

void WebhookSender::finish(qint64 id, int status, const WebhookOptions &options, const QByteArray &header)
{
    delivery(id).statuses.append(status);
    const auto attempts = delivery(id).statuses.size();
    // Pauses 10 s, 20 s, …, 1 h, 1 h …: the sum passes 72 hours with the 80th attempt.
    constexpr int kAttempts = 80;
    const bool again = status != 200 && options.repeats && attempts < kAttempts;
    if (again) {
        const double seconds = std::min(3600.0, 10.0 * double(1 << std::min<qsizetype>(attempts - 1, 9)));
        const Milliseconds pause(qint64(seconds * 1000.0 * m_pauseScale));
        QTimer::singleShot(pause, this, [this, id, options, header] {
            attempt(id, options, m_signsRepeatsAnew ? headerFor(delivery(id).body, options) : header);
        });
    } else {
        delivery(id).settled = true;
    }
    emit answered(id, int(attempts), status);
    if (!again)
        emit settled(id, status);
}

} // namespace antiphon::demo
