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

private:
    static QJsonObject health(const QString &store, const QString &reason, bool restored = false)
    {
        return {{u"store"_s, store}, {u"reason"_s, reason}, {u"since"_s, QJsonValue()}, {u"detail"_s, QJsonValue()}, {u"restored"_s, restored}};
    }
};

ANTIPHON_TEST(StoreBannerTest)
#include "tst_storebanner.moc"
