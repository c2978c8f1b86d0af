#include "core/net/imageinfo.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class ImageInfoTest : public QObject {
    Q_OBJECT
private slots:
    void readsKindAndSize_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("mime");
        QTest::addColumn<int>("width");     // -1: not told
        QTest::addColumn<int>("height");
        const auto hex = [](const char *text) { return QByteArray::fromHex(text); };
        QTest::newRow("png") << hex("89504e470d0a1a0a0000000d49484452000002800000 01e0 0802000000") << "image/png" << 640 << 480;
        QTest::newRow("png of zero width") << hex("89504e470d0a1a0a0000000d4948445200000000000001e0") << "image/png" << -1 << -1;
        QTest::newRow("png cut") << hex("89504e470d0a1a0a0000") << "image/png" << -1 << -1;
        QTest::newRow("jpeg") << hex("ffd8 ffe0 0010 4a46494600010101006000600000 ffc2 0011 08 01e0 0280 03") << "image/jpeg" << 640 << 480;
        QTest::newRow("jpeg cut before its frame") << hex("ffd8 ffe1 ffff 4578") << "image/jpeg" << -1 << -1;
        QTest::newRow("jpeg of broken length") << hex("ffd8 ffe1 0000 ffc0 0011 08 01e0 0280") << "image/jpeg" << -1 << -1;
        QTest::newRow("gif") << QByteArray("GIF89a") + hex("8002e001") << "image/gif" << 640 << 480;
        QTest::newRow("webp lossy") << QByteArray("RIFF....WEBPVP8 ....") + hex("000000 9d012a 8002 e001") << "image/webp" << 640 << 480;
        QTest::newRow("webp lossless") << QByteArray("RIFF....WEBPVP8L....") + hex("2f 7fc27700") << "image/webp" << 640 << 480;
        QTest::newRow("webp extended") << QByteArray("RIFF....WEBPVP8X....") + hex("10000000 7f0200 df0100") << "image/webp" << 640 << 480;
        QTest::newRow("webp cut") << QByteArray("RIFF....WEBPVP8X") << "image/webp" << -1 << -1;
    }

    void readsKindAndSize()
    {
        QFETCH(QByteArray, bytes);
        const auto info = imageInfo(bytes);
        QVERIFY(info);
        QTEST(imageMime(info->kind), "mime");
        QTEST(info->width.value_or(-1), "width");
        QTEST(info->height.value_or(-1), "height");
        for (qsizetype cut = 0; cut < bytes.size(); ++cut)
            (void)imageInfo(bytes.first(cut));           // sanitizers watch
    }

    void knowsNothingElseAsPicture()
    {
        for (const char *other : {"", "<html>", "<svg/>", "RIFF....WAVE", "\x89PNX", "BM"})
            QVERIFY2(!imageInfo(other), other);
        QCOMPARE(sniffedMime(QByteArray("\0\0\0\x18" "ftypmp42", 12)), QStringLiteral("video/mp4"));
        QCOMPARE(sniffedMime("<html>"), QString());
    }
};

ANTIPHON_TEST(ImageInfoTest)
#include "tst_imageinfo.moc"
