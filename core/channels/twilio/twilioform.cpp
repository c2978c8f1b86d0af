#include "core/channels/twilio/twilioform.h"

#include "core/base/json.h"

#include <QUrl>

namespace antiphon::twilio {

namespace {

constexpr qsizetype kMostFields = 300;

QByteArray decoded(QByteArray text)
{
    return QByteArray::fromPercentEncoding(text.replace('+', ' '));
}

} // namespace

FormFields parseForm(const QByteArray &encoded)
{
    FormFields fields;
    if (encoded.count('&') >= kMostFields)          // before anything is taken apart: nobody has signed it yet
        return fields;
    const QList<QByteArray> items = encoded.split('&');
    for (const QByteArray &item : items) {
        if (item.isEmpty())
            continue;
        const qsizetype equals = item.indexOf('=');
        fields.append({decoded(equals < 0 ? item : item.first(equals)), equals < 0 ? QByteArray() : decoded(item.sliced(equals + 1))});
    }
    return fields;
}

QByteArray toForm(const QList<QPair<QString, QString>> &fields)
{
    QByteArray encoded;
    for (const auto &[name, value] : fields) {
        if (!encoded.isEmpty())
            encoded += '&';
        encoded += QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value);
    }
    return encoded;
}

QJsonObject toObject(const FormFields &fields)
{
    QJsonObject object;
    for (const auto &[name, value] : fields) {
        QString text = QString::fromUtf8(value);
        const QString key = json::cleanText(QString::fromUtf8(name));
        if (!object.contains(key))
            object.insert(key, json::cleanText(text.remove(QChar(0))));
    }
    return object;
}

QByteArray valueOf(const FormFields &fields, QByteArrayView name)
{
    for (const auto &[key, value] : fields) {
        if (key == name)
            return value;
    }
    return {};
}

} // namespace antiphon::twilio
