#pragma once

#include "core/channels/missinglookup.h"
#include "tests/intake/intakefixture.h"
#include "tests/support/wordsof.h"

#include <QMutex>

#include <atomic>
#include <utility>

namespace antiphon::test {

/// A platform whose events are what they say: nothing to translate. Its rules are those of the platform whose name it has.
class SpokenChannel final : public ChannelAdapter, public MissingLookup {
public:
    explicit SpokenChannel(Channel channel)
        : m_channel(channel) {}

    /// The payload under which `read` gives this back.
    QJsonObject keep(const InboundEvent &event)
    {
        const QMutexLocker lock(&m_mutex);
        m_said.append(event);
        return {{QStringLiteral("n"), m_said.size() - 1}};
    }

    Channel channel() const override { return m_channel; }
    ChannelLimits limits(const QJsonObject &) const override { return {.textLimit = 1000, .reportsDelivered = true, .reportsRead = true}; }
    std::optional<ReplyRule> replyRule(const QJsonObject &, const QString &) const override { return ReplyRule{QStringLiteral("whatsapp_24h"), std::chrono::hours(24)}; }
    WebhookRules webhookRules() const override { return wordsOf(m_channel).webhookRules(); }
    MediaRules mediaRules() const override { return wordsOf(m_channel).mediaRules(); }
    QString serverSetting() const override { return wordsOf(m_channel).serverSetting(); }
    QString placeholderName(const QString &contactSourceId) const override { return wordsOf(m_channel).placeholderName(contactSourceId); }
    bool marksReadByDefault() const override { return wordsOf(m_channel).marksReadByDefault(); }
    Verification verify(const RawWebhook &, const AppCredentials &, std::chrono::seconds) const override { return Verification::Refused; }
    Result<QList<SplitEvent>> split(const RawWebhook &, const AppCredentials &) const override { return splits ? splits() : QList<SplitEvent>(); }
    Result<InboundEvent> read(const SplitEvent &event) const override
    {
        const QMutexLocker lock(&m_mutex);
        if (isMissing && event.kind == QStringLiteral("needy"))
            return Error{.kind = Error::Kind::Unavailable, .detail = QStringLiteral("not known yet"), .field = QStringLiteral("thing"), .code = QStringLiteral("t9")};
        return m_said.at(event.payload.value(QStringLiteral("n")).toInt());
    }
    QString lane(InboxId, const QString &account, const QString &contactSourceId) const override { return account + u':' + contactSourceId; }
    Result<void> check(const OutboundMessage &) const override { return {}; }
    /// A part each file, then the text.
    QList<OutboundPart> parts(const OutboundMessage &message) const override
    {
        QList<OutboundPart> parts;
        for (const OutboundAttachment &file : message.attachments)
            parts.append({.index = int(parts.size()), .message = {.attachments = {file}}});
        if (!message.content.isEmpty() || parts.isEmpty())
            parts.append({.index = int(parts.size()), .message = {.content = message.content}});
        return parts;
    }
    OperationPtr<SendReceipt> send(const OutboundPart &, const InboxCredentials &, const ChannelEndpoints &, const QString &) const override { return nullptr; }
    SendVerdict verdict(const Error &) const override { return SendVerdict::Refused; }
    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &) const override
    {
        return fetchesMedia ? fetchesMedia(remote, inbox) : nullptr;
    }
    QStringList mediaHosts() const override { return {QStringLiteral("media.example")}; }
    qint64 mediaLimit() const override { return 1000; }
    OperationPtr<ThreadPage> listThread(const QString &, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    OperationPtr<ThreadList> listThreads(const ThreadQuery &, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    CatchUpDepth catchUpDepth() const override { return {.kind = CatchUpDepth::Kind::RedeliveryOnly}; }
    OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        return tellsProfile ? tellsProfile(contactSourceId) : nullptr;
    }
    OperationPtr<bool> imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    std::optional<HttpRequest> typing(const QString &, const QString &, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        return std::nullopt;
    }

    std::optional<HttpRequest> acknowledge(const SplitEvent &event, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        return event.kind == QStringLiteral("button") ? std::optional(HttpRequest{.url = QUrl(QStringLiteral("https://api.example/answer"))}) : std::nullopt;
    }

    OperationPtr<QList<SplitEvent>> lookUp(const QString &field, const QString &what, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        return looksUp ? looksUp(field, what) : nullptr;
    }

    std::atomic<bool> isMissing = false;                     ///< events of kind "needy" need something that isn't there
    std::function<OperationPtr<QList<SplitEvent>>(const QString &, const QString &)> looksUp{};
    std::function<QList<SplitEvent>()> splits{};
    std::function<OperationPtr<AccountProfile>(const QString &)> tellsProfile{};
    std::function<OperationPtr<HttpRequest>(const QJsonObject &, const InboxCredentials &)> fetchesMedia{};

private:
    const Channel m_channel;
    mutable QMutex m_mutex;
    QList<InboundEvent> m_said;
};

/// An operation that is over at once.
template <typename T>
class Settled final : public Operation<T> {
public:
    explicit Settled(Result<T> result)
        : m_result(std::move(result)) {}
    typename Operation<T>::Step start() override
    {
        using Over = typename Operation<T>::Step;
        return m_result ? Over(std::in_place_index<1>, *m_result) : Over(std::in_place_index<2>, m_result.error());
    }
    typename Operation<T>::Step next(const HttpReply &) override { return start(); }

private:
    Result<T> m_result;
};

/// An inbox of such a platform with an owner and an agent, and the way in from the stored event on.
class SpokenInbox {
public:
    struct Place {
        QString lane = QStringLiteral("customer");
        QString target{};
        QString kind = QStringLiteral("spoken");
    };

    explicit SpokenInbox(Channel channel = Channel::Whatsapp, StatementHook hook = {});

    /// As many as there are; stored, not applied before `drain`.
    void queue(const InboundEvent &event, const Place &place);
    void queue(const InboundEvent &event) { queue(event, {}); }
    /// Stored and applied.
    void tell(const InboundEvent &event, const Place &place);
    void tell(const InboundEvent &event) { tell(event, {}); }
    void drain();

    /// An answer from here, with its outbox row and one attempt. @param parts more than one: so many calls, none of them taken yet
    MessageId answer(const QString &content, const QString &state, const QString &status, const QString &sourceId, const QString &key, int parts = 1);

    QString text(const QString &sql) { return m_fixture.store().text(sql).value_or(QStringLiteral("(nothing)")); }
    qint64 count(const QString &fromWhere) { return m_fixture.count(fromWhere); }
    QString messageStatus(const QString &sourceId) { return text(QStringLiteral("SELECT status FROM message WHERE source_id = '%1'").arg(sourceId)); }

    IntakeFixture &fixture() { return m_fixture; }
    SpokenChannel &channel() { return *m_channel; }
    InboxId inbox() const { return m_inbox; }

private:
    IntakeFixture m_fixture;
    SpokenChannel *m_channel = nullptr;
    InboxId m_inbox{};
    int m_events = 0;
};

inline constexpr qint64 kSpokenAt = 1'700'000'000'000;

/// A customer's text.
InboundMessage said(const QString &sourceId, const QString &content, qint64 at = kSpokenAt, const QString &customer = QStringLiteral("15550100002"));
/// A text from the platform's own app.
InboundMessage echoed(const QString &sourceId, const QString &content, qint64 at = kSpokenAt, const QString &customer = QStringLiteral("15550100002"));

} // namespace antiphon::test
