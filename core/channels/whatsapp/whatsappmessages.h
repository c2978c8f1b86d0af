#pragma once

#include "core/base/result.h"
#include "core/channels/whatsapp/whatsappidentity.h"

namespace antiphon::whatsapp {

/// Who wrote a message: `from`, `from_user_id`, `from_parent_user_id`. Of a system message who they are now.
Party senderOf(const QJsonObject &message);

/// Whom an echo went to: `to`, `to_user_id`, `to_parent_user_id`.
Party receiverOf(const QJsonObject &message);

/// Whom an entry of the phone's address book is about.
Party partyOfCard(const QJsonObject &card);

/// Messages, echoes, what was before, and what changes one: reactions, edits, revocations, system messages.
Result<InboundEvent> readMessageEvent(const SplitEvent &event);

/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/history
Result<InboundEvent> readProgress(const SplitEvent &event);

/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/smb_app_state_sync
Result<InboundEvent> readCard(const SplitEvent &event);

} // namespace antiphon::whatsapp
