#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// Twilio's text messages, and WhatsApp over Twilio. A customer's address is what Twilio calls `From`: "+1500…", "whatsapp:+34…", a short code or a name.
/// @see https://www.twilio.com/docs/messaging
class TwilioAdapter final : public ChannelAdapter {
public:
    Channel channel() const override { return Channel::Twilio; }
    ChannelLimits limits(const QJsonObject &settings) const override;
    /// Of WhatsApp, 24 hours; text messages have none.
    std::optional<ReplyRule> replyRule(const QJsonObject &settings, const QString &contactSourceId) const override;

    WebhookRules webhookRules() const override;
    WebhookKeys webhookKeys(const RawWebhook &hook) const override;
    Verification verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds tolerance) const override;
    Result<QList<SplitEvent>> split(const RawWebhook &hook, const AppCredentials &app) const override;
    Result<InboundEvent> read(const SplitEvent &event) const override;
    QString lane(InboxId inbox, const QString &account, const QString &contactSourceId) const override;

    Result<void> check(const OutboundMessage &message) const override;
    QList<OutboundPart> parts(const OutboundMessage &message) const override;
    OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints,
                                   const QString &idempotencyKey) const override;
    SendVerdict verdict(const Error &error) const override;
    RetrySchedule retrySchedule(const Error &error) const override;
    QJsonObject attributesAfter(const Error &error) const override;

    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QStringList mediaHosts() const override;
    qint64 mediaLimit() const override;
    MediaRules mediaRules() const override;

    /// Our own messages to them, the newest.
    OperationPtr<ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    /// nullptr: the feed tells all.
    OperationPtr<ThreadList> listThreads(const ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<FeedPage> readFeed(const FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    std::optional<FeedRhythm> feedRhythm() const override;
    CatchUpDepth catchUpDepth() const override;

    /// Always NotFound: names come with messages only.
    OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QString placeholderName(const QString &contactSourceId) const override;
    OperationPtr<QJsonArray> listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<bool> imageCapability(const QString &contactSourceId, bool hasEverAnswered, const InboxCredentials &inbox,
                                       const ChannelEndpoints &endpoints) const override;
    /// Of WhatsApp; Twilio also marks that message as read by it.
    std::optional<HttpRequest> typing(const QString &contactSourceId, const QString &messageSourceId, const InboxCredentials &inbox,
                                      const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
