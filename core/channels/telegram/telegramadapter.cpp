#include "core/channels/telegram/telegramadapter.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/telegram/botapi.h"
#include "core/channels/telegram/telegramcontent.h"
#include "core/channels/telegram/telegramfeed.h"
#include "core/channels/telegram/telegramkinds.h"
#include "core/channels/telegram/telegrammedia.h"
#include "core/channels/telegram/telegrammessages.h"
#include "core/channels/telegram/telegramsend.h"
#include "core/channels/telegram/telegramthread.h"
#include "core/channels/telegram/telegramupdates.h"
#include "core/net/hmac.h"

namespace antiphon {

using namespace Qt::StringLiterals;

ChannelLimits TelegramAdapter::limits(const QJsonObject &) const
{
    return telegram::limits();
}

std::optional<ReplyRule> TelegramAdapter::replyRule(const QJsonObject &, const QString &contactSourceId) const
{
    const auto thread = telegram::threadOf(contactSourceId);
    if (!thread || !thread->isBusiness())
        return std::nullopt;
    return ReplyRule{.name = u"telegram_business_24h"_s, .length = std::chrono::hours(24)};
}

WebhookRules TelegramAdapter::webhookRules() const
{
    return {.path = u"/webhooks/telegram/{inbox_id}"_s, .hasOneReceiver = true};      // its header is the secret itself
}

QString TelegramAdapter::serverSetting() const
{
    return telegram::kApiUrl;
}

WebhookKeys TelegramAdapter::webhookKeys(const RawWebhook &hook) const
{
    return {.inboxSetting = u"id"_s, .inboxValue = telegram::inboxOfPath(hook.path)};
}

Verification TelegramAdapter::verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds) const
{
    const auto given = singleHeader(hook.headers, "X-Telegram-Bot-Api-Secret-Token");
    if (!given || app.appSecret.isEmpty())
        return Verification::Refused;
    return equalConstantTime(*given, app.appSecret.toUtf8()) ? Verification::Valid : Verification::Refused;
}

Result<QList<SplitEvent>> TelegramAdapter::split(const RawWebhook &hook, const AppCredentials &) const
{
    return telegram::splitWebhook(hook);
}

Result<InboundEvent> TelegramAdapter::read(const SplitEvent &event) const
{
    return telegram::readEvent(event);
}

QString TelegramAdapter::lane(InboxId inbox, const QString &, const QString &contactSourceId) const
{
    const auto thread = telegram::threadOf(contactSourceId);
    return telegram::lane(inbox, thread ? thread->chat : contactSourceId);
}

Result<void> TelegramAdapter::check(const OutboundMessage &message) const
{
    return telegram::check(message);
}

QList<OutboundPart> TelegramAdapter::parts(const OutboundMessage &message) const
{
    return telegram::parts(message);
}

OperationPtr<SendReceipt> TelegramAdapter::send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &) const
{
    return telegram::send(part, inbox, endpoints);
}

SendVerdict TelegramAdapter::verdict(const Error &error) const
{
    return telegram::verdict(error);
}

QJsonObject TelegramAdapter::attributesAfter(const Error &error) const
{
    return telegram::attributesAfter(error);
}

std::optional<HttpRequest> TelegramAdapter::acknowledge(const SplitEvent &event, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const QString query = json::string(event.payload.value("query"_L1).toObject(), "id"_L1);
    if (event.kind != telegram::kind::kButton || query.isEmpty())
        return std::nullopt;
    return telegram::answerButton(query, inbox, endpoints);
}

OperationPtr<HttpRequest> TelegramAdapter::fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return telegram::fetchMedia(remote, inbox, endpoints);
}

QStringList TelegramAdapter::mediaHosts() const
{
    return {u"api.telegram.org"_s};
}

qint64 TelegramAdapter::mediaLimit() const
{
    return telegram::kMediaLimit;
}

OperationPtr<ChannelAdapter::ThreadPage> TelegramAdapter::listThread(const QString &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<ChannelAdapter::ThreadList> TelegramAdapter::listThreads(const ThreadQuery &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<ChannelAdapter::FeedPage> TelegramAdapter::readFeed(const FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return telegram::readFeed(query, inbox, endpoints);
}

MediaRules TelegramAdapter::mediaRules() const
{
    using std::chrono::seconds;
    return {.notFoundPauses = {seconds(1), seconds(5), seconds(30)}, .hasFreshAddresses = false};
}

std::optional<FeedRhythm> TelegramAdapter::feedRhythm() const
{
    return FeedRhythm{.every = std::chrono::seconds(0), .waitsFor = telegram::kLongPoll};
}

CatchUpDepth TelegramAdapter::catchUpDepth() const
{
    return {.kind = CatchUpDepth::Kind::RedeliveryOnly, .retention = std::chrono::hours(24), .needsPublicAddress = false};
}

OperationPtr<QList<SplitEvent>> TelegramAdapter::lookUp(const QString &field, const QString &what, const InboxCredentials &inbox,
                                                        const ChannelEndpoints &endpoints) const
{
    if (field != "business_connection"_L1)
        return nullptr;
    const telegram::BotApi api(inbox, endpoints);
    const telegram::UpdateSource source{.inbox = inbox.inbox, .account = inbox.account};
    const auto read = [api, source](const HttpReply &reply) -> Result<QList<SplitEvent>> {
        const auto answer = api.read(reply, telegram::Repeatable::Yes);
        if (!answer)
            return answer.error();
        return telegram::connectionEvents(answer->toObject(), source);
    };
    return singleCall<QList<SplitEvent>>(api.post(u"getBusinessConnection"_s, {{"business_connection_id"_L1, what}}), read);
}

OperationPtr<AccountProfile> TelegramAdapter::customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const auto thread = telegram::threadOf(contactSourceId);
    if (!thread)
        return knownAnswer<AccountProfile>(Error{Error::Kind::NotFound, u"no thread of Telegram's"_s});
    return telegram::customerPicture(thread->chat, inbox, endpoints);
}

OperationPtr<bool> TelegramAdapter::imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> TelegramAdapter::markRead(const QString &, const QString &messageSourceId, const QJsonObject &, const InboxCredentials &inbox,
                                                     const ChannelEndpoints &endpoints) const
{
    return telegram::markRead(messageSourceId, inbox, endpoints);
}

std::optional<HttpRequest> TelegramAdapter::typing(const QString &contactSourceId, const QString &, const InboxCredentials &inbox,
                                                   const ChannelEndpoints &endpoints) const
{
    return telegram::typing(contactSourceId, inbox, endpoints);
}

} // namespace antiphon
