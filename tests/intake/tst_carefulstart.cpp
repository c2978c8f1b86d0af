#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include "core/store/deliveryrepository.h"

#include <QElapsedTimer>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kT = 1'700'000'000'000;
constexpr auto kNames = "cursor WHERE scope LIKE 'careful:%'"_L1;

/// One event whose applying breaks the process: from its first own statement on, nothing reaches the disk any more.
class Poison {
public:
    StatementHook hook()
    {
        return [this](const QString &sql) {
            if (m_isArmed && sql.startsWith("DELETE FROM reaction"_L1))
                m_isDead = true;
            return m_isDead ? StatementFault::FailAndRollBack : StatementFault::None;
        };
    }
    void arm() { m_isArmed = true; }
    bool isDead() const { return m_isDead; }
    void leave() { m_isDead = false; }           ///< the next process

private:
    std::atomic<bool> m_isArmed{false};
    std::atomic<bool> m_isDead{false};
};

QByteArray poisonOn(const QString &message)
{
    return reaction(message, u"👍"_s, u"REMOVE"_s, kT + 9'000, u"poisoned"_s);
}

QByteArray numbered(int i, int lanes = 500)
{
    return incoming({.id = u"w%1"_s.arg(i), .text = QString::number(i), .at = kT + i, .conversation = u"cnv-%1"_s.arg(i % lanes), .customer = u"c%1"_s.arg(i % lanes)});
}

/// Journals without the journal, as a process does that dies right behind the commit.
void journalOnly(IntakeFixture &f, const QList<QByteArray> &bodies)
{
    constexpr qsizetype kSlice = 250;
    for (qsizetype at = 0; at < bodies.size(); at += kSlice) {
        const auto stored = f.store().write<void>([&](WriteTransaction &tx) -> Result<void> {
            for (const QByteArray &body : bodies.mid(at, kSlice)) {
                const auto id = deliveries::insert(tx, {.channel = u"tiktok"_s, .receivedAt = tx.now(), .body = body, .bodySha256 = "x"});
                if (!id)
                    return id.error();
            }
            return {};
        });
        QVERIFY(stored);
    }
}

/// Splits everything that is journalled, and applies nothing.
void splitOnly(IntakeFixture &f)
{
    Splitter splitter(f.channels(), [&f](Channel channel) { return f.tokens().app(channel); });
    for (bool hasMore = true; hasMore;) {
        const auto more = f.store().write<bool>([&](WriteTransaction &tx) -> Result<bool> {
            const auto delivery = deliveries::nextUnsplit(tx);
            if (!delivery || !*delivery)
                return delivery ? Result<bool>(false) : Result<bool>(delivery.error());
            const auto lanes = splitter.split(tx, **delivery);
            return lanes ? Result<bool>(true) : Result<bool>(lanes.error());
        });
        QVERIFY(more);
        hasMore = *more;
    }
}

} // namespace

class CarefulStartTest : public QObject {
    Q_OBJECT
private slots:
    void whatBrokeTheProgramTwiceIsSetAsideAndNothingElse_data()
    {
        QTest::addColumn<bool>("isSplit");
        QTest::newRow("events wait") << true;
        QTest::newRow("deliveries wait") << false;
    }
    void whatBrokeTheProgramTwiceIsSetAsideAndNothingElse()
    {
        QFETCH(bool, isSplit);
        constexpr int kWaiting = 200;
        Poison poison;
        IntakeFixture f(true, poison.hook());
        QCOMPARE(f.post(incoming({.id = u"m"_s, .at = kT, .conversation = u"poisoned"_s})).status, 200);
        f.drain();
        QList<QByteArray> waiting;
        for (int i = 0; i < kWaiting; ++i) {
            waiting.append(numbered(i, 20));
            if (i == 90)
                waiting.append(poisonOn(u"m"_s));
        }
        waiting.append(incoming({.id = u"behind"_s, .at = kT + 10'000, .conversation = u"poisoned"_s}));
        f.stopCleanly(false);
        journalOnly(f, waiting);
        if (isSplit)
            splitOnly(f);
        poison.arm();
        for (int crashes = 1; crashes <= 2; ++crashes) {
            f.crash();
            QTRY_VERIFY_WITH_TIMEOUT(poison.isDead(), 60'000);
            poison.leave();
        }
        f.crash();
        f.drain();
        QVERIFY(!poison.isDead());
        QCOMPARE(f.count(u"event WHERE state = 'dead' AND error_class = 'crash' AND kind = 'reaction'"_s), 1);
        QCOMPARE(f.stats().dead, 1);
        QTRY_COMPARE(f.count(u"message WHERE source_id LIKE 'w%'"_s), kWaiting);
        QTRY_COMPARE(f.count(u"message WHERE source_id = 'behind'"_s), 1);
        QTRY_COMPARE(f.count(QString(kNames)), 0);
        QCOMPARE(f.count(u"message a JOIN message b ON b.conversation_id = a.conversation_id AND b.id > a.id AND a.source_id LIKE 'w%'"
                         " AND CAST(b.content AS INTEGER) <= CAST(a.content AS INTEGER)"_s),
                 0);
        // What was set aside can be tried again by hand, where the program is mended.
        f.stopCleanly();
        QCOMPARE(f.post(incoming({.id = u"later"_s, .at = kT + 20'000})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'later'"_s), 1);
    }

    void whatAKillFoundInHandIsNotHeldAgainstIt()
    {
        IntakeFixture f(false);
        journalOnly(f, {numbered(1), numbered(2)});
        splitOnly(f);
        f.store().run(u"INSERT INTO cursor (inbox_id, scope, value, at) VALUES (0, 'careful:e1', '2', 0)"_s);
        f.wasKilled = true;
        f.crash();
        f.drain();
        QTRY_COMPARE(f.count(u"message"_s), 2);
        QCOMPARE(f.stats().dead, 0);
        QTRY_COMPARE(f.count(u"cursor WHERE scope LIKE 'careful%'"_s), 0);
    }

    void whatIsKilledAgainAndAgainInTheSamePlaceAccusesNothingForLong()
    {
        Poison poison;
        IntakeFixture f(true, poison.hook());
        QCOMPARE(f.post(incoming({.id = u"m"_s, .at = kT, .conversation = u"poisoned"_s})).status, 200);
        f.drain();
        f.stopCleanly(false);
        QList<QByteArray> waiting;
        for (int i = 0; i < 100; ++i)
            waiting.append(numbered(i, 20));
        waiting.append(poisonOn(u"m"_s));
        journalOnly(f, waiting);
        splitOnly(f);
        poison.arm();
        f.wasKilled = true;
        int kills = 0;
        for (; kills < 20; ++kills) {
            f.crash();
            if (!QTest::qWaitFor([&] { return poison.isDead() || f.count(QString(kNames)) + f.count(u"event WHERE state = 'pending'"_s) == 0; }, 60'000))
                QFAIL("neither killed nor done");
            if (!poison.isDead())
                break;
            poison.leave();
        }
        QCOMPARE(kills, 10);                          // eight that were nobody's fault, and two
        QTRY_COMPARE(f.count(u"message WHERE source_id LIKE 'w%'"_s), 100);
        QCOMPARE(f.stats().dead, 1);
        QCOMPARE(f.count(u"event WHERE state = 'dead' AND kind = 'reaction'"_s), 1);
    }

    void whatEndsTheProgramFromOutsideAgainAndAgainIsSetAsideInTheEnd()
    {
        IntakeFixture f(false);
        journalOnly(f, {numbered(1), numbered(2)});
        splitOnly(f);
        f.wasKilled = true;
        f.store().run(u"INSERT INTO cursor (inbox_id, scope, value, at) VALUES (0, 'careful:e1', '82', 0)"_s);
        f.crash();
        f.drain();
        QTRY_COMPARE(f.count(u"event WHERE id = 1 AND state = 'dead' AND error_class = 'crash'"_s), 1);
        QTRY_COMPARE(f.count(u"message"_s), 1);
        QTRY_COMPARE(f.count(u"cursor WHERE scope LIKE 'careful%'"_s), 0);
    }

    void thousandsThatWaitAreThroughInSecondsAndWebhooksAreTakenMeanwhile()
    {
        constexpr int kWaiting = 5000;
        constexpr int kMeanwhile = 50;
        IntakeFixture f(false);
        QList<QByteArray> waiting;
        for (int i = 0; i < kWaiting; ++i)
            waiting.append(numbered(i));
        journalOnly(f, waiting);
        f.crash(false);
        f.store().run(u"CREATE TABLE named (scope TEXT);"
                      "CREATE TRIGGER names AFTER INSERT ON cursor WHEN NEW.scope LIKE 'careful:%' BEGIN INSERT INTO named VALUES (NEW.scope); END"_s);
        const qint64 batchesBefore = f.store().writer().stats().batches;
        QElapsedTimer timer;
        timer.start();
        f.start();
        QList<QByteArray> meanwhile;
        for (int i = 0; i < kMeanwhile; ++i)
            meanwhile.append(incoming({.id = u"new%1"_s.arg(i), .at = kT + 50'000 + i, .conversation = u"cnv-%1"_s.arg(i), .customer = u"c%1"_s.arg(i)}));
        QCOMPARE(f.postAll(meanwhile), QList<int>(kMeanwhile, 200));
        const qint64 acknowledged = timer.elapsed();
        QVERIFY2(f.count(u"message"_s) < kWaiting, "the webhooks had to wait for the careful start");
        f.drain();
        QTRY_COMPARE_WITH_TIMEOUT(f.count(u"message"_s), kWaiting + kMeanwhile, 60'000);
        const qint64 took = timer.elapsed();
        const qint64 batches = f.store().writer().stats().batches - batchesBefore;
        qInfo() << kWaiting << "waiting deliveries after a crash:" << took << "ms," << batches << "commits;" << kMeanwhile << "webhooks answered after"
                << acknowledged << "ms";
        QVERIFY2(batches < kWaiting / 2, qPrintable(u"%1 commits"_s.arg(batches)));
        // Each of them was named before it was touched, as a delivery and as an event, and once only.
        QVERIFY(f.count(u"named"_s) >= 2 * kWaiting);
        QCOMPARE(f.count(u"(SELECT DISTINCT scope FROM named)"_s), f.count(u"named"_s));
        QTRY_COMPARE(f.count(QString(kNames)), 0);
    }
};

ANTIPHON_TEST(CarefulStartTest)
#include "tst_carefulstart.moc"
