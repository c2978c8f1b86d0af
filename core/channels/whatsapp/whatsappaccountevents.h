#pragma once

#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/channels/whatsapp/whatsappsource.h"

namespace antiphon::whatsapp {

/// Whether a webhook's field is about the whole account and names no number.
bool isAccountField(const QString &field);

/// account_update, message_template_status_update, phone_number_quality_update and the like, for every inbox of the account.
/// @param app an application that was taken away is ours only where its id is
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update
SplitEvent splitAccountChange(Source source, const QJsonObject &value, const AppCredentials &app);

Result<InboundEvent> readAccountEvent(const SplitEvent &event);

} // namespace antiphon::whatsapp
