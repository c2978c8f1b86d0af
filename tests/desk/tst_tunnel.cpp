#include "tests/desk/deskfixture.h"
#include "tests/support/testmain.h"

#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;

class TunnelMethodsTest : public QObject {
    Q_OBJECT
private slots:
    void showsAndSetsTheTunnel()
    {
        DeskFixture fixture;
        fixture.tunnel.shown = {{u"provider"_s, u"ssh"_s}, {u"state"_s, u"up"_s}};
        Seat seat(*fixture.desk);
        seat.open(DeskFixture::token(Agent::Role::Owner));

        seat.post(501, u"tunnel.get"_s, {});
        QVERIFY(seat.waitForAnswer(501));
        QCOMPARE(seat.answer(501).value("result"_L1).toObject(), fixture.tunnel.shown);

        const QJsonObject wish{{u"provider"_s, u"own_domain"_s}, {u"settings"_s, QJsonObject{{u"public_url"_s, u"https://desk.example"_s}}}};
        seat.post(502, u"tunnel.set"_s, wish);
        QVERIFY(seat.waitForAnswer(502));
        QCOMPARE(fixture.tunnel.wished, QList<QJsonObject>{wish});

        fixture.tunnel.refusal = Error{Error::Kind::Invalid, u"the host is needed"_s, u"settings.host"_s};
        seat.post(503, u"tunnel.set"_s, wish);
        QVERIFY(seat.waitForAnswer(503));
        const QJsonObject error = seat.answer(503).value("error"_L1).toObject();
        QCOMPARE(error.value("code"_L1).toInt(), -32004);
        QCOMPARE(error.value("data"_L1).toObject().value("field"_L1).toString(), u"settings.host"_s);

        seat.post(504, u"tunnel.check"_s, {});
        QVERIFY(seat.waitForAnswer(504));
        QCOMPARE(fixture.tunnel.checks, 1);
    }

    void tellsWhatTheTunnelDoes()
    {
        DeskFixture fixture;
        Seat owner(*fixture.desk);
        owner.open(DeskFixture::token(Agent::Role::Owner));
        Seat agent(*fixture.desk);
        agent.open(DeskFixture::token(Agent::Role::Agent));
        fixture.tunnel.shown = {{u"provider"_s, u"ssh"_s}, {u"state"_s, u"down"_s}};
        const auto told = fixture.store.write<void>([](WriteTransaction &tx) -> Result<void> {
            tx.changed(u"tunnel.updated"_s, 1);
            return {};
        });
        QVERIFY(told);
        QVERIFY(TemporaryStore::waitFor([&] { return !owner.lastEvent(u"tunnel.updated"_s).isEmpty(); }));
        QCOMPARE(owner.lastEvent(u"tunnel.updated"_s).value("data"_L1).toObject(), fixture.tunnel.shown);
        QVERIFY(TemporaryStore::waitFor([&] { return !agent.lastEvent(u"none"_s).isEmpty(); }));   // what is the owner's to mend
        QVERIFY(agent.lastEvent(u"tunnel.updated"_s).isEmpty());
    }
};

ANTIPHON_TEST(TunnelMethodsTest)

} // namespace antiphon::test
#include "tst_tunnel.moc"
