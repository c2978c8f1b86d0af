#pragma once

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/channeladapter.h"
#include "core/channels/sendverdict.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace antiphon::test {

/// A platform that fetches files by link and takes each file and the text by a call of its own. A call is a POST of
/// {to, text | link, key, template, since}; its answer is {"id": …, "wa": …, "further": [id], "tokens": {…}, "queued": true}, or a status that is an error: 430 too much to
/// this customer, 429 too much (both with Retry-After), 400 refused, 401 token refused, 403 blocked, 5xx unknown. With `shown.sameKeyFor` it knows keys, and calls with an answer
/// token have none.
class FakeGraph final : public ChannelAdapter {
public:
    ChannelLimits shown{.textLimit = 1000,
                        .attachmentsPerMessage = 10,
                        .textWithAttachment = true,
                        .reportsDelivered = true,
                        .reportsRead = true,
                        .fetchesByLink = true,
                        .canReact = true,
                        .hasTemplates = true,
                        .canChoose = true,
                        .sendsPerSecond = 300,
                        .filesPerSecond = 10};

    Channel channel() const override { return Channel::Instagram; }
    ChannelLimits limits(const QJsonObject &) const override { return shown; }
    std::optional<ReplyRule> replyRule(const QJsonObject &, const QString &) const override { return ReplyRule{QStringLiteral("instagram_24h"), std::chrono::hours(24)}; }
    Verification verify(const RawWebhook &, const AppCredentials &, std::chrono::seconds) const override { return Verification::Valid; }
    Result<QList<SplitEvent>> split(const RawWebhook &, const AppCredentials &) const override { return QList<SplitEvent>(); }
    Result<InboundEvent> read(const SplitEvent &event) const override
    {
        return InboundEvent(InboundMessage{.origin = InboundMessage::Origin::OwnApi,
                                           .sourceId = event.dedupeKey,
                                           .content = event.payload.value(QStringLiteral("text")).toString(),
                                           .platformAt = event.platformAt.value_or(Timestamp())});
    }
    QString lane(InboxId, const QString &account, const QString &contactSourceId) const override { return account + u':' + contactSourceId; }
    Result<void> check(const OutboundMessage &) const override { return {}; }
    QList<OutboundPart> parts(const OutboundMessage &message) const override
    {
        QList<OutboundPart> all;
        for (const OutboundAttachment &file : message.attachments) {
            OutboundMessage one = message;
            one.content.clear();
            one.attachments = {file};
            all.append({.index = int(all.size()), .message = one});
        }
        if (!message.content.isEmpty()) {
            OutboundMessage text = message;
            text.attachments.clear();
            all.append({.index = int(all.size()), .message = text});
        }
        return all;
    }
    OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &, const ChannelEndpoints &, const QString &key) const override
    {
        const OutboundMessage &message = part.message;
        QJsonObject body{{QStringLiteral("to"), message.contactSourceId}, {QStringLiteral("key"), key}, {QStringLiteral("text"), message.content}};
        if (!message.attachments.isEmpty()) {
            body.insert(QStringLiteral("link"), message.attachments.constFirst().link.toString());
            body.insert(QStringLiteral("bytes"), message.attachments.constFirst().bytes.size());
            body.insert(QStringLiteral("voice"), message.attachments.constFirst().isVoice);
            body.insert(QStringLiteral("preview"), message.attachments.constFirst().previewLink.toString());
            body.insert(QStringLiteral("width"), message.attachments.constFirst().width.value_or(0));
        }
        if (message.fromTemplate)
            body.insert(QStringLiteral("template"), message.fromTemplate->name);
        if (message.choice)
            body.insert(QStringLiteral("choice"), message.choice->items.constFirst().title);
        if (message.sinceCustomer)
            body.insert(QStringLiteral("since"), qint64(message.sinceCustomer->count()));
        if (!message.replyToken.isEmpty()) {
            body.remove(QStringLiteral("key"));
            body.insert(QStringLiteral("token"), message.replyToken);
        }
        if (!message.quotedTokens.isEmpty())
            body.insert(QStringLiteral("quotes"), message.quotedTokens);
        body.insert(QStringLiteral("statuses"), message.publicUrl + QStringLiteral("/statuses?inbox=") + message.inbox.toString());
        return singleCall<SendReceipt>({.method = "POST", .url = QUrl(QStringLiteral("https://graph.example/send")), .body = json::toBytes(body)},
                                       [isByToken = !message.replyToken.isEmpty()](const HttpReply &reply) -> Result<SendReceipt> {
                                           auto answer = readAnswer(reply);
                                           if (answer || !isByToken)
                                               return answer;
                                           Error error = answer.error();
                                           error.code = QStringLiteral("by_token");
                                           return error;
                                       });
    }
    SendVerdict verdict(const Error &error) const override
    {
        if (error.kind == Error::Kind::OutcomeUnknown && shown.sameKeyFor.count() > 0 && error.code != u"by_token")
            return SendVerdict::SameAgain;
        return error.code == u"131056" ? SendVerdict::PartyLimited : verdictByKind(error);
    }
    QJsonObject attributesAfter(const Error &error) const override
    {
        return error.code == u"403" ? QJsonObject{{QStringLiteral("cannot_reply"), QStringLiteral("blocked")}} : QJsonObject();
    }
    RetrySchedule retrySchedule(const Error &error) const override
    {
        using std::chrono::seconds;
        if (error.kind == Error::Kind::OutcomeUnknown)
            return {.pauses = {seconds(1), seconds(5), seconds(30)}, .goesOn = false, .jitters = false};
        if (error.code == u"131056")
            return {.pauses = {seconds(1), seconds(4), seconds(16), seconds(64)}, .jitters = false};
        return ChannelAdapter::retrySchedule(error);
    }
    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    QStringList mediaHosts() const override { return {}; }
    qint64 mediaLimit() const override { return 1; }
    OperationPtr<ThreadPage> listThread(const QString &, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        if (listed.isEmpty())
            return nullptr;
        ThreadPage page;
        for (const SplitEvent &event : listed)
            page.events.append(event);
        return knownAnswer<ThreadPage>(page);
    }
    OperationPtr<ThreadList> listThreads(const ThreadQuery &, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    CatchUpDepth catchUpDepth() const override { return {}; }
    OperationPtr<bool> imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    std::optional<HttpRequest> typing(const QString &, const QString &, const InboxCredentials &, const ChannelEndpoints &) const override { return std::nullopt; }

    OperationPtr<QJsonArray> listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &) const override
    {
        return singleCall<QJsonArray>({.url = QUrl(QStringLiteral("https://graph.example/templates")), .headers = {{"Access-Token", inbox.accessToken.toUtf8()}}},
                                      [](const HttpReply &reply) -> Result<QJsonArray> {
                                          if (reply.status == 401)
                                              return Error{Error::Kind::Unauthorized, QStringLiteral("token")};
                                          if (reply.status != 200)
                                              return Error{Error::Kind::Invalid, QStringLiteral("No list for you.")};
                                          return QJsonDocument::fromJson(reply.body).array();
                                      });
    }
    std::optional<HttpRequest> react(const OutboundReaction &reaction, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        return HttpRequest{.method = "POST",
                           .url = QUrl(QStringLiteral("https://graph.example/react")),
                           .body = (reaction.contactSourceId + u' ' + reaction.messageSourceId + u' ' + reaction.emoji).toUtf8()};
    }
    std::optional<HttpRequest> markRead(const QString &contactSourceId, const QString &messageSourceId, const QJsonObject &tokens, const InboxCredentials &,
                                        const ChannelEndpoints &) const override
    {
        return HttpRequest{.method = "POST", .url = QUrl(QStringLiteral("https://graph.example/read")), .body = (contactSourceId + u' ' + messageSourceId + tokens.value(QStringLiteral("read")).toString()).toUtf8()};
    }

    QList<SplitEvent> listed{};              ///< what its list has; empty: it has no list

private:
    static Result<SendReceipt> readAnswer(const HttpReply &reply)
    {
        std::optional<std::chrono::seconds> after;
        if (const QByteArray told = reply.header("retry-after"); !told.isEmpty())
            after = std::chrono::seconds(told.toInt());
        if (reply.status == 430)
            return Error{.kind = Error::Kind::RateLimited, .detail = QStringLiteral("Too much for one."), .retryAfter = after, .code = QStringLiteral("131056")};
        if (reply.status == 429)
            return Error{.kind = Error::Kind::RateLimited, .detail = QStringLiteral("Too much."), .retryAfter = after, .code = QStringLiteral("80007")};
        if (reply.status == 401)
            return Error{.kind = Error::Kind::Unauthorized, .detail = QStringLiteral("Who are you?"), .code = QStringLiteral("190")};
        if (reply.status == 403)
            return Error{.kind = Error::Kind::Invalid, .detail = QStringLiteral("You were blocked."), .code = QStringLiteral("403")};
        if (reply.status == 400)
            return Error{Error::Kind::Invalid, QStringLiteral("No such thing."), {}, {}, QStringLiteral("100")};
        if (reply.status != 200)
            return Error{Error::Kind::OutcomeUnknown, QStringLiteral("?"), {}, {}, QString::number(reply.status)};
        const auto answer = json::parseObject(reply.body);
        QStringList further;
        const QJsonArray ids = answer->value(QStringLiteral("further")).toArray();
        for (const QJsonValue &id : ids)
            further.append(id.toString());
        return SendReceipt{.sourceId = answer->value(QStringLiteral("id")).toString(),
                           .furtherSourceIds = further,
                           .tokens = answer->value(QStringLiteral("tokens")).toObject(),
                           .isUnderWay = answer->value(QStringLiteral("queued")).toBool(),
                           .customerAddress = answer->value(QStringLiteral("wa")).toString()};
    }
};

} // namespace antiphon::test
