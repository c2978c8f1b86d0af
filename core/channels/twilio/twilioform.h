#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QPair>

namespace antiphon::twilio {

/// The fields of a form's body or a query, decoded, in their order; a name may come twice. None where there are over 300 of them: no webhook has that many.
using FormFields = QList<QPair<QByteArray, QByteArray>>;
FormFields parseForm(const QByteArray &encoded);

/// application/x-www-form-urlencoded
QByteArray toForm(const QList<QPair<QString, QString>> &fields);

/// Of each name the first value, as text without U+0000.
QJsonObject toObject(const FormFields &fields);

/// The first value of `name`; empty where there is none.
QByteArray valueOf(const FormFields &fields, QByteArrayView name);

} // namespace antiphon::twilio
