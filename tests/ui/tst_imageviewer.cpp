#include "tests/support/testmain.h"
#include "tests/ui/scene.h"
#include "ui/conversationview/imageviewer.h"
#include "ui/theme/theme.h"

#include <QSignalSpy>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;

class ImageViewerTest : public QObject {
    Q_OBJECT

private slots:
    void goesThroughAllPictures()
    {
        Theme theme;
        ImageCache images(pictures());
        QList<Attachment> files;
        for (int i = 0; i < 3; ++i)
            files << attachment(i + 1, Attachment::Kind::Image);
        ImageViewer viewer(files, 1, images, theme);
        viewer.show();
        QSignalSpy ready(&images, &ImageCache::ready);
        QTRY_VERIFY(!ready.isEmpty());
        keep(viewer, u"viewer"_s);
        QTest::keyClick(&viewer, Qt::Key_Right);
        QCOMPARE(viewer.current(), 2);
        QTest::keyClick(&viewer, Qt::Key_Right);
        QCOMPARE(viewer.current(), 2);
        QTest::keyClick(&viewer, Qt::Key_Plus);
        QVERIFY(viewer.zoom() > 1);
        QTest::keyClick(&viewer, Qt::Key_Left);
        QCOMPARE(viewer.current(), 1);
        QCOMPARE(viewer.zoom(), 1.0);
        QTest::keyClick(&viewer, Qt::Key_Escape);
        QVERIFY(!viewer.isVisible());
    }
};

ANTIPHON_TEST(ImageViewerTest)

} // namespace antiphon::test

#include "tst_imageviewer.moc"
