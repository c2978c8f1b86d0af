#include "core/channels/whatsapp/whatsapptemplates.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/whatsapp/whatsapperrors.h"

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;
using meta::Repeatable;

namespace {

/// A verified portfolio has at most 6,000.
constexpr int kMostPages = 100;

/// The address of a list's next page, put behind our own address: it names the official host, whatever stands before it here.
QString cursorOf(const QJsonObject &answer)
{
    const QJsonObject paging = answer.value("paging"_L1).toObject();
    return json::string(paging, "next"_L1).isEmpty() ? QString() : json::string(paging.value("cursors"_L1).toObject(), "after"_L1);
}

class ListTemplates final : public Operation<QJsonArray> {
public:
    ListTemplates(InboxCredentials inbox, ChannelEndpoints endpoints) : m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override { return Step(std::in_place_index<0>, request()); }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        if (!answer->value("data"_L1).isArray())          // taken for empty, it would say that there are none
            return Step(std::in_place_index<2>, Error{Error::Kind::Unavailable, u"an answer without a list"_s});
        const QJsonArray page = answer->value("data"_L1).toArray();
        for (const QJsonValue &item : page)
            m_found.append(item);
        const QString cursor = cursorOf(*answer);
        if (cursor.isEmpty() || cursor == m_cursor || ++m_pages >= kMostPages)
            return Step(std::in_place_index<1>, m_found);
        m_cursor = cursor;
        return Step(std::in_place_index<0>, request());
    }

private:
    HttpRequest request() const
    {
        QueryItems query{{u"limit"_s, u"100"_s},
                         {u"fields"_s, u"id,name,language,status,category,parameter_format,components,rejected_reason,quality_score"_s}};
        if (!m_cursor.isEmpty())
            query.append({u"after"_s, m_cursor});
        return meta::graphGet(meta::graphUrl(m_endpoints, json::string(m_inbox.settings, "business_account_id"_L1) + u"/message_templates"_s, query),
                              m_inbox.accessToken);
    }

    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    QJsonArray m_found{};
    QString m_cursor{};
    int m_pages = 0;
};

} // namespace

OperationPtr<QJsonArray> listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    if (json::string(inbox.settings, "business_account_id"_L1).isEmpty())
        return knownAnswer<QJsonArray>(Error{Error::Kind::Invalid, u"no business account"_s, u"business_account_id"_s});
    return std::make_unique<ListTemplates>(inbox, endpoints);
}

} // namespace antiphon::whatsapp
