#include "core/channels/tiktok/tiktoklists.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/tiktok/tiktokcontent.h"
#include "core/channels/tiktok/tiktokerrors.h"
#include "core/channels/tiktok/tiktokevents.h"
#include "core/net/formdata.h"

#include <QSet>

namespace antiphon::tiktok {

using namespace Qt::StringLiterals;

namespace {

constexpr int kNewest = 20;
constexpr int kMostThreads = 100;
/// No limit can be asked for with a conversation's messages; nobody shall be kept busy by a platform that lists many more than it says.
constexpr qsizetype kMostMessages = 200;
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

/// An answer that says it went well and has no list is broken, like one that can't be read at all: taken for empty, it would say that nothing was missed.
Result<QJsonArray> listOf(const QJsonObject &data, QLatin1StringView key)
{
    const QJsonValue list = data.value(key);
    if (!list.isArray())
        return Error{Error::Kind::Unavailable, u"the answer has no list of "_s + key};
    return list.toArray();
}

/// Anything but a clear no: what a list of another shape leaves out is not told.
bool hasMore(const QJsonObject &data)
{
    const QJsonValue more = data.value("has_more"_L1);
    return more.isBool() ? more.toBool() : !more.isUndefined() && !more.isNull();
}

/// Names another conversation, or two parties of which none is the account. What names nobody is taken for what was asked for.
bool isForeign(const QJsonObject &item, const QString &conversationId, const QString &account)
{
    const QString named = json::string(item, "conversation_id"_L1);
    if (!named.isEmpty() && named != conversationId)
        return true;
    const QString from = json::string(item.value("from_user"_L1).toObject(), "id"_L1);
    const QString to = json::string(item.value("to_user"_L1).toObject(), "id"_L1);
    return !from.isEmpty() && !to.isEmpty() && from != account && to != account;
}

void keepNewest(QList<QJsonObject> &items)
{
    if (items.size() <= kMostMessages)
        return;
    const auto at = [](const QJsonObject &item) { return moment(item.value("timestamp"_L1)).value_or(Timestamp()); };
    std::stable_sort(items.begin(), items.end(), [&at](const QJsonObject &a, const QJsonObject &b) { return at(a) > at(b); });
    items.resize(kMostMessages);
}

Result<ChannelAdapter::ThreadPage> readThread(const HttpReply &reply, const QString &conversationId, const QString &account)
{
    const auto data = readAnswer(reply, Repeatable::Yes);
    if (!data)
        return data.error();
    const auto listed = listOf(*data, "messages"_L1);
    if (!listed)
        return listed.error();
    ChannelAdapter::ThreadPage page{.customer = customer(*data, account), .isWhole = listed->size() < kNewest && !hasMore(*data)};
    QList<QJsonObject> items;
    for (const QJsonValue &value : *listed) {
        const QJsonObject item = value.toObject();
        if (isForeign(item, conversationId, account))
            ++page.foreign;
        else
            items.append(item);
    }
    keepNewest(items);
    for (const QJsonObject &item : std::as_const(items))
        page.events.append(splitContent(eventOf(item), account, webhookMessage(item, conversationId), std::nullopt));
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
        const auto conversations = listOf(*data, "conversations"_L1);
        if (!conversations)
            return Step(std::in_place_index<2>, conversations.error());
        const bool isPast = take(*conversations);
        if (!m_query.isBrief && !isPast && hasMore(*data) && follow(data->value("cursor"_L1)))
            return request();
        // Nothing older was on the list, so it may have ended at its cap and not at the time asked for.
        m_found.isComplete = m_found.isComplete && (m_hasOlder || m_listed % kMostThreads != 0 || m_listed == 0);
        if (m_type == "STRANGER"_L1) {
            m_type = u"SINGLE"_s;
            m_cursor.clear();
            m_pages = 1;
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

    /// @return whether the list goes on with `cursor`; where it should and can't, the result says that it lacks something.
    bool follow(const QJsonValue &cursor)
    {
        const QString next = cursor.isString() ? cursor.toString() : cursor.isDouble() ? QString::number(cursor.toInteger()) : QString();
        if (next.isEmpty() || next == m_cursor)
            return lack(u"the list of conversations goes on and does not say where"_s);
        if (m_pages == kMostPages)
            return lack(u"the list of conversations was left after %1 pages"_s.arg(kMostPages));
        ++m_pages;
        m_cursor = next;
        return true;
    }

    bool lack(const QString &remark)
    {
        m_found.isComplete = false;
        m_found.remark = remark;
        return false;
    }

    /// @return whether the page is older than what was asked for: what follows is older still. An empty page doesn't tell.
    bool take(const QJsonArray &conversations)
    {
        bool hasNew = false;
        bool hasOlder = false;
        const qsizetype count = std::min<qsizetype>(conversations.size(), kMostThreads);
        for (qsizetype i = 0; i < count; ++i) {
            const QJsonObject conversation = conversations.at(i).toObject();
            const QString id = json::string(conversation, "conversation_id"_L1);
            const auto updated = moment(conversation.value("update_time"_L1));
            if (id.isEmpty() || !updated)
                continue;
            ++m_listed;
            if (*updated < m_query.since) {
                hasOlder = true;
                continue;
            }
            hasNew = true;
            if (m_known.contains(id))
                continue;
            m_known.insert(id);
            m_found.threads.append({id, *updated});
        }
        if (conversations.size() > count)
            lack(u"a page listed %1 conversations where %2 were asked for"_s.arg(conversations.size()).arg(kMostThreads));
        m_hasOlder = m_hasOlder || hasOlder;
        return hasOlder && !hasNew;
    }

    ChannelAdapter::ThreadQuery m_query;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    QString m_type = u"STRANGER"_s;
    QString m_cursor;
    int m_pages = 1;               ///< of this type, with the one under way
    int m_listed = 0;              ///< of this type
    bool m_hasOlder = false;       ///< of this type
    QSet<QString> m_known;         ///< of m_found
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
