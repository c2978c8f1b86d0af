#include "core/net/imageinfo.h"
#include "core/net/mediaduration.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QtEndian>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

QByteArray big(quint32 value)
{
    QByteArray bytes(4, '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}

QByteArray little(quint64 value, int count)
{
    QByteArray bytes;
    for (int i = 0; i < count; ++i)
        bytes += char(value >> (8 * i) & 0xff);
    return bytes;
}

QByteArray movie(const QByteArray &brand, quint32 scale, quint32 duration, int version = 0)
{
    const QByteArray wide = version == 1 ? QByteArray(16, '\0') + big(scale) + QByteArray(4, '\0') + big(duration) : QByteArray(8, '\0') + big(scale) + big(duration);
    return big(16) + "ftyp" + brand + QByteArray(4, '\0') + big(108) + "mvhd" + char(version) + QByteArray(3, '\0') + wide + QByteArray(80, '\0');
}

QByteArray page(quint64 position, const QByteArray &content)
{
    return "OggS" + QByteArray(2, '\0') + little(position, 8) + QByteArray(13, '\0') + content;
}

QByteArray opus(quint64 last)
{
    return page(0, QByteArray("OpusHead\x01\x01", 10) + little(312, 2) + little(48'000, 4)) + QByteArray(500, 'x') + page(last, "end");
}

/// 128 kbit/s, 44.1 kHz, MPEG 1 layer III.
QByteArray mp3(const QByteArray &behindHeader = {})
{
    return QByteArray("\xff\xfb\x90\x64", 4) + behindHeader + QByteArray(16'000 - 4 - behindHeader.size(), '\0');
}

} // namespace

class MediaDurationTest : public QObject {
    Q_OBJECT
private slots:
    void isReadFromTheContainer_data()
    {
        QTest::addColumn<QString>("mime");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("ms");
        QTest::newRow("mp4") << u"video/mp4"_s << movie("isom", 1000, 2500) << 2500;
        QTest::newRow("m4a") << u"audio/mp4"_s << movie("M4A ", 44'100, 88'200) << 2000;
        QTest::newRow("long header") << u"video/mp4"_s << movie("isom", 600, 900, 1) << 1500;
        QTest::newRow("no scale") << u"video/mp4"_s << movie("isom", 0, 900) << -1;
        QTest::newRow("years") << u"video/mp4"_s << movie("isom", 1, 0xffffffff) << -1;
        QTest::newRow("opus") << u"audio/ogg"_s << opus(48'312) << 1000;
        QTest::newRow("vorbis") << u"audio/ogg"_s << page(0, QByteArray("\x01vorbis", 7) + QByteArray(5, '\0') + little(22'050, 4)) + page(44'100, {}) << 2000;
        QTest::newRow("no page") << u"audio/ogg"_s << QByteArray("OpusHead") << -1;
        QTest::newRow("mp3 by its rate") << u"audio/mpeg"_s << mp3() << 1000;
        QTest::newRow("mp3 by its frames") << u"audio/mpeg"_s << mp3(QByteArray(32, '\0') + "Xing" + big(1) + big(100)) << 2612;
        QTest::newRow("mp3 behind a tag") << u"audio/mpeg"_s << QByteArray("ID3\x03\x00\x00\x00\x00\x00\x05", 10) + "tag.." + mp3() << 1000;
        QTest::newRow("wav") << u"audio/wav"_s
                             << QByteArray("RIFF") + little(0, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) + little(8000, 4) + little(16'000, 4)
                    + little(2, 2) + little(16, 2) + "data" + little(24'000, 4)
                             << 1500;
        QTest::newRow("nothing") << u"audio/mpeg"_s << QByteArray() << -1;
        QTest::newRow("a document") << u"application/pdf"_s << QByteArray("%PDF-1.4") << -1;
    }

    void isReadFromTheContainer()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, mime);
        QTEST(mediaDurationMs(mime, bytes, bytes, bytes.size()).value_or(-1), "ms");
        for (qsizetype cut = 0; cut < bytes.size(); cut += 1 + cut / 50)
            (void)mediaDurationMs(mime, bytes.first(cut), bytes.first(cut), cut);          // sanitizers watch
    }

    void whatIsAtTheEndIsFound()
    {
        const QByteArray end = movie("isom", 1000, 700);
        QCOMPARE(mediaDurationMs(u"video/mp4"_s, "\0\0\0\x10" "ftypisom", end, 1'000'000), 700);
    }

    void soundIsKnownByItsBytes()
    {
        QCOMPARE(sniffedMime(movie("M4A ", 1, 1)), u"audio/mp4"_s);
        QCOMPARE(sniffedMime(movie("isom", 1, 1)), u"video/mp4"_s);
        QCOMPARE(sniffedMime(movie("3gp5", 1, 1)), u"video/3gpp"_s);
        QCOMPARE(sniffedMime(movie("heic", 1, 1)), QString());       // a photo
        QCOMPARE(sniffedMime("#!AMR\n"), u"audio/amr"_s);
        QCOMPARE(sniffedMime("\xff\xf1\x50\x80"), u"audio/aac"_s);
        QCOMPARE(sniffedMime("RIFF\x10\x10\x10\x10WAVEfmt "), u"audio/wav"_s);
        QCOMPARE(sniffedMime(mp3()), u"audio/mpeg"_s);
        QCOMPARE(asSound(u"video/mp4"_s), u"audio/mp4"_s);
        QCOMPARE(asSound(u"video/quicktime"_s), u"audio/mp4"_s);
        QCOMPARE(asSound(u"audio/ogg"_s), u"audio/ogg"_s);
    }
};

ANTIPHON_TEST(MediaDurationTest)
#include "tst_mediaduration.moc"
