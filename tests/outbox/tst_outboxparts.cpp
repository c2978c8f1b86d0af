#include "core/store/contactrepository.h"
#include "core/store/messagerepository.h"
#include "tests/outbox/fakegraph.h"
#include "tests/outbox/outboxworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

HttpReply took(const QByteArray &id, const QByteArray &wa = {})
{
    return FakeHttpClient::reply(200, "{\"id\":\"" + id + "\",\"wa\":\"" + wa + "\"}");
}

} // namespace

class OutboxPartsTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_world = std::make_unique<OutboxWorld>();
        auto graph = std::make_unique<FakeGraph>();
        m_graph = graph.get();
        m_world->channels.add(std::move(graph), nullptr);
        m_world->makeLink = [this](const LinkedFile &file) {
            m_linked.append(file.name + u' ' + file.mime + u' ' + QString::number(file.size) + u' ' + QString::fromLatin1(file.sha256.left(1)));
            return Result<QUrl>(QUrl(u"https://desk.example/media/%1"_s.arg(m_linked.size())));
        };
        m_inbox = m_world->inbox(u"ig-1"_s, Channel::Instagram);
        m_conversation = m_world->conversation(m_inbox, u"igsid-1"_s);
    }
    void cleanup()
    {
        m_world.reset();
        m_linked.clear();
    }

    void filesGoAsLinksMadeAtTheMomentOfSending()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, u"Both."_s, 2);
        m_world->http.script(took("m-0"));
        m_world->http.script(took("m-1"));
        m_world->http.script(took("m-2"));
        QVERIFY(m_linked.isEmpty());
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(m_linked, QStringList({u"1.png image/png 10 a"_s, u"2.png image/png 10 b"_s}));
        QCOMPARE(body(0).value("link"_L1), u"https://desk.example/media/1"_s);
        QCOMPARE(body(0).value("bytes"_L1).toInt(-1), 0);
        QCOMPARE(body(1).value("link"_L1), u"https://desk.example/media/2"_s);
        QCOMPARE(body(2).value("text"_L1), u"Both."_s);
        QCOMPARE(m_world->sourceId(message), u"m-0"_s);
        QCOMPARE(parts(message), u"0:m-0:sent 1:m-1:sent 2:m-2:sent"_s);
        for (const char *source : {"m-0", "m-1", "m-2"}) {
            const auto found = m_world->store.read<std::optional<messages::MessageRef>>(
                [this, source](ReadTransaction &tx) { return messages::findBySource(tx, m_inbox, QString::fromLatin1(source)); });
            QVERIFY(found && *found && (*found)->id == message);
        }
    }

    void waitsWhileThereIsNoPublicAddress()
    {
        bool hasAddress = false;
        m_world->makeLink = [&hasAddress](const LinkedFile &) {
            return hasAddress ? Result<QUrl>(QUrl(u"https://desk.example/media/x"_s)) : Result<QUrl>(Error{Error::Kind::Unavailable, u"no public address"_s});
        };
        const MessageId message = m_world->queueAlbum(m_conversation, {}, 1);
        m_world->start();
        QTRY_COMPARE(m_world->store.text(u"SELECT code || ' ' || bytes_sent FROM send_attempt"_s), u"no_public_address 0"_s);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        QCOMPARE(m_world->status(message), u"queued"_s);
        QVERIFY(m_world->http.requests.empty());
        hasAddress = true;
        m_world->http.script(took("m-0"));
        m_world->dispatcher->networkUp();            // the tunnel is back: nobody waits for a clock
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
    }

    void theMessageStandsAtTheLeastOfItsParts()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, u"And this."_s, 1);
        m_world->http.script(took("m-0"));
        m_world->start();
        QTRY_COMPARE(m_world->http.waiting(), 1);
        QVERIFY(apply(message, "m-0", StatusEvent::Read));        // faster than the second call
        QCOMPARE(m_world->status(message), u"sending"_s);
        m_world->http.answer(took("m-1"));
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QVERIFY(apply(message, "m-1", StatusEvent::Delivered));
        QCOMPARE(m_world->status(message), u"delivered"_s);
        QVERIFY(apply(message, "m-1", StatusEvent::Read));
        QCOMPARE(m_world->status(message), u"read"_s);
        QCOMPARE(parts(message), u"0:m-0:read 1:m-1:read"_s);
    }

    void aFailedPartSaysWhichAndARetrySendsOnlyWhatIsMissing()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, u"Text."_s, 2);
        m_world->http.script(took("m-0"));
        m_world->http.script(FakeHttpClient::reply(400));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"failed:100"_s);
        QCOMPARE(m_world->store.text(u"SELECT error_text FROM message"_s), u"No such thing."_s);
        QCOMPARE(m_world->store.text(u"SELECT detail FROM message"_s), uR"({"failed_part":{"count":3,"name":"2.png","number":2}})"_s);
        QCOMPARE(m_world->sourceId(message), u"m-0"_s);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        QVERIFY(retry(message));
        QCOMPARE(m_world->store.integer(u"SELECT detail IS NULL FROM message"_s), 1);
        m_world->http.script(took("m-1"));
        m_world->http.script(took("m-2"));
        m_world->wake();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(int(m_world->http.requests.size()), 4);
        QVERIFY(body(2).value("link"_L1).toString().endsWith(u"/4"_s));      // a link of its own: the first ones may be over
        QCOMPARE(parts(message), u"0:m-0:sent 1:m-1:sent 2:m-2:sent"_s);
    }

    void aPartThatFailsLateIsSentAgainAlone()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, u"Text."_s, 1);
        m_world->http.script(took("m-0"));
        m_world->http.script(took("m-1"));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QVERIFY(apply(message, "m-0", StatusEvent::Delivered));
        QVERIFY(apply(message, "m-1", StatusEvent::Refused));
        QCOMPARE(m_world->status(message), u"failed"_s);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        QVERIFY(retry(message));
        m_world->http.script(took("m-1b"));
        m_world->wake();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(int(m_world->http.requests.size()), 3);
        QCOMPARE(body(2).value("text"_L1), u"Text."_s);
        QCOMPARE(parts(message), u"0:m-0:delivered 1:m-1b:sent"_s);
        QVERIFY(apply(message, "m-1b", StatusEvent::Delivered));
        QCOMPARE(m_world->status(message), u"delivered"_s);
    }

    void anUnknownPartThatIsFoundLetsTheRestGo()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, u"Text."_s, 1);
        m_world->start();
        QTRY_COMPARE(m_world->http.waiting(), 1);
        m_world->http.answer(FakeHttpClient::cutOff());
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        QCOMPARE(m_world->status(message), u"sending"_s);
        const auto settled = m_world->store.write<void>([message](WriteTransaction &tx) -> Result<void> {
            const auto row = outbox::findByMessage(tx, message);
            return outbox::settle(tx, **row, u"m-0"_s, tx.now());
        });
        QVERIFY(settled);
        QCOMPARE(m_world->status(message), u"queued"_s);
        m_world->http.script(took("m-1"));
        m_world->wake();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(int(m_world->http.requests.size()), 2);
        QCOMPARE(body(1).value("text"_L1), u"Text."_s);
        QCOMPARE(parts(message), u"0:m-0:sent 1:m-1:sent"_s);
    }

    void tooMuchToOneCustomerHoldsUpNobodyElse()
    {
        const MessageId first = m_world->queue(m_conversation, u"a"_s);
        m_world->http.script(FakeHttpClient::reply(430));
        m_world->start();
        QTRY_COMPARE(m_world->store.integer(u"SELECT attempts FROM outbox"_s), 1);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        QCOMPARE(m_world->status(first), u"queued"_s);
        const MessageId behind = m_world->queue(m_conversation, u"b"_s);
        const MessageId other = m_world->queue(m_world->conversation(m_inbox, u"igsid-2"_s), u"c"_s);
        m_world->http.script(took("m-other"));
        m_world->wake();
        QTRY_COMPARE(m_world->status(other), u"sent"_s);
        QCOMPARE(m_world->status(behind), u"queued"_s);
        m_world->http.script(FakeHttpClient::reply(430));
        m_world->advance(std::chrono::milliseconds(1001));
        QTRY_COMPARE(int(m_world->http.requests.size()), 3);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        m_world->http.script(took("m-a"));
        m_world->http.script(took("m-b"));
        m_world->advance(std::chrono::milliseconds(2000));       // of four seconds
        m_world->store.settle();
        QCOMPARE(int(m_world->http.requests.size()), 3);
        m_world->advance(std::chrono::milliseconds(2001));
        QTRY_COMPARE(m_world->status(behind), u"sent"_s);
        QCOMPARE(m_world->status(first), u"sent"_s);
    }

    void waitsForOneCustomerAsLongAsToldAndForTheInboxToo()
    {
        const MessageId first = m_world->queue(m_conversation, u"a"_s);
        m_world->http.script(FakeHttpClient::reply(430, {}, {{"Retry-After", "7"}}));
        m_world->start();
        QTRY_COMPARE(int(m_world->http.requests.size()), 1);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        QCOMPARE(m_world->store.integer(u"SELECT attempts FROM outbox"_s), 0);      // no try: the platform said when
        m_world->advance(std::chrono::milliseconds(6900));
        m_world->store.settle();
        QCOMPARE(int(m_world->http.requests.size()), 1);
        m_world->http.script(FakeHttpClient::reply(429, {}, {{"Retry-After", "5"}}));
        m_world->advance(std::chrono::milliseconds(200));
        QTRY_COMPARE(int(m_world->http.requests.size()), 2);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        const MessageId behind = m_world->queue(m_conversation, u"b"_s);
        const MessageId other = m_world->queue(m_world->conversation(m_inbox, u"igsid-2"_s), u"c"_s);
        m_world->advance(std::chrono::milliseconds(4800));
        m_world->store.settle();
        QCOMPARE(int(m_world->http.requests.size()), 2);
        for (const char *id : {"m-0", "m-1", "m-2"})
            m_world->http.script(took(id));
        m_world->advance(std::chrono::milliseconds(300));
        QTRY_COMPARE(m_world->status(behind), u"sent"_s);
        QTRY_COMPARE(m_world->status(other), u"sent"_s);
        QCOMPARE(m_world->status(first), u"sent"_s);
        QVERIFY(texts().indexOf(u"a"_s, 2) < texts().indexOf(u"b"_s, 2));
    }

    void oneCustomerGetsSoMuchInThreeSeconds()
    {
        m_graph->shown.sendsPerThread = 3;
        for (int i = 0; i < 5; ++i) {
            m_world->queue(m_conversation, QString::number(i));
            m_world->http.script(took("m-" + QByteArray::number(i)));
        }
        m_world->http.script(took("m-other"));
        m_world->start();
        QTRY_COMPARE(int(m_world->http.requests.size()), 3);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        const MessageId other = m_world->queue(m_world->conversation(m_inbox, u"igsid-2"_s), u"other"_s);
        m_world->wake();
        QTRY_COMPARE(m_world->status(other), u"sent"_s);
        QCOMPARE(int(m_world->http.requests.size()), 4);
        for (int sent = 5; sent <= 6; ++sent) {
            QTRY_VERIFY(m_world->dispatcher->isIdle());
            m_world->advance(std::chrono::milliseconds(900));
            m_world->store.settle();
            QCOMPARE(int(m_world->http.requests.size()), sent - 1);
            m_world->http.script(took("n-" + QByteArray::number(sent)));
            m_world->advance(std::chrono::milliseconds(150));
            QTRY_COMPARE(int(m_world->http.requests.size()), sent);
        }
        QCOMPARE(texts(), QStringList({u"0"_s, u"1"_s, u"2"_s, u"other"_s, u"3"_s, u"4"_s}));
    }

    void aRefusalMayCloseTheConversation()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        const MessageId behind = m_world->queue(m_conversation, u"and"_s);
        m_world->http.script(FakeHttpClient::reply(403));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"failed:403"_s);
        QTRY_COMPARE(m_world->status(behind), u"failed:blocked"_s);
        QCOMPARE(int(m_world->http.requests.size()), 1);
        QCOMPARE(m_world->store.text(u"SELECT json_extract(attributes, '$.cannot_reply') FROM conversation"_s), u"blocked"_s);
    }

    void picturesGoWithASmallOneWhereTheChannelNeedsIt()
    {
        m_graph->shown.needsPreviews = true;
        const MessageId message = m_world->queueAlbum(m_conversation, {}, 1);
        m_world->store.run(u"UPDATE attachment SET width = 640, height = 480"_s);
        m_world->http.script(took("m-0"));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(body(0).value("preview"_L1), u"https://desk.example/media/1.small"_s);
        QCOMPARE(body(0).value("width"_L1).toInt(), 640);
    }

    void staysWithinTheChannelsRates()
    {
        m_graph->shown.sendsPerSecond = 5;
        m_graph->shown.filesPerSecond = 2;
        for (int i = 0; i < 4; ++i) {
            m_world->queueAlbum(m_world->conversation(m_inbox, u"f%1"_s.arg(i)), {}, 1);
            m_world->queue(m_world->conversation(m_inbox, u"t%1"_s.arg(i)), u"x"_s);
            m_world->http.script(took("f" + QByteArray::number(i)));
            m_world->http.script(took("t" + QByteArray::number(i)));
        }
        m_world->start();
        QTRY_COMPARE(int(m_world->http.requests.size()), 5);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        QCOMPARE(files(), 2);
        m_world->advance(std::chrono::milliseconds(1001));
        QTRY_COMPARE(int(m_world->http.requests.size()), 8);
        QCOMPARE(files(), 4);
    }

    void aTemplateLeavesAfterTheWindowHasClosed()
    {
        const MessageId plain = m_world->queue(m_conversation, u"late"_s);
        const MessageId used = m_world->queue(m_world->conversation(m_inbox, u"igsid-2"_s), u"Your visit is near."_s);
        m_world->store.run(u"UPDATE message SET template = '{\"name\":\"visit\",\"language\":\"en\"}' WHERE id = %1"_s.arg(used.value()));
        m_world->store.run(u"UPDATE conversation SET window_closes_at = 1"_s);
        m_world->http.script(took("m-0"));
        m_world->start();
        QTRY_COMPARE(m_world->status(plain), u"failed:window_closed"_s);
        QTRY_COMPARE(m_world->status(used), u"sent"_s);
        QCOMPARE(body(0).value("template"_L1), u"visit"_s);
    }

    void theAdapterKnowsWhenTheCustomerWroteAndWhatMayBeChosen()
    {
        const MessageId message = m_world->queue(m_conversation, u"Which?"_s);
        m_world->store.run(u"UPDATE message SET detail = '{\"choice\":{\"items\":[{\"id\":\"a\",\"title\":\"Small\"}]}}'"_s);
        m_world->store.clock().advance(std::chrono::minutes(90));
        m_world->http.script(took("m-0"));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(body(0).value("since"_L1).toInteger(), 90 * 60'000);
        QCOMPARE(body(0).value("choice"_L1), u"Small"_s);
    }

    void whatThePlatformHasYetToSendIsUnderWay()
    {
        const MessageId message = m_world->queue(m_conversation, u"x"_s);
        const MessageId album = m_world->queueAlbum(m_world->conversation(m_inbox, u"igsid-2"_s), u"y"_s, 1);
        const HttpReply queued = FakeHttpClient::reply(200, "{\"id\":\"m-0\",\"queued\":true}");
        m_world->http.script(queued);
        m_world->http.script(FakeHttpClient::reply(200, "{\"id\":\"m-1\",\"queued\":true}"));
        m_world->http.script(took("m-2"));
        m_world->start();
        QTRY_COMPARE(m_world->state(album), u"sent"_s);
        QTRY_COMPARE(m_world->state(message), u"sent"_s);
        QCOMPARE(m_world->status(message), u"sending"_s);
        QCOMPARE(m_world->status(album), u"sending"_s);
        QVERIFY(apply(message, m_world->sourceId(message).toLatin1(), StatusEvent::Accepted));
        QCOMPARE(m_world->status(message), u"sent"_s);
        QVERIFY(apply(album, m_world->sourceId(album).toLatin1(), StatusEvent::Delivered));
        QCOMPARE(m_world->status(album), u"sent"_s);
    }

    void thePlatformsNameForTheCustomerBecomesAnAlias()
    {
        const MessageId message = m_world->queue(m_conversation, u"x"_s);
        m_world->http.script(took("m-0", "wa-canonical"));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        const auto found = m_world->store.read<std::optional<contacts::ContactInboxRow>>(
            [this](ReadTransaction &tx) { return contacts::findByAddress(tx, m_inbox, u"wa-canonical"_s); });
        QVERIFY(found && *found);
        QCOMPARE((*found)->sourceId, u"igsid-1"_s);
    }

private:
    QJsonObject body(size_t request) const { return QJsonDocument::fromJson(m_world->http.requests.at(request).body).object(); }
    int files() const
    {
        return int(std::count_if(m_world->http.requests.begin(), m_world->http.requests.end(), [](const HttpRequest &request) { return request.body.contains("\"link\""); }));
    }
    QStringList texts() const
    {
        QStringList all;
        for (size_t i = 0; i < m_world->http.requests.size(); ++i)
            all.append(body(i).value("text"_L1).toString());
        return all;
    }
    QString parts(MessageId message)
    {
        return m_world->store
            .text(u"SELECT group_concat(part || ':' || coalesce(platform_id, '-') || ':' || status, ' ') FROM"
                  " (SELECT * FROM send_part WHERE message_id = %1 ORDER BY part)"_s.arg(message.value()))
            .value_or(u"?"_s);
    }
    bool apply(MessageId message, const QByteArray &source, StatusEvent event)
    {
        const auto done = m_world->store.write<bool>([message, source = QString::fromLatin1(source), event](WriteTransaction &tx) -> Result<bool> {
            const auto ref = messages::find(tx, message);
            return messages::applyPartStatus(tx, **ref, source, event);
        });
        return done ? true : false;
    }
    bool retry(MessageId message)
    {
        return m_world->store.write<void>([message](WriteTransaction &tx) { return outbox::retry(tx, message, false, {}); }) ? true : false;
    }

    std::unique_ptr<OutboxWorld> m_world;
    FakeGraph *m_graph = nullptr;
    QStringList m_linked;
    InboxId m_inbox;
    ConversationId m_conversation;
};

ANTIPHON_TEST(OutboxPartsTest)
#include "tst_outboxparts.moc"
