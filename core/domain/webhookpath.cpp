#include "core/domain/webhookpath.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

/// @param name what stands for the one inbox
QString path(Channel channel, const QString &name)
{
    switch (channel) {
    case Channel::Tiktok:
    case Channel::Instagram:
    case Channel::Messenger: return u"/webhooks/"_s + channelName(channel);
    case Channel::Whatsapp:
    case Channel::Telegram:
    case Channel::Line: return u"/webhooks/%1/%2"_s.arg(channelName(channel), name);
    case Channel::Twilio: return u"/twilio/callback"_s + (name.isEmpty() ? QString() : u"?inbox="_s + name);
    }
    Q_UNREACHABLE();
}

} // namespace

QString webhookPath(Channel channel, InboxId inbox, const QJsonObject &settings)
{
    if (channel == Channel::Whatsapp)
        return path(channel, settings.value("phone_number"_L1).toString());
    return path(channel, channel == Channel::Line ? settings.value("channel_id"_L1).toString() : inbox.toString());
}

QString webhookPath(const Inbox &inbox)
{
    return webhookPath(inbox.channel, inbox.id, inbox.settings);
}

QString webhookPathPattern(Channel channel)
{
    switch (channel) {
    case Channel::Whatsapp: return path(channel, u"{phone_number}"_s);
    case Channel::Telegram: return path(channel, u"{inbox_id}"_s);
    case Channel::Line: return path(channel, u"{channel_id}"_s);
    default: return path(channel, {});
    }
}

bool hasOwnWebhookAddress(Channel channel)
{
    return channel == Channel::Whatsapp || channel == Channel::Telegram || channel == Channel::Line || channel == Channel::Twilio;
}

} // namespace antiphon
