#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/onboarding/choicerow.h"
#include "ui/onboarding/connectpage.h"
#include "ui/onboarding/fieldrow.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>

namespace antiphon::test {
using namespace Qt::StringLiterals;

namespace {

const QString kToken = u"7000000001:AAExampleExampleExampleExample-_Exam"_s;
const QString kAccount = u"AC0123456789abcdef0123456789abcdef"_s;
const QString kAuthToken = u"0123456789abcdef0123456789abcdef"_s;
const QString kService = u"MG0123456789abcdef0123456789abcdef"_s;

QAbstractButton *button(const QWidget &page, const QString &text)
{
    for (QAbstractButton *one : page.findChildren<QAbstractButton *>()) {
        if (one->isVisible() && one->text() == text)
            return one;
    }
    return nullptr;
}

bool shows(const QWidget &page, const QString &part)
{
    for (const QLabel *label : page.findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(part))
            return true;
    }
    return false;
}

FieldRow *field(const ConnectPage &page, const QString &key)
{
    for (FieldRow *row : page.findChildren<FieldRow *>()) {
        if (row->field().key == key)
            return row;
    }
    return nullptr;
}

void type(const ConnectPage &page, const QString &key, const QString &text)
{
    FieldRow *row = field(page, key);
    QVERIFY2(row, qPrintable(key));
    row->edit()->setText(text);
}

ChoiceRow *choice(const ConnectPage &page, const QString &key)
{
    for (ChoiceRow *row : page.findChildren<ChoiceRow *>()) {
        if (row->choice().key == key)
            return row;
    }
    return nullptr;
}

QJsonObject created(const ShopDesk &desk)
{
    return desk.callsOf(u"inboxes.create"_s).value(0);
}

} // namespace

/// The assistants of the channels that are connected by typing: Telegram, LINE and Twilio.
class ConnectTypedTest : public QObject {
    Q_OBJECT
private slots:
    void connectsABotThatIsFetched();
    void connectsABotThatIsDelivered();
    void saysBesideTheFieldWhatIsWrong_data();
    void saysBesideTheFieldWhatIsWrong();
    void putsARefusalBesideItsField_data();
    void putsARefusalBesideItsField();
    void connectsLineAndTellsItsSwitches();
    void saysWhatLineLacksWithoutAnAddress();
    void connectsANumberOfTwilio();
    void connectsAMessagingServiceWithAnApiKey();
    void opensWhatIsFoldedAwayWhereItIsWrong();
    void asksOnlyForTheNewKeysOnReconnecting();
    void changesTheDeliveryWithoutANewToken();
    void asksForANewTokenWhereTheOldOneIsRefused();
};

void ConnectTypedTest::connectsABotThatIsFetched()
{
    WindowFixture f;
    f.desk.publicUrl.clear();
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Telegram);
    ConnectPage &page = *f.window->assistant();
    QVERIFY(button(page, u"Connect"_s));                                  // no address is asked for
    QVERIFY(!button(page, u"Telegram delivers them (webhook)"_s)->isEnabled());
    QVERIFY(shows(page, u"There is none yet"_s));
    type(page, u"bot_token"_s, u' ' + kToken + u' ');
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(shows(page, u"this computer fetches its messages from Telegram"_s));
    QCOMPARE(created(f.desk).value("delivery"_L1).toString(), u"poll"_s);
    QCOMPARE(created(f.desk).value("secrets"_L1).toObject(), (QJsonObject{{u"bot_token"_s, kToken}}));
    QCOMPARE(created(f.desk).value("settings"_L1).toObject(), QJsonObject());
    QVERIFY(field(page, u"bot_token"_s)->edit()->text().isEmpty());
    QVERIFY(shows(page, u"Telegram Business"_s));                         // what else it can do comes once it is connected
    QVERIFY(f.desk.callsOf(u"apps.get"_s).isEmpty());
}

void ConnectTypedTest::connectsABotThatIsDelivered()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Telegram);
    ConnectPage &page = *f.window->assistant();
    QCOMPARE(choice(page, u"delivery"_s)->value(), u"webhook"_s);         // there is an address
    type(page, u"bot_token"_s, kToken);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(shows(page, u"Telegram delivers to this computer"_s));
    QCOMPARE(created(f.desk).value("delivery"_L1).toString(), u"webhook"_s);
}

void ConnectTypedTest::saysBesideTheFieldWhatIsWrong_data()
{
    QTest::addColumn<Channel>("channel");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("bot: only the digits") << Channel::Telegram << u"bot_token"_s << u"7000000001"_s << u"a colon"_s;
    QTest::newRow("bot: cut") << Channel::Telegram << u"bot_token"_s << u"7000000001:AAEx"_s << u"Copy all of it"_s;
    QTest::newRow("bot: nothing") << Channel::Telegram << u"bot_token"_s << QString() << u"needed"_s;
    QTest::newRow("bot: a server without a scheme") << Channel::Telegram << u"api_url"_s << u"127.0.0.1:8081"_s << u"whole address"_s;
    QTest::newRow("LINE: the account's id") << Channel::Line << u"channel_id"_s << u"@123abcde"_s << u"only digits"_s;
    QTest::newRow("LINE: a token as secret") << Channel::Line << u"channel_secret"_s << kToken << u"32 letters"_s;
    QTest::newRow("Twilio: another SID") << Channel::Twilio << u"account_sid"_s << kService << u"“AC”"_s;
    QTest::newRow("Twilio: a number without its country") << Channel::Twilio << u"phone_number"_s << u"0155 50100142"_s << u"country's code"_s;
    QTest::newRow("Twilio: a cut service") << Channel::Twilio << u"phone_number"_s << kService.left(20) << u"service's SID"_s;
}

void ConnectTypedTest::saysBesideTheFieldWhatIsWrong()
{
    QFETCH(Channel, channel);
    QFETCH(QString, key);
    QFETCH(QString, text);
    QFETCH(QString, part);
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(channel);
    ConnectPage &page = *f.window->assistant();
    page.showStep(ConnectStep::Kind::Account);
    type(page, key, text);
    button(page, u"Connect"_s)->click();
    QVERIFY(shows(*field(page, key), part));
    QVERIFY(f.desk.callsOf(u"inboxes.create"_s).isEmpty());
}

void ConnectTypedTest::putsARefusalBesideItsField_data()
{
    QTest::addColumn<QString>("refused");
    QTest::addColumn<QString>("key");
    QTest::newRow("account") << u"account_sid"_s << u"account_sid"_s;
    QTest::newRow("token") << u"auth_token"_s << u"auth_token"_s;
    QTest::newRow("number") << u"phone_number"_s << u"phone_number"_s;
    QTest::newRow("service") << u"messaging_service_sid"_s << u"phone_number"_s;
}

void ConnectTypedTest::putsARefusalBesideItsField()
{
    QFETCH(QString, refused);
    QFETCH(QString, key);
    WindowFixture f;
    f.desk.refused = {{u"inboxes.create"_s, -32004}};
    f.desk.refusedFields = {{u"inboxes.create"_s, refused}};
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Twilio);
    ConnectPage &page = *f.window->assistant();
    type(page, u"account_sid"_s, kAccount);
    type(page, u"auth_token"_s, kAuthToken);
    type(page, u"phone_number"_s, u"+15550100142"_s);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(shows(*field(page, key), u"Twilio "_s));
    QCOMPARE(field(page, key)->edit()->accessibleDescription(), field(page, key)->field().refused);
    QVERIFY(!field(page, u"auth_token"_s)->edit()->text().isEmpty());     // nothing has to be typed twice
}

void ConnectTypedTest::connectsLineAndTellsItsSwitches()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.desk.answers = {{u"inboxes.check"_s, QJsonObject{{u"ok"_s, true},
                                                       {u"checks"_s, QJsonArray{QJsonObject{{u"name"_s, u"credentials"_s}, {u"ok"_s, true}},
                                                                                QJsonObject{{u"name"_s, u"webhook_test"_s}, {u"ok"_s, true}, {u"detail"_s, u"LINE's test got 200"_s}}}}}}};
    f.window->connectChannel(Channel::Line);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    button(page, u"Next"_s)->click();
    type(page, u"channel_id"_s, u"1650000001"_s);
    type(page, u"channel_secret"_s, u"8c570fa6dd201bb328f1c1eac23a96d8"_s);
    type(page, u"channel_token"_s, QString(120, u'a') + u"+/="_s);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(shows(page, u"“Use webhook” is on"_s));
    QVERIFY(shows(page, u"Webhook redelivery"_s) && shows(page, u"Auto-reply messages"_s));
    QVERIFY(shows(page, u"/webhooks/line"_s));
    QVERIFY(!created(f.desk).contains("delivery"_L1));
    QCOMPARE(created(f.desk).value("settings"_L1).toObject(), (QJsonObject{{u"channel_id"_s, u"1650000001"_s}}));
    button(page, u"Next"_s)->click();
    QTRY_VERIFY(shows(page, u"LINE delivers to this computer"_s));
    QVERIFY(shows(page, u"LINE's test got 200"_s));                       // also what went well is told
    QVERIFY(shows(page, u"Replies sent from the LINE app will not appear here"_s));
}

void ConnectTypedTest::saysWhatLineLacksWithoutAnAddress()
{
    WindowFixture f;
    f.desk.publicUrl.clear();
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Line);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(button(page, u"Go on without"_s));
    QVERIFY(shows(page, u"nothing that customers write arrives"_s));
}

void ConnectTypedTest::connectsANumberOfTwilio()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Twilio);
    ConnectPage &page = *f.window->assistant();
    QCOMPARE(choice(page, u"delivery"_s)->value(), u"both"_s);
    QCOMPARE(choice(page, u"medium"_s)->value(), u"sms"_s);
    button(page, u"WhatsApp over Twilio"_s)->click();
    type(page, u"account_sid"_s, kAccount);
    type(page, u"auth_token"_s, kAuthToken);
    type(page, u"phone_number"_s, u"whatsapp:+1 (555) 010-0142"_s);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(button(page, u"Done"_s));
    QCOMPARE(created(f.desk).value("settings"_L1).toObject(),
             (QJsonObject{{u"account_sid"_s, kAccount}, {u"phone_number"_s, u"whatsapp:+15550100142"_s}, {u"medium"_s, u"whatsapp"_s}}));
    QCOMPARE(created(f.desk).value("secrets"_L1).toObject(), (QJsonObject{{u"auth_token"_s, kAuthToken}}));
    QCOMPARE(created(f.desk).value("delivery"_L1).toString(), u"both"_s);
}

void ConnectTypedTest::connectsAMessagingServiceWithAnApiKey()
{
    WindowFixture f;
    f.desk.publicUrl.clear();
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Twilio);
    ConnectPage &page = *f.window->assistant();
    QVERIFY(!field(page, u"api_key_sid"_s)->isVisible());
    button(page, u"More options"_s)->click();
    QVERIFY(field(page, u"api_key_sid"_s)->isVisible());
    type(page, u"account_sid"_s, kAccount);
    type(page, u"auth_token"_s, kAuthToken);
    type(page, u"phone_number"_s, kService);
    type(page, u"api_key_sid"_s, u"SK0123456789abcdef0123456789abcdef"_s);
    type(page, u"api_key_secret"_s, u"0123456789abcdefghijklmnopqrstuv"_s);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(button(page, u"Done"_s));
    QCOMPARE(created(f.desk).value("settings"_L1).toObject(),
             (QJsonObject{{u"account_sid"_s, kAccount}, {u"messaging_service_sid"_s, kService}, {u"medium"_s, u"sms"_s}}));
    QCOMPARE(created(f.desk).value("secrets"_L1).toObject().value("api_key_sid"_L1).toString(), u"SK0123456789abcdef0123456789abcdef"_s);
    QCOMPARE(created(f.desk).value("delivery"_L1).toString(), u"poll"_s);   // no public address is needed
}

void ConnectTypedTest::opensWhatIsFoldedAwayWhereItIsWrong()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Twilio);
    ConnectPage &page = *f.window->assistant();
    type(page, u"account_sid"_s, kAccount);
    type(page, u"auth_token"_s, kAuthToken);
    type(page, u"phone_number"_s, u"72975"_s);
    type(page, u"api_key_sid"_s, u"SK12"_s);
    button(page, u"Connect"_s)->click();
    QVERIFY(field(page, u"api_key_sid"_s)->isVisible());
    QVERIFY(shows(*field(page, u"api_key_sid"_s), u"“SK”"_s));
    QVERIFY(f.desk.callsOf(u"inboxes.create"_s).isEmpty());
}

void ConnectTypedTest::asksOnlyForTheNewKeysOnReconnecting()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[6].settings = {{u"account_sid"_s, kAccount}, {u"messaging_service_sid"_s, kService}, {u"medium"_s, u"whatsapp"_s}};
    f.desk.inboxes[6].delivery = Inbox::Delivery::Poll;
    QVERIFY(f.open());
    f.window->reconnect(InboxId(7));
    ConnectPage &page = *f.window->assistant();
    QCOMPARE(field(page, u"phone_number"_s)->edit()->text(), kService);
    QVERIFY(field(page, u"phone_number"_s)->edit()->isReadOnly());
    QCOMPARE(choice(page, u"medium"_s)->value(), u"whatsapp"_s);
    QVERIFY(!button(page, u"SMS and MMS"_s)->isEnabled());
    QCOMPARE(choice(page, u"delivery"_s)->value(), u"poll"_s);
    type(page, u"auth_token"_s, kAuthToken);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(button(page, u"Done"_s));
    const QJsonObject call = f.desk.callsOf(u"inboxes.update"_s).value(0);
    QCOMPARE(call.value("secrets"_L1).toObject(), (QJsonObject{{u"auth_token"_s, kAuthToken}}));
    QVERIFY(!call.contains("settings"_L1));
}

void ConnectTypedTest::changesTheDeliveryWithoutANewToken()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    f.window->reconnect(InboxId(5));
    ConnectPage &page = *f.window->assistant();
    QCOMPARE(choice(page, u"delivery"_s)->value(), u"webhook"_s);
    button(page, u"This computer fetches them"_s)->click();
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(button(page, u"Done"_s));
    QCOMPARE(f.desk.callsOf(u"inboxes.update"_s).value(0), (QJsonObject{{u"id"_s, u"5"_s}, {u"delivery"_s, u"poll"_s}}));
}

void ConnectTypedTest::asksForANewTokenWhereTheOldOneIsRefused()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[4].state = Inbox::State::ReauthorizationRequired;
    QVERIFY(f.open());
    f.window->reconnect(InboxId(5));
    ConnectPage &page = *f.window->assistant();
    button(page, u"Connect"_s)->click();
    QVERIFY(shows(*field(page, u"bot_token"_s), u"needed"_s));
    QVERIFY(f.desk.callsOf(u"inboxes.update"_s).isEmpty());
}

ANTIPHON_TEST(ConnectTypedTest)

} // namespace antiphon::test

#include "tst_connecttyped.moc"
