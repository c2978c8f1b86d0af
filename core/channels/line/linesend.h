#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::line {

ChannelLimits limits();
Result<void> check(const OutboundMessage &message);

/// A call takes five objects at most: the text first, then a file each.
QList<OutboundPart> parts(const OutboundMessage &message);

/// By the reply token, where there is a good one (free of charge, can't be repeated), else as a push with a retry key that is the same for every try.
/// @see https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &idempotencyKey);

SendVerdict verdict(const Error &error);
std::optional<RetrySchedule> retrySchedule(const Error &error);

} // namespace antiphon::line
