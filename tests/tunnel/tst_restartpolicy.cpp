#include "core/tunnel/restartpolicy.h"
#include "tests/support/fakerandom.h"
#include "tests/support/testmain.h"

#include <QTest>

namespace antiphon::test {
using namespace std::chrono_literals;

class RestartPolicyTest : public QObject {
    Q_OBJECT
private slots:
    void doublesUpToItsCap_data()
    {
        QTest::addColumn<RestartPolicy::Cause>("cause");
        QTest::addColumn<qint64>("cap");
        QTest::newRow("passing") << RestartPolicy::Cause::Passing << qint64(15'000);
        QTest::newRow("needs its owner") << RestartPolicy::Cause::NeedsOwner << qint64(300'000);
    }

    void doublesUpToItsCap()
    {
        QFETCH(RestartPolicy::Cause, cause);
        QFETCH(qint64, cap);
        FakeRandom random;
        RestartPolicy policy({}, random);
        SteadyTime now{};
        qint64 least = 1000;
        for (int i = 0; i < 40; ++i) {
            const qint64 wait = policy.next(cause, now).count();
            QVERIFY2(wait >= std::min(least, cap) && wait <= std::min(least + least / 4, cap), qPrintable(QString::number(wait)));
            now += Milliseconds(wait);
            least = std::min<qint64>(least * 2, 1'000'000);
        }
    }

    void beginsAnewOnceItWorked()
    {
        FakeRandom random;
        RestartPolicy policy({}, random);
        SteadyTime now{};
        for (int i = 0; i < 5; ++i)
            (void)policy.next(RestartPolicy::Cause::Passing, now);
        policy.proved();
        QVERIFY(policy.next(RestartPolicy::Cause::Passing, now) <= 1250ms);
    }

    /// Two hundred deaths of a tool that each time had worked: never more than a start every 15 s in the long run, never later than that.
    void spacesOutWhatFlaps()
    {
        FakeRandom random;
        RestartPolicy policy({}, random);
        SteadyTime now{};
        const SteadyTime begun = now;
        for (int i = 0; i < 200; ++i) {
            policy.proved();
            const Milliseconds wait = policy.next(RestartPolicy::Cause::Passing, now);
            QVERIFY(wait >= 1s && wait <= 15s);
            now += wait + 1s;
        }
        QVERIFY2(now - begun > 20min, "two hundred starts took hardly any time");
    }
};

ANTIPHON_TEST(RestartPolicyTest)

} // namespace antiphon::test
#include "tst_restartpolicy.moc"
