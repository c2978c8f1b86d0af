#include "core/net/mediaduration.h"

#include <QtEndian>

#include <array>
#include <limits>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

quint32 big32(const QByteArray &bytes, qsizetype at)
{
    return qFromBigEndian<quint32>(bytes.constData() + at);
}

std::optional<int> milliseconds(double seconds)
{
    const double ms = seconds * 1000;
    return ms >= 1 && ms < double(std::numeric_limits<int>::max()) ? std::optional(int(ms + 0.5)) : std::nullopt;
}

/// The movie header: version, flags, two times, the time scale and the duration. @see ISO/IEC 14496-12, 8.2.2
std::optional<int> ofMovie(const QByteArray &bytes)
{
    constexpr qsizetype kLongHeader = 36;
    for (qsizetype at = bytes.indexOf("mvhd"); at >= 0 && at + kLongHeader <= bytes.size(); at = bytes.indexOf("mvhd", at + 1)) {
        const int version = quint8(bytes.at(at + 4));
        const quint32 scale = big32(bytes, version == 1 ? at + 24 : at + 16);
        const quint64 duration = version == 1 ? qFromBigEndian<quint64>(bytes.constData() + at + 28) : big32(bytes, at + 20);
        if (version <= 1 && scale > 0)
            return milliseconds(double(duration) / scale);
    }
    return std::nullopt;
}

/// The last page's position in samples. @see RFC 3533, RFC 7845
std::optional<int> ofOgg(const QByteArray &first, const QByteArray &last)
{
    constexpr qsizetype kHeader = 27;
    constexpr double kOpusRate = 48'000;
    const qsizetype at = last.lastIndexOf("OggS");
    if (at < 0 || at + kHeader > last.size())
        return std::nullopt;
    const quint64 position = qFromLittleEndian<quint64>(last.constData() + at + 6);
    if (position == std::numeric_limits<quint64>::max())
        return std::nullopt;
    if (const qsizetype opus = first.indexOf("OpusHead"); opus >= 0 && opus + 12 <= first.size()) {
        const quint16 skipped = qFromLittleEndian<quint16>(first.constData() + opus + 10);
        return position > skipped ? milliseconds(double(position - skipped) / kOpusRate) : std::nullopt;
    }
    if (const qsizetype vorbis = first.indexOf("\x01vorbis"); vorbis >= 0 && vorbis + 16 <= first.size()) {
        const quint32 rate = qFromLittleEndian<quint32>(first.constData() + vorbis + 12);
        return rate > 0 ? milliseconds(double(position) / rate) : std::nullopt;
    }
    return std::nullopt;
}

/// By the count of frames where the first says it, else by the first one's bit rate.
std::optional<int> ofMp3(const QByteArray &bytes, qint64 size)
{
    static constexpr std::array<int, 16> kRates1{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0};      // kbit/s, MPEG 1, layer III
    static constexpr std::array<int, 16> kRates2{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0};
    static constexpr std::array<int, 4> kSampleRates{44'100, 48'000, 32'000, 0};
    constexpr qsizetype kTagHeader = 10;
    constexpr qsizetype kReach = 4096;               // a tag may be followed by some padding
    qsizetype at = 0;
    if (bytes.startsWith("ID3") && bytes.size() >= kTagHeader) {
        const auto digit = [&bytes](qsizetype i) { return qsizetype(quint8(bytes.at(i)) & 0x7f); };
        at = kTagHeader + (digit(6) << 21 | digit(7) << 14 | digit(8) << 7 | digit(9));
    }
    const qsizetype end = std::min(bytes.size() - 4, at + kReach);
    for (; at < end; ++at) {
        const quint32 header = big32(bytes, at);
        const quint32 version = header >> 19 & 3;    // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
        if (header >> 21 != 0x7ff || (header >> 17 & 3) != 1 || version == 1)
            continue;
        const int rate = (version == 3 ? kRates1 : kRates2).at(header >> 12 & 15);
        const int samples = kSampleRates.at(header >> 10 & 3) / (version == 3 ? 1 : version == 2 ? 2 : 4);
        if (rate == 0 || samples == 0)
            continue;
        const qsizetype xing = std::max(bytes.indexOf("Xing", at), bytes.indexOf("Info", at));
        if (xing > 0 && xing < at + 64 && xing + 12 <= bytes.size() && (big32(bytes, xing + 4) & 1))
            return milliseconds(double(big32(bytes, xing + 8)) * (version == 3 ? 1152 : 576) / samples);
        return milliseconds(double(size - at) * 8 / (rate * 1000.0));
    }
    return std::nullopt;
}

std::optional<int> ofWav(const QByteArray &bytes)
{
    const qsizetype format = bytes.indexOf("fmt ");
    const qsizetype data = bytes.indexOf("data", std::max<qsizetype>(format, 0));
    if (format < 0 || data < 0 || format + 20 > bytes.size() || data + 8 > bytes.size())
        return std::nullopt;
    const quint32 perSecond = qFromLittleEndian<quint32>(bytes.constData() + format + 16);
    return perSecond > 0 ? milliseconds(double(qFromLittleEndian<quint32>(bytes.constData() + data + 4)) / perSecond) : std::nullopt;
}

} // namespace

std::optional<int> mediaDurationMs(const QString &mime, const QByteArray &firstBytes, const QByteArray &lastBytes, qint64 size)
{
    if (mime.endsWith("/mp4"_L1) || mime.endsWith("/3gpp"_L1) || mime == "video/quicktime"_L1) {
        const auto atFront = ofMovie(firstBytes);
        return atFront ? atFront : ofMovie(lastBytes);
    }
    if (mime == "audio/ogg"_L1)
        return ofOgg(firstBytes, lastBytes);
    if (mime == "audio/mpeg"_L1)
        return ofMp3(firstBytes, size);
    return mime == "audio/wav"_L1 ? ofWav(firstBytes) : std::nullopt;
}

} // namespace antiphon
