#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/mainwindow/firstchannels.h"
#include "ui/onboarding/connectpage.h"
#include "ui/onboarding/fieldrow.h"

#include <QAbstractButton>
#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QUrl>

namespace antiphon::test {
using namespace Qt::StringLiterals;

/// The assistants for WhatsApp, Instagram and Messenger.
class ConnectMetaTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup() { QDesktopServices::unsetUrlHandler(u"https"_s); }
    void offersEveryChannelItCanConnect();
    void everyPlanLeadsFromTheAddressToARealMessage();
    void connectsANumberOfWhatsapp();
    void saysBesideTheFieldWhatIsWrong_data();
    void saysBesideTheFieldWhatIsWrong();
    void putsARefusalBesideItsField();
    void saysThatAnAccountIsConnectedAlready();
    void connectsAPageOfMessenger();
    void keepsAStoredVerifyTokenUntilANewOneIsWanted();
    void readsTheVerifyTokenThatIsStored();
    void connectsInstagramInTheBrowser();
    void connectsInstagramByItsPage();
    void reconnectsInstagramTheWayItWasConnected();
    void asksOnlyForTheNewKeysOnReconnecting();
    void goesOnWithoutAnAddressWhereTheChannelCan();

public slots:
    void takeUrl(const QUrl &url) { m_opened = url; }

private:
    static QAbstractButton *button(const QWidget &page, const QString &text);
    static bool shows(const QWidget &page, const QString &part);
    static void type(const ConnectPage &page, const QString &key, const QString &text);
    static void typeWhatsapp(const ConnectPage &page);

    QUrl m_opened;
};

void ConnectMetaTest::init()
{
    m_opened.clear();
    QDesktopServices::setUrlHandler(u"https"_s, this, "takeUrl");
}

QAbstractButton *ConnectMetaTest::button(const QWidget &page, const QString &text)
{
    for (QAbstractButton *one : page.findChildren<QAbstractButton *>()) {
        if (one->isVisible() && one->text() == text)
            return one;
    }
    return nullptr;
}

bool ConnectMetaTest::shows(const QWidget &page, const QString &part)
{
    for (const QLabel *label : page.findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(part))
            return true;
    }
    return false;
}

void ConnectMetaTest::type(const ConnectPage &page, const QString &key, const QString &text)
{
    for (const FieldRow *row : page.findChildren<FieldRow *>()) {
        if (row->field().key == key) {
            row->edit()->setText(text);
            return;
        }
    }
    QFAIL(qPrintable(u"no field "_s + key));
}

void ConnectMetaTest::typeWhatsapp(const ConnectPage &page)
{
    type(page, u"phone_number"_s, u" 00 49 (155) 501-00001 "_s);
    type(page, u"phone_number_id"_s, u"200000000000001"_s);
    type(page, u"business_account_id"_s, u"100000000000001"_s);
    type(page, u"access_token"_s, u"EAAG0123456789abcdefghij"_s);
    type(page, u"app_secret"_s, u"0123456789abcdef0123456789abcdef"_s);
}

void ConnectMetaTest::offersEveryChannelItCanConnect()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    f.window->addChannel();
    for (const Channel channel : {Channel::Tiktok, Channel::Whatsapp, Channel::Instagram, Channel::Messenger, Channel::Telegram, Channel::Line, Channel::Twilio}) {
        f.window->addChannel();
        QAbstractButton *row = button(*f.window->channelChoice(), channelTitle(channel));
        QVERIFY(row);
        QVERIFY(!row->accessibleDescription().isEmpty());
        row->click();
        QVERIFY(f.window->assistant()->isVisible());
        QCOMPARE(f.window->assistant()->channel(), channel);
    }
}

void ConnectMetaTest::everyPlanLeadsFromTheAddressToARealMessage()
{
    QList<ConnectPlan> plans;
    for (const Channel channel : connectableChannels()) {
        const auto first = connectPlan(channel);
        QVERIFY(first);
        plans.append(*first);
        for (const ConnectChoice::Option &way : first->ways.options)
            plans.append(*connectPlan(channel, way.value));
    }
    for (const ConnectPlan &one : std::as_const(plans)) {
        const ConnectPlan *plan = &one;
        const Channel channel = one.channel;
        QCOMPARE(plan->steps.first().kind == ConnectStep::Kind::Address, channel != Channel::Telegram && channel != Channel::Twilio);   // these need none
        QCOMPARE(plan->steps.last().kind, ConnectStep::Kind::RoundTrip);
        bool connects = false;
        for (const ConnectStep &step : plan->steps) {
            QVERIFY(!step.title.isEmpty() && !step.heading.isEmpty());
            connects = connects || step.kind == ConnectStep::Kind::Consent || step.kind == ConnectStep::Kind::Account;
            for (const ConnectField &field : step.fields)
                QCOMPARE(field.isOfApp(), step.kind == ConnectStep::Kind::App);
        }
        QVERIFY(connects);
    }
}

void ConnectMetaTest::connectsANumberOfWhatsapp()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Whatsapp);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    button(page, u"Next"_s)->click();
    typeWhatsapp(page);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(shows(page, u"https://inbox.tidewick.example/webhooks/whatsapp/+4915550100001"_s));
    const QJsonObject call = f.desk.callsOf(u"inboxes.create"_s).value(0);
    QCOMPARE(call.value("channel"_L1).toString(), u"whatsapp"_s);
    QCOMPARE(call.value("settings"_L1).toObject(), (QJsonObject{{u"phone_number"_s, u"+4915550100001"_s}, {u"phone_number_id"_s, u"200000000000001"_s},
                                                               {u"business_account_id"_s, u"100000000000001"_s}}));
    const QString verify = call.value("secrets"_L1).toObject().value("verify_token"_L1).toString();
    QCOMPARE(verify.size(), 32);
    QVERIFY(shows(page, verify));                                         // the same is shown to be entered at Meta
    for (const FieldRow *row : page.findChildren<FieldRow *>())
        QVERIFY(!row->field().isSecret() || row->edit()->text().isEmpty());
    button(page, u"Next"_s)->click();
    QTRY_VERIFY(shows(page, u"WhatsApp delivers to this computer"_s));
    Message message = incoming(1, u"Is this working?"_s);
    message.inboxId = InboxId(51);
    f.desk.tell(u"message.created"_s, toJson(message));
    QTRY_VERIFY(shows(page, u"Is this working?"_s));
    QSignalSpy finished(&page, &ConnectPage::finished);
    button(page, u"Done"_s)->click();
    QCOMPARE(finished.size(), 1);
}

void ConnectMetaTest::saysBesideTheFieldWhatIsWrong_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("number without country") << u"phone_number"_s << u"0155 50100001"_s << u"7 to 15 digits"_s;
    QTest::newRow("number as id") << u"phone_number_id"_s << u"+4915550100001"_s << u"only digits"_s;
    QTest::newRow("token cut") << u"access_token"_s << u"EAAG"_s << u"one long word"_s;
    QTest::newRow("token with a blank") << u"access_token"_s << u"EAAG0123456789 abcdefghij"_s << u"one long word"_s;
    QTest::newRow("secret of another kind") << u"app_secret"_s << u"EAAG0123456789abcdefghij"_s << u"32 letters"_s;
    QTest::newRow("nothing") << u"business_account_id"_s << QString() << u"needed"_s;
}

void ConnectMetaTest::saysBesideTheFieldWhatIsWrong()
{
    QFETCH(QString, key);
    QFETCH(QString, text);
    QFETCH(QString, part);
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Whatsapp);
    ConnectPage &page = *f.window->assistant();
    page.showStep(ConnectStep::Kind::Account);
    typeWhatsapp(page);
    type(page, key, text);
    button(page, u"Connect"_s)->click();
    QVERIFY(shows(page, part));
    QVERIFY(f.desk.callsOf(u"inboxes.create"_s).isEmpty());
}

void ConnectMetaTest::putsARefusalBesideItsField()
{
    WindowFixture f;
    f.desk.refused = {{u"inboxes.create"_s, -32004}};
    f.desk.refusedFields = {{u"inboxes.create"_s, u"access_token"_s}};
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Whatsapp);
    ConnectPage &page = *f.window->assistant();
    page.showStep(ConnectStep::Kind::Account);
    typeWhatsapp(page);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(shows(page, u"does not accept this token"_s));
    for (const FieldRow *row : page.findChildren<FieldRow *>()) {
        QCOMPARE(!row->edit()->accessibleDescription().isEmpty(), row->field().key == u"access_token"_s);
        QVERIFY(!row->edit()->text().isEmpty());                          // nothing has to be typed twice
    }
    QVERIFY(button(page, u"Connect"_s)->isEnabled());
}

void ConnectMetaTest::saysThatAnAccountIsConnectedAlready()
{
    WindowFixture f;
    f.desk.refused = {{u"inboxes.create"_s, -32005}};
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Whatsapp);
    ConnectPage &page = *f.window->assistant();
    page.showStep(ConnectStep::Kind::Account);
    typeWhatsapp(page);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(shows(page, u"connected already"_s));
}

void ConnectMetaTest::connectsAPageOfMessenger()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Messenger);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    button(page, u"Next"_s)->click();
    type(page, u"app_id"_s, u"1234567890123456"_s);
    type(page, u"app_secret"_s, u"0123456789abcdef0123456789abcdef"_s);
    button(page, u"Save and go on"_s)->click();
    QTRY_VERIFY(shows(page, u"https://inbox.tidewick.example/webhooks/messenger"_s));
    const QString verify = f.desk.callsOf(u"apps.set"_s).value(0).value("secrets"_L1).toObject().value("verify_token"_L1).toString();
    QCOMPARE(verify.size(), 32);
    QVERIFY(shows(page, verify));
    button(page, u"Next"_s)->click();
    type(page, u"page_id"_s, u"300000000000001"_s);
    type(page, u"page_access_token"_s, u"EAAG0123456789abcdefghij"_s);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(button(page, u"Done"_s));
    const QJsonObject call = f.desk.callsOf(u"inboxes.create"_s).value(0);
    QCOMPARE(call.value("secrets"_L1).toObject(), (QJsonObject{{u"page_access_token"_s, u"EAAG0123456789abcdefghij"_s}}));
    QCOMPARE(call.value("settings"_L1).toObject(), (QJsonObject{{u"page_id"_s, u"300000000000001"_s}}));
}

void ConnectMetaTest::keepsAStoredVerifyTokenUntilANewOneIsWanted()
{
    WindowFixture f;
    f.desk.app.insert(u"secrets_set"_s, QJsonArray{u"app_secret"_s, u"verify_token"_s});
    f.desk.app.insert(u"settings"_s, QJsonObject{{u"app_id"_s, u"1234567890123456"_s}});
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Messenger);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    button(page, u"Next"_s)->click();
    f.desk.refused = {{u"inboxes.verify_token"_s, -32002}};             // an agent, not the owner
    button(page, u"Save and go on"_s)->click();
    QTRY_VERIFY(button(page, u"Make a new verify token"_s));
    QVERIFY(!f.desk.callsOf(u"apps.set"_s).value(0).value("secrets"_L1).toObject().contains("verify_token"_L1));
    button(page, u"Make a new verify token"_s)->click();
    QTRY_COMPARE(f.desk.callsOf(u"apps.set"_s).size(), 2);
    const QString verify = f.desk.callsOf(u"apps.set"_s).value(1).value("secrets"_L1).toObject().value("verify_token"_L1).toString();
    QVERIFY(shows(page, verify));
    QTRY_VERIFY(shows(page, u"Enter it at Meta, too"_s));
}

void ConnectMetaTest::readsTheVerifyTokenThatIsStored()
{
    WindowFixture f;
    f.desk.app.insert(u"secrets_set"_s, QJsonArray{u"app_secret"_s, u"verify_token"_s});
    f.desk.answers = {{u"inboxes.verify_token"_s, QJsonObject{{u"verify_token"_s, u"storedlongago0123456789abcdef"_s}}}};
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Messenger);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    page.showStep(ConnectStep::Kind::Deliver);
    QTRY_VERIFY(shows(page, u"storedlongago0123456789abcdef"_s));
    QVERIFY(!button(page, u"Make a new verify token"_s));
}

void ConnectMetaTest::connectsInstagramInTheBrowser()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Instagram);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    button(page, u"Next"_s)->click();
    QVERIFY(shows(page, u"https://inbox.tidewick.example/instagram/callback"_s));
    type(page, u"app_id"_s, u"1234567890123456"_s);
    type(page, u"app_secret"_s, u"0123456789abcdef0123456789abcdef"_s);
    button(page, u"Save and go on"_s)->click();
    QTRY_VERIFY(shows(page, u"https://inbox.tidewick.example/webhooks/instagram"_s));
    button(page, u"Next"_s)->click();
    button(page, u"Open Instagram in the browser"_s)->click();
    QTRY_COMPARE(m_opened.host(), u"consent.example"_s);
    const Inbox other{.id = InboxId(61), .channel = Channel::Tiktok, .name = u"Somebody else's"_s};
    f.desk.tell(u"inbox.created"_s, toJson(other));
    const Inbox inbox{.id = InboxId(60), .channel = Channel::Instagram, .name = u"tidewick.studio"_s};
    f.desk.tell(u"inbox.created"_s, toJson(inbox));
    QTRY_VERIFY(shows(page, u"tidewick.studio"_s));
    QVERIFY(!shows(page, u"Somebody else's"_s));
}

void ConnectMetaTest::connectsInstagramByItsPage()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Instagram);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    QVERIFY(button(page, u"By Instagram Login (recommended)"_s)->isChecked());
    button(page, u"By the Facebook page it is linked to"_s)->click();
    const auto asksForAPage = [&page] {
        const QList<FieldRow *> rows = page.findChildren<FieldRow *>();
        return std::any_of(rows.begin(), rows.end(), [](const FieldRow *row) { return row->field().key == "page_id"_L1; });
    };
    QTRY_VERIFY(asksForAPage());
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    QTRY_VERIFY(button(page, u"By the Facebook page it is linked to"_s));
    QVERIFY(button(page, u"By the Facebook page it is linked to"_s)->isChecked());
    button(page, u"Next"_s)->click();
    type(page, u"app_id"_s, u"1234567890123456"_s);
    type(page, u"app_secret"_s, u"0123456789abcdef0123456789abcdef"_s);
    button(page, u"Save and go on"_s)->click();
    QTRY_VERIFY(shows(page, u"https://inbox.tidewick.example/webhooks/instagram"_s));
    const QJsonObject app = f.desk.callsOf(u"apps.set"_s).value(0);
    QCOMPARE(app.value("channel"_L1).toString(), u"messenger"_s);             // Facebook's application signs and proves
    QVERIFY(shows(page, app.value("secrets"_L1).toObject().value("verify_token"_L1).toString()));
    button(page, u"Next"_s)->click();
    type(page, u"page_id"_s, u"300000000000001"_s);
    type(page, u"page_access_token"_s, u"EAAG0123456789abcdefghij"_s);
    f.desk.refused = {{u"inboxes.create"_s, -32004}};
    f.desk.refusedFields = {{u"inboxes.create"_s, u"page_id"_s}};
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(shows(page, u"No Instagram account is linked"_s));
    f.desk.refused.clear();
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(button(page, u"Done"_s));
    const QJsonObject call = f.desk.callsOf(u"inboxes.create"_s).last();
    QCOMPARE(call.value("channel"_L1).toString(), u"instagram"_s);
    QCOMPARE(call.value("secrets"_L1).toObject(), (QJsonObject{{u"page_access_token"_s, u"EAAG0123456789abcdefghij"_s}}));
    QCOMPARE(call.value("settings"_L1).toObject(), (QJsonObject{{u"page_id"_s, u"300000000000001"_s}}));
}

void ConnectMetaTest::reconnectsInstagramTheWayItWasConnected()
{
    WindowFixture f;
    f.desk.fill();
    const auto instagram = std::find_if(f.desk.inboxes.begin(), f.desk.inboxes.end(), [](const Inbox &inbox) { return inbox.channel == Channel::Instagram; });
    QVERIFY(instagram != f.desk.inboxes.end());
    instagram->settings = {{u"page_id"_s, u"300000000000001"_s}};
    instagram->state = Inbox::State::ReauthorizationRequired;
    QVERIFY(f.open());
    f.window->reconnect(instagram->id);
    ConnectPage &page = *f.window->assistant();
    QVERIFY(button(page, u"Connect"_s));
    type(page, u"page_access_token"_s, u"EAAG0123456789abcdefghij"_s);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(button(page, u"Done"_s));
    QCOMPARE(f.desk.callsOf(u"inboxes.update"_s).value(0).value("secrets"_L1).toObject(), (QJsonObject{{u"page_access_token"_s, u"EAAG0123456789abcdefghij"_s}}));
}

void ConnectMetaTest::asksOnlyForTheNewKeysOnReconnecting()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[1].settings = {{u"phone_number"_s, u"+4915550100001"_s}, {u"phone_number_id"_s, u"200000000000001"_s}, {u"business_account_id"_s, u"100000000000001"_s}};
    QVERIFY(f.open());
    f.window->reconnect(InboxId(2));
    ConnectPage &page = *f.window->assistant();
    QVERIFY(button(page, u"Connect"_s));                                  // the address is known, the account is too
    type(page, u"access_token"_s, u"EAAG0123456789abcdefghij"_s);
    button(page, u"Connect"_s)->click();
    QTRY_VERIFY(button(page, u"Done"_s));
    const QJsonObject call = f.desk.callsOf(u"inboxes.update"_s).value(0);
    QCOMPARE(call.value("id"_L1).toString(), u"2"_s);
    QCOMPARE(call.value("secrets"_L1).toObject(), (QJsonObject{{u"access_token"_s, u"EAAG0123456789abcdefghij"_s}}));
}

void ConnectMetaTest::goesOnWithoutAnAddressWhereTheChannelCan()
{
    WindowFixture f;
    f.desk.publicUrl.clear();
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Whatsapp);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(button(page, u"Go on without"_s));
    f.window->connectChannel(Channel::Instagram);
    QTRY_VERIFY(button(page, u"Next"_s));
    QVERIFY(!button(page, u"Next"_s)->isEnabled());
}

ANTIPHON_TEST(ConnectMetaTest)

} // namespace antiphon::test

#include "tst_connectmeta.moc"
