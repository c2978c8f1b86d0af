#include "tests/support/testmain.h"
#include "ui/composer/composerstate.h"

#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ComposerStateTest : public QObject {
    Q_OBJECT
private slots:
    void decidesWhatIsAllowed_data();
    void decidesWhatIsAllowed();
    void refusesPicturesWhereTiktokDoes();
    void plansWhatIsSent_data();
    void plansWhatIsSent();
    void splitsAtWordsAndNeverInsideACharacter_data();
    void splitsAtWordsAndNeverInsideACharacter();
};

void ComposerStateTest::decidesWhatIsAllowed_data()
{
    QTest::addColumn<Inbox::State>("state");
    QTest::addColumn<bool>("isThere");
    QTest::addColumn<qint64>("left");          // ms; -1: never opened, 0: over
    QTest::addColumn<bool>("mustBeNote");
    QTest::addColumn<bool>("isClosing");
    QTest::addColumn<bool>("waits");
    const auto active = Inbox::State::Active;
    QTest::newRow("open") << active << true << qint64(3'600'000) << false << false << false;
    QTest::newRow("last second before closing") << active << true << qint64(30'001) << false << false << false;
    QTest::newRow("closing") << active << true << qint64(30'000) << false << true << false;
    QTest::newRow("one ms left") << active << true << qint64(1) << false << true << false;
    QTest::newRow("over") << active << true << qint64(0) << true << false << false;
    QTest::newRow("never written") << active << true << qint64(-1) << true << false << false;
    QTest::newRow("disabled") << Inbox::State::Disabled << true << qint64(3'600'000) << true << false << false;
    QTest::newRow("reconnect") << Inbox::State::ReauthorizationRequired << true << qint64(3'600'000) << false << false << true;
    QTest::newRow("gone") << active << false << qint64(3'600'000) << true << false << false;
}

void ComposerStateTest::decidesWhatIsAllowed()
{
    QFETCH(Inbox::State, state);
    QFETCH(bool, isThere);
    QFETCH(qint64, left);
    const Timestamp now = fromUnixMs(1'763'373'900'000);
    Conversation conversation{.contact = {.name = u"Mira"_s}};
    conversation.replyWindow = ReplyWindow{.rule = u"tiktok_48h"_s, .isOpen = left > 0};
    if (left >= 0)
        conversation.replyWindow->closesAt = now + Milliseconds(left);
    const Inbox inbox{.state = state};
    const ComposerState allowed = composerState(conversation, isThere ? &inbox : nullptr, now);
    QTEST(allowed.mustBeNote, "mustBeNote");
    QTEST(allowed.isClosing, "isClosing");
    QTEST(allowed.leavesAfterReconnecting, "waits");
    QCOMPARE(allowed.replyReason.isEmpty(), !allowed.mustBeNote);
}

void ComposerStateTest::refusesPicturesWhereTiktokDoes()
{
    const Inbox inbox{};
    Conversation conversation{};
    QVERIFY(composerState(conversation, &inbox, {}).attachReason.isEmpty());
    conversation.attributes = {{u"tiktok_capabilities"_s, QJsonObject{{u"image_send"_s, false}}}};
    QVERIFY(!composerState(conversation, &inbox, {}).attachReason.isEmpty());
    conversation.attributes = {{u"tiktok_capabilities"_s, QJsonObject{{u"image_send"_s, true}}}};
    QVERIFY(composerState(conversation, &inbox, {}).attachReason.isEmpty());
}

void ComposerStateTest::plansWhatIsSent_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("files");
    QTest::addColumn<bool>("isNote");
    QTest::addColumn<int>("messages");
    QTest::addColumn<bool>("isAllowed");
    QTest::newRow("nothing") << QString() << 0 << false << 0 << false;
    QTest::newRow("blanks") << u" \n\t"_s << 0 << false << 0 << false;
    QTest::newRow("text") << u"hello"_s << 0 << false << 1 << true;
    QTest::newRow("at the limit") << QString(6000, u'a') << 0 << false << 1 << true;
    QTest::newRow("over the limit") << QString(6001, u'a') << 0 << false << 2 << false;
    QTest::newRow("picture") << QString() << 1 << false << 1 << true;
    QTest::newRow("text and picture") << u"hello"_s << 1 << false << 2 << true;
    QTest::newRow("text and three pictures") << u"hello"_s << 3 << false << 4 << true;
    QTest::newRow("note with files") << u"hello"_s << 3 << true << 1 << true;
    QTest::newRow("long note") << QString(6001, u'a') << 0 << true << 1 << true;
    QTest::newRow("too long a note") << QString(10'001, u'a') << 0 << true << 2 << false;
}

void ComposerStateTest::plansWhatIsSent()
{
    QFETCH(QString, text);
    QFETCH(int, files);
    QFETCH(bool, isNote);
    const SendPlan plan = sendPlan(text, files, isNote, composerLimits(Channel::Tiktok));
    QTEST(plan.messages, "messages");
    QTEST(plan.reason.isEmpty(), "isAllowed");
}

void ComposerStateTest::splitsAtWordsAndNeverInsideACharacter_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QStringList>("pieces");
    QTest::newRow("fits") << u"short"_s << 10 << QStringList{u"short"_s};
    QTest::newRow("word") << u"alpha beta gamma"_s << 11 << QStringList{u"alpha beta"_s, u"gamma"_s};
    QTest::newRow("paragraph before word") << u"one two\n\nthree four"_s << 13 << QStringList{u"one two"_s, u"three four"_s};
    QTest::newRow("sentence before word") << u"Onefold. Two three"_s << 12 << QStringList{u"Onefold."_s, u"Two three"_s};
    QTest::newRow("no blank") << u"abcdefgh"_s << 3 << QStringList{u"abc"_s, u"def"_s, u"gh"_s};
    QTest::newRow("pair") << u"ab😀cd"_s << 3 << QStringList{u"ab"_s, u"😀c"_s, u"d"_s};
    QTest::newRow("joined emoji") << u"ab👩‍👩‍👧c"_s << 9 << QStringList{u"ab"_s, u"👩‍👩‍👧c"_s};
    QTest::newRow("longer than the limit") << u"👩‍👩‍👧"_s << 3 << QStringList{u"👩‍"_s, u"👩‍"_s, u"👧"_s};
}

void ComposerStateTest::splitsAtWordsAndNeverInsideACharacter()
{
    QFETCH(QString, text);
    QFETCH(int, limit);
    const QStringList pieces = splitText(text, limit);
    QTEST(pieces, "pieces");
    for (const QString &piece : pieces) {
        QVERIFY(piece.size() <= limit);
        QVERIFY(!piece.isEmpty() && !piece.front().isLowSurrogate() && !piece.back().isHighSurrogate());
    }
}

ANTIPHON_TEST(ComposerStateTest)

} // namespace antiphon::test

#include "tst_composerstate.moc"
