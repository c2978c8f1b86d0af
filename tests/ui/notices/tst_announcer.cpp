#include "tests/support/testmain.h"
#include "ui/notices/announcer.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Verdict = Announcer::Verdict;

namespace {

const Timestamp kNow = fromUnixMs(1'770'000'000'000);

Arrival arrival(int conversation = 1, const QString &text = u"Hello"_s, int unread = 1)
{
    static int next = 100;
    Arrival a;
    a.message.id = MessageId(++next);
    a.message.conversationId = ConversationId(conversation);
    a.message.sender.type = Sender::Type::Contact;
    a.message.createdAt = kNow - 2s;
    a.message.receivedAt = kNow;
    a.conversation.id = ConversationId(conversation);
    a.conversation.contact.id = ContactId(conversation);
    a.conversation.contact.name = u"Mira %1"_s.arg(conversation);
    a.conversation.unreadCount = unread;
    a.conversation.lastMessage = a.message;
    a.text = text;
    return a;
}

Announcer::Moment moment(Timestamp now = kNow)
{
    return {.now = now, .local = QTime(12, 0), .me = AgentId(1)};
}

QStringList keys(const QList<Toast> &toasts)
{
    QStringList keys;
    for (const Toast &toast : toasts)
        keys.append(toast.key);
    return keys;
}

/// One row of the table: how it differs from a message that is told.
struct Case {
    const char *name;
    Verdict verdict;
    std::function<void(Arrival &, NoticeWishes &, Announcer::Moment &)> change;
};

const QList<Case> kCases{
    {"a customer's message", Verdict::Announced, [](Arrival &, NoticeWishes &, Announcer::Moment &) {}},
    {"switched off", Verdict::SwitchedOff, [](Arrival &, NoticeWishes &wishes, Announcer::Moment &) { wishes.isOn = false; }},
    {"our own answer", Verdict::NotFromCustomer,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.message.direction = Message::Direction::Outgoing;
         a.message.sender.type = Sender::Type::Agent;
     }},
    {"an answer from the phone", Verdict::NotFromCustomer,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.message.direction = Message::Direction::Outgoing;
         a.message.externalEcho = true;
         a.message.sender.type = Sender::Type::NativeApp;
     }},
    {"a bot's", Verdict::NotFromCustomer, [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.message.sender.type = Sender::Type::Bot; }},
    {"an activity line", Verdict::NotFromCustomer,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.message.direction = Message::Direction::Activity;
         a.message.sender.type = Sender::Type::System;
     }},
    {"a private note", Verdict::PrivateNote, [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.message.isPrivate = true; }},
    {"taken back at once", Verdict::Deleted, [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.message.isDeleted = true; }},
    {"a blocked customer", Verdict::Blocked, [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.conversation.contact.isBlocked = true; }},
    {"a flood", Verdict::Flood,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.conversation.attributes = {{u"flooded_until"_s, toRfc3339(kNow + 30s)}}; }},
    {"a flood that is over", Verdict::Announced,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.conversation.attributes = {{u"flooded_until"_s, toRfc3339(kNow - 1s)}}; }},
    {"read at another seat, or of an imported history", Verdict::Read, [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.conversation.unreadCount = 0; }},
    {"history below something unread", Verdict::FromBefore,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.conversation.lastMessage->id = MessageId(99'999);
         a.conversation.lastMessage->receivedAt = kNow - 1s;
         a.message.createdAt = kNow - 48h;
     }},
    {"late, below a colleague's note", Verdict::Announced,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.conversation.lastMessage->id = MessageId(99'999);
         a.conversation.lastMessage->receivedAt = kNow - 10min;
         a.conversation.lastMessage->isPrivate = true;
         a.message.createdAt = kNow - 5h;
         a.message.late = true;
     }},
    {"late, and answered at once", Verdict::Announced,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.conversation.lastMessage->id = MessageId(99'999);
         a.conversation.lastMessage->direction = Message::Direction::Outgoing;
         a.conversation.lastMessage->receivedAt = kNow + 1ms;
         a.message.createdAt = kNow - 5h;
     }},
    {"late, the first of two in one delivery", Verdict::Announced,
     [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.conversation.lastMessage->id = MessageId(99'999);
         a.conversation.lastMessage->createdAt = kNow - 4h;
         a.message.createdAt = kNow - 5h;
     }},
    {"late, but the newest", Verdict::Announced, [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.message.createdAt = kNow - 5h;
         a.conversation.lastMessage = a.message;
     }},
    {"the second but last of a burst", Verdict::Announced, [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.conversation.lastMessage->id = MessageId(99'999);
         a.conversation.lastMessage->createdAt = kNow - 1s;
     }},
    {"a colleague's", Verdict::Colleagues, [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.conversation.assigneeId = AgentId(2); }},
    {"mine", Verdict::Announced, [](Arrival &a, NoticeWishes &, Announcer::Moment &) { a.conversation.assigneeId = AgentId(1); }},
    {"a colleague's, and that is wanted", Verdict::Announced, [](Arrival &a, NoticeWishes &wishes, Announcer::Moment &) {
         a.conversation.assigneeId = AgentId(2);
         wishes.ofColleagues = true;
     }},
    {"before the person's eyes", Verdict::InSight, [](Arrival &, NoticeWishes &, Announcer::Moment &m) { m.sight = {.isWindowActive = true, .atEnd = ConversationId(1)}; }},
    {"scrolled up", Verdict::Announced, [](Arrival &, NoticeWishes &, Announcer::Moment &m) { m.sight = {.isWindowActive = true}; }},
    {"another one is open", Verdict::Announced, [](Arrival &, NoticeWishes &, Announcer::Moment &m) { m.sight = {.isWindowActive = true, .atEnd = ConversationId(2)}; }},
    {"open behind another window", Verdict::Announced, [](Arrival &, NoticeWishes &, Announcer::Moment &m) { m.sight = {.atEnd = ConversationId(1)}; }},
    {"do not disturb", Verdict::Quiet, [](Arrival &, NoticeWishes &wishes, Announcer::Moment &) { wishes.isUndisturbed = true; }},
    {"in the quiet hours", Verdict::Quiet, [](Arrival &, NoticeWishes &wishes, Announcer::Moment &m) {
         wishes.hasQuietHours = true;
         m.local = QTime(23, 0);
     }},
    {"fetched after an absence", Verdict::Summed, [](Arrival &a, NoticeWishes &, Announcer::Moment &) {
         a.message.caughtUp = true;
         a.message.createdAt = kNow - 9h;
     }},
    {"fetched while the window is before one's eyes", Verdict::InSight, [](Arrival &a, NoticeWishes &, Announcer::Moment &m) {
         a.message.caughtUp = true;
         m.sight.isWindowActive = true;
     }},
};

} // namespace

class AnnouncerTest : public QObject {
    Q_OBJECT
private slots:
    void judgesWhatComesIn_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < kCases.size(); ++i)
            QTest::newRow(kCases.at(i).name) << i;
    }

    void judgesWhatComesIn()
    {
        QFETCH(int, index);
        Arrival a = arrival();
        NoticeWishes wishes;
        Announcer::Moment m = moment();
        kCases.at(index).change(a, wishes, m);
        QCOMPARE(int(Announcer::judge(a, wishes, m)), int(kCases.at(index).verdict));
        Announcer announcer;
        const bool isShown = kCases.at(index).verdict == Verdict::Announced || kCases.at(index).verdict == Verdict::Summed;
        QCOMPARE(announcer.announce({a}, wishes, m).toasts.size(), isShown ? 1 : 0);
    }

    void aConversationIsOneToastThatGrows()
    {
        Announcer announcer;
        QList<Toast> toasts = announcer.announce({arrival(1, u"One"_s)}, {}, moment()).toasts;
        QCOMPARE(toasts.size(), 1);
        QCOMPARE(toasts.first().title, u"Mira 1"_s);
        QCOMPARE(toasts.first().body, u"One"_s);
        QVERIFY(toasts.first().canMarkRead);
        const QString key = toasts.first().key;
        QCOMPARE(Announcer::conversationOf(key), ConversationId(1));
        const Arrival third = arrival(1, u"Three"_s, 3);
        toasts = announcer.announce({arrival(1, u"Two"_s, 3), third}, {}, moment(kNow + 10s)).toasts;
        QCOMPARE(keys(toasts), QStringList{key});
        QCOMPARE(toasts.first().title, u"Mira 1 (3)"_s);
        QCOMPARE(toasts.first().body, u"One\nTwo\nThree"_s);
        QCOMPARE(announcer.newestTold(ConversationId(1)), third.message.id);
        toasts = announcer.announce({arrival(1, u"Four"_s, 4)}, {}, moment(kNow + 20s)).toasts;
        QCOMPARE(toasts.first().body, u"Two\nThree\nFour"_s);
        announcer.forget(key);                                         // closed, or read
        toasts = announcer.announce({arrival(1, u"Five"_s, 1)}, {}, moment(kNow + 30s)).toasts;
        QCOMPARE(toasts.first().title, u"Mira 1"_s);
        QCOMPARE(toasts.first().body, u"Five"_s);
    }

    void showsAsMuchAsIsWanted_data()
    {
        QTest::addColumn<int>("privacy");
        QTest::addColumn<int>("unread");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("body");
        using Privacy = NoticeWishes::Privacy;
        QTest::newRow("all") << int(Privacy::Full) << 1 << u"Mira 1"_s << u"My card is 4111"_s;
        QTest::newRow("who") << int(Privacy::SenderOnly) << 1 << u"Mira 1"_s << u"1 new message"_s;
        QTest::newRow("who, several") << int(Privacy::SenderOnly) << 3 << u"Mira 1"_s << u"3 new messages"_s;
        QTest::newRow("nothing") << int(Privacy::Hidden) << 1 << u"Antiphon"_s << u"New message"_s;
        QTest::newRow("nothing, several") << int(Privacy::Hidden) << 3 << u"Antiphon"_s << u"3 new messages"_s;
    }

    void showsAsMuchAsIsWanted()
    {
        QFETCH(int, privacy);
        QFETCH(int, unread);
        Announcer announcer;
        const QList<Toast> toasts =
            announcer.announce({arrival(1, u"My card is 4111"_s, unread)}, {.privacy = NoticeWishes::Privacy(privacy)}, moment()).toasts;
        QTEST(toasts.first().title, "title");
        QTEST(toasts.first().body, "body");
    }

    void manyWhoWriteAtOnceAreOneToast()
    {
        Announcer announcer;
        QList<Arrival> four;
        for (int i = 1; i <= Announcer::kMostAtOnce; ++i)
            four.append(arrival(i));
        QCOMPARE(announcer.announce(four, {}, moment()).toasts.size(), Announcer::kMostAtOnce);
        QList<Arrival> crowd;
        for (int i = 1; i <= 40; ++i)
            crowd.append({arrival(i), arrival(i)});
        QList<Toast> toasts = announcer.announce(crowd, {}, moment(kNow + 10s)).toasts;
        QCOMPARE(keys(toasts), QStringList{Announcer::manyKey()});
        QCOMPARE(toasts.first().title, u"80 new messages"_s);
        QCOMPARE(toasts.first().body, u"From 40 people"_s);
        toasts = announcer.announce(crowd, {}, moment(kNow + 20s)).toasts;
        QCOMPARE(keys(toasts), QStringList{Announcer::manyKey()});
        QCOMPARE(toasts.first().title, u"160 new messages"_s);
        QCOMPARE(toasts.first().body, u"From 40 people"_s);
    }

    /// What the one of all tells now would else stand there for ever: nothing knows of it any more.
    void theirOwnToastsGoWhereOneTellsOfAll()
    {
        Announcer announcer;
        QCOMPARE(announcer.announce({arrival(2), arrival(9)}, {}, moment()).toasts.size(), 2);
        QList<Arrival> crowd;
        for (int i = 1; i <= Announcer::kMostAtOnce + 1; ++i)
            crowd.append({arrival(i), arrival(i)});
        const Announcer::Orders orders = announcer.announce(crowd, {}, moment(kNow + 10s));
        QCOMPARE(orders.closes, QStringList{Announcer::keyOf(ConversationId(2))});
        QCOMPARE(keys(orders.toasts), QStringList{Announcer::manyKey()});
        QVERIFY(announcer.isTold(Announcer::keyOf(ConversationId(9))));
    }

    void whatIsReadGoesOutOfTheSum()
    {
        Announcer announcer;
        QList<Arrival> crowd;
        for (int i = 1; i <= 5; ++i)
            crowd.append({arrival(i), arrival(i)});
        announcer.announce(crowd, {}, moment());
        for (int i = 1; i <= 4; ++i) {
            QVERIFY(announcer.speaksOf(ConversationId(i)));
            QCOMPARE(announcer.noteRead(ConversationId(i)), QStringList());
            QVERIFY(!announcer.speaksOf(ConversationId(i)));
        }
        const QList<Toast> toasts = announcer.announce(crowd.mid(2), {}, moment(kNow + 10s)).toasts;
        QCOMPARE(toasts.size(), 4);                                    // four are no crowd
        QCOMPARE(announcer.noteRead(ConversationId(5)), (QStringList{Announcer::keyOf(ConversationId(5)), Announcer::manyKey()}));
        QVERIFY(!announcer.isTold(Announcer::manyKey()));
        announcer.announce(crowd, {}, moment(kNow + 20s));
        const QList<Toast> anew = announcer.announce(crowd, {}, moment(kNow + 30s)).toasts;
        QCOMPARE(anew.first().title, u"20 new messages"_s);            // not those that were read
        Arrival fetched = arrival(7);
        fetched.message.caughtUp = true;
        announcer.announce({fetched}, {}, moment(kNow + 40s));
        QCOMPARE(announcer.noteRead(ConversationId(7)), QStringList{Announcer::missedKey()});
    }

    void whatIsTakenBackOrEditedLeavesItsToast()
    {
        Announcer announcer;
        Arrival first = arrival(1, u"One"_s);
        Arrival second = arrival(1, u"My card is 4111"_s, 2);
        announcer.announce({first, second}, {}, moment());
        QVERIFY(announcer.speaksOf(ConversationId(1), second.message.id));
        QVERIFY(announcer.noteChanged(second.message, u"My card is 4111"_s, {}).toasts.isEmpty());       // only its status
        Announcer::Orders orders = announcer.noteChanged(first.message, u"Uno"_s, {});
        QCOMPARE(orders.toasts.first().body, u"Uno\nMy card is 4111"_s);
        QVERIFY(orders.toasts.first().isSilent);
        QVERIFY(announcer.noteChanged(first.message, u"Eins"_s, {.privacy = NoticeWishes::Privacy::SenderOnly}).toasts.isEmpty());
        second.message.isDeleted = true;
        orders = announcer.noteChanged(second.message, {}, {});
        QCOMPARE(orders.toasts.first().body, u"Eins"_s);
        QVERIFY(orders.closes.isEmpty() && !announcer.speaksOf(ConversationId(1), second.message.id));
        first.message.isDeleted = true;
        orders = announcer.noteChanged(first.message, {}, {});
        QVERIFY(orders.toasts.isEmpty());
        QCOMPARE(orders.closes, QStringList{Announcer::keyOf(ConversationId(1))});
        QVERIFY(!announcer.speaksOf(ConversationId(1)));
    }

    void whatWasFetchedIsOneToastHoweverLongItTakes()
    {
        Announcer announcer;
        const auto fetched = [](int conversation) {
            Arrival a = arrival(conversation);
            a.message.caughtUp = true;
            return a;
        };
        QList<Toast> toasts = announcer.announce({fetched(1), fetched(1), fetched(2)}, {}, moment()).toasts;
        QCOMPARE(keys(toasts), QStringList{Announcer::missedKey()});
        QCOMPARE(toasts.first().title, u"3 messages while you were away"_s);
        QCOMPARE(toasts.first().body, u"From 2 people"_s);
        toasts = announcer.announce({fetched(3), fetched(4), fetched(5), fetched(6), fetched(7)}, {}, moment(kNow + 10s)).toasts;
        QCOMPARE(keys(toasts), QStringList{Announcer::missedKey()});
        QCOMPARE(toasts.first().title, u"8 messages while you were away"_s);
        toasts = announcer.announce({fetched(3), arrival(9)}, {}, moment(kNow + 20s)).toasts;
        QCOMPARE(keys(toasts), (QStringList{Announcer::missedKey(), Announcer::keyOf(ConversationId(9))}));
        QVERIFY(announcer.isTold(Announcer::missedKey()));
        announcer.forget(Announcer::missedKey());
        QVERIFY(!announcer.isTold(Announcer::missedKey()));
    }

    void soundsOnceAndNotInEachMoment()
    {
        Announcer announcer;
        const auto isSilent = [&announcer](Timestamp at, bool hasSound = true) {
            const QList<Toast> toasts = announcer.announce({arrival(1), arrival(2)}, {.hasSound = hasSound}, moment(at)).toasts;
            return QList<bool>{toasts.at(0).isSilent, toasts.at(1).isSilent};
        };
        QCOMPARE(isSilent(kNow), (QList<bool>{true, false}));
        QCOMPARE(isSilent(kNow + 2s), (QList<bool>{true, true}));
        QCOMPARE(isSilent(kNow + 3s), (QList<bool>{true, false}));
        QCOMPARE(isSilent(kNow + 60s, false), (QList<bool>{true, true}));
        QCOMPARE(isSilent(kNow - 60s), (QList<bool>{true, false}));     // the clock was set back
    }

    void aLongOrHostileTextIsOneShortLine()
    {
        Announcer announcer;
        Arrival a = arrival(1, QString(5000, u'x') + u"\n\n\u202Etxt"_s);
        a.conversation.contact.name = u"<b>Mira</b>\n\u202E&"_s + QString(500, u'y');
        const Toast toast = announcer.announce({a}, {}, moment()).toasts.first();
        QVERIFY(toast.body.size() <= Announcer::kLongestLine + 1);
        QVERIFY(toast.title.size() <= Announcer::kLongestName + 1);
        QVERIFY(!toast.title.contains(u'\n') && !toast.title.contains(QChar(0x202E)));
        QVERIFY(toast.title.startsWith(u"<b>Mira</b> "_s));              // as it was written
    }

    void aKeyThatIsNoConversationsLeadsNowhere()
    {
        for (const QString &key : {u"missed"_s, u"many"_s, u"conversation/"_s, u"conversation/x"_s, QString()})
            QVERIFY(!Announcer::conversationOf(key));
    }
};

ANTIPHON_TEST(AnnouncerTest)
#include "tst_announcer.moc"
