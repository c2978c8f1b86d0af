#include "tests/bench/barelistener.h"

#include "core/net/hmac.h"

#include <QHostAddress>
#include <QHttpServer>
#include <QHttpServerRequest>
#include <QHttpServerResponse>
#include <QJsonDocument>
#include <QJsonObject>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

bool isGenuine(const QHttpServerRequest &request, const QByteArray &body, const QByteArray &appSecret)
{
    const QByteArray header = request.value("TikTok-Signature");
    const qsizetype comma = header.indexOf(",s=");
    if (!header.startsWith("t=") || comma < 0)
        return false;
    return equalConstantTime(hmacSha256(appSecret, header.mid(2, comma - 2) + '.' + body), QByteArray::fromHex(header.mid(comma + 3)));
}

} // namespace

BareListener::BareListener(QByteArray appSecret)
    : m_context(std::make_unique<QObject>())
{
    m_context->moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(m_context.get(), [this, appSecret] { open(appSecret); }, Qt::BlockingQueuedConnection);
}

BareListener::~BareListener()
{
    QMetaObject::invokeMethod(m_context.get(), [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void BareListener::open(const QByteArray &appSecret)
{
    m_server = std::make_unique<QHttpServer>();
    m_server->route(u"/webhooks/tiktok"_s, QHttpServerRequest::Method::Post, [appSecret](const QHttpServerRequest &request) {
        using Status = QHttpServerResponse::StatusCode;
        const QByteArray body = request.body();
        if (!isGenuine(request, body, appSecret))
            return QHttpServerResponse(Status::Unauthorized);
        return QHttpServerResponse(QJsonDocument::fromJson(body).isObject() ? Status::Ok : Status::BadRequest);
    });
    m_port = m_server->listen(QHostAddress(QHostAddress::LocalHost), 0);
}

} // namespace antiphon::bench
