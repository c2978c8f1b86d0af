#include "app/demo/simulatedpictures.h"
#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTemporaryFile>
#include <QTest>
#include <QUuid>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// From an agent's call to TikTok and back: statuses, echoes, lost answers, refusals, tokens.
class TiktokOutboundFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::TiktokWorld>();
        QCOMPARE(m_world->startConnected(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void init()
    {
        m_world->tiktok().normal(u"business/message/send"_s);
        m_world->tiktok().setEcho(demo::Echo::AfterAnswer);
        m_thread = m_world->tiktok().startConversation({.username = u"customer."_s + QUuid::createUuid().toString(QUuid::Id128).left(8)});
        m_question = m_world->tiktok().customerWrites(m_thread, u"Is it there?"_s);
        QTRY_VERIFY(m_world->conversation(m_thread));
        m_conversation = m_world->conversation(m_thread)->id;
    }

    void anAnswerIsSentDeliveredByItsEchoAndRead()
    {
        const Message queued = sent(u"Yes, two copies left."_s);
        QCOMPARE(*queued.status, MessageStatus::Queued);
        QTRY_COMPARE(status(queued.id), MessageStatus::Delivered);
        QCOMPARE(m_world->messages(m_thread).size(), 2);
        m_world->tiktok().customerReads(m_thread, fromUnixMs(QDateTime::currentMSecsSinceEpoch() + 1000));
        QTRY_COMPARE(status(queued.id), MessageStatus::Read);
    }

    void anEchoBeforeTheAnswerMakesNoSecondBubble()
    {
        m_world->tiktok().setEcho(demo::Echo::BeforeAnswer, Milliseconds(300));
        const int before = m_world->countEvents(u"message.created"_s);
        const Message queued = sent(u"Early echo"_s);
        QTRY_COMPARE(status(queued.id), MessageStatus::Delivered);
        QCOMPARE(m_world->messages(m_thread).size(), 2);
        QCOMPARE(m_world->countEvents(u"message.created"_s), before + 1);
    }

    void theSameClientIdIsSentOnce()
    {
        const NewMessage message{.conversationId = m_conversation, .content = u"Once"_s, .clientId = QUuid::createUuid().toString(QUuid::WithoutBraces)};
        const auto first = test::waitFor(m_world->api().sendMessage(message));
        const auto second = test::waitFor(m_world->api().sendMessage(message));
        QVERIFY(first && second);
        QCOMPARE(first->id, second->id);
        QTRY_COMPARE(status(first->id), MessageStatus::Delivered);
        QCOMPARE(sends(u"Once"_s), 1);
    }

    void aLostAnswerIsSettledByItsEchoAndNeverRepeated()
    {
        m_world->tiktok().next(u"business/message/send"_s, {.closeWithoutAnswer = true, .takesEffect = true});
        const Message queued = sent(u"Did it arrive?"_s);
        QTRY_COMPARE_WITH_TIMEOUT(status(queued.id), MessageStatus::Delivered, 20'000);
        QCOMPARE(sends(u"Did it arrive?"_s), 1);
        QCOMPARE(m_world->messages(m_thread).size(), 2);
    }

    void aServerErrorIsNotRepeatedAndSaidAsUnknown()
    {
        m_world->tiktok().next(u"business/message/send"_s, {.httpStatus = 500, .takesEffect = false});
        const Message queued = sent(u"Maybe"_s);
        QTRY_VERIFY(status(queued.id) == MessageStatus::Sending || status(queued.id) == MessageStatus::Failed);
        QTRY_COMPARE_WITH_TIMEOUT(status(queued.id), MessageStatus::Failed, 110'000);
        const Message failed = *byId(queued.id);
        QCOMPARE(failed.externalError->code, QString::fromUtf16(kOutcomeUnknown));
        QCOMPARE(sends(u"Maybe"_s), 1);
        const auto refused = test::waitFor(m_world->api().retryMessage(queued.id));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Conflict);
        QVERIFY(test::waitFor(m_world->api().retryMessage(queued.id, true)));
        QTRY_COMPARE(status(queued.id), MessageStatus::Delivered);
        QCOMPARE(sends(u"Maybe"_s), 2);
    }

    void aRateLimitWaitsAndALocalTroubleIsTriedAgain()
    {
        m_world->tiktok().next(u"business/message/send"_s, {.code = 40100});
        const Message limited = sent(u"Too quick"_s);
        QTRY_COMPARE_WITH_TIMEOUT(status(limited.id), MessageStatus::Delivered, 15'000);
        m_world->tiktok().next(u"business/message/send"_s, {.code = 51065});
        const Message troubled = sent(u"Their trouble"_s);
        QTRY_COMPARE_WITH_TIMEOUT(status(troubled.id), MessageStatus::Delivered, 30'000);
    }

    void aRefusalSaysWhyAndStaysOneRow()
    {
        m_world->tiktok().next(u"business/message/send"_s, {.code = 40064, .message = u"Message was blocked by direct message rules."_s});
        const Message queued = sent(u"https://pay.example"_s);
        QTRY_COMPARE(status(queued.id), MessageStatus::Failed);
        const Message failed = *byId(queued.id);
        QCOMPARE(failed.externalError->code, u"40064"_s);
        QVERIFY(test::waitFor(m_world->api().retryMessage(queued.id)));
        QTRY_COMPARE(status(queued.id), MessageStatus::Delivered);
        QCOMPARE(m_world->messages(m_thread).size(), 2);
    }

    void aRejectedTokenIsRenewedOnceAndTheSecondTimeTheOwnerIsAsked()
    {
        const QString business = m_world->tiktok().options().accounts.first().businessId;
        m_world->tiktok().expireAccessTokens(business);
        const Message renewed = sent(u"After the refresh"_s);
        QTRY_COMPARE(status(renewed.id), MessageStatus::Delivered);
        m_world->tiktok().revokeTokens(business);
        const Message held = sent(u"Held back"_s);
        QTRY_COMPARE(test::waitFor(m_world->api().inbox(m_world->inbox().id))->state, Inbox::State::ReauthorizationRequired);
        QTRY_COMPARE(status(held.id), MessageStatus::Queued);
        QVERIFY(m_world->conversation(m_thread)->canReply);
        const demo::TokenPair tokens = m_world->tiktok().issueTokens(business);
        QVERIFY(test::waitFor(m_world->api().updateInbox(m_world->inbox().id,
                                                         {.secrets = {{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}}})));
        QTRY_COMPARE(status(held.id), MessageStatus::Delivered);
        QCOMPARE(sends(u"Held back"_s), 2);   // the first with the revoked token, which the platform did not take
        const auto arrived = m_world->tiktok().conversation(m_thread)->messages;
        QCOMPARE(std::count_if(arrived.begin(), arrived.end(),
                               [](const demo::SceneMessage &message) { return message.content.value(u"text"_s)[u"body"_s] == u"Held back"_s; }),
                 1);
    }

    void oneImageIsUploadedAndSentAndCombinationsAreRefused()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write(demo::pictures::shelfJpeg(1));
        file.flush();
        const auto uploaded = test::waitFor(m_world->api().upload(file.fileName(), u"shelf.jpg"_s, u"image/jpeg"_s));
        QVERIFY2(uploaded, uploaded ? "" : qPrintable(describe(uploaded.error())));
        const auto both = test::waitFor(m_world->api().sendMessage(
            {.conversationId = m_conversation, .content = u"with text"_s, .attachmentIds = {uploaded->id}, .clientId = u"both"_s + m_thread}));
        QVERIFY(!both);
        QCOMPARE(both.error().kind, Error::Kind::ChannelLimit);
        const auto picture = test::waitFor(
            m_world->api().sendMessage({.conversationId = m_conversation, .attachmentIds = {uploaded->id}, .clientId = u"picture"_s + m_thread}));
        QVERIFY2(picture, picture ? "" : qPrintable(describe(picture.error())));
        QTRY_COMPARE(status(picture->id), MessageStatus::Delivered);
        QVERIFY(m_world->tiktok().count(u"business/message/media/upload"_s) >= 1);
    }

    void quotesLimitsNotesAndTheClosedWindow()
    {
        const MessageId question = m_world->message(m_thread, m_question)->id;
        const auto quoting = test::waitFor(m_world->api().sendMessage(
            {.conversationId = m_conversation, .content = u"This one"_s, .inReplyTo = question, .clientId = u"q"_s + m_thread}));
        QVERIFY(quoting);
        QTRY_COMPARE(status(quoting->id), MessageStatus::Delivered);
        const auto body = m_world->tiktok().received(u"business/message/send"_s).last().body;
        QVERIFY(body.contains(m_question.toUtf8()));

        QVERIFY(test::waitFor(m_world->api().sendMessage({.conversationId = m_conversation, .content = QString(6000, u'a'), .clientId = u"l"_s + m_thread})));
        const auto tooLong = test::waitFor(
            m_world->api().sendMessage({.conversationId = m_conversation, .content = QString(6001, u'a'), .clientId = u"m"_s + m_thread}));
        QVERIFY(!tooLong);
        QCOMPARE(tooLong.error().kind, Error::Kind::ChannelLimit);
        QCOMPARE(tooLong.error().field, u"content"_s);

        const QString old = m_world->tiktok().startConversation({.username = u"two.days.ago"_s});
        m_world->tiktok().customerWrites(old, u"Long ago"_s, {.at = fromUnixMs(QDateTime::currentMSecsSinceEpoch() - 48 * 3600'000 - 1000)});
        QTRY_VERIFY(m_world->conversation(old));
        const Conversation closed = *m_world->conversation(old);
        QVERIFY(!closed.canReply);
        const auto refused = test::waitFor(m_world->api().sendMessage({.conversationId = closed.id, .content = u"Too late"_s, .clientId = u"c"_s + old}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::WindowClosed);
        const auto note = test::waitFor(
            m_world->api().sendMessage({.conversationId = closed.id, .content = u"Ask again"_s, .isPrivate = true, .clientId = u"n"_s + old}));
        QVERIFY(note && note->isPrivate);
        QCOMPARE(sends(u"Ask again"_s), 0);
    }

    void aCrashWhileSendingNeverSendsTwice()
    {
        m_world->tiktok().always(u"business/message/send"_s, {.delay = Milliseconds(1500), .takesEffect = true});
        const Message queued = sent(u"In flight"_s);
        QTRY_COMPARE(sends(u"In flight"_s), 1);
        QCOMPARE(m_world->crashAndRestart(), QString());
        m_world->tiktok().normal(u"business/message/send"_s);
        QTRY_COMPARE_WITH_TIMEOUT(status(queued.id), MessageStatus::Delivered, 20'000);
        QCOMPARE(sends(u"In flight"_s), 1);
        QCOMPARE(m_world->messages(m_thread).size(), 2);
    }

private:
    Message sent(const QString &text)
    {
        const auto message = test::waitFor(m_world->api().sendMessage(
            {.conversationId = m_conversation, .content = text, .clientId = QUuid::createUuid().toString(QUuid::WithoutBraces)}));
        if (!message)
            qFatal("not queued: %s", qPrintable(describe(message.error())));
        return *message;
    }

    MessageStatus status(MessageId id)
    {
        const QList<Message> messages = m_world->messages(m_thread);
        for (const Message &message : messages) {
            if (message.id == id)
                return *message.status;
        }
        return MessageStatus::Queued;
    }

    std::optional<Message> byId(MessageId id)
    {
        const QList<Message> messages = m_world->messages(m_thread);
        for (const Message &message : messages) {
            if (message.id == id)
                return message;
        }
        return std::nullopt;
    }

    int sends(const QString &text)
    {
        int count = 0;
        const auto requests = m_world->tiktok().received(u"business/message/send"_s);
        for (const auto &request : requests)
            count += request.body.contains('"' + text.toUtf8() + '"') ? 1 : 0;
        return count;
    }

    std::unique_ptr<test::TiktokWorld> m_world;
    QString m_thread;
    QString m_question;
    ConversationId m_conversation;
};

ANTIPHON_TEST(TiktokOutboundFlow)
#include "tst_tiktokoutbound.moc"
