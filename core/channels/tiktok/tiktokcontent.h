#pragma once

#include "core/channels/inbound.h"

#include <QJsonArray>

namespace antiphon::tiktok {

/// The lane of a customer's thread.
QString lane(const QString &account, const QString &conversationId);

/// A moment of TikTok's in milliseconds; nothing where it is absent or no sensible time (before 2010 or after 2100).
std::optional<Timestamp> moment(const QJsonValue &value);

/// The customer of a message, read mark or referral in the webhook's spelling: of both sides the one that is not `account`.
InboundCustomer customerOf(const QJsonObject &content, const QString &account, bool isEcho);

/// What a message object in the webhook's spelling says. A kind that no rule knows, or one whose content is missing, becomes `unsupported`.
InboundMessage readMessage(const QJsonObject &content, const QString &account, bool isEcho, Timestamp at);

} // namespace antiphon::tiktok
