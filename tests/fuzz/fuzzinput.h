#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <cstdio>
#include <cstdlib>

namespace antiphon::fuzz {

/// What must hold for every input; libFuzzer keeps the input that breaks it.
#define FUZZ_CHECK(claim)                                                                                                                  \
    do {                                                                                                                                   \
        if (!(claim)) {                                                                                                                    \
            std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #claim);                                                       \
            std::abort();                                                                                                                  \
        }                                                                                                                                  \
    } while (false)

/// One input, taken apart from its front. What is asked beyond its end is zero or empty.
class FuzzInput {
public:
    FuzzInput(const uint8_t *data, size_t size) : m_bytes(data, qsizetype(size)) {}

    uchar byte()
    {
        if (m_bytes.isEmpty())
            return 0;
        const uchar first = uchar(m_bytes.front());
        m_bytes = m_bytes.sliced(1);
        return first;
    }

    /// Up to a line with nothing but "%%", which goes; everything where there is none.
    QByteArray section()
    {
        const qsizetype at = m_bytes.indexOf("\n%%\n");
        const QByteArray taken = (at < 0 ? m_bytes : m_bytes.first(at)).toByteArray();
        m_bytes = at < 0 ? QByteArrayView() : m_bytes.sliced(at + 4);
        return taken;
    }

    QByteArray rest()
    {
        const QByteArray taken = m_bytes.toByteArray();
        m_bytes = {};
        return taken;
    }

    bool isEmpty() const { return m_bytes.isEmpty(); }

private:
    QByteArrayView m_bytes;
};

/// Lengths of the pieces in which bytes are fed: by a seed, so that the same input is always cut the same way.
class Cuts {
public:
    explicit Cuts(uchar seed) : m_state(seed * 2654435761U + 1), m_whole(seed == 0) {}

    qsizetype next(qsizetype left)
    {
        if (m_whole || left <= 1)
            return left;
        m_state = m_state * 1664525U + 1013904223U;
        const quint32 draw = m_state >> 16;
        const qsizetype longest = (draw & 3) == 0 ? 1 : (draw & 3) == 1 ? 7 : (draw & 3) == 2 ? 200 : left;
        return 1 + qsizetype(draw >> 2) % std::min(longest, left);
    }

private:
    quint32 m_state;
    bool m_whole;
};

} // namespace antiphon::fuzz
