#pragma once

#include "app/demo/simulatedinstagram.h"
#include "app/demo/simulatedmessenger.h"
#include "app/demo/simulatedwhatsapp.h"

namespace antiphon::demo {

/// The demo's customers on Meta's platforms: a number whose phone a colleague answers from, an Instagram account that is also answered in its app, and a
/// Page. Each begins when its webhook's address is told; after it customers answer whatever is sent. Lives in the platforms' thread.
class MetaConversations : public QObject {
    Q_OBJECT
public:
    /// @param speed 1 is the pace of people; 100 is for tests.
    MetaConversations(SimulatedWhatsapp &whatsapp, SimulatedInstagram &instagram, SimulatedMessenger &messenger, const Clock &clock, double speed = 1.0,
                      QObject *parent = nullptr);

    static WhatsappOptions whatsappOptions();
    static InstagramOptions instagramOptions();
    static MessengerOptions messengerOptions();

    void startWhatsapp(const QUrl &webhook);
    void startInstagram(const QUrl &webhook);
    void startMessenger(const QUrl &webhook);
    bool isOver() const { return m_started == 3 && m_waiting == 0; }

private:
    void at(Milliseconds time, std::function<void()> step);      ///< since the start of the platform
    GraphEvent ago(int minutes) const;
    Milliseconds paced(Milliseconds pause) const { return Milliseconds(qint64(double(pause.count()) / m_speed)); }
    QString nextReply();

    SimulatedWhatsapp &m_whatsapp;
    SimulatedInstagram &m_instagram;
    SimulatedMessenger &m_messenger;
    const Clock &m_clock;
    double m_speed = 1.0;
    int m_started = 0;
    int m_waiting = 0;                  ///< steps that are still to come
    int m_replies = 0;
    QString m_lastEcho{};               ///< of the phone
    QString m_lastAnswer{};             ///< of the Instagram app
};

} // namespace antiphon::demo
