#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::whatsapp {

/// Every template of the account, whatever its status, page by page: {id, name, language, status, category, parameter_format, components, rejected_reason,
/// quality_score}. Invalid where the account's id isn't known.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management
OperationPtr<QJsonArray> listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::whatsapp
