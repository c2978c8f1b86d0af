#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/mainwindow/storebanner.h"

#include <QLabel>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// The server says that it can't store: the window says so as long as that lasts.
class StoreBannerTest : public QObject {
    Q_OBJECT
private slots:
    void saysThatNothingCanBeStoredUntilItCan()
    {
        test::WindowFixture f;
        QVERIFY(f.open());
        StoreBanner *banner = f.window->storeBanner();
        QVERIFY(!banner->isVisible());
        f.desk.tell(u"workspace.health"_s, health(u"refused"_s, u"disk_full"_s));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->accessibleName().contains(u"disk is full"_s), qPrintable(banner->accessibleName()));
        f.desk.tell(u"workspace.health"_s, health(u"writable"_s, {}));
        QTRY_VERIFY(!banner->isVisible());
    }

    void saysThatTheFileIsDamagedAndThatACopyCameBack()
    {
        test::WindowFixture f;
        QVERIFY(f.open());
        StoreBanner *banner = f.window->storeBanner();
        f.desk.tell(u"workspace.health"_s, health(u"damaged"_s, u"damaged"_s));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->accessibleName().contains(u"damaged"_s));
        f.desk.tell(u"workspace.health"_s, health(u"writable"_s, {}, true));
        QTRY_VERIFY(banner->accessibleName().contains(u"put back from a copy"_s));
        QVERIFY(banner->isVisible());
    }

    void saysThatTheDiskFillsUpUntilItIsClosed()
    {
        test::WindowFixture f;
        QVERIFY(f.open());
        StoreBanner *banner = f.window->storeBanner();
        f.desk.tell(u"workspace.health"_s, disk(u"low"_s, 800'000'000));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->accessibleName().contains(u"800 MB"_s), qPrintable(banner->accessibleName()));
        emit banner->closed();
        QVERIFY(!banner->isVisible());
        f.desk.tell(u"workspace.health"_s, disk(u"low"_s, 700'000'000));        // nothing new
        f.desk.tell(u"workspace.health"_s, disk(u"nearly_full"_s, 150'000'000));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->accessibleName().contains(u"nearly full"_s), qPrintable(banner->accessibleName()));
        f.desk.tell(u"workspace.health"_s, disk(u"ok"_s, 5'000'000'000));
        QTRY_VERIFY(!banner->isVisible());
        f.desk.tell(u"workspace.health"_s, disk(u"low"_s, 900'000'000));        // a second time
        QTRY_VERIFY(banner->isVisible());
    }

    void aFullDiskIsMoreUrgentThanThatACopyCameBack()
    {
        test::WindowFixture f;
        QVERIFY(f.open());
        StoreBanner *banner = f.window->storeBanner();
        QJsonObject both = disk(u"nearly_full"_s, 150'000'000);
        both.insert(u"restored"_s, true);
        f.desk.tell(u"workspace.health"_s, both);
        QTRY_VERIFY2(banner->accessibleName().contains(u"nearly full"_s), qPrintable(banner->accessibleName()));
        emit banner->closed();
        QVERIFY(banner->isVisible());
        QVERIFY2(banner->accessibleName().contains(u"put back from a copy"_s), qPrintable(banner->accessibleName()));
        emit banner->closed();
        QVERIFY(!banner->isVisible());
        both.insert(u"disk"_s, u"low"_s);
        f.desk.tell(u"workspace.health"_s, both);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->accessibleName().contains(u"filling up"_s), qPrintable(banner->accessibleName()));
    }

private:
    static QJsonObject disk(const QString &state, double free)
    {
        QJsonObject all = health(u"writable"_s, {});
        all.insert(u"disk"_s, state);
        all.insert(u"disk_free"_s, free);
        return all;
    }

    static QJsonObject health(const QString &store, const QString &reason, bool restored = false)
    {
        return {{u"store"_s, store}, {u"reason"_s, reason}, {u"since"_s, QJsonValue()}, {u"detail"_s, QJsonValue()}, {u"restored"_s, restored}};
    }
};

ANTIPHON_TEST(StoreBannerTest)
#include "tst_storebanner.moc"
