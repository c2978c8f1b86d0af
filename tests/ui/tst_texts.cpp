#include "tests/support/testmain.h"
#include "tests/ui/scene.h"
#include "ui/models/errortext.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"
#include "ui/models/replycountdown.h"
#include "ui/models/richtext.h"
#include "ui/widgets/avatarpainter.h"
#include "ui/widgets/badge.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TextsTest : public QObject {
    Q_OBJECT

private slots:
    void countdown_data()
    {
        using Level = ReplyCountdown::Level;
        QTest::addColumn<int>("secondsLeft");
        QTest::addColumn<Level>("level");
        QTest::addColumn<QString>("text");
        QTest::newRow("two days") << 172'800 << Level::Quiet << u"Reply within 48 h"_s;
        QTest::newRow("quiet") << 12'000 << Level::Quiet << u"Reply within 3 h 20 min"_s;
        QTest::newRow("exactly two hours") << 7200 << Level::Quiet << u"Reply within 2 h"_s;
        QTest::newRow("amber") << 7199 << Level::Amber << u"Reply within 1 h 59 min"_s;
        QTest::newRow("exactly a quarter") << 900 << Level::Amber << u"Reply within 15 min"_s;
        QTest::newRow("red") << 899 << Level::Red << u"Reply within 14 min"_s;
        QTest::newRow("last minute") << 45 << Level::Red << u"Reply within 45 s"_s;
        QTest::newRow("closing") << 30 << Level::Closing << u"Closing"_s;
        QTest::newRow("one second") << 1 << Level::Closing << u"Closing"_s;
        QTest::newRow("the end") << 0 << Level::Closed << u"Closed since 10:05"_s;
        QTest::newRow("after") << -1 << Level::Closed << u"Closed since 10:04"_s;
    }

    void countdown()
    {
        QFETCH(int, secondsLeft);
        const ReplyWindow window{.rule = u"tiktok_48h"_s, .isOpen = true, .closesAt = kNow + 1s * secondsLeft};
        const ReplyCountdown countdown = replyCountdown(window, kNow);
        QTEST(countdown.level, "level");
        QTEST(countdown.text, "text");
        QCOMPARE(countdown.mayReply(), secondsLeft > 0);
        QCOMPARE(countdown.nextChange.has_value(), secondsLeft > 0);
        if (countdown.nextChange) {
            // It says something else then, and not a moment before.
            QVERIFY(replyCountdown(window, kNow + *countdown.nextChange).text != countdown.text);
            if (*countdown.nextChange > 2ms)
                QCOMPARE(replyCountdown(window, kNow + *countdown.nextChange - 2ms).text, countdown.text);
        }
    }

    void noWindowAndNeverOpened()
    {
        QCOMPARE(replyCountdown(std::nullopt, kNow).level, ReplyCountdown::Level::None);
        const ReplyWindow never{.rule = u"tiktok_48h"_s};
        QCOMPARE(replyCountdown(never, kNow).level, ReplyCountdown::Level::Closed);
        QVERIFY(closedBanner(Channel::Tiktok, false, never).text.contains("once the customer has written"_L1));
        QVERIFY(closedBanner(Channel::Whatsapp, true, never).text.contains("once the customer has written"_L1));
        QVERIFY(closedBanner(Channel::Whatsapp, true, never).offersTemplate);
        const ReplyWindow week{.rule = u"instagram_7d"_s, .closesAt = kNow};
        QVERIFY(closedBanner(Channel::Instagram, false, week).text.contains("7 days"_L1));
        const ReplyWindow day{.rule = u"instagram_24h"_s, .closesAt = kNow};
        QVERIFY(closedBanner(Channel::Instagram, false, day).text.contains("24 hours"_L1));
        QVERIFY(closedBanner(Channel::Twilio, true, day).offersTemplate);
        QVERIFY(!closedBanner(Channel::Tiktok, false, day).offersTemplate);
    }

    void cardClock()
    {
        const auto shows = [](Milliseconds left) {
            const ReplyWindow window{.isOpen = true, .closesAt = kNow + left};
            return showsOnCard(replyCountdown(window, kNow), window, kNow);
        };
        QVERIFY(!shows(6h + 1ms));
        QVERIFY(shows(6h));
        QVERIFY(shows(1min));
        QVERIFY(shows(-1h));
        QVERIFY(!showsOnCard(replyCountdown(std::nullopt, kNow), std::nullopt, kNow));
    }

    void times()
    {
        QCOMPARE(listTime(kNow, kNow + 1h), u"10:05"_s);
        QCOMPARE(listTime(kNow, kNow + 24h), u"Yesterday"_s);
        QCOMPARE(listTime(kNow, kNow + 24h * 3), u"Mon"_s);
        QCOMPARE(listTime(kNow, kNow + 24h * 7), u"17 Nov"_s);
        QCOMPARE(listTime(kNow, kNow + 24h * 60), u"17 Nov 2025"_s);
        QCOMPARE(dayHeading(QDate(2025, 11, 17), QDate(2025, 11, 17)), u"Today"_s);
        QCOMPARE(dayHeading(QDate(2025, 11, 16), QDate(2025, 11, 17)), u"Yesterday"_s);
        QCOMPARE(dayHeading(QDate(2025, 11, 15), QDate(2025, 11, 17)), u"Saturday, 15 November"_s);
        QCOMPARE(dayHeading(QDate(2024, 11, 15), QDate(2025, 11, 17)), u"Friday, 15 November 2024"_s);
    }

    void initialsOfNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("letters");
        QTest::newRow("two words") << u"Mira Solvang"_s << u"MS"_s;
        QTest::newRow("three words") << u"Ana de Souza"_s << u"AS"_s;
        QTest::newRow("one word") << u"Prince"_s << u"P"_s;
        QTest::newRow("small") << u"femke oosterwal"_s << u"FO"_s;
        QTest::newRow("Han") << u"種森 ゆき"_s << u"種"_s;
        QTest::newRow("Thai") << u"กมลชนก พูนสุข"_s << u"ก"_s;
        QTest::newRow("Arabic letters don't join") << u"سلمى الدوري"_s << QString(u"س"_s + QChar(0x200C) + u"ا"_s);
        QTest::newRow("emoji in front") << u"🌸 Rosa Lind"_s << u"RL"_s;
        QTest::newRow("a number") << u"+44 7700 900264"_s << u"49"_s;
        QTest::newRow("signs only") << u"*** ---"_s << QString();
        QTest::newRow("empty") << QString() << QString();
    }

    void initialsOfNames()
    {
        QFETCH(QString, name);
        QTEST(initials(name), "letters");
    }

    void avatarColoursAreStableAndSpread()
    {
        QSet<int> seen;
        for (int id = 1; id <= 100; ++id) {
            const int index = avatarIndex(QString::number(id));
            QVERIFY(index >= 1 && index <= 8);
            seen.insert(index);
        }
        QCOMPARE(seen.size(), 8);
        QCOMPARE(avatarIndex(u"11"_s), avatarIndex(u"11"_s));
    }

    void badges()
    {
        QCOMPARE(badgeText(0), QString());
        QCOMPARE(badgeText(12), u"12"_s);
        QCOMPARE(badgeText(99), u"99"_s);
        QCOMPARE(badgeText(100), u"99+"_s);
    }

    void markdown_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("styles");
        QTest::newRow("bold") << u"a **b** c"_s << u"a b c"_s << int(RichText::Bold);
        QTest::newRow("italic") << u"a *b* c"_s << u"a b c"_s << int(RichText::Italic);
        QTest::newRow("both") << u"**a *b***"_s << u"a b"_s << int(RichText::Bold | RichText::Italic);
        QTest::newRow("strike") << u"~~x~~"_s << u"x"_s << int(RichText::Strike);
        QTest::newRow("code") << u"`a*b*`"_s << u"a*b*"_s << int(RichText::Code);
        QTest::newRow("link") << u"[shop](https://tidewick.example)"_s << u"shop (tidewick.example)"_s << int(RichText::Link);
        QTest::newRow("script link stays literal") << u"[x](javascript:alert(1))"_s << u"[x](javascript:alert(1))"_s << 0;
        QTest::newRow("html stays literal") << u"<b>x</b>"_s << u"<b>x</b>"_s << 0;
        QTest::newRow("image stays literal") << u"![x](http://)"_s << u"![x](http://)"_s << 0;
        QTest::newRow("list") << u"- a\n- b"_s << QString(u"• a"_s + QChar(0x2028) + u"• b"_s) << 0;
        QTest::newRow("heading") << u"## Hello"_s << u"Hello"_s << int(RichText::Bold);
        QTest::newRow("escape") << u"\\*a\\*"_s << u"*a*"_s << 0;
        QTest::newRow("times stay") << u"2 * 3 * 4"_s << u"2 * 3 * 4"_s << 0;
        QTest::newRow("names stay") << u"snake_case_name"_s << u"snake_case_name"_s << 0;
        QTest::newRow("unclosed") << u"**a"_s << u"**a"_s << 0;
    }

    void markdown()
    {
        QFETCH(QString, source);
        const RichText rich = richFromMarkdown(source);
        QTEST(rich.text, "text");
        int styles = 0;
        for (const RichText::Span &span : rich.spans)
            styles |= span.style;
        QTEST(styles, "styles");
    }

    void entitiesCountCodePoints()
    {
        const RichText rich = richFromPlain(u"👍🏽 bold **not**"_s, {{.offset = 3, .length = 4, .kind = u"bold"_s}});
        QCOMPARE(rich.text, u"👍🏽 bold **not**"_s);
        QCOMPARE(rich.spans.size(), 1);
        QCOMPARE(rich.text.mid(rich.spans.first().start, rich.spans.first().length), u"bold"_s);
    }

    void brokenEntitiesDoNoHarm()
    {
        for (const TextEntity &entity : {TextEntity{.offset = -1, .length = 5, .kind = u"bold"_s}, {.offset = 99, .length = 1, .kind = u"bold"_s},
                                         {.offset = 1, .length = 2'147'483'647, .kind = u"bold"_s}, {.offset = 0, .length = 2, .kind = u"blink"_s},
                                         {.offset = 0, .length = 2, .kind = u"link"_s, .url = u"javascript:x"_s}}) {
            const RichText rich = richFromPlain(u"short"_s, {entity});
            for (const RichText::Span &span : rich.spans)
                QVERIFY(span.start >= 0 && span.start + span.length <= rich.text.size());
            QVERIFY(std::none_of(rich.spans.begin(), rich.spans.end(), [](const RichText::Span &span) { return !span.url.isEmpty(); }));
        }
    }

    void aLinkThatSaysSomethingElseShowsItsHost()
    {
        const RichText rich = richFromPlain(u"see my bank today"_s, {{.offset = 4, .length = 7, .kind = u"link"_s, .url = u"https://evil.example/x"_s}});
        QCOMPARE(rich.text, u"see my bank (evil.example) today"_s);
        const RichText punycode = richFromPlain(u"x"_s, {{.offset = 0, .length = 1, .kind = u"link"_s, .url = u"https://аpple.com/"_s}});
        QVERIFY(punycode.text.contains("xn--"_L1));
    }

    void bareLinksEndBeforeThePunctuation()
    {
        const RichText rich = richFromPlain(u"(see https://a.example/b_(c), www.d.example. Or me@e.example!)"_s, {});
        QStringList urls;
        for (const RichText::Span &span : rich.spans)
            urls << span.url;
        QCOMPARE(urls, (QStringList{u"https://a.example/b_(c)"_s, u"https://www.d.example"_s, u"mailto:me@e.example"_s}));
    }

    void onlySafeSchemesOpen_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("opens");
        for (const auto &url : {u"https://a.example"_s, u"http://a.example/x?y#z"_s, u"mailto:a@b.example"_s, u"tel:+123"_s, u"HTTPS://A.EXAMPLE"_s})
            QTest::newRow(qPrintable(url)) << url << true;
        for (const auto &url : {u"javascript:alert(1)"_s, u"file:///etc/passwd"_s, u"data:text/html,x"_s, u"smb://host/share"_s, u"vbscript:x"_s,
                                u"https://"_s, u"//a.example"_s, u"a.example"_s, u""_s, u"java\nscript:alert(1)"_s, u" https://a.example"_s,
                                u"ms-settings:x"_s, u"mailto:"_s})
            QTest::newRow(qPrintable(u"no "_s + url)) << url << false;
    }

    void onlySafeSchemesOpen()
    {
        QFETCH(QString, url);
        QTEST(safeLink(url).has_value(), "opens");
    }

    void emojiOnly()
    {
        QVERIFY(isEmojiOnly(u"👍🏽"_s));
        QVERIFY(isEmojiOnly(u"❤️"_s));
        QVERIFY(isEmojiOnly(u"👨‍👩‍👧🎉🎉"_s));
        QVERIFY(!isEmojiOnly(u"🎉🎉🎉🎉"_s));
        QVERIFY(!isEmojiOnly(u"ok 👍"_s));
        QVERIFY(!isEmojiOnly(u"123"_s));
        QVERIFY(!isEmojiOnly({}));
    }

    void hostileTextsAreCappedQuickly()
    {
        QElapsedTimer timer;
        timer.start();
        const QString huge(5'000'000, u'x');
        QVERIFY(richFromPlain(huge, {}).isCut);
        QCOMPARE(richFromPlain(huge, {}).text.size(), kTextCap);
        QVERIFY(drawable(u"e"_s + QString(4096, QChar(0x0301))).size() < 16);
        QVERIFY(richFromMarkdown(QString(u"*"_s).repeated(50'000), 50'000).text.size() > 0);
        QVERIFY(richFromMarkdown(QString(u"[a]("_s).repeated(12'000), 50'000).text.size() > 0);
        QVERIFY(richFromMarkdown(QString(u"**a _b "_s).repeated(7'000), 50'000).text.size() > 0);
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(plainLine(u"a\nb\u202Ec"_s, 100), u"a b\uFFFDc"_s);
        QCOMPARE(drawable(QString(QChar(0xD800))), QString(QChar(0xFFFD)));
    }

    void everyErrorHasASentence()
    {
        QSet<QString> sentences;
        for (int kind = 0; kind <= int(Error::Kind::Cancelled); ++kind) {
            const QString text = errorText({.kind = Error::Kind(kind), .detail = u"internal words"_s});
            QVERIFY(text.endsWith(u'.'));
            QVERIFY(!text.contains("internal"_L1));
            sentences.insert(text);
        }
        QCOMPARE(sentences.size(), int(Error::Kind::Cancelled) + 1);
    }

    void failuresSpeakPlainly()
    {
        const auto text = [](const QString &code, Channel channel) { return externalErrorText({.code = code, .text = u"RAW"_s}, channel); };
        QVERIFY(text(u"131047"_s, Channel::Whatsapp).contains("window"_L1));
        QVERIFY(text(u"63016"_s, Channel::Twilio).contains("window"_L1));
        QVERIFY(text(u"10.2534022"_s, Channel::Instagram).contains("window"_L1));
        QVERIFY(text(u"10.99"_s, Channel::Instagram).contains("permit"_L1));
        QVERIFY(text(u"network"_s, Channel::Line).contains("connection"_L1));
        QVERIFY(text(u"40002"_s, Channel::Tiktok).startsWith("TikTok refused it"_L1));
        QVERIFY(text(u"nobody knows"_s, Channel::Line).startsWith("LINE"_L1));
        QVERIFY(!text(u"nobody knows"_s, Channel::Line).contains("RAW"_L1));
        QVERIFY(failureDetails(failed(1, u"x"_s, u"40002"_s), Channel::Tiktok).contains("raw words of the platform"_L1));
        QVERIFY(isOutcomeUnknown(failed(1, u"x"_s, u"outcome_unknown"_s)));
    }

    void previews()
    {
        QCOMPARE(messagePreview(incoming(1, u"Hi\nthere"_s), Channel::Line).text, u"Hi there"_s);
        QCOMPARE(messagePreview(outgoing(1, u"**Hi**"_s), Channel::Line).text, u"Hi"_s);
        QVERIFY(messagePreview(outgoing(1, u"x"_s), Channel::Line).icon == "reply"_L1);
        QVERIFY(messagePreview(echo(1, u"x"_s), Channel::Line).icon == "phone-mobile"_L1);
        QVERIFY(messagePreview(note(1, u"x"_s), Channel::Line).icon == "lock"_L1);
        QVERIFY(messagePreview(failed(1, u"x"_s, u"1"_s), Channel::Line).isFailed);
        Message photo = incoming(1, {});
        photo.attachments << attachment(1, Attachment::Kind::Image);
        QCOMPARE(messagePreview(photo, Channel::Line).text, u"Photo"_s);
        QVERIFY(unsupportedText(Channel::Tiktok).contains("TikTok"_L1));
        QVERIFY(!unsupportedText(Channel::Line).contains("LINE"_L1));
    }

    void activitiesBecomeSentences()
    {
        const auto text = [](const QJsonObject &what) { return activityText(activity(1, what)).remove(QChar(0x2068)).remove(QChar(0x2069)); };
        QCOMPARE(text({{u"kind"_s, u"status"_s}, {u"actor_name"_s, u"Ines"_s}, {u"to"_s, u"resolved"_s}}), u"Ines resolved the conversation"_s);
        QCOMPARE(text({{u"kind"_s, u"status"_s}, {u"to"_s, u"open"_s}}), u"The conversation is now open"_s);
        QCOMPARE(text({{u"kind"_s, u"priority"_s}, {u"actor_name"_s, u"Ines"_s}, {u"to"_s, u"high"_s}}), u"Ines set the priority to high"_s);
        QCOMPARE(text({{u"kind"_s, u"assignee"_s}, {u"actor_name"_s, u"Ines"_s}, {u"to_name"_s, u"Deniz"_s}}), u"Ines assigned the conversation to Deniz"_s);
        QCOMPARE(text({{u"kind"_s, u"assignee"_s}, {u"actor_name"_s, u"Ines"_s}, {u"to_name"_s, u"Ines"_s}}), u"Ines took the conversation"_s);
        QCOMPARE(text({{u"kind"_s, u"followed"_s}}), u"The customer added your business"_s);
        QCOMPARE(text({{u"kind"_s, u"chat_started"_s}}), u"The customer started the chat"_s);
        QVERIFY(text({{u"kind"_s, u"chat_started"_s}, {u"payload"_s, u"flyer_7"_s}}).contains(u"flyer_7"_s));
        QCOMPARE(text({{u"kind"_s, u"customer_blocked"_s}}), u"The customer blocked your business"_s);
        QCOMPARE(text({{u"kind"_s, u"customer_unblocked"_s}}), u"The customer unblocked your business"_s);
        QVERIFY(!text({{u"kind"_s, u"something new"_s}}).isEmpty());
        QVERIFY(!text({}).isEmpty());
    }
};

ANTIPHON_TEST(TextsTest)

} // namespace antiphon::test

#include "tst_texts.moc"
