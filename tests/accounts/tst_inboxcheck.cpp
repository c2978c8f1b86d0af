#include "tests/accounts/accountsworld.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class InboxCheckTest : public QObject {
    Q_OBJECT
private slots:
    void registersWhereNothingIs()
    {
        AccountsWorld world;
        QVERIFY(world.paste());
        QTRY_COMPARE(world.platform.webhooks().callback(), QUrl(u"https://desk.example/webhooks/tiktok"_s));
        QTRY_COMPARE(world.store.text(u"SELECT value FROM setting WHERE key = 'tiktok.registered_callback'"_s), u"[[\"https://desk.example/webhooks/tiktok\"]]"_s);
    }

    void keepsOursAndFollowsAMove()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QTRY_COMPARE(world.platform.count(u"business/webhook/update"_s), 1);
        QVERIFY(world.check(inbox->id).value(u"subscription"_s).ok);
        QCOMPARE(world.platform.count(u"business/webhook/update"_s), 1);
        world.accounts->setPublicUrl(QUrl(u"https://moved.example/base/"_s));
        QTRY_COMPARE(world.platform.webhooks().callback(), QUrl(u"https://moved.example/base/webhooks/tiktok"_s));
    }

    void leavesAForeignOneAloneUntilTheAgentAgrees()
    {
        AccountsWorld world;
        const QUrl foreign(u"https://other.example/hook"_s);
        world.platform.webhooks().setCallback(foreign);
        const auto inbox = world.paste();
        QVERIFY(inbox);
        const auto line = world.check(inbox->id).value(u"subscription"_s);
        QVERIFY(!line.ok);
        QVERIFY2(line.detail.contains(u"other.example"), qPrintable(line.detail));
        QCOMPARE(world.platform.webhooks().callback(), foreign);
        QVERIFY(world.check(inbox->id, true).value(u"subscription"_s).ok);
        QCOMPARE(world.platform.webhooks().callback(), QUrl(u"https://desk.example/webhooks/tiktok"_s));
    }

    void saysWhatThePlatformSays()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QTRY_COMPARE(world.platform.count(u"business/webhook/update"_s), 1);
        world.platform.next(u"business/webhook/list"_s, {.code = 40002, .message = u"Param secret is invalid."_s});
        const auto line = world.check(inbox->id).value(u"subscription"_s);
        QVERIFY(!line.ok);
        QVERIFY2(line.detail.contains(u"Param secret is invalid."), qPrintable(line.detail));
        QVERIFY(!line.detail.contains(world.platform.options().appSecret));
    }

    void aProbeFindsItsWayBack_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("comesIn");
        QTest::addColumn<bool>("ok");
        QTest::newRow("arrives") << 200 << true << true;
        QTest::newRow("another server") << 200 << false << false;
        QTest::newRow("an error page") << 502 << false << false;
        QTest::newRow("nobody") << 0 << false << false;
    }

    void aProbeFindsItsWayBack()
    {
        QFETCH(int, status);
        QFETCH(bool, comesIn);
        Accounts *accounts = nullptr;
        FakeClock clock;
        demo::SimulatedHttp desk(clock, [&](const demo::SimulatedHttp::Request &request, const demo::SimulatedHttp::Answer &answer) {
            if (comesIn && request.path == "/desk/healthz")
                accounts->noteProbe(request.query("probe").value_or(QString()));
            answer({.status = status, .closeWithoutAnswer = status == 0});
        });
        QVERIFY(desk.listen());
        AccountsWorld world({.publicUrl = QUrl(desk.url().toString() + u"/desk/"_s)});
        accounts = world.accounts.get();
        const auto inbox = world.paste();
        QVERIFY(inbox);
        const auto line = world.check(inbox->id).value(u"public_probe"_s);
        QTEST(line.ok, "ok");
        QVERIFY(!line.detail.isEmpty());
    }

    void everyLineIsThere()
    {
        AccountsWorld world({.publicUrl = {}});
        const InboxId inbox = world.paste()->id;
        QVERIFY(world.renew(inbox, world.credentials(inbox)->accessToken));   // since then its times are known
        auto lines = world.check(inbox);
        QCOMPARE(lines.size(), 6);
        QVERIFY(lines.value(u"credentials"_s).ok);
        QVERIFY2(lines.value(u"credentials"_s).detail.contains(u"lantern.books"), qPrintable(lines.value(u"credentials"_s).detail));
        QVERIFY(!lines.value(u"subscription"_s).ok);
        QVERIFY(!lines.value(u"public_probe"_s).ok);
        QVERIFY(lines.value(u"quiet_since"_s).detail.contains(u"no webhook"));
        QVERIFY(lines.value(u"token_life"_s).ok);
        world.store.run(u"UPDATE inbox SET last_webhook_at = 1700000000000"_s);
        QVERIFY(world.check(inbox).value(u"quiet_since"_s).detail.contains(u"2023-11-14"));

        world.store.clock().advance(24h * 340);
        const auto near = world.check(inbox).value(u"token_life"_s);
        QVERIFY2(!near.ok && near.detail.contains(u"lasts until"), qPrintable(near.detail));
        world.store.clock().advance(24h * 60);
        lines = world.check(inbox);
        QVERIFY(!lines.value(u"token_life"_s).ok && lines.value(u"token_life"_s).detail.contains(u"ended"));
        QVERIFY(!lines.value(u"credentials"_s).ok);
    }

    void anUnknownInboxIsNotFound()
    {
        AccountsWorld world;
        const auto lines = AccountsWorld::ask<QList<AccountsService::Check>>([&](auto done) { world.accounts->check(InboxId(7), false, done); });
        QVERIFY(!lines);
        QCOMPARE(lines.error().kind, Error::Kind::NotFound);
    }
};

ANTIPHON_TEST(InboxCheckTest)
#include "tst_inboxcheck.moc"
