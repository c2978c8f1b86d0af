// The classes that hand work between threads by locks of their own, under ThreadSanitizer. No test framework and as little Qt as can be: Qt itself isn't
// instrumented, so what it synchronizes inside would be told as races that are none.

#include "core/base/keylock.h"
#include "core/base/mailbox.h"
#include "core/store/writerthread.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

int failures = 0;

void check(bool isTrue, const char *what)
{
    std::printf("%s: %s\n", isTrue ? "PASS" : "FAIL", what);
    failures += isTrue ? 0 : 1;
}

void inThreads(int count, const std::function<void(int)> &work)
{
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back(work, i);
    for (std::thread &thread : threads)
        thread.join();
}

void keyLocks(int scale)
{
    const int kKeys = 50;
    const int kEach = 2500 * scale;
    SystemClock clock;
    KeyLock lock(clock);
    lock.setTimes(u"hurried"_s, {.wait = Milliseconds(1)});
    std::vector<QString> keys;
    for (int i = 0; i < kKeys; ++i)
        keys.push_back(u"key"_s + QString::number(i));
    std::vector<int> work(size_t(kKeys), 0);           // guarded by nothing but the turns
    std::atomic<int> got{0};
    std::atomic<int> refused{0};
    std::atomic<bool> isOver{false};
    std::thread looker([&] {
        while (!isOver) {
            lock.look();
            std::this_thread::yield();
        }
    });
    inThreads(4, [&](int producer) {
        for (int i = 0; i < kEach; ++i) {
            const auto key = size_t((i * 7 + producer) % kKeys);
            lock.acquire(keys[key], i % 3 == 0 ? u"hurried"_s : u"patient"_s, [&, key](const KeyLock::Outcome &outcome) {
                if (std::holds_alternative<KeyLock::Guard>(outcome)) {
                    ++work[key];
                    ++got;
                } else {
                    ++refused;
                }
            });
        }
    });
    isOver = true;
    looker.join();
    int done = 0;
    for (const int one : work)
        done += one;
    check(got + refused == 4 * kEach, "every asker of a KeyLock is answered");
    check(done == got, "no two holders of a key at once");
}

void mailboxes(int scale)
{
    const int kEach = 2000 * scale;
    Mailbox mailbox;
    std::atomic<int> posted{0};
    int ran = 0;                                       // of this thread alone
    std::vector<int> last(4, -1);
    bool isInOrder = true;
    std::thread producers([&] {
        inThreads(4, [&](int producer) {
            for (int i = 0; i < kEach; ++i) {
                mailbox.post([&, producer, i] {
                    isInOrder = isInOrder && last[size_t(producer)] < i;
                    last[size_t(producer)] = i;
                    ++ran;
                });
                ++posted;
            }
        });
    });
    while (posted < 4 * kEach || ran < 4 * kEach)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    producers.join();
    check(ran == 4 * kEach, "no wake-up of a mailbox is lost");
    check(isInOrder, "a mailbox keeps the order of each thread");
}

struct Seen {
    std::mutex mutex;
    std::vector<int> last = std::vector<int>(4, -1);
    bool isInOrder = true;
    int done = 0;
    int refused = 0;
};

void submitAll(Writer &writer, Seen &seen, int each)
{
    inThreads(4, [&](int producer) {
        for (int i = 0; i < each; ++i) {
            const auto priority = producer % 2 == 0 ? Writer::Priority::Urgent : Writer::Priority::Background;
            const auto work = [producer, i](WriteTransaction &tx) -> Result<void> {
                Query q = tx.query(u"INSERT INTO effect (producer, n) VALUES (:producer, :n)"_s);
                if (auto done = q.bind(":producer"_L1, producer).bind(":n"_L1, i).exec(); !done)
                    return done;
                tx.changed(u"effect.created"_s, i);
                if (i % 50 == 7)
                    return Error{Error::Kind::Invalid, u"no"_s};
                if (i % 10 == 3)
                    tx.followUp("follow", [](WriteTransaction &next) { return next.query(u"UPDATE counter SET n = n + 1"_s).exec(); });
                return {};
            };
            writer.submit(priority, "effect", work, [&seen, producer, i](const Result<void> &result) {
                const std::lock_guard lock(seen.mutex);
                ++(result ? seen.done : seen.refused);
                seen.isInOrder = seen.isInOrder && seen.last[size_t(producer)] < i;
                seen.last[size_t(producer)] = i;
            });
            if (i % 100 == 0)
                (void)writer.pressure();
        }
    });
}

void writers(int scale)
{
    const int kEach = 1000 * scale;
    const QTemporaryDir folder;
    SystemClock clock;
    WriterThread writer([path = folder.filePath(u"locks.db"_s)] { return Connection::open(path, Connection::Mode::Write, Milliseconds(5000)); },
                        Milliseconds(5000), clock);
    check(bool(writer.start()), "the Writer starts");
    std::atomic<bool> isReady{false};
    writer.submit(
        Writer::Priority::Urgent, "tables",
        [](WriteTransaction &tx) {
            return tx.script("CREATE TABLE effect (producer INTEGER, n INTEGER); CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (0);"
                             "CREATE TABLE cursor (inbox_id INTEGER NOT NULL DEFAULT 0, scope TEXT, value TEXT, at INTEGER, PRIMARY KEY (inbox_id, scope));"
                             "CREATE TABLE change (seq INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, entity TEXT, entity_id INTEGER, inbox_id INTEGER)");
        },
        [&isReady](const Result<void> &done) { isReady = bool(done); });
    Seen seen;
    int fed = 0;                                       // of the Writer's thread alone
    std::atomic<qint64> heard{0};
    writer.setChangeListener([&heard](const std::vector<NumberedChange> &changes) { heard += qint64(changes.size()); });
    writer.setFeeder("feeder", [&fed](WriteTransaction &tx) -> Result<bool> {
        if (fed % 20 == 0) {
            if (const auto done = tx.query(u"UPDATE counter SET n = n"_s).exec(); !done)
                return done.error();
        }
        return ++fed % 20 != 0;
    });
    std::atomic<bool> isOver{false};
    std::thread waker([&] {
        while (!isOver) {
            writer.wakeFeeder();
            (void)writer.stats();
            (void)writer.isWritable();
            std::this_thread::yield();
        }
    });
    submitAll(writer, seen, kEach);
    for (;;) {
        {
            const std::lock_guard lock(seen.mutex);
            if (seen.done + seen.refused == 4 * kEach)
                break;
        }
        std::this_thread::sleep_for(Milliseconds(1));
    }
    isOver = true;
    waker.join();
    writer.setFeeder("feeder", {});
    writer.setChangeListener({});
    std::atomic<int> late{0};
    writer.stop(Milliseconds(2000), {});
    writer.submit(Writer::Priority::Urgent, "late", [](WriteTransaction &) { return Result<void>(); },
                  [&late](const Result<void> &result) { late += result ? 0 : 1; });
    const std::lock_guard lock(seen.mutex);
    check(isReady, "the Writer writes");
    check(seen.done == 4 * kEach - 4 * (kEach / 50), "every closure of both queues is answered");
    check(seen.isInOrder, "each thread's closures are answered in their order");
    check(heard == seen.done, "what was kept is told once");
    check(late == 1, "a closed Writer answers at once");
    check(fed > 0, "the feeder had its turn");
}

} // namespace

/// threads [keylock|mailbox|writer|all] [scale]
int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const char *what = argc > 1 ? argv[1] : "all";
    const int scale = argc > 2 ? std::max(1, std::atoi(argv[2])) : 1;
    const auto isWanted = [what](const char *name) { return std::strcmp(what, "all") == 0 || std::strcmp(what, name) == 0; };
    if (isWanted("keylock"))
        keyLocks(scale);
    if (isWanted("mailbox"))
        mailboxes(scale);
    if (isWanted("writer"))
        writers(scale);
    return failures == 0 ? 0 : 1;
}
