#include "app/demo/simulatedpictures.h"
#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// From a signed webhook over real HTTP to what an agent's session is told, with the server as a process of its own.
class TiktokInboundFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::TiktokWorld>();
        QCOMPARE(m_world->startConnected(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void aTextBecomesAnUnreadMessageInAnOpenConversation()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"mira.shops"_s});
        const QString id = m_world->tiktok().customerWrites(thread, u"Is the blue edition in stock? 👋"_s);
        QTRY_VERIFY(m_world->message(thread, id));
        const Message message = *m_world->message(thread, id);
        QCOMPARE(message.content, u"Is the blue edition in stock? 👋"_s);
        QCOMPARE(message.direction, Message::Direction::Incoming);
        QCOMPARE(message.sender.type, Sender::Type::Contact);
        QVERIFY(!message.status);
        const Conversation conversation = *m_world->conversation(thread);
        QCOMPARE(conversation.status, Conversation::Status::Open);
        QCOMPARE(conversation.unreadCount, 1);
        QVERIFY(conversation.canReply);
        QCOMPARE(conversation.replyWindow->rule, u"tiktok_48h"_s);
        QCOMPARE(*conversation.replyWindow->closesAt, message.createdAt + std::chrono::hours(48));
        QTRY_VERIFY(m_world->countEvents(u"message.created"_s) >= 1);
    }

    void picturesArePendingFirstAndThenThere()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"photo.fan"_s});
        const QString id = m_world->tiktok().customerSendsImage(thread, demo::pictures::shelfJpeg(1));
        QTRY_VERIFY(m_world->message(thread, id));
        QTRY_COMPARE_WITH_TIMEOUT(m_world->message(thread, id)->attachments.value(0).state, Attachment::State::Ready, 10'000);
        const Attachment picture = m_world->message(thread, id)->attachments.first();
        QCOMPARE(picture.kind, Attachment::Kind::Image);
        QCOMPARE(picture.mime, u"image/jpeg"_s);
        QVERIFY(picture.width && picture.height);
        const auto bytes = test::waitFor(m_world->client().download(picture.url, 20 * 1024 * 1024));
        QVERIFY(bytes);
        QCOMPARE(*bytes, demo::pictures::shelfJpeg(1));
        const auto requests = m_world->tiktok().received(u"media"_s);
        QVERIFY(!requests.isEmpty());
        QVERIFY(requests.last().header("x-user").size() > 0);
        QVERIFY(requests.last().header("access-token").isEmpty());
    }

    void sharedPostsStickersAndUnknownKindsStayVisible()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"many.kinds"_s});
        const QString post = m_world->tiktok().customerSharesPost(thread, u"7300000000000000001"_s);
        const QString sticker = m_world->tiktok().customerSendsSticker(thread);
        const QString odd = m_world->tiktok().customerSends(thread, u"hologram"_s, {{u"hologram"_s, QJsonObject{{u"x"_s, 1}}}});
        QTRY_VERIFY(m_world->message(thread, odd));
        QCOMPARE(m_world->message(thread, post)->contentType, Message::ContentType::Embed);
        QVERIFY(m_world->message(thread, post)->attachments.first().embedUrl.startsWith(u"https://www.tiktok.com/"_s));
        QCOMPARE(m_world->message(thread, sticker)->contentType, Message::ContentType::Sticker);
        QCOMPARE(m_world->message(thread, odd)->contentType, Message::ContentType::Unsupported);
        QCOMPARE(m_world->message(thread, odd)->rawType, u"hologram"_s);
    }

    void theOwnersAnswerFromThePhoneIsANativeAppMessage()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"phone.friend"_s});
        m_world->tiktok().customerWrites(thread, u"Hello?"_s);
        const QString id = m_world->tiktok().ownerAnswersFromApp(thread, u"Yes, two copies left."_s);
        QTRY_VERIFY(m_world->message(thread, id));
        const Message echo = *m_world->message(thread, id);
        QCOMPARE(echo.direction, Message::Direction::Outgoing);
        QVERIFY(echo.externalEcho);
        QCOMPARE(echo.sender.type, Sender::Type::NativeApp);
        QCOMPARE(*echo.status, MessageStatus::Delivered);
        QTRY_VERIFY(!m_world->conversation(thread)->waitingSince);
    }

    void reactionsGoToTheirMessageAndNeverBecomeRows()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"thumbs.up"_s});
        m_world->tiktok().customerWrites(thread, u"One"_s);
        const QString answer = m_world->tiktok().ownerAnswersFromApp(thread, u"Two"_s);
        QTRY_VERIFY(m_world->message(thread, answer));
        m_world->tiktok().customerReacts(thread, answer, u"👍"_s);
        QTRY_COMPARE(m_world->message(thread, answer)->reactions.size(), 1);
        QCOMPARE(m_world->message(thread, answer)->reactions.first().emoji, u"👍"_s);
        QCOMPARE(m_world->messages(thread).size(), 2);
        m_world->tiktok().customerReacts(thread, answer, u"👍"_s, false);
        QTRY_COMPARE(m_world->message(thread, answer)->reactions.size(), 0);
    }

    void quotesFindTheirMessage()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"quote.me"_s});
        const QString first = m_world->tiktok().customerWrites(thread, u"Which one?"_s);
        const QString second = m_world->tiktok().customerQuotes(thread, first, u"The blue one"_s);
        QTRY_VERIFY(m_world->message(thread, second));
        QCOMPARE(m_world->message(thread, second)->inReplyTo, m_world->message(thread, first)->id);
    }

    void repeatsParallelCopiesAndStaleStampsMakeNoSecondMessage()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"again.and.again"_s});
        const qint64 staleBefore = m_world->stat(u"stale"_s);
        const QString id = m_world->tiktok().customerWrites(thread, u"Once"_s, {.webhook = {.copies = 10, .timeShift = std::chrono::seconds(-301)}});
        QTRY_VERIFY(m_world->message(thread, id));
        QTRY_COMPARE(m_world->tiktok().webhooks().pending(), 0);
        QCOMPARE(m_world->messages(thread).size(), 1);
        QTRY_VERIFY(m_world->stat(u"stale"_s) >= staleBefore + 1);
    }

    void wrongSignaturesAreRefusedAndCounted_data()
    {
        QTest::addColumn<demo::WebhookOptions::Signature>("signature");
        QTest::newRow("another key") << demo::WebhookOptions::Signature::WrongKey;
        QTest::newRow("changed body") << demo::WebhookOptions::Signature::ChangedBody;
        QTest::newRow("changed time") << demo::WebhookOptions::Signature::ChangedTime;
        QTest::newRow("missing") << demo::WebhookOptions::Signature::Missing;
    }

    void wrongSignaturesAreRefusedAndCounted()
    {
        QFETCH(demo::WebhookOptions::Signature, signature);
        const qint64 before = m_world->stat(u"rejected_signature"_s);
        const qint64 received = m_world->stat(u"received"_s);
        const QString thread = m_world->tiktok().startConversation({.username = u"forger"_s});
        m_world->tiktok().customerWrites(thread, u"Trust me"_s, {.webhook = {.signature = signature, .repeats = false}});
        QTRY_COMPARE(m_world->tiktok().webhooks().deliveries().last().statuses, QList<int>{401});
        QTRY_COMPARE(m_world->stat(u"rejected_signature"_s), before + 1);
        QCOMPARE(m_world->stat(u"received"_s), received);
        QVERIFY(!m_world->conversation(thread));
    }

    void anUnknownAccountAndUnreadableBodiesAreTakenAndSetAside()
    {
        const qint64 dead = m_world->stat(u"dead"_s);
        m_world->tiktok().sendEvent(u"im_receive_msg"_s, u"somebody-else"_s, {{u"conversation_id"_s, u"c"_s}, {u"message_id"_s, u"m"_s}});
        QTRY_COMPARE(m_world->tiktok().webhooks().pending(), 0);
        QCOMPARE(m_world->tiktok().webhooks().deliveries().last().statuses, QList<int>{200});
        m_world->tiktok().webhooks().send("this is not JSON");
        QTRY_COMPARE(m_world->tiktok().webhooks().pending(), 0);
        QCOMPARE(m_world->tiktok().webhooks().deliveries().last().statuses, QList<int>{200});
        QTRY_COMPARE(m_world->stat(u"dead"_s), dead + 1);
        const auto letters = test::waitFor(m_world->api().deadLetters());
        QVERIFY(letters && !letters->items.isEmpty());
        QVERIFY(test::waitFor(m_world->api().discardDeadLetter(letters->items.first().id)));
        QTRY_COMPARE(m_world->stat(u"dead"_s), dead);
    }

    void aEuropeanNoticeIsAnsweredByThePullOfTheLists()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"europe.calling"_s});
        const QString id = m_world->tiktok().europeanCustomerWrites(thread, u"Guten Tag"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_world->message(thread, id), 20'000);
        QCOMPARE(m_world->message(thread, id)->content, u"Guten Tag"_s);
        QVERIFY(m_world->conversation(thread)->canReply);
    }

    void anAlbumOfTenKeepsItsOrderInOneConversation()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"album"_s});
        QStringList ids;
        for (int i = 0; i < 10; ++i)
            ids.append(m_world->tiktok().customerWrites(thread, QString::number(i)));
        QTRY_COMPARE(m_world->messages(thread).size(), 10);
        QStringList seen;
        const QList<Message> messages = m_world->messages(thread);
        for (const Message &message : messages)
            seen.append(message.content);
        QCOMPARE(seen.join(u','), u"0,1,2,3,4,5,6,7,8,9"_s);
    }

    void whatWasTakenIsThereAfterACrash()
    {
        const QString thread = m_world->tiktok().startConversation({.username = u"survivor"_s});
        const QString id = m_world->tiktok().customerWrites(thread, u"Still here?"_s);
        QTRY_COMPARE(m_world->tiktok().webhooks().pending(), 0);
        QCOMPARE(m_world->crashAndRestart(), QString());

        QTRY_VERIFY(m_world->message(thread, id));
        QCOMPARE(m_world->messages(thread).size(), 1);
    }

private:
    std::unique_ptr<test::TiktokWorld> m_world;
};

ANTIPHON_TEST(TiktokInboundFlow)
#include "tst_tiktokinbound.moc"
