#pragma once

#include "app/demo/simulatedline.h"
#include "app/demo/simulatedtelegram.h"
#include "app/demo/simulatedtwilio.h"
#include "tests/flows/deskworld.h"

namespace antiphon::test {

/// The simulated Telegram, LINE and Twilio, the real server as a process, and an owner's seat.
class BotWorld : public DeskWorld {
public:
    BotWorld();

    /// Platforms and server are up, the owner's seat is open. An empty string, or what did not work.
    QString start(bool hasPublicAddress = true);

    QJsonObject telegramAccount(const QString &delivery = {});
    QJsonObject lineAccount();
    QJsonObject twilioAccount(const QString &medium = QStringLiteral("sms"));
    /// Connects an account; what did not work, or empty.
    QString connect(const QJsonObject &account) { return wordsOf(m_desk->call(QStringLiteral("inboxes.create"), account)); }

    demo::SimulatedTelegram &telegram() { return m_telegram; }
    demo::SimulatedLine &line() { return m_line; }
    demo::SimulatedTwilio &twilio() { return m_twilio; }

    /// "b<owner>/<person>" is the thread of a business, which has a window; its contact may have another thread with the bot itself.
    QJsonObject conversation(const QString &sourceId) override;
    QJsonObject inboxOf(const QString &externalId);
    /// The detail of a check of `inboxes.check`, "ok: …" or "not ok: …".
    QString check(const QString &channel, const QString &name);

private:
    SystemClock m_clock{};
    SystemRandom m_random{};
    demo::SimulatedTelegram m_telegram;
    demo::SimulatedLine m_line;
    demo::SimulatedTwilio m_twilio;
};

} // namespace antiphon::test
