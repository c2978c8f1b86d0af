#pragma once

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/channeladapter.h"
#include "core/channels/meta/metawebhook.h"
#include "core/net/hmac.h"
#include "tests/support/wordsof.h"

#include <QJsonArray>

namespace antiphon::test {

/// A platform whose inboxes have numbers in their webhooks' addresses and secrets of their own; as Telegram, LINE or Twilio it finds them as those do. Its rules
/// are those of the platform whose name it has.
/// A body is {"account_sid", "events": [{inbox, account, others, settings, group, key, kind, lane}]}.
class FakeChannel : public ChannelAdapter {
public:
    explicit FakeChannel(Channel channel = Channel::Whatsapp)
        : m_channel(channel) {}

    Channel channel() const override { return m_channel; }
    ChannelLimits limits(const QJsonObject &) const override { return {.textLimit = 1000}; }
    std::optional<ReplyRule> replyRule(const QJsonObject &settings, const QString &) const override
    {
        return settings.value(QStringLiteral("human_agent")).toBool() ? ReplyRule{QStringLiteral("messenger_7d"), std::chrono::hours(168)}
                                                                      : ReplyRule{QStringLiteral("whatsapp_24h"), std::chrono::hours(24)};
    }
    WebhookRules webhookRules() const override { return wordsOf(m_channel).webhookRules(); }
    MediaRules mediaRules() const override { return wordsOf(m_channel).mediaRules(); }
    QString serverSetting() const override { return wordsOf(m_channel).serverSetting(); }
    QString placeholderName(const QString &contactSourceId) const override { return wordsOf(m_channel).placeholderName(contactSourceId); }
    bool marksReadByDefault() const override { return wordsOf(m_channel).marksReadByDefault(); }
    WebhookKeys webhookKeys(const RawWebhook &hook) const override
    {
        const QString last = QString::fromLatin1(hook.path.mid(hook.path.lastIndexOf('/') + 1));
        if (m_channel == Channel::Telegram)
            return {.inboxSetting = QStringLiteral("id"), .inboxValue = last};
        if (m_channel == Channel::Line)
            return {.inboxSetting = QStringLiteral("external_id"), .inboxValue = last};
        if (m_channel == Channel::Twilio && hook.query.startsWith("inbox="))
            return {.inboxSetting = QStringLiteral("id"), .inboxValue = QString::fromLatin1(hook.query.mid(6))};
        if (m_channel == Channel::Twilio) {
            const auto body = json::parseObject(hook.body);
            return {.inboxSetting = QStringLiteral("account_sid"), .inboxValue = body ? body->value(QStringLiteral("account_sid")).toString() : QString()};
        }
        if (m_channel != Channel::Whatsapp)
            return {.apps = {m_channel, Channel::Messenger}};
        return {.apps = {m_channel}, .inboxSetting = QStringLiteral("phone_number"), .inboxValue = last};
    }
    HandshakeReply handshake(const RawWebhook &hook, const QList<AppCredentials> &apps) const override { return meta::handshake(hook, apps); }
    QString groupSetting() const override { return QStringLiteral("business_account_id"); }
    Verification verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds) const override
    {
        if (m_channel != Channel::Twilio)
            return meta::verifySignature(hook, app.appSecret);
        for (const QString &address : app.addresses) {      // signed with the address, as there
            RawWebhook whole = hook;
            whole.body = address.toUtf8() + hook.path + hook.body;
            if (meta::verifySignature(whole, app.appSecret) == Verification::Valid)
                return Verification::Valid;
        }
        return Verification::Refused;
    }
    Result<QList<SplitEvent>> split(const RawWebhook &hook, const AppCredentials &) const override
    {
        const auto root = json::parseObject(hook.body);
        if (!root)
            return Error{Error::Kind::BadPayload, QStringLiteral("no object")};
        QList<SplitEvent> events;
        const QJsonArray entries = root->value(QStringLiteral("events")).toArray();
        for (const QJsonValue &entry : entries) {
            const auto text = [&entry](const char *name) { return entry.toObject().value(QLatin1StringView(name)).toString(); };
            QStringList others;
            const QJsonArray listed = entry.toObject().value(QStringLiteral("others")).toArray();
            for (const QJsonValue &other : listed)
                others.append(other.toString());
            events.append({.inbox = InboxId::fromString(text("inbox")).value_or(InboxId()),
                           .account = text("account"),
                           .otherAccounts = others,
                           .ofSettings = entry.toObject().value(QStringLiteral("settings")).toObject(),
                           .accountGroup = text("group"),
                           .lane = text("lane"), .dedupeKey = text("key"), .kind = text("kind")});
        }
        return events;
    }
    Result<InboundEvent> read(const SplitEvent &) const override { return InboundEvent(InboundIgnored{QStringLiteral("a test")}); }
    QString lane(InboxId, const QString &account, const QString &contactSourceId) const override { return account + u':' + contactSourceId; }
    Result<void> check(const OutboundMessage &) const override { return {}; }
    QList<OutboundPart> parts(const OutboundMessage &message) const override { return {{.message = message}}; }
    OperationPtr<SendReceipt> send(const OutboundPart &, const InboxCredentials &, const ChannelEndpoints &, const QString &) const override { return nullptr; }
    SendVerdict verdict(const Error &) const override { return SendVerdict::Refused; }
    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    QStringList mediaHosts() const override { return {}; }
    qint64 mediaLimit() const override { return 1; }
    OperationPtr<ThreadPage> listThread(const QString &, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    OperationPtr<ThreadList> listThreads(const ThreadQuery &, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    OperationPtr<FeedPage> readFeed(const FeedQuery &, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        return hasFeed ? knownAnswer<FeedPage>(FeedPage{}) : nullptr;
    }
    std::optional<FeedRhythm> feedRhythm() const override { return hasFeed ? wordsOf(m_channel).feedRhythm() : std::nullopt; }
    CatchUpDepth catchUpDepth() const override { return {.kind = CatchUpDepth::Kind::RedeliveryOnly}; }
    OperationPtr<bool> imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    std::optional<HttpRequest> typing(const QString &, const QString &, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        return std::nullopt;
    }

    /// A webhook of it, signed.
    static RawWebhook hook(const QByteArray &path, const QByteArray &body, const QString &secret)
    {
        return {.headers = {{"Content-Type", "application/json"}, {"X-Hub-Signature-256", "sha256=" + hmacSha256(secret.toUtf8(), body).toHex()}},
                .body = body,
                .path = path};
    }

    bool hasFeed = false;        ///< an empty one

private:
    const Channel m_channel;
};

} // namespace antiphon::test
