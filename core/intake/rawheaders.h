#pragma once

#include "core/channels/channeladapter.h"
#include "core/store/deliveryrepository.h"

namespace antiphon {

/// Marks a stored event's payload: it was fetched afterwards. Its value says on what occasion (see caughtup.h).
inline constexpr QLatin1StringView kCaughtUpKey("antiphon_caught_up");

/// A webhook as it is journalled. Of its headers only those that tell what the body is or sign it are kept: no cookie, no bearer token.
deliveries::Delivery deliveryOf(const RawWebhook &hook, const ChannelAdapter &adapter, bool isStale);

/// The webhook again, as far as it was kept.
RawWebhook rawWebhookOf(const deliveries::Delivery &delivery);

} // namespace antiphon
