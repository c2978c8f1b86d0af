#include "core/base/json.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class QueryTest : public QObject {
    Q_OBJECT
private slots:
    void everyTypeComesBackAsItWas();
    void nothingIsNothing();
    void aParameterMayStandTwice();
    void theSameStatementMayBeUsedWhileItIsBeingRead();
    void aForgottenParameterIsAnErrorNotTheLastValue();
    void anUnknownParameterIsAnError();
    void aBrokenConstraintIsAConflict();
    void aWrongStatementIsAStorageError();
    void returningGivesTheRow();
    void aReaderCantWrite();
    void aThousandInsertsAreQuick();
};

void QueryTest::everyTypeComesBackAsItWas()
{
    TemporaryStore store;
    store.run(u"CREATE TABLE sample (t TEXT, empty TEXT, b BLOB, none BLOB, n INTEGER, yes BOOLEAN, no BOOLEAN, r REAL, at INTEGER, j TEXT, id INTEGER)"_s);
    const QString text = u"Grüße 日本語 🎉 \u202Eabc ' \" ; :x"_s;
    QByteArray bytes;
    for (int i = 0; i < 256; ++i)
        bytes.append(char(i));
    const QJsonObject json{{u"a"_s, 1}, {u"ü"_s, QJsonArray{true, QJsonValue::Null}}};
    const auto written = store.write<void>([&](WriteTransaction &tx) {
        Query q = tx.query(u"INSERT INTO sample VALUES (:t, :empty, :b, :none, :n, :yes, :no, :r, :at, :j, :id)"_s);
        q.bind(":t"_L1, text).bind(":empty"_L1, u""_s).bind(":b"_L1, bytes).bind(":none"_L1, QByteArray(""));
        q.bind(":n"_L1, std::numeric_limits<qint64>::min()).bind(":yes"_L1, true).bind(":no"_L1, false).bind(":r"_L1, 0.1);
        q.bind(":at"_L1, fromUnixMs(1'700'000'000'123)).bind(":j"_L1, json).bind(":id"_L1, MessageId(1LL << 60));
        return q.exec();
    });
    QVERIFY(written);
    const auto checked = store.read<bool>([&](ReadTransaction &tx) -> Result<bool> {
        Query q = tx.query(u"SELECT t, empty, b, none, n, yes, no, r, at, j, id FROM sample"_s);
        if (!q.next())
            return q.error();
        return q.text(0) == text && !q.isNull(1) && q.text(1).isEmpty() && q.blob(2) == bytes && !q.isNull(3) && q.blob(3).isEmpty() && !q.blob(3).isNull()
            && q.integer(4) == std::numeric_limits<qint64>::min() && q.boolean(5) && !q.boolean(6) && q.real(7) == 0.1
            && toUnixMs(q.time(8)) == 1'700'000'000'123 && q.json(9) == json && q.id<MessageId>(10) == MessageId(1LL << 60) && !q.next() && q.ok();
    });
    QVERIFY(checked);
    QVERIFY(*checked);
}

void QueryTest::nothingIsNothing()
{
    TemporaryStore store;
    store.run(u"CREATE TABLE sample (t TEXT, b BLOB, i INTEGER, o INTEGER, at INTEGER, v TEXT, n TEXT)"_s);
    const auto written = store.write<void>([](WriteTransaction &tx) {
        return tx.query(u"INSERT INTO sample VALUES (:t, :b, :i, :o, :at, :v, :n)"_s)
            .bind(":t"_L1, QString()).bind(":b"_L1, QByteArray()).bind(":i"_L1, InboxId()).bind(":o"_L1, std::optional<int>())
            .bind(":at"_L1, std::optional<Timestamp>()).bind(":v"_L1, QVariant()).bindNull(":n"_L1).exec();
    });
    QVERIFY(written);
    const auto nulls = store.read<int>([](ReadTransaction &tx) -> Result<int> {
        Query q = tx.query(u"SELECT t, b, i, o, at, v, n FROM sample"_s);
        if (!q.next())
            return q.error();
        int count = 0;
        for (int column = 0; column < 7; ++column)
            count += q.isNull(column) ? 1 : 0;
        return q.optionalInt(3) || q.optionalTime(4) || q.id<InboxId>(2) || !q.text(0).isNull() || !q.blob(1).isNull() ? -1 : count;
    });
    QCOMPARE(*nulls, 7);
}

void QueryTest::aParameterMayStandTwice()
{
    TemporaryStore store;
    const auto sum = store.read<QString>([](ReadTransaction &tx) -> Result<QString> {
        Query q = tx.query(u"SELECT :a || ':b' || :b || :a -- :c"_s);
        q.bind(":a"_L1, u"x"_s).bind(":b"_L1, u"y"_s);
        if (!q.next())
            return q.error();
        return q.text(0);
    });
    QVERIFY2(sum, sum ? "" : qPrintable(describe(sum.error())));
    QCOMPARE(*sum, u"x:byx"_s);
}

void QueryTest::theSameStatementMayBeUsedWhileItIsBeingRead()
{
    TemporaryStore store;
    const auto seen = store.read<QStringList>([](ReadTransaction &tx) -> Result<QStringList> {
        const QString sql = u"WITH RECURSIVE n(i) AS (SELECT :from UNION ALL SELECT i + 1 FROM n WHERE i < :from + 2) SELECT i FROM n"_s;
        QStringList all;
        Query outer = tx.query(sql);
        outer.bind(":from"_L1, 1);
        while (outer.next()) {
            Query inner = tx.query(sql);
            inner.bind(":from"_L1, 10 * outer.integer(0));
            while (inner.next())
                all.append(QString::number(outer.integer(0)) + u'-' + QString::number(inner.integer(0)));
        }
        return all;
    });
    QCOMPARE(seen->join(u' '), u"1-10 1-11 1-12 2-20 2-21 2-22 3-30 3-31 3-32"_s);
}

void QueryTest::aForgottenParameterIsAnErrorNotTheLastValue()
{
    TemporaryStore store;
    const auto result = store.read<bool>([](ReadTransaction &tx) -> Result<bool> {
        const QString sql = u"SELECT :a"_s;
        {
            Query q = tx.query(sql);
            q.bind(":a"_L1, 1);
            if (!q.next())
                return q.error();
        }
        Query q = tx.query(sql);
        return !q.next() && !q.ok() && q.error().kind == Error::Kind::Storage;
    });
    QVERIFY(*result);
}

void QueryTest::anUnknownParameterIsAnError()
{
    TemporaryStore store;
    const auto result = store.read<bool>([](ReadTransaction &tx) -> Result<bool> {
        Query q = tx.query(u"SELECT :a"_s);
        q.bind(":a"_L1, 1).bind(":b"_L1, 2);
        return !q.next() && !q.ok();
    });
    QVERIFY(*result);
}

void QueryTest::aBrokenConstraintIsAConflict()
{
    TemporaryStore store;
    store.run(u"INSERT INTO label (title, color) VALUES ('vip', '#fff')"_s);
    const auto again = store.write<void>([](WriteTransaction &tx) {
        return tx.query(u"INSERT INTO label (title, color) VALUES (:title, '#000')"_s).bind(":title"_L1, u"vip"_s).exec();
    });
    QVERIFY(!again);
    QCOMPARE(again.error().kind, Error::Kind::Conflict);
    const auto reference = store.write<void>([](WriteTransaction &tx) {
        return tx.query(u"INSERT INTO conversation_label VALUES (404, 404)"_s).exec();
    });
    QVERIFY(!reference);
    QCOMPARE(reference.error().kind, Error::Kind::Conflict);
}

void QueryTest::aWrongStatementIsAStorageError()
{
    TemporaryStore store;
    const auto result = store.write<void>([](WriteTransaction &tx) { return tx.query(u"SELECT nothing FROM nowhere"_s).exec(); });
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::Storage);
    QVERIFY(store.writer().isWritable());
}

void QueryTest::returningGivesTheRow()
{
    TemporaryStore store;
    const auto id = store.write<LabelId>([](WriteTransaction &tx) -> Result<LabelId> {
        Query q = tx.query(u"INSERT INTO label (title, color) VALUES ('new', '#123') ON CONFLICT (title) DO NOTHING RETURNING id"_s);
        if (!q.next())
            return q.ok() ? Error{Error::Kind::Conflict, {}} : q.error();
        return q.id<LabelId>(0);
    });
    QVERIFY(id);
    QCOMPARE(store.integer(u"SELECT id FROM label WHERE title = 'new'"_s), id->value());
}

void QueryTest::aReaderCantWrite()
{
    TemporaryStore store;
    const auto result = store.read<bool>([](ReadTransaction &tx) -> Result<bool> {
        const auto written = tx.query(u"INSERT INTO label (title, color) VALUES ('x', 'y')"_s).exec();
        return !written && written.error().kind == Error::Kind::Storage;
    });
    QVERIFY(*result);
    QCOMPARE(store.integer(u"SELECT count(*) FROM label"_s), 0);
}

void QueryTest::aThousandInsertsAreQuick()
{
    TemporaryStore store;
    store.run(u"CREATE TABLE sample (id INTEGER PRIMARY KEY, key TEXT, body TEXT, at INTEGER)"_s);
    const QString body(200, u'x');
    qint64 best = std::numeric_limits<qint64>::max();
    for (int round = 0; round < 10; ++round) {
        QElapsedTimer timer;
        timer.start();
        const auto written = store.write<void>([&](WriteTransaction &tx) -> Result<void> {
            for (int i = 0; i < 1000; ++i) {
                Query q = tx.query(u"INSERT INTO sample (key, body, at) VALUES (:key, :body, :at)"_s);
                q.bind(":key"_L1, u"key"_s).bind(":body"_L1, body).bind(":at"_L1, i);
                if (auto done = q.exec(); !done)
                    return done;
            }
            return {};
        });
        QVERIFY(written);
        best = std::min(best, timer.nsecsElapsed());
    }
    const double rowsPerSecond = 1000.0 * 1e9 / double(best);
    qInfo("%.0f rows/s", rowsPerSecond);
    QVERIFY(rowsPerSecond > 20'000);   // far under what is usual, since the machine may be busy
}

ANTIPHON_TEST(QueryTest)
#include "tst_query.moc"
