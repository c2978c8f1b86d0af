#include "core/store/messagerepository.h"
#include "tests/outbox/outboxworld.h"
#include "tests/support/queryplan.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class OutboxRepositoryTest : public QObject {
    Q_OBJECT

    static Result<void> retry(OutboxWorld &world, MessageId message, bool confirm)
    {
        return world.store.write<void>([=](WriteTransaction &tx) { return outbox::retry(tx, message, confirm, {}); });
    }
    static Result<std::optional<outbox::Row>> claim(OutboxWorld &world, const QString &lane, const QString &owner)
    {
        return world.store.write<std::optional<outbox::Row>>([=](WriteTransaction &tx) { return outbox::claim(tx, lane, owner, u"key-"_s + owner); });
    }

private slots:
    void aLaneIsClaimedByOneAtATimeInItsOrder()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId first = world.queue(conversation, u"1"_s);
        world.queue(conversation, u"2"_s);
        const QString lane = u"tt:biz-0001-openid:a"_s;
        const auto one = claim(world, lane, u"one"_s);
        QVERIFY(one && *one);
        QCOMPARE((*one)->messageId, first);
        QCOMPARE((*one)->idemKey, u"key-one"_s);
        const auto two = claim(world, lane, u"two"_s);
        QVERIFY(two && !*two);
        const auto twice = world.store.write<void>([](WriteTransaction &tx) { return tx.script("UPDATE outbox SET state = 'sending' WHERE id = 2"); });
        QVERIFY(!twice);                               // the index alone would hold it
    }

    void rowsOfAnInboxThatWaitsAreNotClaimed()
    {
        OutboxWorld world;
        world.queue(world.conversation(world.inbox(), u"a"_s), u"1"_s);
        world.store.run(u"UPDATE inbox SET state = 'reauthorization_required'"_s);
        const auto claimed = claim(world, u"tt:biz-0001-openid:a"_s, u"one"_s);
        QVERIFY(claimed && !*claimed);
        const auto age = world.store.integer(u"SELECT created_at FROM outbox"_s);
        QVERIFY(world.store.write<void>([](WriteTransaction &tx) { return outbox::holdAge(tx, Milliseconds(15000)); }));
        QCOMPARE(world.store.integer(u"SELECT created_at FROM outbox"_s), *age + 15000);
    }

    void aFormerOwnerChangesNothing()
    {
        OutboxWorld world;
        world.queue(world.conversation(world.inbox(), u"a"_s), u"1"_s);
        const auto claimed = claim(world, u"tt:biz-0001-openid:a"_s, u"one"_s);
        outbox::Row former = **claimed;
        former.owner = u"another"_s;
        const auto done = world.store.write<void>([former](WriteTransaction &tx) { return outbox::finishSent(tx, former, {.platformId = u"m"_s}, {}); });
        QVERIFY(!done);
        QCOMPARE(done.error().kind, Error::Kind::Conflict);
        QCOMPARE(world.store.integer(u"SELECT count(*) FROM send_part"_s), 0);
        QCOMPARE(world.store.text(u"SELECT state FROM outbox"_s), u"sending"_s);
    }

    void retryWantsAFailureAndAWordOnUnknownOnes()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"1"_s);
        const auto early = retry(world, message, true);
        QVERIFY(!early);
        QCOMPARE(early.error().kind, Error::Kind::Conflict);
        QCOMPARE(early.error().field, u"status"_s);
        const auto claimed = claim(world, u"tt:biz-0001-openid:a"_s, u"one"_s);
        QVERIFY(world.store.write<void>([row = **claimed](WriteTransaction &tx) { return outbox::beginSettling(tx, row, {}, tx.now()); }));
        QVERIFY(world.store.write<void>([row = **claimed](WriteTransaction &tx) { return outbox::giveUp(tx, row); }));
        QCOMPARE(world.status(message), u"failed:outcome_unknown"_s);
        const auto unconfirmed = retry(world, message, false);
        QVERIFY(!unconfirmed);
        QCOMPARE(unconfirmed.error().field, u"outcome_unknown"_s);
        QVERIFY(retry(world, message, true));
        QCOMPARE(world.status(message), u"queued"_s);
        QCOMPARE(world.state(message), u"queued"_s);
        const auto never = retry(world, MessageId(99), true);
        QVERIFY(!never);
        QCOMPARE(never.error().kind, Error::Kind::NotFound);
    }

    void whatFailedAfterItWasTakenGoesOutAnew()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"1"_s);
        const auto claimed = claim(world, u"tt:biz-0001-openid:a"_s, u"one"_s);
        QVERIFY(world.store.write<void>([row = **claimed](WriteTransaction &tx) { return outbox::finishSent(tx, row, {.platformId = u"m1"_s}, {}); }));
        QCOMPARE(world.sourceId(message), u"m1"_s);
        world.store.run(u"UPDATE message SET status = 'failed', error_code = '131047'"_s);
        QVERIFY(retry(world, message, false));
        QCOMPARE(world.sourceId(message), QString());
        QCOMPARE(world.store.integer(u"SELECT count(*) FROM send_part"_s), 0);
        QCOMPARE(world.store.text(u"SELECT platform_id FROM send_attempt"_s), u"m1"_s);
    }

    void onlyWhatHasNotLeftIsTakenOut()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId first = world.queue(conversation, u"1"_s);
        const MessageId second = world.queue(conversation, u"2"_s);
        QVERIFY(*claim(world, u"tt:biz-0001-openid:a"_s, u"one"_s));
        const auto cancel = [&world](MessageId message) { return world.store.write<bool>([message](WriteTransaction &tx) { return outbox::cancel(tx, message); }); };
        QCOMPARE(*cancel(first), false);
        QCOMPARE(*cancel(second), true);
        QCOMPARE(*cancel(second), false);
    }

    void aPlatformIdOfAnotherMessageIsNotTaken()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId first = world.queue(conversation, u"1"_s);
        const MessageId second = world.queue(conversation, u"2"_s);
        for (const MessageId message : {first, second}) {
            Q_UNUSED(message)
            const auto claimed = claim(world, u"tt:biz-0001-openid:a"_s, u"one"_s);
            QVERIFY(world.store.write<void>([row = **claimed](WriteTransaction &tx) { return outbox::finishSent(tx, row, {.platformId = u"same"_s}, {}); }));
        }
        QCOMPARE(world.sourceId(first), u"same"_s);
        QCOMPARE(world.sourceId(second), QString());
        QCOMPARE(world.status(second), u"sent"_s);
    }

    void aClockThatWasWrongHoldsNothingBack()
    {
        OutboxWorld world;
        world.queue(world.conversation(world.inbox(), u"a"_s), u"1"_s);
        world.store.run(u"UPDATE outbox SET next_at = 99999999999999"_s);
        const Timestamp latest = world.store.clock().now() + std::chrono::minutes(30);
        QVERIFY(world.store.write<void>([latest](WriteTransaction &tx) { return outbox::capNextAt(tx, latest); }));
        QCOMPARE(world.store.integer(u"SELECT next_at FROM outbox"_s), toUnixMs(latest));
    }

    void hotStatementsUseTheirIndexes()
    {
        TemporaryStore store;
        for (const QString &sql :
             {u"SELECT o.id FROM outbox o JOIN inbox i ON i.id = o.inbox_id AND i.state = 'active' WHERE o.state = 'queued' AND o.next_at <= :now"
              " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = o.lane AND p.state IN ('queued', 'sending')"
              " AND (p.state = 'sending' OR p.id < o.id)) ORDER BY o.next_at LIMIT :limit"_s,
              u"UPDATE outbox SET state = 'sending' WHERE id = (SELECT q.id FROM outbox q JOIN inbox i ON i.id = q.inbox_id AND i.state = 'active'"
              " WHERE q.lane = :lane AND q.state IN ('queued', 'sending') AND q.state = 'queued' AND q.next_at <= :now"
              " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = q.lane AND p.state IN ('queued', 'sending')"
              " AND (p.state = 'sending' OR p.id < q.id)) ORDER BY q.id LIMIT 1)"_s,
              u"SELECT 1 FROM outbox WHERE state = 'sent' AND next_at > 0 AND next_at <= :now LIMIT 1"_s,
              u"UPDATE outbox SET lease_until = :lease WHERE state = 'sending' AND lane > '' AND owner = :owner"_s,
              u"SELECT part FROM send_part WHERE message_id = :message AND platform_id IS NOT NULL"_s})
            QVERIFY2(expectNoScan(store, sql), qPrintable(sql));
    }
};

ANTIPHON_TEST(OutboxRepositoryTest)
#include "tst_outboxrepository.moc"
