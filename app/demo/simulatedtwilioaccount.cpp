#include "app/demo/simulatedtwilio.h"

#include <QRegularExpression>

/// The account, its numbers, its service, its WhatsApp sender and its templates.
namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

/// What is wrong with an address for webhooks; empty: nothing.
QString wrongUrl(const QString &text)
{
    if (text.isEmpty())
        return {};
    const QUrl url(text);
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != "https"_L1 && url.scheme() != "http"_L1))
        return text + u" is not a valid URL"_s;
    static const QRegularExpression extensions(u"^((ct=\\d{3,5}|rt=\\d{3,5}|tt=\\d{3,5}|rc=[0-5]|rp=(4xx|5xx|ct|rt|all)(,(4xx|5xx|ct|rt|all))*|sni=[yn])(&|$))*$"_s);
    return extensions.match(url.fragment()).hasMatch() ? QString() : u"11243: invalid URL fragment"_s;
}

QJsonObject templateOf(const QString &sid, const QString &name, const QString &language, const QString &status, const QJsonObject &types, const QJsonObject &variables)
{
    return {{u"sid"_s, sid}, {u"friendly_name"_s, name}, {u"language"_s, language}, {u"types"_s, types}, {u"variables"_s, variables},
            {u"approval_requests"_s, QJsonObject{{u"name"_s, name}, {u"category"_s, u"UTILITY"_s}, {u"content_type"_s, types.keys().first()}, {u"status"_s, status}}}};
}

QJsonObject text(const QString &body) { return {{u"twilio/text"_s, QJsonObject{{u"body"_s, body}}}}; }

} // namespace

QJsonArray TwilioOptions::defaultTemplates()
{
    const QJsonObject replies{{u"twilio/quick-reply"_s, QJsonObject{{u"body"_s, u"Shall we deliver on {{1}}?"_s},
                                                                    {u"actions"_s, QJsonArray{QJsonObject{{u"title"_s, u"Yes"_s}, {u"id"_s, u"yes"_s}}}}}}};
    return {templateOf(u"HX00000000000000000000000000000001"_s, u"order_ready"_s, u"en"_s, u"approved"_s, text(u"Hello {{1}}, order {{2}} is ready."_s),
                       {{u"1"_s, u"Ana"_s}, {u"2"_s, u"77"_s}}),
            templateOf(u"HX00000000000000000000000000000002"_s, u"order_ready"_s, u"de"_s, u"approved"_s, text(u"Hallo {{1}}, Bestellung {{2}} ist fertig."_s),
                       {{u"1"_s, u"Ana"_s}, {u"2"_s, u"77"_s}}),
            templateOf(u"HX00000000000000000000000000000003"_s, u"spring"_s, u"en"_s, u"rejected"_s, text(u"Only today!"_s), {}),
            templateOf(u"HX00000000000000000000000000000004"_s, u"delivery_day"_s, u"en"_s, u"approved"_s, replies, {{u"1"_s, u"Friday"_s}})};
}

SimulatedPlatform::Outcome SimulatedTwilio::account() const
{
    return {.body = {{u"sid"_s, m_options.accountSid}, {u"friendly_name"_s, u"Lantern Books"_s}, {u"status"_s, m_options.accountStatus}, {u"type"_s, u"Full"_s}}};
}

QJsonObject SimulatedTwilio::numberOf(const TwilioNumber &number) const
{
    return {{u"sid"_s, number.sid},
            {u"account_sid"_s, m_options.accountSid},
            {u"phone_number"_s, number.number},
            {u"friendly_name"_s, number.number},
            {u"sms_url"_s, m_smsUrls.value(number.sid)},
            {u"sms_method"_s, u"POST"_s},
            {u"capabilities"_s, QJsonObject{{u"sms"_s, true}, {u"mms"_s, true}, {u"voice"_s, true}}}};
}

SimulatedPlatform::Outcome SimulatedTwilio::listNumbers(const SimulatedHttp::Request &request) const
{
    const auto wanted = request.query("PhoneNumber");
    QJsonArray found;
    for (const TwilioNumber &one : m_options.numbers) {
        if (!wanted || *wanted == one.number)
            found.append(numberOf(one));
    }
    return {.body = {{u"incoming_phone_numbers"_s, found}, {u"page"_s, 0}, {u"page_size"_s, 50}, {u"next_page_uri"_s, QJsonValue::Null}}};
}

SimulatedPlatform::Outcome SimulatedTwilio::changeNumber(const QString &sid, const SimulatedHttp::Request &request)
{
    static const QStringList known{u"SmsUrl"_s, u"SmsMethod"_s, u"SmsFallbackUrl"_s, u"SmsFallbackMethod"_s, u"SmsApplicationSid"_s, u"FriendlyName"_s};
    for (const TwilioNumber &one : m_options.numbers) {
        if (one.sid != sid)
            continue;
        const Fields fields = fieldsOf(request.body);
        for (const auto &[name, value] : fields) {
            if (!known.contains(name))
                return refused(20001, u"Unknown parameter "_s + name);
            if (name.endsWith("Url"_L1)) {
                if (const QString wrong = wrongUrl(value); !wrong.isEmpty())
                    return refused(21502, wrong);
            }
            if (name.endsWith("Method"_L1) && value != "POST"_L1 && value != "GET"_L1)
                return refused(21403, u"Method is not valid"_s);
            if (name == "SmsUrl"_L1)
                m_smsUrls.insert(sid, value);
        }
        return {.body = numberOf(one)};
    }
    return refused(20404, u"The requested resource was not found"_s, 404);
}

SimulatedPlatform::Outcome SimulatedTwilio::service(const QString &sid, const SimulatedHttp::Request &request)
{
    if (sid != m_options.serviceSid)
        return refused(20404, u"The requested resource was not found"_s, 404);
    static const QHash<QString, QString> known{{u"InboundRequestUrl"_s, u"inbound_request_url"_s}, {u"InboundMethod"_s, u"inbound_method"_s},
                                               {u"FallbackUrl"_s, u"fallback_url"_s}, {u"FallbackMethod"_s, u"fallback_method"_s},
                                               {u"StatusCallback"_s, u"status_callback"_s}, {u"UseInboundWebhookOnNumber"_s, u"use_inbound_webhook_on_number"_s}};
    const Fields fields = request.method == "POST" ? fieldsOf(request.body) : Fields();
    for (const auto &[name, value] : fields) {
        if (!known.contains(name))
            return refused(20001, u"Unknown parameter "_s + name);
        const bool isUrl = name.endsWith("Url"_L1) || name == "StatusCallback"_L1;
        if (const QString wrong = isUrl ? wrongUrl(value) : QString(); !wrong.isEmpty())
            return refused(20001, wrong);
        m_service.insert(known.value(name), name == "UseInboundWebhookOnNumber"_L1 ? QJsonValue(value == "true"_L1) : QJsonValue(value));
    }
    QJsonObject body = m_service;
    body.insert(u"sid"_s, sid);
    body.insert(u"account_sid"_s, m_options.accountSid);
    body.insert(u"friendly_name"_s, u"Shop"_s);
    return {.body = body};
}

SimulatedPlatform::Outcome SimulatedTwilio::serviceNumbers(const QString &sid) const
{
    if (sid != m_options.serviceSid)
        return refused(20404, u"The requested resource was not found"_s, 404);
    QJsonArray found;
    for (const TwilioNumber &one : m_options.numbers) {
        if (one.service == sid)
            found.append(QJsonObject{{u"sid"_s, one.sid}, {u"service_sid"_s, sid}, {u"phone_number"_s, one.number}});
    }
    return {.body = {{u"phone_numbers"_s, found}, {u"meta"_s, QJsonObject{{u"page"_s, 0}, {u"next_page_url"_s, QJsonValue::Null}, {u"key"_s, u"phone_numbers"_s}}}}};
}

SimulatedPlatform::Outcome SimulatedTwilio::listSenders(const SimulatedHttp::Request &request) const
{
    if (request.query("Channel") != u"whatsapp"_s)
        return refused(20001, u"Channel is required"_s);
    const QJsonObject sender{{u"sid"_s, m_options.senderSid}, {u"sender_id"_s, m_options.whatsappNumber}, {u"status"_s, u"ONLINE"_s}, {u"webhook"_s, m_sender}};
    return {.body = {{u"senders"_s, QJsonArray{sender}}, {u"meta"_s, QJsonObject{{u"page"_s, 0}, {u"next_page_url"_s, QJsonValue::Null}, {u"key"_s, u"senders"_s}}}}};
}

SimulatedPlatform::Outcome SimulatedTwilio::changeSender(const QString &sid, const SimulatedHttp::Request &request)
{
    if (sid != m_options.senderSid)
        return refused(20404, u"The requested resource was not found"_s, 404);
    if (request.method == "POST") {
        const QJsonObject webhook = bodyOf(request)[u"webhook"_s].toObject();
        if (!request.header("Content-Type").startsWith("application/json") || webhook.isEmpty())
            return refused(20001, u"The body is not JSON with a webhook"_s);
        const QStringList known{u"callback_url"_s, u"callback_method"_s, u"fallback_url"_s, u"fallback_method"_s, u"status_callback_url"_s, u"status_callback_method"_s};
        if (const QString strange = strangeKey(webhook, known); !strange.isEmpty())
            return refused(20001, u"Unknown parameter "_s + strange);
        for (const QString &name : {u"callback_url"_s, u"status_callback_url"_s}) {
            if (const QString wrong = wrongUrl(webhook[name].toString()); !wrong.isEmpty())
                return refused(20001, wrong);
        }
        m_sender = webhook;
    }
    return {.body = {{u"sid"_s, sid}, {u"sender_id"_s, m_options.whatsappNumber}, {u"status"_s, u"ONLINE"_s}, {u"webhook"_s, m_sender}}};
}

SimulatedPlatform::Outcome SimulatedTwilio::listTemplates(const SimulatedHttp::Request &request) const
{
    const int page = request.query("Page").value_or(u"0"_s).toInt();
    const int size = std::min(m_options.mostPerPage, request.query("PageSize").value_or(u"50"_s).toInt());
    QJsonArray found;
    for (qsizetype i = qsizetype(page) * size; i < m_options.templates.size() && found.size() < size; ++i)
        found.append(m_options.templates[i]);
    const bool hasMore = qsizetype(page + 1) * size < m_options.templates.size();
    const QString next = u"https://content.twilio.com/v1/ContentAndApprovals?PageSize=%1&Page=%2&PageToken=DN%2"_s.arg(size).arg(page + 1);
    return {.body = {{u"contents"_s, found},
                     {u"meta"_s, QJsonObject{{u"page"_s, page}, {u"page_size"_s, size}, {u"next_page_url"_s, hasMore ? QJsonValue(next) : QJsonValue::Null}, {u"key"_s, u"contents"_s}}}}};
}

SimulatedPlatform::Outcome SimulatedTwilio::takeTyping(const SimulatedHttp::Request &request)
{
    const Sent typed{.parameters = fieldsOf(request.body)};
    const Message *about = message(typed.value(u"messageId"_s));
    if (typed.value(u"channel"_s) != "whatsapp"_L1 || !about || !about->isInbound || !about->from.startsWith("whatsapp:"_L1))
        return refused(20001, u"messageId or channel"_s);
    m_typing.append(about->sid);
    return {.body = {{u"success"_s, true}}};
}

} // namespace antiphon::demo
