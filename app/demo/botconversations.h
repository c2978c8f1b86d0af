#pragma once

#include "app/demo/simulatedline.h"
#include "app/demo/simulatedtelegram.h"
#include "app/demo/simulatedtwilio.h"

namespace antiphon::demo {

/// The demo's customers beside Meta's platforms: a bot that answers in its owner's private chats on Telegram, a LINE account where three people write at once, and
/// a number that gets a picture by text. Each begins when its inbox is there; after it customers answer whatever is sent. Lives in the platforms' thread.
class BotConversations : public QObject {
    Q_OBJECT
public:
    /// @param speed 1 is the pace of people; 100 is for tests.
    BotConversations(SimulatedTelegram &telegram, SimulatedLine &line, SimulatedTwilio &twilio, const Clock &clock, double speed = 1.0, QObject *parent = nullptr);

    static TelegramOptions telegramOptions();
    static LineOptions lineOptions();
    static TwilioOptions twilioOptions();

    void startTelegram();                       ///< its updates wait until somebody takes them
    void startLine(const QUrl &webhook);
    void startTwilio(const QUrl &webhook);
    bool isOver() const { return m_started == 3 && m_waiting == 0; }

private:
    void at(Milliseconds time, std::function<void()> step);      ///< since the start of the platform
    Timestamp ago(int minutes) const { return m_clock.now() - std::chrono::minutes(minutes); }
    Milliseconds paced(Milliseconds pause) const { return Milliseconds(qint64(double(pause.count()) / m_speed)); }
    QString nextReply();

    SimulatedTelegram &m_telegram;
    SimulatedLine &m_line;
    SimulatedTwilio &m_twilio;
    const Clock &m_clock;
    double m_speed = 1.0;
    int m_started = 0;
    int m_waiting = 0;                  ///< steps that are still to come
    int m_replies = 0;
    QString m_business{};               ///< the owner's connection to the bot
    QUrl m_textsGoTo{};
};

} // namespace antiphon::demo
