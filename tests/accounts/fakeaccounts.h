#pragma once

#include "core/channels/calls.h"
#include "core/channels/channeladapter.h"
#include "tests/accounts/accountsworld.h"
#include "tests/support/fakechannel.h"
#include "tests/support/wordsof.h"

#include <QJsonArray>
#include <QTimer>

namespace antiphon::test {

/// What a platform would say about accounts, and what it was asked.
struct FakePlatform {
    std::optional<Error> refusal{};                    ///< of profile()
    AccountProfile profile{.displayName = QStringLiteral("Shop")};
    WebhookRegistration registration{};
    std::optional<Error> inspectRefusal{};
    std::optional<Error> subscribeRefusal{};
    Result<TokenGrant> grant = Error{Error::Kind::Unavailable, QStringLiteral("not now")};   ///< of refresh()
    bool hasRefresh = false;
    bool hasConsent = false;
    TokenRhythm rhythm{};
    QList<InboxCredentials> asked{};                   ///< by profile()
    QStringList exchanged{};                           ///< codes
    QList<QUrl> subscribed{};                          ///< addresses
    QList<InboxCredentials> subscribedWith{};
    QList<QUrl> withdrawn{};                           ///< addresses
    Result<bool> withdrawal = true;                    ///< what withdraw() ends with
    bool isLookedAtByCall = false;                     ///< inspectSubscription() needs a request; it tells what stood there when that was sent
    int refreshes = 0;
    int inspections = 0;                               ///< of a subscription; what follows from one is told at once
};

/// Accounts of a platform like Meta's, without a network.
class FakeAccounts final : public AccountAdapter {
public:
    FakeAccounts(Channel channel, std::shared_ptr<FakePlatform> platform)
        : m_channel(channel)
        , m_platform(std::move(platform)) {}

    Channel channel() const override { return m_channel; }
    ChannelEndpoints officialEndpoints() const override { return {.api = QUrl(QStringLiteral("https://graph.example"))}; }
    /// What is typed is the fake's, what follows from it the platform's.
    AccountFields fields() const override
    {
        const AccountFields real = accountWordsOf(m_channel).fields();
        AccountFields mine = typedFields();
        mine.uniqueSettings = real.uniqueSettings;
        mine.told = real.told;
        mine.goesByHandle = real.goesByHandle;
        if (real.isAccountTold)
            mine.account = real.account;
        mine.isAccountTold = real.isAccountTold;
        return mine;
    }
    AccountFields typedFields() const
    {
        if (m_channel == Channel::Whatsapp) {
            return {.account = QStringLiteral("phone_number_id"),
                    .settings = {QStringLiteral("phone_number"), QStringLiteral("business_account_id")},
                    .secrets = {QStringLiteral("access_token")},
                    .optionalSecrets = {QStringLiteral("app_secret"), QStringLiteral("verify_token")},
                    .token = QStringLiteral("access_token")};
        }
        if (m_channel == Channel::Telegram)
            return {.secrets = {QStringLiteral("bot_token")}, .makesSigning = true, .token = QStringLiteral("bot_token")};
        if (m_channel == Channel::Line) {
            return {.account = QStringLiteral("channel_id"),
                    .secrets = {QStringLiteral("channel_secret"), QStringLiteral("channel_token")},
                    .signing = QStringLiteral("channel_secret"),
                    .token = QStringLiteral("channel_token")};
        }
        if (m_channel == Channel::Twilio) {
            return {.accountOneOf = {QStringLiteral("phone_number"), QStringLiteral("messaging_service_sid")},
                    .settings = {QStringLiteral("account_sid"), QStringLiteral("medium")},
                    .secrets = {QStringLiteral("auth_token")},
                    .optionalSecrets = {QStringLiteral("api_key_sid"), QStringLiteral("api_key_secret")},
                    .signing = QStringLiteral("auth_token"),
                    .token = QStringLiteral("auth_token")};
        }
        if (m_channel == Channel::Messenger)
            return {.account = QStringLiteral("page_id"), .secrets = {QStringLiteral("page_access_token")}, .token = QStringLiteral("page_access_token")};
        return {.secrets = {QStringLiteral("access_token")}, .token = QStringLiteral("access_token")};
    }
    Result<QString> readSetting(const QString &key, const QString &text, const QJsonObject &settings) const override
    {
        return accountWordsOf(m_channel).readSetting(key, text, settings);
    }
    Result<void> checkSecret(const QString &key, const QString &text) const override { return accountWordsOf(m_channel).checkSecret(key, text); }
    QString externalId(const InboxCredentials &typed) const override { return accountWordsOf(m_channel).externalId(typed); }
    bool isSameAccount(const InboxCredentials &one, const InboxCredentials &other) const override { return accountWordsOf(m_channel).isSameAccount(one, other); }
    bool hasConsentPage() const override { return m_platform->hasConsent; }
    bool hasSubscriptions() const override { return true; }
    QUrl authorizeUrl(const AppCredentials &, const QUrl &redirect, const QString &state, bool, const ChannelEndpoints &) const override
    {
        return m_platform->hasConsent ? QUrl(QStringLiteral("https://consent.example/?redirect_uri=%1&state=%2").arg(redirect.toString(), state)) : QUrl();
    }
    QStringList mandatoryScopes() const override { return {QStringLiteral("messages")}; }
    QStringList wantedScopes() const override { return mandatoryScopes(); }
    OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &, const QUrl &, const ChannelEndpoints &) const override
    {
        m_platform->exchanged.append(code);
        return knownAnswer(m_platform->grant);
    }
    OperationPtr<TokenGrant> refresh(const InboxCredentials &, const AppCredentials &, const ChannelEndpoints &) const override
    {
        if (!m_platform->hasRefresh)
            return nullptr;
        ++m_platform->refreshes;
        return knownAnswer(m_platform->grant);
    }
    TokenRhythm tokenRhythm() const override { return m_platform->rhythm; }
    std::optional<HttpRequest> revoke(const QString &, const AppCredentials &, const ChannelEndpoints &) const override { return std::nullopt; }
    OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &) const override
    {
        m_platform->asked.append(inbox);
        return knownAnswer(m_platform->refusal ? Result<AccountProfile>(*m_platform->refusal) : Result<AccountProfile>(m_platform->profile));
    }
    OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    OperationPtr<WebhookRegistration> registerWebhook(const QUrl &, const AppCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &, const ChannelEndpoints &endpoints) const override
    {
        if (m_platform->isLookedAtByCall)
            return singleCall<WebhookRegistration>({.method = "GET", .url = endpoints.api},
                                                   [found = m_platform->registration](const HttpReply &) { return Result<WebhookRegistration>(found); });
        ++m_platform->inspections;
        return knownAnswer(m_platform->inspectRefusal ? Result<WebhookRegistration>(*m_platform->inspectRefusal)
                                                      : Result<WebhookRegistration>(m_platform->registration));
    }
    OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &) const override
    {
        m_platform->subscribed.append(callback);
        m_platform->subscribedWith.append(inbox);
        if (m_platform->subscribeRefusal)
            return knownAnswer<WebhookRegistration>(*m_platform->subscribeRefusal);
        m_platform->registration = {.callback = hasOwnAddress(wordsOf(m_channel).webhookRules()) ? callback : QUrl(), .isSubscribed = true};
        return knownAnswer<WebhookRegistration>(m_platform->registration);
    }
    /// Where unsubscribe() is not all there is to it.
    OperationPtr<bool> withdraw(const QUrl &callback, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        if (m_channel != Channel::Twilio && m_channel != Channel::Whatsapp)
            return nullptr;
        m_platform->withdrawn.append(callback);
        return knownAnswer<bool>(m_platform->withdrawal);
    }
    std::optional<HttpRequest> unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override
    {
        if (m_channel == Channel::Twilio || m_channel == Channel::Line)
            return std::nullopt;
        HttpRequest request{.method = "DELETE", .url = endpoints.api};
        request.url.setPath(u'/' + inbox.account);
        return request;
    }

private:
    const Channel m_channel;
    const std::shared_ptr<FakePlatform> m_platform;
};

/// Notes what is asked and answers with nothing in it.
class EmptyHttp final : public HttpClient {
public:
    void send(const HttpRequest &request, Done done) override
    {
        requests.append(request);
        if (isHolding) {
            m_held.append(std::move(done));
            return;
        }
        QTimer::singleShot(0, [done = std::move(done), answer = status] { done({.status = answer, .requestWritten = true}); });
    }
    qsizetype held() const { return m_held.size(); }
    /// Answers what was held, at once.
    void release()
    {
        isHolding = false;
        const auto all = std::exchange(m_held, {});
        for (const Done &done : all)
            done({.status = status, .requestWritten = true});
    }
    int status = 404;
    bool isHolding = false;
    QList<HttpRequest> requests{};

private:
    QList<Done> m_held{};
};

/// A workspace that also speaks a platform like Meta's.
class FakeMetaWorld {
public:
    explicit FakeMetaWorld(Channel channel = Channel::Whatsapp, AccountsWorld::Options options = {})
        : m_channel(channel)
        , world(withNetwork(options))
    {
        auto adapter = std::make_unique<FakeChannel>(channel);
        adapter->hasFeed = channel == Channel::Telegram || channel == Channel::Twilio;
        world.channels.add(std::move(adapter), std::make_unique<FakeAccounts>(channel, platform));
    }

    static AccountsService::InboxInput number(const QString &phone = QStringLiteral("+1 (555) 010-0001"), const QString &id = QStringLiteral("200"))
    {
        return {.settings = QJsonObject{{QStringLiteral("phone_number"), phone},
                                        {QStringLiteral("phone_number_id"), id},
                                        {QStringLiteral("business_account_id"), QStringLiteral("100")}},
                .secrets = QJsonObject{{QStringLiteral("access_token"), QStringLiteral("EAAG-planted-token-1")},
                                       {QStringLiteral("app_secret"), QStringLiteral("planted-app-secret-1")}}};
    }
    Result<Inbox> create(const AccountsService::InboxInput &input = number())
    {
        return AccountsWorld::ask<Inbox>([&](auto done) { world.accounts->createInbox(m_channel, input, done); });
    }
    Result<QJsonObject> enterApp(const QJsonObject &secrets)
    {
        return AccountsWorld::ask<QJsonObject>([&](auto done) { world.accounts->setApp(m_channel, {{QStringLiteral("app_id"), QStringLiteral("9")}}, secrets, done); });
    }
    Result<QUrl> consentPage(InboxId id = {})
    {
        return AccountsWorld::ask<QUrl>([&](auto done) { world.accounts->authorize(m_channel, id, done); });
    }
    /// Back from the consent page with `more`, e.g. a code.
    Result<Inbox> consent(InboxId id = {}, const QString &more = QStringLiteral("code=c"))
    {
        const auto page = consentPage(id);
        if (!page)
            return page.error();
        const QString state = page->query().section(QStringLiteral("state="), 1);
        return world.finish(QUrl(QStringLiteral("https://desk.example/%1/callback?%2&state=%3").arg(channelName(m_channel), more, state)));
    }
    QString word(InboxId id)
    {
        const auto word = AccountsWorld::ask<QString>([&](auto done) { world.accounts->verifyToken(m_channel, id, done); });
        return word ? *word : QString();
    }
    /// How often the platform was told to send nothing more.
    int unsubscribed() const
    {
        return int(std::count_if(network.requests.cbegin(), network.requests.cend(), [](const HttpRequest &request) { return request.method == "DELETE"; }));
    }
    QString notice() { return world.store.text(QStringLiteral("SELECT json_extract(settings, '$.notice.kind') FROM inbox")).value_or(QString()); }

private:
    AccountsWorld::Options withNetwork(AccountsWorld::Options options)
    {
        options.network = &network;
        return options;
    }
    const Channel m_channel;

public:
    EmptyHttp network{};
    std::shared_ptr<FakePlatform> platform = std::make_shared<FakePlatform>();
    AccountsWorld world;
};

} // namespace antiphon::test
