#include "tests/intake/spokenchannel.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <algorithm>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

InboundStatus statusOf(const QString &sourceId, StatusEvent status, const QString &key = {})
{
    InboundStatus event{.messageSourceId = sourceId, .sendKey = key, .status = status, .platformAt = fromUnixMs(kSpokenAt + 9000)};
    if (status == StatusEvent::Refused)
        event.error = ExternalError{.code = u"131047"_s, .text = u"24 hours are over"_s};
    return event;
}

} // namespace

class StatusesTest : public QObject {
    Q_OBJECT
private slots:
    void everyOrderOfTheFourEndsWithRead()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        QList<StatusEvent> order{StatusEvent::Accepted, StatusEvent::Delivered, StatusEvent::Read, StatusEvent::Refused};
        std::sort(order.begin(), order.end());
        int n = 0;
        do {
            const QString id = u"out%1"_s.arg(++n);
            f.answer(u"Answer"_s, u"sent"_s, u"sent"_s, id, u"k%1"_s.arg(n));
            for (const StatusEvent status : std::as_const(order))
                f.queue(statusOf(id, status), {.lane = u"~1:0"_s, .target = id});
        } while (std::next_permutation(order.begin(), order.end()));
        f.drain();
        QCOMPARE(n, 24);
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing' AND status = 'read' AND error_code IS NULL"_s), 24);
        QCOMPARE(f.count(u"event WHERE state <> 'done'"_s), 0);
    }

    void aRefusalSaysWhyAndTheCustomerWaitsAgain()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.answer(u"Answer"_s, u"sent"_s, u"sent"_s, u"out1"_s, u"k1"_s);
        f.fixture().store().run(u"UPDATE conversation SET waiting_since = NULL"_s);
        f.tell(statusOf(u"out1"_s, StatusEvent::Refused));
        QCOMPARE(f.text(u"SELECT status || '/' || error_code || '/' || error_text FROM message WHERE source_id = 'out1'"_s),
                 u"failed/131047/24 hours are over"_s);
        QCOMPARE(f.count(u"conversation WHERE waiting_since = %1"_s.arg(kSpokenAt)), 1);
        // The platform's acceptance that comes late proves nothing; that it reached the customer does.
        f.tell(statusOf(u"out1"_s, StatusEvent::Accepted));
        QCOMPARE(f.messageStatus(u"out1"_s), u"failed"_s);
        f.tell(statusOf(u"out1"_s, StatusEvent::Delivered));
        QCOMPARE(f.count(u"message WHERE source_id = 'out1' AND status = 'delivered' AND error_code IS NULL"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE waiting_since IS NULL"_s), 1);
    }

    void aStatusWithOurKeySettlesASendWithoutAnswer_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("status");
        QTest::newRow("the request is out") << u"sending"_s << u"sending"_s;
        QTest::newRow("its outcome is unknown") << u"unknown"_s << u"failed"_s;
        QTest::newRow("it was to be sent again") << u"queued"_s << u"queued"_s;
    }

    void aStatusWithOurKeySettlesASendWithoutAnswer()
    {
        QFETCH(QString, state);
        QFETCH(QString, status);
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.answer(u"Answer"_s, state, status, {}, u"key-1"_s);
        f.tell(statusOf(u"wamid.7"_s, StatusEvent::Delivered, u"key-1"_s), {.lane = u"~1:0"_s, .target = u"wamid.7"_s});
        QCOMPARE(f.messageStatus(u"wamid.7"_s), u"delivered"_s);
        QCOMPARE(f.text(u"SELECT state FROM outbox"_s), u"sent"_s);
        QCOMPARE(f.text(u"SELECT platform_id FROM send_attempt"_s), u"wamid.7"_s);
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing'"_s), 1);
    }

    void aFormerAttemptsRefusalLeavesTheNewOneAlone()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        const MessageId id = f.answer(u"Answer"_s, u"queued"_s, u"queued"_s, {}, u"old"_s);
        f.fixture().store().run(u"UPDATE send_attempt SET platform_id = 'wamid.old'; UPDATE outbox SET idem_key = ''"_s);
        f.tell(statusOf(u"wamid.old"_s, StatusEvent::Refused, u"old"_s), {.lane = u"~1:0"_s, .target = u"wamid.old"_s});
        QCOMPARE(f.text(u"SELECT status || '/' || COALESCE(source_id, '-') FROM message WHERE id = %1"_s.arg(id.value())), u"queued/-"_s);
        QCOMPARE(f.text(u"SELECT state FROM outbox"_s), u"queued"_s);
    }

    void aStatusForAnUnknownMessageWaitsAQuarterOfAnHour()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.tell(statusOf(u"wamid.9"_s, StatusEvent::Read), {.lane = u"~1:0"_s, .target = u"wamid.9"_s});
        QCOMPARE(f.count(u"event WHERE state = 'parked'"_s), 1);
        f.fixture().advance(std::chrono::minutes(16));
        f.drain();
        QCOMPARE(f.count(u"event WHERE state = 'ignored' AND error_class IS NOT NULL OR state = 'ignored'"_s), 1);
        QCOMPARE(f.count(u"event WHERE state = 'parked'"_s), 0);
    }

    void aMessageIsWhatTheLeastOfItsPartsIs()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        const MessageId id = f.answer(u"Answer"_s, u"sent"_s, u"sent"_s, u"p0"_s, u"k1"_s, 3);
        for (int part = 0; part < 3; ++part) {
            f.fixture().store().run(u"UPDATE send_part SET platform_id = 'p%1', status = 'sent' WHERE message_id = %2 AND part = %1"_s.arg(part).arg(id.value()));
        }
        f.tell(statusOf(u"p0"_s, StatusEvent::Read));
        f.tell(statusOf(u"p1"_s, StatusEvent::Delivered));
        QCOMPARE(f.messageStatus(u"p0"_s), u"sent"_s);
        f.tell(statusOf(u"p2"_s, StatusEvent::Read));
        QCOMPARE(f.messageStatus(u"p0"_s), u"delivered"_s);
        InboundStatus rest = statusOf(u"p1"_s, StatusEvent::Read);
        rest.alsoAbout = {u"p2"_s};
        f.tell(rest);
        QCOMPARE(f.messageStatus(u"p0"_s), u"read"_s);
    }

    void aMarkByAPartSaysNothingOfLaterParts()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.answer(u"Before"_s, u"sent"_s, u"sent"_s, u"out0"_s, u"k0"_s);
        const MessageId id = f.answer(u"Answer"_s, u"sent"_s, u"sent"_s, u"p0"_s, u"k1"_s, 3);
        for (int part = 0; part < 3; ++part)
            f.fixture().store().run(u"UPDATE send_part SET platform_id = 'p%1', status = 'sent' WHERE message_id = %2 AND part = %1"_s.arg(part).arg(id.value()));
        f.fixture().store().run(u"UPDATE message SET created_at = created_at - 1 WHERE source_id = 'out0'"_s);
        const Timestamp at = fromUnixMs(kSpokenAt + 90'000);
        f.tell(InboundRead{.contactSourceId = u"15550100002"_s, .readUpTo = at, .messageSourceId = u"p1"_s});
        QCOMPARE(f.messageStatus(u"p0"_s), u"sent"_s);
        QCOMPARE(f.text(u"SELECT group_concat(status) FROM send_part WHERE message_id = %1"_s.arg(id.value())), u"read,read,sent"_s);
        QCOMPARE(f.messageStatus(u"out0"_s), u"read"_s);
        f.tell(InboundRead{.contactSourceId = u"15550100002"_s, .readUpTo = at, .messageSourceId = u"p2"_s});
        QCOMPARE(f.messageStatus(u"p0"_s), u"read"_s);
    }

    void aMarkThatCoversOnePartSaysNothingOfTheNext()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        const MessageId id = f.answer(u"Answer"_s, u"sending"_s, u"sending"_s, u"p0"_s, u"k1"_s, 2);
        f.fixture().store().run(u"UPDATE send_part SET platform_id = 'p0', status = 'sent' WHERE message_id = %1 AND part = 0"_s.arg(id.value()));
        f.tell(InboundRead{.contactSourceId = u"15550100002"_s, .readUpTo = fromUnixMs(kSpokenAt + 8000)});
        f.tell(echoed(u"p0"_s, u"Answer"_s, kSpokenAt + 6000));
        QCOMPARE(f.messageStatus(u"p0"_s), u"sending"_s);          // the second call may still be refused, and that must show
        QCOMPARE(f.text(u"SELECT group_concat(status) FROM send_part"_s), u"read,queued"_s);
    }

    void whatReachedTheCustomerUpToAMomentNeverGoesBack()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.answer(u"One"_s, u"sent"_s, u"sent"_s, u"out1"_s, u"k1"_s);
        f.answer(u"Two"_s, u"sent"_s, u"sent"_s, u"out2"_s, u"k2"_s);
        f.fixture().store().run(u"UPDATE message SET platform_at = created_at WHERE direction = 'outgoing';"
                                "UPDATE message SET platform_at = platform_at + 60000 WHERE source_id = 'out2'"_s);
        const InboundRead delivered{.contactSourceId = u"15550100002"_s, .readUpTo = fromUnixMs(kSpokenAt + 6000), .isDelivery = true};
        f.tell(delivered);
        QCOMPARE(f.messageStatus(u"out1"_s) + f.messageStatus(u"out2"_s), u"deliveredsent"_s);
        // Read is said by naming a message: that one and what stands before it.
        f.tell(InboundRead{.contactSourceId = u"15550100002"_s, .readUpTo = fromUnixMs(kSpokenAt + 90'000), .messageSourceId = u"out2"_s});
        QCOMPARE(f.messageStatus(u"out1"_s) + f.messageStatus(u"out2"_s), u"readread"_s);
        f.tell(delivered);
        QCOMPARE(f.count(u"message WHERE status = 'read'"_s), 2);
    }

    void aReadMarkByAMessageThatIsNotHereWaitsForIt()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.tell(InboundRead{.contactSourceId = u"15550100002"_s, .readUpTo = fromUnixMs(kSpokenAt), .messageSourceId = u"e1"_s}, {.target = u"e1"_s});
        QCOMPARE(f.count(u"event WHERE state = 'parked'"_s), 1);
        f.tell(echoed(u"e1"_s, u"From the phone"_s, kSpokenAt + 1000));
        QCOMPARE(f.messageStatus(u"e1"_s), u"read"_s);
    }
};

ANTIPHON_TEST(StatusesTest)
#include "tst_statuses.moc"
