#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace antiphon {

using Milliseconds = std::chrono::milliseconds;

/// A point in time, UTC, milliseconds. What is stored and what the platforms say.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, Milliseconds>;

/// A point on a clock that never jumps. What every waiting inside the process runs on.
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr Timestamp fromUnixMs(qint64 ms) { return Timestamp(Milliseconds(ms)); }
constexpr qint64 toUnixMs(Timestamp time) { return time.time_since_epoch().count(); }

/// RFC 3339 in UTC with milliseconds, e.g. "2026-11-21T10:00:00.123Z".
QString toRfc3339(Timestamp time);

/// Reads RFC 3339 with any offset; nothing where the text is not one.
std::optional<Timestamp> fromRfc3339(const QString &text);

/// Where time comes from, so that tests decide it.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;      ///< wall clock
    virtual SteadyTime steady() const = 0;  ///< for waiting
};

class SystemClock final : public Clock {
public:
    Timestamp now() const override;
    SteadyTime steady() const override;
};

} // namespace antiphon
