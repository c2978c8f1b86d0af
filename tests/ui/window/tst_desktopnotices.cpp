#include "tests/support/testmain.h"
#include "tests/ui/window/faketoasts.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/mainwindow/desktopnotices.h"
#include "ui/settings/noticesettings.h"
#include "ui/settings/settingspage.h"

#include <QCheckBox>
#include <QPushButton>
#include <QSignalSpy>

using namespace antiphon;
using namespace Qt::StringLiterals;
using test::FakeToasts;

/// What the desktop is told of what happens at the desk.
class DesktopNoticesTest : public QObject {
    Q_OBJECT
private slots:
    void tellsOfAMessageAndOpensItsConversation()
    {
        World w;
        QVERIFY(w.open());
        QSignalSpy front(w.notices.get(), &DesktopNotices::windowRequested);
        QSignalSpy wanted(w.notices.get(), &DesktopNotices::conversationRequested);
        w.f.desk.receive(ConversationId(4), u"Is anybody <b>there</b>?"_s);
        QTRY_COMPARE(w.toasts.toasts.size(), 1);
        const Toast toast = w.toasts.toasts.first();
        QCOMPARE(toast.title, u"Rafael Quintela (13)"_s);                  // the desk's number of unread ones
        QCOMPARE(toast.body, u"Is anybody <b>there</b>?"_s);
        emit w.toasts.activated(toast.key);
        QCOMPARE(front.size(), 1);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().value<ConversationId>(), ConversationId(4));
        QVERIFY(w.toasts.closedKeys.contains(toast.key));
    }

    void aBurstIsToldTogether()
    {
        World w;
        QVERIFY(w.open());
        for (int i = 1; i <= 5; ++i)
            w.f.desk.receive(ConversationId(4), u"line %1"_s.arg(i));
        QTRY_VERIFY(!w.toasts.toasts.isEmpty() && w.toasts.toasts.last().body.endsWith(u"line 5"_s));
        QCOMPARE(w.toasts.toasts.last().body, u"line 3\nline 4\nline 5"_s);
    }

    void marksReadUpToWhatItTold()
    {
        World w;
        QVERIFY(w.open());
        w.f.desk.receive(ConversationId(4), u"Hello"_s);
        QTRY_COMPARE(w.toasts.toasts.size(), 1);
        emit w.toasts.readRequested(w.toasts.toasts.first().key);
        QTRY_COMPARE(w.f.desk.callsOf(u"conversations.mark_read"_s).size(), 1);
        const QJsonObject call = w.f.desk.callsOf(u"conversations.mark_read"_s).first();
        QCOMPARE(call.value("id"_L1).toString(), u"4"_s);
        QCOMPARE(call.value("message_id"_L1).toString(), w.f.desk.messages[ConversationId(4)].last().id.toString());
    }

    void goesWhenTheConversationIsReadElsewhere()
    {
        World w;
        QVERIFY(w.open());
        w.f.desk.receive(ConversationId(4), u"Hello"_s);
        QTRY_COMPARE(w.toasts.toasts.size(), 1);
        Conversation read = *w.f.desk.find(ConversationId(4));
        read.unreadCount = 0;
        w.f.desk.tell(u"conversation.updated"_s, toJson(read));
        QTRY_VERIFY(w.toasts.closedKeys.contains(w.toasts.toasts.first().key));
    }

    void whatIsTakenBackIsNeitherToldNorLeftStanding()
    {
        World w;
        QVERIFY(w.open());
        w.f.desk.receive(ConversationId(4), u"my card is 4111"_s);
        QTRY_COMPARE(w.toasts.toasts.size(), 1);
        Message told = w.f.desk.messages[ConversationId(4)].last();
        told.content = u"never mind"_s;
        w.f.desk.tell(u"message.updated"_s, toJson(told));
        QTRY_COMPARE(w.toasts.toasts.size(), 2);
        QCOMPARE(w.toasts.toasts.last().body, u"never mind"_s);
        QCOMPARE(w.toasts.toasts.last().key, w.toasts.toasts.first().key);
        told.isDeleted = true;
        w.f.desk.tell(u"message.updated"_s, toJson(told));
        QTRY_VERIFY(w.toasts.closedKeys.contains(w.toasts.toasts.first().key));
        // Taken back before anybody was told: the two events come one after the other.
        w.f.desk.receive(ConversationId(3), u"my other card is 5500"_s);
        Message early = w.f.desk.messages[ConversationId(3)].last();
        early.isDeleted = true;
        w.f.desk.tell(u"message.updated"_s, toJson(early));
        w.f.desk.receive(ConversationId(3), u"told"_s);
        QTRY_VERIFY(w.toasts.toasts.size() > 2 && w.toasts.toasts.last().body.endsWith(u"told"_s));
        QCOMPARE(w.toasts.toasts.last().body, u"told"_s);
    }

    void oneOfAllGoesWhenAllIsReadElsewhere()
    {
        World w;
        QVERIFY(w.open());
        Message fetched = w.f.desk.messages[ConversationId(4)].last();
        fetched.id = MessageId(9'500);
        fetched.caughtUp = true;
        w.f.desk.tell(u"message.created"_s, toJson(fetched));
        QTRY_COMPARE(w.toasts.toasts.size(), 1);
        QCOMPARE(w.toasts.toasts.first().key, Announcer::missedKey());
        Conversation read = *w.f.desk.find(ConversationId(4));
        read.unreadCount = 0;
        w.f.desk.tell(u"conversation.updated"_s, toJson(read));
        QTRY_COMPARE(w.toasts.closedKeys, QStringList{Announcer::missedKey()});
    }

    void asksForAConversationThatNobodySpokeOf()
    {
        World w;
        QVERIFY(w.open());
        Conversation *conversation = w.f.desk.find(ConversationId(4));
        Message message = *conversation->lastMessage;
        message.id = MessageId(9'001);
        message.conversationId = ConversationId(77);
        conversation->id = ConversationId(77);                             // not in the list
        conversation->lastMessage = message;
        w.f.desk.tell(u"message.created"_s, toJson(message));
        QTRY_COMPARE(w.toasts.toasts.size(), 1);
        QCOMPARE(w.toasts.toasts.first().key, Announcer::keyOf(ConversationId(77)));
    }

    void staysQuietOfWhatIsSeenAndOfWhatNobodyWants()
    {
        World w;
        QVERIFY(w.open());
        w.sight = {.isWindowActive = true, .atEnd = ConversationId(4)};
        w.f.desk.receive(ConversationId(4), u"seen"_s);
        Conversation *blocked = w.f.desk.find(ConversationId(5));
        blocked->contact.isBlocked = true;
        blocked->assigneeId = {};
        w.f.desk.receive(ConversationId(5), u"blocked"_s);
        w.f.desk.receive(ConversationId(3), u"told"_s);                     // the witness that the others had their time
        QTRY_COMPARE(w.toasts.toasts.size(), 1);
        QCOMPARE(w.toasts.toasts.first().key, Announcer::keyOf(ConversationId(3)));
        NoticeWishes wishes = w.f.settings.notices();
        wishes.privacy = NoticeWishes::Privacy::Hidden;                     // what is changed counts at once
        w.f.settings.setNotices(wishes);
        w.f.desk.receive(ConversationId(3), u"my card is 4111"_s);
        QTRY_COMPARE(w.toasts.toasts.size(), 2);
        QCOMPARE(w.toasts.toasts.last().title, u"Antiphon"_s);
        QVERIFY(!w.toasts.toasts.last().body.contains(u"4111"_s));
    }

    void theSettingsTryItAndSayWhatBecameOfIt()
    {
        test::WindowFixture f;
        FakeToasts toasts;
        f.desk.fill();
        QVERIFY(f.open());
        f.window->announceOn(toasts);
        f.window->showSettings();
        f.window->settingsPage()->showNotices();
        NoticeSettings *page = f.window->settingsPage()->notices();
        QVERIFY(page->isVisible());
        auto *button = page->findChild<QPushButton *>();
        button->click();
        QCOMPARE(toasts.toasts.size(), 1);
        QVERIFY2(page->outcome().contains(u"has taken it"_s), qPrintable(page->outcome()));
        toasts.isThere = false;
        button->click();
        QVERIFY2(page->outcome().contains(u"shows no notifications"_s), qPrintable(page->outcome()));
        page->findChildren<QCheckBox *>().first()->click();
        QVERIFY(!f.settings.notices().isOn);
        f.window.reset();                                                   // before the toasts
    }

    void theWindowsTitleIsTheDesksNumber()
    {
        test::WindowFixture f;
        f.desk.fill();
        QVERIFY(f.open());
        const int unread = f.window->models().counts().unread;
        QVERIFY(unread > 1);
        QTRY_VERIFY(f.window->windowTitle().startsWith(u"(%1) "_s.arg(unread)));
        QVERIFY(f.window->windowTitle().endsWith(u"Antiphon"_s));
        f.desk.receive(ConversationId(5), u"one more that is unread"_s);
        QTRY_VERIFY(f.window->windowTitle().startsWith(u"(%1) "_s.arg(unread + 1)));
    }

    void aClickBringsTheConversationIntoTheWindow()
    {
        test::WindowFixture f;
        FakeToasts toasts;
        f.desk.fill();
        QVERIFY(f.open());
        f.window->announceOn(toasts);
        f.window->showSettings();
        emit toasts.activated(Announcer::keyOf(ConversationId(4)));
        QTRY_VERIFY(f.window->models().current() && f.window->models().current()->id == ConversationId(4));
        QTRY_VERIFY(f.window->conversationPane()->isVisible());
        f.window.reset();
    }

private:
    /// The models at the shop's desk, and a desktop that writes down.
    struct World {
        test::WindowFixture f{};
        FakeToasts toasts{};
        NoticeSight sight{};
        std::unique_ptr<DesktopNotices> notices{};

        bool open()
        {
            f.desk.fill();
            if (!f.open())
                return false;
            notices = std::make_unique<DesktopNotices>(f.window->models(), f.settings, toasts, [this] { return sight; });
            return true;
        }
        ~World() { notices.reset(); }
    };
};

ANTIPHON_TEST(DesktopNoticesTest)
#include "tst_desktopnotices.moc"
