#include "core/channels/builtinchannels.h"

#include "core/channels/instagram/instagramaccounts.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/line/lineaccounts.h"
#include "core/channels/line/lineadapter.h"
#include "core/channels/messenger/messengeraccounts.h"
#include "core/channels/messenger/messengeradapter.h"
#include "core/channels/telegram/telegramaccounts.h"
#include "core/channels/telegram/telegramadapter.h"
#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "core/channels/twilio/twilioaccounts.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/whatsapp/whatsappaccounts.h"
#include "core/channels/whatsapp/whatsappadapter.h"

namespace antiphon {

void addBuiltInChannels(ChannelRegistry &registry)
{
    registry.add(std::make_unique<TiktokAdapter>(), std::make_unique<TiktokAccounts>());
    registry.add(std::make_unique<WhatsappAdapter>(), std::make_unique<WhatsappAccounts>());
    registry.add(std::make_unique<InstagramAdapter>(), std::make_unique<InstagramAccounts>());
    registry.add(std::make_unique<MessengerAdapter>(), std::make_unique<MessengerAccounts>());
    registry.add(std::make_unique<TelegramAdapter>(), std::make_unique<TelegramAccounts>());
    registry.add(std::make_unique<LineAdapter>(), std::make_unique<LineAccounts>());
    registry.add(std::make_unique<TwilioAdapter>(), std::make_unique<TwilioAccounts>());
}

} // namespace antiphon
