#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/inboxlist/sidebar.h"
#include "ui/mainwindow/actions.h"
#include "ui/mainwindow/shortcutsdialog.h"
#include "ui/settings/settingspage.h"

#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTabBar>

namespace antiphon::test {
using namespace Qt::StringLiterals;

/// Every way to do something: by key, by Tab, by name.
class ReachableTest : public QObject {
    Q_OBJECT
private slots:
    void everyActionHasWordsAndAShortcut();
    void noShortcutIsTakenTwice();
    void everyControlHasANameAndAFocusPath_data();
    void everyControlHasANameAndAFocusPath();
    void tabComesToEveryControl();
};

namespace {

bool isControl(const QWidget *widget)
{
    return qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QPlainTextEdit *>(widget)
        || qobject_cast<const QAbstractItemView *>(widget) || qobject_cast<const QTabBar *>(widget) || qobject_cast<const QComboBox *>(widget)
        || (qobject_cast<const QAbstractSlider *>(widget) && !qobject_cast<const QScrollBar *>(widget));
}

QString nameOf(const QWidget *widget)
{
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
    return face ? face->text(QAccessible::Name) : QString();
}

/// Rows that only show something, and what Qt keeps inside its own controls.
bool isInside(const QWidget *widget)
{
    return qobject_cast<const QLineEdit *>(widget->parentWidget()) || qobject_cast<const QAbstractSpinBox *>(widget->parentWidget())
        || widget->objectName().startsWith("qt_"_L1) || qobject_cast<const QTabBar *>(widget->parentWidget());
}

bool onlyShows(const QWidget *widget)
{
    return widget->inherits("antiphon::PanelRow") && widget->toolTip().isEmpty();
}

void openPage(WindowFixture &f, const QString &page)
{
    if (page == "settings"_L1)
        f.window->showSettings();
    else if (page == "diagnosis"_L1)
        f.window->showDiagnosis();
    else if (page == "assistant"_L1)
        f.window->connectChannel(Channel::Tiktok);
    else if (page == "Telegram"_L1 || page == "LINE"_L1 || page == "Twilio"_L1)
        f.window->connectChannel(page == "Telegram"_L1 ? Channel::Telegram : page == "LINE"_L1 ? Channel::Line : Channel::Twilio);
    else if (page == "channels"_L1)
        f.window->addChannel();
    else if (page == "conversation"_L1)
        QVERIFY(f.show(1));
}

} // namespace

void ReachableTest::everyActionHasWordsAndAShortcut()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    const QList<QAction *> actions = f.window->actions().all();
    QVERIFY(actions.size() >= 20);
    for (const QAction *action : actions) {
        QVERIFY2(!action->text().isEmpty(), "an action without words");
        QVERIFY2(!action->shortcuts().isEmpty(), qPrintable(action->text()));
    }
}

void ReachableTest::noShortcutIsTakenTwice()
{
    WindowFixture f;
    QVERIFY(f.open());
    QHash<QKeySequence, QString> taken;
    const QList<QAction *> actions = f.window->actions().all();
    for (const QAction *action : actions) {
        const QList<QKeySequence> keys = action->shortcuts();
        for (const QKeySequence &key : keys) {
            QVERIFY2(!taken.contains(key), qPrintable(u"%1: %2 and %3"_s.arg(key.toString(), taken.value(key), action->text())));
            taken.insert(key, action->text());
        }
    }
}

void ReachableTest::everyControlHasANameAndAFocusPath_data()
{
    QTest::addColumn<QString>("page");
    for (const QString &page : {u"list"_s, u"conversation"_s, u"settings"_s, u"diagnosis"_s, u"assistant"_s, u"Telegram"_s, u"LINE"_s, u"Twilio"_s, u"channels"_s})
        QTest::newRow(qPrintable(page)) << page;
}

void ReachableTest::everyControlHasANameAndAFocusPath()
{
    QFETCH(QString, page);
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    openPage(f, page);
    int seen = 0;
    QStringList wrong;
    const QList<QWidget *> widgets = f.window->findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        if (!widget->isVisible() || !isControl(widget) || isInside(widget) || onlyShows(widget))
            continue;
        ++seen;
        const QString what = QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->accessibleName() + widget->toolTip();
        if (nameOf(widget).isEmpty())
            wrong.append(u"no name: "_s + what);
        const bool isReadOnlyRow = widget->inherits("antiphon::PanelRow") && widget->focusPolicy() == Qt::NoFocus;
        if (!isReadOnlyRow && !(widget->focusPolicy() & Qt::TabFocus))
            wrong.append(u"no focus path: "_s + what);
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    QVERIFY(seen > 10);
}

void ReachableTest::tabComesToEveryControl()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    f.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
    QSet<const QWidget *> reached;
    f.window->sidebar()->searchField()->setFocus();
    for (int i = 0; i < 200; ++i) {
        const QWidget *focus = QApplication::focusWidget();
        QVERIFY(focus);
        if (reached.contains(focus))
            break;
        reached.insert(focus);
        QTest::keyClick(const_cast<QWidget *>(focus), Qt::Key_Tab);
    }
    QStringList missed;
    const QList<QWidget *> widgets = f.window->findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        if (widget->isVisible() && widget->isEnabled() && isControl(widget) && !isInside(widget) && (widget->focusPolicy() & Qt::TabFocus) && !reached.contains(widget))
            missed.append(QString::fromLatin1(widget->metaObject()->className()) + u' ' + nameOf(widget));
    }
    // Segments are one stop: the arrows move inside.
    missed.removeIf([](const QString &name) { return name.contains("Private note"_L1); });
    QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u'\n')));
}

ANTIPHON_TEST(ReachableTest)

} // namespace antiphon::test

#include "tst_reachable.moc"
