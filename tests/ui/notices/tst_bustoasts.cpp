#include "tests/support/testmain.h"
#include "tests/ui/notices/fakedesktop.h"
#include "ui/notices/bustoasts.h"

#include <QDBusServiceWatcher>
#include <QSignalSpy>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// The desktop's notifications over a real bus.
class BusToastsTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        if (!OwnBus::isInstalled())
            QSKIP("dbus-daemon is not installed");
        m_bus = std::make_unique<OwnBus>();
        QVERIFY2(m_bus->problem().isEmpty(), qPrintable(m_bus->problem()));
        m_desktop = std::make_unique<FakeDesktop>(m_bus->connection(u"desktop"_s));
        QVERIFY(m_desktop->appear());
        m_toasts = std::make_unique<BusToasts>(m_bus->connection(u"window"_s));
    }

    void cleanup()
    {
        m_toasts.reset();
        m_desktop.reset();
        m_bus.reset();
    }

    void showsItWithActionsAndHints()
    {
        QSignalSpy shown(m_toasts.get(), &Toasts::shown);
        m_toasts->show({.key = u"a"_s, .title = u"Mira"_s, .body = u"Hello"_s, .canMarkRead = true, .isSilent = false});
        QTRY_COMPARE(notices().size(), 1);
        const FakeDesktop::Notice notice = notices().first();
        QCOMPARE(notice.application, u"Antiphon"_s);
        QCOMPARE(notice.replaces, 0u);
        QCOMPARE(notice.icon, u"org.antiphon.Antiphon"_s);
        QCOMPARE(notice.summary, u"Mira"_s);
        QCOMPARE(notice.body, u"Hello"_s);
        QCOMPARE(notice.actions, (QStringList{u"default"_s, u"Open"_s, u"read"_s, u"Mark as read"_s}));
        QCOMPARE(notice.hints.value(u"desktop-entry"_s).toString(), u"org.antiphon.Antiphon"_s);
        QCOMPARE(notice.hints.value(u"category"_s).toString(), u"im.received"_s);
        QCOMPARE(notice.hints.value(u"urgency"_s).metaType(), QMetaType::fromType<uchar>());
        QCOMPARE(notice.hints.value(u"sound-name"_s).toString(), u"message-new-instant"_s);
        QVERIFY(!notice.hints.contains(u"suppress-sound"_s));
        QCOMPARE(notice.timeout, -1);
        QTRY_COMPARE(shown.size(), 1);
    }

    void aCustomersWordsComeOutAsTheyWereWritten()
    {
        const QString text = u"<img src=\"file:///etc/passwd\"> <b>a & b</b> 1 < 2"_s;
        m_toasts->show({.key = u"a"_s, .title = u"<i>Mira</i>"_s, .body = text});
        QTRY_COMPARE(notices().size(), 1);
        QCOMPARE(notices().first().body, u"&lt;img src=&quot;file:///etc/passwd&quot;&gt; &lt;b&gt;a &amp; b&lt;/b&gt; 1 &lt; 2"_s);
        QCOMPARE(notices().first().summary, u"<i>Mira</i>"_s);           // a summary is never markup
        QVERIFY(notices().first().hints.value(u"suppress-sound"_s).toBool());
    }

    void aServiceWithoutMarkupOrButtonsGetsNeither()
    {
        m_desktop->capabilities = {u"body"_s};
        m_toasts->show({.key = u"a"_s, .title = u"Mira"_s, .body = u"1 < 2 & 3"_s, .canMarkRead = true});
        QTRY_COMPARE(notices().size(), 1);
        QCOMPARE(notices().first().body, u"1 < 2 & 3"_s);
        QVERIFY(notices().first().actions.isEmpty());
    }

    void oneOfTheSameKeyTakesItsPlace()
    {
        m_toasts->show({.key = u"a"_s, .title = u"one"_s});
        m_toasts->show({.key = u"b"_s, .title = u"other"_s});
        QTRY_COMPARE(notices().size(), 2);
        // While its call is under way only the newest is kept.
        m_toasts->show({.key = u"a"_s, .title = u"two"_s});
        m_toasts->show({.key = u"a"_s, .title = u"three"_s});
        m_toasts->show({.key = u"a"_s, .title = u"four"_s});
        QTRY_COMPARE(notices().last().summary, u"four"_s);
        for (const FakeDesktop::Notice &notice : notices().mid(2)) {
            QCOMPARE(notice.replaces, 1u);
            QVERIFY(notice.summary != "three"_L1);
        }
    }

    void clicksComeBackByTheirKey()
    {
        QSignalSpy activated(m_toasts.get(), &Toasts::activated);
        QSignalSpy read(m_toasts.get(), &Toasts::readRequested);
        QSignalSpy closed(m_toasts.get(), &Toasts::closed);
        showBoth();
        m_desktop->invoke(4711, u"default"_s);                            // another program's
        m_desktop->invoke(2, u"default"_s);
        QTRY_COMPARE(activated.size(), 1);
        QCOMPARE(activated.first().first().toString(), u"b"_s);
        QTRY_COMPARE(closed.size(), 1);
        m_desktop->invoke(1, u"read"_s);
        QTRY_COMPARE(read.size(), 1);
        QCOMPARE(read.first().first().toString(), u"a"_s);
        QTRY_COMPARE(closed.size(), 2);
        QCOMPARE(activated.size(), 1);
    }

    void whatWasDismissedIsNotReplaced()
    {
        QSignalSpy closed(m_toasts.get(), &Toasts::closed);
        showBoth();
        m_desktop->dismiss(1);
        QTRY_COMPARE(closed.size(), 1);
        QCOMPARE(closed.first().first().toString(), u"a"_s);
        m_toasts->show({.key = u"a"_s, .title = u"anew"_s});
        QTRY_COMPARE(notices().size(), 3);
        QCOMPARE(notices().last().replaces, 0u);
    }

    void closesWhatWasRead()
    {
        showBoth();
        m_toasts->close(u"b"_s);
        QTRY_COMPARE(m_desktop->closed, QList<uint>{2});
        m_toasts->close(u"b"_s);
        m_toasts->close(u"never shown"_s);
        // Also one whose call is still under way.
        m_toasts->show({.key = u"c"_s, .title = u"c"_s});
        m_toasts->close(u"c"_s);
        QTRY_COMPARE(m_desktop->closed, (QList<uint>{2, 3}));
    }

    void anotherServiceIsAskedAnewAndReplacesNothing()
    {
        showBoth();
        // On the same connection, made later: what it hears the toasts have heard.
        const QDBusServiceWatcher watcher(u"org.freedesktop.Notifications"_s, QDBusConnection(u"window"_s));
        QSignalSpy changes(&watcher, &QDBusServiceWatcher::serviceOwnerChanged);
        m_desktop->vanish();
        FakeDesktop second(m_bus->connection(u"second"_s));
        second.capabilities = {u"body"_s};
        QVERIFY(second.appear());
        QTRY_COMPARE(changes.size(), 2);
        m_toasts->show({.key = u"a"_s, .title = u"one"_s, .body = u"<"_s});
        QTRY_COMPARE(second.notices.size(), 1);
        QCOMPARE(second.notices.first().replaces, 0u);
        QCOMPARE(second.notices.first().body, u"<"_s);
    }

    void saysWhereNobodyShowsIt()
    {
        m_desktop->vanish();
        QSignalSpy notShown(m_toasts.get(), &Toasts::notShown);
        m_toasts->show({.key = u"a"_s, .title = u"one"_s});
        m_toasts->show({.key = u"a"_s, .title = u"two"_s});
        QTRY_COMPARE(notShown.size(), 1);
        QCOMPARE(notShown.first().first().value<Toast>().title, u"two"_s);
        QVERIFY(m_desktop->appear());                                     // it came up after us
        m_toasts->show({.key = u"a"_s, .title = u"three"_s});
        QTRY_COMPARE(notices().size(), 1);
        BusToasts nowhere(QDBusConnection(u"no such bus"_s));
        QSignalSpy neither(&nowhere, &Toasts::notShown);
        nowhere.show({.key = u"a"_s});
        QCOMPARE(neither.size(), 1);
    }

    /// Nobody else is asked: the tray may lead to the same service.
    void whatTheServiceRefusesIsDropped_data()
    {
        QTest::addColumn<QString>("error");
        QTest::addColumn<bool>("onlyToasts");
        const QString excess = u"org.freedesktop.Notifications.Error.ExcessNotificationGeneration"_s;
        QTest::newRow("too many") << excess << true;
        QTest::newRow("no answer") << u"org.freedesktop.DBus.Error.NoReply"_s << false;
        QTest::newRow("gone between two calls") << u"org.freedesktop.DBus.Error.ServiceUnknown"_s << true;
    }

    void whatTheServiceRefusesIsDropped()
    {
        QFETCH(QString, error);
        QFETCH(bool, onlyToasts);
        m_desktop->refusal = error;
        m_desktop->refusesOnlyToasts = onlyToasts;
        QSignalSpy refused(m_toasts.get(), &Toasts::refused);
        QSignalSpy notShown(m_toasts.get(), &Toasts::notShown);
        QSignalSpy closed(m_toasts.get(), &Toasts::closed);
        m_toasts->show({.key = u"a"_s, .title = u"one"_s});
        QTRY_COMPARE(refused.size(), 1);
        QCOMPARE(notShown.size(), 0);
        QCOMPARE(closed.size(), 1);                                       // whoever counts on it forgets it
        m_desktop->refusal.clear();
        m_toasts->show({.key = u"a"_s, .title = u"two"_s});
        QTRY_COMPARE(notices().size(), 1);
        QCOMPARE(notices().first().replaces, 0u);
    }

    void oneWhoseSuccessorIsRefusedCanStillBeClosed()
    {
        showBoth();
        m_desktop->refusal = u"org.freedesktop.Notifications.Error.ExcessNotificationGeneration"_s;
        m_desktop->refusesOnlyToasts = true;
        QSignalSpy refused(m_toasts.get(), &Toasts::refused);
        QSignalSpy closed(m_toasts.get(), &Toasts::closed);
        m_toasts->show({.key = u"a"_s, .title = u"more"_s});
        QTRY_COMPARE(refused.size(), 1);
        QCOMPARE(closed.size(), 0);
        m_toasts->close(u"a"_s);
        QTRY_COMPARE(m_desktop->closed, QList<uint>{1});
        // Also where that is wanted while the successor is on the way: then nobody hears of the refusal.
        m_desktop->beforeAnswer = [this](uint replaces) {
            if (replaces == 2)
                m_toasts->close(u"b"_s);
        };
        m_toasts->show({.key = u"b"_s, .title = u"more"_s});
        m_toasts->show({.key = u"c"_s, .title = u"c"_s});                 // its refusal comes after that of b
        QTRY_COMPARE(m_desktop->closed, (QList<uint>{1, 2}));
        QTRY_COMPARE(refused.size(), 2);
        QCOMPARE(refused.last().first().value<Toast>().key, u"c"_s);
    }

    void whatIsDismissedWhileItGrowsIsNotGone()
    {
        QSignalSpy closed(m_toasts.get(), &Toasts::closed);
        QSignalSpy shown(m_toasts.get(), &Toasts::shown);
        QSignalSpy activated(m_toasts.get(), &Toasts::activated);
        m_toasts->show({.key = u"a"_s, .title = u"one"_s});
        QTRY_COMPARE(shown.size(), 1);
        m_desktop->beforeAnswer = [this](uint replaces) { m_desktop->dismiss(replaces); };
        m_toasts->show({.key = u"a"_s, .title = u"two"_s});
        QTRY_COMPARE(shown.size(), 2);
        QCOMPARE(closed.size(), 0);
        m_desktop->invoke(notices().last().id, u"default"_s);
        QTRY_COMPARE(activated.size(), 1);
        QTRY_COMPARE(closed.size(), 1);
    }

    void aTokenStaysOutOfTheEnvironmentWhereNobodyNeedsIt()
    {
        QSignalSpy activated(m_toasts.get(), &Toasts::activated);
        bool isThere = false;
        const auto look = connect(m_toasts.get(), &Toasts::activated, this, [&isThere] { isThere = qEnvironmentVariableIsSet("XDG_ACTIVATION_TOKEN"); });
        showBoth();
        emit m_desktop->ActivationToken(1, u"token"_s);
        m_desktop->invoke(1, u"default"_s);
        QTRY_COMPARE(activated.size(), 1);
        disconnect(look);
        QVERIFY(!isThere && !qEnvironmentVariableIsSet("XDG_ACTIVATION_TOKEN"));
    }

private:
    const QList<FakeDesktop::Notice> &notices() const { return m_desktop->notices; }

    void showBoth()
    {
        QSignalSpy shown(m_toasts.get(), &Toasts::shown);
        m_toasts->show({.key = u"a"_s, .title = u"one"_s, .canMarkRead = true});
        m_toasts->show({.key = u"b"_s, .title = u"two"_s});
        QTRY_COMPARE(shown.size(), 2);
    }

    std::unique_ptr<OwnBus> m_bus;
    std::unique_ptr<FakeDesktop> m_desktop;
    std::unique_ptr<BusToasts> m_toasts;
};

ANTIPHON_TEST(BusToastsTest)
#include "tst_bustoasts.moc"
