#pragma once

#include "core/channels/inbound.h"
#include "core/channels/meta/dialect.h"

#include <QJsonObject>

namespace antiphon::meta {

/// A `message` of an element: text, files, cards and what it belongs to. Origin, customer and id are the caller's to fill in.
/// @see https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages
InboundMessage readMessageContent(const Dialect &dialect, const QJsonObject &message, Timestamp at);

/// A `postback`: a tap on a button or an icebreaker, as a message with the button's words.
InboundMessage readPostback(const QJsonObject &postback, Timestamp at);

/// {source, ref, ad_id, headline, media_url, …}, only what is there.
QJsonObject readReferral(const QJsonObject &referral);

} // namespace antiphon::meta
