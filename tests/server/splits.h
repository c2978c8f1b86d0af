#pragma once

#include <QByteArray>
#include <QList>
#include <QRandomGenerator>

namespace antiphon::test {

/// `bytes` cut as one, into single bytes, and in a few random ways (the same in every run).
inline QList<QList<QByteArray>> splitsOf(const QByteArray &bytes)
{
    QList<QByteArray> single;
    for (const char byte : bytes)
        single.append(QByteArray(1, byte));
    QList<QList<QByteArray>> all{{bytes}, single};
    QRandomGenerator random(quint32(bytes.size()) + 7);
    for (int round = 0; round < 4; ++round) {
        QList<QByteArray> pieces;
        for (qsizetype at = 0; at < bytes.size();) {
            const qsizetype size = std::min<qsizetype>(bytes.size() - at, 1 + random.bounded(int(bytes.size()) / 2 + 1));
            pieces.append(bytes.mid(at, size));
            at += size;
        }
        all.append(pieces);
    }
    return all;
}

} // namespace antiphon::test
