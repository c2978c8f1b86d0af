#include "core/channels/line/lineaccounts.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/line/lineapi.h"
#include "core/channels/line/lineevents.h"
#include "core/channels/line/linesubscription.h"
#include "core/channels/typedvalue.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

Result<AccountProfile> readBot(const HttpReply &reply)
{
    const auto answer = line::readAnswer(reply, line::Call::Plain);
    if (!answer) {
        Error error = answer.error();
        if (error.kind == Error::Kind::Unauthorized || error.kind == Error::Kind::Invalid)
            error.field = u"channel_token"_s;
        return error;
    }
    const QString userId = json::string(*answer, "userId"_L1);
    if (userId.isEmpty())
        return Error{Error::Kind::Unavailable, u"an answer without the bot's id"_s};
    AccountProfile profile{.username = json::string(*answer, "basicId"_L1),
                           .displayName = json::string(*answer, "displayName"_L1),
                           .picture = QUrl(json::string(*answer, "pictureUrl"_L1), QUrl::StrictMode)};
    profile.settings = {{line::kBotUserId, userId}};
    if (!profile.username.isEmpty())
        profile.settings.insert("basic_id"_L1, profile.username);
    if (const QString mode = json::string(*answer, "chatMode"_L1); !mode.isEmpty())
        profile.settings.insert(line::kChatMode, mode);
    if (const QString mode = json::string(*answer, "markAsReadMode"_L1); !mode.isEmpty())
        profile.settings.insert("mark_as_read_mode"_L1, mode);
    return profile;
}

} // namespace

ChannelEndpoints LineAccounts::officialEndpoints() const
{
    return {.api = QUrl(u"https://api.line.me"_s), .data = QUrl(u"https://api-data.line.me"_s), .web = QUrl(u"https://developers.line.biz"_s)};
}

AccountFields LineAccounts::fields() const
{
    return {.account = u"channel_id"_s,
            .told = {u"bot_user_id"_s, u"basic_id"_s, u"chat_mode"_s, u"mark_as_read_mode"_s},
            .secrets = {u"channel_secret"_s, u"channel_token"_s},
            .signing = u"channel_secret"_s,
            .token = u"channel_token"_s};
}

Result<QString> LineAccounts::readSetting(const QString &key, const QString &text, const QJsonObject &) const
{
    return typedvalue::digits(key, text);
}

Result<void> LineAccounts::checkSecret(const QString &key, const QString &text) const
{
    if (key != "channel_secret"_L1)
        return {};
    const auto secret = typedvalue::matching(key, text, u"[0-9a-fA-F]{32}"_s, u"not a channel secret: 32 hexadecimal digits are expected"_s);
    return secret ? Result<void>() : Result<void>(secret.error());
}

QUrl LineAccounts::authorizeUrl(const AppCredentials &, const QUrl &, const QString &, bool, const ChannelEndpoints &) const
{
    return {};
}

QStringList LineAccounts::mandatoryScopes() const
{
    return {};
}

QStringList LineAccounts::wantedScopes() const
{
    return {};
}

OperationPtr<TokenGrant> LineAccounts::exchangeCode(const QString &, const AppCredentials &, const QUrl &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<TokenGrant> LineAccounts::refresh(const InboxCredentials &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> LineAccounts::revoke(const QString &, const AppCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

OperationPtr<AccountProfile> LineAccounts::profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return singleCall<AccountProfile>(line::get(line::apiUrl(endpoints, u"/v2/bot/info"_s), inbox.accessToken), readBot);
}

OperationPtr<WebhookRegistration> LineAccounts::inspectWebhook(const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> LineAccounts::registerWebhook(const QUrl &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> LineAccounts::inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return line::inspectSubscription(inbox, endpoints);
}

OperationPtr<WebhookRegistration> LineAccounts::subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return line::subscribe(callback, inbox, endpoints);
}

} // namespace antiphon
