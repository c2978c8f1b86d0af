#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/composer/composer.h"
#include "ui/conversationlist/conversationlistpane.h"
#include "ui/conversationlist/importstrip.h"
#include "ui/conversationview/conversationview.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/models/inboxmodel.h"
#include "ui/settings/settingspage.h"
#include "ui/widgets/banner.h"

#include <QLabel>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the window does for WhatsApp, Instagram and Messenger beside their rows.
class MetaPaneTest : public QObject {
    Q_OBJECT
private slots:
    void aReactionGoesToTheDeskAndComesBackInItsRow();
    void theSameReactionAgainTakesItBack();
    void reactionsAndQuotesAreOnlyWhereTheChannelTakesThem();
    void aThreadInOtherHandsIsSaidAndClosed();
    void olderMessagesShowHowFarTheyAre();
    void progressIsForgottenWhereNothingMoreComes();
    void theInboxsCardSaysWhatThePlatformReports();
};

void MetaPaneTest::aReactionGoesToTheDeskAndComesBackInItsRow()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[1].limits = {{u"react"_s, true}};
    QVERIFY(f.open());
    QVERIFY(f.show(2));
    ConversationView &view = *f.window->conversationPane()->view();
    QTRY_VERIFY(view.traits().canReact);
    const int last = f.window->models().messages().count() - 1;
    const Message message = f.window->models().messages().row(last).message;
    QVERIFY(message.reactions.isEmpty());
    emit view.reactionRequested(message, u"👍"_s);
    QTRY_COMPARE(f.desk.callsOf(u"messages.react"_s).size(), 1);
    QCOMPARE(f.desk.callsOf(u"messages.react"_s).first(), (QJsonObject{{u"id"_s, message.id.toString()}, {u"emoji"_s, u"👍"_s}}));
    QTRY_COMPARE(f.window->models().messages().row(last).message.reactions.size(), 1);
}

void MetaPaneTest::theSameReactionAgainTakesItBack()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[1].limits = {{u"react"_s, true}};
    QVERIFY(f.open());
    QVERIFY(f.show(2));
    Message message = f.window->models().messages().row(0).message;
    message.reactions = {Reaction{.emoji = u"👍"_s, .sender = {.type = Sender::Type::Agent, .id = u"1"_s}}};
    emit f.window->conversationPane()->view()->reactionRequested(message, u"👍"_s);
    QTRY_COMPARE(f.desk.callsOf(u"messages.react"_s).size(), 1);
    QCOMPARE(f.desk.callsOf(u"messages.react"_s).first().value("emoji"_L1).toString(), QString());
}

void MetaPaneTest::reactionsAndQuotesAreOnlyWhereTheChannelTakesThem()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[2].limits = {{u"react"_s, true}, {u"quote"_s, false}};
    QVERIFY(f.open());
    QVERIFY(f.show(9));                                                  // Instagram
    const ConversationView &view = *f.window->conversationPane()->view();
    QTRY_VERIFY(view.traits().canReact && !view.traits().canQuote);
    QVERIFY(f.show(1));                                                  // TikTok
    QTRY_VERIFY(!view.traits().canReact && view.traits().canQuote);
}

void MetaPaneTest::aThreadInOtherHandsIsSaidAndClosed()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.find(ConversationId(4))->attributes = {{u"handled_elsewhere"_s, true}};
    QVERIFY(f.open());
    QVERIFY(f.show(4));                                                  // Messenger
    const ConversationPane &pane = *f.window->conversationPane();
    QTRY_VERIFY(pane.banner()->isVisible());
    QCOMPARE(pane.composer()->mode(), Composer::Mode::Note);
    Conversation back = *f.desk.find(ConversationId(4));
    back.attributes = {};
    f.desk.tell(u"conversation.updated"_s, toJson(back));
    QTRY_VERIFY(!pane.banner()->isVisible());
    QTRY_COMPARE(pane.composer()->mode(), Composer::Mode::Reply);
}

void MetaPaneTest::olderMessagesShowHowFarTheyAre()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    const ImportStrip &strip = *f.window->listPane()->importStrip();
    QVERIFY(!strip.isVisible());
    Inbox inbox = f.desk.inboxes.at(1);
    inbox.settings = {{u"history_sync"_s, QJsonObject{{u"phase"_s, 1}, {u"percent"_s, 40}, {u"at"_s, toRfc3339(kNow - 5min)}}}};
    f.desk.tell(u"inbox.updated"_s, toJson(inbox));
    QTRY_VERIFY(strip.isVisible());
    QVERIFY(strip.findChild<QLabel *>()->text().contains(u"40"_s));
    QVERIFY(strip.findChild<QLabel *>()->text().contains(inbox.name));
    inbox.settings = {{u"history_sync"_s, QJsonObject{{u"phase"_s, 2}, {u"percent"_s, 100}, {u"at"_s, toRfc3339(kNow)}}}};
    f.desk.tell(u"inbox.updated"_s, toJson(inbox));
    QTRY_VERIFY(!strip.isVisible());
}

void MetaPaneTest::progressIsForgottenWhereNothingMoreComes()
{
    const auto with = [](const QJsonObject &sync) { return Inbox{.settings = {{u"history_sync"_s, sync}}}; };
    QCOMPARE(historyProgress(with({{u"percent"_s, 0}}), kNow), 0);
    QCOMPARE(historyProgress(with({{u"percent"_s, 99}, {u"at"_s, toRfc3339(kNow - 23h)}}), kNow), 99);
    QCOMPARE(historyProgress(with({{u"percent"_s, 99}, {u"at"_s, toRfc3339(kNow - 25h)}}), kNow), std::nullopt);
    QCOMPARE(historyProgress(with({{u"percent"_s, 100}}), kNow), std::nullopt);
    QCOMPARE(historyProgress(with({{u"percent"_s, 10}, {u"declined"_s, true}}), kNow), std::nullopt);
    QCOMPARE(historyProgress(with({}), kNow), std::nullopt);
    QCOMPARE(historyProgress(Inbox{}, kNow), std::nullopt);
}

void MetaPaneTest::theInboxsCardSaysWhatThePlatformReports()
{
    WindowFixture f;
    f.desk.fill();
    f.desk.inboxes[1].settings = {{u"notice"_s, QJsonObject{{u"kind"_s, u"account_restriction"_s}, {u"detail"_s, u"Sending is limited"_s}}},
                                  {u"history_sync"_s, QJsonObject{{u"declined"_s, true}}}};
    QVERIFY(f.open());
    f.window->showSettings();
    f.window->settingsPage()->showInboxes(InboxId(2));
    const auto shows = [&f](const QString &part) {
        for (const QLabel *label : f.window->settingsPage()->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(part))
                return true;
        }
        return false;
    };
    QTRY_VERIFY(shows(u"Sending is limited"_s));
    QVERIFY(shows(u"did not share the older messages"_s));
}

ANTIPHON_TEST(MetaPaneTest)

} // namespace antiphon::test

#include "tst_metapane.moc"
