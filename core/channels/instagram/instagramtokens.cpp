#include "core/channels/instagram/instagramtokens.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/meta/graphaccess.h"
#include "core/channels/meta/messagingvalues.h"
#include "core/net/formdata.h"

#include <QJsonArray>

namespace antiphon::instagram {

using namespace Qt::StringLiterals;

namespace {

std::chrono::seconds lifetimeOf(const QJsonObject &answer)
{
    constexpr qint64 kLongest = 10LL * 366 * 86'400;
    return std::chrono::seconds(qBound<qint64>(0, json::integer(answer.value("expires_in"_L1)).value_or(0), kLongest));
}

/// What the pages print in a list comes flat as well.
QJsonObject flat(const QJsonObject &answer)
{
    const QJsonArray data = answer.value("data"_L1).toArray();
    return data.isEmpty() ? answer : data.first().toObject();
}

/// A comma list or an array. Nothing where the answer doesn't speak of them.
std::optional<QStringList> permissionsOf(const QJsonObject &grant)
{
    const QJsonValue listed = grant.value("permissions"_L1);
    QStringList permissions;
    if (listed.isArray()) {
        const QJsonArray names = listed.toArray();
        for (const QJsonValue &name : names)
            permissions.append(name.toString().trimmed());
        return permissions;
    }
    if (!listed.isString())
        return std::nullopt;
    const QStringList names = listed.toString().split(u',', Qt::SkipEmptyParts);
    for (const QString &name : names)
        permissions.append(name.trimmed());
    return permissions;
}

/// The sentences of the login pages, which have no codes of their own, and what in the settings each is about.
QString fieldOf(const QString &words)
{
    struct Known {
        QLatin1StringView words;
        QLatin1StringView field;
    };
    static constexpr Known kKnown[]{
        {"redirect"_L1, "redirect_uri"_L1},    {"client secret"_L1, "app_secret"_L1}, {"client_secret"_L1, "app_secret"_L1},
        {"platform app"_L1, "app_id"_L1},      {"client_id"_L1, "app_id"_L1},         {"client id"_L1, "app_id"_L1},
        {"application"_L1, "app_id"_L1},       {"code"_L1, "code"_L1},
    };
    for (const Known &known : kKnown) {
        if (words.contains(known.words, Qt::CaseInsensitive))
            return known.field;
    }
    return {};
}

QString hintFor(const QString &field)
{
    if (field == "redirect_uri"_L1)
        return u" The address must stand letter by letter among the valid OAuth redirect addresses of the app."_s;
    if (field == "app_secret"_L1 || field == "app_id"_L1)
        return u" The Instagram app's id and secret are wanted here, not the Meta app's."_s;
    return {};
}

Error loginError(const QString &words, const QString &code)
{
    const QString field = fieldOf(words);
    return {.kind = Error::Kind::Invalid, .detail = words + hintFor(field), .field = field, .code = code};
}

/// The answer of the login pages: failures stand flat in it, and not under `error`.
Result<QJsonObject> readLogin(const HttpReply &reply)
{
    const auto root = reply.status == 0 ? Result<QJsonObject>(QJsonObject()) : json::parseObject(reply.body);
    const QString words = root ? json::string(*root, "error_message"_L1) : QString();
    if (!words.isEmpty())
        return loginError(words, QString::number(json::integer(root->value("code"_L1)).value_or(0)));
    const auto answer = meta::readGraph(reply, meta::Repeatable::Yes);
    if (!answer && reply.status == 400)
        return loginError(answer.error().detail, answer.error().code);
    return answer;
}

class Exchange final : public Operation<TokenGrant> {
public:
    Exchange(QString code, AppCredentials app, QUrl redirect, ChannelEndpoints endpoints)
        : m_code(std::move(code)), m_app(std::move(app)), m_redirect(std::move(redirect)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        const QueryItems form{{u"client_id"_s, m_app.appId},
                              {u"client_secret"_s, m_app.appSecret},
                              {u"grant_type"_s, u"authorization_code"_s},
                              {u"redirect_uri"_s, m_redirect.toString(QUrl::FullyEncoded)},
                              {u"code"_s, m_code.endsWith("#_"_L1) ? m_code.chopped(2) : m_code}};
        return Step(std::in_place_index<0>, HttpRequest{.method = "POST",
                                                        .url = platformUrl(m_endpoints.web, u"/oauth/access_token"_s),
                                                        .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                                                        .body = encoded(form)});
    }

    Step next(const HttpReply &reply) override
    {
        if (m_grant.accessToken.isEmpty())
            return takeShort(reply);
        if (!m_isLong)
            return takeLong(reply);
        return takeAccount(reply);
    }

private:
    static QByteArray encoded(const QueryItems &items)
    {
        QByteArray form;
        for (const auto &[name, value] : items)
            form += (form.isEmpty() ? "" : "&") + QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value);
        return form;
    }

    static Step failure(const Error &error) { return Step(std::in_place_index<2>, error); }

    Step takeShort(const HttpReply &reply)
    {
        const auto answer = readLogin(reply);
        if (!answer)
            return failure(answer.error());
        const QJsonObject grant = flat(*answer);
        m_grant.accessToken = json::string(grant, "access_token"_L1);
        m_grant.scopes = permissionsOf(grant).value_or(QStringList{u"instagram_business_basic"_s, u"instagram_business_manage_messages"_s});
        if (m_grant.accessToken.isEmpty())
            return failure({Error::Kind::BadPayload, u"a grant without token"_s});
        if (!m_grant.scopes.contains("instagram_business_manage_messages"_L1)) {
            m_grant.account = meta::idText(grant, "user_id"_L1);
            return Step(std::in_place_index<1>, m_grant);              // whoever asked sees what is missing, and asks no further
        }
        const QueryItems query{{u"grant_type"_s, u"ig_exchange_token"_s}, {u"client_secret"_s, m_app.appSecret}, {u"access_token"_s, m_grant.accessToken}};
        return Step(std::in_place_index<0>, HttpRequest{.url = platformUrl(m_endpoints.api, u"/access_token"_s, query)});
    }

    Step takeLong(const HttpReply &reply)
    {
        const auto answer = readLogin(reply);
        if (!answer)
            return failure(answer.error());
        m_grant.accessToken = json::string(*answer, "access_token"_L1);
        m_grant.accessLifetime = lifetimeOf(*answer);
        if (m_grant.accessToken.isEmpty())
            return failure({Error::Kind::BadPayload, u"no long-lived token"_s});
        m_isLong = true;
        return Step(std::in_place_index<0>, profileCall(m_grant.accessToken, m_endpoints));
    }

    Step takeAccount(const HttpReply &reply)
    {
        const auto profile = readProfile(reply);
        if (!profile)
            return failure(profile.error());
        m_grant.account = profile->account;
        return Step(std::in_place_index<1>, m_grant);
    }

    QString m_code;
    AppCredentials m_app;
    QUrl m_redirect;
    ChannelEndpoints m_endpoints;
    bool m_isLong = false;
    TokenGrant m_grant;
};

} // namespace

OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Exchange>(code, app, redirect, endpoints);
}

OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const QueryItems query{{u"grant_type"_s, u"ig_refresh_token"_s}, {u"access_token"_s, inbox.accessToken}};
    return singleCall<TokenGrant>({.url = platformUrl(endpoints.api, u"/refresh_access_token"_s, query)},
                                  [account = inbox.account](const HttpReply &reply) -> Result<TokenGrant> {
                                      const auto answer = meta::readGraph(reply, meta::Repeatable::Yes);
                                      if (!answer) {
                                          Error error = answer.error();
                                          if (error.kind == Error::Kind::Unauthorized && error.code.section(u'.', 0, 0) != "190"_L1)
                                              error.kind = Error::Kind::Unavailable;      // a proxy's word: not the platform's on this token
                                          return error;
                                      }
                                      TokenGrant grant{.account = account,
                                                       .accessToken = json::string(*answer, "access_token"_L1),
                                                       .accessLifetime = lifetimeOf(*answer),
                                                       .scopes = permissionsOf(*answer).value_or(QStringList())};
                                      if (grant.accessToken.isEmpty())
                                          return Error{Error::Kind::BadPayload, u"a renewal without token"_s};
                                      return grant;
                                  });
}

HttpRequest profileCall(const QString &token, const ChannelEndpoints &endpoints)
{
    return meta::GraphAccess({.accessToken = token}, endpoints, false)
        .get(u"me"_s, {{u"fields"_s, u"id,user_id,username,name,profile_picture_url,account_type"_s}});
}

Result<AccountProfile> readProfile(const HttpReply &reply)
{
    const auto answer = meta::readGraph(reply, meta::Repeatable::Yes);
    if (!answer)
        return answer.error();
    const QJsonObject me = flat(*answer);
    AccountProfile profile{.username = json::string(me, "username"_L1), .displayName = json::string(me, "name"_L1), .account = meta::idText(me, "user_id"_L1)};
    if (profile.account.isEmpty())
        return Error{Error::Kind::BadPayload, u"the profile has no user_id"_s};
    const QUrl picture(json::string(me, "profile_picture_url"_L1), QUrl::StrictMode);
    if (picture.scheme() == "https"_L1 || picture.scheme() == "http"_L1)
        profile.picture = picture;
    profile.settings.insert("username"_L1, profile.username);
    return profile;
}

} // namespace antiphon::instagram
