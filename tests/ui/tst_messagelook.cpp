#include "tests/support/testmain.h"
#include "tests/ui/scene.h"
#include "ui/conversationview/bubbles/messagelook.h"
#include "ui/conversationview/rowcontexts.h"

#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Message unsupported(Message message)
{
    message.contentType = Message::ContentType::Unsupported;
    return message;
}

Message interactive(Message message)
{
    message.contentType = Message::ContentType::Interactive;
    return message;
}

Message isPrivate(Message message)
{
    message.isPrivate = true;
    return message;
}

Message withFiles(Message message, const QList<Attachment::Kind> &kinds)
{
    int id = 1;
    for (const Attachment::Kind kind : kinds)
        message.attachments << attachment(id++, kind);
    return message;
}

Message withSender(Message message, Sender::Type type, const QString &id = {})
{
    message.sender = {.type = type, .id = id, .name = u"Somebody"_s};
    return message;
}

Message withStatus(Message message, MessageStatus status)
{
    message.status = status;
    return message;
}

using Kind = Attachment::Kind;

} // namespace

class MessageLookTest : public QObject {
    Q_OBJECT

private slots:
    void variant_data()
    {
        QTest::addColumn<Message>("message");
        QTest::addColumn<Variant>("variant");
        QTest::newRow("customer") << incoming(1, u"x"_s) << Variant::Customer;
        QTest::newRow("agent") << outgoing(1, u"x"_s) << Variant::Agent;
        QTest::newRow("activity") << activity(1, {}) << Variant::Activity;
        QTest::newRow("note") << note(1, u"x"_s) << Variant::Note;
        QTest::newRow("note before failed") << isPrivate(failed(1, u"x"_s, u"1"_s)) << Variant::Note;
        QTest::newRow("failed") << failed(1, u"x"_s, u"1"_s) << Variant::Error;
        QTest::newRow("failed before unsupported") << unsupported(failed(1, u"x"_s, u"1"_s)) << Variant::Error;
        QTest::newRow("unsupported") << unsupported(incoming(1, {})) << Variant::Unsupported;
        QTest::newRow("unsupported before echo") << unsupported(echo(1, {})) << Variant::Unsupported;
        QTest::newRow("echo") << echo(1, u"x"_s) << Variant::Agent;
        QTest::newRow("echo before bot") << withSender(echo(1, u"x"_s), Sender::Type::System) << Variant::Agent;
        QTest::newRow("bot") << bot(1, u"x"_s) << Variant::Bot;
        QTest::newRow("outgoing without a sender") << withSender(outgoing(1, u"x"_s), Sender::Type::System) << Variant::Bot;
        QTest::newRow("template") << interactive(outgoing(1, u"x"_s)) << Variant::Template;
        QTest::newRow("bot before template") << interactive(bot(1, u"x"_s)) << Variant::Bot;
        QTest::newRow("an incoming form is the customer's") << interactive(incoming(1, u"x"_s)) << Variant::Customer;
    }

    void variant()
    {
        QFETCH(Message, message);
        QTEST(variantOf(message), "variant");
    }

    void side_data()
    {
        QTest::addColumn<Message>("message");
        QTest::addColumn<Side>("side");
        QTest::newRow("customer") << incoming(1, u"x"_s) << Side::Start;
        QTest::newRow("agent") << outgoing(1, u"x"_s) << Side::End;
        QTest::newRow("echo") << echo(1, u"x"_s) << Side::End;
        QTest::newRow("unsupported echo keeps its side") << unsupported(echo(1, {})) << Side::End;
        QTest::newRow("bot") << bot(1, u"x"_s) << Side::End;
        QTest::newRow("without a sender") << withSender(incoming(1, u"x"_s), Sender::Type::System) << Side::End;
        QTest::newRow("incoming, by an agent") << withSender(incoming(1, u"x"_s), Sender::Type::Agent, u"3"_s) << Side::End;
        QTest::newRow("still under way") << withStatus(incoming(1, u"x"_s), MessageStatus::Queued) << Side::End;
        QTest::newRow("activity") << activity(1, {}) << Side::Centre;
    }

    void side()
    {
        QFETCH(Message, message);
        QTEST(sideOf(message), "side");
    }

    void bubbleKind_data()
    {
        QTest::addColumn<Message>("message");
        QTest::addColumn<BubbleKind>("kind");
        QTest::newRow("text") << incoming(1, u"x"_s) << BubbleKind::Text;
        QTest::newRow("deleted") << [] { Message m = incoming(1, {}); m.isDeleted = true; return m; }() << BubbleKind::Deleted;
        QTest::newRow("unsupported") << unsupported(incoming(1, {})) << BubbleKind::Unsupported;
        QTest::newRow("unsupported with a file") << unsupported(withFiles(incoming(1, {}), {Kind::Image})) << BubbleKind::Unsupported;
        QTest::newRow("image") << withFiles(incoming(1, {}), {Kind::Image}) << BubbleKind::Image;
        QTest::newRow("image with words") << withFiles(incoming(1, u"x"_s), {Kind::Image}) << BubbleKind::Text;
        QTest::newRow("two images") << withFiles(incoming(1, {}), {Kind::Image, Kind::Image}) << BubbleKind::Text;
        QTest::newRow("file") << withFiles(incoming(1, {}), {Kind::File}) << BubbleKind::File;
        QTest::newRow("audio") << withFiles(incoming(1, {}), {Kind::Audio}) << BubbleKind::Audio;
        QTest::newRow("video") << withFiles(incoming(1, {}), {Kind::Video}) << BubbleKind::Video;
        QTest::newRow("embed") << withFiles(incoming(1, {}), {Kind::Embed}) << BubbleKind::Embed;
        QTest::newRow("embed with words") << withFiles(incoming(1, u"x"_s), {Kind::Embed}) << BubbleKind::Text;
        QTest::newRow("location") << withFiles(incoming(1, {}), {Kind::Location}) << BubbleKind::Location;
        QTest::newRow("contact") << withFiles(incoming(1, {}), {Kind::Contact}) << BubbleKind::Contact;
        QTest::newRow("contact with words") << withFiles(incoming(1, u"x"_s), {Kind::Contact}) << BubbleKind::Contact;
        QTest::newRow("two contacts") << withFiles(incoming(1, {}), {Kind::Contact, Kind::Contact}) << BubbleKind::Text;
        QTest::newRow("activity") << activity(1, {}) << BubbleKind::Activity;
    }

    void bubbleKind()
    {
        QFETCH(Message, message);
        QTEST(bubbleKindOf(message), "kind");
    }

    void emptyMessagesDrawNothing()
    {
        QVERIFY(!isShown(incoming(1, {})));
        QVERIFY(isShown(incoming(1, u"x"_s)));
        QVERIFY(isShown(withFiles(incoming(1, {}), {Kind::File})));
        QVERIFY(isShown(unsupported(incoming(1, {}))));
        QVERIFY(isShown(failed(1, {}, u"1"_s)));
        QVERIFY(isShown(activity(1, {})));
    }

    void avatars()
    {
        QVERIFY(!avatarOf(incoming(1, u"x"_s)));
        QVERIFY(!avatarOf(activity(1, {})));
        QCOMPARE(avatarOf(echo(1, u"x"_s))->kind, AvatarLook::Kind::NativeApp);
        QCOMPARE(avatarOf(echo(1, u"x"_s))->name, u"Native app"_s);
        QCOMPARE(avatarOf(unsupported(echo(1, {})))->kind, AvatarLook::Kind::NativeApp);
        QCOMPARE(avatarOf(withSender(echo(1, u"x"_s), Sender::Type::Bot))->kind, AvatarLook::Kind::NativeApp);
        QCOMPARE(avatarOf(bot(1, u"x"_s))->kind, AvatarLook::Kind::Bot);
        QCOMPARE(avatarOf(bot(1, u"x"_s))->name, u"Bot"_s);
        QCOMPARE(avatarOf(withSender(outgoing(1, u"x"_s), Sender::Type::Bot))->name, u"Somebody"_s);
        Message nameless = outgoing(1, u"x"_s);
        nameless.sender = {};
        QCOMPARE(avatarOf(nameless)->kind, AvatarLook::Kind::Bot);
        QCOMPARE(avatarOf(outgoing(1, u"x"_s))->kind, AvatarLook::Kind::Person);
        QCOMPARE(avatarOf(outgoing(1, u"x"_s))->name, u"Deniz Aksoylu"_s);
        QCOMPARE(senderWord(echo(1, u"x"_s)), u"Native app"_s);
        QCOMPARE(senderWord(outgoing(1, u"x"_s)), QString());
        QCOMPARE(senderWord(note(1, u"x"_s)), u"Private note"_s);
    }

    void grouping_data()
    {
        QTest::addColumn<Message>("row");
        QTest::addColumn<Message>("next");
        QTest::addColumn<bool>("joined");
        const Timestamp minute = std::chrono::floor<std::chrono::minutes>(kNow);
        QTest::newRow("same sender, same minute") << incoming(1, u"a"_s, minute) << incoming(2, u"b"_s, minute + 59s) << true;
        QTest::newRow("across a minute") << incoming(1, u"a"_s, minute + 59s) << incoming(2, u"b"_s, minute + 60s) << false;
        QTest::newRow("other direction") << incoming(1, u"a"_s) << outgoing(2, u"b"_s) << false;
        QTest::newRow("failed next") << outgoing(1, u"a"_s) << failed(2, u"b"_s, u"1"_s) << false;
        QTest::newRow("failed row") << failed(1, u"a"_s, u"1"_s) << outgoing(2, u"b"_s) << false;
        QTest::newRow("note next to reply") << note(1, u"a"_s) << outgoing(2, u"b"_s) << false;
        QTest::newRow("two notes") << note(1, u"a"_s) << note(2, u"b"_s) << true;
        QTest::newRow("echo and bot") << echo(1, u"a"_s) << bot(2, u"b"_s) << false;
        QTest::newRow("echo and a senderless row") << echo(1, u"a"_s) << withSender(outgoing(2, u"b"_s), Sender::Type::NativeApp) << false;
        QTest::newRow("two echoes") << echo(1, u"a"_s) << echo(2, u"b"_s) << true;
        QTest::newRow("two templates") << interactive(outgoing(1, u"a"_s)) << interactive(outgoing(2, u"b"_s)) << false;
        QTest::newRow("other agent") << outgoing(1, u"a"_s) << withSender(outgoing(2, u"b"_s), Sender::Type::Agent, u"4"_s) << false;
        QTest::newRow("activity row") << activity(1, {}) << incoming(2, u"b"_s) << false;
    }

    void grouping()
    {
        QFETCH(Message, row);
        QFETCH(Message, next);
        QTEST(joins(row, next), "joined");
    }

    void groupsLookPastActivities()
    {
        const Timestamp minute = std::chrono::floor<std::chrono::minutes>(kNow);
        MessageListModel model{MessageListModel::Fetch()};
        model.setPage(ConversationId(1), {.items = {incoming(1, u"a"_s, minute), activity(2, {{u"kind"_s, u"status"_s}}, minute + 1s),
                                                   incoming(3, u"b"_s, minute + 2s), incoming(4, u"c"_s, minute + 61s)}});
        const ViewState state{.today = QDate(2025, 11, 17)};
        QVERIFY(contextOf(model, 0, state, {}).day.isValid());
        QVERIFY(contextOf(model, 0, state, {}).joinsNext);
        QVERIFY(!contextOf(model, 1, state, {}).joinsNext);
        QVERIFY(contextOf(model, 2, state, {}).joinsPrevious);
        QVERIFY(!contextOf(model, 2, state, {}).joinsNext);
        QVERIFY(!contextOf(model, 3, state, {}).joinsPrevious);
        QVERIFY(!contextOf(model, 3, state, {}).day.isValid());
    }

    void statusMatrix_data()
    {
        QTest::addColumn<Channel>("channel");
        QTest::addColumn<QString>("marks");         // of queued, sending, sent, delivered, read, failed; w clock, 1 check, 2 checks, r read, - none
        QTest::newRow("whatsapp") << Channel::Whatsapp << u"ww12r-"_s;
        QTest::newRow("twilio sms") << Channel::Twilio << u"ww122-"_s;
        QTest::newRow("messenger") << Channel::Messenger << u"ww12r-"_s;
        QTest::newRow("instagram") << Channel::Instagram << u"ww11r-"_s;
        QTest::newRow("tiktok") << Channel::Tiktok << u"ww12r-"_s;
        QTest::newRow("telegram") << Channel::Telegram << u"ww111-"_s;
        QTest::newRow("line") << Channel::Line << u"ww111-"_s;
    }

    void statusMatrix()
    {
        QFETCH(Channel, channel);
        QString marks;
        for (const MessageStatus status : {MessageStatus::Queued, MessageStatus::Sending, MessageStatus::Sent, MessageStatus::Delivered,
                                           MessageStatus::Read, MessageStatus::Failed}) {
            const auto mark = statusMark(withStatus(outgoing(1, u"x"_s), status), channel);
            marks.append(!mark ? QChar(u'-') : QChar(QLatin1StringView("w12r").at(int(*mark))));
        }
        QTEST(marks, "marks");
    }

    void noStatusOnNotesIncomingAndDeleted()
    {
        QVERIFY(!statusMark(note(1, u"x"_s), Channel::Whatsapp));
        QVERIFY(!statusMark(incoming(1, u"x"_s), Channel::Whatsapp));
        Message gone = outgoing(1, u"x"_s);
        gone.isDeleted = true;
        QVERIFY(!statusMark(gone, Channel::Whatsapp));
        QCOMPARE(statusMark(echo(1, u"x"_s), Channel::Instagram), StatusMark::Check);
    }

    void menus()
    {
        QVERIFY(rowActions(incoming(1, u"x"_s)).reply);
        QVERIFY(!rowActions(incoming(1, u"x"_s)).remove);
        QVERIFY(rowActions(outgoing(1, u"x"_s)).remove);
        QVERIFY(!rowActions(echo(1, u"x"_s)).remove);
        QVERIFY(rowActions(echo(1, u"x"_s)).reply);
        QVERIFY(!rowActions(note(1, u"x"_s)).reply);
        QVERIFY(!rowActions(failed(1, u"x"_s, u"1"_s)).remove);
        QVERIFY(!rowActions(failed(1, u"x"_s, u"1"_s)).reply);
        QVERIFY(!rowActions(withStatus(outgoing(1, u"x"_s), MessageStatus::Queued)).remove);
        const RowActions strange = rowActions(unsupported(incoming(1, u"x"_s)));
        QVERIFY(strange.details && !strange.copy && !strange.reply && !strange.remove);
    }
};

ANTIPHON_TEST(MessageLookTest)

} // namespace antiphon::test

#include "tst_messagelook.moc"
