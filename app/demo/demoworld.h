#pragma once

#include "app/demo/democonversation.h"

namespace antiphon::demo {

/// All that `--demo` runs beside the program: the platform, its customers, real time and real randomness.
/// To be hosted as SimulatorThread<DemoWorld>; the script begins when the program registers its webhook.
class DemoWorld {
public:
    explicit DemoWorld(double speed = 1.0) : m_script(m_tiktok, m_clock, m_random, speed)
    {
        m_listening = m_tiktok.listen();
        m_script.start();
    }

    const Result<void> &listening() const { return m_listening; }      ///< Unavailable where loopback is
    SimulatedTikTok &tiktok() { return m_tiktok; }
    DemoConversation &script() { return m_script; }

private:
    SystemClock m_clock{};
    SystemRandom m_random{};
    SimulatedTikTok m_tiktok{DemoConversation::platformOptions(), m_clock, m_random};
    DemoConversation m_script;
    Result<void> m_listening{};
};

} // namespace antiphon::demo
