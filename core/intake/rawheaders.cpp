#include "core/intake/rawheaders.h"

#include <QCryptographicHash>
#include <QJsonArray>

#include <algorithm>
#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array kKept{"content-type", "user-agent", "tiktok-signature", "x-hub-signature-256", "x-line-signature", "x-twilio-signature", "host"};

bool isKept(const QByteArray &name)
{
    return std::any_of(kKept.begin(), kKept.end(), [&](const char *kept) { return name.compare(kept, Qt::CaseInsensitive) == 0; });
}

} // namespace

deliveries::Delivery deliveryOf(const RawWebhook &hook, const QString &channel, bool isStale)
{
    QJsonArray headers;
    for (const auto &[name, value] : hook.headers) {
        if (isKept(name))
            headers.append(QJsonArray{QString::fromLatin1(name), QString::fromLatin1(value)});
    }
    return {.channel = channel,
            .receivedAt = hook.receivedAt,
            .headers = {{u"headers"_s, headers}, {u"path"_s, QString::fromLatin1(hook.path)}, {u"query"_s, QString::fromLatin1(hook.query)}},
            .body = hook.body,
            .bodySha256 = QCryptographicHash::hash(hook.body, QCryptographicHash::Sha256),
            .stale = isStale};
}

RawWebhook rawWebhookOf(const deliveries::Delivery &delivery)
{
    RawWebhook hook{.body = delivery.body,
                    .path = delivery.headers.value("path"_L1).toString().toLatin1(),
                    .query = delivery.headers.value("query"_L1).toString().toLatin1(),
                    .receivedAt = delivery.receivedAt};
    const QJsonArray headers = delivery.headers.value("headers"_L1).toArray();
    for (const QJsonValue &entry : headers)
        hook.headers.append({entry.toArray().at(0).toString().toLatin1(), entry.toArray().at(1).toString().toLatin1()});
    return hook;
}

} // namespace antiphon
