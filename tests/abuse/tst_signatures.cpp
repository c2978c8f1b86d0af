#include "core/net/hmac.h"
#include "tests/abuse/abuseworld.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <chrono>
#include <random>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// What isn't signed as it should be is refused, and leaves nothing but a counter.
class Signatures : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<AbuseWorld>();
        QCOMPARE(m_world->startWithAccounts(), QString());
        m_body = AbuseWorld::envelope(u"im_receive_msg"_s, m_world->tiktok().options().accounts.first().businessId,
                                      AbuseWorld::textContent(m_world->tiktok().options().accounts.first().businessId, u"sig"_s, u"sig-1"_s,
                                                              1'790'000'000'000, u"x"_s));
    }

    void cleanupTestCase() { m_world.reset(); }

    void everyWrongOneIsRefused()
    {
        const QByteArray right = AbuseWorld::signatureOf(m_body);
        const QByteArray stamp = right.mid(2, right.indexOf(',') - 2);
        const QByteArray hex = right.mid(right.indexOf("s=") + 2);
        QCOMPARE(hex.size(), 64);
        QList<QByteArray> wrong{"",
                                " ",
                                "s=" + hex,
                                "t=" + stamp,
                                "t=,s=" + hex,
                                "t=" + stamp + ",s=",
                                right + '0',
                                "t=-" + stamp + ",s=" + hex,
                                "t=" + stamp + ",s=" + hex + ",s=" + hex,
                                "t=1,t=" + stamp + ",s=" + hex,
                                "t=" + stamp + "0,s=" + hex,
                                AbuseWorld::signatureOf(m_body + ' '),
                                AbuseWorld::signatureOf({}),
                                "t=99999999999999999999,s=" + hex,
                                QByteArray(8000, 's')};
        for (qsizetype length = 0; length < 64; ++length)
            wrong.append("t=" + stamp + ",s=" + hex.first(length)); // every prefix
        for (qsizetype at = 0; at < 64; ++at) {
            QByteArray changed = hex;
            changed[at] = hex.at(at) == '0' ? '1' : '0';
            wrong.append("t=" + stamp + ",s=" + changed);
        }
        const int count = figure(1'000, 10'000);
        std::mt19937 random(7);
        std::vector<QByteArray> requests;
        for (int i = 0; i < count; ++i)
            requests.push_back(bench::webhookRequest(m_world->server().intakePort(),
                                                     wrong.at(i < wrong.size() ? i : qsizetype(random() % quint32(wrong.size()))), m_body));
        const qint64 rejectedBefore = m_world->stat(u"rejected_signature"_s);

        const bench::LoadResult result = m_world->post(requests, 8);

        QCOMPARE(result.refused, qint64(count));
        QCOMPARE(m_world->number(u"SELECT count(*) FROM delivery"_s), 0);
        QCOMPARE(m_world->number(u"SELECT count(*) FROM event"_s), 0);
        QCOMPARE(m_world->stat(u"rejected_signature"_s) - rejectedBefore, qint64(count));
        // and the right one still passes
        QCOMPARE(m_world->post(m_body), 200);
        QVERIFY(m_world->settle());
        QCOMPARE(m_world->number(u"SELECT count(*) FROM message WHERE source_id = 'sig-1'"_s), 1);
    }

    void theTimeOfTheCompareTellsNothing()
    {
        // Given signatures that differ in their first and in their last byte, measured by turns so that the machine's moods hit both alike
        const QByteArray right(64, 'a');
        QByteArray first = right;
        QByteArray last = right;
        first[0] = 'b';
        last[63] = 'b';
        const int rounds = figure(200, 1'000);
        constexpr int kEach = 1'000;
        qint64 total[2] = {0, 0};
        bool anyEqual = false;
        for (int round = 0; round < rounds; ++round) {
            for (const int which : {round % 2, 1 - round % 2}) {
                const QByteArray &other = which == 0 ? first : last;
                const auto start = std::chrono::steady_clock::now();
                for (int i = 0; i < kEach; ++i)
                    anyEqual = equalConstantTime(right, other) || anyEqual;
                total[which] += std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count();
            }
        }
        QVERIFY(!anyEqual);
        const double difference = std::abs(double(total[0] - total[1])) / (double(rounds) * kEach);
        qInfo("a compare takes %.0f ns; first and last byte differ by %.1f ns in the mean of %d",
              double(total[0]) / (double(rounds) * kEach), difference, rounds * kEach);
        QVERIFY(difference < 1'000);
    }

private:
    std::unique_ptr<AbuseWorld> m_world;
    QByteArray m_body;
};

ANTIPHON_TEST(Signatures)
#include "tst_signatures.moc"
