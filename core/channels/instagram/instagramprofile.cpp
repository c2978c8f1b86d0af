#include "core/channels/instagram/instagramprofile.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/instagram/instagramaccess.h"

namespace antiphon::instagram {

using namespace Qt::StringLiterals;

namespace {

std::optional<Error::Kind> kindOfLookUp(qint64 code, qint64)
{
    switch (code) {
    case 230: return Error::Kind::Forbidden;
    case 100:
    case 9010: return Error::Kind::NotFound;
    case 1:
    case 2: return Error::Kind::Unavailable;
    default: return std::nullopt;
    }
}

Result<AccountProfile> readCustomer(const HttpReply &reply)
{
    const auto answer = meta::readGraph(reply, meta::Repeatable::Yes, kindOfLookUp);
    if (!answer)
        return answer.error();
    AccountProfile profile{.username = json::string(*answer, "username"_L1), .displayName = json::string(*answer, "name"_L1)};
    if (profile.displayName.isEmpty())
        profile.displayName = profile.username;
    const QUrl picture(json::string(*answer, "profile_pic"_L1), QUrl::StrictMode);
    if (picture.scheme() == "https"_L1 || picture.scheme() == "http"_L1)
        profile.picture = picture;
    for (const QLatin1StringView key : {"follower_count"_L1, "is_user_follow_business"_L1, "is_business_follow_user"_L1, "is_verified_user"_L1}) {
        const QJsonValue value = answer->value(key);
        if (value.isBool() || value.isDouble())
            profile.settings.insert(key, value);
    }
    return profile;
}

} // namespace

OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const QString fields = u"name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,is_verified_user"_s;
    return singleCall<AccountProfile>(Access(inbox, endpoints).graph().get(contactSourceId, {{u"fields"_s, fields}}), readCustomer);
}

} // namespace antiphon::instagram
