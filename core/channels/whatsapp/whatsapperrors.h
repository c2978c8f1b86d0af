#pragma once

#include "core/base/result.h"
#include "core/channels/meta/graph.h"
#include "core/channels/outbound.h"

namespace antiphon::whatsapp {

/// The object of an answer of the Cloud API without an error (see meta::readGraph). Where a code is known, a sentence on what to do follows Meta's words.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
Result<QJsonObject> readAnswer(const HttpReply &reply, meta::Repeatable repeatable);

/// The first of a status's or message's `errors`: {code, title, message, error_data: {details}}.
ExternalError externalError(const QJsonArray &errors);

/// The same for the log: "131000: Something went wrong".
QString reasonOf(const QJsonArray &errors);

SendVerdict verdict(const Error &error);
/// Where a code has a rhythm of its own.
std::optional<RetrySchedule> retrySchedule(const Error &error);

} // namespace antiphon::whatsapp
