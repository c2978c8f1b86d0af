#include "core/server/gate/chunkedframing.h"
#include "tests/server/splits.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class ChunkedFramingTest : public QObject {
    Q_OBJECT
private slots:
    void acceptsWellFormedBodiesOnly_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");      // 0: complete, -1: wants more
        QTest::addColumn<QByteArray>("data");
        const auto row = [](const char *name, const QByteArray &bytes, int status, const QByteArray &data = {}) {
            QTest::newRow(name) << bytes << status << data;
        };
        row("one chunk", "5\r\nhello\r\n0\r\n\r\n", 0, "hello");
        row("two chunks", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 0, "hello!");
        row("none", "0\r\n\r\n", 0);
        row("hex in both cases", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", 0, "01234567890123456789a");
        row("leading zeros", "00000005\r\nhello\r\n0\r\n\r\n", 0, "hello");
        row("extension", "5;a=\"b\"\r\nhello\r\n0;last\r\n\r\n", 0, "hello");
        row("extension of 256", "1;" + QByteArray(256, 'x') + "\r\na\r\n0\r\n\r\n", 0, "a");
        row("data that looks like framing", "7\r\n0\r\n\r\n0\r\r\n0\r\n\r\n", 0, "0\r\n\r\n0\r");
        row("limit exactly", "40\r\n" + QByteArray(64, 'a') + "\r\n0\r\n\r\n", 0, QByteArray(64, 'a'));
        row("incomplete", "5\r\nhel", -1, "hel");
        row("no end", "5\r\nhello\r\n", -1, "hello");
        row("over the limit at once", "41\r\n", 413);
        row("over the limit in sum", "40\r\n" + QByteArray(64, 'a') + "\r\n1\r\n", 413, QByteArray(64, 'a'));
        row("huge size", "ffffffff\r\n", 413);
        row("size overflow", "100000000\r\n", 400);
        row("16 digits", "8000000000000005\r\nhello", 400);
        row("negative size", "-2\r\n", 400);
        row("plus sign", "+5\r\nhello\r\n", 400);
        row("no number", "zz\r\n", 400);
        row("0x", "0x5\r\nhello\r\n", 400);
        row("empty size", "\r\n", 400);
        row("blank before the size", " 5\r\nhello\r\n", 400);
        row("blank behind the size", "5 \r\nhello\r\n", 400);
        row("bare LF behind the size", "5\nhello\r\n", 400);
        row("bare CR behind the size", "5\rhello\r\n", 400);
        row("LF in the extension", "5;a\nb\r\n", 400);
        row("NUL in the extension", QByteArray("5;\0\r\n", 5), 400);
        row("extension of 257", "1;" + QByteArray(257, 'x') + "\r\na\r\n", 400);
        row("chunk longer than said", "5\r\nhello!\r\n0\r\n\r\n", 400, "hello");
        row("bare LF behind the data", "5\r\nhello\n0\r\n\r\n", 400, "hello");
        row("trailer", "5\r\nhello\r\n0\r\nX: y\r\n\r\n", 400, "hello");
        row("bare LF as the end", "0\r\n\n", 400);
        row("CR CR at the end", "0\r\n\r\r", 400);
        row("long zero", "00\r\n\r\n", 400);
    }

    void acceptsWellFormedBodiesOnly()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        QFETCH(QByteArray, data);
        for (const QList<QByteArray> &pieces : test::splitsOf(bytes)) {
            ChunkedFraming framing(64);
            QByteArray out;
            for (const QByteArray &piece : pieces) {
                const qsizetype taken = framing.feed(piece, &out);
                if (framing.state() == ChunkedFraming::State::Reading)
                    QCOMPARE(taken, piece.size());
            }
            const int outcome = framing.state() == ChunkedFraming::State::Complete ? 0 : framing.state() == ChunkedFraming::State::Refused ? framing.refusal().status : -1;
            QCOMPARE(outcome, status);
            QCOMPARE(out, data);
            QCOMPARE(framing.bodySize(), data.size());
        }
    }

    void stopsBehindTheLastChunk()
    {
        ChunkedFraming framing(64);
        QCOMPARE(framing.feed("1\r\na\r\n0\r\n\r\nGET /"), 11);
        QCOMPARE(framing.state(), ChunkedFraming::State::Complete);
    }

    void framingMayNotOutweighItsData()
    {
        ChunkedFraming framing(1024 * 1024);
        const QByteArray fat = "1;" + QByteArray(250, 'x') + "\r\na\r\n";
        int chunks = 0;
        while (framing.state() == ChunkedFraming::State::Reading && chunks < 10'000) {
            framing.feed(fat);
            ++chunks;
        }
        QCOMPARE(framing.refusal().status, 413);
        QVERIFY(chunks < 300);
    }
};

ANTIPHON_TEST(ChunkedFramingTest)
#include "tst_chunkedframing.moc"
