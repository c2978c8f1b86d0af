#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/onboarding/connectpage.h"
#include "ui/settings/language.h"

#include <QAbstractButton>
#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QUrl>

namespace antiphon::test {
using namespace Qt::StringLiterals;

class AssistantTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void needsAPublicAddress();
    void connectsAnAccountStepByStep();
    void saysWhyTheAppIsRefused();
    void leadsBackToTheKeysAfterARefusal();
    void speaksGermanAtOnce();

public slots:
    void takeUrl(const QUrl &url) { m_opened = url; }

private:
    static QAbstractButton *button(QWidget &page, const QString &text);
    static bool shows(QWidget &page, const QString &part);

    QUrl m_opened;
};

void AssistantTest::init()
{
    m_opened.clear();
    QDesktopServices::setUrlHandler(u"https"_s, this, "takeUrl");
}

void AssistantTest::cleanup()
{
    QDesktopServices::unsetUrlHandler(u"https"_s);
}

QAbstractButton *AssistantTest::button(QWidget &page, const QString &text)
{
    for (QAbstractButton *one : page.findChildren<QAbstractButton *>()) {
        if (one->isVisible() && one->text() == text)
            return one;
    }
    return nullptr;
}

bool AssistantTest::shows(QWidget &page, const QString &part)
{
    for (const QLabel *label : page.findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(part))
            return true;
    }
    return false;
}

void AssistantTest::needsAPublicAddress()
{
    WindowFixture f;
    f.desk.publicUrl.clear();
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Tiktok);
    QTRY_VERIFY(shows(*f.window->assistant(), u"--public-url"_s));
    QTRY_VERIFY(shows(*f.window->assistant(), u"No public address"_s));
    QVERIFY(!button(*f.window->assistant(), u"Next"_s)->isEnabled());
    QVERIFY(!button(*f.window->assistant(), u"Next"_s)->toolTip().isEmpty());
}

void AssistantTest::connectsAnAccountStepByStep()
{
    WindowFixture f;
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Tiktok);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    button(page, u"Next"_s)->click();
    QList<QLineEdit *> fields;
    for (QLineEdit *field : page.findChildren<QLineEdit *>()) {
        if (field->isVisible())
            fields.append(field);
    }
    QCOMPARE(fields.size(), 2);
    button(page, u"Save and go on"_s)->click();
    QVERIFY(f.desk.callsOf(u"apps.set"_s).isEmpty());                   // both are needed
    fields.at(0)->setText(u"7000000000000000001"_s);
    fields.at(1)->setText(u"a-secret"_s);
    button(page, u"Save and go on"_s)->click();
    QTRY_VERIFY(button(page, u"Open TikTok in the browser"_s));
    QVERIFY(fields.at(1)->text().isEmpty());                              // the secret doesn't stay in the field
    button(page, u"Open TikTok in the browser"_s)->click();
    QTRY_COMPARE(m_opened.host(), u"consent.example"_s);
    Inbox inbox{.id = InboxId(60), .name = u"New studio"_s};
    f.desk.inboxes.append(inbox);
    f.desk.tell(u"inbox.created"_s, toJson(inbox));
    QTRY_VERIFY(shows(page, u"New studio"_s));
    Message message = incoming(1, u"Is this working?"_s);
    message.inboxId = inbox.id;
    f.desk.tell(u"message.created"_s, toJson(message));
    QTRY_VERIFY(shows(page, u"Is this working?"_s));
    QSignalSpy finished(&page, &ConnectPage::finished);
    button(page, u"Done"_s)->click();
    QCOMPARE(finished.size(), 1);
}

void AssistantTest::saysWhyTheAppIsRefused()
{
    WindowFixture f;
    f.desk.app.insert(u"secrets_set"_s, QJsonArray{u"app_secret"_s});
    f.desk.app.insert(u"settings"_s, QJsonObject{{u"app_id"_s, u"1"_s}});
    f.desk.refused = {{u"apps.set"_s, -32002}};
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Tiktok);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    button(page, u"Next"_s)->click();
    QAbstractButton *save = button(page, u"Save and go on"_s);
    save->click();
    QTRY_COMPARE(f.desk.callsOf(u"apps.set"_s).size(), 1);
    QTRY_VERIFY(save->isEnabled());
    QVERIFY(save->isVisible());                                           // it stays, and another try is possible
}

void AssistantTest::leadsBackToTheKeysAfterARefusal()
{
    WindowFixture f;
    f.desk.app.insert(u"secrets_set"_s, QJsonArray{u"app_secret"_s});
    f.desk.app.insert(u"settings"_s, QJsonObject{{u"app_id"_s, u"1"_s}});
    f.desk.refused = {{u"inboxes.authorize"_s, -32002}};
    QVERIFY(f.open());
    f.window->connectChannel(Channel::Tiktok);
    ConnectPage &page = *f.window->assistant();
    QTRY_VERIFY(shows(page, u"inbox.tidewick.example"_s));
    page.showStep(ConnectStep::Kind::App);
    button(page, u"Save and go on"_s)->click();
    QTRY_VERIFY(button(page, u"Open TikTok in the browser"_s));
    QVERIFY(!button(page, u"Enter the keys again"_s));
    button(page, u"Open TikTok in the browser"_s)->click();
    QTRY_VERIFY(button(page, u"Enter the keys again"_s));
    button(page, u"Enter the keys again"_s)->click();
    QVERIFY(button(page, u"Save and go on"_s));
}

void AssistantTest::speaksGermanAtOnce()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    Language language;
    QVERIFY(Language::available().contains(u"de"_s));
    language.use(u"de"_s);
    QTRY_VERIFY(shows(*f.window, u"Posteingänge"_s));
    QVERIFY(f.window->models().current());
    language.use(u"en"_s);
    QTRY_VERIFY(shows(*f.window, u"Inboxes"_s));
}

ANTIPHON_TEST(AssistantTest)

} // namespace antiphon::test

#include "tst_assistant.moc"
