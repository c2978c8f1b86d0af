#include "core/store/settingrepository.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace antiphon::settings {
namespace {
using namespace Qt::StringLiterals;

/// A bare value is no JSON document for Qt, so it rests as the only item of an array.
QString wrapped(const QJsonValue &value) { return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact)); }
QJsonValue unwrapped(const QString &text) { return QJsonDocument::fromJson(text.toUtf8()).array().at(0); }
} // namespace

Result<std::optional<QJsonValue>> value(ReadTransaction &tx, const QString &key)
{
    std::optional<QJsonValue> found;
    Query q = tx.query(u"SELECT value FROM setting WHERE key = :key"_s);
    q.bind(":key"_L1, key);
    while (q.next())
        found = unwrapped(q.text(0));
    if (!q.ok())
        return q.error();
    return found;
}

Result<QJsonObject> all(ReadTransaction &tx)
{
    QJsonObject values;
    Query q = tx.query(u"SELECT key, value FROM setting"_s);
    while (q.next())
        values.insert(q.text(0), unwrapped(q.text(1)));
    if (!q.ok())
        return q.error();
    return values;
}

Result<void> store(WriteTransaction &tx, const QString &key, const QJsonValue &value)
{
    Query q = tx.query(u"INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"_s);
    q.bind(":key"_L1, key).bind(":value"_L1, wrapped(value));
    return q.exec();
}

} // namespace antiphon::settings
