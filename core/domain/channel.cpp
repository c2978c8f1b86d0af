#include "core/domain/channel.h"

#include "core/domain/names.h"

namespace antiphon {
namespace {

constexpr std::array<QStringView, 7> kNames{u"tiktok", u"whatsapp", u"instagram", u"messenger", u"telegram", u"line", u"twilio"};
constexpr std::array<QStringView, 7> kTitles{u"TikTok", u"WhatsApp", u"Instagram", u"Messenger", u"Telegram", u"LINE", u"Twilio"};

} // namespace

QString channelName(Channel channel)
{
    return names::of(kNames, channel);
}

QString capabilitiesKey(Channel channel)
{
    return channelName(channel) + QStringLiteral("_capabilities");
}

QString channelTitle(Channel channel)
{
    return names::of(kTitles, channel);
}

std::optional<Channel> channelFromName(QStringView name)
{
    return names::find<Channel>(kNames, name);
}

} // namespace antiphon
