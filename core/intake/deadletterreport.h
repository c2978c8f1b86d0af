#pragma once

#include "core/intake/deadletters.h"
#include "core/store/deliveryrepository.h"

/// Dead letters as they may be given away: without secrets, names and texts.
namespace antiphon::deadletters {

/// What was received, masked: {payload, headers:[name], path}. `payload` is null where it is pruned.
QJsonObject maskedContent(const QByteArray &payload, const QJsonObject &delivery);
/// {id, inbox_id, channel, kind, error_class, reason (masked), attempts, received_at} and the content. Pure.
QJsonObject maskedItem(const DeadLetter &letter, const QByteArray &payload, const QJsonObject &delivery);

/// One dead letter's masked content. NotFound.
Result<QJsonObject> readMasked(ReadTransaction &tx, qint64 id);

constexpr int kMostExported = 100;

/// For a bug report: {format, version, exported_at, items:[…]}, the newest `most` (kMostExported at most), or the one dead letter of `id`.
Result<QJsonObject> exportReport(ReadTransaction &tx, std::optional<qint64> id, int most, const QString &version, Timestamp now);

} // namespace antiphon::deadletters
