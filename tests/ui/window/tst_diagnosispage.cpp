#include "tests/support/testmain.h"
#include "tests/ui/window/diagnosisscene.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/diagnosis/diagnosispage.h"
#include "ui/diagnosis/rowsmodel.h"
#include "ui/mainwindow/actions.h"

#include <QPushButton>
#include <QTableView>

namespace antiphon::test {
using namespace Qt::StringLiterals;

class DiagnosisPageTest : public QObject {
    Q_OBJECT
private slots:
    void saysInWordsThatAllIsWell()
    {
        WindowFixture f;
        f.desk.fill();
        for (Inbox &inbox : f.desk.inboxes)
            inbox.state = Inbox::State::Active;
        f.desk.answers = diagnosisAnswers(true);
        QVERIFY(f.open());
        f.window->actions()[Actions::Id::Diagnosis]->trigger();
        DiagnosisPage *page = f.window->diagnosisPage();
        QVERIFY(page->isVisible());
        QTRY_VERIFY(page->finding().startsWith("All is well"_L1));
        QCOMPARE(page->inboxRows().rowCount(), int(f.desk.inboxes.size()));
        QCOMPARE(page->groupRows().rowCount(), 0);
        QCOMPARE(page->refusedRows().rowCount(), 0);
    }

    void showsWhatWasSetAsideAndTriesItAgain()
    {
        WindowFixture f;
        f.desk.fill();
        f.desk.answers = diagnosisAnswers(false);
        QVERIFY(f.open());
        f.window->showDiagnosis();
        DiagnosisPage *page = f.window->diagnosisPage();
        QTRY_COMPARE(page->groupRows().rowCount(), 2);
        QTRY_COMPARE(page->letterRows().rowCount(), 3);
        QTRY_COMPARE(page->gapRows().rowCount(), 2);
        QTRY_COMPARE(page->refusedRows().rowCount(), 1);
        auto *tables = page->findChild<QTableView *>();
        QVERIFY(tables);
        QTableView *groups = nullptr;
        QTableView *letters = nullptr;
        const auto all = page->findChildren<QTableView *>();
        for (QTableView *table : all) {
            groups = table->model() == &page->groupRows() ? table : groups;
            letters = table->model() == &page->letterRows() ? table : letters;
        }
        QVERIFY(groups && letters);
        groups->selectRow(0);
        QCOMPARE(page->letterRows().rowCount(), 2);      // only those of the reason
        button(page, u"Try all with this reason"_s)->click();
        QTRY_COMPARE(f.desk.callsOf(u"intake.retry_all"_s).size(), 1);
        QCOMPARE(f.desk.callsOf(u"intake.retry_all"_s).constFirst().value("reason"_L1).toString(), u"the message has no id"_s);
        QVERIFY(!button(page, u"Try again"_s)->isEnabled());
        letters->selectRow(0);
        QVERIFY(button(page, u"Try again"_s)->isEnabled());
        button(page, u"Try again"_s)->click();
        QTRY_COMPARE(f.desk.callsOf(u"intake.retry"_s).size(), 1);
        QCOMPARE(f.desk.callsOf(u"intake.retry"_s).constFirst().value("id"_L1).toString(), u"20"_s);
        button(page, u"Open conversation"_s)->click();
        QTRY_VERIFY(f.window->models().current() && f.window->models().current()->id == ConversationId(1));
        QVERIFY(!page->isVisible());
    }

    void readsAgainWhenTheDeskTellsOfMore()
    {
        WindowFixture f;
        f.desk.fill();
        f.desk.answers = diagnosisAnswers(true);
        QVERIFY(f.open());
        f.window->showDiagnosis();
        QTRY_VERIFY(f.window->diagnosisPage()->finding().size() > 0);
        f.desk.answers = diagnosisAnswers(false);
        f.desk.tell(u"intake.dead_letter"_s, {{u"id"_s, u"20"_s}});
        QTRY_COMPARE(f.window->diagnosisPage()->letterRows().rowCount(), 3);
        // What isn't seen asks for nothing.
        f.window->showConversation(ConversationId(1));
        QTRY_VERIFY(!f.window->diagnosisPage()->isVisible());
        const auto before = f.desk.callsOf(u"intake.health"_s).size();
        f.window->diagnosisPage()->applyEvent({.type = u"intake.gap"_s});
        QTest::qWait(0);
        QCOMPARE(f.desk.callsOf(u"intake.health"_s).size(), before);
    }

private:
    static QPushButton *button(QWidget *page, const QString &text)
    {
        const auto all = page->findChildren<QPushButton *>();
        for (QPushButton *button : all) {
            if (button->text() == text)
                return button;
        }
        qFatal("no button %s", qPrintable(text));
    }
};

} // namespace antiphon::test

using antiphon::test::DiagnosisPageTest;
ANTIPHON_TEST(DiagnosisPageTest)
#include "tst_diagnosispage.moc"
