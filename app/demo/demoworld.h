#pragma once

#include "app/demo/democonversation.h"
#include "app/demo/metaconversations.h"

namespace antiphon::demo {

/// All that `--demo` runs beside the program: the platforms, their customers, real time and real randomness.
/// To be hosted as SimulatorThread<DemoWorld>; TikTok's script begins when the program registers its webhook, the others when theirs are told.
class DemoWorld {
public:
    explicit DemoWorld(double speed = 1.0)
        : m_script(m_tiktok, m_clock, m_random, speed), m_meta(m_whatsapp, m_instagram, m_messenger, m_clock, speed)
    {
        for (auto &listening : {m_tiktok.listen(), m_whatsapp.listen(), m_instagram.listen(), m_messenger.listen()}) {
            if (!listening)
                m_listening = listening;
        }
        m_script.start();
    }

    const Result<void> &listening() const { return m_listening; }      ///< Unavailable where loopback is
    SimulatedTikTok &tiktok() { return m_tiktok; }
    SimulatedWhatsapp &whatsapp() { return m_whatsapp; }
    SimulatedInstagram &instagram() { return m_instagram; }
    SimulatedMessenger &messenger() { return m_messenger; }
    DemoConversation &script() { return m_script; }
    MetaConversations &meta() { return m_meta; }
    bool isOver() const { return m_script.isOver() && m_meta.isOver(); }

private:
    SystemClock m_clock{};
    SystemRandom m_random{};
    SimulatedTikTok m_tiktok{DemoConversation::platformOptions(), m_clock, m_random};
    SimulatedWhatsapp m_whatsapp{MetaConversations::whatsappOptions(), m_clock, m_random};
    SimulatedInstagram m_instagram{MetaConversations::instagramOptions(), m_clock, m_random};
    SimulatedMessenger m_messenger{MetaConversations::messengerOptions(), m_clock, m_random};
    DemoConversation m_script;
    MetaConversations m_meta;
    Result<void> m_listening{};
};

} // namespace antiphon::demo
