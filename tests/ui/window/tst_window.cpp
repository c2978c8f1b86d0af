#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/composer/composer.h"
#include "ui/composer/messageeditor.h"
#include "ui/conversationlist/conversationlistpane.h"
#include "ui/inboxlist/sidebar.h"
#include "ui/mainwindow/actions.h"
#include "ui/mainwindow/advisoryline.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/mainwindow/searchpane.h"
#include "ui/models/errortext.h"
#include "ui/widgets/banner.h"

#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class WindowTest : public QObject {
    Q_OBJECT
private slots:
    void showsTheListOfTheDesk();
    void namesTheUnreadInTheTitle();
    void showsThatTheServerIsGoneAndComesBack();
    void offersTheFirstChannelWhereThereIsNone();
    void sendsOneAfterTheOtherAndShowsThemAtOnce();
    void keepsARefusedMessageWithItsReason();
    void switchesToNotesWhenTheWindowClosesAndBackWhenTheCustomerWrites();
    void keepsTheDraftThroughClosingAndOtherConversations();
    void tellsOfTheNativeAppUntilDismissed();
    void showsOneBannerTheMostHinderingFirst();
    void findsMessagesAndOpensThem();
    void movesByKeyboardThroughTheList();
    void walksThePanesAndComesRound();
    void resolvesByItsAction();
    void arrangesItselfByWidth_data();
    void arrangesItselfByWidth();
};

void WindowTest::showsTheListOfTheDesk()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QCOMPARE(f.window->models().list().rowCount(), 11);
    QCOMPARE(f.window->models().inboxes().rowCount(), 7);
}

void WindowTest::namesTheUnreadInTheTitle()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QTRY_COMPARE(f.window->windowTitle(), u"(4) Tidewick Ceramics – Antiphon"_s);
}

void WindowTest::showsThatTheServerIsGoneAndComesBack()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    f.desk.setListening(false);
    f.desk.cut();
    Banner *banner = f.window->findChildren<Banner *>().first();
    QTRY_VERIFY(banner->isVisible());
    f.desk.setListening(true);
    QTRY_VERIFY_WITH_TIMEOUT(!banner->isVisible(), 10'000);
}

void WindowTest::offersTheFirstChannelWhereThereIsNone()
{
    WindowFixture f;
    QVERIFY(f.open());
    QAbstractButton *tiktok = nullptr;
    for (QAbstractButton *button : f.window->findChildren<QAbstractButton *>()) {
        if (button->accessibleName() == "Connect TikTok"_L1 && button->isVisible())
            tiktok = button;
    }
    QVERIFY(tiktok);
    tiktok->click();
    QTRY_COMPARE(f.desk.callsOf(u"apps.get"_s).size(), 1);
}

void WindowTest::sendsOneAfterTheOtherAndShowsThemAtOnce()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    const int before = f.window->models().messages().count();
    f.desk.silent = {u"messages.send"_s};
    Composer *composer = f.window->conversationPane()->composer();
    for (const QString &text : {u"first"_s, u"second"_s}) {
        composer->editor()->setPlainText(text);
        composer->send();
    }
    QCOMPARE(f.window->models().messages().count(), before + 2);
    QVERIFY(composer->editor()->toPlainText().isEmpty());
    QTRY_COMPARE(f.desk.callsOf(u"messages.send"_s).size(), 1);
    QCOMPARE(f.desk.callsOf(u"messages.send"_s).first().value("content"_L1).toString(), u"first"_s);
}

void WindowTest::keepsARefusedMessageWithItsReason()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    f.desk.refused = {{u"messages.send"_s, -32007}};
    Composer *composer = f.window->conversationPane()->composer();
    composer->editor()->setPlainText(u"too much"_s);
    composer->send();
    const MessageListModel &rows = f.window->models().messages();
    const auto last = [&rows]() -> const Message & { return rows.row(rows.count() - 1).message; };
    QTRY_COMPARE(last().status, MessageStatus::Failed);
    QVERIFY(last().externalError);
    // It is still there after another conversation was shown, and leaves when tried again.
    QVERIFY(f.show(8));
    QVERIFY(f.show(1));
    QTRY_COMPARE(last().content, u"too much"_s);
    QCOMPARE(last().status, MessageStatus::Failed);
    f.desk.refused.clear();
    f.window->conversationPane()->retryLastFailed();
    QTRY_VERIFY(!last().id.isNull());
    QCOMPARE(last().content, u"too much"_s);
}

void WindowTest::switchesToNotesWhenTheWindowClosesAndBackWhenTheCustomerWrites()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(8));
    ConversationPane *pane = f.window->conversationPane();
    QVERIFY(pane->banner()->isVisible());
    QCOMPARE(pane->composer()->mode(), Composer::Mode::Note);
    f.desk.receive(ConversationId(8), u"One more question"_s);
    QTRY_VERIFY(!pane->banner()->isVisible());
    QCOMPARE(pane->composer()->mode(), Composer::Mode::Reply);
}

void WindowTest::keepsTheDraftThroughClosingAndOtherConversations()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    MessageEditor *editor = f.window->conversationPane()->composer()->editor();
    editor->setPlainText(u"half a sentence"_s);
    QVERIFY(f.show(2));
    QVERIFY(editor->toPlainText().isEmpty());
    QTRY_COMPARE(f.desk.callsOf(u"drafts.set"_s).size(), 1);
    f.desk.find(ConversationId(1))->replyWindow = ReplyWindow{.rule = u"tiktok_48h"_s, .isOpen = false, .closesAt = kNow - 1min};
    f.desk.tell(u"conversation.updated"_s, toJson(*f.desk.find(ConversationId(1))));
    QTRY_VERIFY(!f.window->models().find(ConversationId(1))->replyWindow->isOpen);
    QVERIFY(f.show(1));
    QCOMPARE(f.window->conversationPane()->composer()->mode(), Composer::Mode::Note);
    QVERIFY(editor->toPlainText().isEmpty());
    f.desk.receive(ConversationId(1), u"back again"_s);
    QTRY_COMPARE(editor->toPlainText(), u"half a sentence"_s);
}

void WindowTest::tellsOfTheNativeAppUntilDismissed()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    AdvisoryLine *line = f.window->conversationPane()->advisory();
    QTRY_VERIFY(line->isVisible());
    emit line->dismissed();
    QVERIFY(!line->isVisible());
    QVERIFY(f.show(2));
    QVERIFY(f.show(1));
    QVERIFY(!line->isVisible());
}

void WindowTest::showsOneBannerTheMostHinderingFirst()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(8));
    Banner *banner = f.window->conversationPane()->banner();
    const QString closed = banner->accessibleName();
    QVERIFY(closed.contains("48"_L1));
    f.desk.inboxes.first().state = Inbox::State::ReauthorizationRequired;
    f.desk.tell(u"inbox.updated"_s, toJson(f.desk.inboxes.first()));
    QTRY_VERIFY(banner->accessibleName().contains("TikTok"_L1) && banner->accessibleName() != closed);
    const QString reconnect = banner->accessibleName();
    f.desk.inboxes.first().state = Inbox::State::Disabled;
    f.desk.tell(u"inbox.updated"_s, toJson(f.desk.inboxes.first()));
    QTRY_VERIFY(banner->accessibleName() != reconnect && banner->accessibleName() != closed);
    f.desk.inboxes.first().state = Inbox::State::Active;
    f.desk.tell(u"inbox.updated"_s, toJson(f.desk.inboxes.first()));
    QTRY_COMPARE(banner->accessibleName(), closed);
}

void WindowTest::findsMessagesAndOpensThem()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    f.window->sidebar()->searchField()->setText(u"payment link"_s);
    QListView *results = f.window->searchPane()->view();
    QTRY_COMPARE(results->model()->rowCount(), 1);
    QTRY_VERIFY(results->isVisible());
    emit results->activated(results->model()->index(0, 0));
    QTRY_VERIFY(f.window->models().current());
    QCOMPARE(f.window->models().current()->id, ConversationId(1));
    f.window->sidebar()->searchField()->clear();
    QVERIFY(f.window->listPane()->isVisible());
}

void WindowTest::movesByKeyboardThroughTheList()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    Actions &actions = f.window->actions();
    actions[Actions::Id::NextConversation]->trigger();
    QTRY_COMPARE(f.window->models().current()->id, f.window->models().list().at(0).id);
    actions[Actions::Id::NextConversation]->trigger();
    QTRY_COMPARE(f.window->models().current()->id, f.window->models().list().at(1).id);
    actions[Actions::Id::PreviousConversation]->trigger();
    QTRY_COMPARE(f.window->models().current()->id, f.window->models().list().at(0).id);
}

void WindowTest::walksThePanesAndComesRound()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    f.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
    QList<QWidget *> stops;
    for (int i = 0; i < 6; ++i) {
        f.window->actions()[Actions::Id::NextPane]->trigger();
        stops.append(QApplication::focusWidget());
        QVERIFY(stops.last());
    }
    QCOMPARE(QSet<QWidget *>(stops.cbegin(), stops.cend()).size(), 5);    // sidebar, list, messages, composer, panel
    QCOMPARE(stops.at(5), stops.at(0));
    f.window->actions()[Actions::Id::PreviousPane]->trigger();
    QCOMPARE(QApplication::focusWidget(), stops.at(4));
}

void WindowTest::resolvesByItsAction()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    f.window->actions()[Actions::Id::Resolve]->trigger();
    QTRY_COMPARE(f.window->models().current()->status, Conversation::Status::Resolved);
    QTRY_COMPARE(f.window->models().list().rowOf(ConversationId(1)), -1);
    f.window->actions()[Actions::Id::Resolve]->trigger();
    QTRY_COMPARE(f.window->models().current()->status, Conversation::Status::Open);
}

void WindowTest::arrangesItselfByWidth_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<double>("scale");
    QTest::addColumn<MainWindow::Width>("expected");
    QTest::newRow("1240") << 1240 << 1.0 << MainWindow::Width::Full;
    QTest::newRow("1239") << 1239 << 1.0 << MainWindow::Width::Drawer;
    QTest::newRow("1000") << 1000 << 1.0 << MainWindow::Width::Drawer;
    QTest::newRow("999") << 999 << 1.0 << MainWindow::Width::Rail;
    QTest::newRow("799") << 799 << 1.0 << MainWindow::Width::Strip;
    QTest::newRow("599") << 599 << 1.0 << MainWindow::Width::OnePane;
    QTest::newRow("1280 at 200 %") << 1280 << 2.0 << MainWindow::Width::Strip;
}

void WindowTest::arrangesItselfByWidth()
{
    QFETCH(int, width);
    QFETCH(double, scale);
    WindowFixture f;
    f.desk.fill();
    f.theme.setTextScale(scale);
    QVERIFY(f.open({width, 700}));
    QVERIFY(f.show(1));
    QTEST(f.window->widthClass(), "expected");
    QCOMPARE(f.window->width(), width);                  // nothing in it forces it wider
    QVERIFY(f.window->conversationPane()->isVisible());
}

ANTIPHON_TEST(WindowTest)

} // namespace antiphon::test

#include "tst_window.moc"
