#include "tests/support/testmain.h"
#include "ui/conversationlist/conversationcard.h"
#include "ui/theme/theme.h"

#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class CardTest : public QObject {
    Q_OBJECT
private slots:
    void keepsItsHeightWhateverItShows();
    void putsNothingOverAnything_data();
    void putsNothingOverAnything();
    void mirrorsForRightToLeft();
    void saysItAllInWords();
};

namespace {

constexpr Timestamp kMoment = fromUnixMs(1'763'373'900'000);

CardContent full()
{
    CardContent card;
    card.conversation.contact.name = u"Maximiliane von Hohenfels-Rautenberg zu Altenburg"_s;
    card.conversation.unreadCount = 120;
    card.conversation.priority = Conversation::Priority::Urgent;
    card.conversation.labels = {u"Orders"_s, u"Returns"_s, u"Wholesale"_s};
    card.conversation.assigneeId = AgentId(1);
    card.conversation.lastActivityAt = kMoment - 5min;
    card.conversation.replyWindow = ReplyWindow{.rule = u"tiktok_48h"_s, .isOpen = true, .closesAt = kMoment + 14min};
    card.conversation.lastMessage = Message{.content = QString(300, u'w')};
    card.inboxName = u"Tidewick Studio"_s;
    card.assigneeName = u"Ines Valtor"_s;
    card.now = kMoment;
    return card;
}

QList<QRect> parts(const CardGeometry &g)
{
    return {g.bar, g.avatar, g.name, g.priority, g.time, g.preview, g.badge, g.meta, g.clock, g.assignee};
}

} // namespace

void CardTest::keepsItsHeightWhateverItShows()
{
    Theme theme;
    QCOMPARE(cardHeight(theme), 74);
    theme.setTextScale(2.0);
    QCOMPARE(cardHeight(theme), 40 + 37 + 34 + 17);
}

void CardTest::putsNothingOverAnything_data()
{
    QTest::addColumn<double>("scale");
    QTest::addColumn<int>("width");
    QTest::newRow("328 at 100 %") << 1.0 << 328;
    QTest::newRow("264 at 100 %") << 1.0 << 264;
    QTest::newRow("328 at 150 %") << 1.5 << 420;
    QTest::newRow("592 at 200 %") << 2.0 << 592;
}

void CardTest::putsNothingOverAnything()
{
    QFETCH(double, scale);
    QFETCH(int, width);
    Theme theme;
    theme.setTextScale(scale);
    const QSize size(width, cardHeight(theme));
    for (const auto direction : {Qt::LeftToRight, Qt::RightToLeft}) {
        const QList<QRect> rects = parts(layoutCard(theme, full(), size, direction));
        for (int i = 0; i < rects.size(); ++i) {
            QVERIFY2(QRect(QPoint(0, 0), size).contains(rects.at(i)) || rects.at(i).isEmpty(), qPrintable(QString::number(i)));
            for (int j = i + 1; j < rects.size(); ++j)
                QVERIFY2(!rects.at(i).intersects(rects.at(j)), qPrintable(u"%1 and %2"_s.arg(i).arg(j)));
        }
    }
}

void CardTest::mirrorsForRightToLeft()
{
    const Theme theme;
    const QSize size(328, cardHeight(theme));
    const QList<QRect> left = parts(layoutCard(theme, full(), size, Qt::LeftToRight));
    const QList<QRect> right = parts(layoutCard(theme, full(), size, Qt::RightToLeft));
    for (int i = 0; i < left.size(); ++i) {
        QCOMPARE(right.at(i).left(), size.width() - 1 - left.at(i).right());
        QCOMPARE(right.at(i).size(), left.at(i).size());
        QCOMPARE(right.at(i).y(), left.at(i).y());
    }
}

void CardTest::saysItAllInWords()
{
    CardContent card = full();
    card.draft = u"half a sentence"_s;
    const QString words = cardAccessibleText(card);
    for (const QString &part : {u"Maximiliane"_s, u"TikTok"_s, u"120"_s, u"half a sentence"_s, u"14 min"_s})
        QVERIFY2(words.contains(part), qPrintable(words));
}

ANTIPHON_TEST(CardTest)

} // namespace antiphon::test

#include "tst_card.moc"
