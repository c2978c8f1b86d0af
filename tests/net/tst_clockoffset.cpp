#include "core/net/clockoffset.h"
#include "tests/support/fakeclock.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QLocale>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Answers at once, with a date of the test's choice.
class DatedServer final : public HttpClient {
public:
    QByteArray date{};
    void send(const HttpRequest &, Done done) override { done({.status = 200, .headers = {{"date", date}}, .requestWritten = true}); }
};

} // namespace

class ClockOffsetTest : public QObject {
    Q_OBJECT
private slots:
    void readsDates_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("ms");
        QTest::newRow("right") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT") << qint64(784'111'777'000);
        QTest::newRow("another form") << QByteArray("Sunday, 06-Nov-94 08:49:37 GMT") << qint64(-1);
        QTest::newRow("nonsense") << QByteArray("soon") << qint64(-1);
        QTest::newRow("absent") << QByteArray() << qint64(-1);
    }

    void readsDates()
    {
        QFETCH(QByteArray, text);
        const auto date = httpDate(text);
        QTEST(date ? toUnixMs(*date) : qint64(-1), "ms");
    }

    void learnsFromAnswers_data()
    {
        QTest::addColumn<qint64>("ahead");      // ms
        QTest::addColumn<qint64>("used");
        QTest::newRow("right") << qint64(0) << qint64(0);
        QTest::newRow("within the noise") << qint64(4000) << qint64(0);
        QTest::newRow("two hours ahead") << qint64(7'200'000) << qint64(7'200'500);
        QTest::newRow("ten minutes behind") << qint64(-600'000) << qint64(-599'500);
    }

    void learnsFromAnswers()
    {
        QFETCH(qint64, ahead);
        FakeClock clock(fromUnixMs(784'111'777'000));
        ClockOffset offset;
        DatedServer server;
        server.date = httpText(clock.now() + Milliseconds(ahead));
        DatedHttpClient client(server, clock, offset);
        PlatformClock platform(clock, offset);
        QCOMPARE(platform.now(), clock.now());
        client.send({}, [](const HttpReply &reply) { QCOMPARE(reply.status, 200); });
        QTEST(qint64(offset.used().count()), "used");
        QCOMPARE(platform.now(), clock.now() + offset.used());
        QCOMPARE(platform.steady(), clock.steady());
    }

    void oneWrongAnswerMovesNothing()
    {
        ClockOffset offset;
        QVERIFY(!offset.measured());                  // nothing was asked yet: that isn't the same as no difference
        QCOMPARE(offset.used(), 0ms);
        const Timestamp now = fromUnixMs(784'111'777'000);
        for (int i = 0; i < 5; ++i)
            offset.learn(now, now, now + 100ms);
        offset.learn(now + 48h, now, now + 100ms);
        QCOMPARE(offset.used(), 0ms);
        offset.learn(now + 48h, now, now + 11s);      // too slow to say anything
        QVERIFY(offset.measured() && std::chrono::abs(*offset.measured()) < 1s);
    }

private:
    static QByteArray httpText(Timestamp time)
    {
        return QLocale::c().toString(QDateTime::fromMSecsSinceEpoch(toUnixMs(time), Qt::UTC), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1();
    }
};

ANTIPHON_TEST(ClockOffsetTest)
#include "tst_clockoffset.moc"
