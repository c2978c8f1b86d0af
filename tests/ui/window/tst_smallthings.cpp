#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/composer/composerstate.h"
#include "ui/contactpanel/panelrow.h"
#include "ui/conversationview/conversationview.h"
#include "ui/diagnosis/diagnosispage.h"
#include "ui/mainwindow/actions.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/models/tunneltext.h"
#include "ui/settings/inboxcard.h"
#include "ui/settings/settingspage.h"
#include "ui/settings/sleepsettings.h"
#include "ui/widgets/banner.h"

#include <QAccessible>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QRadioButton>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// What the window says and offers beside its main work.
class SmallThingsTest : public QObject {
    Q_OBJECT
private slots:
    void takesBackWhatAKeyDid();
    void theOfferToTakeBackCanBeClosed();
    void saysWhatTheServerWantsAnInboxsOwnerToKnow();
    void saysThatTheComputerCannotBeKeptAwake();
    void storesWhetherTheComputerIsKeptAwake();
    void leadsFromAFailedEventToItsDiagnosis();
    void copiesAnIdByAClick();
    void staysInTheSectionWhenTheLanguageChanges();
    void composesWithinTheInboxsOwnLimits();
    void saysAFieldsErrorInItsOwnWords();
};

void SmallThingsTest::takesBackWhatAKeyDid()
{
    test::WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    Actions &actions = f.window->actions();
    QVERIFY(!f.window->undoBar()->isVisible());
    QVERIFY(!actions[Actions::Id::Undo]->isEnabled());
    actions[Actions::Id::Resolve]->trigger();
    QVERIFY(f.window->undoBar()->isVisible());
    QVERIFY(f.window->undoBar()->accessibleName().contains(u"resolved"_s));
    QTRY_COMPARE(f.desk.callsOf(u"conversations.update"_s).size(), 1);
    actions[Actions::Id::Undo]->trigger();
    QVERIFY(!f.window->undoBar()->isVisible());
    QTRY_COMPARE(f.desk.callsOf(u"conversations.update"_s).size(), 2);
    QCOMPARE(f.desk.callsOf(u"conversations.update"_s).last().value("status"_L1).toString(), u"open"_s);
}

void SmallThingsTest::theOfferToTakeBackCanBeClosed()
{
    test::WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    f.window->actions()[Actions::Id::Resolve]->trigger();
    QVERIFY(f.window->undoBar()->isVisible());
    emit f.window->undoBar()->closed();
    QVERIFY(!f.window->undoBar()->isVisible());
    QVERIFY(!f.window->actions()[Actions::Id::Undo]->isEnabled());
}

void SmallThingsTest::saysWhatTheServerWantsAnInboxsOwnerToKnow()
{
    const Theme theme;
    InboxCard card(theme);
    Inbox inbox{.id = InboxId(1), .name = u"Shop"_s};
    const auto says = [&card](const QString &words) {
        const QList<QLabel *> labels = card.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&words](const QLabel *label) { return !label->isHidden() && label->text().contains(words); });
    };
    card.setInbox(inbox);
    QVERIFY(!says(u"webhooks get lost"_s));
    inbox.settings = {{u"notice"_s, u"webhooks_lost"_s}};
    card.setInbox(inbox);
    QVERIFY(says(u"webhooks get lost"_s));
    inbox.settings = {{u"notice"_s, u"european_unreadable"_s}};
    card.setInbox(inbox);
    QVERIFY(says(u"EEA"_s));
}

void SmallThingsTest::saysThatTheComputerCannotBeKeptAwake()
{
    test::WindowFixture f;
    f.desk.fill();
    f.desk.answers[u"settings.get"_s] = {{u"values"_s, QJsonObject{{u"keep_awake"_s, u"always"_s}, {u"keep_awake_state"_s, u"not_available"_s}}}};
    QVERIFY(f.open());
    f.window->showSettings();
    f.window->settingsPage()->setSection(2);
    const auto *sleep = f.window->findChild<SleepSettings *>();
    QTRY_VERIFY2(sleep->stateText().contains(u"can't be kept awake"_s), qPrintable(sleep->stateText()));
}

void SmallThingsTest::storesWhetherTheComputerIsKeptAwake()
{
    test::WindowFixture f;
    f.desk.fill();
    f.desk.answers[u"settings.get"_s] = {{u"values"_s, QJsonObject{{u"keep_awake"_s, u"off"_s}, {u"keep_awake_state"_s, u"off"_s}}}};
    QVERIFY(f.open());
    f.window->showSettings();
    f.window->settingsPage()->setSection(2);
    const QList<QRadioButton *> choices = f.window->findChild<SleepSettings *>()->findChildren<QRadioButton *>();
    QCOMPARE(choices.size(), 3);
    QTRY_VERIFY(choices.last()->isEnabled());
    choices.last()->click();
    QTRY_COMPARE(f.desk.callsOf(u"settings.set"_s).size(), 1);
    QCOMPARE(f.desk.callsOf(u"settings.set"_s).first().value("values"_L1).toObject().value("keep_awake"_L1).toString(), u"on_mains"_s);
}

void SmallThingsTest::leadsFromAFailedEventToItsDiagnosis()
{
    test::WindowFixture f;
    f.desk.fill();
    Message failed = f.desk.messages[ConversationId(1)].last();
    failed.id = MessageId(99'999);
    failed.direction = Message::Direction::Activity;
    failed.content.clear();
    failed.attachments.clear();
    failed.activity = {{u"kind"_s, u"event_failed"_s}, {u"event_id"_s, u"4"_s}};
    f.desk.messages[ConversationId(1)].append(failed);
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    QVERIFY(!f.window->diagnosisPage()->isVisible());
    QAccessibleInterface *rows = QAccessible::queryAccessibleInterface(f.window->conversationPane()->view());
    QVERIFY(rows && rows->childCount() > 0);
    QAccessibleActionInterface *row = rows->child(rows->childCount() - 1)->actionInterface();
    QVERIFY(row);
    QVERIFY2(row->actionNames().contains(u"Look at it under Diagnosis"_s), qPrintable(row->actionNames().join(u", "_s)));
    row->doAction(u"Look at it under Diagnosis"_s);
    QVERIFY(f.window->diagnosisPage()->isVisible());
}

void SmallThingsTest::copiesAnIdByAClick()
{
    const Theme theme;
    PanelRow row(theme, u"TikTok ID"_s, false);
    row.setValue(u"7bd2f0c4-a-very-long-id-that-has-no-room"_s);
    row.setCopies(true);
    QVERIFY(row.accessibleName().contains(row.value()));
    row.click();
    QCOMPARE(QGuiApplication::clipboard()->text(), row.value());
}

void SmallThingsTest::staysInTheSectionWhenTheLanguageChanges()
{
    test::WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    f.window->showSettings();
    f.window->settingsPage()->setSection(6);
    const QPointer<SettingsPage> before = f.window->settingsPage();
    QEvent change(QEvent::LanguageChange);
    QCoreApplication::sendEvent(f.window.get(), &change);
    QTRY_VERIFY(before.isNull());
    QCOMPARE(f.window->settingsPage()->section(), 6);
}

void SmallThingsTest::composesWithinTheInboxsOwnLimits()
{
    Inbox inbox{.channel = Channel::Telegram};
    QCOMPARE(composerLimits(inbox).text, 4096);
    inbox.limits = {{u"text_limit"_s, 900}, {u"text_unit"_s, u"utf16"_s}, {u"attachments"_s, 2}, {u"mimes"_s, QJsonArray{u"image/png"_s}}, {u"attachment_bytes"_s, 5000}, {u"quote"_s, false}};
    const ComposerLimits limits = composerLimits(inbox);
    QCOMPARE(limits.text, 900);
    QCOMPARE(limits.attachments, 2);
    QCOMPARE(limits.attachmentMimes, QStringList{u"image/png"_s});
    QCOMPARE(limits.attachmentBytes, 5000);
    QVERIFY(!limits.canQuote);
    QVERIFY(limits.textWithAttachment);
}

void SmallThingsTest::saysAFieldsErrorInItsOwnWords()
{
    QCOMPARE(tunneltext::fieldError(u"the host is needed"_s), u"The host is needed."_s);
    QVERIFY(tunneltext::fieldError(u"something new"_s).contains(u"something new"_s));
}

ANTIPHON_TEST(SmallThingsTest)
#include "tst_smallthings.moc"
