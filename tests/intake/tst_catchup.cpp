#include "core/channels/calls.h"
#include "core/intake/away.h"
#include "core/store/gaprepository.h"
#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A platform with another memory than TikTok's: as deep as a test says, two messages a page.
class OtherPlatform final : public ChannelAdapter {
public:
    CatchUpDepth depth{};
    QMap<QString, QList<qint64>> threads{};        ///< times of the messages, oldest first; their ids are "<thread>/<n>"
    static constexpr qsizetype kPage = 2;

    Channel channel() const override { return Channel::Line; }
    CatchUpDepth catchUpDepth() const override { return depth; }

    OperationPtr<ThreadList> listThreads(const ThreadQuery &query, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        ThreadList list;
        for (auto it = threads.cbegin(); it != threads.cend(); ++it) {
            if (fromUnixMs(it->last()) >= query.since)
                list.threads.append({it.key(), fromUnixMs(it->last())});
        }
        return knownAnswer<ThreadList>(list);
    }
    OperationPtr<ThreadPage> listThread(const QString &thread, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override
    {
        return listOlder(thread, QString::number(threads.value(thread).size()), inbox, endpoints);
    }
    OperationPtr<ThreadPage> listOlder(const QString &thread, const QString &page, const InboxCredentials &, const ChannelEndpoints &) const override
    {
        const QList<qint64> all = threads.value(thread);
        const qsizetype end = page.toInt();
        const qsizetype begin = std::max<qsizetype>(0, end - kPage);
        ThreadPage listed{.isWhole = begin == 0};
        for (qsizetype i = begin; i < end; ++i) {
            const QString id = u"%1/%2"_s.arg(thread).arg(i);
            listed.events.append({.account = u"line-1"_s,
                                  .lane = u"ln:"_s + thread,
                                  .dedupeKey = u"m:"_s + id,
                                  .kind = u"message"_s,
                                  .platformAt = fromUnixMs(all.at(i)),
                                  .payload = {{u"id"_s, id}, {u"thread"_s, thread}, {u"at"_s, all.at(i)}}});
        }
        if (begin > 0 && depth.kind == CatchUpDepth::Kind::Complete)
            listed.older = QString::number(begin);
        return knownAnswer<ThreadPage>(listed);
    }
    Result<InboundEvent> read(const SplitEvent &event) const override
    {
        return InboundEvent(InboundMessage{.customer = {.contactSourceId = event.payload.value("thread"_L1).toString()},
                                           .sourceId = event.payload.value("id"_L1).toString(),
                                           .content = u"hello"_s,
                                           .platformAt = fromUnixMs(event.payload.value("at"_L1).toInteger())});
    }

    ChannelLimits limits(const QJsonObject &) const override { return {}; }
    std::optional<ReplyRule> replyRule(const QJsonObject &, const QString &) const override { return {}; }
    Verification verify(const RawWebhook &, const AppCredentials &, std::chrono::seconds) const override { return {}; }
    Result<QList<SplitEvent>> split(const RawWebhook &, const AppCredentials &) const override { return QList<SplitEvent>(); }
    QString lane(InboxId, const QString &, const QString &thread) const override { return u"ln:"_s + thread; }
    Result<void> check(const OutboundMessage &) const override { return {}; }
    QList<OutboundPart> parts(const OutboundMessage &) const override { return {}; }
    OperationPtr<SendReceipt> send(const OutboundPart &, const InboxCredentials &, const ChannelEndpoints &, const QString &) const override { return nullptr; }
    SendVerdict verdict(const Error &) const override { return {}; }
    OperationPtr<HttpRequest> fetchMedia(const QJsonObject &, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    QStringList mediaHosts() const override { return {}; }
    qint64 mediaLimit() const override { return 0; }
    OperationPtr<bool> imageCapability(const QString &, bool, const InboxCredentials &, const ChannelEndpoints &) const override { return nullptr; }
    std::optional<HttpRequest> typing(const QString &, const QString &, const InboxCredentials &, const ChannelEndpoints &) const override { return {}; }
};

constexpr auto kThreads = "business/message/conversation/list/"_L1;
constexpr auto kMessages = "business/message/content/list/"_L1;

} // namespace

class CatchUpTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_f = std::make_unique<IntakeFixture>();
        m_f->store().run(u"UPDATE inbox SET created_at = 1"_s);
        m_files = std::make_unique<FilesThread>(BlobStore::inFolder(m_f->store().folder() + u"/away"_s));
        m_lists.clear();
        m_foreign = 0;
        m_isDown = false;
        m_f->http().route(kThreads, RoutingHttp::Answer([this](const HttpRequest &request) { return listThreads(request); }));
        m_f->http().route(kMessages, RoutingHttp::Answer([this](const HttpRequest &request) { return listMessages(request); }));
    }

    void cleanup()
    {
        m_away.reset();
        m_files.reset();
        m_f.reset();
    }

    void tellsEachDepthHonestly_data()
    {
        using Kind = CatchUpDepth::Kind;
        QTest::addColumn<CatchUpDepth>("depth");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("note");
        QTest::addColumn<int>("recovered");
        QTest::newRow("everything") << CatchUpDepth{.kind = Kind::Complete} << u"recovered"_s << u""_s << 7;
        QTest::newRow("the newest of each thread")
            << CatchUpDepth{.kind = Kind::NewestPerThread, .newest = 2} << u"partial"_s << u"2 newest fetched; older ones may be missing in 1 conversation"_s << 4;
        QTest::newRow("a short memory") << CatchUpDepth{.kind = Kind::Complete, .retention = 72h} << u"partial"_s
                                        << u"the platform lists the last 3 days only; what is older is lost"_s << 7;
        QTest::newRow("redelivery") << CatchUpDepth{.kind = Kind::RedeliveryOnly, .retention = 24h} << u"partial"_s
                                    << u"the platform has no history; waiting for redelivery"_s << 0;
        QTest::newRow("nothing") << CatchUpDepth{.kind = Kind::None} << u"unrecoverable"_s << u"the platform has no history"_s << 0;
    }

    void tellsEachDepthHonestly()
    {
        QFETCH(CatchUpDepth, depth);
        OtherPlatform &other = addOther();
        other.depth = depth;
        const qint64 now = toUnixMs(m_f->store().clock().now());
        other.threads.insert(u"long"_s, {now - 50'000, now - 40'000, now - 30'000, now - 20'000, now - 10'000});
        other.threads.insert(u"short"_s, {now - 9000, now - 8000});
        other.threads.insert(u"old"_s, {now - 400'000'000'000});
        makeAway();
        m_away->gaps().noteAway(fromUnixMs(now - 4 * 86'400'000), fromUnixMs(now), Gap::Cause::Stopped);
        m_away->start();
        const Gap gap = settled(m_other);
        QTEST(gapStateName(gap.state), "state");
        QTEST(gapNote(gap.reasons), "note");
        QTEST(int(gap.recovered), "recovered");
        QCOMPARE(m_f->count(u"message WHERE direction = 'incoming'"_s), gap.recovered);
    }

    void givesRedeliveryADay()
    {
        addOther().depth = {.kind = CatchUpDepth::Kind::RedeliveryOnly, .retention = 24h};
        makeAway();
        const Timestamp now = m_f->store().clock().now();
        m_away->gaps().noteAway(now - 1h, now, Gap::Cause::Stopped);
        m_away->start();
        QCOMPARE(settled(m_other).reasons.first().code, Gap::Reason::Code::WaitingForRedelivery);
        m_f->advance(25h);
        QTRY_COMPARE_WITH_TIMEOUT(settled(m_other).reasons.first().code, Gap::Reason::Code::RedeliveryOver, 20'000);
        QCOMPARE(settled(m_other).state, Gap::State::Partial);
    }

    void saysThatFurtherThreadsMayBeMissing()
    {
        const qint64 now = toUnixMs(m_f->store().clock().now());
        for (int i = 0; i < 130; ++i)
            m_lists.insert(u"cnv%1"_s.arg(i), {now - 100'000 - i});
        makeAway();
        m_away->gaps().noteAway(fromUnixMs(now - 3'600'000), fromUnixMs(now), Gap::Cause::Crashed);
        m_away->start();
        const Gap gap = settled(m_f->inbox());
        QCOMPARE(gap.state, Gap::State::Partial);
        QCOMPARE(gapNote(gap.reasons), u"the platform lists 100 conversations at most; further ones may be missing"_s);
        QCOMPARE(gap.recovered, 100);
    }

    void aSleepOfANightIsFilledOnceTheNetworkIsBack()
    {
        makeAway({.startDelay = 0ms, .networkDelay = 20s, .betweenRequests = 0ms});
        m_away->noteStart();
        m_away->start();
        m_f->store().settle();
        m_away->watch().noteSleep(true);
        const qint64 before = toUnixMs(m_f->store().clock().now());
        m_f->advance(10h);
        m_lists.insert(u"cnv+1=="_s, {before + 3'600'000, before + 7'200'000});
        m_away->watch().noteSleep(false);
        QTRY_COMPARE_WITH_TIMEOUT(m_f->count(u"gap"_s), 1, 10'000);
        QTest::qWait(700);         // longer than a tick: nothing is asked before its time
        QCOMPARE(m_f->http().count(kThreads), 0);
        m_f->advance(21s);
        const Gap gap = settled(m_f->inbox());
        QCOMPARE(gap.cause, Gap::Cause::Sleep);
        QCOMPARE(toUnixMs(gap.from), before);
        QCOMPARE(toUnixMs(*gap.to), before + 36'000'000);
        QCOMPARE(gap.state, Gap::State::Recovered);
        QCOMPARE(gap.recovered, 2);
        QCOMPARE(m_f->store().integer(u"SELECT MIN(created_at) FROM message WHERE caught_up AND direction = 'incoming'"_s), before + 3'600'000);
    }

    void aProcessThatEndedBadlySaysSo()
    {
        makeAway();
        m_away->noteStart();
        m_f->store().settle();
        QCOMPARE(m_f->count(u"gap"_s), 0);        // the first start of all
        m_away->gaps().open(m_f->inbox(), m_f->store().clock().now(), Gap::Cause::Tunnel);
        m_f->store().settle();
        m_away.reset();
        m_f->store().settle();
        m_f->crash();
        m_f->store().clock().advance(5min);
        makeAway();
        m_away->noteStart();
        m_f->store().settle();
        // The tunnel was down before, and that gap goes on to the start: one row says it all.
        QCOMPARE(m_f->count(u"gap"_s), 1);
        QCOMPARE(m_f->store().text(u"SELECT cause FROM gap WHERE to_ts IS NOT NULL"_s), u"tunnel"_s);
        m_away.reset();
        m_f->store().settle();
        m_f->store().clock().advance(5min);
        m_f->crash();
        makeAway();
        m_away->noteStart();
        m_f->store().settle();
        QCOMPARE(m_f->store().text(u"SELECT cause FROM gap ORDER BY id DESC"_s), u"crashed"_s);
    }

    void triesAgainWhereThePlatformCouldNotBeAsked()
    {
        m_isDown = true;
        const qint64 now = toUnixMs(m_f->store().clock().now());
        m_lists.insert(u"cnv+1=="_s, {now - 60'000});
        makeAway();
        m_away->gaps().noteAway(fromUnixMs(now - 3'600'000), fromUnixMs(now), Gap::Cause::Stopped);
        m_away->start();
        QTRY_VERIFY_WITH_TIMEOUT(newest(m_f->inbox()) && !newest(m_f->inbox())->reasons.isEmpty(), 10'000);
        QCOMPARE(newest(m_f->inbox())->state, Gap::State::Open);
        QCOMPARE(newest(m_f->inbox())->reasons.first().code, Gap::Reason::Code::Unreachable);
        m_isDown = false;
        // The pause counts from the moment the net thread hears of the failure, which may be after its note was stored.
        const bool isFilled = QTest::qWaitFor(
            [&] {
                m_f->advance(11s);
                return newest(m_f->inbox())->state == Gap::State::Recovered;
            },
            30'000);
        QVERIFY(isFilled);
        QCOMPARE(settled(m_f->inbox()).reasons.size(), 0);
    }

    void anAnswerWithoutItsListFillsNothing_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QJsonObject>("data");
        QTest::newRow("threads") << QString(kThreads) << QJsonObject{{u"conversations"_s, QJsonObject()}};
        QTest::newRow("no threads") << QString(kThreads) << QJsonObject();
        QTest::newRow("messages") << QString(kMessages) << QJsonObject{{u"messages"_s, QJsonObject()}};
        QTest::newRow("no messages") << QString(kMessages) << QJsonObject();
    }

    void anAnswerWithoutItsListFillsNothing()
    {
        QFETCH(QString, path);
        QFETCH(QJsonObject, data);
        const qint64 now = toUnixMs(m_f->store().clock().now());
        m_lists.insert(u"cnv+1=="_s, {now - 60'000});
        m_f->http().route(path, data);
        makeAway();
        m_away->gaps().noteAway(fromUnixMs(now - 3'600'000), fromUnixMs(now), Gap::Cause::Stopped);
        m_away->start();
        QTRY_VERIFY_WITH_TIMEOUT(newest(m_f->inbox()) && (newest(m_f->inbox())->state != Gap::State::Open || !newest(m_f->inbox())->reasons.isEmpty()), 10'000);
        QCOMPARE(newest(m_f->inbox())->state, Gap::State::Open);
        QCOMPARE(newest(m_f->inbox())->reasons.first().code, Gap::Reason::Code::Unreachable);
    }

    void aListThatGoesOnNowhereIsNoWholeOne()
    {
        m_f->http().route(kThreads, QJsonObject{{u"conversations"_s, QJsonArray()}, {u"has_more"_s, true}, {u"cursor"_s, u""_s}});
        const qint64 now = toUnixMs(m_f->store().clock().now());
        makeAway();
        m_away->gaps().noteAway(fromUnixMs(now - 3'600'000), fromUnixMs(now), Gap::Cause::Stopped);
        m_away->start();
        const Gap gap = settled(m_f->inbox());
        QCOMPARE(gap.state, Gap::State::Partial);
        QCOMPARE(gap.reasons.first().code, Gap::Reason::Code::ThreadsCapped);
        QVERIFY(!gap.reasons.first().detail.isEmpty());
    }

    void saysWhatItWaitsForWhereSomebodyElseFoundTheTokenRefused()
    {
        const qint64 now = toUnixMs(m_f->store().clock().now());
        m_f->store().run(u"UPDATE inbox SET state = 'reauthorization_required'"_s);
        makeAway();
        m_away->gaps().noteAway(fromUnixMs(now - 3'600'000), fromUnixMs(now), Gap::Cause::Stopped);
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_f->count(u"gap WHERE state = 'open' AND note IS NOT NULL"_s), 1, 20'000);
        const auto gaps = m_f->store().write<QList<Gap>>([this](WriteTransaction &tx) { return gaps::toFill(tx, m_f->inbox()); });
        QVERIFY(gaps && gaps->size() == 1);
        QCOMPARE(gaps->first().reasons.first().code, Gap::Reason::Code::NeedsOwner);
        m_f->store().run(u"UPDATE inbox SET state = 'active'"_s);
        m_away->catchUp().wake();
        QCOMPARE(settled(m_f->inbox()).state, Gap::State::Recovered);
    }

    void messagesOfOthersAreNotStored()
    {
        const qint64 now = toUnixMs(m_f->store().clock().now());
        m_lists.insert(u"cnv+1=="_s, {now - 60'000, now - 50'000});
        m_foreign = now - 50'000;
        makeAway();
        m_away->gaps().noteAway(fromUnixMs(now - 3'600'000), fromUnixMs(now), Gap::Cause::Stopped);
        m_away->start();
        const Gap gap = settled(m_f->inbox());
        QCOMPARE(gap.state, Gap::State::Partial);
        QCOMPARE(gap.recovered, 1);
        QCOMPARE(gap.reasons.first().code, Gap::Reason::Code::NewestOnly);
        QCOMPARE(gap.reasons.first().count, 1);
        QVERIFY(!gap.reasons.first().detail.isEmpty());
        QCOMPARE(m_f->count(u"message WHERE direction = 'incoming'"_s), 1);
    }

    void countsWhatOnlyTheListsKnew()
    {
        makeAway();
        m_away->start();
        QTest::qWait(700);
        QCOMPARE(m_f->http().count(kThreads), 0);        // nothing to fill, and not yet time for a look
        m_f->advance(31min);
        const qint64 now = toUnixMs(m_f->store().clock().now());
        m_lists.insert(u"cnv+1=="_s, {now - 300'000, now - 200'000, now - 100'000, now - 10'000});
        QTRY_COMPARE_WITH_TIMEOUT(m_f->count(u"message WHERE caught_up"_s), 3, 10'000);        // the youngest may be under way
        m_f->drain();
        QCOMPARE(m_f->stats().lostFoundByPoll, 3);
        QCOMPARE(m_f->store().text(u"SELECT settings FROM inbox"_s).value().contains(u"\"webhooks_lost\""_s), true);
        QCOMPARE(m_f->count(u"gap"_s), 0);
        m_f->advance(31min);
        QTRY_COMPARE_WITH_TIMEOUT(m_f->stats().lostFoundByPoll, 4, 10'000);
        m_lists.clear();
        m_f->advance(50h);
        QTRY_COMPARE_WITH_TIMEOUT(m_f->store().text(u"SELECT settings FROM inbox"_s).value().contains(u"\"webhooks_lost\""_s), false, 10'000);
    }

    void anInboxWithoutWebhooksIsPolled()
    {
        m_f->store().run(u"UPDATE inbox SET delivery = 'poll'"_s);
        const qint64 now = toUnixMs(m_f->store().clock().now());
        m_lists.insert(u"cnv+1=="_s, {now - 1000});
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_f->count(u"message WHERE direction = 'incoming' AND NOT caught_up"_s), 1, 10'000);
        m_f->advance(31s);
        m_lists[u"cnv+1=="_s].append(now + 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(m_f->count(u"message WHERE direction = 'incoming' AND NOT caught_up"_s), 2, 10'000);
        QCOMPARE(m_f->stats().lostFoundByPoll, 0);
    }

private:
    OtherPlatform &addOther()
    {
        auto made = std::make_unique<OtherPlatform>();
        OtherPlatform &other = *made;
        m_f->registry().add(std::move(made), nullptr);
        m_f->store().run(u"UPDATE inbox SET state = 'disabled'"_s);       // of TikTok's nobody asks here
        const auto inbox = m_f->store().write<InboxId>([](WriteTransaction &tx) {
            return inboxes::insert(tx, {.channel = Channel::Line, .name = u"Line"_s, .externalId = u"line-1"_s});
        });
        m_other = *inbox;
        m_f->store().run(u"UPDATE inbox SET created_at = 1"_s);
        return other;
    }

    void makeAway(CatchUp::Options options = {.startDelay = 0ms, .networkDelay = 0ms, .betweenRequests = 0ms})
    {
        m_away = std::make_unique<Away>(Away::Environment{m_f->store().database(), m_f->channels(), m_f->tokens(), m_f->http(), m_f->fetch(), *m_files,
                                                          m_f->intake().journal(), m_f->store().clock(), m_random},
                                        options);
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

    HttpReply listThreads(const HttpRequest &request)
    {
        if (m_isDown)
            return {.status = 0, .transport = Error{Error::Kind::Network, u"no connection"_s}};
        QJsonArray listed;
        const bool isStrangers = QUrlQuery(request.url).queryItemValue(u"conversation_type"_s) == "STRANGER"_L1;
        QList<std::pair<qint64, QString>> byTime;
        for (auto it = m_lists.cbegin(); isStrangers && it != m_lists.cend(); ++it)
            byTime.append({-it->last(), it.key()});
        std::sort(byTime.begin(), byTime.end());
        for (const auto &[time, id] : byTime.mid(0, 100))
            listed.append(QJsonObject{{u"conversation_id"_s, id}, {u"update_time"_s, -time}});
        return platformReply({{u"conversations"_s, listed}, {u"has_more"_s, false}});
    }

    HttpReply listMessages(const HttpRequest &request)
    {
        const QString id = QUrlQuery(request.url).queryItemValue(u"conversation_id"_s, QUrl::FullyDecoded);
        QJsonArray listed;
        const QList<qint64> times = m_lists.value(id);
        for (const qint64 at : times) {
            const QString customer = u"usr-"_s + id;
            listed.append(QJsonObject{{u"message_id"_s, u"%1/%2"_s.arg(id).arg(at)},
                                      {u"conversation_id"_s, at == m_foreign ? u"someoneelse"_s : id},
                                      {u"timestamp"_s, at},
                                      {u"message_type"_s, u"TEXT"_s},
                                      {u"text"_s, QJsonObject{{u"body"_s, u"hello"_s}}},
                                      {u"sender"_s, customer},
                                      {u"recipient"_s, u"lantern.books"_s},
                                      {u"from_user"_s, QJsonObject{{u"id"_s, customer}, {u"role"_s, u"PERSONAL_ACCOUNT"_s}}},
                                      {u"to_user"_s, QJsonObject{{u"id"_s, u"biz-0001-openid"_s}, {u"role"_s, u"BUSINESS_ACCOUNT"_s}}}});
        }
        return platformReply({{u"messages"_s, listed}, {u"participants"_s, QJsonArray()}});
    }

    std::unique_ptr<IntakeFixture> m_f;
    std::unique_ptr<FilesThread> m_files;
    std::unique_ptr<Away> m_away;
    FakeRandom m_random;
    InboxId m_other{};
    QMap<QString, QList<qint64>> m_lists;        ///< what TikTok's lists give: threads with the times of their messages
    qint64 m_foreign = 0;        ///< the message of that time names another conversation
    bool m_isDown = false;
};

ANTIPHON_TEST(CatchUpTest)
#include "tst_catchup.moc"
