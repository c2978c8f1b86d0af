#include "tests/intake/spokenchannel.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

InboundMessage from(const InboundCustomer &customer, const QString &sourceId, qint64 at = kSpokenAt)
{
    return {.customer = customer, .sourceId = sourceId, .content = u"Hello"_s, .platformAt = fromUnixMs(at)};
}

InboundContactCard card(const QString &name, qint64 at, bool isRemoved = false)
{
    return {.customer = {.contactSourceId = u"15550100002"_s, .displayName = isRemoved ? QString() : name, .phoneNumber = u"+15550100002"_s},
            .isRemoved = isRemoved,
            .platformAt = fromUnixMs(at)};
}

} // namespace

class AliasesTest : public QObject {
    Q_OBJECT
private slots:
    void anotherSpellingOrNameFindsTheSameCustomer()
    {
        SpokenInbox f;
        f.tell(from({.contactSourceId = u"5511987654321"_s, .phoneNumber = u"+5511987654321"_s}, u"m1"_s));
        f.tell(from({.contactSourceId = u"551187654321"_s, .aliases = {u"BR.7"_s}, .variants = {u"5511987654321"_s}}, u"m2"_s, kSpokenAt + 1));
        f.tell(from({.contactSourceId = u"BR.7"_s}, u"m3"_s, kSpokenAt + 2));
        QCOMPARE(f.count(u"contact"_s), 1);
        QCOMPARE(f.count(u"conversation"_s), 1);
        QCOMPARE(f.text(u"SELECT source_id FROM contact_inbox"_s), u"5511987654321"_s);
        QCOMPARE(f.text(u"SELECT group_concat(alias, ' ') FROM (SELECT alias FROM contact_inbox_alias ORDER BY alias)"_s), u"551187654321 BR.7"_s);
    }

    void twoWhoAreKnownApartAreNeverMadeOne()
    {
        SpokenInbox f;
        f.tell(from({.contactSourceId = u"US.1"_s}, u"m1"_s));
        f.tell(from({.contactSourceId = u"15550100002"_s}, u"m2"_s));
        f.tell(from({.contactSourceId = u"15550100002"_s, .aliases = {u"US.1"_s}}, u"m3"_s, kSpokenAt + 1));
        QCOMPARE(f.count(u"contact"_s), 2);
        QCOMPARE(f.count(u"contact_inbox_alias"_s), 0);
        QCOMPARE(f.count(u"message m JOIN conversation c ON c.id = m.conversation_id JOIN contact_inbox i ON i.id = c.contact_inbox_id"
                         " WHERE i.source_id = '15550100002'"_s),
                 2);
    }

    void aNameIsTheirsUntilAnAgentChoosesAnother()
    {
        SpokenInbox f;
        const InboundCustomer number{.contactSourceId = u"15550100002"_s, .phoneNumber = u"+15550100002"_s};
        f.tell(from(number, u"m1"_s));
        QVERIFY(f.text(u"SELECT name FROM contact"_s).startsWith(u"+1"_s));
        QCOMPARE(f.text(u"SELECT phone_number FROM contact"_s), u"+15550100002"_s);
        InboundCustomer named = number;
        named.displayName = u"Ada"_s;
        f.tell(from(named, u"m2"_s, kSpokenAt + 1));
        QCOMPARE(f.text(u"SELECT name FROM contact"_s), u"Ada"_s);
        named.displayName = u"Ada L."_s;
        f.tell(from(named, u"m3"_s, kSpokenAt + 2));
        QCOMPARE(f.text(u"SELECT name FROM contact"_s), u"Ada L."_s);
        f.fixture().store().run(u"UPDATE contact SET name = 'Our best customer'"_s);
        named.displayName = u"Ada X."_s;
        f.tell(from(named, u"m4"_s, kSpokenAt + 3));
        QCOMPARE(f.text(u"SELECT name FROM contact"_s), u"Our best customer"_s);
    }

    void whoIsUnknownHasAPlaceholder_data()
    {
        QTest::addColumn<int>("channel");
        QTest::addColumn<QString>("name");
        QTest::newRow("instagram") << int(Channel::Instagram) << u"Unknown (IG: 9000000000000001)"_s;
        QTest::newRow("messenger") << int(Channel::Messenger) << u"Facebook user 0001"_s;
    }

    void whoIsUnknownHasAPlaceholder()
    {
        QFETCH(int, channel);
        SpokenInbox f{Channel(channel)};
        f.tell(from({.contactSourceId = u"9000000000000001"_s}, u"m1"_s));
        QTEST(f.text(u"SELECT name FROM contact"_s), "name");
    }

    void theOwnersAddressBookGoesBeforeTheCustomersWords()
    {
        SpokenInbox f;
        f.tell(card(u"Ada (books)"_s, kSpokenAt));
        QCOMPARE(f.text(u"SELECT name || '/' || json_extract(custom_attributes, '$.in_phone_book') FROM contact"_s), u"Ada (books)/1"_s);
        QCOMPARE(f.count(u"conversation"_s), 0);
        f.tell(from({.contactSourceId = u"15550100002"_s, .displayName = u"Ada"_s}, u"m1"_s));
        QCOMPARE(f.text(u"SELECT name FROM contact"_s), u"Ada (books)"_s);
        f.tell(card(u"Ada Byron"_s, kSpokenAt + 2000));
        f.tell(card(u"An older card"_s, kSpokenAt + 1000));
        QCOMPARE(f.text(u"SELECT name FROM contact"_s), u"Ada Byron"_s);
        f.tell(card({}, kSpokenAt + 3000, true));
        QCOMPARE(f.text(u"SELECT name || '/' || COALESCE(json_extract(custom_attributes, '$.in_phone_book'), 0) FROM contact"_s), u"Ada Byron/0"_s);
        f.fixture().store().run(u"UPDATE contact SET name = 'Chosen'"_s);
        f.tell(card(u"Ada Again"_s, kSpokenAt + 4000));
        QCOMPARE(f.text(u"SELECT name FROM contact"_s), u"Chosen"_s);
    }

    void aNewNumberIsAnsweredThere()
    {
        SpokenInbox f;
        f.tell(from({.contactSourceId = u"15550100002"_s, .phoneNumber = u"+15550100002"_s}, u"m1"_s));
        f.tell(InboundActivity{.customer = {.contactSourceId = u"15550100009"_s, .phoneNumber = u"+15550100009"_s, .aliases = {u"15550100002"_s}},
                               .activity = {{u"kind"_s, u"number_changed"_s}},
                               .platformAt = fromUnixMs(kSpokenAt + 1)});
        QCOMPARE(f.text(u"SELECT source_id FROM contact_inbox"_s), u"15550100009"_s);
        QCOMPARE(f.text(u"SELECT phone_number FROM contact"_s), u"+15550100009"_s);
        QCOMPARE(f.count(u"message WHERE direction = 'activity'"_s), 1);
        f.tell(from({.contactSourceId = u"15550100002"_s}, u"m2"_s, kSpokenAt + 2));
        f.tell(from({.contactSourceId = u"15550100009"_s}, u"m3"_s, kSpokenAt + 3));
        QCOMPARE(f.count(u"contact"_s), 1);
        QCOMPARE(f.count(u"conversation"_s), 1);
    }
};

ANTIPHON_TEST(AliasesTest)
#include "tst_aliases.moc"
