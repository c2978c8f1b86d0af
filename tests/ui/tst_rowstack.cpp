#include "tests/support/testmain.h"
#include "ui/conversationview/rowstack.h"

#include <QRandomGenerator>
#include <QTest>

namespace antiphon::test {

class RowStackTest : public QObject {
    Q_OBJECT

private slots:
    /// Against the plain sum, over random changes.
    void theTreeSumsLikeAList()
    {
        QRandomGenerator random(7);
        HeightTree tree;
        QList<int> list(50, 10);
        tree.reset(50, 10);
        for (int step = 0; step < 2000; ++step) {
            const int row = int(random.bounded(quint32(list.size())));
            switch (random.bounded(4)) {
            case 0:
                list.insert(row, 2, 33);
                tree.insert(row, 2, 33);
                break;
            case 1:
                if (list.size() > 20) {
                    list.remove(row, 1);
                    tree.remove(row, 1);
                }
                break;
            default:
                list[row] = int(random.bounded(0, 200));
                tree.setHeight(row, list.at(row));
            }
            qint64 sum = 0;
            const int probe = int(random.bounded(quint32(list.size())));
            for (int i = 0; i < probe; ++i)
                sum += list.at(i);
            QCOMPARE(tree.top(probe), sum);
            QCOMPARE(tree.count(), list.size());
            if (list.at(probe) > 0)
                QCOMPARE(tree.rowAt(sum + list.at(probe) - 1), probe);
        }
        QCOMPARE(tree.rowAt(-5), 0);
        QCOMPARE(tree.rowAt(tree.total() + 100), tree.count() - 1);
        QCOMPARE(HeightTree().rowAt(0), -1);
    }

    void rowsThatFitStandAtTheBottom()
    {
        RowStack stack([](int) { return 40; });
        stack.setViewport(500);
        stack.reset(3);
        stack.settle();
        QCOMPARE(stack.top(0), 500 - 120);
        QVERIFY(stack.isAtEnd());
        QCOMPARE(stack.maximum(), 0);
    }

    void scrollingUpMovesWhatIsInSightByJustSoMuch()
    {
        RowStack stack([](int row) { return 30 + row % 90; });       // never the estimate
        stack.setViewport(600);
        stack.reset(1000);
        stack.settle();
        for (int i = 0; i < 200; ++i) {
            const int row = stack.firstVisible() + 1;
            const int before = stack.top(row);
            stack.scrollBy(37);
            stack.settle();
            QCOMPARE(stack.top(row), before + 37);
        }
    }

    void nothingScrollsBeyondTheEnds()
    {
        RowStack stack([](int) { return 50; });
        stack.setViewport(600);
        stack.reset(100);
        stack.settle();
        stack.scrollBy(-400);
        stack.settle();
        QVERIFY(stack.isAtEnd());
        QCOMPARE(stack.top(99), 550);
        stack.scrollBy(1'000'000);
        stack.settle();
        QCOMPARE(stack.top(0), 0);
        QCOMPARE(stack.value(), 0);
        stack.scrollTo(stack.maximum());
        stack.settle();
        QVERIFY(stack.isAtEnd());
    }

    void changesAboveAndBelowKeepTheAnchor()
    {
        int extra = 0;
        RowStack stack([&extra](int row) { return 30 + row % 7 + extra; });
        stack.setViewport(600);
        stack.reset(500);
        stack.settle();
        stack.scrollTo(stack.maximum() / 2);
        stack.settle();
        int row = stack.firstVisible() + 1;
        const int top = stack.top(row);
        stack.insert(0, 50);
        row += 50;
        stack.settle();
        QCOMPARE(stack.top(row), top);
        stack.insert(stack.count(), 50);
        stack.settle();
        QCOMPARE(stack.top(row), top);
        stack.remove(10, 20);
        row -= 20;
        stack.settle();
        QCOMPARE(stack.top(row), top);
        extra = 25;                                                  // all heights change, as with another width
        stack.invalidateAll();
        stack.settle();
        QCOMPARE(stack.top(row), top);
    }

    void emptyStacksAreHarmless()
    {
        RowStack stack([](int) { return 1; });
        stack.setViewport(100);
        stack.settle();
        stack.scrollBy(10);
        stack.scrollTo(50);
        QCOMPARE(stack.rowAt(10), -1);
        QCOMPARE(stack.maximum(), 0);
        stack.insert(0, 1);
        stack.settle();
        QCOMPARE(stack.firstVisible(), 0);
    }
};

ANTIPHON_TEST(RowStackTest)

} // namespace antiphon::test

#include "tst_rowstack.moc"
