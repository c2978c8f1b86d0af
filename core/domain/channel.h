#pragma once

#include <QString>

#include <optional>

namespace antiphon {

/// A platform. The names of `channelName` stand in the Desk API, the database and the routes.
enum class Channel { Tiktok, Whatsapp, Instagram, Messenger, Telegram, Line, Twilio };

QString channelName(Channel channel);                              ///< "tiktok"
std::optional<Channel> channelFromName(QStringView name);

/// The attribute of a conversation that holds what the platform said may be sent in it: "tiktok_capabilities".
QString capabilitiesKey(Channel channel);

/// The platform as a person says it, a proper name that is not translated: "TikTok".
QString channelTitle(Channel channel);

} // namespace antiphon
