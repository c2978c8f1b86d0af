#include "core/channels/whatsapp/whatsappsubscription.h"

#include "core/base/json.h"
#include "core/channels/whatsapp/whatsapperrors.h"

#include <QJsonArray>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;
using meta::Repeatable;

namespace {

constexpr qsizetype kLongestCallback = 200;

QUrl urlIn(const QJsonObject &object, QLatin1StringView key)
{
    const QString text = json::string(object, key);
    return text.isEmpty() ? QUrl() : QUrl(text, QUrl::StrictMode);
}

QUrl numberUrl(const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QueryItems &query = {})
{
    return meta::graphUrl(endpoints, inbox.account, query);
}

class Inspect final : public Operation<WebhookRegistration> {
public:
    Inspect(InboxCredentials inbox, ChannelEndpoints endpoints) : m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        return Step(std::in_place_index<0>, meta::graphGet(accountUrl(m_inbox, m_endpoints, u"subscribed_apps"_s), m_inbox.accessToken));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!m_apps) {
            if (!answer)
                return Step(std::in_place_index<2>, answer.error());
            m_apps = subscribedApps(*answer, m_inbox.appId);
            return Step(std::in_place_index<0>,
                        meta::graphGet(numberUrl(m_inbox, m_endpoints, {{u"fields"_s, u"webhook_configuration"_s}}), m_inbox.accessToken));
        }
        WebhookRegistration found{.callback = m_apps->overriding, .isSubscribed = m_apps->isSubscribed};
        if (!answer) {           // an older version of the API, say: what the account says stands
            if (answer.error().kind != Error::Kind::Invalid)
                return Step(std::in_place_index<2>, answer.error());
            found.remark = u"the number's own address could not be read"_s;
            return Step(std::in_place_index<1>, found);
        }
        const QJsonObject configuration = answer->value("webhook_configuration"_L1).toObject();
        for (const QLatin1StringView level : {"phone_number"_L1, "whatsapp_business_account"_L1}) {
            if (!json::string(configuration, level).isEmpty()) {
                found.callback = urlIn(configuration, level);
                break;
            }
        }
        // Every number of the application falls back to that one: whoever gives a number an address of its own takes nothing from the others.
        if (const QUrl fallback = urlIn(configuration, "application"_L1); found.callback.isEmpty() && !fallback.isEmpty())
            found.remark = u"without an address of its own the number's webhooks go to the application's, "_s + fallback.toString();
        return Step(std::in_place_index<1>, found);
    }

private:
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    std::optional<SubscribedApps> m_apps{};
};

class Subscribe final : public Operation<WebhookRegistration> {
public:
    Subscribe(QUrl callback, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_callback(std::move(callback)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        if (!m_callback.isEmpty() && m_inbox.verifyToken.isEmpty())
            return Step(std::in_place_index<2>, Error{Error::Kind::Invalid, u"no verify token"_s, u"verify_token"_s});
        if (m_callback.toString(QUrl::FullyEncoded).size() > kLongestCallback)
            return Step(std::in_place_index<2>, Error{Error::Kind::Invalid, u"WhatsApp takes addresses of up to %1 characters"_s.arg(kLongestCallback)});
        return Step(std::in_place_index<0>, meta::graphGet(accountUrl(m_inbox, m_endpoints, u"subscribed_apps"_s), m_inbox.accessToken));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        switch (m_stage) {
        case Stage::Looking:
            if (!subscribedApps(*answer, m_inbox.appId).isSubscribed) {
                m_stage = Stage::Subscribing;
                return Step(std::in_place_index<0>, meta::graphPost(accountUrl(m_inbox, m_endpoints, u"subscribed_apps"_s), {}, m_inbox.accessToken));
            }
            return overrideCallback();
        case Stage::Subscribing: return overrideCallback();
        case Stage::Overriding: break;
        }
        return done();
    }

private:
    enum class Stage { Looking, Subscribing, Overriding };

    Step overrideCallback()
    {
        if (m_callback.isEmpty())
            return done();
        m_stage = Stage::Overriding;
        const QJsonObject configuration{{"override_callback_uri"_L1, m_callback.toString(QUrl::FullyEncoded)}, {"verify_token"_L1, m_inbox.verifyToken}};
        HttpRequest request = meta::graphPost(numberUrl(m_inbox, m_endpoints), {{"webhook_configuration"_L1, configuration}}, m_inbox.accessToken);
        request.timeout = std::chrono::milliseconds(60'000);       // Meta asks the address meanwhile
        return Step(std::in_place_index<0>, request);
    }

    Step done() const { return Step(std::in_place_index<1>, WebhookRegistration{.callback = m_callback, .isSubscribed = true}); }

    QUrl m_callback;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    Stage m_stage = Stage::Looking;
};

} // namespace

QUrl accountUrl(const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &edge, const QList<QPair<QString, QString>> &query)
{
    return meta::graphUrl(endpoints, json::string(inbox.settings, "business_account_id"_L1) + u'/' + edge, query);
}

SubscribedApps subscribedApps(const QJsonObject &answer, const QString &appId)
{
    SubscribedApps found;
    const QJsonArray apps = answer.value("data"_L1).toArray();
    for (const QJsonValue &value : apps) {
        const QJsonObject app = value.toObject();
        const QString id = json::string(app.value("whatsapp_business_api_data"_L1).toObject(), "id"_L1);
        if (!appId.isEmpty() && id != appId)
            continue;
        found.isSubscribed = true;
        found.overriding = urlIn(app, "override_callback_uri"_L1);
        break;
    }
    return found;
}

OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Inspect>(inbox, endpoints);
}

OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Subscribe>(callback, inbox, endpoints);
}

namespace {

/// The number's own address only; an empty one removes it.
class Withdraw final : public Operation<bool> {
public:
    Withdraw(QUrl callback, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_callback(std::move(callback)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        return Step(std::in_place_index<0>, meta::graphGet(numberUrl(m_inbox, m_endpoints, {{u"fields"_s, u"webhook_configuration"_s}}), m_inbox.accessToken));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        if (m_isTakenOut)
            return Step(std::in_place_index<1>, true);
        if (m_callback.isEmpty() || urlIn(answer->value("webhook_configuration"_L1).toObject(), "phone_number"_L1) != m_callback)
            return Step(std::in_place_index<1>, false);
        m_isTakenOut = true;
        return Step(std::in_place_index<0>,
                    meta::graphPost(numberUrl(m_inbox, m_endpoints), {{"webhook_configuration"_L1, QJsonObject{{"override_callback_uri"_L1, QString()}}}},
                                    m_inbox.accessToken));
    }

private:
    QUrl m_callback;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    bool m_isTakenOut = false;
};

} // namespace

OperationPtr<bool> withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Withdraw>(callback, inbox, endpoints);
}

HttpRequest unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    HttpRequest request = meta::graphGet(accountUrl(inbox, endpoints, u"subscribed_apps"_s), inbox.accessToken);
    request.method = "DELETE";
    return request;
}

} // namespace antiphon::whatsapp
