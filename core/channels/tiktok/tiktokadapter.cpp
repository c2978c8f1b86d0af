#include "core/channels/tiktok/tiktokadapter.h"

#include "core/channels/tiktok/tiktokcontent.h"
#include "core/channels/tiktok/tiktokerrors.h"
#include "core/channels/tiktok/tiktokevents.h"
#include "core/channels/tiktok/tiktoklists.h"
#include "core/channels/tiktok/tiktokmedia.h"
#include "core/channels/tiktok/tiktokposts.h"
#include "core/channels/tiktok/tiktoksend.h"
#include "core/channels/tiktok/tiktoksignature.h"

namespace antiphon {

using namespace Qt::StringLiterals;

ChannelLimits TiktokAdapter::limits(const QJsonObject &) const
{
    return tiktok::limits();
}

std::optional<ReplyRule> TiktokAdapter::replyRule(const QJsonObject &, const QString &) const
{
    return ReplyRule{.name = u"tiktok_48h"_s, .length = std::chrono::hours(48)};
}

WebhookRules TiktokAdapter::webhookRules() const
{
    return {.path = u"/webhooks/tiktok"_s, .signatureHeaders = {"tiktok-signature"}};
}

Verification TiktokAdapter::verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds tolerance) const
{
    return tiktok::verifySignature(hook, app.appSecret, tolerance);
}

Result<QList<SplitEvent>> TiktokAdapter::split(const RawWebhook &hook, const AppCredentials &app) const
{
    return tiktok::splitWebhook(hook, app);
}

Result<InboundEvent> TiktokAdapter::read(const SplitEvent &event) const
{
    return tiktok::readEvent(event);
}

QString TiktokAdapter::lane(InboxId, const QString &account, const QString &contactSourceId) const
{
    return tiktok::lane(account, contactSourceId);
}

Result<void> TiktokAdapter::check(const OutboundMessage &message) const
{
    return tiktok::check(message);
}

QList<OutboundPart> TiktokAdapter::parts(const OutboundMessage &message) const
{
    return {OutboundPart{.index = 0, .message = message}};
}

OperationPtr<SendReceipt> TiktokAdapter::send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &) const
{
    return tiktok::send(part, inbox, endpoints);
}

SendVerdict TiktokAdapter::verdict(const Error &error) const
{
    return tiktok::verdict(error);
}

RetrySchedule TiktokAdapter::retrySchedule(const Error &error) const
{
    using std::chrono::seconds;
    if (error.kind == Error::Kind::RateLimited)         // longer limits last five minutes or until midnight UTC
        return {.pauses = {seconds(1), seconds(2), seconds(4), seconds(300)}, .jitters = false};
    if (error.kind == Error::Kind::Unavailable)         // 51065: trouble on their side, not taken
        return {.pauses = {seconds(2), seconds(5), seconds(15)}, .goesOn = false};
    return ChannelAdapter::retrySchedule(error);
}

OperationPtr<HttpRequest> TiktokAdapter::fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return tiktok::fetchMedia(remote, inbox, endpoints);
}

QStringList TiktokAdapter::mediaHosts() const
{
    return tiktok::mediaHosts();
}

OperationPtr<PostCard> TiktokAdapter::describePost(const QUrl &post, const ChannelEndpoints &endpoints) const
{
    return tiktok::describePost(post, endpoints.web);
}

qint64 TiktokAdapter::mediaLimit() const
{
    return tiktok::kMediaLimit;
}

OperationPtr<ChannelAdapter::ThreadPage> TiktokAdapter::listThread(const QString &contactSourceId, const InboxCredentials &inbox,
                                                                   const ChannelEndpoints &endpoints) const
{
    return tiktok::listThread(contactSourceId, inbox, endpoints);
}

OperationPtr<ChannelAdapter::ThreadList> TiktokAdapter::listThreads(const ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return tiktok::listThreads(query, inbox, endpoints);
}

CatchUpDepth TiktokAdapter::catchUpDepth() const
{
    return tiktok::catchUpDepth();
}

OperationPtr<bool> TiktokAdapter::imageCapability(const QString &contactSourceId, bool hasEverAnswered, const InboxCredentials &inbox,
                                                  const ChannelEndpoints &endpoints) const
{
    return tiktok::imageCapability(contactSourceId, hasEverAnswered, inbox, endpoints);
}

std::optional<HttpRequest> TiktokAdapter::typing(const QString &contactSourceId, const QString &, const InboxCredentials &inbox,
                                                 const ChannelEndpoints &endpoints) const
{
    return tiktok::typing(contactSourceId, inbox, endpoints);
}

} // namespace antiphon
