#include "tests/support/fakeclock.h"
#include "tests/support/testmain.h"
#include "tests/ui/scene.h"
#include "ui/models/conversationlistmodel.h"
#include "ui/models/draftstore.h"
#include "ui/models/imagecache.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/messagelistmodel.h"

#include <QPromise>
#include <QSignalSpy>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Answers of a server with 500 messages, given when the test says so.
struct Desk {
    MessageListModel::Fetch fetch()
    {
        return [this](ConversationId, const MessageAnchor &anchor, int limit) {
            asked.append(anchor);
            auto promise = std::make_shared<QPromise<Result<MessagePage>>>();
            promise->start();
            waiting.append({promise, page(anchor, limit)});
            return promise->future();
        };
    }

    MessagePage page(const MessageAnchor &anchor, int limit) const
    {
        qsizetype first = all.size() - limit;
        const qsizetype at = std::find_if(all.begin(), all.end(), [&](const Message &m) { return m.id == anchor.message; }) - all.begin();
        switch (anchor.kind) {
        case MessageAnchor::Kind::Newest: break;
        case MessageAnchor::Kind::Before: first = at - limit; break;
        case MessageAnchor::Kind::After: first = at + 1; break;
        case MessageAnchor::Kind::Around: first = at - limit / 2; break;
        }
        const qsizetype end = anchor.kind == MessageAnchor::Kind::Before ? at : std::min(all.size(), std::max<qsizetype>(first, 0) + limit);
        first = std::max<qsizetype>(first, 0);
        return {.items = all.mid(first, end - first), .hasMoreBefore = first > 0, .hasMoreAfter = end < all.size(), .seq = seq};
    }

    void answer()
    {
        for (const auto &[promise, page] : std::exchange(waiting, {})) {
            promise->addResult(page);
            promise->finish();
        }
    }

    QList<Message> all{};
    QList<MessageAnchor> asked{};
    QList<std::pair<std::shared_ptr<QPromise<Result<MessagePage>>>, MessagePage>> waiting{};
    qint64 seq = 10;
};

QList<Message> numbered(int count)
{
    QList<Message> rows;
    for (int i = 1; i <= count; ++i)
        rows << incoming(i, QString::number(i), kNow + 1min * i);
    return rows;
}

Conversation conversation(int id, Timestamp at)
{
    Conversation c;
    c.id = ConversationId(id);
    c.inboxId = InboxId(1);
    c.contact.id = ContactId(id);
    c.contact.name = u"Customer %1"_s.arg(id);
    c.lastActivityAt = at;
    return c;
}

QList<qint64> idsOf(const ConversationListModel &model)
{
    QList<qint64> ids;
    for (int row = 0; row < model.rowCount(); ++row)
        ids << model.at(row).id.value();
    return ids;
}

DeskEvent eventOf(const Message &message, qint64 seq, const QString &type = u"message.created"_s)
{
    return {.seq = seq, .type = type, .data = toJson(message)};
}

} // namespace

class ModelsTest : public QObject {
    Q_OBJECT

private slots:
    void pagesGrowAtBothEnds()
    {
        Desk desk{.all = numbered(500)};
        MessageListModel model(desk.fetch());
        model.open(ConversationId(1), MessageId(250));
        QVERIFY(model.isLoading());
        desk.answer();
        QTRY_COMPARE(model.count(), 60);
        QVERIFY(model.hasMoreBefore() && model.hasMoreAfter());
        QVERIFY(model.indexOf(MessageId(250)) >= 0);
        const quint64 key = model.row(0).key;
        QSignalSpy inserted(&model, &MessageListModel::inserted);
        model.fetchBefore();
        model.fetchBefore();                                            // one page at a time
        QCOMPARE(desk.waiting.size(), 1);
        desk.answer();
        QTRY_COMPARE(model.count(), 120);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(model.indexOfKey(key), 60);
        model.fetchAfter();
        desk.answer();
        QTRY_COMPARE(model.count(), 180);
        for (int row = 1; row < model.count(); ++row)
            QVERIFY(model.row(row - 1).message.id < model.row(row).message.id);
    }

    void aJumpLoadsAroundItsRow()
    {
        Desk desk{.all = numbered(500)};
        MessageListModel model(desk.fetch());
        model.open(ConversationId(1));
        desk.answer();
        QTRY_COMPARE(model.count(), 60);
        QSignalSpy ready(&model, &MessageListModel::jumpReady);
        model.jumpTo(MessageId(480));
        QCOMPARE(ready.size(), 1);
        model.jumpTo(MessageId(30));
        desk.answer();
        QTRY_COMPARE(ready.size(), 2);
        QVERIFY(model.indexOf(MessageId(30)) >= 0);
        QVERIFY(model.hasMoreAfter());
        model.applyMessage(incoming(900, u"newest"_s, kNow + 24h * 30));     // beyond the gap: it comes with its page
        QCOMPARE(model.indexOf(MessageId(900)), -1);
        model.applyMessage(incoming(901, u"late, inside"_s, kNow + 30min + 1s));
        QCOMPARE(model.indexOf(MessageId(901)), model.indexOf(MessageId(30)) + 1);
    }

    void eventsYoungerThanThePageWin()
    {
        Desk desk{.all = numbered(5)};
        MessageListModel model(desk.fetch());
        model.open(ConversationId(1));
        Message edited = desk.all.last();
        edited.content = u"edited"_s;
        model.applyEvent(eventOf(edited, 11, u"message.updated"_s));         // before the answer's continuation has run
        model.applyEvent(eventOf(incoming(6, u"new"_s, kNow + 6min), 12));
        Message old = desk.all.first();
        old.content = u"older than the page"_s;
        model.applyEvent(eventOf(old, 9, u"message.updated"_s));
        desk.answer();
        QTRY_COMPARE(model.count(), 6);
        QCOMPARE(model.row(4).message.content, u"edited"_s);
        QCOMPARE(model.row(0).message.content, u"1"_s);
    }

    void otherConversationsAreIgnored()
    {
        Desk desk{.all = numbered(3)};
        MessageListModel model(desk.fetch());
        model.open(ConversationId(1));
        desk.answer();
        QTRY_COMPARE(model.count(), 3);
        Message other = incoming(9, u"x"_s);
        other.conversationId = ConversationId(2);
        model.applyEvent(eventOf(other, 20));
        QCOMPARE(model.count(), 3);
        model.open(ConversationId(2));
        model.open(ConversationId(1));
        desk.answer();                                                       // the first answer is of an older question
        QTRY_VERIFY(!model.isLoading());
        QCOMPARE(model.count(), 3);
    }

    void ofOneTimeTheOrderIsThatOfArrival()
    {
        MessageListModel model{MessageListModel::Fetch()};
        model.setPage(ConversationId(1), {.items = {incoming(5, u"a"_s), incoming(9, u"c"_s)}});
        model.applyMessage(incoming(7, u"b"_s));
        QCOMPARE(model.indexOf(MessageId(7)), 1);
    }

    void optimisticRowsAreReplacedFailedAndMoved()
    {
        MessageListModel model{MessageListModel::Fetch()};
        model.setPage(ConversationId(1), {.items = numbered(3)});
        Message mine = outgoing(1, u"mine"_s, kNow, MessageStatus::Queued);
        mine.id = {};
        mine.clientId = u"c1"_s;
        model.addOptimistic(mine);
        model.addOptimistic(mine);
        QCOMPARE(model.count(), 4);
        model.applyMessage(incoming(4, u"while sending"_s, kNow + 5min));     // what isn't stored stays last
        QCOMPARE(model.indexOf(MessageId(4)), 3);
        model.failOptimistic(u"c1"_s, {Error::Kind::Network, u"cut"_s});
        QCOMPARE(model.row(4).message.status, MessageStatus::Failed);
        QCOMPARE(model.row(4).message.externalError->code, u"network"_s);
        const quint64 key = model.row(4).key;
        Message stored = mine;
        stored.id = MessageId(50);
        stored.createdAt = kNow + 6min;
        model.applyMessage(stored);
        QCOMPARE(model.row(4).key, key);
        QCOMPARE(model.row(4).message.id, MessageId(50));
        QCOMPARE(model.count(), 5);
    }

    void writingFarFromTheEndGoesToTheNewest()
    {
        Desk desk{.all = numbered(500)};
        MessageListModel model(desk.fetch());
        model.open(ConversationId(1), MessageId(100));
        desk.answer();
        QTRY_VERIFY(model.hasMoreAfter());
        Message mine = outgoing(1, u"mine"_s, kNow, MessageStatus::Queued);
        mine.id = {};
        mine.clientId = u"c1"_s;
        model.addOptimistic(mine);
        desk.answer();
        QTRY_VERIFY(!model.hasMoreAfter());
        QCOMPARE(model.row(model.count() - 1).message.clientId, u"c1"_s);
        QCOMPARE(model.row(model.count() - 2).message.id, MessageId(500));
    }

    void aFailedPageIsTold()
    {
        MessageListModel model([](ConversationId, const MessageAnchor &, int) {
            return readyFuture(Result<MessagePage>(Error{Error::Kind::Unavailable, u"away"_s}));
        });
        model.open(ConversationId(1));
        QTRY_VERIFY(!model.isLoading());
        QCOMPARE(model.error()->kind, Error::Kind::Unavailable);
        QCOMPARE(model.count(), 0);
    }

    void aReloadKeepsTheKeys()
    {
        MessageListModel model{MessageListModel::Fetch()};
        model.setPage(ConversationId(1), {.items = numbered(3)});
        const quint64 key = model.row(1).key;
        model.setPage(ConversationId(1), {.items = numbered(6)});
        QCOMPARE(model.row(1).key, key);
    }

    void cardsMoveButNotUnderThePointer()
    {
        QList<Conversation> items;
        for (int i = 1; i <= 4; ++i)
            items << conversation(i, kNow - 1min * i);
        ConversationListModel model([&items](const ConversationFilter &, ConversationSort, const QString &, int) {
            return readyFuture(Result<ConversationPage>(ConversationPage{.items = items}));
        }, m_clock);
        model.setFilter({}, ConversationSort::LastActivity, AgentId(3));
        QTRY_COMPARE(model.rowCount(), 4);
        QSignalSpy moved(&model, &QAbstractItemModel::rowsMoved);
        model.applyConversation(conversation(3, kNow + 1min));
        QTRY_COMPARE(idsOf(model), (QList<qint64>{3, 1, 2, 4}));
        QCOMPARE(moved.size(), 1);
        model.setPointerOver(true);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        Conversation renamed = conversation(4, kNow + 2min);
        renamed.contact.name = u"New name"_s;
        model.applyConversation(renamed);
        model.applyConversation(conversation(9, kNow + 3min));
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(idsOf(model), (QList<qint64>{3, 1, 2, 4}));
        QCOMPARE(model.at(3).contact.name, u"New name"_s);
        model.setPointerOver(false);
        QTRY_COMPARE(idsOf(model), (QList<qint64>{9, 4, 3, 1, 2}));
        for (int row = 0; row < model.rowCount(); ++row)
            QCOMPARE(model.rowOf(model.at(row).id), row);
    }

    void aBurstIsOneFrame()
    {
        ConversationListModel model([](const ConversationFilter &, ConversationSort, const QString &, int) {
            return readyFuture(Result<ConversationPage>(ConversationPage{.items = {conversation(1, kNow)}}));
        }, m_clock);
        model.setFilter({}, ConversationSort::LastActivity, {});
        QTRY_COMPARE(model.rowCount(), 1);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        for (int i = 0; i < 100; ++i)
            model.applyConversation(conversation(1, kNow + 1s * i));
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(model.at(0).lastActivityAt, kNow + 99s);
    }

    void filtersHoldForLiveChanges()
    {
        ConversationListModel model([](const ConversationFilter &, ConversationSort, const QString &, int) {
            return readyFuture(Result<ConversationPage>(ConversationPage{}));
        }, m_clock);
        model.setFilter({.statuses = {Conversation::Status::Open}, .assignee = ConversationFilter::Assignee::Me}, ConversationSort::LastActivity, AgentId(3));
        QTRY_VERIFY(model.isComplete());
        Conversation mine = conversation(1, kNow);
        mine.assigneeId = AgentId(3);
        model.applyConversation(mine);
        model.applyConversation(conversation(2, kNow));
        QTRY_COMPARE(idsOf(model), (QList<qint64>{1}));
        mine.status = Conversation::Status::Resolved;
        model.applyConversation(mine);
        QTRY_COMPARE(model.rowCount(), 0);
    }

    void cardsBeyondTheLoadedPageStayOut()
    {
        ConversationListModel model([](const ConversationFilter &, ConversationSort, const QString &cursor, int) {
            return readyFuture(Result<ConversationPage>(cursor.isEmpty() ? ConversationPage{.items = {conversation(1, kNow)}, .nextCursor = u"n"_s}
                                                                         : ConversationPage{.items = {conversation(1, kNow), conversation(2, kNow - 1h)}}));
        }, m_clock);
        model.setFilter({}, ConversationSort::LastActivity, {});
        QTRY_COMPARE(model.rowCount(), 1);
        model.applyConversation(conversation(7, kNow - 24h));
        model.applyConversation(conversation(8, kNow + 1s));
        QTRY_COMPARE(idsOf(model), (QList<qint64>{8, 1}));
        QVERIFY(model.canFetchMore({}));
        model.fetchMore({});
        QTRY_COMPARE(idsOf(model), (QList<qint64>{8, 1, 2}));
        QVERIFY(model.isComplete());
    }

    void whoHasToBeAnsweredSoonStandsFirstAsWhenTheListWasRead()
    {
        const auto closing = [](int id, std::chrono::minutes in) {
            Conversation c = conversation(id, kNow - 1min * id);
            c.waitingSince = kNow - 1h;
            c.replyWindow = ReplyWindow{.isOpen = true, .closesAt = kNow + in};
            return c;
        };
        FakeClock clock(kNow);
        ConversationListModel model([&](const ConversationFilter &, ConversationSort, const QString &, int) {
            return readyFuture(Result<ConversationPage>(ConversationPage{.items = {closing(3, 90min), closing(1, 121min), conversation(2, kNow - 2min)}}));
        }, clock);
        model.setFilter({}, ConversationSort::AnswerFirst, {});
        QTRY_COMPARE(idsOf(model), (QList<qint64>{3, 1, 2}));
        clock.advance(10min);
        model.applyConversation(closing(4, 30min));
        model.applyConversation(closing(5, 125min));       // within two hours by now, not when the list was read
        QTRY_COMPARE(idsOf(model), (QList<qint64>{4, 3, 1, 2, 5}));
    }

    void inboxesStandByName()
    {
        InboxModel model;
        model.setInboxes({{.id = InboxId(1), .name = u"b"_s}, {.id = InboxId(2), .name = u"a"_s}});
        QCOMPARE(model.at(0).id, InboxId(2));
        model.applyEvent({.seq = 1, .type = u"inbox.created"_s, .data = toJson(Inbox{.id = InboxId(3), .name = u"aa"_s})});
        QCOMPARE(model.at(1).id, InboxId(3));
        model.applyEvent({.seq = 2, .type = u"inbox.updated"_s, .data = toJson(Inbox{.id = InboxId(3), .name = u"z"_s})});
        QCOMPARE(model.at(2).id, InboxId(3));
        model.applyEvent({.seq = 3, .type = u"inbox.deleted"_s, .data = {{u"id"_s, u"2"_s}}});
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(!model.find(InboxId(2)));
        QCOMPARE(shownChannel({.channel = Channel::Twilio, .settings = {{u"medium"_s, u"whatsapp"_s}}}), Channel::Whatsapp);
        QCOMPARE(shownChannel({.channel = Channel::Twilio, .settings = {{u"medium"_s, u"sms"_s}}}), Channel::Twilio);
    }

    void draftsAreSavedAfterAPauseAndAgainAfterAFailure()
    {
        QList<Draft> saved;
        bool fails = true;
        DraftStore store([&](const Draft &draft) {
            saved << draft;
            return readyFuture(fails ? Result<void>(Error{Error::Kind::Network, u"cut"_s}) : Result<void>());
        });
        store.setDraft(ConversationId(1), false, u"H"_s);
        store.setDraft(ConversationId(1), false, u"Hello"_s);
        store.setDraft(ConversationId(1), true, u"note"_s);
        QVERIFY(saved.isEmpty());
        QTRY_COMPARE(saved.size(), 2);
        QTRY_VERIFY(!store.isSaved());
        store.setDrafts({{.conversationId = ConversationId(1), .content = u"older"_s}, {.conversationId = ConversationId(2), .content = u"other"_s}});
        QCOMPARE(store.draft(ConversationId(1), false), u"Hello"_s);
        QVERIFY(store.hasReplyDraft(ConversationId(2)));
        fails = false;
        store.flush();
        QCOMPARE(saved.size(), 4);
        QTRY_VERIFY(store.isSaved());
    }

    void picturesAreKnownByTheirBytes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("png") << picture(40, 30) << true;
        QTest::newRow("cut short") << picture(40, 30).left(60) << false;
        QTest::newRow("svg") << QByteArray("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>") << false;
        QTest::newRow("html") << QByteArray("<html><img src=x></html>") << false;
        QTest::newRow("tiff") << QByteArray("II*\0\x08\0\0\0", 8) << false;
        QTest::newRow("empty") << QByteArray() << false;
        // A header that announces 30,000 x 30,000 one-bit pixels: refused before a pixel is read.
        QByteArray bomb = picture(40, 30);
        bomb.replace(16, 8, QByteArray::fromHex("0000753000007530"));
        QTest::newRow("bomb") << bomb << false;
    }

    void picturesAreKnownByTheirBytes()
    {
        QFETCH(QByteArray, bytes);
        const Result<QImage> image = decodeImage(bytes, {20, 20});
        QTEST(bool(image), "accepted");
        if (image)
            QCOMPARE(image->size(), QSize(20, 15));
    }

    void picturesComeOnceAndFailuresAreTriedAgain()
    {
        int asked = 0;
        bool fails = true;
        ImageCache cache([&](const QString &, qint64) {
            ++asked;
            return readyFuture(fails ? Result<QByteArray>(Error{Error::Kind::Network, u"cut"_s}) : Result<QByteArray>(picture(64, 48)));
        });
        const QSize bound(32, 32);
        QSignalSpy failedSpy(&cache, &ImageCache::failed);
        QSignalSpy ready(&cache, &ImageCache::ready);
        QVERIFY(cache.image(u"/a"_s, bound).isNull());
        QTRY_COMPARE(failedSpy.size(), 1);
        QVERIFY(cache.image(u"/a"_s, bound).isNull());
        QCOMPARE(asked, 1);
        fails = false;
        cache.retry(u"/a"_s, bound);
        QTRY_COMPARE(ready.size(), 1);
        QCOMPARE(cache.image(u"/a"_s, bound).size(), QSize(32, 24));
        QCOMPARE(asked, 2);
        QCOMPARE(cache.state(u"/a"_s, bound), ImageCache::State::Ready);
    }

private:
    FakeClock m_clock{kNow};
};

ANTIPHON_TEST(ModelsTest)

} // namespace antiphon::test

#include "tst_models.moc"
