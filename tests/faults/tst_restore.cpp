#include "tests/faults/faults.h"
#include "tests/flows/rawdesk.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// Somebody puts an older copy of the database back. What waits in it to be sent may have been sent since: it is not sent again without a person's word.
class Restore : public QObject {
    Q_OBJECT
private slots:
    void whatWaitedInTheCopyWaitsForAPersonsWord()
    {
        test::TiktokWorld world;
        QCOMPARE(world.startConnected(), QString());
        world.tiktok().setEcho(demo::Echo::Never);
        const QString thread = world.tiktok().startConversation({.username = u"customer.one"_s});
        world.tiktok().customerWrites(thread, u"Is it there?"_s);
        QTRY_VERIFY(world.conversation(thread));
        const ConversationId conversation = world.conversation(thread)->id;

        // The platform can't be reached, the message waits; a copy is made meanwhile.
        world.tiktok().shutDown();
        const auto queued = test::waitFor(world.api().sendMessage({.conversationId = conversation, .content = u"Yes, two copies left."_s}));
        QVERIFY(queued);
        const qint64 seq = world.client().session().seq;
        QCOMPARE(world.server().terminate(), 0);
        const QString database = world.server().dataDir() + u"/antiphon.db"_s;
        const QString copy = world.server().dataDir() + u"/copy"_s;
        QVERIFY(QFile::copy(database, copy));

        // Life goes on, the message leaves.
        QVERIFY(world.tiktok().listen());
        QVERIFY(world.server().start());
        QCOMPARE(world.openSession(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(sends(world), 1, 60'000);
        QTRY_VERIFY(message(world, thread, queued->id).status == MessageStatus::Sent || message(world, thread, queued->id).status == MessageStatus::Delivered);
        world.server().kill();

        // The copy comes back.
        QVERIFY(QFile::remove(database));
        QFile::remove(database + u"-wal"_s);
        QFile::remove(database + u"-shm"_s);
        QVERIFY(QFile::rename(copy, database));
        QVERIFY2(world.server().start(), qPrintable(world.server().standardError()));
        test::RawDesk desk(world.server().deskPort());
        const QJsonObject opened = desk.open(world.server().token(), {{u"resume_from"_s, seq}}).value(u"result"_s).toObject();
        QVERIFY(opened.value(u"health"_s).toObject().value(u"restored"_s).toBool());
        QCOMPARE(opened.value(u"health"_s).toObject().value(u"store"_s).toString(), u"writable"_s);
        QVERIFY(opened.value(u"resync"_s).toBool());
        QTRY_VERIFY(std::any_of(desk.events.cbegin(), desk.events.cend(),
                                [](const QJsonObject &event) { return event.value(u"type"_s).toString() == u"workspace.health"_s; }));
        QCOMPARE(world.openSession(), QString());
        const Message held = message(world, thread, queued->id);
        QCOMPARE(held.status, MessageStatus::Failed);
        QCOMPARE(held.externalError->code, u"outcome_unknown"_s);
        QTest::qWait(2500);                          // the dispatcher has looked twice
        QCOMPARE(sends(world), 1);
        QVERIFY(!test::waitFor(world.api().retryMessage(queued->id)));
        QVERIFY(test::waitFor(world.api().retryMessage(queued->id, true)));
        QTRY_COMPARE_WITH_TIMEOUT(sends(world), 2, 30'000);

        // Once: the next start goes on from this file.
        QCOMPARE(world.server().terminate(), 0);
        QVERIFY(world.server().start());
        test::RawDesk again(world.server().deskPort());
        const QJsonObject health = again.open(world.server().token()).value(u"result"_s).toObject().value(u"health"_s).toObject();
        QVERIFY(!health.value(u"restored"_s).toBool(true));
    }

    void aWorkspaceThatIsGoneIsNotBegunAnew()
    {
        test::ServerProcess server;
        QVERIFY(server.start());
        QCOMPARE(server.terminate(), 0);
        const QString database = server.dataDir() + u"/antiphon.db"_s;
        QVERIFY(QFile::remove(database));
        QVERIFY(!server.start());
        QVERIFY(server.waitForExit(10'000));
        QCOMPARE(server.exitCode(), 1);
        QVERIFY2(server.standardError().contains(u"damaged"_s) && server.standardError().contains(database), qPrintable(server.standardError()));
        QVERIFY(QFile::remove(database + u".generation"_s));
        QVERIFY2(server.start(), qPrintable(server.standardError()));      // who says so begins a new one
        QCOMPARE(server.terminate(), 0);
    }

    void aKilledServerIsNoRestoredOne()
    {
        test::ServerProcess server;
        for (int i = 0; i < 5; ++i) {
            QVERIFY(server.start());
            test::RawDesk desk(server.deskPort());
            const QJsonObject health = desk.open(server.token()).value(u"result"_s).toObject().value(u"health"_s).toObject();
            QVERIFY(!health.value(u"restored"_s).toBool(true));
            server.kill();
        }
    }

private:
    static int sends(test::TiktokWorld &world)
    {
        int count = 0;
        const auto requests = world.tiktok().received(u"business/message/send"_s);
        for (const auto &request : requests)
            count += request.body.contains("two copies left") ? 1 : 0;
        return count;
    }

    static Message message(test::TiktokWorld &world, const QString &thread, MessageId id)
    {
        const QList<Message> all = world.messages(thread);
        for (const Message &message : all) {
            if (message.id == id)
                return message;
        }
        return {};
    }
};

ANTIPHON_TEST(Restore)
#include "tst_restore.moc"
