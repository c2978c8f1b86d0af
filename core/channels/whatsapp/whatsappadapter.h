#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// WhatsApp's Cloud API, with what a phone in coexistence brings along. A customer's address is the number's digits, or the business-scoped user id of
/// somebody who shows no number. @see https://developers.facebook.com/documentation/business-messaging/whatsapp
class WhatsappAdapter final : public ChannelAdapter {
public:
    Channel channel() const override { return Channel::Whatsapp; }
    ChannelLimits limits(const QJsonObject &settings) const override;
    std::optional<ReplyRule> replyRule(const QJsonObject &settings, const QString &contactSourceId) const override;

    WebhookRules webhookRules() const override;
    WebhookKeys webhookKeys(const RawWebhook &hook) const override;
    HandshakeReply handshake(const RawWebhook &hook, const QList<AppCredentials> &apps) const override;
    QString groupSetting() const override;
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

    /// WhatsApp has no list of messages or threads: these are nullptr.
    OperationPtr<ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<ThreadList> listThreads(const ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    CatchUpDepth catchUpDepth() const override;
    /// Of whom neither name nor number is known.
    QString placeholderName(const QString &contactSourceId) const override;
    OperationPtr<QJsonArray> listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<bool> imageCapability(const QString &contactSourceId, bool hasEverAnswered, const InboxCredentials &inbox,
                                       const ChannelEndpoints &endpoints) const override;

    std::optional<HttpRequest> react(const OutboundReaction &reaction, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> markRead(const QString &contactSourceId, const QString &messageSourceId, const QJsonObject &tokens,
                                        const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    bool marksReadByDefault() const override { return true; }
    std::optional<HttpRequest> typing(const QString &contactSourceId, const QString &messageSourceId, const InboxCredentials &inbox,
                                      const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
