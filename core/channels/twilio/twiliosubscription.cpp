#include "core/channels/twilio/twiliosubscription.h"

#include "core/base/json.h"
#include "core/channels/twilio/twilioaddress.h"
#include "core/channels/twilio/twilioapi.h"

#include <QJsonArray>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostPages = 20;
/// Three tries, whatever went wrong. It is not signed and never reaches us.
constexpr auto kRetries = "rc=3&rp=all"_L1;

/// Where a sender's settings stand at Twilio, and what they say.
struct Place {
    enum class Kind { Number, Service, WhatsappSender };
    Kind kind = Kind::Number;
    QString sid{};
    QUrl incoming{};
    QUrl statuses{};
    bool isPost = true;
    bool isElsewhere = false;          ///< another setting of Twilio's goes before the address
};

Place::Kind kindOf(const QJsonObject &settings)
{
    if (!serviceOf(settings).isEmpty())
        return Place::Kind::Service;
    return isWhatsappInbox(settings) ? Place::Kind::WhatsappSender : Place::Kind::Number;
}

QUrl addressIn(const QJsonObject &object, QLatin1StringView key)
{
    const QString text = json::string(object, key);
    const QUrl url = text.isEmpty() ? QUrl() : QUrl(text, QUrl::StrictMode).adjusted(QUrl::RemoveFragment);
    return url.host() == "demo.twilio.com"_L1 ? QUrl() : url;          // what every new number has: nobody's
}

bool isPost(const QJsonObject &object, QLatin1StringView key)
{
    const QString method = json::string(object, key);
    return method.isEmpty() || method.compare("POST"_L1, Qt::CaseInsensitive) == 0;
}

/// Finds the place, over pages where it must be looked for.
class Finder {
public:
    Finder(InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)), m_kind(kindOf(m_inbox.settings)) {}

    HttpRequest start() const
    {
        switch (m_kind) {
        case Place::Kind::Number:
            return get(accountUrl(m_inbox, m_endpoints, u"IncomingPhoneNumbers.json"_s, {{u"PhoneNumber"_s, senderOf(m_inbox.settings)}}), m_inbox);
        case Place::Kind::Service: return get(hostUrl(Host::Messaging, m_endpoints, u"/v1/Services/"_s + serviceOf(m_inbox.settings)), m_inbox);
        case Place::Kind::WhatsappSender:
            return get(hostUrl(Host::Messaging, m_endpoints, u"/v2/Channels/Senders"_s, {{u"Channel"_s, u"whatsapp"_s}, {u"PageSize"_s, u"100"_s}}), m_inbox);
        }
        Q_UNREACHABLE();
    }

    /// A further request, the place, or why there is none.
    std::variant<HttpRequest, Place, Error> next(const QJsonObject &answer)
    {
        switch (m_kind) {
        case Place::Kind::Number: return number(answer);
        case Place::Kind::Service: return service(answer);
        case Place::Kind::WhatsappSender: return sender(answer);
        }
        Q_UNREACHABLE();
    }

private:
    using Found = std::variant<HttpRequest, Place, Error>;

    Error missing() const
    {
        return {Error::Kind::NotFound,
                u"%1 is not among the senders of this account: enter the address for incoming messages in Twilio's console"_s.arg(senderOf(m_inbox.settings))};
    }

    Found number(const QJsonObject &answer) const
    {
        const QJsonArray listed = answer.value("incoming_phone_numbers"_L1).toArray();
        for (const QJsonValue &value : listed) {
            const QJsonObject one = value.toObject();
            const QString sid = json::string(one, "sid"_L1);
            if (json::string(one, "phone_number"_L1) != senderOf(m_inbox.settings) || sid.isEmpty())
                continue;
            return Place{.kind = m_kind,
                         .sid = sid,
                         .incoming = addressIn(one, "sms_url"_L1),
                         .isPost = isPost(one, "sms_method"_L1),
                         .isElsewhere = !json::string(one, "sms_application_sid"_L1).isEmpty()};
        }
        return missing();
    }

    Found service(const QJsonObject &answer) const
    {
        return Place{.kind = m_kind,
                     .sid = serviceOf(m_inbox.settings),
                     .incoming = addressIn(answer, "inbound_request_url"_L1),
                     .statuses = addressIn(answer, "status_callback"_L1),
                     .isPost = isPost(answer, "inbound_method"_L1),
                     .isElsewhere = answer.value("use_inbound_webhook_on_number"_L1).toBool()};
    }

    Found sender(const QJsonObject &answer)
    {
        const QJsonArray listed = answer.value("senders"_L1).toArray();
        for (const QJsonValue &value : listed) {
            const QJsonObject one = value.toObject();
            const QString sid = json::string(one, "sid"_L1);
            if (json::string(one, "sender_id"_L1) != senderOf(m_inbox.settings) || sid.isEmpty())
                continue;
            const QJsonObject webhook = one.value("webhook"_L1).toObject();
            return Place{.kind = m_kind,
                         .sid = sid,
                         .incoming = addressIn(webhook, "callback_url"_L1),
                         .statuses = addressIn(webhook, "status_callback_url"_L1),
                         .isPost = isPost(webhook, "callback_method"_L1)};
        }
        const QUrl more = toldUrl(json::string(answer.value("meta"_L1).toObject(), "next_page_url"_L1), Host::Messaging, m_endpoints);
        if (more.isValid() && !more.isEmpty() && ++m_pages < kMostPages)
            return get(more, m_inbox);
        return missing();
    }

    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    Place::Kind m_kind;
    int m_pages = 0;
};

Error blamed(Error error, const QJsonObject &settings)
{
    if (error.kind == Error::Kind::Unauthorized)
        error.field = u"auth_token"_s;
    else if (error.kind == Error::Kind::NotFound && kindOf(settings) == Place::Kind::Service)
        error.field = u"messaging_service_sid"_s;
    return error;
}

class Inspect final : public Operation<WebhookRegistration> {
public:
    Inspect(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) : m_settings(inbox.settings), m_finder(inbox, endpoints) {}

    Step start() override { return Step(std::in_place_index<0>, m_finder.start()); }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, blamed(answer.error(), m_settings));
        const auto found = m_finder.next(*answer);
        if (const auto *more = std::get_if<HttpRequest>(&found))
            return Step(std::in_place_index<0>, *more);
        if (const auto *error = std::get_if<Error>(&found))
            return Step(std::in_place_index<1>, WebhookRegistration{.remark = error->detail});
        const Place &place = std::get<Place>(found);
        WebhookRegistration registration{.callback = place.incoming, .isSubscribed = !place.incoming.isEmpty() && place.isPost && !place.isElsewhere};
        if (place.isElsewhere)
            registration.remark = place.kind == Place::Kind::Service ? u"incoming messages go where each number says"_s
                                                                     : u"incoming messages go to a TwiML application"_s;
        return Step(std::in_place_index<1>, registration);
    }

private:
    QJsonObject m_settings;
    Finder m_finder;
};

/// Where a sender's statuses are brought, beside its messages.
QUrl statusAddress(QUrl callback)
{
    QString path = callback.path();
    path.truncate(path.lastIndexOf(u'/'));
    callback.setPath(path + u"/delivery_status"_s);
    return callback;
}

class Subscribe final : public Operation<WebhookRegistration> {
public:
    Subscribe(QUrl callback, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_callback(std::move(callback)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)), m_finder(m_inbox, m_endpoints) {}

    Step start() override
    {
        if (m_callback.isEmpty())
            return Step(std::in_place_index<2>, Error{Error::Kind::Invalid, u"no address to be brought to"_s});
        return Step(std::in_place_index<0>, m_finder.start());
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, blamed(answer.error(), m_inbox.settings));
        if (m_isEntered)
            return Step(std::in_place_index<1>, WebhookRegistration{.callback = m_callback, .isSubscribed = true});
        const auto found = m_finder.next(*answer);
        if (const auto *more = std::get_if<HttpRequest>(&found))
            return Step(std::in_place_index<0>, *more);
        if (const auto *error = std::get_if<Error>(&found))
            return Step(std::in_place_index<2>, *error);
        m_isEntered = true;
        return Step(std::in_place_index<0>, enter(std::get<Place>(found)));
    }

private:
    HttpRequest enter(const Place &place) const
    {
        const QString incoming = withRetries(m_callback);
        const QString statuses = withRetries(statusAddress(m_callback));
        switch (place.kind) {
        case Place::Kind::Number: {
            Fields fields{{u"SmsUrl"_s, incoming}, {u"SmsMethod"_s, u"POST"_s}};
            if (place.isElsewhere)
                fields.append({u"SmsApplicationSid"_s, QString()});
            return postForm(accountUrl(m_inbox, m_endpoints, u"IncomingPhoneNumbers/%1.json"_s.arg(place.sid)), fields, m_inbox);
        }
        case Place::Kind::Service:
            return postForm(hostUrl(Host::Messaging, m_endpoints, u"/v1/Services/"_s + place.sid),
                            {{u"InboundRequestUrl"_s, incoming},
                             {u"InboundMethod"_s, u"POST"_s},
                             {u"UseInboundWebhookOnNumber"_s, u"false"_s},
                             {u"StatusCallback"_s, statuses}},
                            m_inbox);
        case Place::Kind::WhatsappSender: {
            const QJsonObject webhook{{"callback_url"_L1, incoming},
                                      {"callback_method"_L1, u"POST"_s},
                                      {"status_callback_url"_L1, statuses},
                                      {"status_callback_method"_L1, u"POST"_s}};
            return postJson(hostUrl(Host::Messaging, m_endpoints, u"/v2/Channels/Senders/"_s + place.sid), {{"webhook"_L1, webhook}}, m_inbox);
        }
        }
        Q_UNREACHABLE();
    }

    static QString withRetries(QUrl url)
    {
        url.setFragment(kRetries);
        return url.toString(QUrl::FullyEncoded);
    }

    QUrl m_callback;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    Finder m_finder;
    bool m_isEntered = false;
};

class Withdraw final : public Operation<bool> {
public:
    Withdraw(QUrl callback, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_callback(std::move(callback)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)), m_finder(m_inbox, m_endpoints) {}

    Step start() override { return Step(std::in_place_index<0>, m_finder.start()); }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, blamed(answer.error(), m_inbox.settings));
        if (m_isTakenOut)
            return Step(std::in_place_index<1>, true);
        const auto found = m_finder.next(*answer);
        if (const auto *more = std::get_if<HttpRequest>(&found))
            return Step(std::in_place_index<0>, *more);
        const auto *place = std::get_if<Place>(&found);
        if (!place || m_callback.isEmpty() || place->incoming != m_callback || (place->kind != Place::Kind::WhatsappSender && place->isElsewhere))
            return Step(std::in_place_index<1>, false);
        m_isTakenOut = true;
        return Step(std::in_place_index<0>, takeOut(*place));
    }

private:
    HttpRequest takeOut(const Place &place) const
    {
        const bool hasOurStatuses = place.statuses == statusAddress(m_callback);
        switch (place.kind) {
        case Place::Kind::Number:
            return postForm(accountUrl(m_inbox, m_endpoints, u"IncomingPhoneNumbers/%1.json"_s.arg(place.sid)), {{u"SmsUrl"_s, QString()}}, m_inbox);
        case Place::Kind::Service: {
            Fields fields{{u"UseInboundWebhookOnNumber"_s, u"true"_s}};
            if (hasOurStatuses)
                fields.append({u"StatusCallback"_s, QString()});
            return postForm(hostUrl(Host::Messaging, m_endpoints, u"/v1/Services/"_s + place.sid), fields, m_inbox);
        }
        case Place::Kind::WhatsappSender: {
            QJsonObject webhook{{"callback_url"_L1, QString()}};
            if (hasOurStatuses)
                webhook.insert("status_callback_url"_L1, QString());
            return postJson(hostUrl(Host::Messaging, m_endpoints, u"/v2/Channels/Senders/"_s + place.sid), {{"webhook"_L1, webhook}}, m_inbox);
        }
        }
        Q_UNREACHABLE();
    }

    QUrl m_callback;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    Finder m_finder;
    bool m_isTakenOut = false;
};

} // namespace

OperationPtr<bool> withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Withdraw>(callback, inbox, endpoints);
}

OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Inspect>(inbox, endpoints);
}

OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Subscribe>(callback, inbox, endpoints);
}

} // namespace antiphon::twilio
