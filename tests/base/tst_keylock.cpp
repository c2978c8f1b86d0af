#include "core/base/keylock.h"
#include "tests/support/fakeclock.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const auto kKind = u"work"_s;

KeyLock::Guard taken(KeyLock::Outcome outcome)
{
    auto *guard = std::get_if<KeyLock::Guard>(&outcome);
    return guard ? std::move(*guard) : KeyLock::Guard();
}

std::optional<KeyLock::AcquireError::Why> refusal(const KeyLock::Outcome &outcome)
{
    const auto *error = std::get_if<KeyLock::AcquireError>(&outcome);
    return error ? std::optional(error->why) : std::nullopt;
}

/// The blocking form, which only tests have: the turn, or an empty guard once `patience` is over.
KeyLock::Guard acquireBlocking(KeyLock &lock, const QString &key, Milliseconds patience = std::chrono::seconds(60))
{
    struct Slot {
        std::mutex mutex{};
        std::condition_variable changed{};
        KeyLock::Guard guard{};
        bool isAnswered = false;
    };
    const auto slot = std::make_shared<Slot>();
    const quint64 ticket = lock.acquire(key, kKind, [slot](KeyLock::Outcome outcome) {
        const std::lock_guard held(slot->mutex);
        slot->guard = taken(std::move(outcome));
        slot->isAnswered = true;
        slot->changed.notify_all();
    });
    std::unique_lock held(slot->mutex);
    if (!slot->changed.wait_for(held, patience, [&] { return slot->isAnswered; })) {
        held.unlock();
        lock.cancel(key, ticket);          // where it is answered in this very moment, the guard in the slot lets go by itself
        return {};
    }
    return std::move(slot->guard);
}

} // namespace

class KeyLockTest : public QObject {
    Q_OBJECT
private slots:
    void oneHolderAKeyAndDifferentKeysAtTheSameTime()
    {
        FakeClock clock;
        KeyLock lock(clock);
        std::atomic<int> inside{0};
        std::atomic<int> most{0};
        std::vector<std::thread> workers;
        for (int w = 0; w < 4; ++w) {
            workers.emplace_back([&] {
                for (int i = 0; i < 200; ++i) {
                    const KeyLock::Guard guard = acquireBlocking(lock, u"same"_s);
                    const int now = ++inside;
                    most = std::max(most.load(), now);
                    std::this_thread::yield();
                    --inside;
                }
            });
        }
        for (std::thread &worker : workers)
            worker.join();
        QCOMPARE(most.load(), 1);
        QVERIFY(!lock.isHeld(u"same"_s));
        // Both arrive while they hold their keys, or neither ever does.
        std::latch both(2);
        std::thread one([&] {
            const KeyLock::Guard guard = acquireBlocking(lock, u"a"_s);
            both.arrive_and_wait();
        });
        std::thread other([&] {
            const KeyLock::Guard guard = acquireBlocking(lock, u"b"_s);
            both.arrive_and_wait();
        });
        one.join();
        other.join();
    }

    void turnsComeInTheOrderOfAsking()
    {
        FakeClock clock;
        KeyLock lock(clock);
        KeyLock::Guard first = taken(lock.tryAcquire(u"k"_s, kKind));
        QList<int> order;
        std::vector<KeyLock::Guard> held(5);
        for (int i = 0; i < 5; ++i) {
            lock.acquire(u"k"_s, kKind, [&, i](KeyLock::Outcome outcome) {
                order.append(i);
                held[size_t(i)] = taken(std::move(outcome));
            });
        }
        QVERIFY(order.isEmpty());
        QVERIFY(first.release());
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(order.size(), i + 1);
            QVERIFY(held[size_t(i)].release());
        }
        QCOMPARE(order, (QList<int>{0, 1, 2, 3, 4}));
    }

    void everyOneOfManyGetsItsTurn()
    {
        constexpr int kProducers = 4;
        constexpr int kKeys = 50;
        constexpr int kEach = 2500;
        FakeClock clock;
        KeyLock lock(clock);
        std::atomic<int> ran{0};
        std::atomic<bool> isBroken{false};
        std::array<std::atomic<int>, kKeys> inside{};
        std::array<std::array<std::atomic<int>, kProducers>, kKeys> last{};
        std::vector<std::thread> producers;
        for (int p = 0; p < kProducers; ++p) {
            producers.emplace_back([&, p] {
                for (int i = 1; i <= kEach; ++i) {
                    const auto key = size_t(i % kKeys);
                    lock.acquire(u"key%1"_s.arg(key), kKind, [&, p, i, key](const KeyLock::Outcome &outcome) {
                        // The turn ends where the outcome goes.
                        const bool isAlone = ++inside[key] == 1;
                        const bool isInOrder = last[key][size_t(p)].exchange(i) < i;
                        if (!isAlone || !isInOrder || refusal(outcome))
                            isBroken = true;
                        --inside[key];
                        ++ran;
                    });
                }
            });
        }
        for (std::thread &producer : producers)
            producer.join();
        QCOMPARE(ran.load(), kProducers * kEach);
        QVERIFY(!isBroken);
    }

    void aFailedAcquisitionFreesNothing()
    {
        FakeClock clock;
        KeyLock lock(clock);
        lock.setTimes(u"impatient"_s, {.wait = Milliseconds(0)});
        KeyLock::Guard a = taken(lock.tryAcquire(u"k"_s, kKind));
        QVERIFY(a.token() != 0);
        {
            std::optional<KeyLock::AcquireError::Why> why;
            lock.acquire(u"k"_s, u"impatient"_s, [&](const KeyLock::Outcome &outcome) { why = refusal(outcome); });
            QCOMPARE(why, KeyLock::AcquireError::Busy);
            KeyLock::Guard nothing;
            QVERIFY(!nothing.release());
        }
        QCOMPARE(refusal(lock.tryAcquire(u"k"_s, kKind)), KeyLock::AcquireError::Busy);
        QVERIFY(a.release());
        QVERIFY(!a.release());
        KeyLock::Guard c = taken(lock.tryAcquire(u"k"_s, kKind));
        QVERIFY(c.token() != 0);
        // Whoever held it before frees nothing of its successor's.
        KeyLock::Guard moved = std::move(a);
        QVERIFY(!moved.release());
        QVERIFY(lock.isHeld(u"k"_s));
    }

    void whoThrowsLetsGoOfItsOwnOnly()
    {
        FakeClock clock;
        KeyLock lock(clock);
        const KeyLock::Guard other = taken(lock.tryAcquire(u"other"_s, kKind));
        int ran = 0;
        KeyLock::Guard first = taken(lock.tryAcquire(u"k"_s, kKind));
        lock.acquire(u"k"_s, kKind, [&](const KeyLock::Outcome &) -> void { throw std::runtime_error("defect"); });
        lock.acquire(u"k"_s, kKind, [&](const KeyLock::Outcome &outcome) { ran += refusal(outcome) ? 0 : 1; });
        bool isThrown = false;
        try {
            first.release();
        } catch (const std::runtime_error &) {
            isThrown = true;
        }
        QVERIFY(isThrown);
        QCOMPARE(ran, 1);
        QVERIFY(!lock.isHeld(u"k"_s));
        QVERIFY(lock.isHeld(u"other"_s));
    }

    void aWaiterWhoseTimeIsOverTakesNothing()
    {
        FakeClock clock;
        KeyLock lock(clock);
        lock.setTimes(u"short"_s, {.wait = Milliseconds(1000)});
        lock.setTimes(u"long"_s, {.wait = Milliseconds(60'000)});
        KeyLock::Guard held = taken(lock.tryAcquire(u"k"_s, kKind));
        std::optional<KeyLock::AcquireError::Why> why;
        KeyLock::Guard next;
        lock.acquire(u"k"_s, u"short"_s, [&](const KeyLock::Outcome &outcome) { why = refusal(outcome); });
        lock.acquire(u"k"_s, u"long"_s, [&](KeyLock::Outcome outcome) { next = taken(std::move(outcome)); });
        clock.advance(Milliseconds(999));
        lock.look();
        QVERIFY(!why);
        clock.advance(Milliseconds(1));
        lock.look();
        QCOMPARE(why, KeyLock::AcquireError::TimedOut);
        QCOMPARE(lock.waiting(u"k"_s), 1);
        QCOMPARE(next.token(), quint64(0));
        held.release();
        QVERIFY(next.token() != 0);
    }

    void aTurnHandedToWhoGaveUpGoesOn()
    {
        // Time-outs of about the length of a turn, so that many meet the hand-over: whoever is behind still runs.
        FakeClock clock;
        KeyLock lock(clock);
        std::atomic<int> ran{0};
        std::atomic<bool> isOver{false};
        std::vector<std::thread> workers;
        for (int w = 0; w < 3; ++w) {
            workers.emplace_back([&] {
                while (!isOver) {
                    KeyLock::Guard guard = acquireBlocking(lock, u"k"_s, Milliseconds(0));
                    std::this_thread::yield();
                }
            });
        }
        std::thread patient([&] {
            for (int i = 0; i < 500; ++i) {
                if (acquireBlocking(lock, u"k"_s).token() != 0)
                    ++ran;
            }
            isOver = true;
        });
        patient.join();
        for (std::thread &worker : workers)
            worker.join();
        QCOMPARE(ran.load(), 500);
        QVERIFY(!lock.isHeld(u"k"_s));
        // And for certain: the waiter is answered and doesn't want it any more.
        KeyLock::Guard held = taken(lock.tryAcquire(u"k"_s, kKind));
        KeyLock::Guard last;
        lock.acquire(u"k"_s, kKind, [](const KeyLock::Outcome &) {});
        lock.acquire(u"k"_s, kKind, [&](KeyLock::Outcome outcome) { last = taken(std::move(outcome)); });
        held.release();
        QVERIFY(last.token() != 0);
    }

    void aCancelledWaiterIsNeverAnswered()
    {
        FakeClock clock;
        KeyLock lock(clock);
        KeyLock::Guard held = taken(lock.tryAcquire(u"k"_s, kKind));
        bool isAnswered = false;
        const quint64 ticket = lock.acquire(u"k"_s, kKind, [&](const KeyLock::Outcome &) { isAnswered = true; });
        QVERIFY(lock.cancel(u"k"_s, ticket));
        QVERIFY(!lock.cancel(u"k"_s, ticket));
        held.release();
        QVERIFY(!isAnswered);
        QVERIFY(!lock.isHeld(u"k"_s));
    }

    void whoHoldsTooLongIsReportedOnceByTheTimeOfItsKind()
    {
        FakeClock clock;
        KeyLock lock(clock);
        lock.setTimes(u"import"_s, {.hold = std::chrono::minutes(10)});
        const KeyLock::Guard slow = taken(lock.tryAcquire(u"oauth:4"_s, kKind));
        const KeyLock::Guard import = taken(lock.tryAcquire(u"mail:4"_s, u"import"_s));
        clock.advance(std::chrono::seconds(9));
        lock.look();
        const auto reported = [](const QString &kind, const QString &key) {
            return QRegularExpression(u"^%1 holds the lock %2 for \\d+ ms"_s.arg(kind, QString::number(keyHash(key), 16)));
        };
        QTest::ignoreMessage(QtWarningMsg, reported(u"work"_s, u"oauth:4"_s));
        clock.advance(std::chrono::seconds(2));
        lock.look();
        QTest::failOnWarning(QRegularExpression(u"holds the lock"_s));
        lock.look();
        clock.advance(std::chrono::minutes(9));
        lock.look();
        QVERIFY(lock.isHeld(u"oauth:4"_s));          // nothing is taken away
    }

    void theImportsTimeIsItsOwn()
    {
        FakeClock clock;
        KeyLock lock(clock);
        lock.setTimes(u"import"_s, {.hold = std::chrono::minutes(10)});
        const KeyLock::Guard import = taken(lock.tryAcquire(u"mail:4"_s, u"import"_s));
        clock.advance(std::chrono::minutes(11));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"^import holds the lock"_s));
        lock.look();
    }

    void whenItClosesAllWhoWaitAreTold()
    {
        FakeClock clock;
        std::optional<KeyLock::AcquireError::Why> why;
        KeyLock::Guard held;
        {
            KeyLock lock(clock);
            held = taken(lock.tryAcquire(u"k"_s, kKind));
            lock.acquire(u"k"_s, kKind, [&](const KeyLock::Outcome &outcome) { why = refusal(outcome); });
            lock.close();
            QCOMPARE(why, KeyLock::AcquireError::ShuttingDown);
            QCOMPARE(refusal(lock.tryAcquire(u"other"_s, kKind)), KeyLock::AcquireError::ShuttingDown);
        }
        QVERIFY(held.release());                     // a holder may outlive it
    }

    void keysHaveTheSameHashEverywhere()
    {
        QCOMPARE(qint64(keyHash(u"wa:7:15550100002"_s)), 2644394200978424319);
        QCOMPARE(qint64(keyHash(u"ig:17840000000000001:9000000000000001"_s)), -5992273731900772244);
        QCOMPARE(qint64(keyHash(u"fb:300000000000001:4000000000000001"_s)), -5190691867062499235);
    }
};

ANTIPHON_TEST(KeyLockTest)
#include "tst_keylock.moc"
