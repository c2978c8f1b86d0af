#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/mainwindow/conversationmenus.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/settings/blockedcustomers.h"
#include "ui/settings/settingspage.h"
#include "ui/widgets/banner.h"

#include <QJsonArray>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// A customer who floods, and one whom nobody wants to hear of.
class BlockingPaneTest : public QObject {
    Q_OBJECT
private slots:
    void aFloodIsSaidAndOffersToBlock()
    {
        test::WindowFixture f;
        f.desk.fill();
        f.desk.answers[u"contacts.update"_s] = {{u"id"_s, u"1"_s}, {u"name"_s, u"Rafael"_s}};
        QVERIFY(f.open());
        QVERIFY(f.show(4));
        Banner *banner = f.window->conversationPane()->banner();
        QVERIFY(!banner->isVisible());
        Conversation *conversation = f.desk.find(ConversationId(4));
        conversation->attributes.insert(u"flooded_until"_s, toRfc3339(f.clock.now() + std::chrono::seconds(60)));
        f.desk.tell(u"conversation.updated"_s, toJson(*conversation));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->accessibleName().contains(u"60 messages a minute"_s), qPrintable(banner->accessibleName()));

        emit banner->actionTriggered();
        const auto *dialog = f.window->findChild<QMessageBox *>();
        QVERIFY(dialog && dialog->isVisible());
        QVERIFY(f.desk.callsOf(u"contacts.update"_s).isEmpty());              // not before it was confirmed
        buttonOf(dialog, u"Block"_s)->click();
        QTRY_COMPARE(f.desk.callsOf(u"contacts.update"_s).size(), 1);
        const QJsonObject call = f.desk.callsOf(u"contacts.update"_s).first();
        QCOMPARE(call.value("id"_L1).toString(), conversation->contact.id.toString());
        QVERIFY(call.value("blocked"_L1).toBool());

        f.clock.advance(std::chrono::seconds(61));
        f.desk.tell(u"conversation.updated"_s, toJson(*conversation));        // or the pane's own look, every five seconds
        QTRY_VERIFY(!banner->isVisible());
    }

    void aBlockedCustomerIsSaidAndCanBeUnblocked()
    {
        test::WindowFixture f;
        f.desk.fill();
        f.desk.find(ConversationId(4))->contact.isBlocked = true;
        f.desk.answers[u"contacts.update"_s] = {{u"id"_s, u"1"_s}, {u"name"_s, u"Rafael"_s}};
        QVERIFY(f.open());
        QVERIFY(f.show(4));
        Banner *banner = f.window->conversationPane()->banner();
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->accessibleName().contains(u"is blocked"_s), qPrintable(banner->accessibleName()));
        emit banner->actionTriggered();
        QTRY_COMPARE(f.desk.callsOf(u"contacts.update"_s).size(), 1);
        QCOMPARE(f.desk.callsOf(u"contacts.update"_s).first().value("blocked"_L1), QJsonValue(false));
        QCOMPARE(words(f, 4).last(), u"Unblock customer"_s);
        QCOMPARE(words(f, 2).last(), u"Block customer …"_s);
    }

    void theSettingsListWhoIsBlocked()
    {
        test::WindowFixture f;
        f.desk.fill();
        const QJsonObject rafael{{u"id"_s, u"4"_s}, {u"name"_s, u"Rafael <b>Quintela"_s}, {u"blocked"_s, true}};
        f.desk.answers[u"contacts.list"_s] = {{u"items"_s, QJsonArray{rafael}}};
        f.desk.answers[u"contacts.update"_s] = rafael;
        QVERIFY(f.open());
        f.window->showSettings();
        f.window->settingsPage()->setSection(4);
        const auto *page = f.window->findChild<BlockedCustomers *>();
        QVERIFY(page && page->isVisible());
        const auto button = [page] { return page->findChild<QPushButton *>(); };
        QTRY_VERIFY(button());
        QCOMPARE(button()->accessibleName(), u"Unblock Rafael <b>Quintela"_s);
        QCOMPARE(f.desk.callsOf(u"contacts.list"_s).last().value("blocked"_L1), QJsonValue(true));
        // Somebody else's change rebuilds nothing, and whoever is at the button by the keyboard stays there.
        const QPointer<QPushButton> stays = button();
        const qsizetype asked = f.desk.callsOf(u"contacts.list"_s).size();
        f.desk.tell(u"contact.updated"_s, {{u"id"_s, u"5"_s}, {u"name"_s, u"Somebody"_s}});
        QTRY_COMPARE(f.desk.callsOf(u"contacts.list"_s).size(), asked + 1);
        f.desk.tell(u"contact.updated"_s, {{u"id"_s, u"5"_s}, {u"name"_s, u"Somebody"_s}});
        QTRY_COMPARE(f.desk.callsOf(u"contacts.list"_s).size(), asked + 2);      // by then the first answer was taken
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(stays && stays == button());
        f.desk.answers[u"contacts.list"_s] = {{u"items"_s, QJsonArray()}};
        button()->click();
        QTRY_COMPARE(f.desk.callsOf(u"contacts.update"_s).size(), 1);
        QCOMPARE(f.desk.callsOf(u"contacts.update"_s).first().value("blocked"_L1), QJsonValue(false));
        QTRY_VERIFY(!button());
    }

    void saysWhyThereIsNoSession()
    {
        test::WindowFixture f;
        f.desk.refused = {{u"session.open"_s, -32001}};
        f.client = std::make_unique<DeskClient>(f.desk.url(), u"wrong"_s);
        f.window = std::make_unique<MainWindow>(*f.client, f.theme, f.settings, f.clock);
        f.window->show();
        f.client->open();
        QTRY_COMPARE(f.client->state(), DeskClient::State::Refused);
        QCOMPARE(int(f.client->problem().kind), int(DeskClient::Problem::Kind::Refused));
        QTRY_VERIFY(says(f, u"Not signed in"_s));
    }

    void saysThatTheServerIsNotThere()
    {
        test::WindowFixture f;
        f.desk.setListening(false);
        f.client = std::make_unique<DeskClient>(f.desk.url(), u"token"_s);
        f.window = std::make_unique<MainWindow>(*f.client, f.theme, f.settings, f.clock);
        f.window->show();
        f.client->open();
        QTRY_VERIFY(says(f, u"The server can't be reached"_s));
        f.desk.setListening(true);
        QTRY_COMPARE_WITH_TIMEOUT(f.client->state(), DeskClient::State::Open, 30'000);
        QCOMPARE(int(f.client->problem().kind), int(DeskClient::Problem::Kind::None));
    }

private:
    static QPushButton *buttonOf(const QMessageBox *dialog, const QString &text)
    {
        for (QAbstractButton *button : dialog->buttons()) {
            if (button->text() == text)
                return qobject_cast<QPushButton *>(button);
        }
        return nullptr;
    }

    static QStringList words(test::WindowFixture &f, int conversation)
    {
        QMenu menu;
        ConversationMenus(f.window->models(), f.window.get()).fill(menu, ConversationId(conversation));
        QStringList words;
        for (const QAction *action : menu.actions())
            words.append(action->text());
        return words;
    }

    static bool says(const test::WindowFixture &f, const QString &text)
    {
        for (const QWidget *widget : f.window->findChildren<QWidget *>()) {
            if (widget->isVisible() && widget->accessibleName() == text)
                return true;
        }
        return false;
    }
};

ANTIPHON_TEST(BlockingPaneTest)
#include "tst_blockingpane.moc"
