#include "app/demo/democonversation.h"

#include <QTimer>

#include <algorithm>

namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// What a customer says to whatever is sent, in their own language.
QStringList repliesOf(const QString &username)
{
    if (username == "yuki.tanemori"_L1)
        return {u"ありがとうございます!"_s, u"とても助かります。"_s, u"では、それでお願いします。"_s, u"送料はいくらですか?"_s};
    if (username == "salma.aldouri"_L1)
        return {u"شكرًا جزيلًا!"_s, u"ممتاز، متى يصل الطلب؟"_s, u"هل يمكن الدفع عند الاستلام؟"_s, u"رائع، بانتظاركم."_s};
    if (username == "kamon.p"_L1)
        return {u"ขอบคุณค่ะ"_s, u"สวยมากเลยค่ะ"_s, u"ส่งกี่วันคะ"_s};
    if (username == "rafael.quintela"_L1)
        return {u"Perfeito, obrigado!"_s, u"E quanto fica com o envio?"_s, u"Combinado 🙌"_s};
    return {u"Great, thank you!"_s, u"Oh lovely, that works for me."_s, u"Could you wrap it as a gift?"_s, u"When would it arrive?"_s,
            u"Perfect 💙"_s, u"One more question: is it dishwasher safe?"_s};
}

} // namespace

DemoConversation::DemoConversation(SimulatedTikTok &platform, const Clock &clock, RandomSource &random, double speed, QObject *parent)
    : QObject(parent), m_platform(platform), m_clock(clock), m_random(random), m_speed(speed)
{
    connect(&m_platform, &SimulatedTikTok::messageSent, this, [this](const QString &conversation, const QString &messageId) {
        answerSend(conversation, messageId);
    });
}

TikTokOptions DemoConversation::platformOptions()
{
    return {.accounts = {{.businessId = businessId(), .username = u"tidewick.ceramics"_s, .displayName = u"Tidewick Ceramics"_s}}};
}

void DemoConversation::start()
{
    if (m_isStarted)
        return;
    if (m_platform.webhooks().callback().isEmpty()) {
        connect(&m_platform, &SimulatedTikTok::callbackRegistered, this, &DemoConversation::start, Qt::UniqueConnection);
        return;
    }
    m_isStarted = true;
    tellPast();
    tellPresent();
    tellEnd();
    play();
}

void DemoConversation::play()
{
    if (m_steps.empty()) {
        emit finished();
        return;
    }
    QTimer::singleShot(paced(m_steps.front().pause), this, [this] {
        const Step step = m_steps.front();
        m_steps.pop_front();
        step.play();
        play();
    });
}

QString DemoConversation::meet(const Customer &customer)
{
    const QString id = m_platform.startConversation(customer, businessId());
    m_conversations.insert(customer.username, id);
    return id;
}

EventOptions DemoConversation::ago(int minutes) const
{
    return {.at = m_clock.now() - std::chrono::minutes(minutes)};
}

Milliseconds DemoConversation::paced(Milliseconds pause) const { return Milliseconds(qint64(double(pause.count()) / m_speed)); }

int DemoConversation::roll(int sides) { return uchar(m_random.bytes(1).at(0)) % sides; }

void DemoConversation::answerSend(const QString &conversation, const QString &messageId)
{
    QTimer::singleShot(paced(1200ms + Milliseconds(roll(8) * 100)), this, [this, conversation] { m_platform.customerReads(conversation, m_clock.now()); });
    QTimer::singleShot(paced(2s + Milliseconds(roll(41) * 100)), this, [this, conversation, messageId] {
        const QStringList replies = repliesOf(m_platform.conversation(conversation)->customer.username);
        const int last = m_lastReply.value(conversation, -1);
        int chosen = roll(int(replies.size()));
        if (chosen == last)
            chosen = (chosen + 1) % int(replies.size());
        m_lastReply.insert(conversation, chosen);
        // Now and then a heart says it all, or the answer quotes what it answers.
        const int manner = roll(6);
        if (manner == 0)
            m_platform.customerReacts(conversation, messageId, u"❤️"_s);
        else if (manner == 1)
            m_platform.customerQuotes(conversation, messageId, replies[chosen]);
        else
            m_platform.customerWrites(conversation, replies[chosen]);
    });
}

} // namespace antiphon::demo
