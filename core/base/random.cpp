#include "core/base/random.h"

#include <QRandomGenerator>
#include <QUuid>

#include <span>

namespace antiphon {

QByteArray SystemRandom::bytes(int count)
{
    QByteArray out(count + 3, Qt::Uninitialized);   // whole 32-bit words, cut below
    auto *words = reinterpret_cast<quint32 *>(out.data());
    QRandomGenerator::system()->fillRange(words, (count + 3) / 4);
    out.truncate(count);
    return out;
}

QString randomToken(RandomSource &random, int bits)
{
    return QString::fromLatin1(random.bytes(bits / 8).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

QString randomUuid(RandomSource &random)
{
    QByteArray raw = random.bytes(16);
    raw[6] = char((raw.at(6) & 0x0f) | 0x40);
    raw[8] = char((raw.at(8) & 0x3f) | 0x80);
    return QUuid::fromRfc4122(raw).toString(QUuid::WithoutBraces);
}

} // namespace antiphon
