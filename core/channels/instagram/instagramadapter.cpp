#include "core/channels/instagram/instagramadapter.h"

#include "core/channels/calls.h"
#include "core/channels/instagram/instagramaccess.h"
#include "core/channels/instagram/instagramprofile.h"
#include "core/channels/instagram/instagramsend.h"
#include "core/channels/meta/conversations.h"
#include "core/channels/meta/messagingevents.h"
#include "core/channels/meta/messagingmedia.h"
#include "core/channels/meta/messagingsend.h"
#include "core/channels/meta/metawebhook.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

meta::ConversationSource conversations(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const instagram::Access access(inbox, endpoints);
    return {.dialect = meta::kInstagram,
            .platform = u"instagram"_s,
            .owner = access.lister(),
            .account = inbox.account,
            .username = inbox.settings.value("username"_L1).toString(),
            .messageFields = u"id,created_time,from,to,message,attachments,shares,story,is_unsupported"_s,
            .graph = access.graph()};
}

} // namespace

ChannelLimits InstagramAdapter::limits(const QJsonObject &) const
{
    return instagram::limits();
}

std::optional<ReplyRule> InstagramAdapter::replyRule(const QJsonObject &settings, const QString &) const
{
    return meta::messagingRule(u"instagram"_s, settings);
}

WebhookRules InstagramAdapter::webhookRules() const
{
    return meta::webhookRules(u"/webhooks/instagram"_s);
}

/// Both applications', whichever way an account is connected. A delivery says nowhere by which way it comes, one may have events of both, and an account that is
/// moved from one way to the other is brought webhooks by either meanwhile. Nobody gains by it: both applications are the owner's, and whose account an event is
/// about its own words say, the same for both.
WebhookKeys InstagramAdapter::webhookKeys(const RawWebhook &) const
{
    return {.apps = {Channel::Instagram, Channel::Messenger}};
}

HandshakeReply InstagramAdapter::handshake(const RawWebhook &hook, const QList<AppCredentials> &apps) const
{
    return meta::handshake(hook, apps);
}

Verification InstagramAdapter::verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds) const
{
    return meta::verifySignature(hook, app.appSecret);
}

Result<QList<SplitEvent>> InstagramAdapter::split(const RawWebhook &hook, const AppCredentials &app) const
{
    return meta::splitMessaging(meta::kInstagram, hook, app);
}

Result<InboundEvent> InstagramAdapter::read(const SplitEvent &event) const
{
    return meta::readMessaging(meta::kInstagram, event);
}

QString InstagramAdapter::lane(InboxId, const QString &account, const QString &contactSourceId) const
{
    return meta::messagingLane(meta::kInstagram, account, contactSourceId);
}

Result<void> InstagramAdapter::check(const OutboundMessage &message) const
{
    return instagram::check(message);
}

QList<OutboundPart> InstagramAdapter::parts(const OutboundMessage &message) const
{
    return meta::messagingParts(message);
}

OperationPtr<SendReceipt> InstagramAdapter::send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &) const
{
    return instagram::send(part, inbox, endpoints);
}

SendVerdict InstagramAdapter::verdict(const Error &error) const
{
    return meta::messagingVerdict(error);
}

OperationPtr<HttpRequest> InstagramAdapter::fetchMedia(const QJsonObject &remote, const InboxCredentials &, const ChannelEndpoints &) const
{
    return meta::fetchByAddress(remote);
}

QStringList InstagramAdapter::mediaHosts() const
{
    return meta::mediaHosts();
}

qint64 InstagramAdapter::mediaLimit() const
{
    return meta::kMediaLimit;
}

OperationPtr<ChannelAdapter::ThreadPage> InstagramAdapter::listThread(const QString &contactSourceId, const InboxCredentials &inbox,
                                                                      const ChannelEndpoints &endpoints) const
{
    return meta::listThread(conversations(inbox, endpoints), contactSourceId);
}

OperationPtr<ChannelAdapter::ThreadList> InstagramAdapter::listThreads(const ThreadQuery &query, const InboxCredentials &inbox,
                                                                       const ChannelEndpoints &endpoints) const
{
    return meta::listThreads(conversations(inbox, endpoints), query);
}

CatchUpDepth InstagramAdapter::catchUpDepth() const
{
    return meta::conversationsDepth();
}

OperationPtr<AccountProfile> InstagramAdapter::customerProfile(const QString &contactSourceId, const InboxCredentials &inbox,
                                                               const ChannelEndpoints &endpoints) const
{
    return instagram::customerProfile(contactSourceId, inbox, endpoints);
}

QString InstagramAdapter::placeholderName(const QString &contactSourceId) const
{
    return u"Unknown (IG: %1)"_s.arg(contactSourceId);
}

std::optional<HttpRequest> InstagramAdapter::react(const OutboundReaction &reaction, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return instagram::Access(inbox, endpoints).postMessage(meta::reactionBody(reaction));
}

std::optional<HttpRequest> InstagramAdapter::markRead(const QString &contactSourceId, const QString &, const QJsonObject &, const InboxCredentials &inbox,
                                                      const ChannelEndpoints &endpoints) const
{
    return instagram::Access(inbox, endpoints).postMessage(meta::senderAction(contactSourceId, u"mark_seen"_s));
}

OperationPtr<bool> InstagramAdapter::imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> InstagramAdapter::typing(const QString &contactSourceId, const QString &, const InboxCredentials &inbox,
                                                    const ChannelEndpoints &endpoints) const
{
    return instagram::Access(inbox, endpoints).postMessage(meta::senderAction(contactSourceId, u"typing_on"_s));
}

} // namespace antiphon
