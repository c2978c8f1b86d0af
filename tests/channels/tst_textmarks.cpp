#include "core/channels/textmarks.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class TextMarksTest : public QObject {
    Q_OBJECT

    const TextMarks m_marks{.strong = u"*"_s, .emphasis = u"_"_s, .strike = u"~"_s, .code = u"`"_s};

private slots:
    void turnsMarkdownIntoMarks_data()
    {
        QTest::addColumn<QString>("markdown");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const QString &markdown, const QString &expected) { QTest::newRow(name) << markdown << expected; };
        row("all marks", u"**Yes**, two *left*, ~~no~~ `x*y`"_s, u"*Yes*, two _left_, ~no~ `x*y`"_s);
        row("underscores", u"__x__ and _y_"_s, u"*x* and _y_"_s);
        row("one in the other", u"*a **b** c*"_s, u"_a *b* c_"_s);
        row("both at once", u"***both***"_s, u"_*both*_"_s);
        row("escaped", u"\\*not\\*"_s, u"*not*"_s);
        row("no mark over a line's end", u"**a \n b** c"_s, u"*a* \n *b* c"_s);
        row("heading", u"## Prices\nnew"_s, u"Prices\nnew"_s);
        row("bullets", u"* one\n* **two**\n  + three"_s, u"- one\n- *two*\n  - three"_s);
        row("numbers", u"1. one\n2. two"_s, u"1. one\n2. two"_s);
        row("quote", u"> said **he**"_s, u"> said *he*"_s);
        row("block of code", u"a\n```js\nx * y * z\n\n```\nb"_s, u"a\nx * y * z\n\nb"_s);
        row("link", u"see [our shop](https://x.example/a_b_(c)) now"_s, u"see https://x.example/a_b_(c) now"_s);
        row("address in brackets", u"<https://x.example> <a@b.example>"_s, u"https://x.example a@b.example"_s);
        row("address in marks", u"**https://x.example/_a_**"_s, u"*https://x.example/_a_*"_s);
        row("lines stay lines", u"a\n\n\nb\n"_s, u"a\n\n\nb"_s);
        row("hard break", u"a\\\nb"_s, u"a\nb"_s);
        row("unclosed", u"**a *b"_s, u"**a *b"_s);
        row("code with a tick", u"`` a`b ``"_s, u"`a`b`"_s);
        row("line ends of Windows", u"a\r\nb"_s, u"a\nb"_s);
    }

    void turnsMarkdownIntoMarks()
    {
        QFETCH(QString, markdown);
        QTEST(renderMarkdown(markdown, m_marks), "expected");
    }

    void plainTextComesBackAsItIs()
    {
        for (const QString &text : {u"2 * 3 * 4 = 24"_s, u"snake_case_name, x_1_2"_s, u"a ~ b ~~ c"_s, u"  indented\n\n\t tab"_s, u"[x] (y)"_s,
                                    u"#hashtag 1) -5 +7"_s, u"C:\\dir\\file"_s, u"💡 é ש\u200f"_s, u"<b> & \"q\" 'x'"_s, u"5 < 6 > 4"_s, u"``` unclosed\nx"_s, QString()}) {
            QCOMPARE(renderMarkdown(text, m_marks), text);
            QCOMPARE(renderMarkdown(text, TextMarks{}), text);
        }
    }

    void aChannelWithoutMarksGetsBareWords()
    {
        const TextMarks bare{.namesLinks = true};
        QCOMPARE(renderMarkdown(u"**a** *b* ~~c~~ `d` [shop](https://x.example) [https://x.example](https://x.example)"_s, bare),
                 u"a b c d shop (https://x.example) https://x.example"_s);
        QCOMPARE(renderMarkdown(u"> q"_s, TextMarks{.keepsQuotes = false}), u"q"_s);
    }

    void aLongTextTakesNoLongerThanItsLength_data()
    {
        QTest::addColumn<QString>("piece");
        QTest::newRow("signs that nothing opens") << u"a** "_s;
        QTest::newRow("signs that nothing closes") << u"**a "_s;
        QTest::newRow("signs of two kinds in turn") << u"_a *b_ "_s;
        QTest::newRow("code that nothing closes") << u"```x\n"_s;
    }

    void aLongTextTakesNoLongerThanItsLength()
    {
        QFETCH(QString, piece);
        const QString text = piece.repeated(150'000 / piece.size());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!renderMarkdown(text, m_marks).isEmpty());
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));       // a fraction of a second; minutes where it goes by the square
    }

    void endsForAnythingThatIsTyped()
    {
        const QString signs = u"*_~`[]()<>\\!#-> \na"_s;
        uint seed = 1;
        for (int round = 0; round < 3000; ++round) {
            QString text;
            for (int i = 0; i < 24; ++i) {
                seed = seed * 1664525u + 1013904223u;
                text += signs[qsizetype((seed >> 16) % uint(signs.size()))];
            }
            const QString out = renderMarkdown(text, m_marks);
            QVERIFY(!out.endsWith(u'\n'));
            QCOMPARE(renderMarkdown(text, m_marks), out);
        }
    }

    void knowsWhatBecameOfIt_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<bool>("same");
        QTest::newRow("as it is") << u"Hi there"_s << u"Hi there "_s << true;
        QTest::newRow("marks") << u"**Hi** _there_, ~~no~~"_s << u"*Hi* _there_, ~no~"_s << true;
        QTest::newRow("bare") << u"**Hi** `there`"_s << u"Hi there"_s << true;
        QTest::newRow("a named link") << u"See [the map](https://example.com/x)"_s << u"See the map (https://example.com/x)"_s << true;
        QTest::newRow("a link alone") << u"See [the map](https://example.com/x)"_s << u"See https://example.com/x"_s << true;
        QTest::newRow("a smiley") << u"👍"_s << u"👍"_s << true;
        QTest::newRow("another smiley") << u"👍"_s << u"👎"_s << false;
        QTest::newRow("marks alone") << u"?"_s << u"!"_s << false;
        QTest::newRow("a longer one") << u"Hi"_s << u"Hi there"_s << false;
        QTest::newRow("another number") << u"Room 4"_s << u"Room 5"_s << false;
    }

    void knowsWhatBecameOfIt()
    {
        QFETCH(QString, written);
        QFETCH(QString, shown);
        QFETCH(bool, same);
        QCOMPARE(saysTheSame(written, shown), same);
    }
};

ANTIPHON_TEST(TextMarksTest)
#include "tst_textmarks.moc"
