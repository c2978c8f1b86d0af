#include "tests/faults/faults.h"
#include "tests/support/testmain.h"

#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// SIGKILL while messages leave: between "sending" and the request, between request and answer, between the answer and its commit. No customer gets a message twice
/// without a mark, and each uncertain one is settled or said within 90 s.
class Sending : public QObject {
    Q_OBJECT
private slots:
    void nothingIsSentTwice()
    {
        test::TiktokWorld world;
        QCOMPARE(world.startConnected(), QString());
        const int rounds = test::times(12, 500);
        const int threads = std::min(60, 6 + rounds / 6);
        QHash<QString, ConversationId> conversations;
        for (int i = 0; i < threads; ++i) {
            const QString thread = world.tiktok().startConversation({.username = u"customer.%1"_s.arg(i)});
            world.tiktok().customerWrites(thread, u"Hello %1"_s.arg(i));
            QTRY_VERIFY_WITH_TIMEOUT(world.conversation(thread), 10'000);
            conversations.insert(thread, world.conversation(thread)->id);
        }
        auto *random = QRandomGenerator::global();
        QHash<QString, MessageId> wanted;                    // by text
        int unanswered = 0;
        for (int round = 0; round < rounds; ++round) {
            // Answers that take a while, so that the end comes on both sides of them; echoes early, late or never.
            world.tiktok().always(u"business/message/send"_s, {.delay = Milliseconds(random->bounded(40))});
            world.tiktok().setEcho(QList{demo::Echo::AfterAnswer, demo::Echo::BeforeAnswer, demo::Echo::Never}.at(random->bounded(3)), Milliseconds(random->bounded(60)));
            QList<QPair<QString, QFuture<Result<Message>>>> calls;
            for (int i = 0; i < 3; ++i) {
                const QString text = u"round %1 message %2 of the day"_s.arg(round).arg(i);
                const ConversationId to = std::next(conversations.cbegin(), random->bounded(threads)).value();
                calls.append({text, world.api().sendMessage({.conversationId = to, .content = text})});
            }
            QTest::qWait(int(random->bounded(90)));
            world.server().kill();
            QTest::qWait(1);                                 // what was answered arrives
            for (const auto &[text, call] : calls) {
                if (call.isFinished() && call.result())
                    wanted.insert(text, call.result()->id);
                else
                    ++unanswered;
            }
            QVERIFY2(world.server().start(), qPrintable(world.server().standardError()));
            QCOMPARE(world.openSession(), QString());
        }
        world.tiktok().normal(u"business/message/send"_s);
        QElapsedTimer patience;
        patience.start();
        QHash<QString, Message> ends;
        const auto allEnded = [&] {
            ends = messages(world, conversations);
            return std::all_of(ends.cbegin(), ends.cend(), [](const Message &message) {
                return *message.status != MessageStatus::Queued && *message.status != MessageStatus::Sending;
            });
        };
        // What never left is given up after 90 s: the short form waits for those that the platform settles.
        const bool waitsForAll = test::times(0, 1) > 0;
        if (waitsForAll)
            QTRY_VERIFY_WITH_TIMEOUT(allEnded(), 150'000);
        else
            static_cast<void>(QTest::qWaitFor(allEnded, 10'000));
        const qint64 took = patience.elapsed();
        const QHash<QString, int> taken = takenBy(world, conversations);
        int arrived = 0;
        int unknown = 0;
        int settling = 0;
        for (auto it = wanted.cbegin(); it != wanted.cend(); ++it) {
            QVERIFY2(ends.contains(it.key()), qPrintable(u"answered and gone: "_s + it.key()));
            const Message &message = ends[it.key()];
            const int count = taken.value(it.key());
            QVERIFY2(count <= 1, qPrintable(u"sent %1 times: %2"_s.arg(count).arg(it.key())));
            if (*message.status == MessageStatus::Failed) {
                QCOMPARE(message.externalError->code, u"outcome_unknown"_s);
                ++unknown;
            } else if (!waitsForAll && *message.status == MessageStatus::Sending) {
                ++settling;
            } else if (!waitsForAll && *message.status == MessageStatus::Queued) {
                QVERIFY2(count == 0, qPrintable(u"said to wait and was sent: "_s + it.key()));      // behind one of its lane that is being settled
                ++settling;
            } else {
                QVERIFY2(count == 1, qPrintable(u"said to be sent and never was: %1, status %2"_s.arg(it.key()).arg(int(*message.status))));
                ++arrived;
            }
        }
        for (auto it = taken.cbegin(); it != taken.cend(); ++it)
            QVERIFY2(it.value() <= 1, qPrintable(u"sent %1 times: %2"_s.arg(it.value()).arg(it.key())));
        qInfo("%d kills, %lld sends answered (%d not), %d arrived once, %d said to be unknown, %d being settled, looked at after %lld ms", rounds,
              qlonglong(wanted.size()), unanswered, arrived, unknown, settling, took);
        QVERIFY(!wanted.isEmpty());
    }

private:
    /// Outgoing messages by their text.
    static QHash<QString, Message> messages(test::TiktokWorld &world, const QHash<QString, ConversationId> &conversations)
    {
        QHash<QString, Message> found;
        for (const ConversationId id : conversations) {
            const auto page = test::waitFor(world.api().messages(id, {}, 200));
            if (!page)
                continue;
            for (const Message &message : page->items) {
                if (message.direction == Message::Direction::Outgoing && message.status)
                    found.insert(message.content, message);
            }
        }
        return found;
    }

    static QHash<QString, int> takenBy(test::TiktokWorld &world, const QHash<QString, ConversationId> &conversations)
    {
        QHash<QString, int> taken;
        for (auto it = conversations.cbegin(); it != conversations.cend(); ++it) {
            for (const demo::SceneMessage &message : world.tiktok().conversation(it.key())->messages) {
                const QString text = message.content.value(u"text"_s).toObject().value(u"body"_s).toString();
                if (text.startsWith(u"round "_s))
                    ++taken[text];
            }
        }
        return taken;
    }
};

ANTIPHON_TEST(Sending)
#include "tst_sending.moc"
