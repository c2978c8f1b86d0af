#include "core/channels/twilio/twilioaccounts.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/twilio/twilioaddress.h"
#include "core/channels/twilio/twilioapi.h"
#include "core/channels/twilio/twiliosubscription.h"
#include "core/channels/typedvalue.h"
#include "core/domain/phonenumber.h"

#include <QRegularExpression>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
}

bool matches(const QString &text, const QString &pattern)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
}

/// "+15005550006", "whatsapp:+14155238886", "72975", "LANTERN"; empty where it can be none.
QString readSender(const QString &text, bool isWhatsapp)
{
    if (twilio::isWhatsapp(text)) {
        const QString number = typedvalue::e164(twilio::bare(text).trimmed());
        return isWhatsapp && !number.isEmpty() ? twilio::addressFor(number, true) : QString();
    }
    if (!isWhatsapp && (matches(text, u"[0-9]{3,6}"_s) || (matches(text, u"[A-Za-z0-9 &_+-]{1,11}"_s) && matches(text, u".*[A-Za-z].*"_s))))
        return text;
    return typedvalue::e164(text);
}

Result<QString> readValue(const QString &key, const QString &text, const QJsonObject &settings)
{
    const bool isWhatsapp = json::string(settings, "medium"_L1).trimmed() == "whatsapp"_L1;
    if (key == "medium"_L1)
        return typedvalue::matching(key, text, u"sms|whatsapp"_s, u"sms or whatsapp"_s);
    if (key == "account_sid"_L1)
        return typedvalue::matching(key, text, u"AC[0-9a-fA-F]{32}"_s, u"not an Account SID: AC and 32 hexadecimal digits are expected"_s);
    if (key == "messaging_service_sid"_L1)
        return typedvalue::matching(key, text, u"MG[0-9a-fA-F]{32}"_s, u"not a Messaging Service SID: MG and 32 hexadecimal digits are expected"_s);
    if (key != "phone_number"_L1)
        return text;
    const QString sender = readSender(text, isWhatsapp);
    return sender.isEmpty() ? Result<QString>(invalid(key, isWhatsapp ? u"not a phone number with its country's code"_s
                                                                      : u"not a phone number with its country's code, short code or name"_s))
                            : sender;
}

/// What is wrong with the values that an inbox has, before anybody is asked.
std::optional<Error> misshaped(const InboxCredentials &inbox)
{
    for (const QString &key : {u"account_sid"_s, u"messaging_service_sid"_s, u"medium"_s, u"phone_number"_s}) {
        const QString text = inbox.settings.value(key).toString();
        const bool isNeeded = key == "account_sid"_L1 || key == "medium"_L1;
        if (text.isEmpty() && !isNeeded)
            continue;
        if (const auto value = readValue(key, text, inbox.settings); !value)
            return value.error();
    }
    const QString key = inbox.further.value(u"api_key_sid"_s);
    if (key.isEmpty() != inbox.further.value(u"api_key_secret"_s).isEmpty())
        return invalid(key.isEmpty() ? u"api_key_sid"_s : u"api_key_secret"_s, u"an API key is its sid and its secret"_s);
    return std::nullopt;
}

class Probe final : public Operation<AccountProfile> {
public:
    Probe(InboxCredentials inbox, ChannelEndpoints endpoints) : m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        if (const auto error = misshaped(m_inbox))
            return failed(*error);
        // An API key may not ask for its account.
        return Step(std::in_place_index<0>, HttpRequest{.url = twilio::accountUrl(m_inbox, m_endpoints, {}),
                                                        .headers = {{"Authorization", twilio::accountAuthorization(m_inbox)}}});
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = twilio::readAnswer(reply, twilio::Repeatable::Yes);
        if (!answer)
            return failed(blamed(answer.error()));
        if (m_isAskingByKey)
            return Step(std::in_place_index<1>, m_profile);
        const QString status = json::string(*answer, "status"_L1);
        if (status != "active"_L1)
            return failed(invalid(u"account_sid"_s, u"the account is %1"_s.arg(status.isEmpty() ? u"in no known state"_s : status.left(40))));
        const QString number = twilio::bare(json::string(m_inbox.settings, "phone_number"_L1));
        const QString name = json::string(*answer, "friendly_name"_L1);
        m_profile.displayName = number.isEmpty() ? name : twilio::isE164(number) ? phoneForPeople(number) : number;
        if (!name.isEmpty())
            m_profile.settings.insert("account_name"_L1, name);
        if (m_inbox.further.value(u"api_key_sid"_s).isEmpty())
            return Step(std::in_place_index<1>, m_profile);
        m_isAskingByKey = true;
        return Step(std::in_place_index<0>, twilio::get(twilio::accountUrl(m_inbox, m_endpoints, u"Messages.json"_s, {{u"PageSize"_s, u"1"_s}}), m_inbox));
    }

private:
    static Step failed(const Error &error) { return Step(std::in_place_index<2>, error); }

    Error blamed(Error error) const
    {
        if (error.kind == Error::Kind::Unauthorized)
            error.field = m_isAskingByKey ? u"api_key_secret"_s : u"auth_token"_s;
        else if (error.kind == Error::Kind::NotFound || error.kind == Error::Kind::Forbidden || error.kind == Error::Kind::Invalid)
            error.field = m_isAskingByKey ? u"api_key_sid"_s : u"account_sid"_s;
        return error;
    }

    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    AccountProfile m_profile{};
    bool m_isAskingByKey = false;
};

} // namespace

ChannelEndpoints TwilioAccounts::officialEndpoints() const
{
    return {.api = QUrl(u"https://api.twilio.com"_s), .web = QUrl(u"https://console.twilio.com"_s)};
}

AccountFields TwilioAccounts::fields() const
{
    return {.accountOneOf = {u"phone_number"_s, u"messaging_service_sid"_s},
            .settings = {u"account_sid"_s, u"medium"_s},
            .told = {u"account_name"_s},
            .secrets = {u"auth_token"_s},
            .optionalSecrets = {u"api_key_sid"_s, u"api_key_secret"_s},
            .signing = u"auth_token"_s,
            .token = u"auth_token"_s};
}

Result<QString> TwilioAccounts::readSetting(const QString &key, const QString &text, const QJsonObject &settings) const
{
    return readValue(key, text, settings);
}

Result<void> TwilioAccounts::checkSecret(const QString &key, const QString &text) const
{
    if (key != "api_key_sid"_L1)
        return {};
    const auto sid = typedvalue::matching(key, text, u"SK[0-9a-fA-F]{32}"_s, u"not the id of an API key: SK and 32 hexadecimal digits are expected"_s);
    return sid ? Result<void>() : Result<void>(sid.error());
}

QString TwilioAccounts::externalId(const InboxCredentials &typed) const
{
    const bool isNumber = typed.account.startsWith(u'+');
    return isNumber && twilio::isWhatsappInbox(typed.settings) ? twilio::addressFor(typed.account, true) : typed.account;
}

bool TwilioAccounts::isSameAccount(const InboxCredentials &one, const InboxCredentials &other) const
{
    const QLatin1StringView medium("medium");
    const bool isSameNumber = twilio::bare(one.account) == twilio::bare(other.account);       // with the word before it, it is no other number
    return one.account == other.account || (isSameNumber && one.settings.value(medium) == other.settings.value(medium));
}

QUrl TwilioAccounts::authorizeUrl(const AppCredentials &, const QUrl &, const QString &, bool, const ChannelEndpoints &) const
{
    return {};
}

QStringList TwilioAccounts::mandatoryScopes() const
{
    return {};
}

QStringList TwilioAccounts::wantedScopes() const
{
    return {};
}

OperationPtr<TokenGrant> TwilioAccounts::exchangeCode(const QString &, const AppCredentials &, const QUrl &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<TokenGrant> TwilioAccounts::refresh(const InboxCredentials &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> TwilioAccounts::revoke(const QString &, const AppCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

OperationPtr<AccountProfile> TwilioAccounts::profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return std::make_unique<Probe>(inbox, endpoints);
}

OperationPtr<WebhookRegistration> TwilioAccounts::inspectWebhook(const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> TwilioAccounts::registerWebhook(const QUrl &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> TwilioAccounts::inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return twilio::inspectSubscription(inbox, endpoints);
}

OperationPtr<WebhookRegistration> TwilioAccounts::subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return twilio::subscribe(callback, inbox, endpoints);
}

OperationPtr<bool> TwilioAccounts::withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return twilio::withdraw(callback, inbox, endpoints);
}

} // namespace antiphon
