#include "core/channels/instagram/instagrampage.h"

#include "core/base/json.h"
#include "core/channels/meta/messagingvalues.h"

namespace antiphon::instagram {

using namespace Qt::StringLiterals;

namespace {

const QString kPermissions = u"instagram_basic, instagram_manage_messages, pages_manage_metadata, pages_messaging, pages_read_engagement, pages_show_list"_s;

QString sentence(QString words)
{
    return words.endsWith(u'.') ? words : words + u'.';
}

/// Meta's complaint with the value that it is about, and what to do. @param hasSecret whether the application's secret is entered, without which no call is proved
Error named(Error error, bool hasSecret)
{
    const QString code = error.code.section(u'.', 0, 0);
    const QString words = sentence(error.detail);
    if (error.detail.contains("appsecret_proof"_L1, Qt::CaseInsensitive) && !hasSecret) {
        error.detail = words + u" No app secret is entered for Messenger: enter that of the Meta app which made this token."_s;
        error.field = u"app_secret"_s;
    } else if (error.detail.contains("appsecret_proof"_L1, Qt::CaseInsensitive)) {
        error.detail = words + u" The app secret that is entered for Messenger must be that of the Meta app which made this token."_s;
        error.field = u"page_access_token"_s;
    } else if (error.kind == Error::Kind::Forbidden) {
        error.detail = words + u" The token lacks a permission: in Meta's App Dashboard give the app the permissions %1, have the person with the task Messages of the "
                               "Page agree to them, and generate the Page's token anew."_s.arg(kPermissions);
        error.field = u"page_access_token"_s;
    } else if (error.kind == Error::Kind::Unauthorized) {
        error.detail = words + u" Generate the Page's token anew and copy all of it."_s;
        error.field = u"page_access_token"_s;
    } else if (code == "100"_L1 || code == "803"_L1 || error.kind == Error::Kind::NotFound) {
        error.detail = words + u" This must be the id of a Page, and the token one of that very Page."_s;
        error.field = kPageSetting;
    }
    if (!error.field.isEmpty())
        error.kind = Error::Kind::Invalid;
    return error;
}

/// Says nothing about the account.
bool isPassing(Error::Kind kind)
{
    return kind == Error::Kind::Network || kind == Error::Kind::Timeout || kind == Error::Kind::Unavailable || kind == Error::Kind::RateLimited;
}

Error wrongPage(const QString &words)
{
    return {Error::Kind::Invalid, words, QString(kPageSetting)};
}

class ReadPage final : public Operation<AccountProfile> {
public:
    ReadPage(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
        : m_access(inbox, endpoints), m_expected(inbox.account), m_hasSecret(!inbox.appSecret.isEmpty())
    {
    }

    Step start() override
    {
        return Step(std::in_place_index<0>,
                    m_access.graph().get(m_access.node(), {{u"fields"_s, u"id,name,instagram_business_account{id,username,name,profile_picture_url}"_s}}));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = meta::readGraph(reply, meta::Repeatable::Yes);
        if (m_asksWhose) {
            if (!answer && isPassing(answer.error().kind))   // it may well be linked: nobody has said otherwise
                return failed(answer.error());
            return failed(answer ? unlinked(*answer) : unlinked({}));
        }
        if (!answer)
            return failed(named(answer.error(), m_hasSecret));
        if (meta::idText(*answer, "id"_L1) != m_access.node())
            return failed(wrongPage(u"Meta answers about another page: "_s + meta::idText(*answer, "id"_L1)));
        m_name = json::string(*answer, "name"_L1);
        const QJsonObject account = answer->value("instagram_business_account"_L1).toObject();
        if (!meta::idText(account, "id"_L1).isEmpty())
            return take(account);
        // Of other Pages a token sees no more than their name: whose it is tells which of the two is wrong.
        m_asksWhose = true;
        return Step(std::in_place_index<0>, m_access.graph().get(u"me"_s, {{u"fields"_s, u"id,name"_s}}));
    }

private:
    static Step failed(const Error &error) { return Step(std::in_place_index<2>, error); }

    QString pageText() const { return m_name.isEmpty() ? m_access.node() : u"%1 (%2)"_s.arg(m_name, m_access.node()); }

    Error unlinked(const QJsonObject &me) const
    {
        const QString id = meta::idText(me, "id"_L1);
        if (!id.isEmpty() && id != m_access.node())
            return wrongPage(u"the token is that of %1 (%2), not of the Page %3. Generate it beside this Page."_s.arg(json::string(me, "name"_L1), id, pageText()));
        return wrongPage(u"no Instagram professional account is linked to the Page %1, as far as this token sees. Link it in the Page's settings under Linked accounts, "
                         "Instagram; a token without the permission instagram_basic does not see it."_s.arg(pageText()));
    }

    Step take(const QJsonObject &account)
    {
        AccountProfile profile{.username = json::string(account, "username"_L1), .displayName = json::string(account, "name"_L1), .account = meta::idText(account, "id"_L1)};
        if (!m_expected.isEmpty() && profile.account != m_expected) {
            return failed({Error::Kind::Invalid,
                           u"the Page %1 is linked to the account %2 (%3), not to %4"_s.arg(pageText(), profile.username, profile.account, m_expected),
                           u"instagram_id"_s});
        }
        const QUrl picture(json::string(account, "profile_picture_url"_L1), QUrl::StrictMode);
        if (picture.scheme() == "https"_L1 || picture.scheme() == "http"_L1)
            profile.picture = picture;
        if (!profile.username.isEmpty())
            profile.settings.insert("username"_L1, profile.username);
        if (!m_name.isEmpty())
            profile.settings.insert("page_name"_L1, m_name);
        return Step(std::in_place_index<1>, profile);
    }

    Access m_access;
    QString m_expected;
    bool m_hasSecret = false;
    QString m_name;
    bool m_asksWhose = false;
};

} // namespace

AccountFields pageFields(AccountFields login)
{
    login.settings = {QString(kPageSetting)};
    login.secrets = {u"page_access_token"_s};
    login.token = u"page_access_token"_s;
    login.tokenAlso = u"access_token"_s;
    return login;
}

OperationPtr<AccountProfile> pageProfile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<ReadPage>(inbox, endpoints);
}

meta::SubscribedFields pageSubscription()
{
    return {.wanted = {u"messages"_s, u"messaging_postbacks"_s, u"message_reactions"_s, u"messaging_referrals"_s}};
}

} // namespace antiphon::instagram
