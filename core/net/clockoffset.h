#pragma once

#include "core/base/clock.h"
#include "core/net/httpclient.h"

#include <QList>

#include <mutex>
#include <optional>

namespace antiphon {

/// How far the platforms' clocks are ahead of ours, learned from the `Date` of their answers. Reply windows follow the platforms' clocks, so a wrong one here
/// must not promise a window that is closed. Any thread.
class ClockOffset {
public:
    /// Below it is the headers' grain of a second and the way there: taken for none.
    static constexpr Milliseconds kNoise{5000};
    /// From here on the owner should set the clock.
    static constexpr Milliseconds kWrong = std::chrono::minutes(2);

    /// One answer: its `Date`, and our clock when the request left and when the answer came.
    void learn(Timestamp date, Timestamp sent, Timestamp received);

    std::optional<Milliseconds> measured() const;       ///< the median of the last answers, positive where the platforms are ahead; nothing before the first
    Milliseconds used() const;                          ///< the same, and 0 within the noise or where nothing is known

private:
    mutable std::mutex m_mutex;
    QList<Milliseconds> m_samples;
    bool m_isWarned = false;
};

/// The platforms' time: a clock moved by an offset. Waiting is as it was.
class PlatformClock final : public Clock {
public:
    PlatformClock(const Clock &clock, const ClockOffset &offset) : m_clock(clock), m_offset(offset) {}

    Timestamp now() const override { return m_clock.now() + m_offset.used(); }
    SteadyTime steady() const override { return m_clock.steady(); }

private:
    const Clock &m_clock;
    const ClockOffset &m_offset;
};

/// Sends what it is given and learns from the answers what time it is there.
class DatedHttpClient final : public HttpClient {
public:
    DatedHttpClient(HttpClient &http, const Clock &clock, ClockOffset &offset) : m_http(http), m_clock(clock), m_offset(offset) {}

    void send(const HttpRequest &request, Done done) override;

private:
    HttpClient &m_http;
    const Clock &m_clock;
    ClockOffset &m_offset;
};

/// An IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT"); nothing where it is none.
std::optional<Timestamp> httpDate(const QByteArray &text);

} // namespace antiphon
