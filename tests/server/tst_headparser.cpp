#include "core/server/gate/headparser.h"
#include "tests/server/splits.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class HeadParserTest : public QObject {
    Q_OBJECT
private slots:
    void judgesTheFirstWrongByteHoweverTheBytesAreCut_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");      // 0: complete, -1: wants more
        const QByteArray host = "Host: x\r\n";
        const auto row = [](const char *name, const QByteArray &bytes, int status) { QTest::newRow(name) << bytes << status; };
        row("simple", "GET /a?b=c HTTP/1.1\r\n" + host + "\r\n", 0);
        row("no headers", "GET / HTTP/1.1\r\n\r\n", 0);
        row("value with latin bytes", "GET / HTTP/1.1\r\nX: \xe4\xff\r\n\r\n", 0);
        row("empty value", "GET / HTTP/1.1\r\nX:\r\nY: \t \r\n\r\n", 0);
        row("incomplete", "GET / HTTP/1.1\r\n" + host, -1);
        row("nothing", "", -1);
        row("empty line first", "\r\nGET / HTTP/1.1\r\n\r\n", 400);
        row("blank first", " GET / HTTP/1.1\r\n\r\n", 400);
        row("HTTP/0.9", "GET /\r\n", 400);
        row("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 505);
        row("HTTP/1.2", "GET / HTTP/1.2\r\n\r\n", 505);
        row("HTTP/1.10", "GET / HTTP/1.10\r\n\r\n", 505);
        row("HTTP/1.", "GET / HTTP/1.\r\n\r\n", 505);
        row("HTTPX9.9", "GET / HTTPX9.9\r\n\r\n", 505);
        row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
        row("lower case version", "GET / http/1.1\r\n\r\n", 505);
        row("two blanks before the version", "GET /  HTTP/1.1\r\n\r\n", 400);
        row("two blanks before the target", "GET  / HTTP/1.1\r\n\r\n", 400);
        row("blank behind the version", "GET / HTTP/1.1 \r\n\r\n", 400);
        row("tab in the request line", "GET\t/ HTTP/1.1\r\n\r\n", 400);
        row("TLS hello", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400);
        row("NUL in the method", QByteArray("G\0T / HTTP/1.1\r\n\r\n", 18), 400);
        row("NUL in the target", QByteArray("GET /\0 HTTP/1.1\r\n\r\n", 19), 400);
        row("high byte in the target", "GET /\xc3\xa4 HTTP/1.1\r\n\r\n", 400);
        row("bare LF behind the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400);
        row("bare LF behind a header", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400);
        row("bare LF as the end", "GET / HTTP/1.1\r\nHost: x\r\n\n", 400);
        row("bare CR in a value", "GET / HTTP/1.1\r\nHost: x\ry\r\n\r\n", 400);
        row("bare CR behind the request line", "GET / HTTP/1.1\rHost: x\r\n\r\n", 400);
        row("CR CR LF", "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n", 400);
        row("NUL in a value", QByteArray("GET / HTTP/1.1\r\nA: \0\r\n\r\n", 25), 400);
        row("DEL in a value", "GET / HTTP/1.1\r\nA: \x7f\r\n\r\n", 400);
        row("folded line", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400);
        row("folded line by tab", "GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n", 400);
        row("blank before the colon", "GET / HTTP/1.1\r\nA : b\r\n\r\n", 400);
        row("no colon", "GET / HTTP/1.1\r\nA\r\n\r\n", 400);
        row("empty name", "GET / HTTP/1.1\r\n: b\r\n\r\n", 400);
        row("name with a brace", "GET / HTTP/1.1\r\nA{: b\r\n\r\n", 400);
        row("method of 33 letters", QByteArray(33, 'A') + " / HTTP/1.1\r\n\r\n", 501);
        row("target of 8 KiB", "GET /" + QByteArray(8191, 'a') + " HTTP/1.1\r\n\r\n", 0);
        row("target over 8 KiB", "GET /" + QByteArray(8192, 'a') + " HTTP/1.1\r\n\r\n", 414);
        QByteArray lines;
        for (int i = 0; i < 100; ++i)
            lines += "A: b\r\n";
        row("100 lines", "GET / HTTP/1.1\r\n" + lines + "\r\n", 0);
        row("101 lines", "GET / HTTP/1.1\r\n" + lines + "A: b\r\n\r\n", 431);
        const QByteArray start = "GET / HTTP/1.1\r\nA: ";
        row("16 KiB", start + QByteArray(16384 - start.size() - 4, 'a') + "\r\n\r\n", 0);
        row("a byte over 16 KiB", start + QByteArray(16385 - start.size() - 4, 'a') + "\r\n\r\n", 431);
    }

    void judgesTheFirstWrongByteHoweverTheBytesAreCut()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        qsizetype firstTaken = -1;
        for (const QList<QByteArray> &pieces : test::splitsOf(bytes)) {
            HeadParser parser;
            qsizetype taken = 0;
            for (const QByteArray &piece : pieces) {
                if (parser.state() == HeadParser::State::Reading)
                    taken += parser.feed(piece);
            }
            const int outcome = parser.state() == HeadParser::State::Complete ? 0 : parser.state() == HeadParser::State::Refused ? parser.refusal().status : -1;
            QCOMPARE(outcome, status);
            if (firstTaken < 0)
                firstTaken = taken;
            QCOMPARE(taken, firstTaken);
        }
    }

    void givesTheHeadAsItStood()
    {
        HeadParser parser;
        const QByteArray bytes = "POST /p/%41?q=1?2 HTTP/1.1\r\nHost: h:1\r\nX-Sig:  a b \t\r\nx-sig: c\r\nConnection: keep-alive, Close\r\n\r\nbody";
        QCOMPARE(parser.feed(bytes), bytes.size() - 4);
        const RequestHead &head = parser.head();
        QCOMPARE(head.method(), QByteArrayView("POST"));
        QCOMPARE(head.target(), QByteArrayView("/p/%41?q=1?2"));
        QCOMPARE(head.path(), QByteArrayView("/p/%41"));
        QCOMPARE(head.query(), QByteArrayView("q=1?2"));
        QCOMPARE(head.count("X-SIG"), 2);
        QCOMPARE(head.value("x-sig"), QByteArrayView("a b"));
        QCOMPARE(head.value("absent"), QByteArrayView());
        QVERIFY(head.hasToken("connection", "close"));
        QVERIFY(!head.hasToken("connection", "clos"));
        QCOMPARE(head.headers().at(2), (QPair<QByteArray, QByteArray>("x-sig", "c")));
    }

    void aResetParserReadsTheNextHead()
    {
        HeadParser parser;
        parser.feed("GET /first HTTP/1.1\r\nA: b\r\n\r\n");
        parser.reset();
        QVERIFY(parser.isEmpty());
        parser.feed("GET /second HTTP/1.1\r\n\r\n");
        QCOMPARE(parser.state(), HeadParser::State::Complete);
        QCOMPARE(parser.head().path(), QByteArrayView("/second"));
        QCOMPARE(parser.head().headerCount(), 0);
    }
};

ANTIPHON_TEST(HeadParserTest)
#include "tst_headparser.moc"
