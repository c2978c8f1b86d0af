#include "app/demo/botconversations.h"

#include "app/demo/simulatedpictures.h"

#include <QTimer>

namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kHour = 60;

const TelegramPerson kOwner{.id = 6610000001, .firstName = u"Wren"_s, .lastName = u"Tidewick"_s, .username = u"wren_tidewick"_s};
const TelegramPerson kElif{.id = 5510000001, .firstName = u"Elif"_s, .lastName = u"Kaplan"_s, .username = u"elifkaplan"_s};
const TelegramPerson kMarek{.id = 5510000002, .firstName = u"Marek"_s, .lastName = u"Havel"_s};

const LineCustomer kHaruto{.id = u"U61000000000000000000000000000001"_s, .name = u"森田 陽翔"_s, .language = u"ja"_s};
const LineCustomer kSuda{.id = u"U61000000000000000000000000000002"_s, .name = u"สุดา แก้วมณี"_s, .language = u"th"_s};
const LineCustomer kLin{.id = u"U61000000000000000000000000000003"_s, .name = u"林雅婷"_s, .language = u"zh-Hant"_s};

const QString kGrace = u"+447700900219"_s;

} // namespace

BotConversations::BotConversations(SimulatedTelegram &telegram, SimulatedLine &line, SimulatedTwilio &twilio, const Clock &clock, double speed, QObject *parent)
    : QObject(parent), m_telegram(telegram), m_line(line), m_twilio(twilio), m_clock(clock), m_speed(speed)
{
    connect(&m_telegram, &SimulatedTelegram::messageSent, this, [this](qint64 chat, const QString &connection) {
        QTimer::singleShot(paced(3s), this, [this, chat, connection] {
            for (const TelegramPerson &customer : {kElif, kMarek}) {
                if (customer.id == chat)
                    m_telegram.customerWrites(customer, nextReply(), {.connection = connection});
            }
        });
    });
    connect(&m_line, &SimulatedLine::messageSent, this, [this](const QString &to) {
        QTimer::singleShot(paced(3s), this, [this, to] {
            for (const LineCustomer &customer : {kHaruto, kSuda, kLin}) {
                if (customer.id == to)
                    m_line.customerWrites(customer, nextReply());
            }
        });
    });
    connect(&m_twilio, &SimulatedTwilio::messageSent, this, [this](const QString &to) {
        QTimer::singleShot(paced(3s), this, [this, to] { m_twilio.customerWrites(to, nextReply(), {.webhook = {.callback = m_textsGoTo}}); });
    });
}

TelegramOptions BotConversations::telegramOptions()
{
    return {.bot = {.id = 7610000001, .firstName = u"Tidewick Ceramics"_s, .username = u"tidewick_bot"_s}};
}

LineOptions BotConversations::lineOptions()
{
    return {.channelId = u"1660000001"_s,
            .channelSecret = u"61c0ffee61c0ffee61c0ffee61c0ffee"_s,
            .botUserId = u"U61000000000000000000000000000b07"_s,
            .basicId = u"@tidewick"_s,
            .displayName = u"Tidewick Ceramics"_s};
}

TwilioOptions BotConversations::twilioOptions()
{
    return {.accountSid = u"AC61000000000000000000000000000001"_s, .numbers = {{.number = u"+447700900102"_s}}};
}

void BotConversations::at(Milliseconds time, std::function<void()> step)
{
    ++m_waiting;
    QTimer::singleShot(paced(time), this, [this, step = std::move(step)] {
        step();
        --m_waiting;
    });
}

QString BotConversations::nextReply()
{
    static const QStringList replies{u"Wonderful, thank you!"_s, u"Yes, please 🙏"_s, u"That's perfect."_s, u"I'll come by tomorrow, then."_s};
    return replies[m_replies++ % replies.size()];
}

void BotConversations::startTelegram()
{
    ++m_started;
    m_business = m_telegram.connectBusiness(kOwner);
    at(50ms, [this] { m_telegram.customerWrites(kElif, u"Hi Wren! Is the kiln class on Thursday still on?"_s, {.at = ago(2 * kHour), .connection = m_business}); });
    // The owner answers from the phone.
    at(400ms, [this] { m_telegram.ownerWrites(m_business, kElif, u"It is! Come at six, and wear something that may get dusty."_s, {.at = ago(2 * kHour - 9)}); });
    at(9s, [this] { m_telegram.customerWrites(kElif, u"Great. May I bring a friend?"_s, {.connection = m_business}); });
    at(16s, [this] { m_telegram.customerStarts(kMarek); });
    at(18s, [this] { m_telegram.customerWrites(kMarek, u"Do you ship to Brno?"_s); });
}

void BotConversations::startLine(const QUrl &webhook)
{
    ++m_started;
    m_line.setWebhook(webhook);
    // Three people in one request.
    at(1s, [this] {
        m_line.beginBatch();
        m_line.customerWrites(kHaruto, u"こんにちは。この湯呑みの在庫はありますか？"_s);
        m_line.customerWrites(kSuda, u"สวัสดีค่ะ แก้วสีฟ้าราคาเท่าไหร่คะ"_s);
        m_line.customerWrites(kLin, u"請問可以寄到台北嗎？"_s);
        m_line.endBatch();
    });
    at(12s, [this] { m_line.customerSendsFile(kHaruto, u"image"_s, pictures::shelfJpeg(4), "image/jpeg"); });
}

void BotConversations::startTwilio(const QUrl &webhook)
{
    ++m_started;
    m_textsGoTo = webhook;
    at(5s, [this] {
        m_twilio.customerWrites(kGrace, u"One of the plates came like this. Can you replace it?"_s,
                                {.media = {{.bytes = pictures::shelfJpeg(5), .mime = "image/jpeg"}}, .webhook = {.callback = m_textsGoTo}});
    });
    at(14s, [this] { m_twilio.customerWrites(kGrace, u"Order 1192, by the way."_s, {.webhook = {.callback = m_textsGoTo}}); });
}

} // namespace antiphon::demo
