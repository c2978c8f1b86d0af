#include "app/demo/simulatedwhatsapp.h"

namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

const QString kMessaging = u"whatsapp_business_messaging"_s;
const QString kManagement = u"whatsapp_business_management"_s;

QJsonObject body(const QString &text) { return {{u"type"_s, u"BODY"_s}, {u"text"_s, text}}; }

QJsonObject definition(const QString &id, const QString &name, const QString &language, const QString &status, const QJsonArray &components, bool isNamed = false)
{
    return {{u"id"_s, id}, {u"name"_s, name}, {u"language"_s, language}, {u"status"_s, status}, {u"category"_s, u"UTILITY"_s},
            {u"parameter_format"_s, isNamed ? u"NAMED"_s : u"POSITIONAL"_s}, {u"components"_s, components}};
}

} // namespace

QJsonArray WhatsappOptions::defaultTemplates()
{
    const QJsonObject header{{u"type"_s, u"HEADER"_s}, {u"format"_s, u"TEXT"_s}, {u"text"_s, u"Order {{1}}"_s}};
    const QJsonObject button{{u"type"_s, u"URL"_s}, {u"text"_s, u"Track it"_s}, {u"url"_s, u"https://shop.example/track/{{1}}"_s}};
    const QJsonObject picture{{u"type"_s, u"HEADER"_s}, {u"format"_s, u"IMAGE"_s}};
    return {definition(u"801"_s, u"order_ready"_s, u"en_US"_s, u"APPROVED"_s,
                       {header, body(u"Hello {{1}}, your order is ready until {{2}}."_s), QJsonObject{{u"type"_s, u"BUTTONS"_s}, {u"buttons"_s, QJsonArray{button}}}}),
            definition(u"802"_s, u"order_ready"_s, u"de"_s, u"APPROVED"_s, {body(u"Hallo {{1}}, Ihre Bestellung liegt bis {{2}} bereit."_s)}),
            definition(u"803"_s, u"welcome_back"_s, u"en"_s, u"APPROVED"_s, {body(u"Hi {{first_name}}, the {{item}} is back."_s)}, true),
            definition(u"804"_s, u"spring_offer"_s, u"en"_s, u"REJECTED"_s, {body(u"Only today!"_s)}),
            definition(u"805"_s, u"new_shelf"_s, u"en"_s, u"APPROVED"_s, {picture, body(u"Look what came in."_s)})};
}

SimulatedWhatsapp::SimulatedWhatsapp(WhatsappOptions options, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedGraph(options.app, clock, random, parent), m_options(std::move(options))
{
}

const WhatsappNumber *SimulatedWhatsapp::numberOf(const QString &id) const
{
    for (const WhatsappNumber &one : m_options.numbers) {
        if (one.id == id)
            return &one;
    }
    return nullptr;
}

bool SimulatedWhatsapp::isAccount(const QString &id) const
{
    return std::any_of(m_options.numbers.begin(), m_options.numbers.end(), [&id](const WhatsappNumber &one) { return one.accountId == id; });
}

QString SimulatedWhatsapp::kindOfNode(const QString &id) const
{
    return m_media.contains(id) ? u"media"_s : isAccount(id) ? u"account"_s : u"number"_s;
}

SimulatedGraph::Route SimulatedWhatsapp::routeOf(const SimulatedHttp::Request &request) const
{
    const QString verb = QString::fromLatin1(request.method);
    if (request.path.startsWith("/whatsapp_business/attachments/"))
        return verb == "GET"_L1 ? Route{u"GET download"_s, {}} : Route{};
    const QStringList words = graphPath(request);
    if (words.isEmpty())
        return {};
    const QString edge = words.size() == 2 ? words[1] : kindOfNode(words[0]);
    static const QStringList known{u"GET number"_s, u"POST number"_s, u"GET account"_s, u"GET media"_s, u"POST media"_s, u"POST messages"_s, u"GET phone_numbers"_s,
                                   u"GET message_templates"_s, u"GET subscribed_apps"_s, u"POST subscribed_apps"_s, u"DELETE subscribed_apps"_s, u"POST smb_app_data"_s};
    const QString endpoint = verb + u' ' + edge;
    return known.contains(endpoint) ? Route{endpoint, words[0]} : Route{};
}

void SimulatedWhatsapp::perform(const Route &route, const SimulatedHttp::Request &request, const Done &done)
{
    const QString &what = route.endpoint;
    if (what == "POST number"_L1)
        overrideCallback(route.node, request, done);
    else if (what.endsWith("subscribed_apps"_L1))
        subscription(route.node, request, done);
    else if (what == "GET number"_L1)
        done(getNumber(route.node, request));
    else if (what == "GET account"_L1 || what == "GET phone_numbers"_L1)
        done(listNumbers(route.node, request));
    else if (what == "GET message_templates"_L1)
        done(listTemplates(route.node, request));
    else if (what == "POST smb_app_data"_L1)
        done(startSync(route.node, request));
    else if (what == "POST media"_L1)
        done(upload(route.node, request));
    else if (what == "GET media"_L1)
        done(getMedia(route.node, request));
    else if (what == "GET download"_L1)
        done(download(request));
    else
        done(send(route.node, request));
}

std::optional<SimulatedGraph::Outcome> SimulatedWhatsapp::refusedNumber(const SimulatedHttp::Request &request, const QString &numberId, const QString &scope)
{
    const WhatsappNumber *number = numberOf(numberId);
    // Whoever has no token learns nothing of what exists.
    const QString token = tokenOf(request, false);
    if (!number)
        return tokens().contains(token) ? unknownObject(numberId) : refusedToken(token, {}, {});
    if (auto no = refusedToken(token, number->accountId, scope))
        return no;
    return refusedProof(request, token, false);
}

SimulatedGraph::Outcome SimulatedWhatsapp::getNumber(const QString &id, const SimulatedHttp::Request &request)
{
    if (auto no = refusedNumber(request, id, {}))
        return *no;
    const WhatsappNumber &number = *numberOf(id);
    QJsonObject known{{u"id"_s, id},
                      {u"display_phone_number"_s, u"+%1 %2"_s.arg(number.digits.left(1), number.digits.mid(1))},
                      {u"verified_name"_s, number.verifiedName},
                      {u"quality_rating"_s, u"GREEN"_s},
                      {u"code_verification_status"_s, u"VERIFIED"_s},
                      {u"platform_type"_s, u"CLOUD_API"_s},
                      {u"is_on_biz_app"_s, number.isCoexistence},
                      {u"status"_s, u"CONNECTED"_s},
                      {u"throughput"_s, QJsonObject{{u"level"_s, u"STANDARD"_s}}}};
    QJsonObject configuration;
    for (const auto &[key, owner] : {std::pair(u"phone_number"_s, id), std::pair(u"whatsapp_business_account"_s, number.accountId)}) {
        if (m_overrides.contains(owner))
            configuration.insert(key, m_overrides[owner].toString(QUrl::FullyEncoded));
    }
    if (!webhooks().callback().isEmpty())
        configuration.insert(u"application"_s, webhooks().callback().toString(QUrl::FullyEncoded));
    known.insert(u"webhook_configuration"_s, configuration);
    QStringList fields;
    if (auto no = readFields(request, known.keys(), fields))
        return *no;
    if (fields.isEmpty())
        fields = {u"verified_name"_s, u"display_phone_number"_s, u"quality_rating"_s, u"platform_type"_s, u"throughput"_s, u"code_verification_status"_s};
    QJsonObject answer{{u"id"_s, id}};
    for (const QString &field : std::as_const(fields))
        answer.insert(field, known.value(field));
    return {.body = answer};
}

void SimulatedWhatsapp::overrideCallback(const QString &id, const SimulatedHttp::Request &request, const Done &done)
{
    if (auto no = refusedNumber(request, id, kManagement)) {
        done(*no);
        return;
    }
    const QJsonObject asked = bodyOf(request).value(u"webhook_configuration"_s).toObject();
    const QString address = asked[u"override_callback_uri"_s].toString();
    if (const QString key = strangeKey(asked, {u"override_callback_uri"_s, u"verify_token"_s}); !key.isEmpty() || address.size() > 200) {
        done(badParameter(u"webhook_configuration"_s));
        return;
    }
    if (address.isEmpty()) {
        m_overrides.remove(id);
        done({.body = {{u"success"_s, true}}});
        return;
    }
    verifyCallback(QUrl(address), asked[u"verify_token"_s].toString(), [this, id, address, done](int, const QByteArray &, bool matches) {
        if (matches)
            m_overrides.insert(id, QUrl(address));
        done(matches ? Outcome{.body = {{u"success"_s, true}}} : refused(2200, u"Callback verification failed"_s));
    });
}

void SimulatedWhatsapp::subscription(const QString &accountId, const SimulatedHttp::Request &request, const Done &done)
{
    if (auto no = refusedToken(tokenOf(request, false), accountId, kManagement)) {
        done(*no);
        return;
    }
    const auto success = [done] { done({.body = {{u"success"_s, true}}}); };
    if (request.method == "GET") {
        QJsonArray data;
        if (m_subscribed.contains(accountId)) {
            QJsonObject one{{u"whatsapp_business_api_data"_s, QJsonObject{{u"id"_s, app().appId}, {u"name"_s, u"Antiphon"_s}, {u"link"_s, u"https://www.facebook.com/games/?app_id="_s + app().appId}}}};
            if (m_overrides.contains(accountId))
                one.insert(u"override_callback_uri"_s, m_overrides[accountId].toString(QUrl::FullyEncoded));
            data.append(one);
        }
        done({.body = {{u"data"_s, data}}});
        return;
    }
    if (request.method == "DELETE") {
        m_subscribed.removeAll(accountId);
        m_overrides.remove(accountId);
        success();
        return;
    }
    const QJsonObject asked = bodyOf(request);
    if (const QString key = strangeKey(asked, {u"override_callback_uri"_s, u"verify_token"_s}); !key.isEmpty()) {
        done(unknownParameter(key));
        return;
    }
    const QString address = asked[u"override_callback_uri"_s].toString();
    const auto subscribe = [this, accountId, success] {
        m_subscribed.removeAll(accountId);
        m_subscribed.append(accountId);
        success();
    };
    if (address.isEmpty()) {
        m_overrides.remove(accountId);
        subscribe();
        return;
    }
    verifyCallback(QUrl(address), asked[u"verify_token"_s].toString(), [this, accountId, address, subscribe, done](int, const QByteArray &, bool matches) {
        if (!matches) {
            done(refused(2200, u"Callback verification failed"_s));
            return;
        }
        m_overrides.insert(accountId, QUrl(address));
        subscribe();
    });
}

SimulatedGraph::Outcome SimulatedWhatsapp::listNumbers(const QString &accountId, const SimulatedHttp::Request &request)
{
    if (auto no = refusedToken(tokenOf(request, false), accountId, kManagement))
        return *no;
    if (!request.path.endsWith("/phone_numbers"))
        return {.body = {{u"id"_s, accountId}, {u"name"_s, m_options.numbers.first().verifiedName}, {u"currency"_s, u"EUR"_s}, {u"timezone_id"_s, u"58"_s}}};
    QJsonArray data;
    for (const WhatsappNumber &one : std::as_const(m_options.numbers)) {
        if (one.accountId == accountId)
            data.append(QJsonObject{{u"id"_s, one.id}, {u"display_phone_number"_s, u"+"_s + one.digits}, {u"verified_name"_s, one.verifiedName}});
    }
    return {.body = {{u"data"_s, data}}};
}

SimulatedGraph::Outcome SimulatedWhatsapp::listTemplates(const QString &accountId, const SimulatedHttp::Request &request)
{
    if (auto no = refusedToken(tokenOf(request, false), accountId, kManagement))
        return *no;
    static const QStringList known{u"limit"_s, u"after"_s, u"fields"_s, u"status"_s, u"name"_s, u"language"_s, u"access_token"_s};
    for (const QString &name : queryNames(request)) {
        if (!known.contains(name))
            return unknownParameter(name);
    }
    QJsonArray matching;
    for (const QJsonValue &one : std::as_const(m_options.templates)) {
        const auto fits = [&](const char *key) { return request.query(key).value_or(QString()).isEmpty() || one[QLatin1StringView(key)] == *request.query(key); };
        if (fits("status") && fits("name") && fits("language"))
            matching.append(one);
    }
    const auto from = request.query("after").value_or(u"0"_s).toLongLong();
    const auto asked = request.query("limit").value_or(u"25"_s).toLongLong();
    const auto end = std::min<qint64>(matching.size(), from + std::min<qint64>(asked, m_options.templatesPerPage));
    QJsonArray data;
    for (qint64 i = from; i < end; ++i)
        data.append(matching[i]);
    QJsonObject paging{{u"cursors"_s, QJsonObject{{u"before"_s, QString::number(from)}, {u"after"_s, QString::number(end)}}}};
    if (end < matching.size()) {
        const QString path = QString::fromLatin1(request.path);
        paging.insert(u"next"_s, u"%1%2?limit=%3&after=%4"_s.arg(apiUrl().toString(), path).arg(asked).arg(end));
    }
    return {.body = {{u"data"_s, data}, {u"paging"_s, paging}}};
}

SimulatedGraph::Outcome SimulatedWhatsapp::startSync(const QString &id, const SimulatedHttp::Request &request)
{
    if (auto no = refusedNumber(request, id, kManagement))
        return *no;
    const QJsonObject asked = bodyOf(request);
    const QString type = asked[u"sync_type"_s].toString();
    if (asked[u"messaging_product"_s] != "whatsapp"_L1 || (type != "history"_L1 && type != "smb_app_state_sync"_L1))
        return badParameter(u"sync_type"_s);
    if (!numberOf(id)->isCoexistence)
        return refused(100, u"The number is not on the WhatsApp Business app"_s);
    if (m_syncs.contains(id + u' ' + type))
        return refused(2593107, u"This sync was already done"_s);
    m_syncs.append(id + u' ' + type);
    return {.body = {{u"messaging_product"_s, u"whatsapp"_s}, {u"request_id"_s, newDigits(15)}}};
}

bool SimulatedWhatsapp::isOnlySign(const SimulatedHttp::Request &request) const
{
    return bodyOf(request).contains(u"status"_s);
}

QJsonObject SimulatedWhatsapp::webhookBody(const QJsonArray &entries) const
{
    return {{u"object"_s, u"whatsapp_business_account"_s}, {u"entry"_s, entries}};
}

} // namespace antiphon::demo
