#include "tests/faults/diskreplay.h"
#include "tests/faults/faults.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <cerrno>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// The N-th write or sync of the disk fails, once or from then on. What was acknowledged must survive even a loss of power right afterwards: a sync that failed
/// leaves pages that nobody writes any more.
class FailingDisk : public QObject {
    Q_OBJECT
private slots:
    void whileItWorks_data()
    {
        QTest::addColumn<unsigned>("what");
        QTest::addColumn<bool>("lasts");
        QTest::newRow("a write fails once") << unsigned(test::calls::kWrite) << false;
        QTest::newRow("writes fail from then on") << unsigned(test::calls::kWrite) << true;
        QTest::newRow("a sync fails once") << unsigned(test::calls::kSync) << false;
        QTest::newRow("syncs fail from then on") << unsigned(test::calls::kSync) << true;
    }

    void whileItWorks()
    {
        QFETCH(unsigned, what);
        QFETCH(bool, lasts);
        QTemporaryDir work;
        test::FaultWorld world;
        QCOMPARE(world.start(work.filePath(u"trace"_s)), QString());
        test::WebhookClient client(world.server().intakePort());
        QStringList taken;
        QStringList refused;
        const int most = test::times(40, 500);
        // A webhook costs one sync: each N of them would record more than memory holds.
        const int step = test::times(8, what == test::calls::kSync ? 5 : 1);
        int rounds = 0;
        qint64 slowest = 0;
        for (int n = 1; n <= most; n += step, ++rounds) {
            world.layer->failWith = EIO;
            world.layer->failLasts = lasts ? 1 : 0;
            world.layer->failWhat = what;
            const qint64 before = world.layer->failures;
            world.layer->failIn = n;
            for (int i = 0; world.layer->failures == before && i < 3 * n + 200; ++i)
                deliver(world, client, n, &taken, &refused);
            QVERIFY2(world.layer->failures > before, qPrintable(u"the fault %1 never came"_s.arg(n)));
            if (lasts) {
                for (int i = 0; i < 3; ++i)
                    deliver(world, client, n, &taken, &refused);
            }
            world.layer.reset();
            QElapsedTimer since;
            since.start();
            const QString id = test::WebhookClient::newId();
            QTRY_COMPARE_WITH_TIMEOUT(client.post(id, u"cnv-again"_s).status, 200, 10'000);
            slowest = std::max(slowest, since.elapsed());
            taken.append(id);
        }
        QTRY_COMPARE_WITH_TIMEOUT(world.world.stat(u"pending"_s), 0, 30'000);
        const qint64 failures = world.layer->failures;
        world.server().kill();
        qInfo("%d times, %lld calls failed, %lld acknowledged, %lld refused, well again after %lld ms at most", rounds, failures, qlonglong(taken.size()),
              qlonglong(refused.size()), slowest);
        checkAfterPowerLoss(work, taken);
    }

    void whileItStarts_data()
    {
        QTest::addColumn<bool>("lasts");
        QTest::newRow("once") << false;
        QTest::newRow("from then on") << true;
    }

    /// It starts, or says why not and ends with 1; the next start, on a sound disk, works.
    void whileItStarts()
    {
        QFETCH(bool, lasts);
        const int most = 500;
        const int step = test::times(41, 1);
        int well = 0;
        int ended = 0;
        for (int n = 1; n <= most; n += step) {
            test::FaultLayer layer;
            test::ServerProcess server;
            layer.install(server.environment, server.dataDir());
            layer->failWith = EIO;
            layer->failLasts = lasts ? 1 : 0;
            layer->failWhat = test::calls::kAll;
            layer->failIn = n;
            if (server.start(20'000)) {
                ++well;
                layer.reset();
                server.kill();
            } else {
                ++ended;
                QVERIFY2(server.waitForExit(10'000), qPrintable(u"neither started nor ended at %1"_s.arg(n)));
                QCOMPARE(server.exitCode(), 1);
                QVERIFY2(server.standardError().contains(u"antiphon-server: "_s), qPrintable(u"%1: %2"_s.arg(n).arg(server.standardError())));
                layer.reset();
            }
            QVERIFY2(server.start(20'000), qPrintable(u"after %1: %2"_s.arg(n).arg(server.standardError())));
            server.kill();
            QCOMPARE(test::stored(server.dataDir()).integrity, u"ok"_s);
        }
        qInfo("%d starts went through, %d ended with a sentence", well, ended);
    }

private:
    static void deliver(test::FaultWorld &world, test::WebhookClient &client, int n, QStringList *taken, QStringList *refused)
    {
        const QString id = test::WebhookClient::newId();
        const test::WebhookAnswer answer = client.post(id, u"cnv-%1"_s.arg(n % 5));
        if (answer.status != 200 && answer.status != 503) {
            QFile log(world.server().dataDir() + u"/antiphon.log"_s);
            QVERIFY(log.open(QIODevice::ReadOnly));
            const QByteArray end = log.readAll().right(3000);
            QFAIL(("at call " + QByteArray::number(n) + " the answer is: " + answer.head + "\nthe log ends:\n" + end).constData());
        }
        QVERIFY(answer.status == 200 || answer.header("retry-after").toInt() > 0);
        (answer.status == 200 ? taken : refused)->append(id);
    }

    void checkAfterPowerLoss(const QTemporaryDir &work, const QStringList &taken)
    {
        test::DiskReplay disk;
        QCOMPARE(disk.load(work.filePath(u"trace"_s)), QString());
        QRandomGenerator random(QRandomGenerator::securelySeeded());
        disk.advanceTo(disk.length(), random);
        const QString image = work.filePath(u"image"_s);
        for (const double survives : {0.0, 0.5, 1.0}) {
            QCOMPARE(disk.cut(image, survives, random), QString());
            const test::Stored stored = test::stored(image);
            QString missing;
            QVERIFY2(!stored.lacks(taken, &missing), qPrintable(missing + u" is missing "_s + stored.error));
            QCOMPARE(stored.integrity, u"ok"_s);
            QCOMPARE(stored.doubled(), 0);
        }
    }
};

ANTIPHON_TEST(FailingDisk)
#include "tst_failingdisk.moc"
