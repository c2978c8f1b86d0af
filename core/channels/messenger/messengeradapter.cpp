#include "core/channels/messenger/messengeradapter.h"

#include "core/channels/calls.h"
#include "core/channels/messenger/messengerprofile.h"
#include "core/channels/messenger/messengersend.h"
#include "core/channels/meta/conversations.h"
#include "core/channels/meta/messagingevents.h"
#include "core/channels/meta/messagingmedia.h"
#include "core/channels/meta/messagingsend.h"
#include "core/channels/meta/metawebhook.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

meta::GraphAccess graph(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return meta::GraphAccess(inbox, endpoints, true);
}

} // namespace

ChannelLimits MessengerAdapter::limits(const QJsonObject &) const
{
    return messenger::limits();
}

std::optional<ReplyRule> MessengerAdapter::replyRule(const QJsonObject &settings, const QString &) const
{
    return meta::messagingRule(u"messenger"_s, settings);
}

WebhookRules MessengerAdapter::webhookRules() const
{
    return meta::webhookRules(u"/webhooks/messenger"_s);
}

HandshakeReply MessengerAdapter::handshake(const RawWebhook &hook, const QList<AppCredentials> &apps) const
{
    return meta::handshake(hook, apps);
}

Verification MessengerAdapter::verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds) const
{
    return meta::verifySignature(hook, app.appSecret);
}

Result<QList<SplitEvent>> MessengerAdapter::split(const RawWebhook &hook, const AppCredentials &app) const
{
    return meta::splitMessaging(meta::kMessenger, hook, app);
}

Result<InboundEvent> MessengerAdapter::read(const SplitEvent &event) const
{
    return meta::readMessaging(meta::kMessenger, event);
}

QString MessengerAdapter::lane(InboxId, const QString &account, const QString &contactSourceId) const
{
    return meta::messagingLane(meta::kMessenger, account, contactSourceId);
}

Result<void> MessengerAdapter::check(const OutboundMessage &message) const
{
    return messenger::check(message);
}

QList<OutboundPart> MessengerAdapter::parts(const OutboundMessage &message) const
{
    return meta::messagingParts(message);
}

OperationPtr<SendReceipt> MessengerAdapter::send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints,
                                                  const QString &idempotencyKey) const
{
    return messenger::send(part, inbox, endpoints, idempotencyKey);
}

SendVerdict MessengerAdapter::verdict(const Error &error) const
{
    return meta::messagingVerdict(error);
}

OperationPtr<HttpRequest> MessengerAdapter::fetchMedia(const QJsonObject &remote, const InboxCredentials &, const ChannelEndpoints &) const
{
    return meta::fetchByAddress(remote);
}

QStringList MessengerAdapter::mediaHosts() const
{
    return meta::mediaHosts();
}

qint64 MessengerAdapter::mediaLimit() const
{
    return meta::kMediaLimit;
}

OperationPtr<ChannelAdapter::ThreadPage> MessengerAdapter::listThread(const QString &contactSourceId, const InboxCredentials &inbox,
                                                                      const ChannelEndpoints &endpoints) const
{
    return meta::listThread(messenger::conversations(inbox, endpoints), contactSourceId);
}

OperationPtr<ChannelAdapter::ThreadList> MessengerAdapter::listThreads(const ThreadQuery &query, const InboxCredentials &inbox,
                                                                       const ChannelEndpoints &endpoints) const
{
    return meta::listThreads(messenger::conversations(inbox, endpoints), query);
}

CatchUpDepth MessengerAdapter::catchUpDepth() const
{
    return meta::conversationsDepth();
}

OperationPtr<AccountProfile> MessengerAdapter::customerProfile(const QString &contactSourceId, const InboxCredentials &inbox,
                                                               const ChannelEndpoints &endpoints) const
{
    return messenger::customerProfile(contactSourceId, inbox, endpoints);
}

QString MessengerAdapter::placeholderName(const QString &contactSourceId) const
{
    return u"Facebook user "_s + contactSourceId.right(4);
}

std::optional<HttpRequest> MessengerAdapter::react(const OutboundReaction &reaction, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return graph(inbox, endpoints).postJson(inbox.account + "/messages"_L1, meta::reactionBody(reaction));
}

std::optional<HttpRequest> MessengerAdapter::markRead(const QString &contactSourceId, const QString &, const QJsonObject &, const InboxCredentials &inbox,
                                                      const ChannelEndpoints &endpoints) const
{
    return graph(inbox, endpoints).postJson(inbox.account + "/messages"_L1, meta::senderAction(contactSourceId, u"mark_seen"_s));
}

OperationPtr<bool> MessengerAdapter::imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> MessengerAdapter::typing(const QString &contactSourceId, const QString &, const InboxCredentials &inbox,
                                                    const ChannelEndpoints &endpoints) const
{
    return graph(inbox, endpoints).postJson(inbox.account + "/messages"_L1, meta::senderAction(contactSourceId, u"typing_on"_s));
}

} // namespace antiphon
