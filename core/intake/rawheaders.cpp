#include "core/intake/rawheaders.h"

#include <QCryptographicHash>
#include <QJsonArray>

#include <algorithm>
#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array kKept{"content-type", "user-agent", "host"};

bool isKept(const QByteArray &name, const QList<QByteArray> &signature)
{
    const auto is = [&name](const QByteArray &kept) { return name.compare(kept, Qt::CaseInsensitive) == 0; };
    return std::any_of(kKept.begin(), kKept.end(), is) || std::any_of(signature.begin(), signature.end(), is);
}

} // namespace

deliveries::Delivery deliveryOf(const RawWebhook &hook, const ChannelAdapter &adapter, bool isStale)
{
    const QList<QByteArray> signature = adapter.webhookRules().signatureHeaders;
    QJsonArray headers;
    for (const auto &[name, value] : hook.headers) {
        if (isKept(name, signature))
            headers.append(QJsonArray{QString::fromLatin1(name), QString::fromLatin1(value)});
    }
    return {.channel = channelName(adapter.channel()),
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
