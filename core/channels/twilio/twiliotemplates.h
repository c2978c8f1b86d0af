#pragma once

#include "core/channels/credentials.h"
#include "core/channels/operation.h"
#include "core/channels/outbound.h"

#include <QJsonArray>

namespace antiphon::twilio {

/// The account's contents with their approval for WhatsApp, in the common shape; those that can't open a conversation are left out.
/// @see https://www.twilio.com/docs/content/content-api-resources
OperationPtr<QJsonArray> listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// One of them as a template: {id, name, language, status, category, parameter_format, components, rejected_reason}; empty where it is none.
QJsonObject templateOf(const QJsonObject &content);

/// What fills a content's places: {"1": "…"}.
QJsonObject contentVariables(const OutboundTemplate &from);

} // namespace antiphon::twilio
