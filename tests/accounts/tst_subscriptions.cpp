#include "tests/accounts/fakeaccounts.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QUrl kOurs(u"https://desk.example/webhooks/whatsapp/+15550100001"_s);

} // namespace

class SubscriptionsTest : public QObject {
    Q_OBJECT
private slots:
    void subscribesWhereNothingIs()
    {
        FakeMetaWorld meta;
        const auto inbox = meta.create();
        QVERIFY(inbox);
        QTRY_COMPARE(meta.platform->subscribed, QList<QUrl>{kOurs});
        const auto line = meta.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(line.ok, qPrintable(line.detail));
        QCOMPARE(meta.platform->subscribed.size(), 1);
        QTRY_COMPARE(meta.notice(), QString());
    }

    void anEventsOnlyPlatformIsSubscribedWithoutAnAddress()
    {
        FakeMetaWorld meta(Channel::Messenger);
        QVERIFY(meta.enterApp({{u"app_secret"_s, u"s"_s}}));
        const auto inbox = meta.create({.settings = QJsonObject{{u"page_id"_s, u"300"_s}}, .secrets = QJsonObject{{u"page_access_token"_s, u"EA"_s}}});
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QTRY_COMPARE(meta.platform->subscribed, QList<QUrl>{QUrl(u"https://desk.example/webhooks/messenger"_s)});
        QVERIFY(meta.world.check(inbox->id).value(u"subscription"_s).ok);
        QCOMPARE(meta.platform->subscribed.size(), 1);
    }

    void leavesAForeignAddressAloneUntilTheOwnerAgrees()
    {
        FakeMetaWorld meta;
        meta.platform->registration = {.callback = QUrl(u"https://other.example/hook"_s), .isSubscribed = true};
        const auto inbox = meta.create();
        QVERIFY(inbox);
        const auto line = meta.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(!line.ok && line.detail.contains(u"other.example"_s), qPrintable(line.detail));
        QVERIFY(meta.platform->subscribed.isEmpty());
        QCOMPARE(meta.world.state(inbox->id), u"active"_s);
        QTRY_COMPARE(meta.notice(), u"not_subscribed"_s);
        QVERIFY(meta.world.check(inbox->id, true).value(u"subscription"_s).ok);
        QCOMPARE(meta.platform->subscribed, QList<QUrl>{kOurs});
        QTRY_COMPARE(meta.notice(), QString());
    }

    void followsTheTunnelAlsoAfterAStart()
    {
        FakeMetaWorld meta;
        QVERIFY(meta.create());
        QTRY_COMPARE(meta.platform->registration.callback, kOurs);
        meta.world.accounts->setPublicUrl(QUrl(u"https://moved.example/base/"_s));
        QTRY_COMPARE(meta.platform->registration.callback, QUrl(u"https://moved.example/base/webhooks/whatsapp/+15550100001"_s));
        meta.world.store.settle();
        meta.world.begin();   // at desk.example again
        meta.world.unlock();
        QTRY_COMPARE(meta.platform->registration.callback, kOurs);
    }

    void aRefusalLeavesTheInboxActiveAndSaysWhichValueIsWrong()
    {
        FakeMetaWorld meta;
        meta.platform->subscribeRefusal = Error{Error::Kind::Forbidden, u"permission is missing"_s, u"access_token"_s};
        const auto inbox = meta.create();
        QVERIFY(inbox);
        QTRY_COMPARE(meta.notice(), u"not_subscribed"_s);
        QCOMPARE(meta.world.state(inbox->id), u"active"_s);
        const auto line = meta.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(!line.ok && line.detail.contains(u"permission is missing"_s) && line.detail.contains(u"access_token"_s), qPrintable(line.detail));
        meta.platform->subscribeRefusal.reset();
        QVERIFY(meta.world.check(inbox->id).value(u"subscription"_s).ok);
        QTRY_COMPARE(meta.notice(), QString());
    }

    void withoutAnAddressItIsMadeAllTheSameAndSaysSo()
    {
        FakeMetaWorld meta(Channel::Whatsapp, {.publicUrl = {}});
        const auto inbox = meta.create();
        QVERIFY(inbox);
        QCOMPARE(inbox->delivery, Inbox::Delivery::Webhook);
        QTRY_COMPARE(meta.notice(), u"no_public_address"_s);
        QVERIFY(meta.platform->subscribed.isEmpty());
        const auto line = meta.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(!line.ok && line.detail.contains(u"no public address"_s), qPrintable(line.detail));
        meta.world.accounts->setPublicUrl(QUrl(u"https://desk.example"_s));
        QTRY_COMPARE(meta.platform->registration.callback, kOurs);
        QTRY_COMPARE(meta.notice(), QString());
    }

    void anotherWordForTheOwnerStays()
    {
        FakeMetaWorld meta;
        const auto inbox = meta.create();
        QVERIFY(inbox);
        QTRY_COMPARE(meta.platform->subscribed.size(), 1);
        meta.world.store.settle();
        meta.world.store.run(u"UPDATE inbox SET settings = json_set(settings, '$.notice', json('{\"kind\":\"webhooks_lost\"}'))"_s);
        meta.platform->inspectRefusal = Error{Error::Kind::Network, u"away"_s};
        QVERIFY(!meta.world.check(inbox->id).value(u"subscription"_s).ok);
        meta.platform->inspectRefusal.reset();
        QVERIFY(meta.world.check(inbox->id).value(u"subscription"_s).ok);
        meta.world.store.settle();
        QCOMPARE(meta.notice(), u"webhooks_lost"_s);
    }

    void withoutAnySecretNothingCouldBeBelieved()
    {
        FakeMetaWorld meta(Channel::Messenger);
        const auto inbox = meta.create({.settings = QJsonObject{{u"page_id"_s, u"300"_s}}, .secrets = QJsonObject{{u"page_access_token"_s, u"EA"_s}}});
        QVERIFY(inbox);
        const auto line = meta.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(!line.ok && line.detail.contains(u"app_secret"_s), qPrintable(line.detail));
        QVERIFY(meta.enterApp({{u"app_secret"_s, u"s"_s}}));
        QTRY_COMPARE(meta.platform->subscribed.size(), 1);   // entering it is enough
    }

    void checksNameTheWrongValue()
    {
        FakeMetaWorld meta;
        const auto inbox = meta.create();
        QVERIFY(inbox);
        meta.platform->refusal = Error{Error::Kind::Invalid, u"this number is another"_s, u"phone_number"_s};
        const auto line = meta.world.check(inbox->id).value(u"credentials"_s);
        QVERIFY2(!line.ok && line.detail.startsWith(u"phone_number: "_s), qPrintable(line.detail));
    }
};

ANTIPHON_TEST(SubscriptionsTest)
#include "tst_subscriptions.moc"
