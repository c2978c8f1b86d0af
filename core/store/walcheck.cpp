#include "core/store/walcheck.h"

#include <QFile>
#include <QtEndian>

namespace antiphon::walcheck {
namespace {
using namespace Qt::StringLiterals;

constexpr qint64 kHeader = 32;
constexpr qint64 kFrameHeader = 24;
constexpr quint32 kMagic = 0x377f0682;       // the last bit: checksums over big-endian words

struct Sum {
    quint32 a = 0;
    quint32 b = 0;
    bool operator==(const Sum &other) const = default;
};

quint32 word(const char *at)
{
    return qFromBigEndian<quint32>(at);
}

Sum sumAt(const char *at)
{
    return {word(at), word(at + 4)};
}

Sum extended(Sum sum, const char *data, qint64 length, bool isBigEndian)
{
    for (qint64 i = 0; i < length; i += 8) {
        const quint32 x = isBigEndian ? qFromBigEndian<quint32>(data + i) : qFromLittleEndian<quint32>(data + i);
        const quint32 y = isBigEndian ? qFromBigEndian<quint32>(data + i + 4) : qFromLittleEndian<quint32>(data + i + 4);
        sum.a += x + sum.b;
        sum.b += y + sum.a;
    }
    return sum;
}

bool isPageSize(quint32 size)
{
    return size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

struct Log {
    QByteArray bytes{};
    qint64 pageSize = 4096;
    bool isBigEndian = false;

    qint64 frameSize() const { return kFrameHeader + pageSize; }
    qint64 frames() const { return (bytes.size() - kHeader) / frameSize(); }
    const char *frame(qint64 index) const { return bytes.constData() + kHeader + index * frameSize(); }
    quint64 salts(qint64 index) const { return qFromBigEndian<quint64>(frame(index) + 8); }
    bool commits(qint64 index) const { return word(frame(index) + 4) != 0; }
    Sum sum(qint64 index) const { return sumAt(frame(index) + 16); }
    bool follows(qint64 index, Sum before) const
    {
        const Sum header = extended(before, frame(index), 8, isBigEndian);
        return word(frame(index)) != 0 && extended(header, frame(index) + kFrameHeader, pageSize, isBigEndian) == sum(index);
    }
};

/// Transactions that were written one after the other behind frame `first`, which doesn't fit what stands before it. What a failed commit left behind and a shorter
/// one wrote over belongs to one transaction; two in a chain were both on the disk before the next began.
bool hasCommittedBehind(const Log &log, qint64 first, quint64 salts)
{
    int commits = 0;
    for (qint64 i = first + 1; i < log.frames(); ++i) {
        if (log.salts(i) != salts || !log.follows(i, log.sum(i - 1))) {
            commits = 0;
            continue;
        }
        if (commits == 0 && log.commits(i - 1))
            ++commits;
        commits += log.commits(i) ? 1 : 0;
        if (commits >= 2)
            return true;
    }
    return false;
}

} // namespace

Result<void> check(const QString &walPath)
{
    QFile file(walPath);
    if (!file.exists() || file.size() <= kHeader)
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return Error{Error::Kind::Storage, u"%1: %2"_s.arg(walPath, file.errorString())};
    const uchar *mapped = file.map(0, file.size());       // not read into memory: a log may have grown large
    if (!mapped)
        return Error{Error::Kind::Storage, u"%1: %2"_s.arg(walPath, file.errorString())};
    Log log{.bytes = QByteArray::fromRawData(reinterpret_cast<const char *>(mapped), file.size())};
    const char *header = log.bytes.constData();
    const bool hasSize = isPageSize(word(header + 8));
    if (hasSize)
        log.pageSize = word(header + 8);
    const bool hasMagic = (word(header) & ~quint32(1)) == kMagic;
    log.isBigEndian = hasMagic && (word(header) & 1);
    const Sum start = sumAt(header + 24);
    const Error damaged{Error::Kind::Storage, u"its write-ahead log (%1) is damaged: what was written last can't be read"_s.arg(walPath)};
    if (!hasMagic || !hasSize || extended({}, header, 24, log.isBigEndian) != start)
        return log.bytes.left(kHeader).count('\0') == kHeader ? Result<void>() : Result<void>(damaged);   // synced before the first frame, within one sector
    const quint64 salts = qFromBigEndian<quint64>(header + 16);
    Sum before = start;
    for (qint64 i = 0; i < log.frames(); ++i) {
        if (log.salts(i) != salts || !log.follows(i, before))
            return hasCommittedBehind(log, i, salts) ? Result<void>(damaged) : Result<void>();
        before = log.sum(i);
    }
    return {};
}

} // namespace antiphon::walcheck
