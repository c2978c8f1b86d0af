#include "core/channels/meta/subscription.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/meta/messagingvalues.h"

#include <QJsonArray>

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

QString pathOf(const QString &account)
{
    return account + "/subscribed_apps"_L1;
}

/// The names of fields, as text or as objects with a name.
QStringList fieldNames(const QJsonArray &fields)
{
    QStringList names;
    for (const QJsonValue &field : fields)
        names.append(field.isObject() ? json::string(field.toObject(), "name"_L1) : field.toString());
    return names;
}

/// What the application is subscribed to; nothing where it isn't listed. @param appId empty: the first one's, since the token tells whose it is
std::optional<QStringList> listedFields(const QJsonObject &answer, const QString &appId)
{
    const QJsonArray apps = answer.value("data"_L1).toArray();
    for (const QJsonValue &value : apps) {
        const QJsonObject app = value.toObject();
        const QString id = idText(app, "id"_L1);
        if (appId.isEmpty() || id.isEmpty() || id == appId)
            return fieldNames(app.value("subscribed_fields"_L1).toArray());
    }
    return std::nullopt;
}

Result<WebhookRegistration> readSubscription(const HttpReply &reply, const QStringList &wanted, const QString &appId)
{
    const auto answer = readGraph(reply, Repeatable::Yes);
    if (!answer)
        return answer.error();
    if (const auto listed = listedFields(*answer, appId)) {
        QStringList missing = wanted;
        missing.removeIf([&listed](const QString &field) { return listed->contains(field); });
        return WebhookRegistration{.isSubscribed = missing.isEmpty(),
                                   .remark = missing.isEmpty() ? QString() : u"the subscription leaves out "_s + missing.join(u", "_s)};
    }
    return WebhookRegistration{.remark = u"no application gets this account's messages"_s};
}

class Subscribe final : public Operation<WebhookRegistration> {
public:
    Subscribe(const GraphAccess &graph, QString account, const SubscribedFields &fields)
        : m_graph(graph), m_account(std::move(account)), m_fields(fields.wanted), m_doubtful(fields.doubtful) {}

    Step start() override
    {
        return Step(std::in_place_index<0>, m_graph.postQuery(pathOf(m_account), {{u"subscribed_fields"_s, (m_fields + m_doubtful).join(u',')}}));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readGraph(reply, Repeatable::Yes);
        if (answer && answer->value("success"_L1).toBool(true))
            return Step(std::in_place_index<1>, WebhookRegistration{.isSubscribed = true, .remark = m_remark});
        if (answer)
            return Step(std::in_place_index<2>, Error{Error::Kind::Invalid, u"Meta did not take the subscription"_s});
        const bool isWrongField = answer.error().code.section(u'.', 0, 0) == "100"_L1;
        if (!isWrongField || m_doubtful.isEmpty())
            return Step(std::in_place_index<2>, answer.error());
        m_remark = u"subscribed without "_s + m_doubtful.join(u", "_s) + u", which Meta does not offer here"_s;
        m_doubtful.clear();
        return start();
    }

private:
    GraphAccess m_graph;
    QString m_account;
    QStringList m_fields;
    QStringList m_doubtful;
    QString m_remark;
};

class SubscribePage final : public Operation<WebhookRegistration> {
public:
    SubscribePage(const GraphAccess &graph, QString page, SubscribedFields fields, QString appId)
        : m_graph(graph), m_page(std::move(page)), m_appId(std::move(appId)), m_fields(std::move(fields)) {}

    Step start() override { return Step(std::in_place_index<0>, m_graph.get(pathOf(m_page))); }

    Step next(const HttpReply &reply) override
    {
        if (m_adding)
            return m_adding->next(reply);
        const auto answer = readGraph(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        const QStringList standing = listedFields(*answer, m_appId).value_or(QStringList());
        for (const QString &field : standing) {
            m_fields.doubtful.removeAll(field);
            if (!m_fields.wanted.contains(field))
                m_fields.wanted.append(field);
        }
        m_adding.emplace(m_graph, m_page, m_fields);
        return m_adding->start();
    }

private:
    GraphAccess m_graph;
    QString m_page;
    QString m_appId;
    SubscribedFields m_fields;
    std::optional<Subscribe> m_adding;
};

} // namespace

OperationPtr<WebhookRegistration> inspectSubscription(const GraphAccess &graph, const QString &account, const SubscribedFields &fields, const QString &appId)
{
    return singleCall<WebhookRegistration>(graph.get(pathOf(account)),
                                           [wanted = fields.wanted, appId](const HttpReply &reply) { return readSubscription(reply, wanted, appId); });
}

OperationPtr<WebhookRegistration> subscribe(const GraphAccess &graph, const QString &account, const SubscribedFields &fields)
{
    return std::make_unique<Subscribe>(graph, account, fields);
}

OperationPtr<WebhookRegistration> subscribePage(const GraphAccess &graph, const QString &page, const SubscribedFields &fields, const QString &appId)
{
    return std::make_unique<SubscribePage>(graph, page, fields, appId);
}

} // namespace antiphon::meta
