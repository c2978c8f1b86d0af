#include "app/demo/democonversation.h"
#include "app/demo/simulatedpictures.h"

/// What happens in the demo, in its order.
namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kPast = 60ms;        // the past arrives quickly, but in its order
const char *const kKilnVideo = "7412345678901234567";

} // namespace

void DemoConversation::tellPast()
{
    constexpr int hour = 60;
    constexpr int day = 24 * hour;
    m_platform.setPost(QString::fromLatin1(kKilnVideo), u"Opening kiln 14: speckled blue, oat and one surprise"_s, u"tidewick.ceramics"_s);
    after(0ms, [this] {
        const QString anjali = meet({.username = u"anjali.verghese"_s, .displayName = u"Anjali Verghese"_s});
        m_platform.customerWrites(anjali, u"Do you give a discount for orders above forty bowls?"_s, ago(3 * day + 2 * hour));
    });
    after(kPast, [this] {
        m_platform.ownerAnswersFromApp(conversationWith(u"anjali.verghese"_s), u"We do: 15 %, and free delivery."_s, ago(3 * day + hour));
    });
    // Her window closes in an hour and three quarters.
    after(kPast, [this] {
        const QString thandi = meet({.username = u"thandi.mokwele"_s, .displayName = u"Thandi Mokwele"_s});
        m_platform.customerWrites(thandi, u"Hello! I'd like to write about your studio. Is there somebody I may call this week?"_s, ago(2 * day - 102));
    });
    after(kPast, [this] {
        const QString noah = meet({.username = u"noah.birkett"_s, .displayName = u"Noah Birkett"_s, .isFollower = false});
        m_platform.customerWrites(noah, u"Is order 1184 ready?"_s, ago(day + 5 * hour));
    });
    after(kPast, [this] {
        m_platform.ownerAnswersFromApp(conversationWith(u"noah.birkett"_s), u"Order 1184 is ready to collect until Saturday."_s, ago(day + 4 * hour));
    });
    after(kPast, [this] {
        const QString mira = meet({.username = u"mira.solv"_s, .displayName = u"Mira Solvang"_s});
        m_platform.customerWrites(mira, u"Hi! Is the speckled blue mug from this video coming back?"_s, ago(day + 2 * hour));
    });
    after(kPast, [this] { m_platform.customerSharesPost(conversationWith(u"mira.solv"_s), QString::fromLatin1(kKilnVideo), true, ago(day + 2 * hour - 1)); });
    after(kPast, [this] {
        m_lastMessage = m_platform.ownerAnswersFromApp(conversationWith(u"mira.solv"_s), u"It is, on Thursday. Shall I keep some for you?"_s, ago(day));
    });
    after(kPast, [this] {
        const QString kamon = meet({.username = u"kamon.p"_s, .displayName = u"กมลชนก พูนสุข"_s});
        m_platform.customerWrites(kamon, u"สวัสดีค่ะ ส่งไปกรุงเทพได้ไหมคะ"_s, ago(5 * hour));
    });
    after(kPast, [this] { m_platform.customerSendsSticker(conversationWith(u"kamon.p"_s), ago(5 * hour - 1)); });
    after(kPast, [this] {
        const QString femke = meet({.username = u"femke.oosterwal"_s, .displayName = u"Femke Oosterwal"_s});
        m_platform.customerWrites(femke, u"What do the small bowls cost? I'd need six."_s, ago(3 * hour));
    });
    after(kPast, [this] {
        const QString salma = meet({.username = u"salma.aldouri"_s, .displayName = u"سلمى الدوري"_s});
        m_platform.customerWrites(salma, u"مرحبًا، هل الإبريق متوفر باللون الأزرق؟"_s, ago(2 * hour));
    });
    after(kPast, [this] {
        m_platform.ownerAnswersFromApp(conversationWith(u"salma.aldouri"_s), u"نعم، الإبريق متوفر باللونين الأزرق والرملي."_s, ago(hour));
    });
}

void DemoConversation::tellPresent()
{
    after(3s, [this] {
        const QString yuki = meet({.username = u"yuki.tanemori"_s, .displayName = u"種森ゆき"_s});
        m_platform.customerWrites(yuki, u"青いマグカップはまだ在庫がありますか?"_s);
    });
    after(2s, [this] { m_platform.automaticWelcome(conversationWith(u"yuki.tanemori"_s), u"Thank you for writing to Tidewick Ceramics! We answer within the day."_s); });
    after(4s, [this] {
        m_platform.customerQuotes(conversationWith(u"mira.solv"_s), m_lastMessage, u"Yes please, four of them!"_s);
    });
    after(3s, [this] { m_platform.customerSendsImage(conversationWith(u"mira.solv"_s), pictures::shelfJpeg(0)); });
    after(2s, [this] { m_platform.customerWrites(conversationWith(u"mira.solv"_s), u"This is the shelf. Would four of them fit beside the oat jug?"_s); });
    after(4s, [this] {
        const QString kofi = meet({.username = u"kofi.adjanor"_s, .displayName = u"Kofi Adjanor"_s});
        m_platform.customerComesFrom(kofi, {{u"source"_s, u"short_link"_s},
                                            {u"short_link"_s, QJsonObject{{u"ref"_s, u"store_window"_s},
                                                                          {u"prefilled_message"_s, u"Hello!"_s},
                                                                          {u"prefilled_message_audit_status"_s, u"PASS"_s}}}});
        m_platform.customerWrites(kofi, u"Hello! I saw the big teapot in your window."_s);
    });
    after(3s, [this] { m_platform.customerWrites(conversationWith(u"kofi.adjanor"_s), u"Can I pick it up tomorrow at noon?"_s); });
    after(4s, [this] {
        m_lastMessage = m_platform.ownerAnswersFromApp(conversationWith(u"mira.solv"_s), u"They fit well! 28 € each, the payment link is in our profile."_s);
    });
    after(3s, [this] { m_platform.customerReads(conversationWith(u"mira.solv"_s), m_clock.now()); });
    after(1s, [this] { m_platform.customerReacts(conversationWith(u"mira.solv"_s), m_lastMessage, u"❤️"_s); });
}

void DemoConversation::tellEnd()
{
    after(5s, [this] {
        const QString rafael = meet({.username = u"rafael.quintela"_s, .displayName = u"Rafael Quintela"_s});
        m_platform.customerWrites(rafael, u"Boa tarde! A tampa do bule chegou partida 😕"_s);
    });
    after(3s, [this] { m_platform.customerSendsImage(conversationWith(u"rafael.quintela"_s), pictures::shelfPng(3)); });
    // The platform refuses one message, as it does now and then; the next goes through.
    after(2s, [this] {
        m_platform.next(u"business/message/send"_s, {.code = 40064, .message = u"Message was blocked by direct message rules."_s});
    });
    after(4s, [this] { m_platform.customerReads(conversationWith(u"salma.aldouri"_s), m_clock.now()); });
    after(2s, [this] { m_platform.customerWrites(conversationWith(u"salma.aldouri"_s), u"ممتاز! أريد واحدًا باللون الأزرق من فضلكم."_s); });
    after(5s, [this] { m_platform.customerSendsVideo(conversationWith(u"femke.oosterwal"_s)); });
    after(2s, [this] { m_platform.customerWrites(conversationWith(u"femke.oosterwal"_s), u"Something like this, in green?"_s); });
    after(4s, [this] {
        const QString lucia = meet({.username = u"lucia.barrenal"_s, .displayName = u"Lucía Barrenal"_s});
        m_platform.europeanCustomerWrites(lucia, u"Hola, ¿el envío a Sevilla tarda mucho?"_s);
    });
    after(4s, [this] { m_platform.customerWrites(conversationWith(u"yuki.tanemori"_s), u"二つお願いしたいです。"_s); });
    after(3s, [this] { m_platform.customerWrites(conversationWith(u"kofi.adjanor"_s), u"Perfect. Same delivery address as last time, please."_s); });
}

} // namespace antiphon::demo
