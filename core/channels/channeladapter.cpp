#include "core/channels/channeladapter.h"

namespace antiphon {

using namespace Qt::StringLiterals;

RetrySchedule ChannelAdapter::retrySchedule(const Error &error) const
{
    using std::chrono::seconds;
    if (error.kind == Error::Kind::RateLimited)
        return {.pauses = {seconds(5), seconds(10), seconds(20), seconds(40), seconds(80), seconds(160), seconds(320), seconds(600)}, .jitters = false};
    if (error.kind == Error::Kind::Unavailable) {
        return {.pauses = {seconds(5), seconds(10), seconds(20), seconds(40), seconds(80), seconds(160), seconds(320), seconds(600), seconds(600)},
                .goesOn = false};
    }
    return {.pauses = {seconds(2), seconds(5), seconds(15), seconds(60), seconds(300), seconds(900), seconds(1800)}};
}

WebhookRules ChannelAdapter::webhookRules() const
{
    return {.path = u"/webhooks/"_s + channelName(channel())};
}

WebhookKeys ChannelAdapter::webhookKeys(const RawWebhook &) const
{
    return {.apps = {channel()}};
}

HandshakeReply ChannelAdapter::handshake(const RawWebhook &, const QList<AppCredentials> &) const
{
    return {.status = 404};
}

OperationPtr<AccountProfile> ChannelAdapter::customerProfile(const QString &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

QString ChannelAdapter::placeholderName(const QString &) const
{
    return {};
}

OperationPtr<QJsonArray> ChannelAdapter::listTemplates(const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> ChannelAdapter::react(const OutboundReaction &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

std::optional<HttpRequest> ChannelAdapter::markRead(const QString &, const QString &, const QJsonObject &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

QJsonObject ChannelAdapter::attributesAfter(const Error &) const
{
    return {};
}

std::optional<HttpRequest> ChannelAdapter::acknowledge(const SplitEvent &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

OperationPtr<ChannelAdapter::FeedPage> ChannelAdapter::readFeed(const FeedQuery &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<PostCard> ChannelAdapter::describePost(const QUrl &, const ChannelEndpoints &) const
{
    return nullptr;
}

Result<QString> AccountAdapter::readSetting(const QString &, const QString &text, const QJsonObject &) const
{
    return text;
}

Result<void> AccountAdapter::checkSecret(const QString &, const QString &) const
{
    return {};
}

AccountFields AccountAdapter::fieldsOf(const QJsonObject &) const
{
    return fields();
}

Channel AccountAdapter::application(const QJsonObject &) const
{
    return channel();
}

QString AccountAdapter::subscriptionKey(const InboxCredentials &) const
{
    return {};
}

QStringList AccountAdapter::phoneSyncs(const InboxCredentials &) const
{
    return {};
}

OperationPtr<QString> AccountAdapter::requestPhoneSync(const QString &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> AccountAdapter::inspectSubscription(const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> AccountAdapter::subscribe(const QUrl &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<bool> AccountAdapter::withdraw(const QUrl &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> AccountAdapter::unsubscribe(const InboxCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

OperationPtr<ChannelAdapter::ThreadPage> ChannelAdapter::listOlder(const QString &, const QString &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

} // namespace antiphon
