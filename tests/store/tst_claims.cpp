#include "core/store/inboxrepository.h"
#include "core/store/jobrepository.h"
#include "core/store/leaserepository.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds kLease{60'000};

/// A store with one inbox and one job that waits.
class Claims {
public:
    Claims()
    {
        const auto inbox = store.write<InboxId>([](WriteTransaction &tx) { return inboxes::insert(tx, {.name = u"shop"_s, .externalId = u"biz"_s}); });
        if (!inbox)
            qFatal("no inbox for the test");
        store.run(u"CREATE TABLE effect (owner TEXT); INSERT INTO job (kind, inbox_id, entity, entity_id, state) VALUES ('media', 1, 'attachment', 1, 'pending')"_s);
    }

    int claim(const QString &owner)
    {
        const auto claimed = store.write<QList<jobs::Job>>(
            [owner](WriteTransaction &tx) { return jobs::claim(tx, owner, tx.now() + kLease, 3, {}); });
        return claimed ? int(claimed->size()) : -1;
    }
    int sweep()
    {
        const auto swept = store.write<int>([](WriteTransaction &tx) { return jobs::sweep(tx, false); });
        return swept ? *swept : -1;
    }
    int heartbeat(const QString &owner)
    {
        const auto kept = store.write<int>([owner](WriteTransaction &tx) { return jobs::heartbeat(tx, owner, tx.now() + kLease); });
        return kept ? *kept : -1;
    }
    /// What a worker does with its result: the effect first, so that the fence has something to take back.
    Result<void> finish(const QString &owner)
    {
        return store.write<void>([owner](WriteTransaction &tx) -> Result<void> {
            if (auto done = tx.query(u"INSERT INTO effect (owner) VALUES (:owner)"_s).bind(":owner"_L1, owner).exec(); !done)
                return done;
            return jobs::finish(tx, JobId(1), owner);
        });
    }
    QString row() { return *store.text(u"SELECT state || ' ' || attempts || ' ' || coalesce(owner, '-') FROM job"_s); }

    TemporaryStore store{};
};

} // namespace

class ClaimsTest : public QObject {
    Q_OBJECT
private slots:
    void whoStalledWritesNothingBehindItsSuccessor()
    {
        Claims claims;
        QCOMPARE(claims.claim(u"one"_s), 1);
        QCOMPARE(claims.claim(u"two"_s), 0);
        claims.store.clock().advance(kLease - Milliseconds(1));
        QCOMPARE(claims.sweep(), 0);
        claims.store.clock().advance(Milliseconds(2));
        QCOMPARE(claims.sweep(), 1);
        QCOMPARE(claims.row(), u"pending 1 -"_s);
        QCOMPARE(claims.claim(u"two"_s), 1);
        const auto late = claims.finish(u"one"_s);
        QCOMPARE(late.error().kind, Error::Kind::Conflict);
        QCOMPARE(claims.row(), u"running 1 two"_s);               // the successor's claim is as it was
        QVERIFY(claims.finish(u"two"_s));
        QCOMPARE(claims.finish(u"one"_s).error().kind, Error::Kind::Conflict);
        QCOMPARE(claims.store.text(u"SELECT group_concat(owner) FROM effect"_s), u"two"_s);
        QCOMPARE(claims.row(), u"done 1 -"_s);
    }

    void everyWayToEndAJobIsFenced()
    {
        Claims claims;
        QCOMPARE(claims.claim(u"one"_s), 1);
        const Error failed{Error::Kind::Network, u"down"_s};
        const auto failure = claims.store.write<void>([failed](WriteTransaction &tx) { return jobs::fail(tx, JobId(1), u"two"_s, failed); });
        QCOMPARE(failure.error().kind, Error::Kind::Conflict);
        const auto later = claims.store.write<void>(
            [failed](WriteTransaction &tx) { return jobs::retryLater(tx, JobId(1), u"two"_s, failed, tx.now(), true); });
        QCOMPARE(later.error().kind, Error::Kind::Conflict);
        QCOMPARE(claims.row(), u"running 0 one"_s);
    }

    void aHeartbeatKeepsWhatIsOnesOwn()
    {
        Claims claims;
        QCOMPARE(claims.claim(u"one"_s), 1);
        for (int i = 0; i < 10; ++i) {
            claims.store.clock().advance(Milliseconds(15'000));
            QCOMPARE(claims.heartbeat(u"one"_s), 1);
            QCOMPARE(claims.heartbeat(u"two"_s), 0);
            QCOMPARE(claims.sweep(), 0);
        }
        QVERIFY(claims.finish(u"one"_s));
        QCOMPARE(claims.heartbeat(u"one"_s), 0);
    }

    void aLeaseIsHeldByItsOwnerForItsOwnTimeOnly()
    {
        TemporaryStore store;
        const auto claim = [&store](const QString &owner, Milliseconds length) {
            const auto got = store.write<bool>([=](WriteTransaction &tx) { return leases::claim(tx, u"catchup:1"_s, owner, length); });
            return got && *got;
        };
        QVERIFY(claim(u"one"_s, std::chrono::minutes(10)));
        store.clock().advance(std::chrono::minutes(9));
        QVERIFY(!claim(u"two"_s, kLease));
        store.clock().advance(std::chrono::minutes(1));
        QVERIFY(claim(u"two"_s, kLease));
        const auto renewed = store.write<void>([](WriteTransaction &tx) { return leases::renew(tx, u"catchup:1"_s, u"one"_s, kLease); });
        QCOMPARE(renewed.error().kind, Error::Kind::Conflict);
        const auto released = store.write<void>([](WriteTransaction &tx) { return leases::release(tx, u"catchup:1"_s, u"one"_s); });
        QCOMPARE(released.error().kind, Error::Kind::Conflict);
        QVERIFY(!claim(u"one"_s, kLease));
    }
};

ANTIPHON_TEST(ClaimsTest)
#include "tst_claims.moc"
