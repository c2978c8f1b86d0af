#include "tests/intake/intakefixture.h"
#include "tests/store/writerfixture.h"
#include "tests/support/testmain.h"

#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "core/intake/lanerunner.h"
#include "core/intake/spliteventjson.h"
#include "core/store/deliveryrepository.h"

#include <QElapsedTimer>
#include <QTest>

#include <latch>
#include <thread>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kT = 1'700'000'000'000;

/// One delivery that holds the events of all these webhooks: TikTok's own hold one each, its lists hold many.
QByteArray together(const IntakeFixture &f, const QList<QByteArray> &bodies)
{
    QList<SplitEvent> events;
    for (const QByteArray &body : bodies) {
        const auto found = f.channels().adapter(Channel::Tiktok)->split(f.hook(body), {.appId = u"7000000000000000001"_s});
        if (found)
            events.append(*found);
    }
    return fetchedBody(events);
}

/// TikTok's, whose events with a mark need something that is not there.
class WaitingAdapter final : public ChannelAdapter {
public:
    Channel channel() const override { return m_tiktok.channel(); }
    ChannelLimits limits(const QJsonObject &settings) const override { return m_tiktok.limits(settings); }
    std::optional<ReplyRule> replyRule(const QJsonObject &settings, const QString &) const override { return m_tiktok.replyRule(settings, {}); }
    Verification verify(const RawWebhook &hook, const AppCredentials &app, std::chrono::seconds tolerance) const override
    {
        return m_tiktok.verify(hook, app, tolerance);
    }
    Result<QList<SplitEvent>> split(const RawWebhook &hook, const AppCredentials &app) const override { return m_tiktok.split(hook, app); }
    Result<InboundEvent> read(const SplitEvent &event) const override
    {
        if (event.dedupeKey == u"m:waits"_s)
            return Error{Error::Kind::Unavailable, u"the secret is locked"_s};
        return m_tiktok.read(event);
    }
    QString lane(InboxId inbox, const QString &account, const QString &source) const override { return m_tiktok.lane(inbox, account, source); }
    Result<void> check(const OutboundMessage &message) const override { return m_tiktok.check(message); }
    QList<OutboundPart> parts(const OutboundMessage &message) const override { return m_tiktok.parts(message); }
    OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &to, const QString &key) const override
    {
        return m_tiktok.send(part, inbox, to, key);
    }
    SendVerdict verdict(const Error &error) const override { return m_tiktok.verdict(error); }
    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &to) const override
    {
        return m_tiktok.fetchMedia(remote, inbox, to);
    }
    QStringList mediaHosts() const override { return m_tiktok.mediaHosts(); }
    qint64 mediaLimit() const override { return m_tiktok.mediaLimit(); }
    OperationPtr<ThreadPage> listThread(const QString &source, const InboxCredentials &inbox, const ChannelEndpoints &to) const override
    {
        return m_tiktok.listThread(source, inbox, to);
    }
    OperationPtr<ThreadPage> listOlder(const QString &source, const QString &page, const InboxCredentials &inbox, const ChannelEndpoints &to) const override
    {
        return m_tiktok.listOlder(source, page, inbox, to);
    }
    OperationPtr<ThreadList> listThreads(const ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &to) const override
    {
        return m_tiktok.listThreads(query, inbox, to);
    }
    CatchUpDepth catchUpDepth() const override { return m_tiktok.catchUpDepth(); }
    OperationPtr<bool> imageCapability(const QString &source, bool hasEverAnswered, const InboxCredentials &inbox, const ChannelEndpoints &to) const override
    {
        return m_tiktok.imageCapability(source, hasEverAnswered, inbox, to);
    }
    std::optional<HttpRequest> typing(const QString &source, const QString &message, const InboxCredentials &inbox, const ChannelEndpoints &to) const override
    {
        return m_tiktok.typing(source, message, inbox, to);
    }

private:
    TiktokAdapter m_tiktok{};
};

void journal(IntakeFixture &f, const QByteArray &body)
{
    Mailbox mailbox;
    bool isStored = false;
    f.intake().journal().store({.channel = u"tiktok"_s, .receivedAt = f.store().clock().now(), .source = u"poll"_s, .body = body, .bodySha256 = "x"}, mailbox,
                               [&isStored](const Result<void> &stored) { isStored = bool(stored); });
    QTRY_VERIFY(isStored);
    f.drain();
}

} // namespace

class LaneOrderTest : public QObject {
    Q_OBJECT
private slots:
    void anAlbumOfFiveInParallelIsOneConversationInOrder()
    {
        IntakeFixture f;
        f.drain();
        Mailbox mailbox;
        std::atomic<int> stored{0};
        std::latch start(5);
        std::vector<std::thread> senders;
        for (int i = 0; i < 5; ++i) {
            senders.emplace_back([&, i] {
                const deliveries::Delivery delivery{.channel = u"tiktok"_s,
                                                    .receivedAt = fromUnixMs(kT),
                                                    .body = incoming({.id = u"a%1"_s.arg(i), .text = QString::number(i), .at = kT + i}),
                                                    .bodySha256 = "x"};
                start.arrive_and_wait();
                f.intake().journal().store(delivery, mailbox, [&stored](const Result<void> &done) { stored += done ? 1 : 0; });
            });
        }
        for (std::thread &sender : senders)
            sender.join();
        QTRY_COMPARE(stored.load(), 5);
        f.drain();
        QCOMPARE(f.count(u"contact"_s), 1);
        QCOMPARE(f.count(u"conversation"_s), 1);
        QCOMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 5);
        // Applied in the order of arrival, whichever that was; shown in the order of the platform's time.
        QCOMPARE(f.store().text(u"SELECT group_concat(source_id) FROM (SELECT source_id FROM message WHERE direction = 'incoming' ORDER BY id)"_s),
                 f.store().text(u"SELECT group_concat(substr(dedupe_key, 3)) FROM (SELECT dedupe_key FROM event ORDER BY id)"_s));
        QCOMPARE(f.store().text(u"SELECT group_concat(content, '') FROM (SELECT content FROM message WHERE direction = 'incoming' ORDER BY created_at, id)"_s),
                 u"01234"_s);
    }

    void aLargeBodyIsNotOvertakenByASmallOneBehindIt()
    {
        IntakeFixture f;
        f.drain();
        const QList<QByteArray> bodies{incoming({.id = u"large"_s, .text = QString(300'000, u'x'), .at = kT}), incoming({.id = u"small"_s, .at = kT + 1}),
                                       incoming({.id = u"last"_s, .at = kT + 2})};
        QVERIFY(bodies.first().size() > 256 * 1024);
        int answered = 0;
        {
            const HeldWriter held(f.store().writer());      // one batch takes all three
            for (const QByteArray &body : bodies)
                f.intake().webhooks().receive(Channel::Tiktok, f.hook(body), [&answered](const IntakeReply &reply) { answered += reply.status == 200 ? 1 : 0; });
        }
        QTRY_COMPARE(answered, 3);
        f.drain();
        QCOMPARE(f.store().text(u"SELECT group_concat(source_id, ' ') FROM (SELECT source_id FROM message ORDER BY id)"_s).value_or(QString()), u"large small last"_s);
    }

    void oneDeliveryOfSeveralThreadsGivesEachItsRowAndARepeatChangesNothing()
    {
        IntakeFixture f;
        const Said ada{.id = u"B1"_s, .text = u"one"_s, .at = kT, .conversation = u"ada"_s, .customer = u"ada"_s};
        Said third = ada;
        third.id = u"B3"_s;
        third.text = u"three"_s;
        third.at = kT + 2;
        const QByteArray body = together(f, {incoming(ada), incoming({.id = u"B2"_s, .text = u"two"_s, .at = kT + 1, .conversation = u"bob"_s, .customer = u"bob"_s}),
                                             incoming(third), readMark(kT + 3, u"ada"_s)});
        journal(f, body);
        QCOMPARE(f.store().text(u"SELECT group_concat(lane || ' ' || dedupe_key, ', ') FROM (SELECT lane, dedupe_key FROM event WHERE kind = 'message' ORDER BY id)"_s),
                 u"tt:biz-0001-openid:ada m:B1, tt:biz-0001-openid:bob m:B2, tt:biz-0001-openid:ada m:B3"_s);
        QCOMPARE(f.count(u"event WHERE kind = 'read' AND lane GLOB '~1:[0-7]'"_s), 1);
        QCOMPARE(f.count(u"contact"_s), 2);
        QCOMPARE(f.count(u"conversation"_s), 2);
        QCOMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 3);
        const qint64 changes = f.count(u"change"_s);
        journal(f, body);
        QCOMPARE(f.count(u"event"_s), 4);
        QCOMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 3);
        QCOMPARE(f.count(u"change"_s), changes);
        QCOMPARE(f.stats().duplicates, 4);
    }

    void anEchoWaitsForASendOfItsOwnCustomerOnly()
    {
        IntakeFixture f;
        for (const QString &name : {u"ada"_s, u"bob"_s})
            QCOMPARE(f.post(incoming({.id = u"in-"_s + name, .at = kT, .conversation = name, .customer = name})).status, 200);
        f.drain();
        f.store().run(u"INSERT INTO outbox (message_id, inbox_id, lane, state, next_at, idem_key, created_at, request_started_at)"
                      " SELECT id, inbox_id, 'tt:biz-0001-openid:ada', 'sending', 0, 'k', 0, 0 FROM message WHERE source_id = 'in-ada'"_s);
        for (const QString &name : {u"ada"_s, u"bob"_s})
            QCOMPARE(f.post(echo({.id = u"echo-"_s + name, .at = kT + 1, .conversation = name, .customer = name, .source = u"API"_s})).status, 200);
        QTRY_COMPARE(f.count(u"message WHERE source_id = 'echo-bob'"_s), 1);
        QTRY_COMPARE(f.count(u"event WHERE kind = 'echo' AND lane = 'tt:biz-0001-openid:ada' AND state = 'parked'"_s), 1);
        QCOMPARE(f.count(u"message WHERE source_id = 'echo-ada'"_s), 0);
        QCOMPARE(f.count(u"event WHERE kind = 'message' AND lane = 'tt:biz-0001-openid:ada' AND state = 'done'"_s), 1);      // one key, both ways
    }

    void twoLanesOfOneThreadStillMakeOneConversation()
    {
        IntakeFixture f(false);
        Splitter splitter(f.channels(), [&f](Channel channel) { return f.tokens().app(channel); });
        for (int i = 0; i < 2; ++i) {
            const QByteArray body = incoming({.id = u"m%1"_s.arg(i), .at = kT + i});
            const auto split = f.store().write<void>([&](WriteTransaction &tx) -> Result<void> {
                deliveries::Delivery delivery{.channel = u"tiktok"_s, .receivedAt = tx.now(), .body = body, .bodySha256 = "x"};
                const auto id = deliveries::insert(tx, delivery);
                if (!id)
                    return id.error();
                delivery.id = *id;
                const auto lanes = splitter.split(tx, delivery);
                return lanes ? Result<void>() : Result<void>(lanes.error());
            });
            QVERIFY(split);
        }
        f.store().run(u"UPDATE event SET lane = lane || '-another' WHERE dedupe_key = 'm:m1'"_s);
        f.start();
        f.drain();
        QCOMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 2);
        QCOMPARE(f.count(u"contact"_s), 1);
        QCOMPARE(f.count(u"conversation"_s), 1);
        const auto second = f.store().write<void>([](WriteTransaction &tx) {
            return tx.script("INSERT INTO conversation (inbox_id, contact_id, contact_inbox_id, status, last_activity_at, created_at)"
                             " SELECT inbox_id, contact_id, contact_inbox_id, 'open', 0, 0 FROM conversation");
        });
        QVERIFY(!second);                                // the index alone would hold it
    }

    void whatFailsAtFirstIsNotLostByItsRepeat()
    {
        IntakeFixture f;
        f.store().run(u"CREATE TRIGGER once BEFORE INSERT ON message WHEN NEW.source_id = 'm1' BEGIN SELECT RAISE(ABORT, 'once'); END"_s);
        const QByteArray body = incoming({.id = u"m1"_s, .at = kT});
        QCOMPARE(f.post(body).status, 200);
        QTRY_COMPARE(f.count(u"event WHERE state = 'pending' AND attempts = 1"_s), 1);
        QCOMPARE(f.post(body).status, 200);              // the platform's repeat finds the row and is no second one
        f.store().run(u"DROP TRIGGER once"_s);
        f.advance(std::chrono::seconds(2));
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'm1'"_s), 1);
        QCOMPARE(f.count(u"event"_s), 1);
        QCOMPARE(f.stats().dead, 0);
    }

    void whatFailsHoldsItsLaneOnlyAndNotForLong()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m0"_s, .at = kT})).status, 200);
        f.drain();
        f.store().run(u"CREATE TRIGGER broken BEFORE INSERT ON message WHEN NEW.source_id = 'm1' BEGIN SELECT RAISE(ABORT, 'broken'); END"_s);
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT + 1})).status, 200);
        QCOMPARE(f.post(incoming({.id = u"m2"_s, .at = kT + 2})).status, 200);
        QCOMPARE(f.post(incoming({.id = u"o1"_s, .at = kT, .conversation = u"other"_s})).status, 200);
        QTRY_COMPARE(f.count(u"message WHERE source_id = 'o1'"_s), 1);
        QCOMPARE(f.count(u"message WHERE source_id = 'm2'"_s), 0);
        for (int seconds = 0; seconds < 30 && f.count(u"message WHERE source_id = 'm2'"_s) == 0; ++seconds) {
            f.advance(std::chrono::seconds(1));
            f.drain();
        }
        QCOMPARE(f.count(u"message WHERE source_id = 'm2'"_s), 1);
        QCOMPARE(f.count(u"event WHERE dedupe_key = 'm:m1' AND state IN ('parked', 'dead')"_s), 1);
    }

    void whatWaitsForSomethingIsParkedAfterHalfAMinuteAndItsLaneGoesOn()
    {
        IntakeFixture f(false);
        ChannelRegistry channels;
        channels.add(std::make_unique<WaitingAdapter>(), std::make_unique<TiktokAccounts>());
        const auto runner = std::make_shared<LaneRunner>(f.store().writer(), f.store().clock(),
                                                         Splitter(channels, [&f](Channel channel) { return f.tokens().app(channel); }), InboundFlow(channels, {}));
        runner->start(LaneRunner::LastStop::Clean);
        for (const QString &id : {u"waits"_s, u"behind"_s}) {
            const QByteArray body = incoming({.id = id, .at = kT});
            QVERIFY(f.store().write<void>([&](WriteTransaction &tx) -> Result<void> {
                const auto stored = deliveries::insert(tx, {.channel = u"tiktok"_s, .receivedAt = tx.now(), .body = body, .bodySha256 = "x"});
                return stored ? Result<void>() : Result<void>(stored.error());
            }));
        }
        runner->rescan();
        int seconds = 0;
        QTRY_COMPARE(f.count(u"event WHERE dedupe_key = 'm:waits' AND state = 'pending' AND attempts = 1"_s), 1);
        for (; seconds < 60 && f.count(u"message"_s) == 0; ++seconds) {
            f.store().clock().advance(std::chrono::seconds(1));
            runner->wake();
            f.store().settle();
            f.store().settle();
        }
        QTRY_COMPARE(f.count(u"message WHERE source_id = 'behind'"_s), 1);
        QVERIFY2(seconds >= 25 && seconds <= 30, qPrintable(QString::number(seconds)));
        QCOMPARE(f.count(u"event WHERE dedupe_key = 'm:waits' AND state = 'parked' AND error_class = 'transient'"_s), 1);
        runner->stop();
    }

    void aStopWithWorkWaitingEndsSoonAndLosesNothing()
    {
        constexpr int kWaiting = 4000;
        IntakeFixture f(false);
        const auto stored = f.store().write<void>([&](WriteTransaction &tx) -> Result<void> {
            for (int i = 0; i < kWaiting; ++i) {
                const QByteArray body = incoming({.id = u"w%1"_s.arg(i), .at = kT + i, .conversation = u"cnv-%1"_s.arg(i % 40), .customer = u"c%1"_s.arg(i % 40)});
                const auto id = deliveries::insert(tx, {.channel = u"tiktok"_s, .receivedAt = tx.now(), .body = body, .bodySha256 = "x"});
                if (!id)
                    return id.error();
            }
            return {};
        });
        QVERIFY(stored);
        f.start();
        QTRY_VERIFY(f.count(u"delivery WHERE split_state = 'done'"_s) > 50);
        QElapsedTimer timer;
        timer.start();
        f.stopCleanly(false);
        QVERIFY2(timer.elapsed() < 30'000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!f.store().database().wasUncleanStop());
        QCOMPARE(f.count(u"job WHERE state = 'running'"_s), 0);
        QCOMPARE(f.count(u"delivery"_s), kWaiting);
        QVERIFY2(f.count(u"message"_s) < kWaiting, "there was nothing left to wait");
        f.start();
        f.drain();
        QTRY_COMPARE_WITH_TIMEOUT(f.count(u"message"_s), kWaiting, 60'000);
        QCOMPARE(f.count(u"conversation"_s), 40);
    }
};

ANTIPHON_TEST(LaneOrderTest)
#include "tst_laneorder.moc"
