#pragma once

#include "core/intake/away.h"
#include "core/intake/spliteventjson.h"
#include "core/store/gaprepository.h"
#include "tests/accounts/fakeaccounts.h"
#include "tests/intake/fedchannel.h"
#include "tests/intake/intakefixture.h"

#include <QTest>
#include <QTimer>

#include <chrono>

namespace antiphon::test {

inline constexpr CatchUpDepth kBots{.kind = CatchUpDepth::Kind::RedeliveryOnly, .retention = std::chrono::hours(24), .needsPublicAddress = false};
inline constexpr CatchUpDepth kNumbers{.kind = CatchUpDepth::Kind::Complete, .needsPublicAddress = false};

/// Whose webhooks lead where a test says.
class FakeWebhooks final : public AccountWebhooks {
public:
    void settle(InboxId, std::function<void()> done) override
    {
        ++settled;
        if (onSettle)
            onSettle();
        QTimer::singleShot(0, std::move(done));
    }
    bool isOurs(InboxId, const QUrl &callback) const override { return callback.host() == QLatin1StringView("desk.example"); }

    int settled = 0;
    std::function<void()> onSettle{};
};

/// An intake whose accounts are read by their feeds, and the server that has them.
class FeedWorld {
protected:
    void begin(StatementHook hook = {})
    {
        using namespace std::chrono_literals;
        m_f = std::make_unique<IntakeFixture>(true, std::move(hook));
        m_f->store().run(QStringLiteral("UPDATE inbox SET state = 'disabled'"));
        m_files = std::make_unique<FilesThread>(BlobStore::inFolder(m_f->store().folder() + QStringLiteral("/away")));
        m_server = std::make_unique<FeedServer>();
        m_webhooks = std::make_unique<FakeWebhooks>();
        m_platform = std::make_shared<FakePlatform>();
        m_mayAsk = true;
        m_pauses = {.first = 10ms, .longest = 80ms, .conflict = 150ms, .pressure = 10ms, .empty = 5ms, .underWay = 0ms};
    }

    void end()
    {
        m_away.reset();
        m_files.reset();
        m_f.reset();
        m_server.reset();
    }

    InboxId addInbox(Channel channel, Inbox::Delivery delivery)
    {
        auto adapter = std::make_unique<FedChannel>(channel, channel == Channel::Telegram ? kBots : kNumbers);
        m_f->registry().add(std::move(adapter), std::make_unique<FakeAccounts>(channel, m_platform));
        const InboxId inbox = m_f->addInbox(Inbox{.channel = channel, .name = QStringLiteral("Fed"), .externalId = QStringLiteral("biz-0001-openid"), .delivery = delivery});
        m_f->store().run(QStringLiteral("UPDATE inbox SET created_at = 1 WHERE id = %1").arg(inbox.value()));
        return inbox;
    }

    Feeds::Options feedOptions() const { return {.pauses = m_pauses}; }

    void makeAway()
    {
        using namespace std::chrono_literals;
        m_away = std::make_unique<Away>(Away::Environment{m_f->store().database(), m_f->channels(), m_f->tokens(), *m_server, m_f->fetch(), *m_files,
                                                          m_f->intake().journal(), m_f->store().clock(), m_random, m_webhooks.get()},
                                        CatchUp::Options{.startDelay = 0ms, .networkDelay = 0ms, .betweenRequests = 0ms, .mayAsk = [this] { return m_mayAsk; }},
                                        feedOptions());
    }

    /// As a webhook brings it.
    void deliver(InboxId inbox, const SplitEvent &event, Channel channel = Channel::Twilio)
    {
        SplitEvent own = event;
        own.inbox = inbox;
        std::optional<Result<void>> done;
        m_f->intake().journal().store({.inboxId = inbox,
                                       .channel = channelName(channel),
                                       .receivedAt = m_f->store().clock().now(),
                                       .source = QStringLiteral("poll"),
                                       .body = fetchedBody({own}),
                                       .bodySha256 = QByteArray("x")},
                                      m_mailbox, [&done](const Result<void> &stored) { done = stored; });
        QVERIFY(QTest::qWaitFor([&done] { return done.has_value(); }, 20'000));
        QVERIFY(*done);
    }

    qint64 now() { return toUnixMs(m_f->store().clock().now()); }
    qint64 messages() { return m_f->count(QStringLiteral("message WHERE direction = 'incoming'")); }
    QString storedCursor(InboxId inbox)
    {
        return m_f->store().text(QStringLiteral("SELECT value FROM cursor WHERE scope = 'feed' AND inbox_id = %1").arg(inbox.value())).value_or(QString());
    }
    QString notice()
    {
        return m_f->store().text(QStringLiteral("SELECT json_extract(settings, '$.notice.kind') FROM inbox WHERE channel != 'tiktok'")).value_or(QString());
    }
    std::optional<Gap> newest(InboxId inbox)
    {
        const auto all = m_f->store().read<QList<Gap>>([](ReadTransaction &tx) { return gaps::list(tx, {}, 10); });
        for (const Gap &gap : *all) {
            if (gap.inboxId == inbox)
                return gap;
        }
        return std::nullopt;
    }
    Gap settled(InboxId inbox)
    {
        std::optional<Gap> gap;
        if (!QTest::qWaitFor([&] { gap = newest(inbox); return gap && gap->state != Gap::State::Open; }, 30'000))
            qWarning("the gap is still open");
        return gap.value_or(Gap());
    }

    std::unique_ptr<IntakeFixture> m_f;
    std::unique_ptr<FilesThread> m_files;
    std::unique_ptr<FeedServer> m_server;
    std::unique_ptr<FakeWebhooks> m_webhooks;
    std::shared_ptr<FakePlatform> m_platform;
    std::unique_ptr<Away> m_away;
    FakeRandom m_random;
    Mailbox m_mailbox;
    FeedReader::Pauses m_pauses;
    bool m_mayAsk = true;
};

} // namespace antiphon::test
