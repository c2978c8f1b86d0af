#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include "core/store/cursorrepository.h"
#include "core/store/leaserepository.h"
#include "core/store/settingrepository.h"

#include <QFile>
#include <QSemaphore>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class DatabaseTest : public QObject {
    Q_OBJECT
private slots:
    void aSnapshotStaysWhatItWas();
    void readersRunBesideEachOther();
    void aFailedReadLeavesTheReaderWell();
    void aCleanStopIsKnown();
    void onlyTheOwnerMayReadTheFile();
    void aSecondProgramIsRefused();
    void aDamagedFileIsRefusedWithASentence();
    void aFolderThatCantBeWrittenIsRefused();
    void closingAnswersWhatIsQueued();
    void cursorsAreByInboxAndScope();
    void aLeaseIsOneOwnersUntilItRunsOut();
    void settingsKeepEveryKindOfValue();
};

void DatabaseTest::aSnapshotStaysWhatItWas()
{
    TemporaryStore store;
    store.run(u"INSERT INTO label (title, color) VALUES ('one', '')"_s);
    QSemaphore begun;
    QSemaphore goOn;
    const auto count = [](ReadTransaction &tx) {
        Query q = tx.query(u"SELECT count(*) FROM label"_s);
        return q.next() ? q.integer(0) : -1;
    };
    const auto read = store.database().read<QList<qint64>>("snapshot", [&](ReadTransaction &tx) -> Result<QList<qint64>> {
        const qint64 before = count(tx);
        begun.release();
        goOn.acquire();
        return QList<qint64>{before, count(tx)};
    });
    begun.acquire();
    store.run(u"INSERT INTO label (title, color) VALUES ('two', '')"_s);
    goOn.release();
    QCOMPARE(*TemporaryStore::take(read), (QList<qint64>{1, 1}));
    QCOMPARE(store.integer(u"SELECT count(*) FROM label"_s), 2);
}

void DatabaseTest::readersRunBesideEachOther()
{
    TemporaryStore store;
    QSemaphore first;
    QSemaphore second;
    const auto meet = [](QSemaphore &mine, QSemaphore &other) {
        return [&mine, &other](ReadTransaction &) -> Result<bool> {
            mine.release();
            return other.tryAcquire(1, 10'000);
        };
    };
    const auto one = store.database().read<bool>("one", meet(first, second));
    const auto two = store.database().read<bool>("two", meet(second, first));
    QVERIFY(*TemporaryStore::take(one));
    QVERIFY(*TemporaryStore::take(two));
}

void DatabaseTest::aFailedReadLeavesTheReaderWell()
{
    TemporaryStore store;
    for (int i = 0; i < 4; ++i) {
        const auto failed = store.read<int>([](ReadTransaction &tx) -> Result<int> {
            Query q = tx.query(u"SELECT nothing FROM nowhere"_s);
            q.next();
            return q.error();
        });
        QCOMPARE(failed.error().kind, Error::Kind::Storage);
    }
    for (int i = 0; i < 4; ++i)
        QCOMPARE(store.integer(u"SELECT count(*) FROM label"_s), 0);
}

void DatabaseTest::aCleanStopIsKnown()
{
    TemporaryStore store;
    QVERIFY(!store.database().wasUncleanStop());          // a fresh one
    QVERIFY(store.reopen());
    QVERIFY(!store.database().wasUncleanStop());
    QVERIFY(store.reopen(false));
    QVERIFY(store.database().wasUncleanStop());
    QVERIFY(store.reopen());
    QVERIFY(!store.database().wasUncleanStop());
}

void DatabaseTest::onlyTheOwnerMayReadTheFile()
{
    TemporaryStore store;
    store.run(u"INSERT INTO label (title, color) VALUES ('one', '')"_s);
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    for (const QString &end : {QString(), u"-wal"_s, u"-shm"_s})
        QVERIFY2(QFile::exists(store.path() + end) && !(QFile::permissions(store.path() + end) & others), qPrintable(end));
}

void DatabaseTest::aSecondProgramIsRefused()
{
    TemporaryStore store;
    const auto second = Database::open({.path = store.path()}, store.clock());
    QVERIFY(!second);
    QCOMPARE(second.error().kind, Error::Kind::Conflict);
    store.database().close();
    const auto afterwards = Database::open({.path = store.path()}, store.clock());
    QVERIFY(afterwards);
    (*afterwards)->close();
}

void DatabaseTest::aDamagedFileIsRefusedWithASentence()
{
    QTemporaryDir folder;
    FakeClock clock;
    const QString path = folder.filePath(u"antiphon.db"_s);
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
    }
    const auto opened = Database::open({.path = path}, clock);
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, Error::Kind::Storage);
    QVERIFY(QFile(path).size() == 8192);                  // left as it was
}

void DatabaseTest::aFolderThatCantBeWrittenIsRefused()
{
    QTemporaryDir folder;
    FakeClock clock;
    QFile file(folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto opened = Database::open({.path = file.fileName() + u"/inside/antiphon.db"_s}, clock);
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, Error::Kind::Storage);
}

void DatabaseTest::closingAnswersWhatIsQueued()
{
    TemporaryStore store;
    QSemaphore begun;
    QSemaphore goOn;
    QList<QFuture<Result<int>>> reads;
    for (int i = 0; i < 8; ++i) {
        reads.append(store.database().read<int>("queued", [&](ReadTransaction &) -> Result<int> {
            begun.release();
            goOn.tryAcquire(1, 10'000);
            return 1;
        }));
    }
    begun.acquire(2);
    goOn.release(2);
    store.database().close();
    int answered = 0;
    int refused = 0;
    for (auto &read : reads) {
        const auto result = TemporaryStore::take(read);
        answered += result ? 1 : 0;
        refused += !result && result.error().kind == Error::Kind::Unavailable ? 1 : 0;
        goOn.release();
    }
    QCOMPARE(answered + refused, 8);
    QVERIFY(answered >= 2);
}

void DatabaseTest::cursorsAreByInboxAndScope()
{
    TemporaryStore store;
    store.run(u"INSERT INTO inbox (id, channel, name, external_id, state, delivery, created_at) VALUES (1, 'tiktok', 'One', 'a', 'active', 'webhook', 1)"_s);
    QVERIFY(store.write<void>([](WriteTransaction &tx) -> Result<void> {
        for (const auto &[scope, value, inbox] : {std::tuple(u"poll"_s, u"1"_s, InboxId(1)), {u"poll"_s, u"2"_s, InboxId()}, {u"poll"_s, u"3"_s, InboxId(1)}}) {
            if (auto done = cursors::store(tx, scope, value, inbox); !done)
                return done;
        }
        return {};
    }));
    const auto value = [&](const QString &scope, InboxId inbox) {
        return *store.read<std::optional<QString>>([=](ReadTransaction &tx) { return cursors::value(tx, scope, inbox); });
    };
    QCOMPARE(value(u"poll"_s, InboxId(1)), u"3"_s);
    QCOMPARE(value(u"poll"_s, InboxId()), u"2"_s);
    QVERIFY(!value(u"other"_s, InboxId(1)));
    QVERIFY(store.write<void>([](WriteTransaction &tx) { return cursors::remove(tx, u"poll"_s, InboxId(1)); }));
    QVERIFY(!value(u"poll"_s, InboxId(1)));
    QCOMPARE(value(u"poll"_s, InboxId()), u"2"_s);
}

void DatabaseTest::aLeaseIsOneOwnersUntilItRunsOut()
{
    TemporaryStore store;
    const auto claim = [&](const QString &owner) {
        return *store.write<bool>([=](WriteTransaction &tx) { return leases::claim(tx, u"refresh:7"_s, owner, Milliseconds(30'000)); });
    };
    const auto renew = [&](const QString &owner) {
        return bool(store.write<void>([=](WriteTransaction &tx) { return leases::renew(tx, u"refresh:7"_s, owner, Milliseconds(30'000)); }));
    };
    const auto release = [&](const QString &owner) {
        return bool(store.write<void>([=](WriteTransaction &tx) { return leases::release(tx, u"refresh:7"_s, owner); }));
    };
    QVERIFY(claim(u"a"_s));
    QVERIFY(!claim(u"b"_s));
    QVERIFY(claim(u"a"_s));
    store.clock().advance(Milliseconds(20'000));
    QVERIFY(renew(u"a"_s));
    store.clock().advance(Milliseconds(20'000));
    QVERIFY(!claim(u"b"_s));
    store.clock().advance(Milliseconds(10'000));
    QVERIFY(claim(u"b"_s));                               // run out, taken over
    QVERIFY(!renew(u"a"_s));
    QVERIFY(!release(u"a"_s));
    QVERIFY(release(u"b"_s));
    QVERIFY(claim(u"c"_s));
}

void DatabaseTest::settingsKeepEveryKindOfValue()
{
    TemporaryStore store;
    const QJsonObject values{{u"text"_s, u"ä"_s}, {u"number"_s, 3}, {u"yes"_s, true}, {u"none"_s, QJsonValue::Null},
                             {u"list"_s, QJsonArray{1, u"b"_s}}, {u"object"_s, QJsonObject{{u"a"_s, 1}}}};
    QVERIFY(store.write<void>([&](WriteTransaction &tx) -> Result<void> {
        for (auto it = values.begin(); it != values.end(); ++it) {
            if (auto done = settings::store(tx, it.key(), it.value()); !done)
                return done;
        }
        return settings::store(tx, u"number"_s, 3);
    }));
    QCOMPARE(*store.read<QJsonObject>([](ReadTransaction &tx) { return settings::all(tx); }), values);
    const auto missing = store.read<std::optional<QJsonValue>>([](ReadTransaction &tx) { return settings::value(tx, u"missing"_s); });
    QVERIFY(missing && !*missing);
}

ANTIPHON_TEST(DatabaseTest)
#include "tst_database.moc"
