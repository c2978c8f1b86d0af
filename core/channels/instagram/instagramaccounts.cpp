#include "core/channels/instagram/instagramaccounts.h"

#include "core/channels/calls.h"
#include "core/channels/instagram/instagrampage.h"
#include "core/channels/instagram/instagramtokens.h"
#include "core/channels/meta/subscription.h"
#include "core/channels/typedvalue.h"
#include "core/net/formdata.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

/// "message_edit" on one page of theirs, "message_edits" on another.
meta::SubscribedFields subscribedFields()
{
    return {.wanted = {u"messages"_s, u"message_reactions"_s, u"messaging_seen"_s, u"messaging_postbacks"_s, u"messaging_referral"_s},
            .doubtful = {u"message_edit"_s}};
}

Result<AccountProfile> readOwnProfile(const HttpReply &reply, const QString &expected)
{
    auto profile = instagram::readProfile(reply);
    if (!profile) {
        Error error = profile.error();
        if (error.kind == Error::Kind::Unauthorized || error.kind == Error::Kind::Forbidden || error.kind == Error::Kind::Invalid) {
            error.kind = Error::Kind::Invalid;
            error.field = u"access_token"_s;
        }
        return error;
    }
    if (!expected.isEmpty() && profile->account != expected)
        return Error{Error::Kind::Invalid, u"the token is another account's: "_s + profile->account, u"instagram_id"_s};
    return profile;
}

} // namespace

ChannelEndpoints InstagramAccounts::officialEndpoints() const
{
    return {.api = QUrl(u"https://graph.instagram.com"_s), .data = QUrl(u"https://graph.facebook.com"_s), .web = QUrl(u"https://api.instagram.com"_s)};
}

AccountFields InstagramAccounts::fields() const
{
    return {.account = u"instagram_id"_s,
            .isAccountTold = true,
            .told = {QString(instagram::kPageSetting), u"page_name"_s},
            .secrets = {u"access_token"_s},
            .token = u"access_token"_s,
            .way = QString(instagram::kPageSetting),
            .goesByHandle = true};
}

AccountFields InstagramAccounts::fieldsOf(const QJsonObject &settings) const
{
    return instagram::isByPage(settings) ? instagram::pageFields(fields()) : fields();
}

Channel InstagramAccounts::application(const QJsonObject &settings) const
{
    return instagram::isByPage(settings) ? Channel::Messenger : Channel::Instagram;
}

Result<QString> InstagramAccounts::readSetting(const QString &key, const QString &text, const QJsonObject &) const
{
    return typedvalue::digits(key, text);
}

QUrl InstagramAccounts::authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool, const ChannelEndpoints &endpoints) const
{
    // Asked anew each time: who is logged in already would never get to choose a second account.
    return platformUrl(endpoints.web, u"/oauth/authorize"_s,
                       {{u"client_id"_s, app.appId},
                        {u"redirect_uri"_s, redirect.toString(QUrl::FullyEncoded)},
                        {u"response_type"_s, u"code"_s},
                        {u"scope"_s, wantedScopes().join(u',')},
                        {u"state"_s, state},
                        {u"enable_fb_login"_s, u"0"_s},
                        {u"force_reauth"_s, u"true"_s}});
}

QStringList InstagramAccounts::mandatoryScopes() const
{
    return {u"instagram_business_manage_messages"_s};
}

QStringList InstagramAccounts::wantedScopes() const
{
    return {u"instagram_business_basic"_s, u"instagram_business_manage_messages"_s};
}

OperationPtr<TokenGrant> InstagramAccounts::exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect,
                                                         const ChannelEndpoints &endpoints) const
{
    return instagram::exchangeCode(code, app, redirect, endpoints);
}

OperationPtr<TokenGrant> InstagramAccounts::refresh(const InboxCredentials &inbox, const AppCredentials &, const ChannelEndpoints &endpoints) const
{
    return instagram::isByPage(inbox.settings) ? nullptr : instagram::refresh(inbox, endpoints);
}

TokenRhythm InstagramAccounts::tokenRhythm() const
{
    return {.before = std::chrono::hours(24 * 20), .minimumAge = std::chrono::hours(24), .byAccessToken = true};
}

std::optional<HttpRequest> InstagramAccounts::revoke(const QString &, const AppCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

OperationPtr<AccountProfile> InstagramAccounts::profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    if (instagram::isByPage(inbox.settings))
        return instagram::pageProfile(inbox, endpoints);
    return singleCall<AccountProfile>(instagram::profileCall(inbox.accessToken, endpoints),
                                      [expected = inbox.account](const HttpReply &reply) { return readOwnProfile(reply, expected); });
}

OperationPtr<WebhookRegistration> InstagramAccounts::inspectWebhook(const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> InstagramAccounts::registerWebhook(const QUrl &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> InstagramAccounts::inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const instagram::Access access(inbox, endpoints);
    if (access.isByPage())
        return meta::inspectSubscription(access.graph(), access.node(), instagram::pageSubscription(), inbox.appId);
    // The list has the Meta app's id, and only the Instagram app's is entered here: whose token asks is whose subscription is told.
    return meta::inspectSubscription(access.graph(), access.node(), subscribedFields(), {});
}

OperationPtr<WebhookRegistration> InstagramAccounts::subscribe(const QUrl &, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const instagram::Access access(inbox, endpoints);
    if (access.isByPage())
        return meta::subscribePage(access.graph(), access.node(), instagram::pageSubscription(), inbox.appId);
    return meta::subscribe(access.graph(), access.node(), subscribedFields());
}

std::optional<HttpRequest> InstagramAccounts::unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const instagram::Access access(inbox, endpoints);
    return access.graph().remove(access.node() + "/subscribed_apps"_L1);
}

QString InstagramAccounts::subscriptionKey(const InboxCredentials &inbox) const
{
    const instagram::Access access(inbox, {});
    return access.isByPage() ? meta::pageKey(access.node()) : QString();
}

} // namespace antiphon
