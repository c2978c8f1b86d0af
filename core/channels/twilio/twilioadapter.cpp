#include "core/channels/twilio/twilioadapter.h"

#include "core/channels/calls.h"
#include "core/channels/twilio/twilioaddress.h"
#include "core/channels/twilio/twilioerrors.h"
#include "core/channels/twilio/twilioevents.h"
#include "core/channels/twilio/twiliolists.h"
#include "core/channels/twilio/twiliomedia.h"
#include "core/channels/twilio/twiliosend.h"
#include "core/channels/twilio/twiliosignature.h"
#include "core/channels/twilio/twiliotemplates.h"
#include "core/channels/twilio/twiliothread.h"
#include "core/domain/phonenumber.h"

namespace antiphon {

using namespace Qt::StringLiterals;

ChannelLimits TwilioAdapter::limits(const QJsonObject &settings) const
{
    return twilio::limits(settings);
}

std::optional<ReplyRule> TwilioAdapter::replyRule(const QJsonObject &settings, const QString &) const
{
    if (!twilio::isWhatsappInbox(settings))
        return std::nullopt;
    return ReplyRule{.name = u"whatsapp_24h"_s, .length = std::chrono::hours(24)};
}

WebhookRules TwilioAdapter::webhookRules() const
{
    // TwiML that says nothing. Tried again a few times within seconds at most. @see https://www.twilio.com/docs/messaging/twiml
    return {.path = u"/twilio/callback?inbox={inbox_id}"_s,
            .furtherPaths = {u"/twilio/delivery_status"_s},
            .signatureHeaders = {"x-twilio-signature"},
            .signsAddress = true,
            .answer = "<Response/>",
            .answerType = "text/xml",
            .isRedelivered = false};
}

WebhookKeys TwilioAdapter::webhookKeys(const RawWebhook &hook) const
{
    return twilio::webhookKeys(hook);
}

Verification TwilioAdapter::verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds) const
{
    return twilio::verifySignature(hook, app);
}

Result<QList<SplitEvent>> TwilioAdapter::split(const RawWebhook &hook, const AppCredentials &) const
{
    return twilio::splitWebhook(hook);
}

Result<InboundEvent> TwilioAdapter::read(const SplitEvent &event) const
{
    return twilio::readEvent(event);
}

QString TwilioAdapter::lane(InboxId, const QString &, const QString &contactSourceId) const
{
    return twilio::lane(contactSourceId);
}

Result<void> TwilioAdapter::check(const OutboundMessage &message) const
{
    return twilio::check(message);
}

QList<OutboundPart> TwilioAdapter::parts(const OutboundMessage &message) const
{
    return twilio::parts(message);
}

OperationPtr<SendReceipt> TwilioAdapter::send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &) const
{
    return twilio::send(part, inbox, endpoints);
}

SendVerdict TwilioAdapter::verdict(const Error &error) const
{
    return twilio::verdict(error);
}

RetrySchedule TwilioAdapter::retrySchedule(const Error &error) const
{
    const auto own = twilio::retrySchedule(error);
    return own ? *own : ChannelAdapter::retrySchedule(error);
}

QJsonObject TwilioAdapter::attributesAfter(const Error &error) const
{
    return twilio::attributesAfter(error);
}

OperationPtr<HttpRequest> TwilioAdapter::fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return twilio::fetchMedia(remote, inbox, endpoints);
}

QStringList TwilioAdapter::mediaHosts() const
{
    return twilio::mediaHosts();
}

qint64 TwilioAdapter::mediaLimit() const
{
    return twilio::kMediaLimit;
}

OperationPtr<ChannelAdapter::ThreadPage> TwilioAdapter::listThread(const QString &contactSourceId, const InboxCredentials &inbox,
                                                                   const ChannelEndpoints &endpoints) const
{
    return twilio::listThread(contactSourceId, inbox, endpoints);
}

OperationPtr<ChannelAdapter::ThreadList> TwilioAdapter::listThreads(const ThreadQuery &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<ChannelAdapter::FeedPage> TwilioAdapter::readFeed(const FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return twilio::readFeed(query, inbox, endpoints);
}

MediaRules TwilioAdapter::mediaRules() const
{
    using std::chrono::seconds;
    return {.fileName = MediaRules::FileName::FromReply,
            .notFoundPauses = {seconds(1), seconds(3), seconds(10), seconds(30)},
            .hasFreshAddresses = false};
}

std::optional<FeedRhythm> TwilioAdapter::feedRhythm() const
{
    return FeedRhythm{.every = std::chrono::seconds(60)};
}

CatchUpDepth TwilioAdapter::catchUpDepth() const
{
    return {.kind = CatchUpDepth::Kind::Complete, .needsPublicAddress = false};
}

OperationPtr<AccountProfile> TwilioAdapter::customerProfile(const QString &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return knownAnswer<AccountProfile>(Error{Error::Kind::NotFound, u"Twilio tells no more than a message brought"_s});
}

QString TwilioAdapter::placeholderName(const QString &contactSourceId) const
{
    const QString number = twilio::bare(contactSourceId);
    return twilio::isE164(number) ? phoneForPeople(number) : number;
}

OperationPtr<QJsonArray> TwilioAdapter::listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return twilio::listTemplates(inbox, endpoints);
}

OperationPtr<bool> TwilioAdapter::imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> TwilioAdapter::typing(const QString &, const QString &messageSourceId, const InboxCredentials &inbox,
                                                 const ChannelEndpoints &endpoints) const
{
    return twilio::typing(messageSourceId, inbox, endpoints);
}

} // namespace antiphon
