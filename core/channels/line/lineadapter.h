#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// LINE's Messaging API, chats with one person. A customer's address is the user id. What is answered in LINE's own manager never comes here, and how far a
/// message of ours got isn't told. @see https://developers.line.biz/en/reference/messaging-api/
class LineAdapter final : public ChannelAdapter {
public:
    Channel channel() const override { return Channel::Line; }
    ChannelLimits limits(const QJsonObject &settings) const override;
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

    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QStringList mediaHosts() const override;
    qint64 mediaLimit() const override;
    MediaRules mediaRules() const override;

    /// LINE has no list of messages or threads: these are nullptr.
    OperationPtr<ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<ThreadList> listThreads(const ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    CatchUpDepth catchUpDepth() const override;
    /// NotFound of who has blocked the account or never added it.
    OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QString placeholderName(const QString &contactSourceId) const override;
    OperationPtr<bool> imageCapability(const QString &contactSourceId, bool hasEverAnswered, const InboxCredentials &inbox,
                                       const ChannelEndpoints &endpoints) const override;

    std::optional<HttpRequest> markRead(const QString &contactSourceId, const QString &messageSourceId, const QJsonObject &tokens,
                                        const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> typing(const QString &contactSourceId, const QString &messageSourceId, const InboxCredentials &inbox,
                                      const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
