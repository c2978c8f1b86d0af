#include "tests/store/writerfixture.h"
#include "tests/support/testmain.h"

#include <QFileInfo>
#include <QSemaphore>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kUrgent = Writer::Priority::Urgent;
constexpr auto kBackground = Writer::Priority::Background;

Result<void> insertLabel(WriteTransaction &tx, const QString &title)
{
    return tx.query(u"INSERT INTO label (title, color) VALUES (:title, '#000')"_s).bind(":title"_L1, title).exec();
}

} // namespace

class WriterTest : public QObject {
    Q_OBJECT
private slots:
    void aRefusalTakesBackOnlyItsClosure();
    void aRefusedClosureTellsNothing();
    void anAttemptTakesBackOnlyItself();
    void followUpsRunInTheSameBatch();
    void aRefusedFollowUpLeavesItsParent();
    void changesAreNumberedWithoutHoles();
    void theSameChangeIsToldOnceAClosure();
    void urgentWorkGoesFirstAndEachQueueKeepsItsOrder();
    void nothingIsLostBetweenFourProducers();
    void valuesComeToTheMailboxsThread();
    void aFeederIsCalledUntilItHasNoMore();
    void aFailingFeederPausesAndTheRestGoesOn();
    void aFloodOfUrgentWorkDoesNotStarveFeeders();
    void aSlowClosureIsCounted();
    void checkpointsKeepTheLogSmall();
    void whatIsQueuedIsDoneBeforeTheEnd();
    void afterTheEndEverythingIsUnavailable();
    void pressureShowsWhatWaits();
};

void WriterTest::aRefusalTakesBackOnlyItsClosure()
{
    TemporaryStore store;
    Told told;
    {
        HeldWriter held(store.writer());
        for (int i = 0; i < 4; ++i) {
            store.writer().submit(
                kUrgent, "label",
                [i](WriteTransaction &tx) -> Result<void> {
                    if (auto done = insertLabel(tx, QString::number(i)); !done)
                        return done;
                    if (i == 1)
                        return Error{Error::Kind::Invalid, u"no"_s};
                    return i == 2 ? insertLabel(tx, u"0"_s) : Result<void>();
                },
                told.by(i));
        }
    }
    QTRY_COMPARE(told.count(), 4);
    QVERIFY(told.isDone(0) && told.isDone(3));
    QCOMPARE(told.kind(1), Error::Kind::Invalid);
    QCOMPARE(told.kind(2), Error::Kind::Conflict);
    QCOMPARE(store.text(u"SELECT group_concat(title) FROM label"_s), u"0,3"_s);
    QCOMPARE(store.writer().stats().latched, 0);
    QCOMPARE(store.writer().stats().refused, 2);
}

void WriterTest::aRefusedClosureTellsNothing()
{
    TemporaryStore store;
    HeardChanges heard(store.writer());
    std::atomic<int> followUps{0};
    std::atomic<int> afterCommits{0};
    const auto closure = [&](bool refuse) {
        return [&, refuse](WriteTransaction &tx) -> Result<void> {
            tx.changed(u"label.created"_s, refuse ? 1 : 2);
            tx.followUp("follow", [&](WriteTransaction &) {
                ++followUps;
                return Result<void>();
            });
            tx.afterCommit([&] { ++afterCommits; });
            return refuse ? Result<void>(Error{Error::Kind::Conflict, {}}) : Result<void>();
        };
    };
    QVERIFY(!store.write<void>(closure(true)));
    store.settle();
    QCOMPARE(followUps, 0);
    QCOMPARE(afterCommits, 0);
    QCOMPARE(heard.calls(), 0);
    QVERIFY(store.write<void>(closure(false)));
    store.settle();
    QCOMPARE(followUps, 1);
    QCOMPARE(afterCommits, 1);
    QCOMPARE(heard.all().size(), 1);
    QCOMPARE(heard.all().first().change.entityId, 2);
    QCOMPARE(heard.all().first().change.entity, u"label"_s);
}

void WriterTest::anAttemptTakesBackOnlyItself()
{
    TemporaryStore store;
    HeardChanges heard(store.writer());
    const auto done = store.write<void>([](WriteTransaction &tx) -> Result<void> {
        if (auto made = insertLabel(tx, u"before"_s); !made)
            return made;
        const auto tried = tx.attempt([](WriteTransaction &inner) -> Result<void> {
            inner.changed(u"label.created"_s, 7);
            if (auto made = insertLabel(inner, u"tried"_s); !made)
                return made;
            return insertLabel(inner, u"before"_s);
        });
        if (tried || tried.error().kind != Error::Kind::Conflict)
            return Error{Error::Kind::Invalid, u"the attempt should have failed"_s};
        tx.changed(u"label.created"_s, 8);
        return tx.attempt([](WriteTransaction &inner) { return insertLabel(inner, u"kept"_s); });
    });
    QVERIFY2(done, done ? "" : qPrintable(describe(done.error())));
    QCOMPARE(store.text(u"SELECT group_concat(title) FROM label"_s), u"before,kept"_s);
    QCOMPARE(heard.all().size(), 1);
    QCOMPARE(heard.all().first().change.entityId, 8);
}

void WriterTest::followUpsRunInTheSameBatch()
{
    TemporaryStore store;
    HeardChanges heard(store.writer());
    QVERIFY(store.write<void>([](WriteTransaction &tx) -> Result<void> {
        tx.changed(u"label.created"_s, 1);
        tx.followUp("second", [](WriteTransaction &next) -> Result<void> {
            next.changed(u"label.created"_s, 2);
            next.followUp("third", [](WriteTransaction &last) -> Result<void> {
                last.changed(u"label.created"_s, 3);
                return {};
            });
            return {};
        });
        return {};
    }));
    QTRY_COMPARE(heard.all().size(), 3);
    QCOMPARE(heard.calls(), 1);          // one commit
}

void WriterTest::aRefusedFollowUpLeavesItsParent()
{
    TemporaryStore store;
    const auto done = store.write<void>([](WriteTransaction &tx) -> Result<void> {
        tx.followUp("refused", [](WriteTransaction &next) -> Result<void> {
            if (auto made = insertLabel(next, u"child"_s); !made)
                return made;
            return Error{Error::Kind::BadPayload, u"no"_s};
        });
        return insertLabel(tx, u"parent"_s);
    });
    QVERIFY(done);
    store.settle();
    QCOMPARE(store.text(u"SELECT group_concat(title) FROM label"_s), u"parent"_s);
}

void WriterTest::changesAreNumberedWithoutHoles()
{
    TemporaryStore store;
    HeardChanges heard(store.writer());
    Told told;
    {
        HeldWriter held(store.writer());
        for (int i = 0; i < 30; ++i) {
            store.writer().submit(
                kUrgent, "change",
                [i](WriteTransaction &tx) -> Result<void> {
                    tx.changed(u"message.created"_s, i, InboxId(5));
                    tx.changed(u"conversation.updated"_s, i);
                    return i % 3 == 0 ? Result<void>(Error{Error::Kind::Conflict, {}}) : Result<void>();
                },
                told.by(i));
        }
    }
    QTRY_COMPARE(told.count(), 30);
    const QList<NumberedChange> changes = heard.all();
    QCOMPARE(changes.size(), 40);
    for (qsizetype i = 0; i < changes.size(); ++i)
        QCOMPARE(changes.at(i).seq, i + 1);
    QCOMPARE(store.integer(u"SELECT count(*) FROM change"_s), 40);
    QCOMPARE(store.integer(u"SELECT max(seq) FROM change"_s), 40);
    QCOMPARE(store.integer(u"SELECT count(*) FROM change WHERE inbox_id IS NULL"_s), 20);
    const auto seq = store.read<qint64>([](ReadTransaction &tx) { return tx.seq(); });
    QCOMPARE(*seq, 40);
    store.run(u"DELETE FROM change"_s);
    QCOMPARE(*store.read<qint64>([](ReadTransaction &tx) { return tx.seq(); }), 40);
}

void WriterTest::theSameChangeIsToldOnceAClosure()
{
    TemporaryStore store;
    HeardChanges heard(store.writer());
    QVERIFY(store.write<void>([](WriteTransaction &tx) -> Result<void> {
        for (int i = 0; i < 3; ++i) {
            tx.changed(u"conversation.updated"_s, 1);
            tx.changed(u"conversation.updated"_s, 2);
        }
        return {};
    }));
    QCOMPARE(heard.all().size(), 2);
}

void WriterTest::urgentWorkGoesFirstAndEachQueueKeepsItsOrder()
{
    TemporaryStore store;
    Told told;
    QList<int> ran;
    {
        HeldWriter held(store.writer());
        for (int i = 0; i < 40; ++i) {
            store.writer().submit(
                i % 2 == 0 ? kBackground : kUrgent, "order",
                [&ran, i](WriteTransaction &) {
                    ran.append(i);
                    return Result<void>();
                },
                told.by(i));
        }
    }
    QTRY_COMPARE(told.count(), 40);
    QList<int> expected;
    for (int i = 1; i < 40; i += 2)
        expected.append(i);
    for (int i = 0; i < 40; i += 2)
        expected.append(i);
    QCOMPARE(ran, expected);
}

void WriterTest::nothingIsLostBetweenFourProducers()
{
    constexpr int kProducers = 4;
    constexpr int kEach = 2500;
    TemporaryStore store;
    std::vector<std::array<std::vector<int>, 2>> ran(kProducers);     // written in the Writer's thread alone
    std::atomic<int> finished{0};
    std::vector<std::thread> producers;
    for (int p = 0; p < kProducers; ++p) {
        producers.emplace_back([&, p] {
            for (int i = 0; i < kEach; ++i) {
                const size_t queue = size_t(i % 3 == 0);
                store.writer().submit(
                    queue == 0 ? kUrgent : kBackground, "produce",
                    [&ran, p, i, queue](WriteTransaction &) {
                        ran[size_t(p)][queue].push_back(i);
                        return Result<void>();
                    },
                    [&finished](const Result<void> &) { ++finished; });
                if (i % 100 == 99)
                    std::this_thread::yield();
            }
        });
    }
    for (std::thread &producer : producers)
        producer.join();
    QTRY_COMPARE_WITH_TIMEOUT(finished, kProducers * kEach, 60'000);
    size_t total = 0;
    for (const auto &queues : ran) {
        for (const std::vector<int> &seen : queues) {
            QVERIFY(std::is_sorted(seen.begin(), seen.end()));
            total += seen.size();
        }
    }
    QCOMPARE(total, size_t(kProducers * kEach));
}

void WriterTest::valuesComeToTheMailboxsThread()
{
    TemporaryStore store;
    Mailbox mailbox;
    QStringList answers;
    store.writer().write<QString>(
        kUrgent, "value", [](WriteTransaction &) -> Result<QString> { return u"made"_s; }, mailbox,
        [&](const Result<QString> &value) { answers.append(value ? *value : u"error"_s); });
    store.writer().write<QString>(
        kBackground, "value", [](WriteTransaction &) -> Result<QString> { return Error{Error::Kind::NotFound, {}}; }, mailbox,
        [&](const Result<QString> &value) { answers.append(value ? *value : errorKindName(value.error().kind)); });
    store.writer().write<void>(
        kBackground, "value", [](WriteTransaction &) { return Result<void>(); }, mailbox,
        [&](const Result<void> &value) { answers.append(value ? u"done"_s : u"error"_s); });
    QTRY_COMPARE(answers.join(u' '), u"made not_found done"_s);
}

void WriterTest::aFeederIsCalledUntilItHasNoMore()
{
    TemporaryStore store;
    std::atomic<int> left{500};
    std::atomic<int> calls{0};
    store.writer().setFeeder("lanes", [&](WriteTransaction &tx) -> Result<bool> {
        ++calls;
        if (left == 0)
            return false;
        if (auto made = insertLabel(tx, QString::number(calls)); !made)
            return made.error();
        return --left > 0;
    });
    QTRY_COMPARE(left, 0);
    store.settle();
    QCOMPARE(store.integer(u"SELECT count(*) FROM label"_s), 500);
    const int before = calls;
    left = 3;
    store.settle();
    QCOMPARE(calls, before);             // nobody woke it
    store.writer().wakeFeeder();
    QTRY_COMPARE(left, 0);
    store.writer().setFeeder("lanes", {});
    store.writer().wakeFeeder();
    store.settle();
    QCOMPARE(store.integer(u"SELECT count(*) FROM label"_s), 503);
}

void WriterTest::aFailingFeederPausesAndTheRestGoesOn()
{
    TemporaryStore store;
    std::atomic<int> refused{0};
    std::atomic<int> wrong{0};
    std::atomic<int> good{0};
    store.writer().setFeeder("refuses", [&](WriteTransaction &tx) -> Result<bool> {
        ++refused;
        if (auto made = insertLabel(tx, u"refused"_s); !made)
            return made.error();
        return Error{Error::Kind::Conflict, u"no"_s};
    });
    store.writer().setFeeder("fails", [&](WriteTransaction &tx) -> Result<bool> {
        ++wrong;
        (void)tx.query(u"SELECT wrong FROM nowhere"_s).exec();
        return true;
    });
    store.writer().setFeeder("good", [&](WriteTransaction &tx) -> Result<bool> {
        if (auto made = insertLabel(tx, u"good"_s + QString::number(good)); !made)
            return made.error();
        tx.afterCommit([&] { ++good; });
        return false;
    });
    for (int i = 0; i < 5; ++i) {
        QTRY_COMPARE(good, i + 1);
        QVERIFY(store.write<void>([i](WriteTransaction &tx) { return insertLabel(tx, QString::number(i)); }));
        store.writer().wakeFeeder();
    }
    QTRY_VERIFY(refused >= 3 && wrong >= 3);
    QVERIFY(refused < 200 && wrong < 200);
    QVERIFY(store.writer().isWritable());
    for (const char *name : {"refuses", "fails", "good"})
        store.writer().setFeeder(name, {});
    QCOMPARE(store.integer(u"SELECT count(*) FROM label WHERE title = 'refused'"_s), 0);
    QCOMPARE(store.integer(u"SELECT count(*) FROM label WHERE title GLOB 'good*'"_s), qint64(good));
}

void WriterTest::aFloodOfUrgentWorkDoesNotStarveFeeders()
{
    TemporaryStore store;
    std::atomic<int> fed{0};
    std::atomic<bool> stop{false};
    QSemaphore room(200);
    std::thread flood([&] {
        while (!stop) {
            room.acquire();
            store.writer().submit(
                kUrgent, "flood", [](WriteTransaction &) { return Result<void>(); }, [&](const Result<void> &) { room.release(); });
        }
    });
    store.writer().setFeeder("lanes", [&](WriteTransaction &) -> Result<bool> { return ++fed < 50; });
    const bool isFed = QTest::qWaitFor([&] { return fed >= 50; }, 10'000);
    stop = true;
    flood.join();
    QVERIFY(isFed);
    QVERIFY(room.tryAcquire(200, 10'000));
    store.writer().setFeeder("lanes", {});
}

void WriterTest::aSlowClosureIsCounted()
{
    TemporaryStore store;
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"the closure test took \\d+ ms"_s));
    QVERIFY(store.write<void>([](WriteTransaction &) {
        std::this_thread::sleep_for(Milliseconds(25));       // the very thing that is measured
        return Result<void>();
    }));
    store.settle();
    QCOMPARE(store.writer().stats().slowClosures, 1);
    QVERIFY(store.writer().stats().longestClosure >= Milliseconds(25));
}

void WriterTest::checkpointsKeepTheLogSmall()
{
    TemporaryStore store;
    store.run(u"CREATE TABLE sample (id INTEGER PRIMARY KEY, body BLOB)"_s);
    const QByteArray body(512 * 1024, 'x');
    qint64 largest = 0;
    for (int i = 0; i < 120; ++i) {
        QVERIFY(store.write<void>([&](WriteTransaction &tx) {
            return tx.query(u"INSERT INTO sample (body) VALUES (:body)"_s).bind(":body"_L1, body).exec();
        }));
        largest = std::max(largest, QFileInfo(store.path() + u"-wal"_s).size());
    }
    QVERIFY2(largest < 20 * 1024 * 1024, qPrintable(QString::number(largest)));
    QVERIFY(store.writer().stats().checkpoints >= 2);
    QTRY_COMPARE_WITH_TIMEOUT(QFileInfo(store.path() + u"-wal"_s).size(), 0, 10'000);    // once it is idle
    QTRY_COMPARE(store.writer().stats().walBytes, 0);
}

void WriterTest::whatIsQueuedIsDoneBeforeTheEnd()
{
    TemporaryStore store;
    Told told;
    {
        HeldWriter held(store.writer());
        for (int i = 0; i < 100; ++i) {
            store.writer().submit(
                i % 2 ? kUrgent : kBackground, "last", [i](WriteTransaction &tx) { return insertLabel(tx, QString::number(i)); }, told.by(i));
        }
    }
    QVERIFY(store.reopen());
    QCOMPARE(told.count(), 100);
    QCOMPARE(store.integer(u"SELECT count(*) FROM label"_s), 100);
}

void WriterTest::afterTheEndEverythingIsUnavailable()
{
    TemporaryStore store;
    store.database().close();
    QCOMPARE(store.write<void>([](WriteTransaction &) { return Result<void>(); }).error().kind, Error::Kind::Unavailable);
    QCOMPARE(store.read<int>([](ReadTransaction &) { return Result<int>(1); }).error().kind, Error::Kind::Unavailable);
}

void WriterTest::pressureShowsWhatWaits()
{
    TemporaryStore store;
    Told told;
    {
        HeldWriter held(store.writer());
        for (int i = 0; i < 5; ++i)
            store.writer().submit(i < 3 ? kUrgent : kBackground, "wait", [](WriteTransaction &) { return Result<void>(); }, told.by(i));
        const Writer::Pressure pressure = store.writer().pressure();
        QCOMPARE(pressure.urgentQueued, 4);              // and the one that holds
        QCOMPARE(pressure.backgroundQueued, 2);
        QTRY_VERIFY(store.writer().pressure().oldestUrgent >= Milliseconds(10));
    }
    QTRY_COMPARE(told.count(), 5);
    QTRY_COMPARE(store.writer().pressure().urgentQueued, 0);
    QTRY_COMPARE(store.writer().pressure().backgroundQueued, 0);
    QCOMPARE(store.writer().pressure().oldestUrgent, Milliseconds(0));
}

ANTIPHON_TEST(WriterTest)
#include "tst_writer.moc"
