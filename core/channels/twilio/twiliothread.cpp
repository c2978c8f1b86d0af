#include "core/channels/twilio/twiliothread.h"

#include "core/base/json.h"
#include "core/channels/twilio/twilioaddress.h"
#include "core/channels/twilio/twilioapi.h"
#include "core/channels/twilio/twilioevents.h"
#include "core/channels/twilio/twiliolisted.h"

#include <QJsonArray>

#include <algorithm>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

using ThreadPage = ChannelAdapter::ThreadPage;

class ListThread final : public Operation<ThreadPage> {
public:
    ListThread(QString customer, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_customer(std::move(customer)), m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        Fields query{{u"To"_s, addressFor(m_customer, isWhatsappInbox(m_inbox.settings))}, {u"PageSize"_s, u"50"_s}};
        if (const QString own = senderOf(m_inbox.settings); !own.isEmpty())
            query.insert(1, {u"From"_s, own});
        return ask(accountUrl(m_inbox, m_endpoints, u"Messages.json"_s, query));
    }

    Step next(const HttpReply &reply) override
    {
        if (m_at >= 0) {
            const auto files = readFiles(reply);
            if (!files)
                return Step(std::in_place_index<2>, files.error());
            add(*files);
            return nextFiles();
        }
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        if (!answer->value("messages"_L1).isArray())
            return Step(std::in_place_index<2>, Error{Error::Kind::Unavailable, u"an answer without a list of messages"_s});
        const QJsonArray messages = answer->value("messages"_L1).toArray();
        const QString service = serviceOf(m_inbox.settings);
        for (const QJsonValue &value : messages) {
            const QJsonObject item = value.toObject();
            const bool isOurs = service.isEmpty() || json::string(item, "messaging_service_sid"_L1) == service;
            if (isOurs && json::string(item, "direction"_L1).startsWith("outbound"_L1) && !json::string(item, "sid"_L1).isEmpty() && timeOf(item))
                m_items.append(item);
            else
                ++m_page.foreign;
        }
        m_page.isWhole = false;
        m_at = 0;
        return nextFiles();
    }

private:
    Step ask(const QUrl &url) const { return Step(std::in_place_index<0>, get(url, m_inbox)); }

    Step nextFiles()
    {
        while (m_at < m_items.size()) {
            if (json::integer(m_items.at(m_at).value("num_media"_L1)).value_or(0) > 0)
                return ask(mediaListUrl(json::string(m_items.at(m_at), "sid"_L1), m_inbox, m_endpoints));
            add({});
        }
        std::reverse(m_page.events.begin(), m_page.events.end());
        return Step(std::in_place_index<1>, m_page);
    }

    void add(const QList<ListedFile> &files)
    {
        const QJsonObject item = m_items.at(m_at++);
        const auto created = momentOf(json::string(item, "date_created"_L1));
        m_page.events.append(echoEvent(fieldsOf(item, files), m_inbox.inbox, created ? *created : *timeOf(item)));
    }

    QString m_customer;
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    QList<QJsonObject> m_items{};
    qsizetype m_at = -1;
    ThreadPage m_page{};
};

} // namespace

OperationPtr<ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<ListThread>(contactSourceId, inbox, endpoints);
}

} // namespace antiphon::twilio
