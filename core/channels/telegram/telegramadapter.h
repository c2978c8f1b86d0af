#pragma once

#include "core/channels/channeladapter.h"
#include "core/channels/missinglookup.h"

namespace antiphon {

/// Telegram's bots, and the private chats of owners whom a bot answers for (Telegram Business). A customer's address is their user id, in an owner's chats
/// "b<owner>/<user id>". @see https://core.telegram.org/bots/api
class TelegramAdapter final : public ChannelAdapter, public MissingLookup {
public:
    Channel channel() const override { return Channel::Telegram; }
    ChannelLimits limits(const QJsonObject &settings) const override;
    /// Owners' threads: 24 hours; the bot's own have no window.
    std::optional<ReplyRule> replyRule(const QJsonObject &settings, const QString &contactSourceId) const override;

    WebhookRules webhookRules() const override;
    WebhookKeys webhookKeys(const RawWebhook &hook) const override;
    /// "api_url": the owner's own Bot API server.
    QString serverSetting() const override;
    /// The secret_token that was told with the webhook stands in a header.
    Verification verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds tolerance) const override;
    Result<QList<SplitEvent>> split(const RawWebhook &hook, const AppCredentials &app) const override;
    Result<InboundEvent> read(const SplitEvent &event) const override;
    QString lane(InboxId inbox, const QString &account, const QString &contactSourceId) const override;

    Result<void> check(const OutboundMessage &message) const override;
    QList<OutboundPart> parts(const OutboundMessage &message) const override;
    OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints,
                                   const QString &idempotencyKey) const override;
    SendVerdict verdict(const Error &error) const override;
    QJsonObject attributesAfter(const Error &error) const override;
    /// Ends the waiting sign of a pressed button.
    std::optional<HttpRequest> acknowledge(const SplitEvent &event, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;

    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QStringList mediaHosts() const override;
    qint64 mediaLimit() const override;
    MediaRules mediaRules() const override;

    /// Bots have no list of messages or threads: these are nullptr.
    OperationPtr<ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<ThreadList> listThreads(const ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<FeedPage> readFeed(const FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    std::optional<FeedRhythm> feedRhythm() const override;
    CatchUpDepth catchUpDepth() const override;
    /// A picture only: names come with every message.
    OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<bool> imageCapability(const QString &contactSourceId, bool hasEverAnswered, const InboxCredentials &inbox,
                                       const ChannelEndpoints &endpoints) const override;

    /// A connection that an owner made before the bot's updates came here.
    OperationPtr<QList<SplitEvent>> lookUp(const QString &field, const QString &what, const InboxCredentials &inbox,
                                           const ChannelEndpoints &endpoints) const override;

    std::optional<HttpRequest> markRead(const QString &contactSourceId, const QString &messageSourceId, const QJsonObject &tokens,
                                        const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> typing(const QString &contactSourceId, const QString &messageSourceId, const InboxCredentials &inbox,
                                      const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
