#pragma once

#include "core/base/error.h"
#include "core/domain/channel.h"
#include "core/domain/message.h"

namespace antiphon {

/// One sentence for the agent: what did not work and, where there is something to do, what. The only place that translates errors.
QString errorText(const Error &error);

/// Why a message was not sent, one plain sentence without the platform's own words (those stand under "Details").
QString externalErrorText(const ExternalError &error, Channel channel);

/// Whether the message may have arrived although its send failed.
bool isOutcomeUnknown(const Message &message);

/// The whole of a failure for "Details", to be copied: sentence, the platform's text, code, ids. Plain text.
QString failureDetails(const Message &message, Channel channel);

} // namespace antiphon
