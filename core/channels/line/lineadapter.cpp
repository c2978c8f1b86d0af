#include "core/channels/line/lineadapter.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/line/lineapi.h"
#include "core/channels/line/lineevents.h"
#include "core/channels/line/linemedia.h"
#include "core/channels/line/linesend.h"
#include "core/channels/line/linewebhook.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

Result<AccountProfile> readProfile(const HttpReply &reply)
{
    const auto answer = line::readAnswer(reply, line::Call::Plain);
    if (!answer)
        return answer.error();
    const QString name = json::string(*answer, "displayName"_L1);
    if (name.isEmpty())
        return Error{Error::Kind::NotFound, u"a profile without name"_s};
    return AccountProfile{.displayName = name, .picture = QUrl(json::string(*answer, "pictureUrl"_L1), QUrl::StrictMode)};
}

} // namespace

ChannelLimits LineAdapter::limits(const QJsonObject &) const
{
    return line::limits();
}

std::optional<ReplyRule> LineAdapter::replyRule(const QJsonObject &, const QString &) const
{
    return std::nullopt;
}

WebhookRules LineAdapter::webhookRules() const
{
    // Brought again only where the channel's owner has switched that on. @see https://developers.line.biz/en/docs/messaging-api/receiving-messages/#webhook-redelivery
    return {.path = u"/webhooks/line/{channel_id}"_s,
            .signatureHeaders = {"x-line-signature"},
            .answer = "{}",
            .answerType = "application/json",
            .isRedelivered = false};
}

WebhookKeys LineAdapter::webhookKeys(const RawWebhook &hook) const
{
    return {.inboxSetting = u"external_id"_s, .inboxValue = line::channelIdOf(hook)};
}

Verification LineAdapter::verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds) const
{
    return line::verifySignature(hook, app.appSecret);
}

Result<QList<SplitEvent>> LineAdapter::split(const RawWebhook &hook, const AppCredentials &app) const
{
    return line::splitWebhook(hook, app);
}

Result<InboundEvent> LineAdapter::read(const SplitEvent &event) const
{
    return line::readEvent(event);
}

QString LineAdapter::lane(InboxId, const QString &account, const QString &contactSourceId) const
{
    return line::lane(account, contactSourceId);
}

Result<void> LineAdapter::check(const OutboundMessage &message) const
{
    return line::check(message);
}

QList<OutboundPart> LineAdapter::parts(const OutboundMessage &message) const
{
    return line::parts(message);
}

OperationPtr<SendReceipt> LineAdapter::send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints,
                                            const QString &idempotencyKey) const
{
    return line::send(part, inbox, endpoints, idempotencyKey);
}

SendVerdict LineAdapter::verdict(const Error &error) const
{
    return line::verdict(error);
}

RetrySchedule LineAdapter::retrySchedule(const Error &error) const
{
    const auto own = line::retrySchedule(error);
    return own ? *own : ChannelAdapter::retrySchedule(error);
}

OperationPtr<HttpRequest> LineAdapter::fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    return line::fetchMedia(remote, inbox, endpoints);
}

QStringList LineAdapter::mediaHosts() const
{
    return line::mediaHosts();
}

qint64 LineAdapter::mediaLimit() const
{
    return line::kMediaLimit;
}

OperationPtr<ChannelAdapter::ThreadPage> LineAdapter::listThread(const QString &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

OperationPtr<ChannelAdapter::ThreadList> LineAdapter::listThreads(const ThreadQuery &, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

MediaRules LineAdapter::mediaRules() const
{
    // The content's address is the message's; 400 is the answer for a message that has no file. @see https://developers.line.biz/en/reference/messaging-api/#get-content
    return {.fileName = MediaRules::FileName::Guessed, .hasFreshAddresses = false, .finalCodes = {u"400"_s}};
}

CatchUpDepth LineAdapter::catchUpDepth() const
{
    return {.kind = CatchUpDepth::Kind::RedeliveryOnly, .retention = std::chrono::hours(24)};
}

OperationPtr<AccountProfile> LineAdapter::customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const
{
    const QString path = u"/v2/bot/profile/"_s + QString::fromLatin1(QUrl::toPercentEncoding(contactSourceId));
    return singleCall<AccountProfile>(line::get(line::apiUrl(endpoints, path), inbox.accessToken), readProfile);
}

QString LineAdapter::placeholderName(const QString &contactSourceId) const
{
    constexpr qsizetype kShown = 6;
    return u"LINE user …"_s + contactSourceId.right(kShown);
}

OperationPtr<bool> LineAdapter::imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const
{
    return nullptr;
}

std::optional<HttpRequest> LineAdapter::markRead(const QString &, const QString &, const QJsonObject &tokens, const InboxCredentials &inbox,
                                                 const ChannelEndpoints &endpoints) const
{
    const QString token = json::string(tokens, "read"_L1);
    const bool isAutomatic = json::string(inbox.settings, line::kChatMode) == "bot"_L1;       // then LINE marks everything as read by itself
    if (token.isEmpty() || isAutomatic)
        return std::nullopt;
    return line::send("POST", line::apiUrl(endpoints, u"/v2/bot/chat/markAsRead"_s), {{"markAsReadToken"_L1, token}}, inbox.accessToken);
}

std::optional<HttpRequest> LineAdapter::typing(const QString &contactSourceId, const QString &, const InboxCredentials &inbox,
                                               const ChannelEndpoints &endpoints) const
{
    constexpr int kSeconds = 20;
    return line::send("POST", line::apiUrl(endpoints, u"/v2/bot/chat/loading/start"_s), {{"chatId"_L1, contactSourceId}, {"loadingSeconds"_L1, kSeconds}},
                      inbox.accessToken);
}

} // namespace antiphon
