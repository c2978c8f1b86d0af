#include "core/channels/tiktok/tiktoklists.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/tiktok/tiktokcontent.h"
#include "core/channels/tiktok/tiktokerrors.h"
#include "core/channels/tiktok/tiktokevents.h"
#include "core/net/formdata.h"

namespace antiphon::tiktok {

using namespace Qt::StringLiterals;

namespace {

constexpr int kNewest = 20;
constexpr int kMostThreads = 100;
constexpr std::chrono::hours kListed{90 * 24};

HttpRequest get(const QString &path, const QueryItems &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return {.url = platformUrl(endpoints.api, u"/open_api/v1.3/business/message/"_s + path, query), .headers = {{"Access-Token", inbox.accessToken.toUtf8()}}};
}

QJsonObject webhookTemplate(const QJsonObject &card)
{
    if (card.contains("elements"_L1))
        return card;
    QJsonArray buttons;
    const QJsonArray listed = card.value("buttons"_L1).toArray();
    for (const QJsonValue &button : listed)
        buttons.append(QJsonObject{{"text"_L1, button.toObject().value("title"_L1)}});
    const QJsonObject element{{"title"_L1, card.value("title"_L1)}, {"buttons"_L1, buttons}};
    return {{"type"_L1, card.value("type"_L1)}, {"elements"_L1, QJsonArray{element}}};
}

/// A listed message in the webhooks' spelling.
QJsonObject webhookMessage(QJsonObject item, const QString &conversationId)
{
    item.insert("type"_L1, item.take("message_type"_L1).toString().toLower());
    item.insert("from"_L1, item.take("sender"_L1));
    item.insert("to"_L1, item.take("recipient"_L1));
    item.insert("conversation_id"_L1, conversationId);
    if (item.value("template"_L1).isObject())
        item.insert("template"_L1, webhookTemplate(item.value("template"_L1).toObject()));
    return item;
}

/// The official sample gives the same role to both sides, so the ids decide and the role only where no id does.
QString eventOf(const QJsonObject &item)
{
    const QString role = json::string(item.value("from_user"_L1).toObject(), "role"_L1).toUpper();
    return role == "BUSINESS_ACCOUNT"_L1 ? u"im_send_msg"_s : u"im_receive_msg"_s;
}

std::optional<AccountProfile> customer(const QJsonObject &data, const QString &account)
{
    const QJsonArray participants = data.value("participants"_L1).toArray();
    for (const QJsonValue &value : participants) {
        const QJsonObject participant = value.toObject();
        const QString id = json::string(participant, "id"_L1);
        const bool isBusiness = id == account || (id.isEmpty() && json::string(participant, "role"_L1).toUpper() == "BUSINESS_ACCOUNT"_L1);
        if (isBusiness)
            continue;
        AccountProfile profile{.username = json::string(participant, "username"_L1), .displayName = json::string(participant, "display_name"_L1)};
        const QUrl picture(json::string(participant, "profile_image"_L1), QUrl::StrictMode);
        if (picture.scheme() == "https"_L1 || picture.scheme() == "http"_L1)
            profile.picture = picture;
        return profile;
    }
    return std::nullopt;
}

Result<ChannelAdapter::ThreadPage> readThread(const HttpReply &reply, const QString &conversationId, const QString &account)
{
    const auto data = readAnswer(reply, Repeatable::Yes);
    if (!data)
        return data.error();
    const QJsonArray listed = data->value("messages"_L1).toArray();
    ChannelAdapter::ThreadPage page{.customer = customer(*data, account), .isWhole = listed.size() < kNewest};
    for (const QJsonValue &value : listed) {
        const QJsonObject item = value.toObject();
        page.events.append(splitContent(eventOf(item), account, webhookMessage(item, conversationId), std::nullopt));
    }
    std::stable_sort(page.events.begin(), page.events.end(),
                     [](const SplitEvent &a, const SplitEvent &b) { return a.platformAt.value_or(Timestamp()) < b.platformAt.value_or(Timestamp()); });
    return page;
}

class ListThreads final : public Operation<ChannelAdapter::ThreadList> {
public:
    ListThreads(const ChannelAdapter::ThreadQuery &query, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_query(query), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override { return request(); }

    Step next(const HttpReply &reply) override
    {
        const auto data = readAnswer(reply, Repeatable::Yes);
        if (!data)
            return Step(std::in_place_index<2>, data.error());
        const bool anyNew = take(data->value("conversations"_L1).toArray());
        const QJsonValue cursor = data->value("cursor"_L1);
        const QString next = cursor.isString() ? cursor.toString() : cursor.isDouble() ? QString::number(cursor.toInteger()) : QString();
        const bool goesOn = !m_query.isBrief && data->value("has_more"_L1).toBool() && !next.isEmpty() && next != m_cursor && anyNew && ++m_pages < kMostPages;
        m_cursor = goesOn ? next : QString();
        if (goesOn)
            return request();
        // Nothing older was on the list, so it may have ended at its cap and not at the time asked for.
        m_found.isComplete = m_found.isComplete && (m_hasOlder || m_listed % kMostThreads != 0 || m_listed == 0);
        if (m_type == "STRANGER"_L1) {
            m_type = u"SINGLE"_s;
            m_pages = 0;
            m_listed = 0;
            m_hasOlder = false;
            return request();
        }
        std::stable_sort(m_found.threads.begin(), m_found.threads.end(), [](const auto &a, const auto &b) { return a.updatedAt > b.updatedAt; });
        return Step(std::in_place_index<1>, m_found);
    }

private:
    static constexpr int kMostPages = 20;

    Step request() const
    {
        QueryItems query{{u"business_id"_s, m_inbox.account}, {u"conversation_type"_s, m_type}, {u"limit"_s, QString::number(kMostThreads)}};
        if (!m_cursor.isEmpty())
            query.append({u"cursor"_s, m_cursor});
        return Step(std::in_place_index<0>, get(u"conversation/list/"_s, query, m_inbox, m_endpoints));
    }

    /// @return false where nothing on the page is new enough: what follows is older still.
    bool take(const QJsonArray &conversations)
    {
        bool anyNew = false;
        for (const QJsonValue &value : conversations) {
            const QString id = json::string(value.toObject(), "conversation_id"_L1);
            const auto updated = moment(value.toObject().value("update_time"_L1));
            if (id.isEmpty() || !updated)
                continue;
            ++m_listed;
            if (*updated < m_query.since) {
                m_hasOlder = true;
                continue;
            }
            anyNew = true;
            const bool known = std::any_of(m_found.threads.cbegin(), m_found.threads.cend(), [&id](const auto &thread) { return thread.contactSourceId == id; });
            if (!known)
                m_found.threads.append({id, *updated});
        }
        return anyNew;
    }

    ChannelAdapter::ThreadQuery m_query;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    QString m_type = u"STRANGER"_s;
    QString m_cursor;
    int m_pages = 0;
    int m_listed = 0;              ///< of this type
    bool m_hasOlder = false;       ///< of this type
    ChannelAdapter::ThreadList m_found;
};

} // namespace

OperationPtr<ChannelAdapter::ThreadPage> listThread(const QString &conversationId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return singleCall<ChannelAdapter::ThreadPage>(
        get(u"content/list/"_s, {{u"business_id"_s, inbox.account}, {u"conversation_id"_s, conversationId}}, inbox, endpoints),
        [conversationId, account = inbox.account](const HttpReply &reply) { return readThread(reply, conversationId, account); });
}

CatchUpDepth catchUpDepth()
{
    return {.kind = CatchUpDepth::Kind::NewestPerThread, .newest = kNewest, .mostThreads = kMostThreads, .retention = kListed, .needsPublicAddress = false};
}

OperationPtr<ChannelAdapter::ThreadList> listThreads(const ChannelAdapter::ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<ListThreads>(query, inbox, endpoints);
}

OperationPtr<bool> imageCapability(const QString &conversationId, bool hasEverAnswered, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const QueryItems query{{u"business_id"_s, inbox.account},
                           {u"conversation_id"_s, conversationId},
                           {u"conversation_type"_s, hasEverAnswered ? u"SINGLE"_s : u"STRANGER"_s},
                           {u"capability_types"_s, u"[\"IMAGE_SEND\"]"_s}};
    return singleCall<bool>(get(u"capabilities/get/"_s, query, inbox, endpoints), [](const HttpReply &reply) -> Result<bool> {
        const auto data = readAnswer(reply, Repeatable::Yes);
        if (!data)
            return data.error();
        const QJsonArray infos = data->value("capability_infos"_L1).toArray();
        for (const QJsonValue &info : infos) {
            if (info.toObject().value("capability_type"_L1).toString() == "IMAGE_SEND"_L1 && info.toObject().value("capability_result"_L1).isBool())
                return info.toObject().value("capability_result"_L1).toBool();
        }
        return Error{Error::Kind::BadPayload, u"no word on IMAGE_SEND"_s};
    });
}

} // namespace antiphon::tiktok
