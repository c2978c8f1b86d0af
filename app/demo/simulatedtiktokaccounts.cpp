#include "app/demo/simulatedtiktok.h"

#include "core/base/json.h"

#include <QJsonDocument>

/// Consent, tokens, the account's profile and the webhook's registration.
namespace antiphon::demo {

using namespace Qt::StringLiterals;
using std::chrono::duration_cast;
using std::chrono::seconds;

namespace {

QJsonObject bodyOf(const SimulatedHttp::Request &request)
{
    const auto parsed = json::parseObject(request.body);
    return parsed ? *parsed : QJsonObject();
}

QString text(const QJsonObject &body, QLatin1StringView key) { return body.value(key).toString(); }

QByteArray queryPart(const QString &value) { return QUrl::toPercentEncoding(value); }

} // namespace

std::optional<SimulatedTikTok::Outcome> SimulatedTikTok::refusedApp(const QString &appId, const QString &secret) const
{
    if (appId != m_options.appId)
        return refused(40002, u"Param client_id is invalid."_s);
    if (secret != m_options.appSecret)
        return refused(40002, u"Param client_secret is invalid."_s);
    return std::nullopt;
}

std::optional<SimulatedTikTok::Outcome> SimulatedTikTok::refusedCall(const SimulatedHttp::Request &request, const QString &businessId,
                                                                     const QString &scope) const
{
    const auto token = m_accessTokens.constFind(QString::fromLatin1(request.header("Access-Token")));
    if (token == m_accessTokens.constEnd() || token->expires <= m_clock.now())
        return refused(40105, u"Access token is incorrect or has been revoked."_s);
    if (businessId.isEmpty())
        return refused(40002, u"business_id: Missing data for required field."_s);
    if (!account(businessId))
        return refused(40002, u"Param business_id is invalid."_s);
    if (businessId != token->businessId || !token->scopes.contains(scope))
        return refused(40001, u"No permission to operate."_s);
    return std::nullopt;
}

QJsonObject SimulatedTikTok::grantTokens(const QString &businessId, const QStringList &scopes, Timestamp refreshExpires)
{
    const Timestamp now = m_clock.now();
    const QString access = u"act."_s + randomToken(m_random);
    const QString refresh = u"rft."_s + randomToken(m_random);
    m_accessTokens.insert(access, {businessId, scopes, now + m_options.accessTokenLife, refresh});
    m_refreshTokens.insert(refresh, {businessId, scopes, refreshExpires, refresh});
    return {{u"access_token"_s, access},
            {u"token_type"_s, u"Bearer"_s},
            {u"scope"_s, scopes.join(u',')},
            {u"expires_in"_s, qint64(m_options.accessTokenLife.count())},
            {u"refresh_token"_s, refresh},
            {u"refresh_token_expires_in"_s, qint64(duration_cast<seconds>(refreshExpires - now).count())},
            {u"open_id"_s, businessId}};
}

TokenPair SimulatedTikTok::issueTokens(const QString &businessId)
{
    const BusinessAccount *owner = account(businessId);
    const QJsonObject granted = grantTokens(businessId, owner ? owner->scopes : BusinessAccount::allScopes(), m_clock.now() + m_options.refreshTokenLife);
    return {granted[u"access_token"_s].toString(), granted[u"refresh_token"_s].toString()};
}

void SimulatedTikTok::expireAccessTokens(const QString &businessId)
{
    m_accessTokens.removeIf([&](const auto &entry) { return entry.value().businessId == businessId; });
}

void SimulatedTikTok::revokeTokens(const QString &businessId)
{
    expireAccessTokens(businessId);
    m_refreshTokens.removeIf([&](const auto &entry) { return entry.value().businessId == businessId; });
}

SimulatedTikTok::Outcome SimulatedTikTok::authorize(const SimulatedHttp::Request &request)
{
    const auto page = [](int status, const QByteArray &why) {
        return Outcome{.raw = SimulatedHttp::Reply{.status = status, .contentType = "text/html; charset=utf-8", .body = "<p>" + why + "</p>"}};
    };
    const QString redirect = request.query("redirect_uri").value_or(QString());
    const QString state = request.query("state").value_or(QString());
    const QStringList asked = request.query("scope").value_or(QString()).split(u',', Qt::SkipEmptyParts);
    const QUrl target(redirect, QUrl::StrictMode);
    if (request.query("client_key") != m_options.appId)
        return page(400, "client_key");
    if (request.query("response_type") != u"code"_s)
        return page(400, "response_type");
    if (!target.isValid() || target.isRelative() || (!m_options.redirectUri.isEmpty() && redirect != m_options.redirectUri))
        return page(400, "redirect_uri");
    const bool knowsScopes = std::all_of(asked.begin(), asked.end(), [](const QString &one) { return BusinessAccount::allScopes().contains(one); });
    if (asked.isEmpty() || !knowsScopes)
        return page(400, "scope");
    if (state.isEmpty())
        return page(400, "state");

    const Consent consent = std::exchange(m_consent, Consent());
    QByteArray location = redirect.toUtf8() + (target.hasQuery() ? '&' : '?');
    if (consent.isDenied) {
        location += "error=access_denied&error_code=10007&error_description=" + queryPart(u"The user denied the request."_s);
    } else {
        const BusinessAccount *owner = consent.businessId.isEmpty() ? &m_options.accounts.first() : account(consent.businessId);
        if (!owner)
            return page(403, "account");
        QStringList granted;
        for (const QString &scope : asked) {
            if (owner->scopes.contains(scope) && !consent.withheldScopes.contains(scope))
                granted.append(scope);
        }
        // Real codes hold characters that must be decoded before use.
        const QString code = randomToken(m_random) + u"*1!4711"_s;
        m_codes.insert(code, {owner->businessId, granted, redirect, m_clock.now() + m_options.codeLife});
        location += "code=" + QUrl::toPercentEncoding(code, {}, "*!") + "&scopes=" + queryPart(granted.join(u','));
    }
    location += "&state=" + queryPart(state);
    return {.raw = SimulatedHttp::Reply{.status = 302, .contentType = "text/html; charset=utf-8", .headers = {{"Location", location}}}};
}

SimulatedTikTok::Outcome SimulatedTikTok::exchangeToken(const SimulatedHttp::Request &request)
{
    const QJsonObject body = bodyOf(request);
    if (const auto no = refusedApp(text(body, "client_id"_L1), text(body, "client_secret"_L1)))
        return *no;
    if (text(body, "grant_type"_L1) != "authorization_code"_L1)
        return refused(40002, u"Param grant_type is invalid."_s);
    const auto found = m_codes.constFind(text(body, "auth_code"_L1));
    if (found == m_codes.constEnd() || found->expires <= m_clock.now())
        return refused(40002, u"Param auth_code is invalid or expired."_s);
    if (found->redirectUri != text(body, "redirect_uri"_L1))
        return refused(40002, u"Param redirect_uri is invalid."_s);
    const Code code = *found;
    m_codes.remove(text(body, "auth_code"_L1));
    return {.data = grantTokens(code.businessId, code.scopes, m_clock.now() + m_options.refreshTokenLife)};
}

SimulatedTikTok::Outcome SimulatedTikTok::refreshToken(const SimulatedHttp::Request &request)
{
    const QJsonObject body = bodyOf(request);
    if (const auto no = refusedApp(text(body, "client_id"_L1), text(body, "client_secret"_L1)))
        return *no;
    if (text(body, "grant_type"_L1) != "refresh_token"_L1)
        return refused(40002, u"Param grant_type is invalid."_s);
    const auto found = m_refreshTokens.constFind(text(body, "refresh_token"_L1));
    if (found == m_refreshTokens.constEnd() || found->expires <= m_clock.now())
        return refused(40105, u"Refresh token is incorrect or has been revoked."_s);
    const Token old = *found;
    m_refreshTokens.remove(text(body, "refresh_token"_L1));
    return {.data = grantTokens(old.businessId, old.scopes, old.expires)};
}

SimulatedTikTok::Outcome SimulatedTikTok::revokeToken(const SimulatedHttp::Request &request)
{
    const QJsonObject body = bodyOf(request);
    if (const auto no = refusedApp(text(body, "client_id"_L1), text(body, "client_secret"_L1)))
        return *no;
    const auto found = m_accessTokens.constFind(text(body, "access_token"_L1));
    if (found == m_accessTokens.constEnd())
        return refused(40105, u"Access token is incorrect or has been revoked."_s);
    m_refreshTokens.remove(found->grant);
    m_accessTokens.remove(text(body, "access_token"_L1));
    return {};
}

SimulatedTikTok::Outcome SimulatedTikTok::getBusiness(const SimulatedHttp::Request &request)
{
    const QString businessId = request.query("business_id").value_or(QString());
    if (const auto no = refusedCall(request, businessId, u"user.info.basic"_s))
        return *no;
    const BusinessAccount &owner = *account(businessId);
    const QJsonObject known{{u"username"_s, owner.username}, {u"display_name"_s, owner.displayName}, {u"profile_image"_s, profileImage(owner.username)}};
    const QJsonDocument fields = QJsonDocument::fromJson(request.query("fields").value_or(QString()).toUtf8());
    if (!fields.isArray())
        return refused(40002, u"Param fields is invalid."_s);
    QJsonObject data;
    const QJsonArray names = fields.array();
    for (const QJsonValue &name : names)
        data.insert(name.toString(), known.value(name.toString()));
    return {.data = data};
}

SimulatedTikTok::Outcome SimulatedTikTok::updateWebhook(const SimulatedHttp::Request &request)
{
    const QJsonObject body = bodyOf(request);
    if (const auto no = refusedApp(text(body, "app_id"_L1), text(body, "secret"_L1)))
        return *no;
    if (text(body, "event_type"_L1) != "DIRECT_MESSAGE"_L1)
        return refused(40002, u"Param event_type is invalid."_s);
    const QUrl callback(text(body, "callback_url"_L1), QUrl::StrictMode);
    // The real one wants https; on loopback there is nothing to encrypt.
    if (!callback.isValid() || callback.host().isEmpty() || (callback.scheme() != "https"_L1 && callback.host() != "127.0.0.1"_L1 && callback.host() != "localhost"_L1))
        return refused(40002, u"Param callback_url is invalid."_s);
    m_webhooks->setCallback(callback);
    emit callbackRegistered(callback);
    return {.data = {{u"app_id"_s, m_options.appId}, {u"event_type"_s, u"DIRECT_MESSAGE"_s}, {u"callback_url"_s, callback.toString(QUrl::FullyEncoded)}}};
}

SimulatedTikTok::Outcome SimulatedTikTok::listWebhook(const SimulatedHttp::Request &request)
{
    if (const auto no = refusedApp(request.query("app_id").value_or(QString()), request.query("secret").value_or(QString())))
        return *no;
    if (request.query("event_type") != u"DIRECT_MESSAGE"_s)
        return refused(40002, u"Param event_type is invalid."_s);
    QJsonObject data{{u"app_id"_s, m_options.appId}, {u"event_type"_s, u"DIRECT_MESSAGE"_s}};
    if (!m_webhooks->callback().isEmpty())
        data.insert(u"callback_url"_s, m_webhooks->callback().toString(QUrl::FullyEncoded));
    return {.data = data};
}

SimulatedTikTok::Outcome SimulatedTikTok::deleteWebhook(const SimulatedHttp::Request &request)
{
    const QJsonObject body = bodyOf(request);
    if (const auto no = refusedApp(text(body, "app_id"_L1), text(body, "secret"_L1)))
        return *no;
    if (text(body, "event_type"_L1) != "DIRECT_MESSAGE"_L1)
        return refused(40002, u"Param event_type is invalid."_s);
    m_webhooks->setCallback({});
    return {.data = {{u"app_id"_s, m_options.appId}, {u"event_type"_s, u"DIRECT_MESSAGE"_s}}};
}

} // namespace antiphon::demo
