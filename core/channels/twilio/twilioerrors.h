#pragma once

#include "core/base/error.h"
#include "core/channels/outbound.h"
#include "core/domain/message.h"

#include <QJsonObject>

namespace antiphon::twilio {

/// What Twilio's code is here; nothing where it is not in the table. @see https://www.twilio.com/docs/api/errors
std::optional<Error::Kind> kindOfCode(qint64 code);

/// Twilio's words, with what a person can do about it.
QString withAdvice(const QString &words, qint64 code);

/// Of a status that says that a message failed. @param word the status, where there is no code
ExternalError externalError(const QString &code, const QString &words, const QString &word);

SendVerdict verdict(const Error &error);
std::optional<RetrySchedule> retrySchedule(const Error &error);

/// {"cannot_reply": "opted_out"} of who wants to hear no more.
QJsonObject attributesAfter(const Error &error);

inline constexpr qint64 kBadCallback = 21609;

} // namespace antiphon::twilio
