#include "core/channels/telegram/telegrammarkup.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QThread>

#include <memory>
#include <vector>

using namespace antiphon;
using namespace Qt::StringLiterals;

class TelegramMarkupTest : public QObject {
    Q_OBJECT

    static QString html(const QString &markdown) { return telegram::renderMarkup(markdown).html; }

private slots:
    void everyMarkHasItsTag_data()
    {
        QTest::addColumn<QString>("markdown");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const QString &markdown, const QString &expected) { QTest::newRow(name) << markdown << expected; };
        row("strong", u"a **b** c"_s, u"a <strong>b</strong> c"_s);
        row("emphasis", u"_a_ *b*"_s, u"<em>a</em> <em>b</em>"_s);
        row("strike", u"~~a~~"_s, u"<del>a</del>"_s);
        row("one tilde is none", u"~a~"_s, u"~a~"_s);
        row("nested", u"**a _b_** _c **d**_"_s, u"<strong>a <em>b</em></strong> <em>c <strong>d</strong></em>"_s);
        row("strong within strong", u"**a __b__ c**"_s, u"<strong>a b c</strong>"_s);
        row("code", u"`a<b` and `**x**`"_s, u"<code>a&lt;b</code> and <code>**x**</code>"_s);
        row("fence", u"```\na < b\n\n  c\n```"_s, u"<pre>a &lt; b\n\n  c</pre>"_s);
        row("fence with language", u"```cpp\nint a;\n```\nend"_s, u"<pre><code class=\"language-cpp\">int a;</code></pre>\nend"_s);
        row("language that would break out", u"```a\"><b\nx\n```"_s, u"<pre>x</pre>"_s);
        row("link", u"[the *site*](https://e.org/a?b=1&c=\"2\")"_s, u"<a href=\"https://e.org/a?b=1&amp;c=&quot;2&quot;\">the <em>site</em></a>"_s);
        row("mail", u"[write](mailto:a@e.org)"_s, u"<a href=\"mailto:a@e.org\">write</a>"_s);
        row("other scheme", u"[x](javascript:alert(1))"_s, u"x (javascript:alert(1))"_s);
        row("code within a link", u"[`x`](https://e.org)"_s, u"<a href=\"https://e.org\">x</a>"_s);
        row("bare address", u"see https://e.org/_a_/*b* now"_s, u"see https://e.org/_a_/*b* now"_s);
        row("address in brackets", u"<https://e.org>"_s, u"https://e.org"_s);
        row("image", u"![a lid](https://e.org/l.png)"_s, u"a lid (https://e.org/l.png)"_s);
        row("heading", u"# Hours **now**\nMonday"_s, u"<strong>Hours now</strong>\nMonday"_s);
        row("bullets", u"- a\n- b\n  - c\n- d"_s, u"• a\n• b\n  • c\n• d"_s);
        row("numbers", u"3. a\n4. b"_s, u"3. a\n4. b"_s);
        row("loose list", u"- a\n\n- b"_s, u"• a\n\n• b"_s);
        row("item of two lines", u"- a\n  b\n\n  c"_s, u"• a\n  b\n\n  c"_s);
        row("empty item", u"-\n- b"_s, u"• \n• b"_s);
        row("quote", u"> a\n> b\n\nc"_s, u"<blockquote>a\nb</blockquote>\n\nc"_s);
        row("quote in a quote", u"> a\n> > b\n\nc"_s, u"<blockquote>a\nb</blockquote>\n\nc"_s);
        row("rule", u"a\n\n---\n\nb"_s, u"a\n\n———\n\nb"_s);
        row("table", u"| a | long |\n|---|---|\n| 12 | **x** |"_s, u"<pre>a  | long\n---+-----\n12 | x</pre>"_s);
        row("HTML", u"<script> & *x*"_s, u"&lt;script&gt; &amp; *x*"_s);
        row("HTML in a line", u"a <b>c</b> *x*"_s, u"a &lt;b&gt;c&lt;/b&gt; <em>x</em>"_s);
        row("escaped signs", u"\\*a\\* 1 < 2"_s, u"*a* 1 &lt; 2"_s);
        row("hard break", u"a  \nb\\\nc"_s, u"a\nb\nc"_s);
        row("blank lines", u"a\n\n\n\nb\nc"_s, u"a\n\n\n\nb\nc"_s);
        row("line ends of another system", u"a\r\n\r\nb\rc"_s, u"a\n\nb\nc"_s);
        row("list behind a line", u"a\n- b\n\n\nc"_s, u"a\n• b\n\n\nc"_s);
        row("end is cut", u"a\n\n \n"_s, u"a"_s);
        row("definitions alone", u"[a]: https://e.org"_s, u"[a]: https://e.org"_s);
        row("nothing", QString(), QString());
    }

    void everyMarkHasItsTag()
    {
        QFETCH(QString, markdown);
        QTEST(html(markdown), "expected");
    }

    void plainTextStaysAsItIs_data()
    {
        QTest::addColumn<QString>("text");
        for (const QString &text : {u"Hello"_s, u"one\ntwo"_s, u"one\n\n\ntwo\n\nthree"_s, u"  leading\n   more\nless"_s, u"5 > 3 & 2 < 4"_s, u"a_b_c 2 * 3 * 4 ~5"_s,
                                    u"📦 👍🏽 ñ 中"_s, u"https://e.org/x_y_z?a=1&b=2"_s, u"\"quoted\" 'so'"_s, u"price: 5,00 €!"_s, u"(a) [b] {c}"_s})
            QTest::addRow("%s", qPrintable(text.simplified())) << text;
    }

    void plainTextStaysAsItIs()
    {
        QFETCH(QString, text);
        const telegram::Markup markup = telegram::renderMarkup(text);
        QCOMPARE(markup.visible, text);
        QCOMPARE(markup.bare, text);
    }

    void addressesAreCountedOnlyWhereTheyAreSeen()
    {
        const telegram::Markup markup = telegram::renderMarkup(u"**a** [site](https://e.org)"_s);
        QCOMPARE(markup.visible, u"a site"_s);
        QCOMPARE(markup.bare, u"a site (https://e.org)"_s);
    }

    void deepNestingEnds()
    {
        const QString quotes = QString(20'000, u'>') + u" x"_s;
        QVERIFY(html(quotes).startsWith("<blockquote>"_L1));
        QVERIFY(!html(QString(5000, u'[')).isEmpty());
        QVERIFY(!html(QString(5000, u'*') + u'a' + QString(5000, u'*')).isEmpty());
    }

    /// What is checked in one thread is sent in another, and the library has one list of signs for all.
    void threadsDontDisturbEachOther()
    {
        const QString markdown = u"**a** ~~b~~ https://e.org/_x_\n\n| a | b |\n|---|---|\n| 1 | 2 |"_s;
        const QString expected = html(markdown);
        std::vector<std::unique_ptr<QThread>> threads;
        std::atomic<int> wrong = 0;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back(QThread::create([&] {
                for (int n = 0; n < 200; ++n)
                    wrong += html(markdown) == expected ? 0 : 1;
            }));
            threads.back()->start();
        }
        for (const auto &thread : threads)
            QVERIFY(thread->wait(60'000));
        QCOMPARE(wrong.load(), 0);
    }
};

ANTIPHON_TEST(TelegramMarkupTest)
#include "tst_telegrammarkup.moc"
