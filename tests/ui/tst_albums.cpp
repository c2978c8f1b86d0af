#include "tests/support/testmain.h"
#include "tests/ui/telegramscene.h"
#include "tests/ui/viewscene.h"
#include "ui/conversationview/albums.h"
#include "ui/conversationview/imageviewer.h"

#include <QMenu>
#include <QSignalSpy>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Rows of one sending are drawn as one, and stay messages of their own.
class AlbumsTest : public QObject {
    Q_OBJECT
private slots:
    void oneRowDrawsThePicturesOfAll_data();
    void oneRowDrawsThePicturesOfAll();
    void eachRowOfALongSendingIsDrawnOnce_data();
    void eachRowOfALongSendingIsDrawnOnce();
    void aLongSendingIsCutTheSameWayAsItGrows();
    void whatStandsForItself_data();
    void whatStandsForItself();
    void aRowThatCameLaterJoins();
    void aDeletedPictureLeavesTheAlbum();
    void eachPictureOpensAndHasItsOwnMenu();
    void arrowsTakeAnAlbumAsOne();
    void aJumpToAPictureFindsItsAlbum();
    void rightToLeftMirrorsTheTiles();
    void filesOfAnAlbumAreJoinedOverTheMinute();
};

namespace {

int drawn(const ConversationView &view, int rows)
{
    int count = 0;
    for (int row = 0; row < rows; ++row)
        count += view.geometry(row)->bubble.isEmpty() ? 0 : 1;
    return count;
}

/// How often each row's picture is drawn, by itself or by another row of its album.
QList<int> timesDrawn(const ConversationView &view, int rows)
{
    QList<int> times(rows, 0);
    for (int row = 0; row < rows; ++row) {
        const auto shape = view.geometry(row);
        for (const MediaBox &tile : shape->media)
            ++times[row + tile.rowOffset];
    }
    return times;
}

} // namespace

void AlbumsTest::oneRowDrawsThePicturesOfAll_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {2, 3, 4, 5, 7, 10})
        QTest::newRow(qPrintable(QString::number(count))) << count;
}

void AlbumsTest::oneRowDrawsThePicturesOfAll()
{
    QFETCH(int, count);
    QList<Message> rows = albumRows(1, count, u"The shelf"_s);
    rows.prepend(incoming(100, u"Look"_s, kNow - 3h));
    ViewScene scene(rows);
    const auto shape = scene.view.geometry(1);                            // the one with the words
    QCOMPARE(shape->media.size(), count);
    QCOMPARE(drawn(scene.view, scene.model.count()), 2);
    for (int row = 2; row <= count; ++row)
        QCOMPARE(scene.view.geometry(row)->height, 0);
    for (int i = 0; i < count; ++i) {
        const MediaBox &tile = shape->media.at(i);
        QCOMPARE(tile.rowOffset, i);
        QCOMPARE(tile.isVideo, i % 4 == 3);
        QVERIFY(shape->bubble.contains(tile.rect));
        QVERIFY(tile.rect.width() >= 60 && tile.rect.height() >= 45);
        for (int other = 0; other < i; ++other)
            QVERIFY(!tile.rect.intersects(shape->media.at(other).rect));
    }
    QVERIFY(shape->bubble.height() <= 700);
}

void AlbumsTest::eachRowOfALongSendingIsDrawnOnce_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("drawnRows");
    for (const auto &[count, drawnRows] : {std::pair(19, 1), {20, 1}, {21, 2}, {22, 2}, {45, 3}, {100, 5}, {101, 101}, {130, 130}}) {
        QTest::addRow("%d", count) << count << QString() << drawnRows;
        QTest::addRow("%d with words", count) << count << u"The shelf"_s << drawnRows;
    }
}

void AlbumsTest::eachRowOfALongSendingIsDrawnOnce()
{
    QFETCH(int, count);
    QFETCH(QString, words);
    QFETCH(int, drawnRows);
    ViewScene scene(albumRows(1, count, words));
    QCOMPARE(timesDrawn(scene.view, count), QList<int>(count, 1));
    QCOMPARE(drawn(scene.view, count), drawnRows);
    for (int row = 0; row < count; ++row) {
        const auto album = albumOf(scene.model, row, 0);
        if (!album)
            continue;
        QCOMPARE(album->first % 20, 0);
        QVERIFY(album->count() <= 20);
        QVERIFY(row >= album->first && row <= album->last);
        const auto other = albumOf(scene.model, album->drawer, 0);        // whom the row leaves it to knows of it
        QVERIFY(other && other->first == album->first && other->last == album->last && other->drawer == album->drawer);
    }
}

void AlbumsTest::aLongSendingIsCutTheSameWayAsItGrows()
{
    QList<Message> rows = albumRows(1, 45, {});
    ViewScene scene(rows.mid(0, 18));
    for (int count = 19; count <= 45; ++count) {
        scene.model.applyMessage(rows.at(count - 1));
        QCOMPARE(timesDrawn(scene.view, count), QList<int>(count, 1));
    }
    QCOMPARE(drawn(scene.view, 45), 3);
    rows[10].isDeleted = true;                                            // 10 before it, 34 after it
    rows[10].attachments.clear();
    scene.model.applyMessage(rows.at(10));
    QList<int> times(45, 1);
    times[10] = 0;
    QCOMPARE(timesDrawn(scene.view, 45), times);
    QCOMPARE(drawn(scene.view, 45), 4);
    for (const int drawer : {9, 30, 44}) {
        scene.view.showMessage(MessageId(drawer + 1));                    // heights out of sight are measured when they come into it
        QVERIFY(scene.view.rowRect(drawer).height() > 0);
        QCOMPARE(scene.view.rowRect(drawer).height(), scene.view.geometry(drawer)->height);
    }
}

void AlbumsTest::whatStandsForItself_data()
{
    QTest::addColumn<QList<Message>>("rows");
    QTest::addColumn<int>("drawnRows");
    const QList<Message> album = albumRows(1, 3, u"The shelf"_s);
    const auto changed = [&album](int row, auto change) {
        QList<Message> rows = album;
        change(rows[row]);
        return rows;
    };
    QTest::newRow("an album") << album << 1;
    QTest::newRow("another group") << changed(2, [](Message &row) { row.groupId = u"other"_s; }) << 2;
    QTest::newRow("no group") << changed(2, [](Message &row) { row.groupId.clear(); }) << 2;
    QTest::newRow("somebody else") << changed(2, [](Message &row) { row.sender.id = u"77"_s; }) << 2;
    QTest::newRow("much later") << changed(2, [](Message &row) { row.createdAt += 10min; }) << 2;
    QTest::newRow("deleted in the middle") << changed(1, [](Message &row) { row.isDeleted = true; }) << 3;
    QTest::newRow("a second one with words") << changed(1, [](Message &row) { row.content = u"And this"_s; }) << 3;
    QTest::newRow("a reaction on one") << changed(2, [](Message &row) { row.reactions = {Reaction{.emoji = u"👍"_s}}; }) << 2;
    QTest::newRow("failed") << changed(2, [](Message &row) { row.status = MessageStatus::Failed; }) << 2;
    QTest::newRow("no picture") << changed(2, [](Message &row) { row.attachments.first().kind = Attachment::Kind::File; }) << 2;
}

void AlbumsTest::whatStandsForItself()
{
    QFETCH(QList<Message>, rows);
    QFETCH(int, drawnRows);
    ViewScene scene(rows);
    QCOMPARE(drawn(scene.view, scene.model.count()), drawnRows);
}

void AlbumsTest::aRowThatCameLaterJoins()
{
    const QList<Message> rows = albumRows(1, 4, {});
    ViewScene scene(rows.mid(0, 3));
    QCOMPARE(scene.view.geometry(2)->media.size(), 3);                    // nobody has words: the last one draws
    scene.model.applyMessage(rows.at(3));
    QCOMPARE(scene.view.geometry(3)->media.size(), 4);
    QCOMPARE(scene.view.geometry(2)->height, 0);
    QCOMPARE(scene.view.rowRect(2).height(), 0);
    QVERIFY(scene.view.isAtEnd());
}

void AlbumsTest::aDeletedPictureLeavesTheAlbum()
{
    QList<Message> rows = albumRows(1, 3, u"The shelf"_s);
    ViewScene scene(rows);
    rows[2].isDeleted = true;
    rows[2].attachments.clear();
    scene.model.applyMessage(rows.at(2));
    QCOMPARE(scene.view.geometry(0)->media.size(), 2);
    QVERIFY(scene.view.rowRect(2).height() > 0);
}

void AlbumsTest::eachPictureOpensAndHasItsOwnMenu()
{
    ViewScene scene(albumRows(1, 3, u"The shelf"_s));
    const auto shape = scene.view.geometry(0);
    const MediaBox second = shape->media.at(1);
    const QPoint at = scene.view.rowRect(0).topLeft() + second.rect.center();
    QStringList names;
    for (const HitArea &hit : shape->hits)
        names.append(hit.name);
    QVERIFY(names.contains(u"Open photo 2 of 3"_s));                      // each can be named by assistive tools
    QTest::mouseClick(scene.view.viewport(), Qt::LeftButton, {}, at);
    auto *viewer = scene.view.window()->findChild<ImageViewer *>();
    QVERIFY(viewer);
    QCOMPARE(viewer->current(), 1);
    viewer->close();
    QSignalSpy replies(&scene.view, &ConversationView::replyRequested);
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, scene.view.viewport()->mapToGlobal(at));
    QCoreApplication::sendEvent(scene.view.viewport(), &event);
    auto *menu = scene.view.findChild<QMenu *>();
    QVERIFY(menu);
    for (QAction *action : menu->actions()) {
        if (action->text() == u"Reply to this message"_s)
            action->trigger();
    }
    QCOMPARE(replies.size(), 1);
    QCOMPARE(replies.first().first().value<Message>().id, MessageId(2));
}

void AlbumsTest::arrowsTakeAnAlbumAsOne()
{
    QList<Message> rows = albumRows(2, 3, u"The shelf"_s);
    rows.prepend(incoming(1, u"Look"_s, kNow - 3h));
    rows.append(incoming(9, u"Well?"_s, kNow));
    ViewScene scene(rows);
    scene.view.setFocusedRow(4);
    QTest::keyClick(&scene.view, Qt::Key_Up);
    QCOMPARE(scene.view.focusedRow(), 1);
    QVERIFY(scene.view.rowName(1).contains(u"One of 3 in an album"_s));
    QTest::keyClick(&scene.view, Qt::Key_Up);
    QCOMPARE(scene.view.focusedRow(), 0);
}

void AlbumsTest::aJumpToAPictureFindsItsAlbum()
{
    QList<Message> rows = albumRows(1, 3, u"The shelf"_s);
    for (int i = 0; i < 40; ++i)
        rows << incoming(100 + i, u"And another thing"_s, kNow - 30min + Milliseconds(i * 40'000));
    ViewScene scene(rows);
    scene.view.showMessage(MessageId(3));
    QCOMPARE(scene.view.focusedRow(), 0);
    QVERIFY(scene.view.rowRect(0).intersects(scene.view.viewport()->rect()));
}

void AlbumsTest::rightToLeftMirrorsTheTiles()
{
    ViewScene ltr(albumRows(1, 4, u"The shelf"_s));
    ViewScene rtl(albumRows(1, 4, u"The shelf"_s), {680, 900}, Theme::Mode::Light, 1, Qt::RightToLeft);
    const int width = ltr.view.viewport()->width();
    for (int i = 0; i < 4; ++i) {
        const QRect one = ltr.view.geometry(0)->media.at(i).rect;
        const QRect other = rtl.view.geometry(0)->media.at(i).rect;
        QCOMPARE(other.left(), width - one.right() - 1);
        QCOMPARE(other.top(), one.top());
    }
}

void AlbumsTest::filesOfAnAlbumAreJoinedOverTheMinute()
{
    QList<Message> rows = albumRows(1, 2, {});
    for (Message &row : rows)
        row.attachments.first().kind = Attachment::Kind::File;
    rows[1].createdAt = rows[0].createdAt + 50s;
    ViewScene scene(rows);
    QVERIFY(joins(rows.at(0), rows.at(1)));
    QCOMPARE(drawn(scene.view, 2), 2);
    rows[1].groupId.clear();
    rows[1].createdAt = rows[0].createdAt + 61s;
    QVERIFY(!joins(rows.at(0), rows.at(1)));
}

ANTIPHON_TEST(AlbumsTest)

} // namespace antiphon::test

#include "tst_albums.moc"
