#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include "core/intake/deadletters.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class DeadLettersTest : public QObject {
    Q_OBJECT
private slots:
    void listsDeliveriesAndEventsNewestFirstByPages()
    {
        IntakeFixture f;
        for (int i = 0; i < 5; ++i) {
            f.store().clock().advance(std::chrono::seconds(1));
            if (i % 2 == 0)
                QCOMPARE(f.post(QByteArray("{nonsense ") + QByteArray::number(i)).status, 200);
            else
                QCOMPARE(f.post(envelope(u"im_receive_msg"_s, u"biz-0001-openid"_s, {{u"n"_s, i}})).status, 200);
        }
        f.drain();
        QStringList kinds;
        QSet<qint64> ids;
        std::optional<deadletters::Cursor> cursor;
        for (int page = 0; page < 3; ++page) {
            const auto read = f.store().read<deadletters::Page>([cursor](ReadTransaction &tx) { return deadletters::list(tx, cursor, 2); });
            QVERIFY(read);
            for (const auto &letter : read->items) {
                kinds.append(letter.kind == "delivery"_L1 ? u"d"_s : u"e"_s);
                ids.insert(letter.id);
            }
            QCOMPARE(read->next.has_value(), page < 2);
            cursor = read->next ? deadletters::cursorFromText(deadletters::toText(*read->next)) : std::nullopt;
        }
        QCOMPARE(kinds.join(QString()), u"deded"_s);
        QCOMPARE(ids.size(), 5);
    }

    void aRetriedDeliveryIsSplitAnew()
    {
        IntakeFixture f;
        QCOMPARE(f.post("{nonsense").status, 200);
        f.drain();
        // The fix that came with an update: now it can be read.
        const QByteArray body = incoming({.id = u"m1"_s});
        f.store().run(u"UPDATE delivery SET body = CAST('%1' AS BLOB)"_s.arg(QString::fromUtf8(body).replace(u'\'', u"''"_s)));
        QVERIFY(f.store().write<void>([](WriteTransaction &tx) { return deadletters::retry(tx, 1 * 2 + 1); }));
        f.intake().rescan();
        f.drain();
        QCOMPARE(f.count(u"message"_s), 1);
        QCOMPARE(f.stats().dead, 0);
        const auto again = f.store().write<void>([](WriteTransaction &tx) { return deadletters::retry(tx, 1 * 2 + 1); });
        QCOMPARE(again.error().kind, Error::Kind::NotFound);
    }

    void aDiscardedEventStaysAway()
    {
        IntakeFixture f;
        const QByteArray body = incoming({.id = u"m1"_s});
        f.store().run(u"CREATE TRIGGER defect BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'defect'); END"_s);
        QCOMPARE(f.post(body).status, 200);
        f.drain();
        f.advance(std::chrono::seconds(2));
        f.drain();
        f.store().run(u"DROP TRIGGER defect"_s);
        const auto page = f.store().read<deadletters::Page>([](ReadTransaction &tx) { return deadletters::list(tx, {}, 50); });
        QCOMPARE(page->items.size(), 1);
        const qint64 id = page->items.constFirst().id;
        QCOMPARE(id % 2, 0);
        QVERIFY(f.store().write<void>([id](WriteTransaction &tx) { return deadletters::discard(tx, id); }));
        QCOMPARE(f.post(body).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message"_s), 0);
        QCOMPARE(f.stats().dead, 0);
        QCOMPARE(f.count(u"tombstone"_s), 1);
        const auto gone = f.store().write<void>([id](WriteTransaction &tx) { return deadletters::discard(tx, id); });
        QCOMPARE(gone.error().kind, Error::Kind::NotFound);
    }

    void aCursorIsTwoNumbers()
    {
        QVERIFY(deadletters::cursorFromText(u"12-3"_s));
        QVERIFY(!deadletters::cursorFromText(u"12"_s));
        QVERIFY(!deadletters::cursorFromText(u"x-3"_s));
        QVERIFY(!deadletters::cursorFromText(QString()));
    }
};

ANTIPHON_TEST(DeadLettersTest)
#include "tst_deadletters.moc"
