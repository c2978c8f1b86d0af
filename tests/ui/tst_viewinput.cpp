#include "tests/support/testmain.h"
#include "tests/ui/viewscene.h"

#include <QAccessible>
#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What hands, keys and assistive tools do with the rows.
class ViewInputTest : public QObject {
    Q_OBJECT

private slots:
    void embedsOpenOnlyAllowedHosts_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("isCard");
        QTest::newRow("allowed") << u"https://www.tiktok.com/@a/video/1"_s << true;
        QTest::newRow("not encrypted") << u"http://www.tiktok.com/@a/video/1"_s << false;
        QTest::newRow("foreign host") << u"https://evil.example/video/1"_s << false;
        QTest::newRow("host that ends alike") << u"https://eviltiktok.com/video/1"_s << false;
        QTest::newRow("user name") << u"https://www.tiktok.com@evil.example/1"_s << false;
        QTest::newRow("script") << u"javascript:alert(1)"_s << false;
        QTest::newRow("file") << u"file:///etc/passwd"_s << false;
        QTest::newRow("data") << u"data:text/html,x"_s << false;
    }

    void embedsOpenOnlyAllowedHosts()
    {
        QFETCH(QString, url);
        QFETCH(bool, isCard);
        Message message = incoming(1, {});
        message.contentType = Message::ContentType::Embed;
        Attachment embed = attachment(1, Attachment::Kind::Embed);
        embed.embedUrl = url;
        message.attachments << embed;
        ViewScene scene({message});
        const auto geometry = scene.view.geometry(0);
        const bool hasCard = std::any_of(geometry->hits.begin(), geometry->hits.end(), [](const HitArea &hit) { return hit.action == HitAction::OpenEmbed; });
        QCOMPARE(hasCard, isCard);
        for (int y = 0; y < geometry->height; y += 6) {
            for (int x = 0; x < scene.view.viewport()->width(); x += 12)
                QTest::mouseClick(scene.view.viewport(), Qt::LeftButton, {}, {x, scene.view.rowRect(0).top() + y});
        }
        for (const QUrl &opened : std::as_const(scene.opened))
            QVERIFY2(opened.scheme() == "http"_L1 || opened.scheme() == "https"_L1, qPrintable(opened.toString()));
        if (url.startsWith("http"_L1))
            QVERIFY(!scene.opened.isEmpty());
        else
            QVERIFY(scene.opened.isEmpty());
    }

    void markupIsShownLiterally()
    {
        const QString payload = u"<b>x</b> <img src='file:///etc/passwd'> &lt; [a](javascript:alert(1)) <table>"_s;
        ViewScene scene({incoming(1, payload)});
        QCOMPARE(scene.view.geometry(0)->texts.at(1).layout->text(), payload);
        QVERIFY(scene.view.geometry(0)->texts.at(1).links.isEmpty());
    }

    void linksInTextsOpen()
    {
        ViewScene scene({incoming(1, u"https://tidewick.example/shelf"_s)});
        const auto geometry = scene.view.geometry(0);
        const QPoint at = geometry->texts.at(1).rect.center() + QPoint(0, scene.view.rowRect(0).top());
        QTest::mouseClick(scene.view.viewport(), Qt::LeftButton, {}, at);
        QCOMPARE(scene.opened, QList<QUrl>{QUrl(u"https://tidewick.example/shelf"_s)});
    }

    void textIsSelectedAcrossLinesAndCopied()
    {
        ViewScene scene({incoming(1, u"First line\nsecond line"_s)});
        const QRect text = scene.view.geometry(0)->texts.at(1).rect.translated(0, scene.view.rowRect(0).top());
        QTest::mousePress(scene.view.viewport(), Qt::LeftButton, {}, text.topLeft() + QPoint(1, 4));
        QTest::mouseMove(scene.view.viewport(), text.bottomRight() - QPoint(0, 4));
        QMouseEvent move(QEvent::MouseMove, text.bottomRight() - QPointF(0, 4), scene.view.mapToGlobal(text.bottomRight()), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(scene.view.viewport(), &move);
        QCOMPARE(scene.view.selectedText(), u"First line\nsecond line"_s);
        QTest::keySequence(&scene.view, QKeySequence::Copy);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"First line\nsecond line"_s);
        keep(scene.view, u"selection"_s);
    }

    void aLongTextIsCappedUntilAskedFor()
    {
        ViewScene scene({incoming(1, QString(u"many words "_s).repeated(2000))});
        const int before = scene.view.geometry(0)->height;
        const auto geometry = scene.view.geometry(0);
        const auto more = std::find_if(geometry->hits.begin(), geometry->hits.end(), [](const HitArea &hit) { return hit.action == HitAction::ShowAll; });
        QVERIFY(more != geometry->hits.end());
        scene.view.activate(0, *more);
        QVERIFY(scene.view.geometry(0)->height > 3 * before);
    }

    void retryIsAskedForOnlyWhereItMayBe()
    {
        Message old = failed(1, u"old"_s, u"network"_s, kNow - 25h);
        Message fresh = failed(2, u"fresh"_s, u"network"_s, kNow - 1h);
        ViewScene scene({old, fresh});
        QSignalSpy retried(&scene.view, &ConversationView::retryRequested);
        for (int row : {0, 1}) {
            const auto geometry = scene.view.geometry(row);
            for (const HitArea &hit : geometry->hits) {
                if (hit.action == HitAction::Retry) {
                    QCOMPARE(hit.isOn, row == 1);
                    QCOMPARE(hit.toolTip.isEmpty(), row == 1);
                    scene.view.activate(row, hit);
                }
            }
        }
        QCOMPARE(retried.size(), 1);
        QCOMPARE(retried.first().first().value<Message>().id, MessageId(2));
    }

    void whatMayHaveBeenSentCanBeSaidToHaveArrived()
    {
        ViewScene scene({failed(1, u"plain"_s, u"network"_s, kNow - 1h), failed(2, u"lost"_s, u"outcome_unknown"_s, kNow - 1h)});
        QSignalSpy arrived(&scene.view, &ConversationView::arrivalConfirmed);
        QSignalSpy retried(&scene.view, &ConversationView::retryRequested);
        for (int row : {0, 1}) {
            const auto geometry = scene.view.geometry(row);
            int offered = 0;
            for (const HitArea &hit : geometry->hits) {
                if (hit.action != HitAction::Arrived)
                    continue;
                ++offered;
                QVERIFY(geometry->height >= hit.rect.bottom() - 8);
                scene.view.activate(row, hit);
            }
            QCOMPARE(offered, row);
        }
        QCOMPARE(arrived.size(), 1);
        QCOMPARE(arrived.first().first().value<Message>().id, MessageId(2));
        QCOMPARE(retried.size(), 0);
    }

    void aQuoteJumpsToItsRow()
    {
        QList<Message> rows = manyRows(300);
        rows.last().inReplyTo = MessageId(20);
        ViewScene scene(rows);
        const int last = scene.model.count() - 1;
        const auto geometry = scene.view.geometry(last);
        const auto quote = std::find_if(geometry->hits.begin(), geometry->hits.end(), [](const HitArea &hit) { return hit.action == HitAction::JumpToQuote; });
        QVERIFY(quote != geometry->hits.end());
        scene.view.activate(last, *quote);
        const QRect target = scene.view.rowRect(19);
        QVERIFY(target.top() >= 0 && target.bottom() < scene.view.viewport()->height());
        QCOMPARE(scene.view.focusedRow(), 19);
    }

    void arrowsMoveTheRowFocusAndKeepItInSight()
    {
        ViewScene scene(manyRows(50));
        scene.view.setFocus(Qt::TabFocusReason);
        scene.view.setFocusedRow(49);
        for (int i = 0; i < 30; ++i)
            QTest::keyClick(&scene.view, Qt::Key_Up);
        QCOMPARE(scene.view.focusedRow(), 19);
        QVERIFY(scene.view.rowRect(19).top() >= 0);
        QTest::keyClick(&scene.view, Qt::Key_End);
        QVERIFY(scene.view.isAtEnd());
    }

    void assistiveToolsReadTheRows()
    {
        ViewScene scene(everyKind());
        QAccessibleInterface *list = QAccessible::queryAccessibleInterface(&scene.view);
        QVERIFY(list);
        QCOMPARE(list->role(), QAccessible::List);
        QCOMPARE(list->childCount(), scene.model.count());
        QAccessibleInterface *first = list->child(0);
        QCOMPARE(first->role(), QAccessible::ListItem);
        QVERIFY(first->text(QAccessible::Name).contains(u"Mira Solvang"_s));
        QVERIFY(first->text(QAccessible::Name).contains(u"speckled blue mug"_s));
        QVERIFY(list->child(11)->text(QAccessible::Name).contains(u"TikTok app"_s));
        QVERIFY(list->child(7)->text(QAccessible::Name).contains(u"Not sent."_s));
        QCOMPARE(list->indexOfChild(first), 0);
        QCOMPARE(first->parent(), list);
    }
};

ANTIPHON_TEST(ViewInputTest)

} // namespace antiphon::test

#include "tst_viewinput.moc"
