#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/composer/composer.h"
#include "ui/composer/composerstate.h"
#include "ui/composer/messageeditor.h"
#include "ui/composer/smssegments.h"
#include "ui/contactpanel/contacttext.h"
#include "ui/conversationview/conversationview.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/models/messagetext.h"
#include "ui/models/reachability.h"
#include "ui/onboarding/checktext.h"
#include "ui/settings/inboxcard.h"
#include "ui/settings/settingspage.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/elidedlabel.h"

#include <QAbstractButton>
#include <QLabel>
#include <QMessageBox>
#include <QSignalSpy>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the window does for Telegram, LINE and Twilio beside their rows.
class TypedPaneTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhyNothingCanBeSent_data();
    void saysWhyNothingCanBeSent();
    void canAnswerAgainOnceTheReasonIsGone();
    void namesTheOwnerOfAConnectedAccount();
    void countsSms_data();
    void countsSms();
    void showsWhatATextCostsInSms();
    void takesNoFilesWhereNobodyCouldFetchThem();
    void saysWhoSentAnEcho_data();
    void saysWhoSentAnEcho();
    void writesNumbersAsPeopleDo();
    void asksBeforeADeliveryIsTakenOver();
    void asksAnewWhereTheAddressIsAnotherByNow();
    void bringsThePhonesHistoryOnce();
    void saysWhatKeepsAnInboxFromWorking_data();
    void saysWhatKeepsAnInboxFromWorking();
    void translatesWhatACheckFound_data();
    void translatesWhatACheckFound();

private:
    static QAbstractButton *button(const QWidget &in, const QString &text);
    static bool shows(const QWidget &in, const QString &part);
};

QAbstractButton *TypedPaneTest::button(const QWidget &in, const QString &text)
{
    for (QAbstractButton *one : in.findChildren<QAbstractButton *>()) {
        if (one->isVisible() && one->text() == text)
            return one;
    }
    return nullptr;
}

bool TypedPaneTest::shows(const QWidget &in, const QString &part)
{
    for (const QLabel *label : in.findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(part))
            return true;
    }
    return false;
}

void TypedPaneTest::saysWhyNothingCanBeSent_data()
{
    QTest::addColumn<int>("conversation");
    QTest::addColumn<QString>("why");
    QTest::addColumn<QString>("part");
    QTest::newRow("Telegram: blocked") << 10 << u"blocked"_s << u"blocked your account at Telegram"_s;
    QTest::newRow("LINE: blocked") << 3 << u"blocked"_s << u"blocked your account at LINE"_s;
    QTest::newRow("deactivated") << 10 << u"deactivated"_s << u"no longer exists"_s;
    QTest::newRow("opted out") << 7 << u"opted_out"_s << u"STOP"_s;
    QTest::newRow("no right") << 10 << u"no_right"_s << u"not reply"_s;
    QTest::newRow("connection off") << 10 << u"connection_off"_s << u"disconnected the bot"_s;
    QTest::newRow("a word of later") << 10 << u"sent_to_coventry"_s << u"sent to coventry"_s;
}

void TypedPaneTest::saysWhyNothingCanBeSent()
{
    QFETCH(int, conversation);
    QFETCH(QString, why);
    QFETCH(QString, part);
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[5].state = Inbox::State::Active;
    Conversation *thread = f.desk.find(ConversationId(conversation));
    thread->attributes = {{u"cannot_reply"_s, why}};
    thread->canReply = false;
    QVERIFY(f.open());
    QVERIFY(f.show(conversation));
    ConversationPane &pane = *f.window->conversationPane();
    QTRY_VERIFY(shows(*pane.findChild<Banner *>(), part));
    QCOMPARE(pane.composer()->mode(), Composer::Mode::Note);              // a note can always be written
    QVERIFY(!pane.view()->traits().retryOff.isEmpty());
    QVERIFY(!pane.view()->traits().canReact);
}

void TypedPaneTest::canAnswerAgainOnceTheReasonIsGone()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.find(ConversationId(10))->attributes = {{u"cannot_reply"_s, u"blocked"_s}};
    QVERIFY(f.open());
    QVERIFY(f.show(10));
    ConversationPane &pane = *f.window->conversationPane();
    QTRY_COMPARE(pane.composer()->mode(), Composer::Mode::Note);
    Conversation *thread = f.desk.find(ConversationId(10));
    thread->attributes = {};
    f.desk.tell(u"conversation.updated"_s, toJson(*thread));
    QTRY_COMPARE(pane.composer()->mode(), Composer::Mode::Reply);
    QVERIFY(!pane.findChild<Banner *>()->isVisible());
}

void TypedPaneTest::namesTheOwnerOfAConnectedAccount()
{
    const Inbox inbox{.id = InboxId(5), .channel = Channel::Telegram, .settings = {{u"business_connections"_s, QJsonObject{{u"6600000001"_s, QJsonObject{{u"name"_s, u"Olga Brandt"_s}}},
                                                                                                                            {u"66"_s, QJsonObject{{u"username"_s, u"olga"_s}}}}}}};
    Conversation thread{.inboxId = InboxId(5), .contact = {.identifiers = {{InboxId(5), u"5500000001"_s}, {InboxId(5), u"b6600000001/5500000001"_s}}}};
    QCOMPARE(businessOwner(thread, inbox), QString());                    // the bot's own thread with the same customer
    thread.replyWindow = ReplyWindow{.rule = u"telegram_business_24h"_s, .isOpen = true, .closesAt = kNow};
    QCOMPARE(businessOwner(thread, inbox), u"Olga Brandt"_s);
    thread.attributes = {{u"business_owner"_s, u"66"_s}};
    QCOMPARE(businessOwner(thread, inbox), u"@olga"_s);

    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[4].settings = inbox.settings;
    f.desk.find(ConversationId(10))->attributes = {{u"business_owner"_s, u"6600000001"_s}};
    QVERIFY(f.open());
    QVERIFY(f.show(10));
    const QList<ElidedLabel *> labels = f.window->conversationPane()->findChildren<ElidedLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const ElidedLabel *label) { return label->text().contains(u"Olga Brandt"_s); }));
}

void TypedPaneTest::countsSms_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("segments");
    QTest::addColumn<int>("left");
    QTest::addColumn<QString>("forcing");
    const auto of = [](int count, const QString &what) { return QString(what).repeated(count); };
    QTest::newRow("nothing") << QString() << 0 << 160 << QString();
    QTest::newRow("one") << u"Hello"_s << 1 << 155 << QString();
    QTest::newRow("just one") << of(160, u"a"_s) << 1 << 0 << QString();
    QTest::newRow("just two") << of(161, u"a"_s) << 2 << 145 << QString();
    QTest::newRow("two, full") << of(306, u"a"_s) << 2 << 0 << QString();
    QTest::newRow("three") << of(307, u"a"_s) << 3 << 152 << QString();
    QTest::newRow("a sign of two places") << of(79, u"€"_s) + u"ab"_s << 1 << 0 << QString();
    QTest::newRow("of two places at the end of the first") << of(152, u"a"_s) + u"€"_s + of(10, u"a"_s) << 2 << 141 << QString();
    QTest::newRow("German and Greek of the alphabet") << u"Größe: Ω, ñ, Å"_s << 1 << 146 << QString();
    QTest::newRow("a curly quote") << u"It’s"_s << 1 << 66 << u"’"_s;
    QTest::newRow("just one with it") << of(69, u"a"_s) + u"’"_s << 1 << 0 << u"’"_s;
    QTest::newRow("two with it") << of(70, u"a"_s) + u"’"_s << 2 << 63 << u"’"_s;
    QTest::newRow("an emoji of two units") << u"Hi 👍"_s << 1 << 65 << u"👍"_s;
    QTest::newRow("a pair isn't torn") << of(66, u"a"_s) + u"👍"_s + u"aaa"_s << 2 << 62 << u"👍"_s;
    QTest::newRow("Japanese") << of(71, u"あ"_s) << 2 << 63 << u"あ"_s;
}

void TypedPaneTest::countsSms()
{
    QFETCH(QString, text);
    const SmsCount count = smsCount(text);
    QTEST(count.segments, "segments");
    QTEST(count.left, "left");
    QTEST(count.forcing, "forcing");
}

void TypedPaneTest::showsWhatATextCostsInSms()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(7));                                                  // Twilio, SMS
    Composer &composer = *f.window->conversationPane()->composer();
    auto *editor = composer.findChild<MessageEditor *>();
    const auto says = [&composer](const QString &part) {
        const QList<ElidedLabel *> labels = composer.findChildren<ElidedLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&part](const ElidedLabel *label) { return label->isVisible() && label->text().contains(part); });
    };
    editor->setPlainText(QString(150, u'a'));
    QVERIFY(says(u"1 SMS, 10 more"_s));
    editor->setPlainText(QString(150, u'a') + u"’"_s);
    QVERIFY(says(u"3 SMS"_s) && says(u"because of the character ’"_s));
    composer.setMode(Composer::Mode::Note);
    QVERIFY(!says(u"SMS"_s));
    f.desk.inboxes[6].settings = {{u"medium"_s, u"whatsapp"_s}};
    f.desk.tell(u"inbox.updated"_s, toJson(f.desk.inboxes.at(6)));
    QTRY_VERIFY(shownChannel(*f.window->models().inboxes().find(InboxId(7))) == Channel::Whatsapp);
    composer.setMode(Composer::Mode::Reply);
    QVERIFY(!says(u"SMS"_s));
}

void TypedPaneTest::takesNoFilesWhereNobodyCouldFetchThem()
{
    Inbox inbox{.id = InboxId(6), .channel = Channel::Line, .limits = {{u"files_by_link"_s, true}}};
    QVERIFY(composerState({}, &inbox, kNow).attachReason.contains(u"public address"_s));
    inbox.webhookUrl = u"https://inbox.tidewick.example/webhooks/line/1"_s;
    QVERIFY(composerState({}, &inbox, kNow).attachReason.isEmpty());
    inbox.webhookUrl.clear();
    inbox.limits = {{u"files_by_link"_s, false}};
    QVERIFY(composerState({}, &inbox, kNow).attachReason.isEmpty());
}

void TypedPaneTest::saysWhoSentAnEcho_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("isNative");
    QTest::newRow("a person on the phone") << QString() << u"Native app"_s << true;
    QTest::newRow("the platform itself") << u"Automatic message"_s << u"Automatic"_s << false;
    QTest::newRow("another bot") << u"@other_bot"_s << u"@other_bot"_s << false;
    QTest::newRow("nobody knows") << u"Another connected tool"_s << u"Another connected tool"_s << false;
}

void TypedPaneTest::saysWhoSentAnEcho()
{
    QFETCH(QString, name);
    QFETCH(QString, word);
    QFETCH(bool, isNative);
    Message message = echo(1, u"Hello"_s);
    message.sender.name = name;
    QVERIFY(echoWord(message).contains(word));
    QCOMPARE(senderWord(message), echoWord(message));
    QCOMPARE(isNativeEcho(message), isNative);
    QVERIFY(!joins(message, echo(2, u"Hello"_s)) || isNative);
}

void TypedPaneTest::writesNumbersAsPeopleDo()
{
    const Contact contact{.phoneNumber = u"+41615550100"_s};
    QCOMPARE(phoneText(contact.phoneNumber).mid(1), u"+41 61 555 01 00"_s);
    QCOMPARE(contactHandle(contact), phoneText(contact.phoneNumber));
    QCOMPARE(phoneText({}), QString());
    QCOMPARE(addressText(u"whatsapp:+41615550100"_s), phoneText(contact.phoneNumber));
    QCOMPARE(addressText(u"b6600000001/5500000001"_s), u"5500000001"_s);
    QCOMPARE(addressText(u"U000000000000000000000000000000a1"_s), u"U000000000000000000000000000000a1"_s);
    QCOMPARE(addressText(u"bakery"_s), u"bakery"_s);
}

void TypedPaneTest::asksBeforeADeliveryIsTakenOver()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.answers = {{u"inboxes.check"_s,
                       QJsonObject{{u"ok"_s, false},
                                   {u"checks"_s, QJsonArray{QJsonObject{{u"name"_s, u"subscription"_s},
                                                                        {u"ok"_s, false},
                                                                        {u"detail"_s, u"brought to another address, https://old.example/webhooks/telegram/3; taking it over would stop that installation's messages"_s}}}}}}};
    QVERIFY(f.open());
    f.window->showSettings();
    f.window->settingsPage()->showInboxes(InboxId(5));
    InboxCard *card = nullptr;
    for (InboxCard *one : f.window->findChildren<InboxCard *>()) {
        if (one->accessibleName() == f.desk.inboxes.at(4).name)
            card = one;
    }
    QVERIFY(card);
    QVERIFY(!button(*card, u"Take the delivery over …"_s));
    button(*card, u"Check"_s)->click();
    QTRY_VERIFY(button(*card, u"Take the delivery over …"_s));
    QVERIFY(shows(*card, u"delivered to another address: https://old.example/webhooks/telegram/3"_s));
    button(*card, u"Take the delivery over …"_s)->click();
    QCOMPARE(f.desk.callsOf(u"inboxes.check"_s).size(), 1);               // it asks first
    auto *dialog = card->findChild<QMessageBox *>();
    QVERIFY(dialog && dialog->text().contains(u"https://old.example"_s));
    f.desk.answers = {};
    button(*dialog, u"Take over"_s)->click();
    QTRY_COMPARE(f.desk.callsOf(u"inboxes.check"_s).size(), 2);
    QCOMPARE(f.desk.callsOf(u"inboxes.check"_s).last(), (QJsonObject{{u"id"_s, u"5"_s}, {u"repair"_s, true}}));
    QTRY_VERIFY(!button(*card, u"Take the delivery over …"_s));
}

void TypedPaneTest::asksAnewWhereTheAddressIsAnotherByNow()
{
    const auto found = [](const QString &address) {
        return DeskCheck{.lines = {{.name = u"subscription"_s, .detail = u"brought to another address, %1; taking it over would stop that installation's messages"_s.arg(address)}}};
    };
    const Theme theme;
    InboxCard card(theme);
    const auto question = [&card]() -> QMessageBox * {
        for (QMessageBox *one : card.findChildren<QMessageBox *>()) {
            if (one->isVisible())
                return one;
        }
        return nullptr;
    };
    card.setInbox({.id = InboxId(5), .channel = Channel::Telegram, .name = u"Bot"_s});
    card.show();
    QSignalSpy taken(&card, &InboxCard::takeOverRequested);
    card.showCheck(found(u"https://one.example/t"_s));
    button(card, u"Take the delivery over …"_s)->click();
    QVERIFY(question() && question()->text().contains(u"https://one.example/t"_s));
    card.showCheck(found(u"https://two.example/t"_s));
    button(*question(), u"Take over"_s)->click();
    QCOMPARE(taken.size(), 0);
    QVERIFY(question() && question()->text().contains(u"https://two.example/t"_s));
    button(*question(), u"Take over"_s)->click();
    QCOMPARE(taken.size(), 1);
    QCOMPARE(taken.first().first().toString(), u"https://two.example/t"_s);
    button(card, u"Take the delivery over …"_s)->click();
    card.showCheck(DeskCheck{.isOk = true});
    QVERIFY(question());
    button(*question(), u"Take over"_s)->click();
    QCOMPARE(taken.size(), 1);                                            // nobody is there any more to be taken from
    QVERIFY(!question());
}

void TypedPaneTest::bringsThePhonesHistoryOnce()
{
    const QString words = u"Bring contacts and history from the phone"_s;
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[1].settings = {{u"coexistence"_s, true}};
    QVERIFY(f.open());
    f.window->showSettings();
    QAbstractButton *bring = button(*f.window, words);
    QVERIFY(bring);
    f.desk.refused = {{u"inboxes.sync_phone"_s, -32005}};
    bring->click();
    QTRY_VERIFY(shows(*f.window, u"asked already"_s));
    f.desk.refused = {};
    bring->click();
    QTRY_COMPARE(f.desk.callsOf(u"inboxes.sync_phone"_s).size(), 2);
    QCOMPARE(f.desk.callsOf(u"inboxes.sync_phone"_s).last(), (QJsonObject{{u"id"_s, u"2"_s}}));
    f.desk.inboxes[1].settings = {{u"coexistence"_s, true},
                                  {u"phone_sync"_s, QJsonObject{{u"steps"_s, QJsonArray{QJsonObject{{u"sync"_s, u"history"_s}, {u"state"_s, u"refused"_s}, {u"detail"_s, u"too late"_s}}}}}}};
    f.desk.tell(u"inbox.updated"_s, toJson(f.desk.inboxes.at(1)));
    QTRY_VERIFY(!button(*f.window, words));
    QVERIFY(shows(*f.window, u"too late"_s));
}

void TypedPaneTest::saysWhatKeepsAnInboxFromWorking_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("part");
    QTest::newRow("another reader") << u"other_reader"_s << u"Another program fetches"_s;
    QTest::newRow("allowance") << u"quota"_s << u"used up"_s;
    QTest::newRow("a word of later") << u"moon_phase"_s << u"moon phase"_s;
}

void TypedPaneTest::saysWhatKeepsAnInboxFromWorking()
{
    QFETCH(QString, kind);
    QFETCH(QString, part);
    const Theme theme;
    InboxCard card(theme);
    card.setInbox({.id = InboxId(5), .channel = Channel::Telegram, .name = u"Bot"_s, .settings = {{u"notice"_s, QJsonObject{{u"kind"_s, kind}}}}});
    card.show();
    QVERIFY(shows(card, part));
}

void TypedPaneTest::translatesWhatACheckFound_data()
{
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QString>("text");
    QTest::newRow("another reader") << u"another program fetches this account's messages: stop it; it is tried again every minute. messages are fetched"_s
                                    << u"another program fetches this account's messages: stop that one"_s;
    QTest::newRow("LINE's test") << u"subscribed, to be brought to https://a.example/webhooks/line/1; LINE could not bring a test: REQUEST_TIMEOUT, status 0"_s
                                 << u"subscribed, delivered to https://a.example/webhooks/line/1; LINE's test of the webhook failed: REQUEST_TIMEOUT, status 0"_s;
    QTest::newRow("allowance") << u"messages are fetched; 190 of 200 messages of this month are used, nearly all of them"_s
                               << u"messages are fetched; 190 of 200 messages of this month are used. Hardly any are left; answers within a minute cost none."_s;
    QTest::newRow("in the way") << u"nothing can be fetched while another address is brought the messages, https://x.example/t; taking it over would stop that installation"_s
                                << u"nothing can be fetched while messages are delivered to another address: https://x.example/t"_s;
    QTest::newRow("new words") << u"something; nobody knows"_s << u"something; nobody knows"_s;
}

void TypedPaneTest::translatesWhatACheckFound()
{
    QFETCH(QString, detail);
    QFETCH(QString, text);
    QCOMPARE(checkLineText({.name = u"subscription"_s, .isOk = true, .detail = detail}), u"The platform delivers to this address (%1)"_s.arg(text));
}

ANTIPHON_TEST(TypedPaneTest)

} // namespace antiphon::test

#include "tst_typedpane.moc"
