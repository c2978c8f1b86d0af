#include "core/channels/meta/conversations.h"

#include "core/base/json.h"
#include "core/channels/meta/listedmessage.h"
#include "core/channels/meta/messagingevents.h"
#include "core/channels/meta/messagingvalues.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

constexpr int kNewest = 20;
constexpr int kThreadsAPage = 50;
constexpr int kMostPages = 20;

using ThreadPage = ChannelAdapter::ThreadPage;
using ThreadList = ChannelAdapter::ThreadList;

QJsonArray dataOf(const QJsonObject &edge)
{
    return edge.value("data"_L1).toArray();
}

/// An answer that says it went well and has no list is broken: taken for empty, it would say that nothing was missed.
Result<QJsonArray> listOf(const QJsonObject &answer)
{
    const QJsonValue data = answer.value("data"_L1);
    if (!data.isArray())
        return Error{Error::Kind::Unavailable, u"the answer has no list of conversations"_s};
    return data.toArray();
}

bool goesOn(const QJsonObject &edge)
{
    return !json::string(edge.value("paging"_L1).toObject(), "next"_L1).isEmpty();
}

/// The participant who is not the account. Instagram may call the account by another id than its webhooks: then its name tells.
QJsonObject otherSide(const QJsonObject &conversation, const ConversationSource &source)
{
    QJsonObject found;
    const QJsonArray participants = dataOf(conversation.value("participants"_L1).toObject());
    for (const QJsonValue &value : participants) {
        const QJsonObject participant = value.toObject();
        const QString id = idText(participant, "id"_L1);
        const QString username = json::string(participant, "username"_L1);
        const bool isAccount = id == source.account || (!source.username.isEmpty() && username == source.username);
        if (!id.isEmpty() && !isAccount)
            found = participant;
    }
    return found;
}

std::optional<AccountProfile> profileOf(const QJsonObject &participant)
{
    AccountProfile profile{.username = json::string(participant, "username"_L1), .displayName = json::string(participant, "name"_L1)};
    if (profile.displayName.isEmpty())
        profile.displayName = profile.username;
    return profile.displayName.isEmpty() ? std::nullopt : std::optional(profile);
}

class ListThread final : public Operation<ThreadPage> {
public:
    ListThread(const ConversationSource &source, QString customer) : m_source(source), m_customer(std::move(customer)) {}

    Step start() override
    {
        const QString messages = u"messages{"_s + m_source.messageFields + u'}';
        return request(m_source.graph.get(m_source.owner + "/conversations"_L1,
                                          {{u"platform"_s, m_source.platform},
                                           {u"user_id"_s, m_customer},
                                           {u"fields"_s, u"id,updated_time,participants,"_s + messages}}));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readGraph(reply, Repeatable::Yes);
        if (!answer && !(m_stage == Stage::Details && isMessageGone(answer.error())))
            return Step(std::in_place_index<2>, answer.error());
        switch (m_stage) {
        case Stage::Conversation: return takeConversation(*answer);
        case Stage::Messages: return takeMessages(answer->value("messages"_L1).isObject() ? answer->value("messages"_L1).toObject() : *answer);
        case Stage::Details: return takeDetail(answer ? *answer : QJsonObject());
        }
        Q_UNREACHABLE();
    }

private:
    enum class Stage { Conversation, Messages, Details };

    static Step request(const HttpRequest &request) { return Step(std::in_place_index<0>, request); }

    /// What is older than the newest 20 is answered as if it were deleted.
    static bool isMessageGone(const Error &error) { return error.kind == Error::Kind::Invalid || error.kind == Error::Kind::NotFound; }

    Step takeConversation(const QJsonObject &answer)
    {
        const auto conversations = listOf(answer);
        if (!conversations)
            return Step(std::in_place_index<2>, conversations.error());
        const QJsonObject conversation = conversations->first().toObject();
        const QString id = idText(conversation, "id"_L1);
        if (id.isEmpty())
            return Step(std::in_place_index<1>, m_page);
        m_page.customer = profileOf(otherSide(conversation, m_source));
        if (conversation.value("messages"_L1).isObject())
            return takeMessages(conversation.value("messages"_L1).toObject());
        m_stage = Stage::Messages;
        return request(m_source.graph.get(id, {{u"fields"_s, u"messages{"_s + m_source.messageFields + u'}'}}));
    }

    Step takeMessages(const QJsonObject &edge)
    {
        const auto listed = listOf(edge);
        if (!listed)
            return Step(std::in_place_index<2>, listed.error());
        m_page.isWhole = listed->size() < kNewest && !goesOn(edge);
        const qsizetype count = std::min<qsizetype>(listed->size(), kNewest);
        for (qsizetype i = 0; i < count; ++i) {
            const QJsonObject item = listed->at(i).toObject();
            if (item.contains("from"_L1))
                m_items.append(item);
            else if (const QString id = idText(item, "id"_L1); !id.isEmpty())
                m_missing.append(id);
        }
        return detail();
    }

    Step takeDetail(const QJsonObject &item)
    {
        if (item.contains("from"_L1))
            m_items.append(item);
        return detail();
    }

    Step detail()
    {
        if (m_missing.isEmpty())
            return finished();
        m_stage = Stage::Details;
        return request(m_source.graph.get(m_missing.takeFirst(), {{u"fields"_s, m_source.messageFields}}));
    }

    Step finished()
    {
        for (const QJsonObject &item : std::as_const(m_items)) {
            if (const auto element = listedElement(item, m_source.account, m_customer))
                m_page.events.append(splitElement(m_source.dialect, {.account = m_source.account, .isListed = true}, *element));
            else
                ++m_page.foreign;
        }
        // Listed newest first and told in whole seconds: of one second, the later listed is the older.
        std::reverse(m_page.events.begin(), m_page.events.end());
        std::stable_sort(m_page.events.begin(), m_page.events.end(),
                         [](const SplitEvent &a, const SplitEvent &b) { return a.platformAt.value_or(Timestamp()) < b.platformAt.value_or(Timestamp()); });
        return Step(std::in_place_index<1>, m_page);
    }

    ConversationSource m_source;
    QString m_customer;
    Stage m_stage = Stage::Conversation;
    QList<QJsonObject> m_items;
    QStringList m_missing;
    ThreadPage m_page;
};

class ListThreads final : public Operation<ThreadList> {
public:
    ListThreads(const ConversationSource &source, const ChannelAdapter::ThreadQuery &query) : m_source(source), m_query(query) {}

    Step start() override { return request(); }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readGraph(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        const auto conversations = listOf(*answer);
        if (!conversations)
            return Step(std::in_place_index<2>, conversations.error());
        const bool isPast = take(*conversations);
        if (!m_query.isBrief && !isPast && goesOn(*answer) && follow(answer->value("paging"_L1).toObject()))
            return request();
        std::stable_sort(m_found.threads.begin(), m_found.threads.end(), [](const auto &a, const auto &b) { return a.updatedAt > b.updatedAt; });
        return Step(std::in_place_index<1>, m_found);
    }

private:
    Step request() const
    {
        QueryItems query{{u"platform"_s, m_source.platform}, {u"fields"_s, u"id,updated_time,participants"_s}, {u"limit"_s, QString::number(kThreadsAPage)}};
        if (!m_cursor.isEmpty())
            query.append({u"after"_s, m_cursor});
        return Step(std::in_place_index<0>, m_source.graph.get(m_source.owner + "/conversations"_L1, query));
    }

    bool follow(const QJsonObject &paging)
    {
        const QString next = json::string(paging.value("cursors"_L1).toObject(), "after"_L1);
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

    /// @return whether the page reached what is older than was asked for: what follows is older still.
    bool take(const QJsonArray &conversations)
    {
        bool hasOlder = false;
        for (const QJsonValue &value : conversations) {
            const QJsonObject conversation = value.toObject();
            const QString customer = idText(otherSide(conversation, m_source), "id"_L1);
            const auto updated = graphTime(json::string(conversation, "updated_time"_L1));
            if (customer.isEmpty() || !updated)
                continue;
            hasOlder = hasOlder || *updated < m_query.since;
            if (*updated < m_query.since || m_known.contains(customer))
                continue;
            m_known.insert(customer);
            m_found.threads.append({customer, *updated});
        }
        return hasOlder;
    }

    ConversationSource m_source;
    ChannelAdapter::ThreadQuery m_query;
    QString m_cursor;
    int m_pages = 1;
    QSet<QString> m_known;
    ThreadList m_found;
};

} // namespace

OperationPtr<ThreadPage> listThread(const ConversationSource &source, const QString &contactSourceId)
{
    return std::make_unique<ListThread>(source, contactSourceId);
}

OperationPtr<ThreadList> listThreads(const ConversationSource &source, const ChannelAdapter::ThreadQuery &query)
{
    return std::make_unique<ListThreads>(source, query);
}

CatchUpDepth conversationsDepth()
{
    return {.kind = CatchUpDepth::Kind::NewestPerThread, .newest = kNewest, .needsPublicAddress = false};
}

HttpRequest participantsCall(const ConversationSource &source, const QString &contactSourceId)
{
    return source.graph.get(source.owner + "/conversations"_L1,
                            {{u"platform"_s, source.platform}, {u"user_id"_s, contactSourceId}, {u"fields"_s, u"participants"_s}});
}

Result<AccountProfile> readParticipant(const HttpReply &reply, const ConversationSource &source, const QString &contactSourceId)
{
    const auto answer = readGraph(reply, Repeatable::Yes);
    if (!answer)
        return answer.error();
    const QJsonArray conversations = dataOf(*answer);
    for (const QJsonValue &conversation : conversations) {
        const QJsonObject participant = otherSide(conversation.toObject(), source);
        const auto profile = profileOf(participant);
        if (profile && idText(participant, "id"_L1) == contactSourceId)
            return *profile;
    }
    return Error{Error::Kind::NotFound, u"the conversation doesn't name the person"_s};
}

} // namespace antiphon::meta
