#pragma once

#include "core/channels/catchupdepth.h"
#include "core/channels/credentials.h"
#include "core/channels/inbound.h"
#include "core/channels/mediarules.h"
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
    /// @param settings the inbox's, on which it may depend (SMS or WhatsApp of one account).
    virtual ChannelLimits limits(const QJsonObject &settings) const = 0;
    /// E.g. 48 h after the customer's last message; nothing where the thread has no such window. @param settings the inbox's, which may choose between several.
    /// @param contactSourceId of the thread; empty: what most threads of the inbox have.
    virtual std::optional<ReplyRule> replyRule(const QJsonObject &settings, const QString &contactSourceId) const = 0;

    /// Where it is brought, and what is answered. By default at "/webhooks/<channel>", for all inboxes alike.
    virtual WebhookRules webhookRules() const;
    /// Whose secrets may have signed it. By default the application's of this channel.
    virtual WebhookKeys webhookKeys(const RawWebhook &hook) const;
    /// The answer to a GET at the webhook's address: 404 by default. @param apps everybody whose verify token would do.
    virtual HandshakeReply handshake(const RawWebhook &hook, const QList<AppCredentials> &apps) const;
    /// The setting of an inbox that `SplitEvent::accountGroup` is a value of; empty: there is none.
    virtual QString groupSetting() const { return {}; }
    /// The setting of an inbox with the address of a server that its owner runs in the platform's place: the adapter calls that one with the inbox's secrets, and
    /// fetches files from it. Empty: there is no such thing.
    virtual QString serverSetting() const { return {}; }

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

    /// What a refusal teaches of the conversation: attributes to put into it, e.g. {"cannot_reply": "blocked"}. Empty: nothing.
    virtual QJsonObject attributesAfter(const Error &error) const;

    /// The call that a platform wants at once for an event, whatever becomes of it (a pressed button that goes on spinning); nothing: none. Sent once, its
    /// answer changes nothing.
    virtual std::optional<HttpRequest> acknowledge(const SplitEvent &event, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;

    /// Asks for the address of a file: its media url with the headers that fetching it needs.
    virtual OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const = 0;
    virtual QStringList mediaHosts() const = 0;                   ///< "tiktokcdn.com" stands for itself and its sub-domains
    virtual qint64 mediaLimit() const = 0;                        ///< bytes
    virtual MediaRules mediaRules() const { return {}; }

    /// Title and picture of a post that a message shares, by the page's address (oEmbed). nullptr: the platform has no such call, or it is no post of its own.
    virtual OperationPtr<PostCard> describePost(const QUrl &post, const ChannelEndpoints &endpoints) const;

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

    /// Where a feed was read to, and how to go on.
    struct FeedQuery {
        QString cursor{};             ///< of the last page that was stored; empty: none was
        Timestamp since{};            ///< without a cursor: from about here on
        bool waits = false;           ///< the platform may hold the answer back until something comes (long polling)
        InboxId inbox{};              ///< whose feed it is, for channels whose lanes are named by it
    };
    struct FeedPage {
        QList<SplitEvent> events{};   ///< oldest first, with the keys that a webhook would have given
        QString cursor{};             ///< to be stored with `events`, in one transaction: asking with it tells the platform that they are safe
        bool hasMore = false;         ///< ask again at once
    };
    /// Everything that came to an account, in the order it came, where the platform has such a list; else nullptr. Conflict: somebody else reads it, or a webhook
    /// stands in the way.
    virtual OperationPtr<FeedPage> readFeed(const FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;
    /// How that feed is read; nothing: the platform has none, and readFeed() is nullptr.
    virtual std::optional<FeedRhythm> feedRhythm() const { return std::nullopt; }

    /// What can be had of a time in which nobody was there.
    virtual CatchUpDepth catchUpDepth() const = 0;

    /// Who the customer is, where the platform tells by a call of its own; nullptr: by listThread(). NotFound, Forbidden: it doesn't tell, for good or for now.
    virtual OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;

    /// What a customer is called until the platform tells their name, and for good where it doesn't; empty: as the address.
    virtual QString placeholderName(const QString &contactSourceId) const;

    /// The templates of an account, every page of them: {id, name, language, status, category, parameter_format, components, rejected_reason}; nullptr: none.
    virtual OperationPtr<QJsonArray> listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;

    /// An agent's reaction; nothing where the platform takes none from us.
    virtual std::optional<HttpRequest> react(const OutboundReaction &reaction, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;
    /// Tells the customer that their messages up to this one were read; nothing where the platform has no such sign.
    /// @param tokens InboundMessage::tokens of that message
    virtual std::optional<HttpRequest> markRead(const QString &contactSourceId, const QString &messageSourceId, const QJsonObject &tokens,
                                                const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;

    /// Whether that is done where the inbox's `read_marks` doesn't say: where customers are used to see it.
    virtual bool marksReadByDefault() const { return false; }

    /// Whether images can be sent in this thread; nullptr where the platform has no such question.
    virtual OperationPtr<bool> imageCapability(const QString &contactSourceId, bool hasEverAnswered, const InboxCredentials &inbox,
                                               const ChannelEndpoints &endpoints) const = 0;

    /// "typing …" towards the customer; nothing where the platform has no such sign. @param messageSourceId the customer's newest message
    virtual std::optional<HttpRequest> typing(const QString &contactSourceId, const QString &messageSourceId, const InboxCredentials &inbox,
                                              const ChannelEndpoints &endpoints) const = 0;
};

/// A platform's accounts: consent, tokens, profile, webhook registration. As pure as the other.
class AccountAdapter {
public:
    virtual ~AccountAdapter() = default;

    virtual Channel channel() const = 0;
    virtual ChannelEndpoints officialEndpoints() const = 0;

    /// What is typed to connect an account, or nothing of it where only the consent page does.
    virtual AccountFields fields() const = 0;
    /// The same of an account with these settings, where a channel's accounts are reached in several ways.
    virtual AccountFields fieldsOf(const QJsonObject &settings) const;
    /// Whose application stands behind an account with these settings: its id, its secret and its verify token count. By default the channel's own.
    virtual Channel application(const QJsonObject &settings) const;
    /// A typed setting as the inbox keeps it, say a number in E.164. Invalid with `field` for what can't be right, before anybody is asked. By default as it is.
    /// @param settings all that was typed
    virtual Result<QString> readSetting(const QString &key, const QString &text, const QJsonObject &settings) const;
    /// The same of a secret, of which only the shape can be looked at.
    virtual Result<void> checkSecret(const QString &key, const QString &text) const;
    /// The external id that the typed settings amount to: by default the one setting.
    virtual QString externalId(const InboxCredentials &typed) const { return typed.account; }
    /// Whether two inboxes would be the same account at the platform.
    virtual bool isSameAccount(const InboxCredentials &one, const InboxCredentials &other) const { return one.account == other.account; }

    /// Whether accounts are connected by a consent page, which comes back to consentReturnPath().
    virtual bool hasConsentPage() const { return false; }
    /// That page, to be opened in the browser; empty where the platform has none for us.
    virtual QUrl authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const = 0;
    virtual QStringList mandatoryScopes() const = 0;
    virtual QStringList wantedScopes() const = 0;                 ///< all that are asked for

    virtual OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const = 0;
    /// Unauthorized is a definite answer: the consent is gone. Everything else: keep the old pair and try again.
    /// nullptr: tokens of this platform don't end by time.
    virtual OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const AppCredentials &app, const ChannelEndpoints &endpoints) const = 0;
    virtual TokenRhythm tokenRhythm() const { return {}; }
    virtual std::optional<HttpRequest> revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const = 0;
    /// Whether the credentials do, and whose they are. Invalid with `field`, the name of the setting or secret that is wrong, where that can be told.
    virtual OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const = 0;

    /// Whether the application's webhook is registered by a call; else it is entered by hand in the platform's portal, or belongs to the account.
    virtual bool hasAppWebhook() const { return false; }
    /// One registration for the whole application; nullptr without hasAppWebhook().
    virtual OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const = 0;
    virtual OperationPtr<WebhookRegistration> registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const = 0;

    /// Whether accounts are subscribed one by one; else the application's registration is all there is.
    virtual bool hasSubscriptions() const { return false; }
    /// An account's own subscription; nullptr without hasSubscriptions().
    virtual OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;
    /// @param callback where the platform lets an account have an address of its own; may be empty: then only the events are asked for.
    virtual OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;
    virtual std::optional<HttpRequest> unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;
    /// Takes an address of ours out of an account's settings again; where the platform has another one by now, nothing is touched. Its value: whether it was
    /// taken out. nullptr: unsubscribe() does that, or no call can.
    virtual OperationPtr<bool> withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;
    /// What the subscription belongs to where several inboxes, of other channels too, may live on one: "page:300…". Empty: the account has one of its own.
    virtual QString subscriptionKey(const InboxCredentials &inbox) const;

    /// What the owner's phone can bring along, in the order it is asked for; each may be asked for once in the life of a connection. Empty: nothing.
    virtual QStringList phoneSyncs(const InboxCredentials &inbox) const;
    /// Asks for one of them; its value is the platform's id of the request.
    virtual OperationPtr<QString> requestPhoneSync(const QString &sync, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const;
};

} // namespace antiphon
