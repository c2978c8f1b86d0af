#pragma once

#include "core/intake/inboundcontext.h"

/// How messages that were fetched afterwards are marked, and what is counted when one is stored.
namespace antiphon::caughtup {

/// Of what filled a gap.
QJsonObject gapMark(GapId gap);
/// Of what a look at the platform's lists found although the machine had been there: its webhook was lost.
/// @param isLive it is as young as one that a webhook brings, and is treated like one
QJsonObject lostMark(bool isLive = false);

/// The word for the owner where webhooks get lost: `settings.notice.kind`.
inline constexpr QLatin1StringView kWebhooksLost("webhooks_lost");

/// A message that is new here was stored: where it carries a mark, it counts as recovered or lost. Three lost ones a day are told to the owner.
Result<void> noteStored(const inbound::Context &context);

/// Takes the word for the owner away where nothing was lost for a day.
Result<void> forgetLost(WriteTransaction &tx, InboxId inbox);

} // namespace antiphon::caughtup
