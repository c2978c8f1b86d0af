#pragma once

#include "core/base/clock.h"

#include <atomic>

namespace antiphon::test {

/// A clock that stands still until it is moved. Any thread.
class FakeClock final : public Clock {
public:
    explicit FakeClock(Timestamp now = fromUnixMs(1'700'000'000'000)) : m_now(toUnixMs(now)) {}

    Timestamp now() const override { return fromUnixMs(m_now); }
    SteadyTime steady() const override { return SteadyTime(Milliseconds(m_steady)); }

    void advance(Milliseconds by)          ///< both clocks, as time does
    {
        m_now += by.count();
        m_steady += by.count();
    }
    void jump(Milliseconds by) { m_now += by.count(); }   ///< the wall clock alone, as an adjusted clock does

private:
    std::atomic<qint64> m_now;
    std::atomic<qint64> m_steady{1'000'000};
};

} // namespace antiphon::test
