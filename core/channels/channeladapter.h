#pragma once

#include "core/channels/catchupdepth.h"
#include "core/channels/credentials.h"
#include "core/channels/inbound.h"
#include "core/channels/operation.h"
#include "core/channels/outbound.h"
#include "core/channels/webhook.h"
#include "core/domain/channel.h"
#include "core/domain/replywindow.h"

namespace antiphon {

/// A platform's messages: a pure translator of bytes into values and values into requests. It opens no socket, reads no table, knows no clock.
class ChannelAdapter {
public:
    virtual ~ChannelAdapter() = default;

    virtual Channel channel() const = 0;
    virtual ChannelLimits limits() const = 0;
    virtual std::optional<ReplyRule> replyRule() const = 0;       ///< e.g. 48 h after the customer's last message

    /// Checks the signature over the raw bytes, in constant time. An empty app secret refuses everything.
    virtual Verification verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds tolerance) const = 0;

    /// One delivery's events in their order. BadPayload: the whole body can't be read (a dead letter). Unknown event types become kind "unknown".
    virtual Result<QList<SplitEvent>> split(const RawWebhook &hook, const AppCredentials &app) const = 0;

    /// What a stored event says. BadPayload: its shape is wrong, now and for ever.
    virtual Result<InboundEvent> read(const SplitEvent &event) const = 0;

    /// The lane of a customer's thread: the same key for what comes in and what goes out.
    virtual QString lane(InboxId inbox, const QString &account, const QString &contactSourceId) const = 0;

    /// Whether the platform would take this at all: ChannelLimit with `field` and a sentence in `detail`, before any call.
    virtual Result<void> check(const OutboundMessage &message) const = 0;
    virtual QList<OutboundPart> parts(const OutboundMessage &message) const = 0;   ///< one message, one or more calls
    virtual OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints,
                                           const QString &idempotencyKey) const = 0;
    /// What a failed send means for what to do next. Every Error that `send` ends with.
    virtual SendVerdict verdict(const Error &error) const = 0;
    /// When to try again after NotTaken or RateLimited; a Retry-After of the platform goes first.
    virtual RetrySchedule retrySchedule(const Error &error) const;

    /// Asks for the address of a file: its media url with the headers that fetching it needs.
    virtual OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const = 0;
    virtual QStringList mediaHosts() const = 0;                   ///< "tiktokcdn.com" stands for itself and its sub-domains
    virtual qint64 mediaLimit() const = 0;                        ///< bytes

    /// The newest items of one thread as events with the keys a webhook would have given, or nothing where the platform has no list.
    /// Also the names of who takes part.
    struct ThreadPage {
        QList<SplitEvent> events{};                 ///< oldest first
        std::optional<AccountProfile> customer{};
        QString older{};                            ///< listOlder() goes on with it; empty: there is nothing older to be had
        bool isWhole = true;                        ///< nothing older exists than what was listed so far, as far as the platform tells
        int foreign = 0;                            ///< listed items left out of `events`: of another thread, or neither from nor to this account
    };
    virtual OperationPtr<ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const = 0;

    /// The next older items of a thread, where `page` came with the last ones; nullptr where the platform lists only the newest.
    virtual OperationPtr<ThreadPage> listOlder(const QString &contactSourceId, const QString &page, const InboxCredentials &inbox,
                                               const ChannelEndpoints &endpoints) const;

    struct ThreadSummary {
        QString contactSourceId{};
        Timestamp updatedAt{};
    };
    struct ThreadQuery {
        Timestamp since{};            ///< threads that moved at or after it
        bool isBrief = false;         ///< the first page is enough
    };
    struct ThreadList {
        QList<ThreadSummary> threads{};       ///< newest first
        bool isComplete = true;               ///< false: the platform lists no further ones although there may be some as new
        QString remark{};                     ///< why, in English, where it is not the platform's own cap; no secrets
    };
    virtual OperationPtr<ThreadList> listThreads(const ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const = 0;

    /// What can be had of a time in which nobody was there.
    virtual CatchUpDepth catchUpDepth() const = 0;

    /// Whether images can be sent in this thread; nullptr where the platform has no such question.
    virtual OperationPtr<bool> imageCapability(const QString &contactSourceId, bool hasEverAnswered, const InboxCredentials &inbox,
                                               const ChannelEndpoints &endpoints) const = 0;

    /// "typing …" towards the customer; nothing where the platform has no such sign.
    virtual std::optional<HttpRequest> typing(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const = 0;
};

/// A platform's accounts: consent, tokens, profile, webhook registration. As pure as the other.
class AccountAdapter {
public:
    virtual ~AccountAdapter() = default;

    virtual Channel channel() const = 0;
    virtual ChannelEndpoints officialEndpoints() const = 0;

    /// The consent page to open in the browser.
    virtual QUrl authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const = 0;
    virtual QStringList mandatoryScopes() const = 0;
    virtual QStringList wantedScopes() const = 0;                 ///< all that are asked for

    virtual OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const = 0;
    /// Unauthorized is a definite answer: the consent is gone. Everything else: keep the old pair and try again.
    virtual OperationPtr<TokenGrant> refresh(const QString &refreshToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const = 0;
    virtual HttpRequest revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const = 0;
    virtual OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const = 0;

    virtual OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const = 0;
    virtual OperationPtr<WebhookRegistration> registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const = 0;
};

} // namespace antiphon
