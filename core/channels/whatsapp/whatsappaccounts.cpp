#include "core/channels/whatsapp/whatsappaccounts.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/meta/graph.h"
#include "core/channels/typedvalue.h"
#include "core/channels/whatsapp/whatsapperrors.h"
#include "core/channels/whatsapp/whatsappsubscription.h"
#include "core/domain/phonenumber.h"

namespace antiphon {

using namespace Qt::StringLiterals;
using meta::Repeatable;

namespace {

/// An answer's error with the value that a person must look at.
Error blame(Error error, const QString &wrongId)
{
    const bool isUnknownObject = error.code == "100"_L1 || error.code.startsWith("100."_L1) || error.kind == Error::Kind::NotFound;
    if (error.detail.contains("appsecret_proof"_L1)) {
        error.kind = Error::Kind::Invalid;
        error.field = u"app_secret"_s;
    } else if (error.kind == Error::Kind::Unauthorized || error.kind == Error::Kind::Forbidden) {
        error.field = u"access_token"_s;
    } else if (isUnknownObject || error.kind == Error::Kind::Invalid) {
        error.kind = Error::Kind::Invalid;
        error.field = wrongId;
    }
    return error;
}

class Probe final : public Operation<AccountProfile> {
public:
    Probe(InboxCredentials inbox, ChannelEndpoints endpoints) : m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        QueryItems query{{u"fields"_s,
                          u"display_phone_number,verified_name,quality_rating,code_verification_status,platform_type,is_on_biz_app,throughput,"
                          "webhook_configuration"_s}};
        if (!m_inbox.appSecret.isEmpty())
            query.append({u"appsecret_proof"_s, meta::appSecretProof(m_inbox.accessToken, m_inbox.appSecret)});
        return ask(meta::graphUrl(m_endpoints, m_inbox.account, query));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = whatsapp::readAnswer(reply, Repeatable::Yes);
        switch (m_stage) {
        case Stage::Number: return answer ? number(*answer) : failed(blame(answer.error(), u"phone_number_id"_s));
        case Stage::Templates:
            if (!answer)
                return failed(blame(answer.error(), u"business_account_id"_s));
            m_stage = Stage::Subscription;
            return ask(whatsapp::accountUrl(m_inbox, m_endpoints, u"subscribed_apps"_s));
        case Stage::Subscription: break;
        }
        if (answer) {
            const whatsapp::SubscribedApps apps = whatsapp::subscribedApps(*answer, m_inbox.appId);
            m_profile.settings.insert("subscribed"_L1, apps.isSubscribed);
            if (!apps.overriding.isEmpty())
                m_profile.settings.insert("override_callback_uri"_L1, apps.overriding.toString(QUrl::FullyEncoded));
        }
        return Step(std::in_place_index<1>, m_profile);          // whether it is subscribed says nothing on the credentials
    }

private:
    enum class Stage { Number, Templates, Subscription };

    Step ask(const QUrl &url) const { return Step(std::in_place_index<0>, meta::graphGet(url, m_inbox.accessToken)); }
    static Step failed(const Error &error) { return Step(std::in_place_index<2>, error); }

    Step number(const QJsonObject &answer)
    {
        const QString digits = phoneDigits(json::string(answer, "display_phone_number"_L1));
        const QString typed = phoneDigits(json::string(m_inbox.settings, "phone_number"_L1));
        if (!digits.isEmpty() && !typed.isEmpty() && phoneCanonical(digits) != phoneCanonical(typed))
            return failed({Error::Kind::Invalid, u"the id is that of another number, +%1"_s.arg(digits), u"phone_number"_s});
        const bool isCoexistence = answer.value("is_on_biz_app"_L1).toBool() && json::string(answer, "platform_type"_L1) == "CLOUD_API"_L1;
        m_profile.username = digits.isEmpty() ? QString() : phoneForPeople(u'+' + digits);
        m_profile.displayName = json::string(answer, "verified_name"_L1);
        m_profile.settings = {{"coexistence"_L1, isCoexistence}};
        for (const QLatin1StringView key : {"verified_name"_L1, "quality_rating"_L1, QLatin1StringView("code_verification_status")}) {
            const QString value = json::string(answer, key);
            if (!value.isEmpty())
                m_profile.settings.insert(key, value);
        }
        if (json::string(m_inbox.settings, "business_account_id"_L1).isEmpty())
            return failed({Error::Kind::Invalid, u"no business account"_s, u"business_account_id"_s});
        m_stage = Stage::Templates;
        return ask(whatsapp::accountUrl(m_inbox, m_endpoints, u"message_templates"_s, {{u"limit"_s, u"1"_s}}));
    }

    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    AccountProfile m_profile{};
    Stage m_stage = Stage::Number;
};

} // namespace

ChannelEndpoints WhatsappAccounts::officialEndpoints() const
{
    return {.api = QUrl(u"https://graph.facebook.com"_s), .web = QUrl(u"https://www.facebook.com"_s)};
}

AccountFields WhatsappAccounts::fields() const
{
    return {.account = u"phone_number_id"_s,
            .settings = {u"phone_number"_s, u"business_account_id"_s},
            .uniqueSettings = {u"phone_number"_s},
            .told = {u"coexistence"_s, u"verified_name"_s, u"quality_rating"_s, u"throughput"_s, u"code_verification_status"_s, u"history_sync"_s, u"phone_sync"_s},
            .secrets = {u"access_token"_s, u"app_secret"_s},
            .optionalSecrets = {u"verify_token"_s},
            .token = u"access_token"_s};
}

Result<QString> WhatsappAccounts::readSetting(const QString &key, const QString &text, const QJsonObject &) const
{
    return key == "phone_number"_L1 ? typedvalue::phoneNumber(key, text) : typedvalue::digits(key, text);
}

QUrl WhatsappAccounts::authorizeUrl(const AppCredentials &, const QUrl &, const QString &, bool, const ChannelEndpoints &) const
{
    return {};
}

QStringList WhatsappAccounts::mandatoryScopes() const
{
    return {u"whatsapp_business_messaging"_s, u"whatsapp_business_management"_s};
}

QStringList WhatsappAccounts::wantedScopes() const
{
    return mandatoryScopes();
}

OperationPtr<TokenGrant> WhatsappAccounts::exchangeCode(const QString &, const AppCredentials &, const QUrl &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<TokenGrant> WhatsappAccounts::refresh(const InboxCredentials &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> WhatsappAccounts::revoke(const QString &, const AppCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

OperationPtr<AccountProfile> WhatsappAccounts::profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return std::make_unique<Probe>(inbox, endpoints);
}

OperationPtr<WebhookRegistration> WhatsappAccounts::inspectWebhook(const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> WhatsappAccounts::registerWebhook(const QUrl &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> WhatsappAccounts::inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return whatsapp::inspectSubscription(inbox, endpoints);
}

OperationPtr<WebhookRegistration> WhatsappAccounts::subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return whatsapp::subscribe(callback, inbox, endpoints);
}

std::optional<HttpRequest> WhatsappAccounts::unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return whatsapp::unsubscribe(inbox, endpoints);
}

OperationPtr<bool> WhatsappAccounts::withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return whatsapp::withdraw(callback, inbox, endpoints);
}

/// First who the people are, then what was said: @see
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/onboarding-business-app-users
QStringList WhatsappAccounts::phoneSyncs(const InboxCredentials &inbox) const
{
    return inbox.settings.value("coexistence"_L1).toBool() ? QStringList{u"smb_app_state_sync"_s, u"history"_s} : QStringList();
}

OperationPtr<QString> WhatsappAccounts::requestPhoneSync(const QString &sync, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const QJsonObject body{{"messaging_product"_L1, u"whatsapp"_s}, {"sync_type"_L1, sync}};
    return singleCall<QString>(meta::graphPost(meta::graphUrl(endpoints, inbox.account + u"/smb_app_data"_s), body, inbox.accessToken),
                               [](const HttpReply &reply) -> Result<QString> {
                                   const auto answer = whatsapp::readAnswer(reply, Repeatable::No);
                                   return answer ? Result<QString>(json::string(*answer, "request_id"_L1)) : Result<QString>(answer.error());
                               });
}

} // namespace antiphon
