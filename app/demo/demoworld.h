#pragma once

#include "app/demo/botconversations.h"
#include "app/demo/democonversation.h"
#include "app/demo/metaconversations.h"

namespace antiphon::demo {

/// All that `--demo` runs beside the program: the platforms, their customers, real time and real randomness.
/// To be hosted as SimulatorThread<DemoWorld>; TikTok's script begins when the program registers its webhook, the others when theirs are told.
class DemoWorld {
public:
    explicit DemoWorld(double speed = 1.0)
        : m_script(m_tiktok, m_clock, m_random, speed), m_meta(m_whatsapp, m_instagram, m_messenger, m_clock, speed),
          m_bots(m_telegram, m_line, m_twilio, m_clock, speed)
    {
        for (auto &listening : {m_tiktok.listen(), m_whatsapp.listen(), m_instagram.listen(), m_messenger.listen(), m_telegram.listen(), m_line.listen(), m_twilio.listen()}) {
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
    SimulatedTelegram &telegram() { return m_telegram; }
    SimulatedLine &line() { return m_line; }
    SimulatedTwilio &twilio() { return m_twilio; }
    DemoConversation &script() { return m_script; }
    MetaConversations &meta() { return m_meta; }
    BotConversations &bots() { return m_bots; }
    bool isOver() const { return m_script.isOver() && m_meta.isOver() && m_bots.isOver(); }

private:
    SystemClock m_clock{};
    SystemRandom m_random{};
    SimulatedTikTok m_tiktok{DemoConversation::platformOptions(), m_clock, m_random};
    SimulatedWhatsapp m_whatsapp{MetaConversations::whatsappOptions(), m_clock, m_random};
    SimulatedInstagram m_instagram{MetaConversations::instagramOptions(), m_clock, m_random};
    SimulatedMessenger m_messenger{MetaConversations::messengerOptions(), m_clock, m_random};
    SimulatedTelegram m_telegram{BotConversations::telegramOptions(), m_clock, m_random};
    SimulatedLine m_line{BotConversations::lineOptions(), m_clock, m_random};
    SimulatedTwilio m_twilio{BotConversations::twilioOptions(), m_clock, m_random};
    DemoConversation m_script;
    MetaConversations m_meta;
    BotConversations m_bots;
    Result<void> m_listening{};
};

} // namespace antiphon::demo
