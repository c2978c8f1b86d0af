#include "core/channels/telegram/telegramaccounts.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/telegram/botapi.h"
#include "core/channels/telegram/telegramupdates.h"
#include "core/channels/typedvalue.h"

#include <algorithm>

namespace antiphon {

using namespace Qt::StringLiterals;
using telegram::BotApi;
using telegram::Repeatable;

namespace {

constexpr int kConnections = 8;                     // of the 100 that may be: this is one machine behind a tunnel
constexpr qsizetype kLongestSecret = 256;

bool isKeyCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-';
}

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
}

/// "7000000001:AAE…", the shape of every token.
Result<void> checkToken(const QString &text)
{
    const auto token = typedvalue::matching(u"bot_token"_s, text, u"[0-9]+:[A-Za-z0-9_-]{30,}"_s, u"not a bot token: digits, a colon and 35 characters are expected"_s);
    return token ? Result<void>() : Result<void>(token.error());
}

/// What can be told without asking.
Result<void> checkTyped(const InboxCredentials &inbox)
{
    if (const auto token = checkToken(inbox.accessToken); !token)
        return token;
    const QString own = json::string(inbox.settings, telegram::kApiUrl);
    const auto server = own.isEmpty() ? Result<QUrl>(QUrl()) : telegram::ownServer(own);
    return server ? Result<void>() : Result<void>(server.error());
}

Result<AccountProfile> readProfile(const QJsonObject &bot)
{
    const auto id = json::integer(bot.value("id"_L1));
    if (!id || !bot.value("is_bot"_L1).toBool())
        return invalid(u"bot_token"_s, u"the answer is no bot's"_s);
    const QString name = json::string(bot, "first_name"_L1);
    const QString username = json::string(bot, "username"_L1);
    return AccountProfile{.username = username,
                          .displayName = name,
                          .account = QString::number(*id),
                          .settings = {{"bot_id"_L1, QString::number(*id)},
                                       {"bot_name"_L1, name},
                                       {"username"_L1, username},
                                       {"can_connect_to_business"_L1, bot.value("can_connect_to_business"_L1).toBool()}}};
}

Result<WebhookRegistration> readInfo(const QJsonObject &info)
{
    WebhookRegistration found{.callback = QUrl(json::string(info, "url"_L1))};
    found.isSubscribed = !found.callback.isEmpty();
    if (const auto waiting = json::integer(info.value("pending_update_count"_L1)))
        found.waiting = int(qMin<qint64>(qMax<qint64>(0, *waiting), 1'000'000'000));
    const auto failedAt = json::integer(info.value("last_error_date"_L1));
    if (failedAt && *failedAt > 0 && *failedAt < 100'000'000'000)
        found.failedAt = fromUnixMs(*failedAt * 1000);
    QStringList remarks;
    if (const QString words = json::string(info, "last_error_message"_L1); !words.isEmpty())
        remarks.append(u"Telegram's last try failed: "_s + words);
    if (found.waiting.value_or(0) > 0)
        remarks.append(u"%1 updates wait at Telegram"_s.arg(*found.waiting));
    if (const QString address = json::string(info, "ip_address"_L1); !address.isEmpty())
        remarks.append(u"delivered to "_s + address);
    found.remark = remarks.join(u"; "_s);
    return found;
}

} // namespace

ChannelEndpoints TelegramAccounts::officialEndpoints() const
{
    return {.api = QUrl(u"https://api.telegram.org"_s), .web = QUrl(u"https://t.me"_s)};
}

AccountFields TelegramAccounts::fields() const
{
    return {.told = {u"bot_id"_s, u"bot_name"_s, u"can_connect_to_business"_s, u"business_connections"_s},
            .secrets = {u"bot_token"_s},
            .makesSigning = true,
            .token = u"bot_token"_s};
}

Result<void> TelegramAccounts::checkSecret(const QString &key, const QString &text) const
{
    return key == "bot_token"_L1 ? checkToken(text) : Result<void>();
}

QUrl TelegramAccounts::authorizeUrl(const AppCredentials &, const QUrl &, const QString &, bool, const ChannelEndpoints &) const
{
    return {};
}

QStringList TelegramAccounts::mandatoryScopes() const
{
    return {};
}

QStringList TelegramAccounts::wantedScopes() const
{
    return {};
}

OperationPtr<TokenGrant> TelegramAccounts::exchangeCode(const QString &, const AppCredentials &, const QUrl &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<TokenGrant> TelegramAccounts::refresh(const InboxCredentials &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> TelegramAccounts::revoke(const QString &, const AppCredentials &, const ChannelEndpoints &) const
{
    return std::nullopt;
}

OperationPtr<AccountProfile> TelegramAccounts::profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    if (const auto checked = checkTyped(inbox); !checked)
        return knownAnswer<AccountProfile>(checked.error());
    const BotApi api(inbox, endpoints);
    return singleCall<AccountProfile>(api.post(u"getMe"_s), [api](const HttpReply &reply) -> Result<AccountProfile> {
        const auto answer = api.read(reply, Repeatable::Yes);
        if (answer)
            return readProfile(answer->toObject());
        Error error = answer.error();
        if (error.kind == Error::Kind::Unauthorized || error.kind == Error::Kind::Invalid)
            error.field = u"bot_token"_s;
        return error;
    });
}

OperationPtr<WebhookRegistration> TelegramAccounts::inspectWebhook(const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> TelegramAccounts::registerWebhook(const QUrl &, const AppCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<WebhookRegistration> TelegramAccounts::inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const BotApi api(inbox, endpoints);
    return singleCall<WebhookRegistration>(api.post(u"getWebhookInfo"_s), [api](const HttpReply &reply) -> Result<WebhookRegistration> {
        const auto answer = api.read(reply, Repeatable::Yes);
        return answer ? readInfo(answer->toObject()) : Result<WebhookRegistration>(answer.error());
    });
}

OperationPtr<WebhookRegistration> TelegramAccounts::subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const QString secret = inbox.appSecret;
    if (secret.isEmpty() || secret.size() > kLongestSecret || !std::all_of(secret.begin(), secret.end(), isKeyCharacter))
        return knownAnswer<WebhookRegistration>(invalid(u"app_secret"_s, u"without a secret_token no webhook can be believed"_s));
    if (callback.isEmpty())
        return knownAnswer<WebhookRegistration>(invalid(u"url"_s, u"no address to bring updates to"_s));
    const BotApi api(inbox, endpoints);
    const HttpRequest request = api.post(u"setWebhook"_s, {{"url"_L1, callback.toString(QUrl::FullyEncoded)},
                                                           {"secret_token"_L1, secret},
                                                           {"allowed_updates"_L1, telegram::allowedUpdates()},
                                                           {"max_connections"_L1, kConnections}});
    return singleCall<WebhookRegistration>(request, [api, callback](const HttpReply &reply) -> Result<WebhookRegistration> {
        const auto answer = api.read(reply, Repeatable::Yes);
        return answer ? WebhookRegistration{.callback = callback, .isSubscribed = true} : Result<WebhookRegistration>(answer.error());
    });
}

std::optional<HttpRequest> TelegramAccounts::unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return BotApi(inbox, endpoints).post(u"deleteWebhook"_s, {{"drop_pending_updates"_L1, false}});
}

} // namespace antiphon
