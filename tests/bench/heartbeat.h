#pragma once

#include "tests/bench/figures.h"

#include <QObject>

#include <atomic>
#include <thread>

namespace antiphon::bench {

/// How long an input event would have had to wait: another thread posts an event to this one every two milliseconds, and its delay is a sample.
class Heartbeat : public QObject {
public:
    Heartbeat();
    ~Heartbeat() override;

    /// No more beats after this.
    void stop();
    const Figures &delays() const { return m_delays; }

protected:
    bool event(QEvent *event) override;

private:
    void beat();

    std::atomic<bool> m_stopped{false};
    std::atomic<bool> m_isUnderWay{false};      // one at a time: a late one counts once, not for each that would have waited behind it
    SteadyClock::time_point m_postedAt{};
    Figures m_delays{};
    std::thread m_thread;
};

} // namespace antiphon::bench
