#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include "core/base/json.h"
#include "core/store/messagerepository.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kT = 1'700'000'000'000;

} // namespace

class InboundFlowTest : public QObject {
    Q_OBJECT
private slots:
    void aFirstMessageMakesContactConversationAndMessage()
    {
        IntakeFixture f;
        f.store().run(u"INSERT INTO agent (name, role, created_at) VALUES ('Ada', 'owner', 0), ('Ben', 'agent', 0)"_s);
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .text = u"Grüße 👋"_s, .at = kT})).status, 200);
        f.drain();
        QCOMPARE(f.store().text(u"SELECT name FROM contact"_s), u"mira.shops"_s);
        QCOMPARE(f.store().text(u"SELECT source_id FROM contact_inbox"_s), u"cnv+1=="_s);
        QCOMPARE(f.store().text(u"SELECT content FROM message"_s), u"Grüße 👋"_s);
        QCOMPARE(f.store().text(u"SELECT source_id || '/' || created_at || '/' || sender_type || '/' || COALESCE(status, '-') FROM message"_s),
                 u"m1/%1/contact/-"_s.arg(kT));
        QCOMPARE(f.store().text(u"SELECT status || '/' || last_activity_at || '/' || waiting_since || '/' || last_incoming_at || '/' || window_closes_at"
                                " FROM conversation"_s),
                 u"open/%1/%1/%1/%2"_s.arg(kT).arg(kT + 48 * 3'600'000LL));
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        const QString told = f.store().text(u"SELECT group_concat(type, ' ') FROM (SELECT type FROM change WHERE type <> 'inbox.created' ORDER BY seq)"_s)
                                 .value_or(QString());
        QCOMPARE(told, u"contact.created conversation.created message.created conversation.updated"_s);
        QCOMPARE(f.count(u"job WHERE kind IN ('profile', 'capability')"_s), 2);
    }

    void anAlbumOfFiveIsOneConversationInItsOrder()
    {
        IntakeFixture f;
        QList<QByteArray> album;
        for (int i = 0; i < 5; ++i)
            album.append(incoming({.id = u"p%1"_s.arg(i), .at = kT + i, .type = u"image"_s, .more = {{u"image"_s, QJsonObject{{u"media_id"_s, u"x%1"_s.arg(i)}}}}}));
        QCOMPARE(f.postAll(album), QList<int>(5, 200));
        f.drain();
        QCOMPARE(f.count(u"contact"_s), 1);
        QCOMPARE(f.count(u"conversation"_s), 1);
        QCOMPARE(f.store().text(u"SELECT group_concat(source_id, ' ') FROM (SELECT source_id FROM message ORDER BY created_at, id)"_s), u"p0 p1 p2 p3 p4"_s);
        QCOMPARE(f.count(u"attachment WHERE state = 'pending' AND kind = 'image'"_s), 5);
        QCOMPARE(f.count(u"job WHERE kind = 'media'"_s), 5);
    }

    void aResolvedConversationIsLeftOrReopenedByTheInboxsSetting_data()
    {
        QTest::addColumn<bool>("single");
        QTest::newRow("a new one") << false;
        QTest::newRow("single conversation") << true;
    }

    void aResolvedConversationIsLeftOrReopenedByTheInboxsSetting()
    {
        QFETCH(bool, single);
        IntakeFixture f;
        if (single)
            f.store().run(u"UPDATE inbox SET settings = '{\"lock_to_single_conversation\":true}'"_s);
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        f.drain();
        f.store().run(u"UPDATE conversation SET status = 'resolved', waiting_since = NULL"_s);
        QCOMPARE(f.post(incoming({.id = u"m2"_s, .at = kT + 1000})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"conversation"_s), single ? 1 : 2);
        QCOMPARE(f.count(u"conversation WHERE status = 'open'"_s), 1);
        QCOMPARE(f.count(u"message WHERE direction = 'activity' AND activity LIKE '%\"kind\":\"status\"%'"_s), single ? 1 : 0);
        QCOMPARE(f.count(u"conversation WHERE waiting_since = %1"_s.arg(kT + 1000)), 1);
    }

    void aSnoozedConversationOpensAgain()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        f.drain();
        f.store().run(u"UPDATE conversation SET status = 'snoozed', snoozed_until = 1"_s);
        QCOMPARE(f.post(incoming({.id = u"m2"_s, .at = kT + 1000})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"conversation WHERE status = 'open' AND snoozed_until IS NULL"_s), 1);
    }

    void anEchoOfThePhoneIsANativeAppMessageThatAnswers()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        QCOMPARE(f.post(echo({.id = u"e1"_s, .text = u"Yes"_s, .at = kT + 5000})).status, 200);
        f.drain();
        QCOMPARE(f.store().text(u"SELECT direction || '/' || status || '/' || external_echo || '/' || sender_type FROM message WHERE source_id = 'e1'"_s),
                 u"outgoing/delivered/1/native_app"_s);
        QCOMPARE(f.store().text(u"SELECT COALESCE(waiting_since, 0) || '/' || first_reply_created_at || '/' || last_incoming_at FROM conversation"_s),
                 u"0/%1/%2"_s.arg(kT + 5000).arg(kT));
        QCOMPARE(f.count(u"seen WHERE unread_count > 1"_s), 0);
    }

    void anAutomaticEchoIsNoHumanAnswer()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        QCOMPARE(f.post(echo({.id = u"e1"_s, .at = kT + 5000, .source = u"OTHERS"_s, .more = {{u"auto_message_type"_s, u"WELCOME_MESSAGE"_s}}})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE automatic AND external_echo"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE waiting_since = %1 AND first_reply_created_at IS NULL"_s.arg(kT)), 1);
    }

    void anEchoDoesNotReopenAndOpensOnlyWhereThereIsNone()
    {
        IntakeFixture f;
        QCOMPARE(f.post(echo({.id = u"e1"_s, .at = kT})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"conversation WHERE status = 'open' AND window_closes_at IS NULL AND last_incoming_at IS NULL"_s), 1);
        f.store().run(u"UPDATE conversation SET status = 'resolved'"_s);
        QCOMPARE(f.post(echo({.id = u"e2"_s, .at = kT + 1})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"conversation WHERE status = 'resolved'"_s), 1);
        QCOMPARE(f.count(u"conversation"_s), 1);
    }

    void anOwnEchoAfterTheAnswerConfirmsTheMessage()
    {
        IntakeFixture f;
        ownSend(f, u"sent"_s, u"out1"_s, u"sent"_s);
        QCOMPARE(f.post(echo({.id = u"out1"_s, .text = u"Two left"_s, .at = kT + 7000, .source = u"API"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing'"_s), 1);
        QCOMPARE(f.count(u"message WHERE source_id = 'out1' AND status = 'delivered' AND platform_at = %1 AND NOT external_echo"_s.arg(kT + 7000)), 1);
    }

    void anOwnEchoBeforeTheAnswerWaitsForIt()
    {
        IntakeFixture f;
        ownSend(f, u"sending"_s, {}, u"sending"_s);
        const qint64 before = f.count(u"change WHERE type = 'message.created'"_s);
        QCOMPARE(f.post(echo({.id = u"out1"_s, .text = u"Two left"_s, .at = kT + 7000, .source = u"API"_s})).status, 200);
        QCOMPARE(f.post(incoming({.id = u"m2"_s, .at = kT + 8000})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"event WHERE state = 'parked' AND error_class = 'waits_for_send'"_s), 1);
        QCOMPARE(f.count(u"message WHERE source_id = 'm2'"_s), 1);
        for (int i = 0; i < 15; ++i) {
            f.advance(std::chrono::seconds(1));
            f.drain();
        }
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing'"_s), 1);
        // The answer: the message has its id, the lane is free.
        f.store().run(u"UPDATE message SET source_id = 'out1', status = 'sent' WHERE direction = 'outgoing';"
                      "UPDATE outbox SET state = 'sent'"_s);
        f.store().run(u"UPDATE event SET next_at = 0 WHERE state = 'parked'"_s);
        f.intake().wakeLanes();
        QTRY_COMPARE(f.count(u"message WHERE source_id = 'out1' AND status = 'delivered'"_s), 1);
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing'"_s), 1);
        // No seat was ever told of a native-app message.
        QCOMPARE(f.count(u"change WHERE type = 'message.created'"_s), before + 1);
    }

    void anEchoSettlesTheSendWhoseAnswerWasLost()
    {
        IntakeFixture f;
        ownSend(f, u"unknown"_s, {}, u"failed"_s);
        QCOMPARE(f.post(echo({.id = u"other"_s, .text = u"Something else"_s, .at = kT + 6000, .source = u"API"_s})).status, 200);
        QCOMPARE(f.post(echo({.id = u"out1"_s, .text = u"Two left"_s, .at = kT + 7000, .source = u"API"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'out1' AND status = 'delivered' AND NOT external_echo AND error_code IS NULL"_s), 1);
        QCOMPARE(f.count(u"outbox WHERE state = 'sent'"_s), 1);
        // What is not ours is another tool's.
        QCOMPARE(f.count(u"message WHERE source_id = 'other' AND external_echo AND sender_name = 'Another connected tool'"_s), 1);
    }

    void thePhonesWordsAreNeverTakenForOurSend()
    {
        IntakeFixture f;
        ownSend(f, u"unknown"_s, {}, u"failed"_s);
        QCOMPARE(f.post(echo({.id = u"phone"_s, .text = u"Two left"_s, .at = kT + 7000, .source = u"APP"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'phone' AND external_echo"_s), 1);
        QCOMPARE(f.count(u"message WHERE status = 'failed' AND error_code = 'outcome_unknown'"_s), 1);
    }

    void anAnsweredSendIsNeverMatchedByItsText()
    {
        IntakeFixture f;
        ownSend(f, u"sent"_s, u"out1"_s, u"sent"_s);
        QCOMPARE(f.post(echo({.id = u"tool"_s, .text = u"Two left"_s, .at = kT + 7000, .source = u"API"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing'"_s), 2);
    }

    void aReadMarkRaisesWhatItCoversAndNothingElse()
    {
        IntakeFixture f;
        ownSend(f, u"sent"_s, u"out1"_s, u"sent"_s);
        f.store().run(u"INSERT INTO message (conversation_id, inbox_id, direction, content, status, source_id, sender_type, platform_at, created_at,"
                      " received_at, updated_at, external_echo, private) VALUES"
                      " (1, 1, 'outgoing', 'later', 'sent', 'out2', 'agent', %1, %1, %1, 0, FALSE, FALSE),"
                      " (1, 1, 'outgoing', 'note', NULL, NULL, 'agent', NULL, %2, %2, 0, FALSE, TRUE),"
                      " (1, 1, 'outgoing', 'lost', 'failed', NULL, 'agent', NULL, %2, %2, 0, FALSE, FALSE),"
                      " (1, 1, 'outgoing', 'edge', 'delivered', 'out3', 'native_app', %3, %3, %3, 0, TRUE, FALSE)"_s
                          .arg(kT + 9001).arg(kT + 5000).arg(kT + 9000));
        QCOMPARE(f.post(readMark(kT + 9000)).status, 200);
        f.drain();
        QCOMPARE(f.store().text(u"SELECT group_concat(COALESCE(source_id, content) || ':' || COALESCE(status, '-'), ' ')"
                                " FROM (SELECT * FROM message WHERE direction = 'outgoing' ORDER BY id)"_s),
                 u"out1:read out2:sent note:- lost:failed out3:read"_s);
        // An older mark lowers nothing, and an echo that comes behind its mark is read at once.
        QCOMPARE(f.post(readMark(kT + 10)).status, 200);
        QCOMPARE(f.post(echo({.id = u"e9"_s, .at = kT + 8999})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'e9' AND status = 'read'"_s), 1);
        QCOMPARE(f.count(u"message WHERE status = 'read'"_s), 3);
    }

    void aReactionStandsOnItsMessageAndComesOff()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        QCOMPARE(f.post(reaction(u"m1"_s, u"👍"_s)).status, 200);
        f.drain();
        QCOMPARE(f.store().text(u"SELECT emoji || sender_type FROM reaction"_s), u"👍contact"_s);
        QCOMPARE(f.count(u"message"_s), 1);
        QCOMPARE(f.post(reaction(u"m1"_s, u"👍"_s, u"REMOVE"_s, kT + 180'000)).status, 200);
        f.drain();
        QCOMPARE(f.count(u"reaction WHERE NOT removed"_s), 0);
    }

    void aReactionTakenBackStaysAwayWhenItArrivesAfterwards()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        QCOMPARE(f.post(reaction(u"m1"_s, u"👍"_s, u"REMOVE"_s, kT + 180'000)).status, 200);
        QCOMPARE(f.post(reaction(u"m1"_s, u"👍"_s, u"ADD"_s, kT + 120'000)).status, 200);
        f.drain();
        QCOMPARE(f.count(u"reaction WHERE NOT removed"_s), 0);
        QCOMPARE(f.post(reaction(u"m1"_s, u"👍"_s, u"ADD"_s, kT + 200'000)).status, 200);      // set again
        QCOMPARE(f.post(reaction(u"m1"_s, u"👍"_s, u"REMOVE"_s, kT + 190'000)).status, 200);   // an older taking back, late
        f.drain();
        QCOMPARE(f.store().text(u"SELECT emoji || sender_type FROM reaction WHERE NOT removed"_s), u"👍contact"_s);
    }

    void aReactionBeforeItsMessageWaitsForItADay()
    {
        IntakeFixture f;
        QCOMPARE(f.post(reaction(u"m1"_s, u"👍"_s)).status, 200);
        QCOMPARE(f.post(reaction(u"never"_s, u"👎"_s)).status, 200);
        f.drain();
        QCOMPARE(f.count(u"event WHERE state = 'parked'"_s), 2);
        QCOMPARE(f.stats().parked, 2);
        f.advance(std::chrono::seconds(2));
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        f.advance(std::chrono::seconds(2));
        f.drain();
        QTRY_COMPARE(f.count(u"reaction"_s), 1);
        f.advance(std::chrono::hours(24));
        f.drain();
        QCOMPARE(f.count(u"event WHERE state = 'ignored'"_s), 1);
        QCOMPARE(f.stats().parked, 0);
    }

    void aQuoteFindsItsMessageAlsoWhereThatComesLater()
    {
        IntakeFixture f;
        const QJsonObject quotes{{u"referenced_message_info"_s, QJsonObject{{u"referenced_message_id"_s, u"m1"_s}}}};
        QCOMPARE(f.post(incoming({.id = u"m2"_s, .at = kT + 10, .more = quotes})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'm2' AND in_reply_to IS NULL AND in_reply_to_source_id = 'm1'"_s), 1);
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        QCOMPARE(f.post(incoming({.id = u"m3"_s, .at = kT + 20, .more = quotes})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message a JOIN message b ON a.in_reply_to = b.id WHERE b.source_id = 'm1' AND a.source_id IN ('m2', 'm3')"_s), 2);
        QCOMPARE(f.count(u"message WHERE late"_s), 1);
    }

    void aReferralWaitsForItsConversationAndStandsAboveItsFirstMessage()
    {
        IntakeFixture f;
        QJsonObject content = saidContent({.at = kT - 5000}, false);
        content.remove("message_id"_L1);
        content.remove("type"_L1);
        content.insert("referral"_L1, QJsonObject{{u"source"_s, u"ad"_s}, {u"ad"_s, QJsonObject{{u"ad_id"_s, u"ad-1"_s}, {u"ad_name"_s, u"Autumn"_s}}}});
        QCOMPARE(f.post(envelope(u"im_referral_msg"_s, u"biz-0001-openid"_s, content)).status, 200);
        f.drain();
        QCOMPARE(f.count(u"conversation"_s), 0);
        QCOMPARE(f.count(u"contact_inbox"_s), 1);
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        f.drain();
        QCOMPARE(f.store().text(u"SELECT group_concat(direction, ' ') FROM (SELECT direction FROM message ORDER BY created_at, id)"_s), u"activity incoming"_s);
        QCOMPARE(f.store().text(u"SELECT json_extract(attributes, '$.referral.ad_id') FROM conversation"_s), u"ad-1"_s);
        QCOMPARE(f.store().text(u"SELECT json_extract(activity, '$.kind') FROM message WHERE direction = 'activity'"_s), u"referral"_s);
        QCOMPARE(f.count(u"conversation c JOIN message m ON m.id = c.last_message_id WHERE m.source_id = 'm1'"_s), 1);
        QCOMPARE(f.count(u"contact_inbox WHERE attributes LIKE '%pending_referral%'"_s), 0);
    }

    void anyOrderEndsInTheSameState()
    {
        const QList<QByteArray> said{incoming({.id = u"m1"_s, .at = kT}), echo({.id = u"e1"_s, .at = kT + 1000}), incoming({.id = u"m2"_s, .at = kT + 2000}),
                                     incoming({.id = u"m3"_s, .at = kT + 3000}), readMark(kT + 1500), reaction(u"m2"_s, u"👍"_s)};
        const QString state = u"SELECT c.last_activity_at || '/' || COALESCE(c.waiting_since, 0) || '/' || c.first_reply_created_at || '/' || c.last_incoming_at"
                              " || '/' || m.source_id || '/' || (SELECT group_concat(source_id || COALESCE(status, ''), ' ')"
                              " FROM (SELECT * FROM message WHERE direction <> 'activity' ORDER BY created_at, id)) || '/' || (SELECT COUNT(*) FROM reaction)"
                              " FROM conversation c JOIN message m ON m.id = c.last_message_id"_s;
        QString wanted;
        for (int round = 0; round < 24; ++round) {
            IntakeFixture f;
            QList<QByteArray> order = said;
            // A different order every round, the first being the one of the clock.
            for (int i = 0, n = round; i < order.size() - 1; ++i, n = n * 7 + 3)
                order.swapItemsAt(i, round == 0 ? i : i + n % int(order.size() - i));
            for (const QByteArray &body : std::as_const(order))
                QCOMPARE(f.post(body).status, 200);
            f.advance(std::chrono::seconds(2));
            f.drain();
            const QString got = f.store().text(state).value_or(QString());
            if (round == 0)
                wanted = got;
            QCOMPARE(got, wanted);
        }
        QVERIFY(wanted.contains("m1 e1read m2 m3"_L1));
        QVERIFY(wanted.contains(u"/%1/"_s.arg(kT + 2000)));
    }

    void takenBackConsentMakesTheInboxWaitForItsOwner()
    {
        IntakeFixture f;
        QCOMPARE(f.post(envelope(u"authorization.removed"_s, u"biz-0001-openid"_s, {})).status, 200);
        f.drain();
        QCOMPARE(f.store().text(u"SELECT state || '/' || state_reason FROM inbox"_s), u"reauthorization_required/authorization_removed"_s);
        QTRY_COMPARE(f.tokens().ownersRequired.size(), 1);
        QCOMPARE(f.count(u"change WHERE type = 'inbox.updated'"_s), 1);
        QCOMPARE(f.post(incoming({.id = u"m1"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message"_s), 1);
    }

    void anUnsupportedKindStaysVisible()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .type = u"hologram"_s})).status, 200);
        f.drain();
        QCOMPARE(f.store().text(u"SELECT content_type || '/' || raw_type FROM message"_s), u"unsupported/hologram"_s);
    }

private:
    /// An agent's message "Two left" in the conversation of "cnv+1==", with its outbox row in `outboxState`.
    static void ownSend(IntakeFixture &f, const QString &outboxState, const QString &sourceId, const QString &status)
    {
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        f.drain();
        const QString source = sourceId.isEmpty() ? u"NULL"_s : u"'%1'"_s.arg(sourceId);
        const QString code = status == "failed"_L1 ? u"'outcome_unknown'"_s : u"NULL"_s;
        f.store().run(u"INSERT INTO message (conversation_id, inbox_id, direction, content, content_format, status, error_code, source_id, sender_type,"
                      " created_at, received_at, updated_at) VALUES (1, 1, 'outgoing', 'Two left', 'markdown', '%1', %2, %3, 'agent', %4, %4, 0);"
                      "INSERT INTO outbox (message_id, inbox_id, lane, state, idem_key, request_started_at, created_at)"
                      " SELECT MAX(id), 1, 'tt:biz-0001-openid:cnv+1==', '%5', 'k', %4, %4 FROM message"_s
                          .arg(status, code, source).arg(kT + 5000).arg(outboxState));
    }
};

ANTIPHON_TEST(InboundFlowTest)
#include "tst_inboundflow.moc"
