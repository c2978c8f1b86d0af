#include "core/channels/messenger/messengerprofile.h"

#include "core/base/json.h"

namespace antiphon::messenger {

using namespace Qt::StringLiterals;

namespace {

/// Codes that say: no profile for you. Of the person, or of the permission.
std::optional<Error::Kind> kindOfLookUp(qint64 code, qint64 subcode)
{
    switch (subcode ? subcode : code) {
    case 33:
    case 2018001:
    case 2018218: return Error::Kind::NotFound;
    case 2018247: return Error::Kind::Forbidden;
    default: break;
    }
    if (code == 100)
        return Error::Kind::NotFound;
    return code == 1 || code == 2 ? std::optional(Error::Kind::Unavailable) : std::nullopt;
}

Result<AccountProfile> readCustomer(const QJsonObject &answer)
{
    AccountProfile profile{.displayName = json::string(answer, "name"_L1)};
    if (profile.displayName.isEmpty())
        profile.displayName = (json::string(answer, "first_name"_L1) + u' ' + json::string(answer, "last_name"_L1)).trimmed();
    const QUrl picture(json::string(answer, "profile_pic"_L1), QUrl::StrictMode);
    if (picture.scheme() == "https"_L1 || picture.scheme() == "http"_L1)
        profile.picture = picture;
    return profile;
}

class LookUp final : public Operation<AccountProfile> {
public:
    LookUp(QString customer, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
        : m_customer(std::move(customer)), m_source(conversations(inbox, endpoints)) {}

    Step start() override
    {
        return Step(std::in_place_index<0>, m_source.graph.get(m_customer, {{u"fields"_s, u"first_name,last_name,profile_pic,name"_s}}));
    }

    Step next(const HttpReply &reply) override
    {
        if (m_isSecond)
            return ended(readParticipant(reply, m_source, m_customer));
        const auto answer = meta::readGraph(reply, meta::Repeatable::Yes, kindOfLookUp);
        const bool isRefused = !answer && (answer.error().kind == Error::Kind::NotFound || answer.error().kind == Error::Kind::Forbidden);
        if (!answer && !isRefused)
            return Step(std::in_place_index<2>, answer.error());
        if (answer) {
            const auto profile = readCustomer(*answer);
            if (profile && !profile->displayName.isEmpty())
                return Step(std::in_place_index<1>, *profile);
        }
        m_isSecond = true;
        return Step(std::in_place_index<0>, participantsCall(m_source, m_customer));
    }

private:
    static Step ended(const Result<AccountProfile> &profile)
    {
        return profile ? Step(std::in_place_index<1>, *profile) : Step(std::in_place_index<2>, profile.error());
    }

    QString m_customer;
    meta::ConversationSource m_source;
    bool m_isSecond = false;
};

} // namespace

meta::ConversationSource conversations(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return {.dialect = meta::kMessenger,
            .platform = u"messenger"_s,
            .owner = inbox.account,
            .account = inbox.account,
            .messageFields = u"id,created_time,from,to,message,attachments,sticker,shares"_s,
            .graph = meta::GraphAccess(inbox, endpoints, true)};
}

OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<LookUp>(contactSourceId, inbox, endpoints);
}

} // namespace antiphon::messenger
