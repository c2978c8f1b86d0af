#include "app/demo/metaconversations.h"

#include "app/demo/simulatedpictures.h"

#include <QTimer>

namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kHour = 60;
constexpr int kDay = 24 * kHour;

// Numbers that are kept free for stories.
const WhatsappCustomer kRosa{.waId = u"447700900142"_s, .name = u"Rosa Lindqvist"_s};
const WhatsappCustomer kTomas{.waId = u"447700900163"_s, .name = u"Tomás Arriaga"_s};
const WhatsappCustomer kPriya{.waId = u"447700900187"_s, .name = u"Priya Nair"_s};

QJsonObject words(const QString &type, const QString &text) { return {{u"type"_s, type}, {u"text"_s, text}}; }

QJsonObject approved(const QString &id, const QString &name, const QString &text)
{
    return {{u"id"_s, id}, {u"name"_s, name}, {u"language"_s, u"en"_s}, {u"status"_s, u"APPROVED"_s}, {u"category"_s, u"UTILITY"_s},
            {u"parameter_format"_s, u"POSITIONAL"_s}, {u"components"_s, QJsonArray{words(u"BODY"_s, text)}}};
}

} // namespace

MetaConversations::MetaConversations(SimulatedWhatsapp &whatsapp, SimulatedInstagram &instagram, SimulatedMessenger &messenger, const Clock &clock, double speed, QObject *parent)
    : QObject(parent), m_whatsapp(whatsapp), m_instagram(instagram), m_messenger(messenger), m_clock(clock), m_speed(speed)
{
    connect(&m_whatsapp, &SimulatedWhatsapp::messageSent, this, [this](const QString &to, const QString &id, const QString &type) {
        if (type == "reaction"_L1)
            return;
        QTimer::singleShot(paced(1500ms), this, [this, id] { m_whatsapp.tellStatus(id, u"read"_s); });
        QTimer::singleShot(paced(3s), this, [this, to] {
            for (const WhatsappCustomer &customer : {kRosa, kTomas, kPriya}) {
                if (customer.waId == to)
                    m_whatsapp.customerWrites(customer, nextReply());
            }
        });
    });
    connect(&m_instagram, &SimulatedInstagram::messageSent, this, [this](const QString &person, const QString &id) {
        QTimer::singleShot(paced(1500ms), this, [this, person, id] { m_instagram.customerReads(person, id); });
        QTimer::singleShot(paced(3s), this, [this, person] { m_instagram.customerWrites(person, nextReply()); });
    });
    connect(&m_messenger, &SimulatedMessenger::messageSent, this, [this](const QString &person) {
        QTimer::singleShot(paced(1500ms), this, [this, person] { m_messenger.customerReads(person, m_clock.now()); });
        QTimer::singleShot(paced(3s), this, [this, person] { m_messenger.customerWrites(person, nextReply()); });
    });
}

WhatsappOptions MetaConversations::whatsappOptions()
{
    WhatsappOptions options;
    options.numbers = {{.id = u"210000000000001"_s, .digits = u"447700900101"_s, .accountId = u"110000000000001"_s, .verifiedName = u"Tidewick Ceramics"_s, .isCoexistence = true}};
    options.templates = {approved(u"901"_s, u"order_ready"_s, u"Hello {{1}}, your order is on the shelf with your name on it. We keep it until {{2}}."_s),
                         approved(u"902"_s, u"workshop_reminder"_s, u"Hello {{1}}, your place at the wheel is on {{2}}. Bring an apron!"_s)};
    return options;
}

InstagramOptions MetaConversations::instagramOptions()
{
    InstagramOptions options;
    options.accounts = {{.id = u"17850000000000001"_s, .scopedId = u"9950000000000001"_s, .name = u"Tidewick Ceramics"_s, .username = u"tidewick.ceramics"_s}};
    return options;
}

MessengerOptions MetaConversations::messengerOptions()
{
    MessengerOptions options;
    options.pages = {{.id = u"310000000000001"_s, .name = u"Tidewick Ceramics"_s, .username = u"tidewick.ceramics"_s}};
    return options;
}

void MetaConversations::at(Milliseconds time, std::function<void()> step)
{
    ++m_waiting;
    QTimer::singleShot(paced(time), this, [this, step = std::move(step)] {
        step();
        --m_waiting;
    });
}

GraphEvent MetaConversations::ago(int minutes) const
{
    return {.at = m_clock.now() - std::chrono::minutes(minutes)};
}

QString MetaConversations::nextReply()
{
    static const QStringList replies{u"Lovely, thank you!"_s, u"That works for me 🙌"_s, u"Perfect. See you on Saturday!"_s, u"Could you wrap it as a gift?"_s, u"Great, I'll take it."_s};
    return replies[m_replies++ % replies.size()];
}

void MetaConversations::startWhatsapp(const QUrl &webhook)
{
    m_whatsapp.webhooks().setCallback(webhook);
    ++m_started;
    at(50ms, [this] { m_whatsapp.customerWrites(kTomas, u"Hello, do you send to Valencia? I'd need eight small plates."_s, ago(2 * kDay)); });
    at(100ms, [this] { m_whatsapp.phoneWrites(kTomas, u"We do! It takes four days. Shall I put eight aside?"_s, ago(2 * kDay - 20)); });
    at(150ms, [this] { m_whatsapp.customerWrites(kRosa, u"Hi! Do you still have the oat jug? It's for my sister."_s, ago(3 * kHour)); });
    at(400ms, [this] { m_lastEcho = m_whatsapp.phoneWrites(kRosa, u"We do! Two are left on the shelf."_s, ago(3 * kHour - 12)); });
    at(900ms, [this] { m_whatsapp.customerReacts(kRosa, m_lastEcho, u"❤️"_s, ago(3 * kHour - 14)); });
    at(6s, [this] { m_whatsapp.customerSendsFile(kRosa, u"image"_s, pictures::shelfJpeg(2), "image/jpeg", {{u"caption"_s, u"Would it match these?"_s}}); });
    at(11s, [this] { m_lastEcho = m_whatsapp.phoneWrites(kRosa, u"It would. I'll keep one until Friday."_s); });
    // A colleague corrects what was written on the phone.
    at(15s, [this] { m_whatsapp.phoneEdits(kRosa, m_lastEcho, u"It would. I'll keep one until Saturday."_s); });
    at(20s, [this] { m_whatsapp.customerSends(kPriya, u"location"_s, QJsonObject{{u"latitude"_s, 51.4545}, {u"longitude"_s, -2.5879}, {u"name"_s, u"Nair's Coffee House"_s}}); });
    at(22s, [this] { m_whatsapp.customerWrites(kPriya, u"That's our café. Could you bring the thirty cups here on Tuesday?"_s); });
}

void MetaConversations::startInstagram(const QUrl &webhook)
{
    m_instagram.webhooks().setCallback(webhook);
    ++m_started;
    const QString ines = m_instagram.meet({.name = u"Inês Duarte"_s, .username = u"ines.duarte"_s});
    const QString malik = m_instagram.meet({.name = u"Malik Osei"_s, .username = u"malik.makes"_s});
    at(50ms, [this, ines] { m_instagram.customerAnswersStory(ines, u"This glaze!! Is it for sale?"_s, pictures::shelfJpeg(1, {360, 640}), ago(50)); });
    at(400ms, [this, ines] { m_lastAnswer = m_instagram.appWrites(ines, u"It is! It goes online on Friday at noon."_s, ago(41)); });
    at(900ms, [this, ines] { m_instagram.customerReacts(ines, m_lastAnswer, u"love"_s, u"❤️"_s, true, ago(40)); });
    at(8s, [this, ines] { m_instagram.customerWrites(ines, u"I'll set an alarm ⏰"_s); });
    at(13s, [this, malik] { m_instagram.customerSendsFiles(malik, {{.bytes = pictures::shelfPng(3), .mime = "image/png"}}); });
    at(14s, [this, malik] { m_instagram.customerWrites(malik, u"Would you make a set like this in green?"_s); });
}

void MetaConversations::startMessenger(const QUrl &webhook)
{
    m_messenger.webhooks().setCallback(webhook);
    ++m_started;
    const QString jonas = m_messenger.meet({.name = u"Jonas Weber"_s});
    const QString hanne = m_messenger.meet({.name = u"Hanne Dahl"_s});
    at(50ms, [this, jonas] { m_messenger.customerWrites(jonas, u"Hello, is the Sunday workshop full already?"_s, ago(90)); });
    at(400ms, [this, jonas] { m_messenger.appWrites(jonas, u"Three places are left."_s, ago(80)); });
    at(10s, [this, jonas] { m_messenger.customerWrites(jonas, u"Then I'd like two of them, please."_s); });
    at(17s, [this, hanne] { m_messenger.customerWrites(hanne, u"Do you repair handles? My favourite mug lost its own."_s); });
}

} // namespace antiphon::demo
