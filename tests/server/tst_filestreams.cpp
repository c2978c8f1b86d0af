#include "tests/server/deskfixture.h"
#include "tests/support/testmain.h"

#include <QCryptographicHash>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kRight = "Authorization: Bearer right\r\n";

RawResponse ask(const DeskFixture &desk, const QByteArray &requestLine, const QByteArray &headers, const QByteArray &body = {})
{
    RawClient client(desk.server.port());
    client.say(requestLine + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body);
    return client.answer(requestLine.startsWith("HEAD"));
}

} // namespace

class FileStreamsTest : public QObject {
    Q_OBJECT
private slots:
    void anUploadIsStoredAndRecorded()
    {
        DeskFixture desk;
        const QByteArray body = pattern(0, 3'000'001);
        const RawResponse response = ask(desk, "POST /api/v1/attachments",
                                         kRight + "Content-Type: image/png\r\nX-File-Name: R%C3%BCbe.png\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n", body);
        QCOMPARE(response.status, 201);
        QCOMPARE(response.body, "{\"id\":\"7\"}");
        QCOMPARE(desk.store.added.size(), 1);
        const NewAttachment &added = desk.store.added.first();
        QCOMPARE(added.agent, AgentId(5));
        QCOMPARE(added.fileName, u"Rübe.png"_s);
        QCOMPARE(added.mimeType, "image/png");
        QCOMPARE(added.file.size, body.size());
        QCOMPARE(added.file.sha256, QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex());
        QCOMPARE(desk.store.openSinks, 0);
    }

    void aRecordingMayBeAVoiceNote()
    {
        DeskFixture desk;
        for (const QByteArray query : {"", "?voice=1", "?voice=0", "?x=voice=1"})
            QCOMPARE(ask(desk, "POST /api/v1/attachments" + query, kRight + "Content-Length: 1\r\n", "a").status, 201);
        QCOMPARE(desk.store.added.size(), 4);
        for (int i = 0; i < 4; ++i)
            QCOMPARE(desk.store.added.at(i).isVoice, i == 1);
    }

    void aChunkedUploadIsTheSame()
    {
        DeskFixture desk;
        const QByteArray body = pattern(0, 100'000);
        QByteArray chunks;
        for (qsizetype at = 0; at < body.size(); at += 999) {
            const QByteArray chunk = body.mid(at, 999);
            chunks += QByteArray::number(chunk.size(), 16) + "\r\n" + chunk + "\r\n";
        }
        const RawResponse response = ask(desk, "POST /api/v1/attachments", kRight + "Transfer-Encoding: chunked\r\n", chunks + "0\r\n\r\n");
        QCOMPARE(response.status, 201);
        QCOMPARE(desk.store.added.first().file.sha256, QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex());
    }

    void fileNamesAreReadAsMeant_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << QByteArray("photo.png") << u"photo.png"_s;
        QTest::newRow("escaped") << QByteArray("a%20b%2fc.png") << u"a b/c.png"_s;
        QTest::newRow("bare UTF-8") << QByteArray("\xc3\xa4.png") << u"ä.png"_s;
        QTest::newRow("percent sign") << QByteArray("100%.png") << u"100%.png"_s;
        QTest::newRow("percent at the end") << QByteArray("100%") << u"100%"_s;
        QTest::newRow("line end") << QByteArray("a%0D%0Ab%00c") << u"abc"_s;
        QTest::newRow("long") << QByteArray(300, 'a') << QString(255, u'a');
        QTest::newRow("none") << QByteArray() << QString();
    }

    void fileNamesAreReadAsMeant()
    {
        QFETCH(QByteArray, raw);
        DeskFixture desk;
        QCOMPARE(ask(desk, "POST /api/v1/attachments", kRight + "Content-Length: 1\r\nX-File-Name: " + raw + "\r\n", "a").status, 201);
        QTEST(desk.store.added.first().fileName, "name");
    }

    void anEmptyUploadIsAFileToo()
    {
        DeskFixture desk;
        QCOMPARE(ask(desk, "POST /api/v1/attachments", kRight + "Content-Length: 0\r\n").status, 201);
        QCOMPARE(desk.store.added.first().file.size, 0);
    }

    void aLargeUploadCostsLittleMemory()
    {
        DeskFixture desk;
        constexpr qint64 kSize = 60 * 1024 * 1024;
        const QByteArray piece = pattern(0, 64 * 1024);
        RawClient client(desk.server.port());
        const qint64 before = residentBytes();
        qint64 peak = before;
        qint64 said = 0;
        connect(&client.socket, &QTcpSocket::bytesWritten, &client, [&] {
            peak = std::max(peak, residentBytes());
            while (client.socket.bytesToWrite() < piece.size() && said < kSize) {
                said += piece.size();
                client.say(piece);
            }
        });
        client.say("POST /api/v1/attachments HTTP/1.1\r\nHost: localhost\r\n" + kRight + "Content-Length: " + QByteArray::number(kSize) + "\r\n\r\n");
        const RawResponse response = client.answer();
        QCOMPARE(response.status, 201);
        QCOMPARE(desk.store.added.first().file.size, kSize);
        QVERIFY(desk.store.mostOnTheirWay <= 1024 * 1024 + 256 * 1024);
        QVERIFY2(peak - before < 16 * 1024 * 1024, qPrintable(QString::number(peak - before)));
    }

    void anUploadWithoutTheRightTokenIsNotRead_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("status");
        QTest::newRow("no token") << QByteArray("Content-Length: 5\r\n") << 401;
        QTest::newRow("wrong token") << QByteArray("Authorization: Bearer wrong\r\nContent-Length: 5\r\n") << 401;
        QTest::newRow("empty token") << QByteArray("Authorization: Bearer \r\nContent-Length: 5\r\n") << 401;
        QTest::newRow("over 100 MiB") << kRight + "Content-Length: 104857601\r\n" << 413;
        QTest::newRow("no length") << kRight << 411;
    }

    void anUploadWithoutTheRightTokenIsNotRead()
    {
        QFETCH(QByteArray, headers);
        DeskFixture desk;
        const RawResponse response = ask(desk, "POST /api/v1/attachments", headers, "12345");
        QTEST(response.status, "status");
        QCOMPARE(desk.store.mostOnTheirWay, 0);
        QCOMPARE(desk.store.added.size(), 0);
    }

    void anInterruptedUploadLeavesNothing()
    {
        DeskFixture desk;
        RawClient client(desk.server.port());
        client.say("POST /api/v1/attachments HTTP/1.1\r\nHost: localhost\r\n" + kRight + "Content-Length: 1000000\r\n\r\n" + QByteArray(300'000, 'a'));
        QTRY_VERIFY(desk.store.mostOnTheirWay > 0);
        QCOMPARE(desk.store.openSinks, 1);
        client.socket.abort();
        QTRY_COMPARE(desk.store.openSinks, 0);
        QCOMPARE(desk.store.added.size(), 0);
        QTRY_COMPARE(desk.server.stats().connections, 0);
    }

    void aFullDiskIsSaid()
    {
        DeskFixture desk;
        desk.store.isDiskFull = true;
        const RawResponse response = ask(desk, "POST /api/v1/attachments", kRight + "Content-Length: 3000000\r\n", QByteArray(3'000'000, 'a'));
        QCOMPARE(response.status, 503);
        QVERIFY(response.headers.contains("retry-after"));
        QTRY_COMPARE(desk.store.openSinks, 0);
    }

    void downloadsHonourRanges_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("status");
        QTest::addColumn<qint64>("first");
        QTest::addColumn<qint64>("length");
        QTest::addColumn<QByteArray>("contentRange");
        const qint64 size = 700'000;
        const QByteArray tag = '"' + QByteArray(64, 'e') + '"';
        const auto row = [](const char *name, const QByteArray &headers, int status, qint64 first, qint64 length, const QByteArray &range = {}) {
            QTest::newRow(name) << headers << status << first << length << range;
        };
        row("whole", {}, 200, 0, size);
        row("first byte", "Range: bytes=0-0\r\n", 206, 0, 1, "bytes 0-0/700000");
        row("across pieces", "Range: bytes=250000-650000\r\n", 206, 250'000, 400'001, "bytes 250000-650000/700000");
        row("to the end", "Range: bytes=699990-\r\n", 206, 699'990, 10, "bytes 699990-699999/700000");
        row("last bytes", "Range: bytes=-5\r\n", 206, 699'995, 5, "bytes 699995-699999/700000");
        row("behind the end", "Range: bytes=700000-\r\n", 416, 0, 0, "bytes */700000");
        row("several", "Range: bytes=0-1,5-6\r\n", 200, 0, size);
        row("two headers", "Range: bytes=0-1\r\nRange: bytes=0-1\r\n", 200, 0, size);
        row("if unchanged", "Range: bytes=0-1\r\nIf-Range: " + tag + "\r\n", 206, 0, 2, "bytes 0-1/700000");
        row("if changed", "Range: bytes=0-1\r\nIf-Range: \"other\"\r\n", 200, 0, size);
        row("known", "If-None-Match: \"other\", " + tag + "\r\n", 304, 0, 0);
        row("other known", "If-None-Match: \"other\"\r\n", 200, 0, size);
    }

    void downloadsHonourRanges()
    {
        QFETCH(QByteArray, headers);
        QFETCH(int, status);
        QFETCH(qint64, first);
        QFETCH(qint64, length);
        DeskFixture desk;
        desk.store.files.insert("12", {.size = 700'000, .mimeType = "Image/JPEG; q=1", .name = u"Grüße\r\n.jpg"_s});
        const RawResponse response = ask(desk, "GET /api/v1/attachments/12", kRight + headers);
        QCOMPARE(response.status, status);
        QCOMPARE(response.body, pattern(first, length));
        QTEST(response.headers.value("content-range"), "contentRange");
        QCOMPARE(response.headers.value("etag"), '"' + QByteArray(64, 'e') + '"');
        QCOMPARE(response.headers.value("cache-control"), "private, max-age=31536000, immutable");
        QCOMPARE(desk.store.lastAgent, AgentId(5));
        if (status < 300) {
            QCOMPARE(response.headers.value("content-type"), "image/jpeg");
            QCOMPARE(response.headers.value("content-disposition"), "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%0D%0A.jpg");
            QCOMPARE(response.headers.value("x-content-type-options"), "nosniff");
        }
    }

    void headSaysTheSizeOnly()
    {
        DeskFixture desk;
        desk.store.files.insert("12", {.size = 700'000, .mimeType = "nonsense\x7f", .name = {}});
        RawClient client(desk.server.port());
        client.say("HEAD /api/v1/attachments/12 HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-1\r\n" + kRight + "\r\n");
        const RawResponse response = client.answer(true);
        QCOMPARE(response.status, 200);
        QCOMPARE(response.headers.value("content-length"), "700000");
        QCOMPARE(response.headers.value("content-type"), "application/octet-stream");
        QTRY_VERIFY(client.closed);
        QCOMPARE(client.received, QByteArray());
    }

    void whatIsNotThereIsNotFound_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const char *id : {"13", "0", "-1", "abc", "12a", "%31%32x", "99999999999999999999", "..", "%2e%2e"})
            QTest::newRow(id) << QByteArray(id);
    }

    void whatIsNotThereIsNotFound()
    {
        QFETCH(QByteArray, id);
        DeskFixture desk;
        desk.store.files.insert("12", {.size = 7, .mimeType = {}, .name = {}});
        QCOMPARE(ask(desk, "GET /api/v1/attachments/" + id, kRight).status, 404);
        QCOMPARE(ask(desk, "GET /api/v1/attachments/" + id, {}).status, 401);
    }

    void aLargeDownloadWaitsForItsReader()
    {
        DeskFixture desk;
        desk.store.files.insert("12", {.size = 60 * 1024 * 1024, .mimeType = {}, .name = {}});
        RawClient client(desk.server.port());
        client.socket.disconnect(&client);
        qint64 got = 0;
        qint64 peak = 0;
        const qint64 before = residentBytes();
        client.socket.setReadBufferSize(64 * 1024);
        connect(&client.socket, &QTcpSocket::readyRead, &client, [&] {
            got += client.socket.readAll().size();
            peak = std::max(peak, residentBytes());
        });
        client.say("GET /api/v1/attachments/12 HTTP/1.1\r\nHost: localhost\r\n" + kRight + "\r\n");
        QTRY_VERIFY_WITH_TIMEOUT(got > 60 * 1024 * 1024, 30'000);
        QVERIFY2(peak - before < 16 * 1024 * 1024, qPrintable(QString::number(peak - before)));
    }

    void aFileThatBreaksOffIsNotTakenForWhole()
    {
        DeskFixture desk;
        desk.store.files.insert("12", {.size = 700'000, .mimeType = {}, .name = {}});
        desk.store.isReadBroken = true;
        RawClient client(desk.server.port());
        client.say("GET /api/v1/attachments/12 HTTP/1.1\r\nHost: localhost\r\n" + kRight + "\r\n");
        QTRY_VERIFY(client.closed);
        QCOMPARE(client.take().status, 0);
        QTRY_COMPARE(desk.server.stats().connections, 0);
    }
};

ANTIPHON_TEST(FileStreamsTest)
#include "tst_filestreams.moc"
