#include "core/intake/deadletterreport.h"

#include "core/base/json.h"
#include "core/intake/redaction.h"
#include "core/store/eventrepository.h"

#include <QJsonArray>

namespace antiphon::deadletters {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLongestReport = 512 * 1024;     // below what one frame may hold

} // namespace

QJsonObject maskedContent(const QByteArray &payload, const QJsonObject &delivery)
{
    QJsonArray names;
    const QJsonArray headers = delivery.value("headers"_L1).toArray();
    for (const QJsonValue &header : headers)
        names.append(header.toArray().at(0).toString());
    const QString path = redaction::path(delivery.value("path"_L1).toString());
    return {{u"payload"_s, payload.isNull() ? QJsonValue(QJsonValue::Null) : QJsonValue(QString::fromUtf8(redaction::body(payload)))},
            {u"headers"_s, names},
            {u"path"_s, json::orNull(path)}};
}

QJsonObject maskedItem(const DeadLetter &letter, const QByteArray &payload, const QJsonObject &delivery)
{
    QJsonObject item = toJson(letter);
    item.insert(u"reason"_s, json::orNull(redaction::sentence(letter.reason)));
    const QJsonObject content = maskedContent(payload, delivery);
    for (auto it = content.begin(); it != content.end(); ++it)
        item.insert(it.key(), it.value());
    return item;
}

Result<QJsonObject> readMasked(ReadTransaction &tx, qint64 id)
{
    const auto letter = find(tx, id);
    if (!letter)
        return letter.error();
    const bool isDelivery = id % 2 == 1;
    QByteArray payload;
    DeliveryId from(id / 2);
    if (!isDelivery) {
        const auto event = events::find(tx, EventId(id / 2));
        if (!event)
            return event.error();
        if (*event) {
            payload = json::toBytes((*event)->payload);
            from = (*event)->deliveryId;
        }
    }
    const auto delivery = deliveries::find(tx, from);
    if (!delivery)
        return delivery.error();
    if (isDelivery && *delivery)
        payload = (*delivery)->body;
    return maskedItem(*letter, payload, *delivery ? (*delivery)->headers : QJsonObject());
}

Result<QJsonObject> exportReport(ReadTransaction &tx, std::optional<qint64> id, int most, const QString &version, Timestamp now)
{
    QList<qint64> wanted;
    if (id) {
        wanted.append(*id);
    } else {
        const auto page = list(tx, {}, std::min(most, kMostExported));
        if (!page)
            return page.error();
        for (const DeadLetter &letter : page->items)
            wanted.append(letter.id);
    }
    QJsonArray items;
    qsizetype size = 0;
    for (const qint64 one : std::as_const(wanted)) {
        const auto item = readMasked(tx, one);
        if (!item)
            return item.error();
        size += json::toBytes(*item).size();
        if (size > kLongestReport && !items.isEmpty())
            break;
        items.append(*item);
    }
    return QJsonObject{{u"format"_s, u"antiphon-dead-letters-1"_s}, {u"version"_s, version}, {u"exported_at"_s, toRfc3339(now)}, {u"items"_s, items}};
}

} // namespace antiphon::deadletters
