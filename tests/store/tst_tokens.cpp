#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/inboxdeletion.h"
#include "core/store/inboxrepository.h"
#include "core/store/messagequeries.h"
#include "core/store/messagerepository.h"
#include "core/store/replytokenrepository.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds kYoung = std::chrono::seconds(50);

/// A store with one thread and one message in it.
class Shop {
public:
    Shop()
    {
        const auto made = store.write<void>([this](WriteTransaction &tx) -> Result<void> {
            inbox = *inboxes::insert(tx, {.name = u"shop"_s, .externalId = u"biz"_s});
            const auto contact = contacts::insertContact(tx, u"Ana"_s, {});
            thread = **contacts::insertContactInbox(tx, inbox, *contact, u"ana"_s, {});
            conversation = **conversations::insert(tx, inbox, *contact, thread, tx.now(), {});
            message = **messages::insert(tx, {.conversationId = conversation, .inboxId = inbox, .content = u"hello"_s, .sourceId = u"m1"_s,
                                              .tokens = {{u"quote"_s, u"q-1"_s}}, .groupId = u"album"_s, .editedAt = tx.now()});
            return {};
        });
        if (!made)
            qFatal("%s", qPrintable(describe(made.error())));
    }
    QString take(Milliseconds youngerThan = kYoung)
    {
        const auto token = store.write<QString>([&](WriteTransaction &tx) { return replytokens::take(tx, thread, youngerThan); });
        return token ? *token : describe(token.error());
    }
    bool give(const QString &token, Timestamp at)
    {
        return bool(store.write<void>([&](WriteTransaction &tx) { return replytokens::store(tx, thread, token, at); }));
    }

    TemporaryStore store;
    InboxId inbox{};
    ContactInboxId thread{};
    ConversationId conversation{};
    MessageId message{};
};

} // namespace

class TokensTest : public QObject {
    Q_OBJECT
private slots:
    void aReplyTokenIsGoodOnceAndShortly()
    {
        Shop f;
        const Timestamp now = f.store.clock().now();
        QCOMPARE(f.take(), QString());
        QVERIFY(f.give(u"rt-1"_s, now));
        QCOMPARE(f.take(), u"rt-1"_s);
        QCOMPARE(f.take(), QString());
        QVERIFY(f.give(u"rt-1"_s, now));                                     // the event is applied a second time
        QCOMPARE(f.take(), QString());
        QVERIFY(f.give(u"rt-2"_s, now));
        QVERIFY(f.give(u"rt-0"_s, now - Milliseconds(1)));                    // of an older event
        f.store.clock().advance(kYoung);
        QCOMPARE(f.take(), QString());
        QCOMPARE(f.take(kYoung + Milliseconds(1)), u"rt-2"_s);
    }

    void whatAMessageCameWithIsKept()
    {
        Shop f;
        const auto tokens = f.store.write<QJsonObject>([&](WriteTransaction &tx) { return messages::tokens(tx, f.message); });
        QVERIFY(tokens);
        QCOMPARE(*tokens, (QJsonObject{{u"quote"_s, u"q-1"_s}}));
        const auto shown = f.store.write<Message>([&](WriteTransaction &tx) { return MessageQueries(tx).byId(f.message); });
        QVERIFY(shown);
        QCOMPARE(shown->groupId, u"album"_s);
        QVERIFY(shown->editedAt);
        const QJsonObject json = toJson(*shown);
        QCOMPARE(json.value("group_id"_L1).toString(), u"album"_s);
        QVERIFY(!QJsonDocument(json).toJson().contains("q-1"));
        QCOMPARE(messageFromJson(json)->groupId, u"album"_s);
        QVERIFY(toJson(Message{}).value("group_id"_L1).isNull());
    }

    void aMessageIsFoundByItsFurtherIds()
    {
        Shop f;
        const auto found = f.store.write<MessageId>([&](WriteTransaction &tx) -> Result<MessageId> {
            for (const QString &id : {u"m1"_s, u"m2"_s, u"m3"_s, u"m2"_s}) {          // its own, and one twice: nothing happens
                if (const auto done = messages::addAlias(tx, f.inbox, id, f.message); !done)
                    return done.error();
            }
            const auto ref = messages::findBySource(tx, f.inbox, u"m3"_s);
            return ref && *ref ? (*ref)->id : MessageId();
        });
        QVERIFY(found);
        QCOMPARE(*found, f.message);
        QCOMPARE(f.store.text(u"SELECT count(*) FROM message_alias"_s).value_or(QString()), u"2"_s);
        // Nothing is left of them when the inbox goes.
        QVERIFY(f.give(u"rt"_s, f.store.clock().now()));
        QVERIFY(f.store.write<void>([&](WriteTransaction &tx) { return inboxes::beginDeletion(tx, f.inbox); }));
        QTRY_COMPARE(f.store.text(u"SELECT (SELECT count(*) FROM message_alias) || ' ' || (SELECT count(*) FROM reply_token)"
                                  " || ' ' || (SELECT count(*) FROM inbox)"_s).value_or(QString()), u"0 0 0"_s);
    }
};

ANTIPHON_TEST(TokensTest)
#include "tst_tokens.moc"
