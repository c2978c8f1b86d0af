#pragma once

#include "core/channels/inbound.h"

namespace antiphon::twilio {

inline constexpr QLatin1StringView kWhatsappScheme{"whatsapp:"};

bool isWhatsapp(const QString &address);
bool isWhatsappInbox(const QJsonObject &settings);          ///< by its `medium`

/// Without "whatsapp:".
QString bare(const QString &address);

/// "+" and 7 to 15 digits.
bool isE164(const QString &number);

/// An address as an inbox of this medium names it: "whatsapp:+1415…" or "+1415…".
QString addressFor(const QString &address, bool whatsapp);

/// The settings' own sender; empty where it is a messaging service.
QString senderOf(const QJsonObject &settings);
QString serviceOf(const QJsonObject &settings);

/// "tw:<address>", all spellings of a WhatsApp number alike. Which inbox it is, a webhook may not tell.
QString lane(const QString &contactSourceId);

/// Who wrote. @param fields of an incoming webhook
InboundCustomer customerOf(const QJsonObject &fields);

/// Each name that our own side of a message may have as an inbox's external id: a messaging service, the address, the number.
QStringList accountsOf(const QJsonObject &fields, QLatin1StringView ownAddress);

} // namespace antiphon::twilio
