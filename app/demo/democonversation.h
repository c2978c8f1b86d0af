#pragma once

#include "app/demo/simulatedtiktok.h"

#include <deque>

namespace antiphon::demo {

/// The demo's script: the customers of Tidewick Ceramics, about a minute of them, and after it customers who answer whatever is sent.
/// Starts when the webhook is registered. Lives in the platform's thread and is timed by its event loop.
class DemoConversation : public QObject {
    Q_OBJECT
public:
    /// @param speed 1 is the pace of people; 100 is for tests.
    DemoConversation(SimulatedTikTok &platform, const Clock &clock, RandomSource &random, double speed = 1.0, QObject *parent = nullptr);

    /// The business of the pictures, with what `SimulatedTikTok` needs for it.
    static TikTokOptions platformOptions();
    static QString businessId() { return QStringLiteral("biz-tidewick-openid"); }

    /// Plays now where a webhook is registered, else as soon as one is.
    void start();
    bool isOver() const { return m_isStarted && m_steps.empty(); }
    /// The conversation with the customer of that username; empty while they haven't appeared.
    QString conversationWith(const QString &username) const { return m_conversations.value(username); }

signals:
    void finished();        ///< the script is played; customers go on answering

private:
    struct Step { Milliseconds pause{0}; std::function<void()> play{}; };

    void play();
    void after(Milliseconds pause, std::function<void()> step) { m_steps.push_back({pause, std::move(step)}); }
    QString meet(const Customer &customer);
    /// An event of the past, in minutes ago.
    EventOptions ago(int minutes) const;
    void tellPast();
    void tellPresent();
    void tellEnd();
    void answerSend(const QString &conversation, const QString &messageId);
    Milliseconds paced(Milliseconds pause) const;
    int roll(int sides);

    SimulatedTikTok &m_platform;
    const Clock &m_clock;
    RandomSource &m_random;
    double m_speed = 1.0;
    bool m_isStarted = false;
    std::deque<Step> m_steps{};
    QHash<QString, QString> m_conversations{};      ///< by username
    QHash<QString, int> m_lastReply{};              ///< by conversation: what was said last isn't said again
    QString m_lastMessage{};
};

} // namespace antiphon::demo
