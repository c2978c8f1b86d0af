#include "core/channels/tiktok/tiktokaccounts.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/tiktok/tiktokerrors.h"
#include "core/net/formdata.h"

namespace antiphon {

using namespace Qt::StringLiterals;
using tiktok::readAnswer;
using tiktok::Repeatable;

namespace {

HttpRequest post(const QString &path, const QJsonObject &body, const ChannelEndpoints &endpoints)
{
    return {.method = "POST",
            .url = platformUrl(endpoints.api, u"/open_api/v1.3/"_s + path),
            .headers = {{"Content-Type", "application/json"}},
            .body = json::toBytes(body)};
}

std::chrono::seconds seconds(const QJsonObject &data, QLatin1StringView key)
{
    constexpr qint64 kLongest = 100LL * 366 * 86'400;
    return std::chrono::seconds(qBound<qint64>(0, json::integer(data.value(key)).value_or(0), kLongest));
}

Result<TokenGrant> readGrant(const HttpReply &reply)
{
    const auto data = readAnswer(reply, Repeatable::Yes);
    if (!data)
        return data.error();
    TokenGrant grant{.account = json::string(*data, "open_id"_L1),
                     .accessToken = json::string(*data, "access_token"_L1),
                     .refreshToken = json::string(*data, "refresh_token"_L1),
                     .accessLifetime = seconds(*data, "expires_in"_L1),
                     .refreshLifetime = seconds(*data, "refresh_token_expires_in"_L1)};
    const QStringList scopes = json::string(*data, "scope"_L1).split(u',', Qt::SkipEmptyParts);
    for (const QString &scope : scopes)
        grant.scopes.append(scope.trimmed());
    if (grant.account.isEmpty() || grant.accessToken.isEmpty() || grant.refreshToken.isEmpty())
        return Error{Error::Kind::BadPayload, u"a grant without account or token"_s};
    return grant;
}

/// The codes by which a refused renewal is a definite answer: token wrong or revoked, no permission, parameter wrong.
Result<TokenGrant> readRenewal(const HttpReply &reply)
{
    auto grant = readGrant(reply);
    if (grant)
        return grant;
    Error error = grant.error();
    if (error.code == "40105"_L1 || error.code == "40001"_L1 || error.code == "40002"_L1)
        error.kind = Error::Kind::Unauthorized;
    else if (error.kind == Error::Kind::Unauthorized || error.kind == Error::Kind::Forbidden)
        error.kind = Error::Kind::Unavailable;            // a proxy's word, say: not the platform's on this consent
    return error;
}

Result<AccountProfile> readProfile(const HttpReply &reply)
{
    const auto data = readAnswer(reply, Repeatable::Yes);
    if (!data)
        return data.error();
    AccountProfile profile{.username = json::string(*data, "username"_L1), .displayName = json::string(*data, "display_name"_L1)};
    const QUrl picture(json::string(*data, "profile_image"_L1), QUrl::StrictMode);
    if (picture.scheme() == "https"_L1 || picture.scheme() == "http"_L1)
        profile.picture = picture;
    return profile;
}

Result<WebhookRegistration> readRegistration(const HttpReply &reply)
{
    const auto data = readAnswer(reply, Repeatable::Yes);
    if (!data)
        return data.error();
    return WebhookRegistration{QUrl(json::string(*data, "callback_url"_L1), QUrl::StrictMode)};
}

} // namespace

ChannelEndpoints TiktokAccounts::officialEndpoints() const
{
    return {.api = QUrl(u"https://business-api.tiktok.com"_s), .web = QUrl(u"https://www.tiktok.com"_s)};
}

AccountFields TiktokAccounts::fields() const
{
    return {.account = u"business_id"_s, .secrets = {u"access_token"_s, u"refresh_token"_s}, .token = u"access_token"_s};
}

QUrl TiktokAccounts::authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const
{
    QueryItems query{{u"client_key"_s, app.appId},
                     {u"response_type"_s, u"code"_s},
                     {u"redirect_uri"_s, redirect.toString(QUrl::FullyEncoded)},
                     {u"scope"_s, wantedScopes().join(u',')},
                     {u"state"_s, state}};
    if (askAgain)
        query.append({u"disable_auto_auth"_s, u"1"_s});
    return platformUrl(endpoints.web, u"/v2/auth/authorize"_s, query);
}

QStringList TiktokAccounts::mandatoryScopes() const
{
    return {u"message.list.read"_s, u"message.list.send"_s, u"message.list.manage"_s, u"user.info.basic"_s, u"user.info.username"_s, u"user.info.profile"_s};
}

QStringList TiktokAccounts::wantedScopes() const
{
    return {u"user.info.basic"_s, u"user.info.username"_s, u"user.info.stats"_s, u"user.info.profile"_s, u"user.account.type"_s,
            u"user.insights"_s, u"message.list.read"_s, u"message.list.send"_s, u"message.list.manage"_s};
}

OperationPtr<TokenGrant> TiktokAccounts::exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const
{
    const QJsonObject body{{"client_id"_L1, app.appId},
                           {"client_secret"_L1, app.appSecret},
                           {"grant_type"_L1, u"authorization_code"_s},
                           {"auth_code"_L1, code},
                           {"redirect_uri"_L1, redirect.toString(QUrl::FullyEncoded)}};
    return singleCall<TokenGrant>(post(u"tt_user/oauth2/token/"_s, body, endpoints), readGrant);
}

OperationPtr<TokenGrant> TiktokAccounts::refresh(const InboxCredentials &inbox, const AppCredentials &app, const ChannelEndpoints &endpoints) const
{
    const QJsonObject body{{"client_id"_L1, app.appId},
                           {"client_secret"_L1, app.appSecret},
                           {"grant_type"_L1, u"refresh_token"_s},
                           {"refresh_token"_L1, inbox.refreshToken}};
    return singleCall<TokenGrant>(post(u"tt_user/oauth2/refresh_token/"_s, body, endpoints), readRenewal);
}

std::optional<HttpRequest> TiktokAccounts::revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const
{
    const QJsonObject body{{"client_id"_L1, app.appId}, {"client_secret"_L1, app.appSecret}, {"access_token"_L1, accessToken}};
    return post(u"tt_user/oauth2/revoke/"_s, body, endpoints);
}

OperationPtr<AccountProfile> TiktokAccounts::profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const QueryItems query{{u"business_id"_s, inbox.account}, {u"fields"_s, u"[\"username\",\"display_name\",\"profile_image\"]"_s}};
    return singleCall<AccountProfile>({.url = platformUrl(endpoints.api, u"/open_api/v1.3/business/get/"_s, query),
                                       .headers = {{"Access-Token", inbox.accessToken.toUtf8()}}},
                                      readProfile);
}

OperationPtr<WebhookRegistration> TiktokAccounts::inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const
{
    const QueryItems query{{u"app_id"_s, app.appId}, {u"secret"_s, app.appSecret}, {u"event_type"_s, u"DIRECT_MESSAGE"_s}};
    return singleCall<WebhookRegistration>({.url = platformUrl(endpoints.api, u"/open_api/v1.3/business/webhook/list/"_s, query)}, readRegistration);
}

OperationPtr<WebhookRegistration> TiktokAccounts::registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const
{
    const QJsonObject body{{"app_id"_L1, app.appId},
                           {"secret"_L1, app.appSecret},
                           {"event_type"_L1, u"DIRECT_MESSAGE"_s},
                           {"callback_url"_L1, callback.toString(QUrl::FullyEncoded)}};
    return singleCall<WebhookRegistration>(post(u"business/webhook/update/"_s, body, endpoints), readRegistration);
}

} // namespace antiphon
