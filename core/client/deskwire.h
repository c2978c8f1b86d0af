#pragma once

#include "core/base/result.h"
#include "core/client/deskclient.h"

#include <QJsonObject>

#include <optional>

/// The frames of the Desk API as a client reads and writes them.
namespace antiphon::deskwire {

QString requestText(qint64 id, const QString &method, const QJsonObject &params);

/// An answer to one of our requests.
struct Answer {
    qint64 id = 0;
    Result<QJsonObject> result;
};

/// The error of the contract's code, `field` by data.field.
Error errorOf(const QJsonObject &error);

std::optional<Answer> answerOf(const QJsonObject &message);
std::optional<DeskEvent> eventOf(const QJsonObject &message);

} // namespace antiphon::deskwire
