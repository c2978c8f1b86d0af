#include "tests/faults/faults.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <cerrno>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// The disk fills up and has room again: while it is full platforms are asked to come again at once, afterwards all goes on by itself.
class DiskFull : public QObject {
    Q_OBJECT
private slots:
    void asksToComeAgainAndGoesOnByItself()
    {
        test::FaultWorld world;
        QCOMPARE(world.start(), QString());
        test::WebhookClient client(world.server().intakePort());
        const int rounds = test::times(8, 100);
        QStringList taken;
        QStringList refused;
        QList<double> refusals;
        QList<double> recoveries;
        for (int round = 0; round < rounds; ++round) {
            const QString conversation = u"cnv-%1"_s.arg(round % 7);
            for (int i = 0; i < 3; ++i)
                deliver(client, conversation, &taken);
            world.layer->standing = ENOSPC;
            for (int i = 0; i < 8; ++i) {
                const QString id = test::WebhookClient::newId();
                const test::WebhookAnswer answer = client.post(id, conversation);
                QCOMPARE(answer.status, 503);
                QVERIFY2(answer.header("retry-after").toInt() > 0, answer.head.constData());
                refusals.append(answer.ms);
                refused.append(id);
            }
            QCOMPARE(test::http("GET", world.server().intake(u"/healthz"_s)).status, 503);
            QVERIFY2(test::waitFor(world.world.client().call(u"conversations.list"_s)), "reading stopped, too");
            world.layer->standing = 0;
            QElapsedTimer since;
            since.start();
            const QString again = refused.last();            // the platform comes again with what it was refused
            QTRY_COMPARE_WITH_TIMEOUT(client.post(again, conversation).status, 200, 30'000);
            recoveries.append(double(since.elapsed()));
            taken.append(again);
        }
        QTRY_COMPARE_WITH_TIMEOUT(world.world.stat(u"pending"_s), 0, 60'000);
        const test::Stored stored = test::stored(world.server().dataDir());
        qInfo("%d times full: refused in %.1f ms (p50), %.1f ms (p95), %.1f ms at most; taken again after %.0f ms at most", rounds,
              test::percentile(refusals, 0.5), test::percentile(refusals, 0.95), test::percentile(refusals, 1), test::percentile(recoveries, 1));
        QString missing;
        QVERIFY2(!stored.lacks(taken, &missing), qPrintable(missing + stored.error));
        QCOMPARE(stored.integrity, u"ok"_s);
        QCOMPARE(stored.doubled(), 0);
        QCOMPARE(stored.messages.size(), qsizetype(QSet<QString>(taken.begin(), taken.end()).size()));   // nothing half: what was refused isn't there
        const bool isFull = qEnvironmentVariableIsSet("ANTIPHON_FAULTS_FULL");      // the normal run shares its machine with others
        QVERIFY2(test::percentile(refusals, 0.95) <= (isFull ? 100 : 3000), "a refusal takes too long");
        QVERIFY2(test::percentile(recoveries, 1) <= (isFull ? 5000 : 25'000), "it takes too long to go on");
        QCOMPARE(world.server().terminate(), 0);
    }

private:
    static void deliver(test::WebhookClient &client, const QString &conversation, QStringList *taken)
    {
        const QString id = test::WebhookClient::newId();
        const test::WebhookAnswer answer = client.post(id, conversation);
        QCOMPARE(answer.status, 200);
        taken->append(id);
    }
};

ANTIPHON_TEST(DiskFull)
#include "tst_diskfull.moc"
