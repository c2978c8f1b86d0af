#include "core/tunnel/outputlines.h"
#include "tests/support/testmain.h"

#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;

class OutputLinesTest : public QObject {
    Q_OBJECT
private slots:
    void putsPiecesTogether()
    {
        const QByteArray text = "your url is: https://a.example\nsecond line\r\n\n  third\t\n";
        const QStringList whole = OutputLines().take(text);
        QCOMPARE(whole, QStringList({u"your url is: https://a.example"_s, u"second line"_s, u"third"_s}));
        for (qsizetype cut = 0; cut <= text.size(); ++cut) {
            OutputLines lines;
            const QStringList first = lines.take(text.left(cut));
            QCOMPARE(first + lines.take(text.mid(cut)), whole);
        }
    }

    void keepsWhatHasNoEndForTheEnd()
    {
        OutputLines lines;
        QVERIFY(lines.take("Permission denied").isEmpty());
        QCOMPARE(lines.finish(), QStringList{u"Permission denied"_s});
        QVERIFY(lines.finish().isEmpty());
    }

    void leavesOutTerminalCodesAndRubbish()
    {
        OutputLines lines;
        QCOMPARE(lines.take("\x1b[1;32m ok\x1b[0m \x1b]0;window title\x07 there\x01\n"), QStringList{u"ok  there"_s});
        QCOMPARE(lines.take("50 %\r100 %\r\n"), QStringList({u"50 %"_s, u"100 %"_s}));
        QCOMPARE(lines.take(QByteArray("\xff\xfe\x80 a\n")).size(), 1);   // not UTF-8, and no harm
    }

    void holdsNoMoreThanALine()
    {
        OutputLines lines;
        for (int i = 0; i < 1000; ++i)
            QVERIFY(lines.take(QByteArray(10'000, 'x')).isEmpty());
        const QStringList cut = lines.take("\nnext\n");
        QCOMPARE(cut.size(), 2);
        QCOMPARE(cut.first().size(), 4096);
        QCOMPARE(cut.last(), u"next"_s);
    }
};

ANTIPHON_TEST(OutputLinesTest)

} // namespace antiphon::test
#include "tst_outputlines.moc"
