#pragma once

#include "app/demo/simulatedinstagram.h"
#include "app/demo/simulatedmessenger.h"
#include "app/demo/simulatedpageinstagram.h"
#include "app/demo/simulatedwhatsapp.h"
#include "tests/flows/deskworld.h"

namespace antiphon::test {

/// Meta's three simulated platforms, the real server as a process, and an owner's seat that sees plain JSON.
class MetaWorld : public DeskWorld {
public:
    MetaWorld();

    /// Platforms and server are up, the applications are entered, the owner's seat is open. An empty string, or what did not work.
    QString start();

    /// The account of the platform's options, connected by pasted credentials.
    QString connectWhatsapp();
    QString connectInstagram();
    QString connectMessenger();
    QString connectPageInstagram();                 ///< the account that is linked to Messenger's page

    demo::SimulatedWhatsapp &whatsapp() { return m_whatsapp; }
    demo::SimulatedInstagram &instagram() { return m_instagram; }
    demo::SimulatedMessenger &messenger() { return m_messenger; }
    demo::SimulatedPageInstagram &pageInstagram() { return m_pageInstagram; }
    /// The settings and secrets of `inboxes.create` for the simulated number.
    QJsonObject whatsappAccount();

    /// Posts bytes to the intake with this signature; the status.
    int deliver(const QString &path, const QByteArray &body, const QByteArray &signature);

private:
    SystemClock m_clock{};
    SystemRandom m_random{};
    demo::SimulatedWhatsapp m_whatsapp;
    demo::SimulatedInstagram m_instagram;
    demo::SimulatedMessenger m_messenger;
    demo::SimulatedPageInstagram m_pageInstagram;
};

} // namespace antiphon::test
