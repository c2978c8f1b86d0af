#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// Instagram's direct messages to professional accounts, by Instagram Login or by way of the Facebook Page that an account is linked to. Both bring the same
/// webhooks to one address; those of the second are signed by Facebook's application, which is Messenger's. @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api
class InstagramAdapter final : public ChannelAdapter {
public:
    Channel channel() const override { return Channel::Instagram; }
    ChannelLimits limits(const QJsonObject &settings) const override;
    std::optional<ReplyRule> replyRule(const QJsonObject &settings, const QString &contactSourceId) const override;

    WebhookRules webhookRules() const override;
    WebhookKeys webhookKeys(const RawWebhook &hook) const override;
    HandshakeReply handshake(const RawWebhook &hook, const QList<AppCredentials> &apps) const override;
    Verification verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds tolerance) const override;
    Result<QList<SplitEvent>> split(const RawWebhook &hook, const AppCredentials &app) const override;
    Result<InboundEvent> read(const SplitEvent &event) const override;
    QString lane(InboxId inbox, const QString &account, const QString &contactSourceId) const override;

    Result<void> check(const OutboundMessage &message) const override;
    QList<OutboundPart> parts(const OutboundMessage &message) const override;
    OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints,
                                   const QString &idempotencyKey) const override;
    SendVerdict verdict(const Error &error) const override;

    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QStringList mediaHosts() const override;
    qint64 mediaLimit() const override;

    OperationPtr<ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<ThreadList> listThreads(const ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    CatchUpDepth catchUpDepth() const override;
    OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QString placeholderName(const QString &contactSourceId) const override;

    std::optional<HttpRequest> react(const OutboundReaction &reaction, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> markRead(const QString &contactSourceId, const QString &messageSourceId, const QJsonObject &tokens,
                                        const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<bool> imageCapability(const QString &contactSourceId, bool hasEverAnswered, const InboxCredentials &inbox,
                                       const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> typing(const QString &contactSourceId, const QString &messageSourceId, const InboxCredentials &inbox,
                                      const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
