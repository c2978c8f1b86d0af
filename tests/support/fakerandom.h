#pragma once

#include "core/base/random.h"

#include <atomic>

namespace antiphon::test {

/// Counts instead of rolling dice: every run gives the same, every call something new. Any thread.
class FakeRandom final : public RandomSource {
public:
    QByteArray bytes(int count) override
    {
        QByteArray out(count, '\0');
        quint64 n = ++m_calls;
        for (int i = 0; i < count; ++i) {
            n = n * 6364136223846793005ULL + 1442695040888963407ULL;
            out[i] = char(n >> 56);
        }
        return out;
    }

private:
    std::atomic<quint64> m_calls{0};
};

} // namespace antiphon::test
