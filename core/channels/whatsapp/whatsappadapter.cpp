#include "core/channels/whatsapp/whatsappadapter.h"

#include "core/channels/meta/metawebhook.h"
#include "core/channels/whatsapp/whatsapperrors.h"
#include "core/channels/whatsapp/whatsappevents.h"
#include "core/channels/whatsapp/whatsappidentity.h"
#include "core/channels/whatsapp/whatsappmedia.h"
#include "core/channels/whatsapp/whatsappsend.h"
#include "core/channels/whatsapp/whatsapptemplates.h"
#include "core/domain/phonenumber.h"

namespace antiphon {

using namespace Qt::StringLiterals;

ChannelLimits WhatsappAdapter::limits(const QJsonObject &) const
{
    return whatsapp::limits();
}

std::optional<ReplyRule> WhatsappAdapter::replyRule(const QJsonObject &, const QString &) const
{
    return ReplyRule{.name = u"whatsapp_24h"_s, .length = std::chrono::hours(24)};
}

WebhookRules WhatsappAdapter::webhookRules() const
{
    return meta::webhookRules(u"/webhooks/whatsapp/{phone_number}"_s);
}

WebhookKeys WhatsappAdapter::webhookKeys(const RawWebhook &hook) const
{
    // "/webhooks/whatsapp/+15550100001", with "%2B" or without "+"; "+" itself may have been read as a blank on its way.
    const QString last = QString::fromUtf8(QByteArray::fromPercentEncoding(hook.path.mid(hook.path.lastIndexOf('/') + 1))).trimmed();
    const QString digits = phoneDigits(last);
    const bool isNumber = !digits.isEmpty() && (last == digits || last == u'+' + digits);
    return {.apps = {Channel::Whatsapp}, .inboxSetting = u"phone_number"_s, .inboxValue = isNumber ? u'+' + digits : last};
}

HandshakeReply WhatsappAdapter::handshake(const RawWebhook &hook, const QList<AppCredentials> &apps) const
{
    return meta::handshake(hook, apps);
}

QString WhatsappAdapter::groupSetting() const
{
    return u"business_account_id"_s;
}

Verification WhatsappAdapter::verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds) const
{
    return meta::verifySignature(hook, app.appSecret);
}

Result<QList<SplitEvent>> WhatsappAdapter::split(const RawWebhook &hook, const AppCredentials &app) const
{
    return whatsapp::splitWebhook(hook, app);
}

Result<InboundEvent> WhatsappAdapter::read(const SplitEvent &event) const
{
    return whatsapp::readEvent(event);
}

QString WhatsappAdapter::lane(InboxId, const QString &account, const QString &contactSourceId) const
{
    return whatsapp::lane(account, contactSourceId);
}

Result<void> WhatsappAdapter::check(const OutboundMessage &message) const
{
    return whatsapp::check(message);
}

QList<OutboundPart> WhatsappAdapter::parts(const OutboundMessage &message) const
{
    return whatsapp::parts(message);
}

OperationPtr<SendReceipt> WhatsappAdapter::send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints,
                                                const QString &idempotencyKey) const
{
    return whatsapp::send(part, inbox, endpoints, idempotencyKey);
}

SendVerdict WhatsappAdapter::verdict(const Error &error) const
{
    return whatsapp::verdict(error);
}

RetrySchedule WhatsappAdapter::retrySchedule(const Error &error) const
{
    const auto own = whatsapp::retrySchedule(error);
    return own ? *own : ChannelAdapter::retrySchedule(error);
}

OperationPtr<HttpRequest> WhatsappAdapter::fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return whatsapp::fetchMedia(remote, inbox, endpoints);
}

QStringList WhatsappAdapter::mediaHosts() const
{
    return whatsapp::mediaHosts();
}

qint64 WhatsappAdapter::mediaLimit() const
{
    return whatsapp::kMediaLimit;
}

OperationPtr<ChannelAdapter::ThreadPage> WhatsappAdapter::listThread(const QString &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<ChannelAdapter::ThreadList> WhatsappAdapter::listThreads(const ThreadQuery &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

MediaRules WhatsappAdapter::mediaRules() const
{
    // Files of webhooks stay for 7 days. @see https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
    return {.retention = std::chrono::hours(7 * 24)};
}

QString WhatsappAdapter::placeholderName(const QString &contactSourceId) const
{
    return u"WhatsApp user "_s + contactSourceId.right(4);
}

CatchUpDepth WhatsappAdapter::catchUpDepth() const
{
    // Of Meta's own pages one promises 36 hours and another 7 days: what is surely brought again is the shorter.
    return {.kind = CatchUpDepth::Kind::RedeliveryOnly, .retention = std::chrono::hours(36)};
}

OperationPtr<QJsonArray> WhatsappAdapter::listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return whatsapp::listTemplates(inbox, endpoints);
}

OperationPtr<bool> WhatsappAdapter::imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> WhatsappAdapter::react(const OutboundReaction &reaction, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return whatsapp::react(reaction, inbox, endpoints);
}

std::optional<HttpRequest> WhatsappAdapter::markRead(const QString &, const QString &messageSourceId, const QJsonObject &, const InboxCredentials &inbox,
                                                     const ChannelEndpoints &endpoints) const
{
    return whatsapp::markRead(messageSourceId, false, inbox, endpoints);
}

std::optional<HttpRequest> WhatsappAdapter::typing(const QString &, const QString &messageSourceId, const InboxCredentials &inbox,
                                                   const ChannelEndpoints &endpoints) const
{
    return whatsapp::markRead(messageSourceId, true, inbox, endpoints);
}

} // namespace antiphon
