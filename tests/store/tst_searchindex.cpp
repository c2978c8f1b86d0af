#include "core/store/searchindex.h"
#include "core/store/searchtext.h"
#include "tests/support/queryplan.h"
#include "tests/support/testmain.h"

#include <QAtomicInt>
#include <QDir>
#include <QFile>
#include <QMap>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

using Kind = SearchIndex::Kind;

/// A workspace with two inboxes, a customer in each, and an index over it.
class Desk {
public:
    Desk()
    {
        store.run(u"INSERT INTO inbox (id, channel, name, external_id, state, delivery, created_at) VALUES (1, 'tiktok', 'One', 'a', 'active', 'webhook', 1),"
                  " (2, 'line', 'Two', 'b', 'active', 'webhook', 1);"
                  "INSERT INTO contact (id, name, phone_number, email, created_at) VALUES (11, 'José García', '+49 151 234567', 'jose@example.com', 5),"
                  " (12, '田中 太郎', NULL, NULL, 6);"
                  "INSERT INTO contact_inbox (id, inbox_id, contact_id, source_id, created_at) VALUES (21, 1, 11, 's1', 1), (22, 2, 12, 's2', 1);"
                  "INSERT INTO conversation (id, inbox_id, contact_id, contact_inbox_id, status, last_activity_at, created_at)"
                  " VALUES (31, 1, 11, 21, 'open', 1, 7), (32, 2, 12, 22, 'open', 1, 8)"_s);
        open();
    }
    void open() { index = SearchIndex::open(file(), store.path()); }
    QString file() const { return store.folder() + u"/search.db"_s; }

    qint64 say(const QString &text, qint64 at = 1000, bool tell = true, int inbox = 1)
    {
        const auto id = store.write<qint64>([=](WriteTransaction &tx) -> Result<qint64> {
            Query q = tx.query(u"INSERT INTO message (conversation_id, inbox_id, direction, content, sender_type, created_at, received_at, updated_at)"
                               " VALUES (:conversation, :inbox, 'incoming', :content, 'contact', :at, :at, :at)"_s);
            q.bind(":conversation"_L1, 30 + inbox).bind(":inbox"_L1, inbox).bind(":content"_L1, text).bind(":at"_L1, at);
            if (auto done = q.exec(); !done)
                return done.error();
            if (tell)
                tx.changed(u"message.created"_s, q.lastInsertId(), InboxId(inbox));
            return q.lastInsertId();
        });
        if (tell)
            index->changesArrived();
        return id ? *id : 0;
    }
    void change(const QString &sql, const QString &type, qint64 id)
    {
        const auto done = store.write<void>([=](WriteTransaction &tx) {
            tx.changed(type, id);
            return tx.script(sql.toUtf8());
        });
        QVERIFY(done);
        index->changesArrived();
    }
    SearchIndex::Page ask(const SearchIndex::Question &question)
    {
        const auto page = TemporaryStore::take(index->search(question));
        if (!page)
            QTest::qFail(qPrintable(describe(page.error())), __FILE__, __LINE__);
        return page ? *page : SearchIndex::Page();
    }
    /// Waits until the index has everything.
    void catchUp()
    {
        const bool isDone = TemporaryStore::waitFor([this] {
            const SearchIndex::Page page = ask({});
            return page.isComplete && page.indexedSeq == page.newestSeq;
        });
        QVERIFY(isDone);
    }
    QList<qint64> messages(const QString &text)
    {
        QList<qint64> ids;
        for (const SearchIndex::Hit &hit : ask({.text = text, .kinds = {Kind::Message}}).hits)
            ids.append(hit.id);
        return ids;
    }

    TemporaryStore store;
    std::unique_ptr<SearchIndex> index;
};

} // namespace

class SearchIndexTest : public QObject {
    Q_OBJECT

    static inline QAtomicInt *s_lines = nullptr;          // counted by the message handler
    static inline QtMessageHandler s_before = nullptr;

private slots:
    void aFileThatCantBeWrittenIsLeftAloneForAWhile()
    {
        Desk desk;
        desk.catchUp();
        desk.index.reset();
        QVERIFY(QFile::remove(desk.file()));
        QVERIFY(QDir().mkdir(desk.file()));                   // not to be opened, nor removed as a file
        QAtomicInt lines;
        s_lines = &lines;
        s_before = qInstallMessageHandler([](QtMsgType type, const QMessageLogContext &context, const QString &text) {
            if (text.contains(u"search index"_s))
                s_lines->ref();
            else
                s_before(type, context, text);
        });
        desk.open();
        for (int i = 0; i < 200; ++i)
            desk.say(u"Word %1"_s.arg(i), 1000 + i);
        QVERIFY(QTest::qWaitFor([&] { return lines.loadRelaxed() > 0; }, 10'000));
        QTest::qWait(600);
        QVERIFY2(lines.loadRelaxed() <= 12, qPrintable(QString::number(lines.loadRelaxed())));
        QVERIFY(QDir().rmdir(desk.file()));
        desk.catchUp();
        qInstallMessageHandler(s_before);
        QCOMPARE(desk.ask({.text = u"Word 77"_s}).hits.size(), 1);
    }

    void findsWordsOfEveryScript_data();
    void findsWordsOfEveryScript();
    void whatIsTypedIsNeverSyntax_data();
    void whatIsTypedIsNeverSyntax();
    void newestFirstPageByPage();
    void deletedMessagesLeave();
    void editedMessagesAreFoundByTheirNewText();
    void attachmentsAreFoundByName();
    void contactsAndTheirConversationsAreFound();
    void onlySeenInboxesAreSearched();
    void aDeletedInboxLeaves();
    void saysHowFarItIs();
    void aMissingFileIsBuiltAnew();
    void aDamagedFileIsBuiltAnew();
    void lostChangesMeanBuildingAnew();
    void aWrongCursorIsInvalid();
    void snippets_data();
    void snippets();
    void theStatementsOnTheDatabaseScanNothing();
};

void SearchIndexTest::findsWordsOfEveryScript_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("found");
    QTest::newRow("word") << u"Where is my order?"_s << u"order"_s << true;
    QTest::newRow("case") << u"Where is my ORDER?"_s << u"oRder"_s << true;
    QTest::newRow("beginning") << u"Where is my order?"_s << u"where or"_s << true;
    QTest::newRow("only the last may be a beginning") << u"Where is my order?"_s << u"wh order"_s << false;
    QTest::newRow("not the middle") << u"Where is my order?"_s << u"rder"_s << false;
    QTest::newRow("all words") << u"Where is my order?"_s << u"order lost"_s << false;
    QTest::newRow("accents typed without") << u"Café crème, s'il vous plaît"_s << u"cafe creme"_s << true;
    QTest::newRow("accents typed") << u"un cafe"_s << u"café"_s << true;
    QTest::newRow("decomposed") << u"Cafe\u0301"_s << u"café"_s << true;
    QTest::newRow("sharp s") << u"Straße 5"_s << u"strasse"_s << true;
    QTest::newRow("turkish") << u"İstanbul'a"_s << u"istanbul"_s << true;
    QTest::newRow("cyrillic") << u"Где мой заказ"_s << u"ЗАКАЗ"_s << true;
    QTest::newRow("greek") << u"Πού είναι"_s << u"που"_s << true;
    QTest::newRow("arabic") << u"أين طلبي الجديد"_s << u"طلبي"_s << true;
    QTest::newRow("hebrew") << u"איפה ההזמנה שלי"_s << u"ההזמנה"_s << true;
    QTest::newRow("hindi") << u"मेरा ऑर्डर कहाँ है"_s << u"मेरा"_s << true;
    QTest::newRow("chinese, one character") << u"我的订单在哪里"_s << u"单"_s << true;
    QTest::newRow("chinese, two characters") << u"我的订单在哪里"_s << u"订单"_s << true;
    QTest::newRow("chinese, last character") << u"我的订单在哪里"_s << u"里"_s << true;
    QTest::newRow("chinese, four characters") << u"我的订单在哪里"_s << u"订单在哪"_s << true;
    QTest::newRow("chinese, other order") << u"我的订单在哪里"_s << u"单订"_s << false;
    QTest::newRow("chinese, two words") << u"我的订单在哪里"_s << u"哪里 订单"_s << true;
    QTest::newRow("japanese") << u"カレーライスを注文しました"_s << u"ライス"_s << true;
    QTest::newRow("japanese, half width") << u"ｶﾚｰを注文"_s << u"カレー"_s << true;
    QTest::newRow("full width latin") << u"ＡＢＣ123"_s << u"abc123"_s << true;
    QTest::newRow("korean, inside a word") << u"주문하신상품은"_s << u"상품"_s << true;
    QTest::newRow("thai, inside a run") << u"ขอบคุณมากครับ"_s << u"มาก"_s << true;
    QTest::newRow("thai, with tones") << u"ไม่ได้รับสินค้า"_s << u"สินค้า"_s << true;
    QTest::newRow("latin against chinese") << u"我的iPhone坏了"_s << u"iphone"_s << true;
    QTest::newRow("chinese against latin") << u"我的iPhone坏了"_s << u"坏了"_s << true;
    QTest::newRow("beyond the BMP") << u"𠮷野家で食べた"_s << u"𠮷野"_s << true;
    QTest::newRow("number") << u"Bestellung 2024-00123"_s << u"00123"_s << true;
    QTest::newRow("address") << u"write to jane.doe@example.com"_s << u"jane.doe@example.com"_s << true;
}

void SearchIndexTest::findsWordsOfEveryScript()
{
    QFETCH(QString, text);
    QFETCH(QString, typed);
    QFETCH(bool, found);
    Desk desk;
    const qint64 id = desk.say(text);
    desk.say(u"etwas ganz anderes"_s);
    desk.catchUp();
    QCOMPARE(desk.messages(typed), found ? QList<qint64>{id} : QList<qint64>());
}

void SearchIndexTest::whatIsTypedIsNeverSyntax_data()
{
    QTest::addColumn<QString>("typed");
    for (const QString &typed : {u"\""_s, u"*"_s, u"a*"_s, u"NEAR(order lost, 2)"_s, u"order AND"_s, u"OR"_s, u"NOT order"_s, u"words:order"_s, u"-order"_s, u"^order"_s,
                                 u"(order"_s, u"order\" OR \"lost"_s, u"'; DROP TABLE message_fts; --"_s, u"{words}:x"_s, u"a + b"_s, u"\\"_s, u"%_"_s,
                                 u":match"_s, u"a"_s + QChar(0) + u"b"_s, QString(1, QChar(0xD800)), QString(10'000, u'x'), u"a "_s.repeated(500), u"日\""_s, u"\u0301\u0301"_s, QString()})
        QTest::newRow(qPrintable(typed.left(30).toHtmlEscaped() + u"."_s + QString::number(typed.size()))) << typed;
}

void SearchIndexTest::whatIsTypedIsNeverSyntax()
{
    QFETCH(QString, typed);
    Desk desk;
    const qint64 id = desk.say(u"my order came"_s);
    desk.catchUp();
    const auto page = TemporaryStore::take(desk.index->search({.text = typed}));
    QVERIFY2(page, page ? "" : qPrintable(describe(page.error())));
    QCOMPARE(desk.messages(u"order"_s), QList<qint64>{id});
    if (typed == u"-order"_s || typed == u"^order"_s || typed == u"(order"_s)
        QCOMPARE(desk.messages(typed), QList<qint64>{id});     // the word alone
    if (typed == u"order AND"_s || typed == u"NOT order"_s || typed.contains(u"OR \""_s))
        QCOMPARE(desk.messages(typed), QList<qint64>());       // a word like any other
}

void SearchIndexTest::newestFirstPageByPage()
{
    Desk desk;
    QMap<int, qint64> byTime;
    for (int i = 0; i < 25; ++i)
        byTime.insert((i * 7) % 25, desk.say(u"page %1"_s.arg(i), 1000 + (i * 7) % 25));   // the platform's times are not the order of arrival
    QList<qint64> expected = byTime.values();
    std::reverse(expected.begin(), expected.end());
    desk.catchUp();
    QList<qint64> seen;
    QString cursor;
    int pages = 0;
    do {
        const SearchIndex::Page page = desk.ask({.text = u"page"_s, .kinds = {Kind::Message}, .cursor = cursor, .limit = 10});
        for (const SearchIndex::Hit &hit : page.hits)
            seen.append(hit.id);
        cursor = page.nextCursor;
        QVERIFY(++pages < 10);
    } while (!cursor.isEmpty());
    QCOMPARE(seen, expected);
}

void SearchIndexTest::deletedMessagesLeave()
{
    Desk desk;
    const qint64 kept = desk.say(u"secret one"_s);
    const qint64 gone = desk.say(u"secret two"_s);
    desk.catchUp();
    QCOMPARE(desk.messages(u"secret"_s), (QList<qint64>{gone, kept}));
    desk.store.run(u"UPDATE message SET deleted = TRUE WHERE id = %1"_s.arg(gone));
    QCOMPARE(desk.messages(u"secret"_s), (QList<qint64>{kept}));               // although the index knows nothing of it yet
    desk.change(u"UPDATE message SET content = NULL WHERE id = %1"_s.arg(gone), u"message.updated"_s, gone);
    desk.catchUp();
    desk.store.run(u"UPDATE message SET deleted = FALSE WHERE id = %1"_s.arg(gone));
    QCOMPARE(desk.messages(u"secret"_s), (QList<qint64>{kept}));               // now the index itself has lost it
}

void SearchIndexTest::editedMessagesAreFoundByTheirNewText()
{
    Desk desk;
    const qint64 id = desk.say(u"first words"_s);
    desk.catchUp();
    desk.change(u"UPDATE message SET content = 'second thoughts', created_at = 2000 WHERE id = %1"_s.arg(id), u"message.updated"_s, id);
    desk.catchUp();
    QCOMPARE(desk.messages(u"first"_s), QList<qint64>());
    QCOMPARE(desk.messages(u"second"_s), QList<qint64>{id});
}

void SearchIndexTest::attachmentsAreFoundByName()
{
    Desk desk;
    const qint64 id = desk.say(u""_s, 1000, false);
    desk.change(u"INSERT INTO attachment (message_id, kind, name, state, created_at) VALUES (%1, 'file', 'Rechnung-2024.pdf', 'ready', 1)"_s.arg(id),
                u"message.created"_s, id);
    desk.catchUp();
    const SearchIndex::Page page = desk.ask({.text = u"rechnung"_s});
    QCOMPARE(page.hits.size(), 1);
    QVERIFY(page.hits.first().snippet.contains(u"Rechnung-2024.pdf"_s));
}

void SearchIndexTest::contactsAndTheirConversationsAreFound()
{
    Desk desk;
    const qint64 said = desk.say(u"Ask for Garcia"_s);
    desk.catchUp();
    const SearchIndex::Page page = desk.ask({.text = u"garcia"_s});
    QCOMPARE(page.hits.size(), 3);
    QCOMPARE(page.hits.at(0).kind, Kind::Contact);
    QCOMPARE(page.hits.at(0).id, 11);
    QCOMPARE(page.hits.at(0).snippet, u"José García"_s);
    QCOMPARE(toUnixMs(page.hits.at(0).createdAt), 5);
    QCOMPARE(page.hits.at(1).kind, Kind::Conversation);
    QCOMPARE(page.hits.at(1).conversationId, ConversationId(31));
    QCOMPARE(page.hits.at(2).kind, Kind::Message);
    QCOMPARE(page.hits.at(2).id, said);
    QCOMPARE(page.hits.at(2).conversationId, ConversationId(31));

    QList<Kind> paged;                                                        // the same, one a page
    QString cursor;
    do {
        const SearchIndex::Page one = desk.ask({.text = u"garcia"_s, .cursor = cursor, .limit = 1});
        for (const SearchIndex::Hit &hit : one.hits)
            paged.append(hit.kind);
        cursor = one.nextCursor;
    } while (!cursor.isEmpty() && paged.size() < 9);
    QCOMPARE(paged, (QList<Kind>{Kind::Contact, Kind::Conversation, Kind::Message}));

    QCOMPARE(desk.ask({.text = u"太郎"_s, .kinds = {Kind::Contact}}).hits.size(), 1);
    QCOMPARE(desk.ask({.text = u"151 2345"_s, .kinds = {Kind::Contact}}).hits.size(), 1);
    desk.change(u"UPDATE contact SET name = 'Renamed' WHERE id = 11"_s, u"contact.updated"_s, 11);
    desk.catchUp();
    QCOMPARE(desk.ask({.text = u"garcia"_s, .kinds = {Kind::Contact, Kind::Conversation}}).hits.size(), 0);
    QCOMPARE(desk.ask({.text = u"renamed"_s, .kinds = {Kind::Contact, Kind::Conversation}}).hits.size(), 2);
}

void SearchIndexTest::onlySeenInboxesAreSearched()
{
    Desk desk;
    const qint64 one = desk.say(u"hello from one"_s, 1000, true, 1);
    const qint64 two = desk.say(u"hello from two"_s, 1001, true, 2);
    desk.catchUp();
    QCOMPARE(desk.messages(u"hello"_s), (QList<qint64>{two, one}));
    const auto seen = desk.ask({.text = u"hello"_s, .inboxes = QList<InboxId>{InboxId(1)}});
    QCOMPARE(seen.hits.size(), 1);
    QCOMPARE(seen.hits.first().id, one);
    QCOMPARE(desk.ask({.text = u"hello"_s, .inboxes = QList<InboxId>{}}).hits.size(), 0);
    QCOMPARE(desk.ask({.text = u"garcia"_s, .inboxes = QList<InboxId>{InboxId(2)}}).hits.size(), 0);
    QCOMPARE(desk.ask({.text = u"garcia"_s, .inboxes = QList<InboxId>{InboxId(1)}}).hits.size(), 2);
}

void SearchIndexTest::aDeletedInboxLeaves()
{
    Desk desk;
    for (int i = 0; i < 5; ++i)
        desk.say(u"of the second"_s, 1000, true, 2);
    const qint64 kept = desk.say(u"of the first"_s);
    desk.catchUp();
    desk.change(u"SELECT 1"_s, u"inbox.deleted"_s, 2);
    desk.catchUp();
    QCOMPARE(desk.messages(u"of the"_s), QList<qint64>{kept});                // although the rows are still there
    QCOMPARE(desk.ask({.text = u"太郎"_s, .kinds = {Kind::Conversation}}).hits.size(), 0);
}

void SearchIndexTest::saysHowFarItIs()
{
    Desk desk;
    desk.index.reset();
    for (int i = 0; i < 2500; ++i)
        desk.say(u"older %1"_s.arg(i), 1000 + i, false);
    QFile::remove(desk.file());
    desk.open();
    bool wasIncomplete = false;
    const bool isDone = TemporaryStore::waitFor([&] {
        const SearchIndex::Page page = desk.ask({.text = u"older"_s});
        wasIncomplete = wasIncomplete || !page.isComplete;
        return page.isComplete;
    });
    QVERIFY(isDone);
    QVERIFY(wasIncomplete);
    QCOMPARE(desk.messages(u"older 77"_s).size(), 11);
    QCOMPARE(desk.messages(u"older 2499"_s).size(), 1);
    QCOMPARE(desk.messages(u"older 0"_s).size(), 1);
}

void SearchIndexTest::aMissingFileIsBuiltAnew()
{
    Desk desk;
    const qint64 first = desk.say(u"kept forever"_s);
    desk.catchUp();
    desk.index.reset();
    const qint64 second = desk.say(u"kept while closed"_s, 2000, false);
    for (const QString &end : {QString(), u"-wal"_s, u"-shm"_s})
        QFile::remove(desk.file() + end);
    desk.open();
    desk.catchUp();
    QCOMPARE(desk.messages(u"kept"_s), (QList<qint64>{second, first}));
    QVERIFY(!(QFile::permissions(desk.file()) & (QFile::ReadGroup | QFile::ReadOther)));
}

void SearchIndexTest::aDamagedFileIsBuiltAnew()
{
    Desk desk;
    const qint64 id = desk.say(u"kept"_s);
    desk.catchUp();
    desk.index.reset();
    {
        QFile file(desk.file());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(20'000, 'x'));
    }
    desk.open();
    desk.catchUp();
    QCOMPARE(desk.messages(u"kept"_s), QList<qint64>{id});
}

void SearchIndexTest::lostChangesMeanBuildingAnew()
{
    Desk desk;
    const qint64 first = desk.say(u"kept one"_s);
    desk.catchUp();
    desk.index.reset();
    const auto told = desk.store.write<qint64>([](WriteTransaction &tx) -> Result<qint64> {
        tx.changed(u"message.created"_s, 2);
        return 1;
    });
    QVERIFY(told);
    const qint64 second = desk.say(u"kept two"_s, 2000, false);
    desk.store.run(u"DELETE FROM change"_s);
    desk.open();
    desk.catchUp();
    QCOMPARE(desk.messages(u"kept"_s), (QList<qint64>{second, first}));
}

void SearchIndexTest::aWrongCursorIsInvalid()
{
    Desk desk;
    for (const QString &cursor : {u"x1"_s, u"m"_s, u"m1;"_s, u"-"_s, u"m-5"_s}) {
        const auto page = TemporaryStore::take(desk.index->search({.text = u"a"_s, .cursor = cursor}));
        QVERIFY(!page);
        QCOMPARE(page.error().kind, Error::Kind::Invalid);
        QCOMPARE(page.error().field, u"cursor"_s);
    }
    QCOMPARE(TemporaryStore::take(desk.index->search({.limit = 0})).error().field, u"limit"_s);
    QCOMPARE(TemporaryStore::take(desk.index->search({.limit = 201})).error().field, u"limit"_s);
}

void SearchIndexTest::snippets_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("snippet");
    const QString before = u"word "_s.repeated(40);
    QTest::newRow("short") << u"my <b>order</b>\nis here"_s << u"order"_s << u"my <b>order</b> is here"_s;
    QTest::newRow("around the word") << before + u"needle"_s << u"needle"_s << u"…"_s + u"word "_s.repeated(7) + u"needle"_s;
    QTest::newRow("accents") << before + u"crème"_s << u"creme"_s << u"…"_s + u"word "_s.repeated(7) + u"crème"_s;
    QTest::newRow("cut behind") << u"start "_s + before << u"start"_s << (u"start "_s + before).left(161).trimmed() + u"…"_s;
    QTest::newRow("not in it") << u"nothing"_s << u"else"_s << u"nothing"_s;
    QTest::newRow("empty") << QString() << u"x"_s << QString();
}

void SearchIndexTest::snippets()
{
    QFETCH(QString, text);
    QFETCH(QString, typed);
    QTEST(searchtext::snippet(text, typed), "snippet");
}

void SearchIndexTest::theStatementsOnTheDatabaseScanNothing()
{
    TemporaryStore store;
    const QString names = u"(SELECT group_concat(a.name, ' ') FROM attachment a WHERE a.message_id = message.id)"_s;
    expectNoScan(store, u"SELECT seq, type, entity, entity_id FROM change WHERE seq > :seq ORDER BY seq LIMIT :limit"_s);
    expectNoScan(store, u"SELECT id, content, %1 FROM message WHERE id < :below AND NOT deleted AND direction <> 'activity' ORDER BY id DESC LIMIT :limit"_s.arg(names));
    expectNoScan(store, u"SELECT conversation_id, content, created_at, %1 FROM message WHERE id = :id AND NOT deleted"_s.arg(names));
    expectNoScan(store, u"SELECT coalesce((SELECT min(seq) FROM change), 0), (SELECT applied_at FROM schema_migration WHERE version = 1)"_s);
    expectNoScan(store, u"SELECT id, name FROM contact WHERE id < :below ORDER BY id DESC LIMIT :limit"_s);
}

ANTIPHON_TEST(SearchIndexTest)
#include "tst_searchindex.moc"
