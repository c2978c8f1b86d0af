#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

#include <functional>

namespace antiphon::test {

/// Every way to have one value of `value` replaced by each of `others` or taken out, at any depth.
inline void mutate(const QJsonValue &value, const QJsonArray &others, const std::function<void(const QJsonValue &)> &use)
{
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        const QStringList keys = object.keys();
        for (const QString &key : keys) {
            const auto with = [&](const QJsonValue &other) {
                QJsonObject changed = object;
                changed.insert(key, other);
                use(changed);
            };
            QJsonObject without = object;
            without.remove(key);
            use(without);
            for (const QJsonValue &other : others)
                with(other);
            mutate(object.value(key), others, with);
        }
    } else if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < array.size(); ++i) {
            const auto with = [&](const QJsonValue &other) {
                QJsonArray changed = array;
                changed[i] = other;
                use(changed);
            };
            for (const QJsonValue &other : others)
                with(other);
            mutate(array.at(i), others, with);
        }
    }
}

} // namespace antiphon::test
