#include "core/channels/line/linesubscription.h"

#include "core/base/json.h"
#include "core/channels/line/lineapi.h"

namespace antiphon::line {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestCallback = 500;
constexpr double kWarnFrom = 0.9;
constexpr auto kEndpoint = "/v2/bot/channel/webhook/endpoint"_L1;
constexpr auto kSwitchedOff = "\"Use webhook\" is switched off in the LINE Developers console, tab Messaging API: only a person can turn it on"_L1;

Error blamed(Error error)
{
    if (error.kind == Error::Kind::Unauthorized)
        error.field = u"channel_token"_s;
    return error;
}

/// What a test of the address said; empty: it arrived, or LINE doesn't tell.
QString remarkOfTest(const QJsonObject &answer)
{
    if (!answer.value("success"_L1).isBool() || answer.value("success"_L1).toBool())
        return {};
    const QString reason = json::string(answer, "reason"_L1);
    const qint64 status = json::integer(answer.value("statusCode"_L1)).value_or(0);
    const QString hint = status == 401 ? u" (is channel_secret the one of this channel?)"_s : QString();
    return u"LINE could not bring a test: %1, status %2%3"_s.arg(reason.isEmpty() ? u"no reason told"_s : reason.left(80)).arg(status).arg(hint);
}

HttpRequest testOf(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return send("POST", apiUrl(endpoints, u"/v2/bot/channel/webhook/test"_s), {{"endpoint"_L1, callback.toString(QUrl::FullyEncoded)}}, inbox.accessToken);
}

/// Where the webhooks go, a test of it, and the month's quota. Only the first is needed.
class Inspect final : public Operation<WebhookRegistration> {
public:
    Inspect(InboxCredentials inbox, ChannelEndpoints endpoints) : m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override { return ask(kEndpoint); }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Call::Plain);
        switch (m_stage) {
        case Stage::Endpoint: return answer ? endpoint(*answer) : withoutEndpoint(answer.error());
        case Stage::Test:
            if (answer)
                remark(remarkOfTest(*answer));
            return quota();
        case Stage::Quota:
            if (!answer || json::string(*answer, "type"_L1) != "limited"_L1)
                return done();
            m_limit = json::integer(answer->value("value"_L1)).value_or(0);
            m_stage = Stage::Consumption;
            return ask("/v2/bot/message/quota/consumption"_L1);
        case Stage::Consumption:
            if (answer)
                consumption(json::integer(answer->value("totalUsage"_L1)).value_or(0));
            return done();
        }
        Q_UNREACHABLE();
    }

private:
    enum class Stage { Endpoint, Test, Quota, Consumption };

    Step ask(QLatin1StringView path) const { return Step(std::in_place_index<0>, get(apiUrl(m_endpoints, path), m_inbox.accessToken)); }
    Step done() const { return Step(std::in_place_index<1>, m_found); }

    Step withoutEndpoint(const Error &error)
    {
        if (error.kind != Error::Kind::NotFound)
            return Step(std::in_place_index<2>, blamed(error));
        return quota();          // none was ever entered
    }

    Step endpoint(const QJsonObject &answer)
    {
        m_found.callback = QUrl(json::string(answer, "endpoint"_L1), QUrl::StrictMode);
        const bool isActive = answer.value("active"_L1).toBool();
        m_found.isSubscribed = isActive && !m_found.callback.isEmpty();
        if (!isActive)
            remark(kSwitchedOff);
        if (!m_found.isSubscribed)
            return quota();
        m_stage = Stage::Test;
        return Step(std::in_place_index<0>, testOf(m_found.callback, m_inbox, m_endpoints));
    }

    Step quota()
    {
        m_stage = Stage::Quota;
        return ask("/v2/bot/message/quota"_L1);
    }

    void consumption(qint64 used)
    {
        const QString warning = double(used) >= kWarnFrom * double(m_limit) ? u", nearly all of them"_s : QString();
        remark(u"%1 of %2 messages of this month are used%3"_s.arg(used).arg(m_limit).arg(warning));
    }

    void remark(const QString &words)
    {
        if (!words.isEmpty())
            m_found.remark += m_found.remark.isEmpty() ? words : u"; "_s + words;
    }

    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    WebhookRegistration m_found{};
    qint64 m_limit = 0;
    Stage m_stage = Stage::Endpoint;
};

/// Enters the address and has LINE test it.
class Subscribe final : public Operation<WebhookRegistration> {
public:
    Subscribe(QUrl callback, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_callback(std::move(callback)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        const QString address = m_callback.toString(QUrl::FullyEncoded);
        if (address.isEmpty() || address.size() > kLongestCallback)
            return Step(std::in_place_index<2>, Error{Error::Kind::Invalid, u"LINE takes addresses of up to %1 characters"_s.arg(kLongestCallback)});
        return Step(std::in_place_index<0>, send("PUT", apiUrl(m_endpoints, kEndpoint), {{"endpoint"_L1, address}}, m_inbox.accessToken));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Call::Plain);
        if (m_isActive)          // entered it is, whatever the test says
            return Step(std::in_place_index<1>,
                        WebhookRegistration{.callback = m_callback, .isSubscribed = true, .remark = answer ? remarkOfTest(*answer) : QString()});
        if (!answer)
            return Step(std::in_place_index<2>, blamed(answer.error()));
        if (!m_isEntered) {
            m_isEntered = true;
            return Step(std::in_place_index<0>, get(apiUrl(m_endpoints, kEndpoint), m_inbox.accessToken));
        }
        if (answer->value("active"_L1).isBool() && !answer->value("active"_L1).toBool())
            return Step(std::in_place_index<2>, Error{Error::Kind::Conflict, kSwitchedOff});
        m_isActive = true;
        return Step(std::in_place_index<0>, testOf(m_callback, m_inbox, m_endpoints));
    }

private:
    QUrl m_callback;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    bool m_isEntered = false;
    bool m_isActive = false;
};

} // namespace

OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Inspect>(inbox, endpoints);
}

OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<Subscribe>(callback, inbox, endpoints);
}

} // namespace antiphon::line
