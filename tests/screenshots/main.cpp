#include "tests/support/fakeclock.h"
#include "tests/ui/scene.h"
#include "tests/ui/telegramscene.h"
#include "tests/ui/window/diagnosisscene.h"
#include "tests/ui/window/shopdesk.h"
#include "tests/ui/window/templatescene.h"
#include "ui/composer/composer.h"
#include "ui/composer/templatepicker.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/onboarding/connectpage.h"
#include "ui/onboarding/fieldrow.h"
#include "ui/settings/language.h"
#include "ui/settings/settingspage.h"
#include "ui/settings/uisettings.h"
#include "ui/theme/apptheme.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonObject>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QPixmap>
#include <QTemporaryDir>

#include <cstdio>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr QSize kSize{1280, 800};
constexpr int kSettleMs = 900;           // downloads, decoding and the next frame are over by then
constexpr int kDeadlineMs = 10'000;

/// The Telegram thread: a personal account's, in which an album came in.
void fillTelegram(ShopDesk &desk, Timestamp now, const QString &cannotReply)
{
    desk.inboxes[1].settings = {{u"coexistence"_s, true}};
    desk.inboxes[5].settings = {{u"notice"_s, QJsonObject{{u"kind"_s, u"quota"_s}}}};
    desk.inboxes[4].settings = {{u"business_connections"_s, QJsonObject{{u"66"_s, QJsonObject{{u"name"_s, u"Ines Valtor"_s}}}}}};
    desk.messages[ConversationId(10)] = telegramStory();
    Conversation *thread = desk.find(ConversationId(10));
    thread->attributes = {{u"business_owner"_s, u"66"_s}};
    thread->replyWindow = ReplyWindow{.rule = u"telegram_business_24h"_s, .isOpen = true, .closesAt = now + std::chrono::hours(23)};
    if (cannotReply.isEmpty())
        return;
    thread->attributes.insert(u"cannot_reply"_s, cannotReply);
    thread->canReply = false;
}

void turn(int ms)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < ms)
        QApplication::processEvents(QEventLoop::AllEvents, 20);
}

/// One picture of the real window at the desk of the shop.
class Stage {
public:
    explicit Stage(const QString &folder) : m_folder(folder) { applyTheme(*qApp, m_theme); }

    struct Shot {
        QString name{};
        Theme::Mode mode = Theme::Mode::Light;
        double scale = 1.0;
        Qt::LayoutDirection direction = Qt::LeftToRight;
        QSize size = kSize;
        bool isEmpty = false;
        bool isDiagnosed = false;
        bool isWindowOver = false;       // of the WhatsApp conversation
        bool isAlone = false;            // no public address
        bool isFlooded = false;          // by the customer of the Messenger conversation, while the disk fills up
        bool isGerman = false;
        QString cannotReply{};           // of the Telegram conversation
        QJsonObject tunnel{};
        std::function<void(MainWindow &)> then{};
    };

    bool take(const Shot &shot)
    {
        m_theme.setMode(shot.mode);
        m_theme.setTextScale(shot.scale);
        QApplication::setLayoutDirection(shot.direction);
        const Timestamp now = m_clock.now();
        ShopDesk desk(now);
        if (shot.isEmpty)
            desk.workspaceName = u"My workspace"_s;
        else if (shot.direction == Qt::RightToLeft)
            desk.fillArabic();
        else
            desk.fill();
        desk.tunnel = shot.tunnel;
        if (shot.isAlone)
            desk.publicUrl.clear();
        if (!shot.isEmpty)
            fillTelegram(desk, now, shot.cannotReply);
        if (shot.isWindowOver) {
            desk.inboxes[1].limits = {{u"templates"_s, true}, {u"react"_s, true}};
            desk.inboxes[1].settings = {{u"history_sync"_s, QJsonObject{{u"phase"_s, 1}, {u"percent"_s, 40}, {u"at"_s, toRfc3339(now)}}}};
            desk.find(ConversationId(2))->replyWindow = ReplyWindow{.rule = u"whatsapp_24h"_s, .closesAt = now - std::chrono::hours(26)};
            desk.answers.insert(u"templates.list"_s, templateAnswer());
        }
        if (shot.isFlooded)
            desk.find(ConversationId(4))->attributes.insert(u"flooded_until"_s, toRfc3339(now + std::chrono::seconds(60)));
        if (shot.isDiagnosed)
            desk.answers = diagnosisAnswers(false);
        Language language;
        language.use(shot.isGerman ? u"de"_s : u"en"_s);
        QTemporaryDir place;
        UiSettings settings(place.filePath(u"window.ini"_s));
        DeskClient client(desk.url(), u"token"_s);
        MainWindow window(client, m_theme, settings, m_clock);
        window.resize(shot.size);
        window.show();
        client.open();
        QElapsedTimer timer;
        timer.start();
        while (!window.models().isReady() && timer.elapsed() < kDeadlineMs)
            turn(20);
        if (!window.models().isReady())
            return false;
        if (shot.isFlooded)
            desk.tell(u"workspace.health"_s, {{u"store"_s, u"writable"_s}, {u"disk"_s, u"low"_s}, {u"disk_free"_s, 812'000'000}});
        turn(kSettleMs);
        if (shot.then)
            shot.then(window);
        turn(kSettleMs);
        for (const TemplatePicker *dialog : window.findChildren<TemplatePicker *>()) {
            if (dialog->isVisible())
                return const_cast<TemplatePicker *>(dialog)->grab().save(m_folder + u'/' + shot.name);
        }
        return window.grab().save(m_folder + u'/' + shot.name);
    }

private:
    QString m_folder;
    FakeClock m_clock{kNow};
    Theme m_theme;
};

QJsonObject connected()
{
    const QString address = u"https://inbox.tidewick.example"_s;
    return {{u"provider"_s, u"ssh"_s},
            {u"settings"_s, QJsonObject{{u"host"_s, u"tidewick.example"_s}, {u"port"_s, 22}, {u"user"_s, u"antiphon"_s}, {u"key_file"_s, u"/home/nora/.ssh/id_ed25519"_s},
                                        {u"remote_port"_s, 4280}, {u"public_url"_s, address}}},
            {u"public_url"_s, address},
            {u"state"_s, u"up"_s},
            {u"platforms"_s, QJsonArray{QJsonObject{{u"channel"_s, u"tiktok"_s}, {u"webhook_url"_s, QString(address + u"/webhooks/tiktok"_s)},
                                                    {u"redirect_url"_s, QString(address + u"/tiktok/callback"_s)}, {u"registered"_s, true}}}}};
}

QJsonObject missingTool()
{
    return {{u"provider"_s, u"cloudflared_quick"_s},
            {u"state"_s, u"down"_s},
            {u"problem"_s, u"tool_missing"_s},
            {u"help"_s, QJsonObject{{u"tool"_s, u"cloudflared"_s}, {u"system"_s, u"fedora"_s},
                                    {u"commands"_s, QJsonArray{u"curl -fsSL https://pkg.cloudflare.com/cloudflared.repo | sudo tee /etc/yum.repos.d/cloudflared.repo"_s, u"sudo dnf install cloudflared"_s}},
                                    {u"page"_s, u"https://github.com/cloudflare/cloudflared/releases"_s}}}};
}

void showPublicAddress(MainWindow &window)
{
    window.showSettings();
    window.settingsPage()->showPublicAddress();
}

void showNotices(MainWindow &window)
{
    window.showSettings();
    window.settingsPage()->showNotices();
}

void showRafael(MainWindow &window) { window.showConversation(ConversationId(4)); }

void showDiagnosis(MainWindow &window) { window.showDiagnosis(); }

void showMira(MainWindow &window) { window.showConversation(ConversationId(1)); }

void showKofi(MainWindow &window) { window.showConversation(ConversationId(2)); }

void showKofisFirst(MainWindow &window) { window.showConversation(ConversationId(2), MessageId(2002)); }

void showLucia(MainWindow &window) { window.showConversation(ConversationId(9)); }

void showThandi(MainWindow &window) { window.showConversation(ConversationId(10)); }

void writeSms(MainWindow &window)
{
    window.showConversation(ConversationId(7));
    turn(kSettleMs);
    window.conversationPane()->composer()->findChild<QPlainTextEdit *>()->setPlainText(
        u"Your order is ready: two oat jugs and the blue mug. We’re open until six today and from ten tomorrow; ring twice, the bell is old."_s);
}

void showConnected(MainWindow &window, Channel channel)
{
    window.connectChannel(channel);
    turn(kSettleMs);
    for (FieldRow *row : window.assistant()->findChildren<FieldRow *>()) {
        if (!row->field().isOptional)
            row->edit()->setText(u"7000000001:AAExampleExampleExampleExample-_Exam"_s);
    }
    for (QPushButton *button : window.assistant()->findChildren<QPushButton *>()) {
        if (button->isVisible() && button->text() == "Connect"_L1)
            button->click();
    }
}

void showTemplates(MainWindow &window)
{
    showKofi(window);
    turn(kSettleMs);
    emit window.conversationPane()->composer()->templatesRequested();
}

/// Instagram by way of a page, chosen as a person does.
void showByPage(MainWindow &window, ConnectStep::Kind step)
{
    window.connectChannel(Channel::Instagram);
    turn(kSettleMs);
    for (QAbstractButton *button : window.assistant()->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->text().contains("Facebook page"_L1))
            button->click();
    }
    turn(kSettleMs);
    window.assistant()->showStep(step);
}

void showAssistant(MainWindow &window, Channel channel, ConnectStep::Kind step)
{
    window.connectChannel(channel);
    turn(kSettleMs);
    window.assistant()->showStep(step);
}

} // namespace

/// Writes the window's pictures into the folder given as argument.
int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() < 2 || !QDir().mkpath(arguments.at(1))) {
        std::fprintf(stderr, "usage: antiphon-screenshots <folder> [picture …]\n");
        return 2;
    }
    Stage stage(arguments.at(1));
    const QList<Stage::Shot> shots{
        {.name = u"main-light.png"_s, .then = showMira},
        {.name = u"main-dark.png"_s, .mode = Theme::Mode::Dark, .then = showMira},
        {.name = u"closed.png"_s, .then = [](MainWindow &window) { window.showConversation(ConversationId(8)); }},
        {.name = u"rtl-dark.png"_s, .mode = Theme::Mode::Dark, .direction = Qt::RightToLeft, .then = showMira},
        {.name = u"scale200.png"_s, .scale = 2.0, .then = showMira},
        {.name = u"narrow.png"_s, .size = {900, 700}, .then = showMira},
        {.name = u"high-contrast.png"_s, .mode = Theme::Mode::HighContrast, .then = showMira},
        {.name = u"empty.png"_s, .isEmpty = true},
        {.name = u"diagnosis.png"_s, .isDiagnosed = true, .then = showDiagnosis},
        {.name = u"diagnosis-dark.png"_s, .mode = Theme::Mode::Dark, .isDiagnosed = true, .then = showDiagnosis},
        {.name = u"settings.png"_s, .then = [](MainWindow &window) { window.showSettings(); }},
        {.name = u"settings-200.png"_s, .scale = 2.0, .size = {1600, 1400}, .then = [](MainWindow &window) { window.showSettings(); }},
        {.name = u"notifications.png"_s, .then = showNotices},
        {.name = u"notifications-dark-de.png"_s, .mode = Theme::Mode::Dark, .isGerman = true, .then = showNotices},
        {.name = u"notifications-200-rtl.png"_s, .scale = 2.0, .direction = Qt::RightToLeft, .size = {1600, 1600}, .then = showNotices},
        {.name = u"flood.png"_s, .isFlooded = true, .then = showRafael},
        {.name = u"flood-dark-de.png"_s, .mode = Theme::Mode::Dark, .isFlooded = true, .isGerman = true, .then = showRafael},
        {.name = u"flood-200.png"_s, .scale = 2.0, .size = {1600, 1000}, .isFlooded = true, .then = showRafael},
        {.name = u"assistant-telegram-200.png"_s, .scale = 2.0, .size = {1600, 1400}, .then = [](MainWindow &window) { showAssistant(window, Channel::Telegram, ConnectStep::Kind::Account); }},
        {.name = u"assistant-line-200.png"_s, .scale = 2.0, .size = {1600, 1400}, .then = [](MainWindow &window) { showAssistant(window, Channel::Line, ConnectStep::Kind::Account); }},
        {.name = u"assistant-line-deliver-200.png"_s, .scale = 2.0, .size = {1600, 1400}, .then = [](MainWindow &window) { showAssistant(window, Channel::Line, ConnectStep::Kind::Deliver); }},
        {.name = u"public-address.png"_s, .size = {1280, 1000}, .tunnel = missingTool(), .then = showPublicAddress},
        {.name = u"public-address-dark.png"_s, .mode = Theme::Mode::Dark, .size = {1280, 1000}, .tunnel = connected(), .then = showPublicAddress},
        {.name = u"whatsapp.png"_s, .size = {1280, 1000}, .then = showKofi},
        {.name = u"whatsapp-top.png"_s, .size = {1280, 1000}, .then = showKofisFirst},
        {.name = u"whatsapp-dark.png"_s, .mode = Theme::Mode::Dark, .size = {1280, 1000}, .then = showKofi},
        {.name = u"instagram-rtl.png"_s, .direction = Qt::RightToLeft, .size = {1280, 1000}, .then = showLucia},
        {.name = u"instagram.png"_s, .size = {1280, 1000}, .then = showLucia},
        {.name = u"whatsapp-closed.png"_s, .isWindowOver = true, .then = showKofi},
        {.name = u"template.png"_s, .isWindowOver = true, .then = showTemplates},
        {.name = u"template-dark.png"_s, .mode = Theme::Mode::Dark, .isWindowOver = true, .then = showTemplates},
        {.name = u"telegram.png"_s, .size = {1280, 1000}, .then = showThandi},
        {.name = u"telegram-dark.png"_s, .mode = Theme::Mode::Dark, .size = {1280, 1000}, .cannotReply = u"no_right"_s, .then = showThandi},
        {.name = u"telegram-rtl.png"_s, .direction = Qt::RightToLeft, .size = {1280, 1000}, .cannotReply = u"blocked"_s, .then = showThandi},
        {.name = u"telegram-200.png"_s, .scale = 2.0, .size = {1600, 1200}, .then = showThandi},
        {.name = u"sms.png"_s, .then = writeSms},
        {.name = u"sms-200.png"_s, .scale = 2.0, .size = {1600, 1000}, .then = writeSms},
        {.name = u"channels-dark-200.png"_s, .mode = Theme::Mode::Dark, .scale = 2.0, .size = {1600, 1200}, .then = [](MainWindow &window) { window.addChannel(); }},
        {.name = u"channels-rtl.png"_s, .direction = Qt::RightToLeft, .then = [](MainWindow &window) { window.addChannel(); }},
        {.name = u"assistant-telegram.png"_s, .size = {1280, 900}, .isAlone = true, .then = [](MainWindow &window) { showAssistant(window, Channel::Telegram, ConnectStep::Kind::Account); }},
        {.name = u"assistant-telegram-rtl-dark.png"_s, .mode = Theme::Mode::Dark, .direction = Qt::RightToLeft, .size = {1280, 900}, .then = [](MainWindow &window) { showAssistant(window, Channel::Telegram, ConnectStep::Kind::Account); }},
        {.name = u"assistant-telegram-done.png"_s, .size = {1280, 900}, .isAlone = true, .then = [](MainWindow &window) { showConnected(window, Channel::Telegram); }},
        {.name = u"assistant-line.png"_s, .size = {1280, 900}, .then = [](MainWindow &window) { showAssistant(window, Channel::Line, ConnectStep::Kind::Account); }},
        {.name = u"assistant-line-delivery-dark.png"_s, .mode = Theme::Mode::Dark, .size = {1280, 900}, .then = [](MainWindow &window) { showAssistant(window, Channel::Line, ConnectStep::Kind::Deliver); }},
        {.name = u"assistant-twilio.png"_s, .size = {1280, 1100}, .then = [](MainWindow &window) { showAssistant(window, Channel::Twilio, ConnectStep::Kind::Account); }},
        {.name = u"assistant-twilio-200.png"_s, .scale = 2.0, .size = {1600, 2000}, .then = [](MainWindow &window) { showAssistant(window, Channel::Twilio, ConnectStep::Kind::Account); }},
        {.name = u"channels.png"_s, .then = [](MainWindow &window) { window.addChannel(); }},
        {.name = u"assistant.png"_s, .then = [](MainWindow &window) { showAssistant(window, Channel::Tiktok, ConnectStep::Kind::App); }},
        {.name = u"assistant-whatsapp.png"_s, .size = {1280, 900}, .then = [](MainWindow &window) { showAssistant(window, Channel::Whatsapp, ConnectStep::Kind::Account); }},
        {.name = u"assistant-delivery-dark.png"_s, .mode = Theme::Mode::Dark, .then = [](MainWindow &window) { showAssistant(window, Channel::Messenger, ConnectStep::Kind::Deliver); }},
        {.name = u"assistant-instagram-ways.png"_s, .size = {1280, 900}, .then = [](MainWindow &window) { showByPage(window, ConnectStep::Kind::Address); }},
        {.name = u"assistant-instagram-page-dark.png"_s, .mode = Theme::Mode::Dark, .size = {1280, 900}, .then = [](MainWindow &window) { showByPage(window, ConnectStep::Kind::Account); }},
        {.name = u"assistant-instagram-rtl.png"_s, .direction = Qt::RightToLeft, .size = {1280, 900}, .then = [](MainWindow &window) { showAssistant(window, Channel::Instagram, ConnectStep::Kind::App); }},
    };
    for (const Stage::Shot &shot : shots) {
        if (arguments.size() > 2 && !arguments.mid(2).contains(shot.name))
            continue;
        if (!stage.take(shot)) {
            std::fprintf(stderr, "%s could not be taken\n", qPrintable(shot.name));
            return 1;
        }
    }
    return 0;
}
