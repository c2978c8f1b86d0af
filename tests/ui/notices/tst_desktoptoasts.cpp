#include "tests/support/testmain.h"
#include "tests/ui/notices/fakedesktop.h"
#include "ui/notices/desktoptoasts.h"

#include <QSignalSpy>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// Which way a toast takes. There is no tray here, and where it is asked for it says so.
class DesktopToastsTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        if (!OwnBus::isInstalled())
            QSKIP("dbus-daemon is not installed");
    }

    void theTrayIsForDesktopsWithoutNotifications()
    {
        OwnBus bus;
        QVERIFY2(bus.problem().isEmpty(), qPrintable(bus.problem()));
        FakeDesktop desktop(bus.connection(u"desktop"_s));
        DesktopToasts toasts(bus.connection(u"window"_s));
        QSignalSpy notShown(&toasts, &Toasts::notShown);
        QSignalSpy refused(&toasts, &Toasts::refused);
        toasts.show({.key = u"a"_s, .title = u"one"_s});
        QTRY_COMPARE(notShown.size(), 1);
        QVERIFY(desktop.appear());
        desktop.refusal = u"org.freedesktop.DBus.Error.Failed"_s;
        toasts.show({.key = u"a"_s, .title = u"<b>two</b>"_s});
        QTRY_COMPARE(refused.size(), 1);
        QCOMPARE(notShown.size(), 1);
    }

    void theTrayGetsNothingThatIsMarkup()
    {
        const QString text = TrayToasts::withoutMarkup(u"<img src=\"file:///etc/passwd\"> a &amp; b"_s);
        QVERIFY2(!text.contains(u'<') && !text.contains(u'>') && !text.contains(u'&'), qPrintable(text));
        QVERIFY(text.contains(u"img src"_s));
    }
};

ANTIPHON_TEST(DesktopToastsTest)
#include "tst_desktoptoasts.moc"
