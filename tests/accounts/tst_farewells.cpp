#include "tests/accounts/typedinputs.h"
#include "tests/support/testmain.h"

#include <QTest>

Q_DECLARE_METATYPE(antiphon::Result<bool>)

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// What a deleted inbox takes along at the platform, and what it leaves, since others live on it.
class FarewellsTest : public QObject {
    Q_OBJECT
private slots:
    /// Nobody looked since the start: whose webhook it is has to be asked before it is taken off.
    void aDeletedBotLeavesAnotherInstallationsWebhook()
    {
        FakeMetaWorld bots(Channel::Telegram, {.publicUrl = {}});
        bots.network.status = 200;
        bots.platform->profile.account = u"7000000001"_s;
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        QTRY_COMPARE(bots.unsubscribed(), 1);
        bots.world.store.settle();
        bots.platform->inspectRefusal = Error{Error::Kind::Unavailable, u"not now"_s};      // a look at the start learns nothing
        const int looks = bots.platform->inspections;
        bots.world.begin();
        bots.world.unlock();
        QTRY_COMPARE(bots.platform->inspections, looks + 1);
        bots.world.store.settle();
        bots.platform->inspectRefusal.reset();
        bots.platform->registration = {.callback = QUrl(u"https://other.example/bot"_s), .isSubscribed = true};
        QVERIFY(bots.world.remove(inbox->id));
        QTRY_COMPARE(bots.platform->inspections, looks + 2);
        QCOMPARE(bots.unsubscribed(), 1);
    }

    void aDeletedNumbersAddressIsTakenOutWhereItIsItsOwn_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("isTakenOut");
        QTest::newRow("its own") << u"https://desk.example/twilio/callback?inbox=%1"_s << true;
        QTest::newRow("another inbox's") << u"https://desk.example/twilio/callback?inbox=99%1"_s << false;
        QTest::newRow("another installation's") << u"https://other.example/twilio/callback?inbox=%1"_s << false;
        QTest::newRow("none") << QString() << false;
    }

    void aDeletedNumbersAddressIsTakenOutWhereItIsItsOwn()
    {
        QFETCH(const QString, address);
        FakeMetaWorld senders(Channel::Twilio);
        const auto inbox = senders.create(twilio(u"sms"_s, u"+15005550006"_s));
        QVERIFY(inbox);
        QTRY_COMPARE(senders.platform->subscribed.size(), 1);
        senders.world.store.settle();
        const QUrl registered = address.isEmpty() ? QUrl() : QUrl(address.arg(inbox->id.value()));
        senders.platform->registration = {.callback = registered, .isSubscribed = !address.isEmpty()};
        const int looks = senders.platform->inspections;
        QVERIFY(senders.world.remove(inbox->id));
        QTRY_COMPARE(senders.platform->inspections, looks + 1);
        QFETCH(const bool, isTakenOut);
        QCOMPARE(senders.platform->withdrawn, isTakenOut ? QList<QUrl>{registered} : QList<QUrl>());
    }

    void aDeletedNumberLeavesTheBusinessAccountSubscribed_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<Result<bool>>("withdrawal");
        QTest::addColumn<bool>("isAsked");
        const QString own = u"https://desk.example/webhooks/whatsapp/+15550100001"_s;
        QTest::newRow("taken out") << own << Result<bool>(true) << true;
        QTest::newRow("another one by then") << own << Result<bool>(false) << true;
        QTest::newRow("not taken out") << own << Result<bool>(Error{Error::Kind::Unavailable, u"not now"_s}) << true;
        QTest::newRow("another installation's") << u"https://other.example/webhooks/whatsapp/+15550100001"_s << Result<bool>(true) << false;
        QTest::newRow("the application's") << QString() << Result<bool>(true) << false;
    }

    /// Other numbers of it may be another installation's.
    void aDeletedNumberLeavesTheBusinessAccountSubscribed()
    {
        QFETCH(const QString, address);
        QFETCH(const Result<bool>, withdrawal);
        QFETCH(const bool, isAsked);
        FakeMetaWorld numbers(Channel::Whatsapp);
        const auto inbox = numbers.create();
        QVERIFY2(inbox, qPrintable(said(inbox)));
        QTRY_COMPARE(numbers.platform->subscribed.size(), 1);
        numbers.platform->registration = {.callback = QUrl(address), .isSubscribed = true};
        numbers.platform->withdrawal = withdrawal;
        numbers.platform->isLookedAtByCall = true;
        numbers.network.isHolding = true;
        QVERIFY(numbers.world.remove(inbox->id));
        QTRY_COMPARE(numbers.network.held(), 1);
        numbers.network.release();                 // all that follows comes about at once
        QCOMPARE(numbers.platform->withdrawn, isAsked ? QList<QUrl>{QUrl(address)} : QList<QUrl>());
        QCOMPARE(numbers.unsubscribed(), 0);
    }

    void aNumberThatIsHereAgainKeepsItsAddress()
    {
        FakeMetaWorld numbers(Channel::Whatsapp);
        const auto inbox = numbers.create();
        QVERIFY(inbox);
        QTRY_COMPARE(numbers.platform->subscribed.size(), 1);
        numbers.platform->isLookedAtByCall = true;
        numbers.network.isHolding = true;
        QVERIFY(numbers.world.remove(inbox->id));
        QTRY_COMPARE(numbers.network.held(), 1);
        numbers.platform->isLookedAtByCall = false;
        QVERIFY(numbers.create());
        numbers.network.release();
        QVERIFY(numbers.platform->withdrawn.isEmpty());
        QCOMPARE(numbers.unsubscribed(), 0);
    }

    void aBotThatIsHereAgainKeepsItsWebhook()
    {
        FakeMetaWorld bots(Channel::Telegram);
        bots.network.status = 200;
        bots.platform->profile.account = u"7000000001"_s;
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        QTRY_COMPARE(bots.platform->subscribed.size(), 1);
        bots.platform->isLookedAtByCall = true;
        bots.network.isHolding = true;
        QVERIFY(bots.world.remove(inbox->id));
        QTRY_COMPARE(bots.network.held(), 1);
        bots.platform->isLookedAtByCall = false;
        QVERIFY(bots.create(bot()));
        QTRY_COMPARE(bots.platform->subscribed.size(), 2);
        bots.network.release();                    // the look tells the old address
        QCOMPARE(bots.unsubscribed(), 0);
    }

    void aBotThatCameBackTooLateForThatIsSubscribedAgain()
    {
        FakeMetaWorld bots(Channel::Telegram);
        bots.network.status = 200;
        bots.platform->profile.account = u"7000000001"_s;
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        QTRY_COMPARE(bots.platform->subscribed.size(), 1);
        bots.network.isHolding = true;
        QVERIFY(bots.world.remove(inbox->id));
        QTRY_COMPARE(bots.unsubscribed(), 1);      // on its way
        QVERIFY(bots.create(bot()));
        QTRY_COMPARE(bots.platform->subscribed.size(), 2);
        bots.platform->registration = {};          // and it took off what the new inbox had set
        bots.network.release();
        QTRY_COMPARE(bots.platform->subscribed.size(), 3);
    }
};

ANTIPHON_TEST(FarewellsTest)
#include "tst_farewells.moc"
