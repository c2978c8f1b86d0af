#include "app/demo/simulatedinstagram.h"

namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString formValue(const SimulatedHttp::Request &request, const QByteArray &name)
{
    const SimulatedHttp::Request form{.rawQuery = request.body};
    return form.query(name).value_or(QString());
}

} // namespace

SimulatedInstagram::SimulatedInstagram(InstagramOptions options, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedThreads(options.app, options.accounts,
                       {.object = u"instagram"_s,
                        .idPrefix = u"aWdfZAG1f"_s,
                        .longestText = 1000,
                        .countsBytes = true,
                        .windowSubcode = 2534022,
                        .sendable = {u"image"_s, u"video"_s, u"audio"_s, u"file"_s, u"like_heart"_s, u"MEDIA_SHARE"_s},
                        .messageKeys = {u"text"_s, u"attachment"_s}},
                       clock, random, parent),
      m_options(std::move(options)),
      m_oauth(clock, [this](const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer) {
          SimulatedHttp::Request marked = request;
          marked.headers.append(SimulatedHttp::Header("X-Simulated-Host", "oauth"));
          handle(marked, answer);
      })
{
}

Result<void> SimulatedInstagram::listen()
{
    const auto listening = SimulatedGraph::listen();
    return listening ? m_oauth.listen() : listening;
}

void SimulatedInstagram::shutDown()
{
    SimulatedGraph::shutDown();
    m_oauth.close();
}

SimulatedGraph::Route SimulatedInstagram::routeOf(const SimulatedHttp::Request &request) const
{
    const QByteArray what = request.method + ' ' + request.path;
    if (request.header("X-Simulated-Host") == "oauth") {
        if (what == "GET /oauth/authorize" || what == "GET /oauth/authorize/")
            return {u"authorize"_s, {}};
        return what == "POST /oauth/access_token" ? Route{u"POST oauth/access_token"_s, {}} : Route{};
    }
    if (what == "GET /access_token" || what == "GET /refresh_access_token")
        return {u"GET "_s + QString::fromLatin1(request.path.mid(1)), {}};
    return SimulatedThreads::routeOf(request);
}

void SimulatedInstagram::perform(const Route &route, const SimulatedHttp::Request &request, const Done &done)
{
    if (route.endpoint == "authorize"_L1)
        done(authorize(request));
    else if (route.endpoint == "POST oauth/access_token"_L1)
        done(exchangeCode(request));
    else if (route.endpoint == "GET access_token"_L1)
        done(exchangeToken(request));
    else if (route.endpoint == "GET refresh_access_token"_L1)
        done(refreshToken(request));
    else
        SimulatedThreads::perform(route, request, done);
}

SimulatedGraph::Outcome SimulatedInstagram::authorize(const SimulatedHttp::Request &request)
{
    const auto asked = [&request](const char *name) { return request.query(name).value_or(QString()); };
    const auto page = [](int status, const QByteArray &text) { return Outcome{.isRefused = true, .raw = SimulatedHttp::Reply{.status = status, .contentType = "text/html", .body = text}}; };
    if (asked("client_id") != m_options.app.appId)
        return page(400, "Invalid platform app");
    const QUrl redirect(asked("redirect_uri"), QUrl::StrictMode);
    if (!redirect.isValid() || redirect.host().isEmpty() || (!m_options.redirectUri.isEmpty() && asked("redirect_uri") != m_options.redirectUri))
        return page(400, "Invalid redirect_uri");
    const QStringList wanted = asked("scope").split(u',', Qt::SkipEmptyParts);
    const bool isKnown = std::all_of(wanted.begin(), wanted.end(), [](const QString &scope) {
        return scopes().contains(scope) || scope == "instagram_business_manage_comments"_L1 || scope == "instagram_business_content_publish"_L1;
    });
    if (asked("response_type") != "code"_L1 || asked("state").isEmpty() || wanted.isEmpty() || !isKnown)
        return page(400, "Invalid request");
    const InstagramConsent consent = std::exchange(m_consent, {});
    const QByteArray state = QUrl::toPercentEncoding(asked("state"));
    QByteArray answer;
    if (consent.isDenied) {
        answer = "error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request&state=" + state;
    } else if (consent.isUnfit) {
        answer = "error=access_denied&error_code=200&error_description=Permissions+error&error_reason=user_denied&state=" + state;
    } else {
        QStringList granted = wanted;
        for (const QString &scope : consent.withheld)
            granted.removeAll(scope);
        const QString code = u"AQ"_s + randomToken(random(), 256);
        m_codes.insert(code, {.account = consent.account, .scopes = granted, .redirectUri = asked("redirect_uri"), .expires = now() + 1h});
        answer = "code=" + code.toLatin1() + "&state=" + state + "#_";
    }
    const QByteArray location = redirect.toEncoded() + (redirect.hasQuery() ? '&' : '?') + answer;
    return {.raw = SimulatedHttp::Reply{.status = 302, .contentType = "text/html", .headers = {{"Location", location}}}};
}

SimulatedGraph::Outcome SimulatedInstagram::refusedCode(const QString &message) const
{
    return {.body = {{u"error_type"_s, u"OAuthException"_s}, {u"code"_s, 400}, {u"error_message"_s, message}}, .httpStatus = 400, .isRefused = true};
}

SimulatedGraph::Outcome SimulatedInstagram::exchangeCode(const SimulatedHttp::Request &request)
{
    if (!request.header("Content-Type").startsWith("application/x-www-form-urlencoded"))
        return refusedCode(u"The request is no form"_s);
    if (formValue(request, "client_id") != m_options.app.appId || formValue(request, "client_secret") != m_options.app.appSecret)
        return refusedCode(u"Error validating client secret"_s);
    const QString given = formValue(request, "code");
    const auto code = m_codes.constFind(given);
    if (formValue(request, "grant_type") != "authorization_code"_L1 || code == m_codes.constEnd() || code->expires <= now())
        return refusedCode(u"Matching code was not found or was already used"_s);
    if (formValue(request, "redirect_uri") != code->redirectUri)
        return refusedCode(u"Error validating verification code. Please make sure your redirect_uri is identical"_s);
    const Code taken = m_codes.take(given);
    const ThreadAccount &owner = accounts()[taken.account];
    const QString token = SimulatedGraph::issueToken(owner.id, taken.scopes, now() + 1h);
    m_shortTokens.append(token);
    if (m_options.flatTokens)
        return {.body = {{u"access_token"_s, token}, {u"user_id"_s, owner.scopedId.toLongLong()}, {u"permissions"_s, QJsonArray::fromStringList(taken.scopes)}}};
    const QJsonObject one{{u"access_token"_s, token}, {u"user_id"_s, owner.scopedId}, {u"permissions"_s, taken.scopes.join(u',')}};
    return {.body = {{u"data"_s, QJsonArray{one}}}};
}

SimulatedGraph::Outcome SimulatedInstagram::grant(const QString &owner, const QStringList &scopes)
{
    return {.body = {{u"access_token"_s, SimulatedGraph::issueToken(owner, scopes, now() + m_options.longTokenLife)},
                     {u"token_type"_s, u"bearer"_s},
                     {u"expires_in"_s, qint64(m_options.longTokenLife.count())}}};
}

SimulatedGraph::Outcome SimulatedInstagram::exchangeToken(const SimulatedHttp::Request &request)
{
    const QString token = tokenOf(request, true);
    if (request.query("grant_type") != u"ig_exchange_token"_s || request.query("client_secret") != m_options.app.appSecret)
        return refused(100, u"Error validating client secret"_s);
    if (!m_shortTokens.contains(token) || !tokens().contains(token) || *tokens()[token].expires <= now())
        return refused(190, u"Session key invalid"_s, 0, 400);
    const Token taken = tokens()[token];
    return grant(taken.owner, taken.scopes);
}

SimulatedGraph::Outcome SimulatedInstagram::refreshToken(const SimulatedHttp::Request &request)
{
    const QString token = tokenOf(request, true);
    if (request.query("grant_type") != u"ig_refresh_token"_s)
        return refused(100, u"grant_type"_s);
    if (m_shortTokens.contains(token) || !tokens().contains(token) || *tokens()[token].expires <= now())
        return refused(190, u"Session has expired"_s, 463, 400);
    if (now() - tokens()[token].issued < 24h)
        return refused(100, u"The token is too young to be refreshed"_s);
    const Token taken = tokens().take(token);
    return grant(taken.owner, taken.scopes);
}

SimulatedGraph::Outcome SimulatedInstagram::describePerson(const ThreadPerson &person, const SimulatedHttp::Request &request)
{
    if (person.profileCode)
        return refused(person.profileCode, u"The profile cannot be told"_s, person.profileSubcode);
    if (!lastFrom(person.id))
        return refused(230, u"User consent is required to access user profile"_s);
    const QJsonObject known{{u"id"_s, person.id},
                            {u"name"_s, person.name.isEmpty() ? QJsonValue() : QJsonValue(person.name)},
                            {u"username"_s, person.username},
                            {u"profile_pic"_s, pictureOf(person.username)},
                            {u"follower_count"_s, 214},
                            {u"is_user_follow_business"_s, true},
                            {u"is_business_follow_user"_s, false},
                            {u"is_verified_user"_s, false}};
    QStringList fields;
    if (auto no = readFields(request, known.keys(), fields))
        return *no;
    QJsonObject answer{{u"id"_s, person.id}};
    for (const QString &field : std::as_const(fields))
        answer.insert(field, known[field]);
    return {.body = answer};
}

SimulatedGraph::Outcome SimulatedInstagram::describeAccount(const ThreadAccount &account, const SimulatedHttp::Request &request)
{
    const QJsonObject known{{u"id"_s, account.scopedId},
                            {u"user_id"_s, account.id},
                            {u"username"_s, account.username},
                            {u"name"_s, account.name},
                            {u"profile_picture_url"_s, pictureOf(account.username)},
                            {u"account_type"_s, u"BUSINESS"_s}};
    QStringList fields;
    if (auto no = readFields(request, known.keys(), fields))
        return *no;
    QJsonObject answer{{u"id"_s, account.scopedId}};
    for (const QString &field : std::as_const(fields))
        answer.insert(field, known[field]);
    return {.body = m_options.flatTokens ? answer : QJsonObject{{u"data"_s, QJsonArray{answer}}}};
}

QJsonObject SimulatedInstagram::echoOf(const QJsonObject &) const { return {}; }

void SimulatedInstagram::sentAlso(const QString &, const QString &) {}

QStringList SimulatedInstagram::subscribable() const
{
    return {u"messages"_s, u"message_reactions"_s, u"messaging_seen"_s, u"messaging_postbacks"_s, u"messaging_referral"_s, u"message_edit"_s, u"messaging_optins"_s,
            u"messaging_handover"_s, u"standby"_s, u"comments"_s};
}

void SimulatedInstagram::customerReads(const QString &person, const QString &messageId, const GraphEvent &event)
{
    tellElement(person, false, {{u"read"_s, QJsonObject{{u"mid"_s, messageId}}}}, event);
}

QString SimulatedInstagram::customerAnswersStory(const QString &person, const QString &text, const QByteArray &picture, const GraphEvent &event)
{
    const QJsonObject story{{u"url"_s, offerFile(picture, "image/jpeg").toString(QUrl::FullyEncoded)}, {u"id"_s, newDigits(17)}};
    return customerSends(person, {{u"text"_s, text}, {u"reply_to"_s, QJsonObject{{u"story"_s, story}}}}, event);
}

QString SimulatedInstagram::customerMentions(const QString &person, const QByteArray &picture, const GraphEvent &event)
{
    return customerSendsFiles(person, {{.type = u"story_mention"_s, .bytes = picture, .mime = "image/jpeg"}}, {}, event);
}

void SimulatedInstagram::customerDeletes(const QString &person, const QString &messageId, const GraphEvent &event)
{
    GraphEvent of = event;
    of.id = messageId;
    customerSends(person, {{u"is_deleted"_s, true}}, of);
}

void SimulatedInstagram::sendTest(const GraphEvent &event)
{
    const QJsonObject value{{u"sender"_s, QJsonObject{{u"id"_s, u"12334"_s}}}, {u"recipient"_s, QJsonObject{{u"id"_s, u"23245"_s}}}, {u"timestamp"_s, u"1527459824"_s},
                            {u"message"_s, QJsonObject{{u"mid"_s, u"random_mid"_s}, {u"text"_s, u"random_text"_s}}}};
    tellEntry({{u"id"_s, u"0"_s}, {u"changes"_s, QJsonArray{QJsonObject{{u"field"_s, u"messages"_s}, {u"value"_s, value}}}}}, event);
}

} // namespace antiphon::demo
