#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/conversationlist/conversationlistpane.h"
#include "ui/mainwindow/actions.h"
#include "ui/mainwindow/gapstrip.h"

using namespace antiphon;
using namespace Qt::StringLiterals;

/// After an absence the window says what is being fetched, what that brought, and whom to answer first.
class GapStripTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatIsFetchedAndThenWhatCame()
    {
        test::WindowFixture f;
        f.desk.fill();
        QVERIFY(f.open());
        GapStrip *strip = f.window->gapStrip();
        QVERIFY(!strip->isVisible());
        const QString name = f.desk.inboxes.first().name;
        f.desk.tell(u"intake.gap"_s, gap(f, u"open"_s, 0));
        QTRY_VERIFY(strip->isVisible());
        QVERIFY2(strip->text().startsWith(u"Catching up: "_s + name), qPrintable(strip->text()));
        f.desk.tell(u"intake.gap"_s, gap(f, u"recovered"_s, 12));
        QTRY_VERIFY2(strip->text().contains(u"12 fetched, complete"_s), qPrintable(strip->text()));
        emit strip->closed();
        QVERIFY(!strip->isVisible());
    }

    void saysWhatMayBeMissing()
    {
        test::WindowFixture f;
        f.desk.fill();
        QVERIFY(f.open());
        f.desk.tell(u"intake.gap"_s, gap(f, u"partial"_s, 20, {QJsonObject{{u"code"_s, u"newest_only"_s}, {u"limit"_s, 20}, {u"count"_s, 2}}}));
        QTRY_VERIFY2(f.window->gapStrip()->text().contains(u"may be missing"_s), qPrintable(f.window->gapStrip()->text()));
    }

    void aGapThatMissedNothingGoesUnsaid()
    {
        test::WindowFixture f;
        f.desk.fill();
        QVERIFY(f.open());
        f.desk.tell(u"intake.gap"_s, gap(f, u"open"_s, 0));
        QTRY_VERIFY(f.window->gapStrip()->isVisible());
        f.desk.tell(u"intake.gap"_s, gap(f, u"recovered"_s, 0));
        QTRY_VERIFY(!f.window->gapStrip()->isVisible());
        QVERIFY(!missedLine(f)->isVisible());
    }

    void offersToAnswerTheMostUrgentFirst()
    {
        test::WindowFixture f;
        f.desk.fill();
        QVERIFY(f.open());
        QVERIFY(!missedLine(f)->isVisible());
        f.desk.tell(u"intake.gap"_s, gap(f, u"recovered"_s, 12));
        QTRY_VERIFY(missedLine(f)->isVisible());
        QVERIFY2(missedLine(f)->accessibleName().contains(u"12"_s), qPrintable(missedLine(f)->accessibleName()));
        emit missedLine(f)->linkActivated();
        QTRY_COMPARE(f.desk.callsOf(u"conversations.list"_s).last().value("sort"_L1).toString(), u"answer_first"_s);
        QVERIFY(!missedLine(f)->isVisible());
    }

    void answersFirstByItsAction()
    {
        test::WindowFixture f;
        f.desk.fill();
        QVERIFY(f.open());
        f.window->actions()[Actions::Id::AnswerFirst]->trigger();
        QTRY_COMPARE(f.desk.callsOf(u"conversations.list"_s).last().value("sort"_L1).toString(), u"answer_first"_s);
    }

private:
    static Banner *missedLine(const test::WindowFixture &f) { return f.window->listPane()->findChild<Banner *>(); }

    static QJsonObject gap(const test::WindowFixture &f, const QString &state, int recovered, const QJsonArray &reasons = {})
    {
        return {{u"id"_s, u"7"_s},
                {u"inbox_id"_s, f.desk.inboxes.first().id.toString()},
                {u"from"_s, toRfc3339(test::kNow - std::chrono::hours(8))},
                {u"to"_s, toRfc3339(test::kNow)},
                {u"cause"_s, u"sleep"_s},
                {u"state"_s, state},
                {u"recovered"_s, recovered},
                {u"reasons"_s, reasons}};
    }
};

ANTIPHON_TEST(GapStripTest)
#include "tst_gapstrip.moc"
