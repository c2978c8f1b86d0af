#include "core/channels/messenger/messengeraccounts.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/meta/graphaccess.h"
#include "core/channels/meta/messagingvalues.h"
#include "core/channels/meta/subscription.h"
#include "core/channels/typedvalue.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

meta::SubscribedFields subscribedFields()
{
    return {.wanted = {u"messages"_s, u"messaging_postbacks"_s, u"message_deliveries"_s, u"message_reads"_s, u"message_echoes"_s, u"message_reactions"_s,
                       u"messaging_referrals"_s, u"standby"_s, u"messaging_handovers"_s},
            .doubtful = {u"message_edits"_s}};
}

/// Which of what was typed Meta complains of.
QString fieldOf(const Error &error)
{
    if (error.detail.contains("appsecret_proof"_L1, Qt::CaseInsensitive))
        return u"app_secret"_s;
    const QString code = error.code.section(u'.', 0, 0);
    if (error.kind == Error::Kind::Unauthorized || error.kind == Error::Kind::Forbidden)
        return u"page_access_token"_s;
    return code == "100"_L1 || code == "803"_L1 || error.kind == Error::Kind::NotFound ? u"page_id"_s : QString();
}

Result<AccountProfile> readPage(const HttpReply &reply, const QString &expected)
{
    const auto answer = meta::readGraph(reply, meta::Repeatable::Yes);
    if (!answer) {
        Error error = answer.error();
        error.field = fieldOf(error);
        if (!error.field.isEmpty())
            error.kind = Error::Kind::Invalid;
        return error;
    }
    AccountProfile profile{.username = json::string(*answer, "name"_L1), .account = meta::idText(*answer, "id"_L1)};
    profile.displayName = profile.username;
    if (profile.account != expected)
        return Error{Error::Kind::Invalid, u"Meta answers about another page: "_s + profile.account, u"page_id"_s};
    return profile;
}

} // namespace

ChannelEndpoints MessengerAccounts::officialEndpoints() const
{
    return {.api = QUrl(u"https://graph.facebook.com"_s), .web = QUrl(u"https://www.facebook.com"_s)};
}

AccountFields MessengerAccounts::fields() const
{
    return {.account = u"page_id"_s, .secrets = {u"page_access_token"_s}, .token = u"page_access_token"_s};
}

Result<QString> MessengerAccounts::readSetting(const QString &key, const QString &text, const QJsonObject &) const
{
    return typedvalue::digits(key, text);
}

QUrl MessengerAccounts::authorizeUrl(const AppCredentials &, const QUrl &, const QString &, bool, const ChannelEndpoints &) const
{
    return {};
}

QStringList MessengerAccounts::mandatoryScopes() const
{
    return {};
}

QStringList MessengerAccounts::wantedScopes() const
{
    return {};
}

OperationPtr<TokenGrant> MessengerAccounts::exchangeCode(const QString &, const AppCredentials &, const QUrl &, const ChannelEndpoints &) const
{
    return knownAnswer<TokenGrant>(Error{Error::Kind::Invalid, u"pages are connected by their token"_s});
}

OperationPtr<TokenGrant> MessengerAccounts::refresh(const InboxCredentials &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> MessengerAccounts::revoke(const QString &, const AppCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

OperationPtr<AccountProfile> MessengerAccounts::profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return singleCall<AccountProfile>(meta::GraphAccess(inbox, endpoints, true).get(inbox.account, {{u"fields"_s, u"id,name"_s}}),
                                      [expected = inbox.account](const HttpReply &reply) { return readPage(reply, expected); });
}

OperationPtr<WebhookRegistration> MessengerAccounts::inspectWebhook(const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> MessengerAccounts::registerWebhook(const QUrl &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> MessengerAccounts::inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return meta::inspectSubscription(meta::GraphAccess(inbox, endpoints, true), inbox.account, subscribedFields(), inbox.appId);
}

OperationPtr<WebhookRegistration> MessengerAccounts::subscribe(const QUrl &, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return meta::subscribe(meta::GraphAccess(inbox, endpoints, true), inbox.account, subscribedFields());
}

std::optional<HttpRequest> MessengerAccounts::unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return meta::GraphAccess(inbox, endpoints, true).remove(inbox.account + "/subscribed_apps"_L1);
}

QString MessengerAccounts::subscriptionKey(const InboxCredentials &inbox) const
{
    return meta::pageKey(inbox.account);
}

} // namespace antiphon
