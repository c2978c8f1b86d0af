#include "core/net/replyparser.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class ReplyParserTest : public QObject {
    Q_OBJECT
private slots:
    void readsRepliesHoweverTheyAreCut_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("counted") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") << 200 << QByteArray("hello");
        QTest::newRow("empty") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << 204 << QByteArray();
        QTest::newRow("chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nT: v\r\n\r\n") << 200 << QByteArray("hello");
        QTest::newRow("until close") << QByteArray("HTTP/1.0 500 Oh\r\n\r\nhello") << 500 << QByteArray("hello");
        QTest::newRow("interim first") << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Yes\r\nContent-Length: 1\r\n\r\nx") << 201 << QByteArray("x");
        QTest::newRow("no reason") << QByteArray("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n") << 200 << QByteArray();
    }

    void readsRepliesHoweverTheyAreCut()
    {
        QFETCH(QByteArray, bytes);
        for (qsizetype step : {1, 2, 7, 1000}) {
            ReplyParser parser(false);
            QByteArray body;
            for (qsizetype at = 0; at < bytes.size(); at += step) {
                const auto piece = parser.feed(bytes.mid(at, step));
                QVERIFY(piece);
                body += *piece;
            }
            QVERIFY(parser.end());
            QTEST(body, "body");
            QTEST(parser.status(), "status");
        }
    }

    void refusesLies_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no HTTP") << QByteArray("SSH-2.0\r\n\r\n");
        QTest::newRow("HTTP/2") << QByteArray("HTTP/2 200 OK\r\n\r\n");
        QTest::newRow("two lengths") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello");
        QTest::newRow("length and chunks") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        QTest::newRow("negative length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n");
        QTest::newRow("huge length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n");
        QTest::newRow("bad chunk") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        QTest::newRow("chunk too long") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nhello\r\n");
        QTest::newRow("gzip transfer") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n");
        QTest::newRow("endless head") << QByteArray("HTTP/1.1 200 OK\r\nX: ") + QByteArray(70000, 'x');
        QTest::newRow("folded line") << QByteArray("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n");
    }

    void refusesLies()
    {
        QFETCH(QByteArray, bytes);
        const auto result = ReplyParser(false).feed(bytes);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, Error::Kind::BadPayload);
    }

    void aCutBodyIsNoBody_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("counted") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell");
        QTest::newRow("chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        QTest::newRow("head") << QByteArray("HTTP/1.1 200 OK\r\n");
        QTest::newRow("nothing") << QByteArray();
    }

    void aCutBodyIsNoBody()
    {
        QFETCH(QByteArray, bytes);
        ReplyParser parser(false);
        QVERIFY(parser.feed(bytes));
        const auto ended = parser.end();
        QVERIFY(!ended);
        QCOMPARE(ended.error().kind, Error::Kind::Network);
    }
};

ANTIPHON_TEST(ReplyParserTest)
#include "tst_replyparser.moc"
