#include "tests/flows/rawdesk.h"
#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// The consent as the owner's browser walks it: over HTTP, with the result pages a person reads.
class OauthFlow : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        demo::TikTokOptions options = test::TiktokWorld::defaultOptions();
        options.accounts.append({.businessId = u"biz-0002-openid"_s, .username = u"second.shop"_s, .displayName = u"Second Shop"_s});
        m_world = std::make_unique<test::TiktokWorld>(options);
        QCOMPARE(m_world->start(), QString());
        m_seat = std::make_unique<test::RawDesk>(m_world->server().deskPort());
        QVERIFY(m_seat->open(m_world->server().token()).contains("result"_L1));
    }

    void cleanup()
    {
        m_seat.reset();
        m_world.reset();
    }

    void consentMakesAnInboxAndAgainRenewsIt()
    {
        const auto page = open(callback());
        QCOMPARE(page.status, 200);
        QVERIFY2(page.body.contains("Connected") && page.body.contains("Lantern Books"), page.body.constData());
        QVERIFY(page.headers.value("content-type").startsWith("text/html"));
        QVERIFY(page.headers.value("location").isEmpty());
        QTRY_COMPARE(countOf(u"inbox.created"_s), 1);
        const QJsonObject inbox = m_seat->result(u"inboxes.list"_s).value("items"_L1)[0].toObject();
        QCOMPARE(inbox.value("state"_L1).toString(), u"active"_s);
        QCOMPARE(inbox.value("external_id"_L1).toString(), u"biz-0001-openid"_s);

        const QString id = inbox.value("id"_L1).toString();
        QCOMPARE(open(callback({}, id)).status, 200);
        QTRY_VERIFY(countOf(u"inbox.updated"_s) >= 1);
        QCOMPARE(m_seat->result(u"inboxes.list"_s).value("items"_L1).toArray().size(), 1);

        const auto other = open(callback({.businessId = u"biz-0002-openid"_s}, id));
        QVERIFY2(other.status >= 400 && other.body.contains("Not connected"), other.body.constData());
        QCOMPARE(m_seat->result(u"inboxes.list"_s).value("items"_L1).toArray().size(), 1);
        QCOMPARE(m_seat->result(u"inboxes.get"_s, {{u"id"_s, id}}).value("external_id"_L1).toString(), u"biz-0001-openid"_s);
    }

    void refusalsAreExplainedAndMakeNothing()
    {
        const auto denied = open(callback({.isDenied = true}));
        QVERIFY2(denied.body.contains("Not connected"), denied.body.constData());
        const auto missing = open(callback({.withheldScopes = {u"message.list.send"_s}}));
        QVERIFY2(missing.status >= 400 && missing.body.contains("message.list.send"), missing.body.constData());
        QVERIFY(m_seat->result(u"inboxes.list"_s).value("items"_L1).toArray().isEmpty());
        QCOMPARE(countOf(u"inbox.created"_s), 0);
    }

    void aStateIsGoodOnceAndOnlyAsItWasMade()
    {
        const QUrl good = callback();
        for (const QByteArray &change : {QByteArray("flip"), QByteArray("cut"), QByteArray("none"), QByteArray("markup")}) {
            QUrlQuery query(good);
            QString state = query.queryItemValue(u"state"_s, QUrl::FullyDecoded);
            query.removeQueryItem(u"state"_s);
            if (change == "flip")
                state[state.size() / 2] = state.at(state.size() / 2) == u'A' ? u'B' : u'A';
            else if (change == "cut")
                state.chop(5);
            else if (change == "markup")
                state = u"<script>alert(1)</script>"_s;
            if (change != "none")
                query.addQueryItem(u"state"_s, state);
            QUrl bad = good;
            bad.setQuery(query);
            const auto page = open(bad);
            QVERIFY2(page.status >= 400, change.constData());
            QVERIFY(!page.body.contains("<script"));
        }
        QCOMPARE(m_world->tiktok().count(u"tt_user/oauth2/token"_s), 0);
        QCOMPARE(open(good).status, 200);
        QVERIFY(open(good).status >= 400);
        QCOMPARE(m_seat->result(u"inboxes.list"_s).value("items"_L1).toArray().size(), 1);
    }

    void anAddressMayBePasted()
    {
        const QUrl url = callback();
        const QJsonObject made = m_seat->result(u"inboxes.authorize_paste"_s, {{u"url"_s, QString::fromLatin1(url.toEncoded())}});
        QCOMPARE(made.value("external_id"_L1).toString(), u"biz-0001-openid"_s);
        QCOMPARE(made.value("state"_L1).toString(), u"active"_s);
        QVERIFY(m_seat->errorOf(u"inboxes.authorize_paste"_s, {{u"url"_s, QString::fromLatin1(url.toEncoded())}}) != 0);
        QTRY_COMPARE(countOf(u"inbox.created"_s), 1);
        QTRY_VERIFY(!m_world->tiktok().webhooks().callback().isEmpty());
    }

private:
    /// The address the browser is sent back to, not yet opened.
    QUrl callback(const demo::Consent &consent = {}, const QString &inbox = {})
    {
        QJsonObject params{{u"channel"_s, u"tiktok"_s}};
        if (!inbox.isEmpty())
            params.insert(u"id"_s, inbox);
        m_world->tiktok().consentNext(consent);
        const QUrl url(m_seat->result(u"inboxes.authorize"_s, params).value("url"_L1).toString());
        const auto redirect = test::http("GET", url);
        if (redirect.status != 302)
            qFatal("no consent page: %d %s", redirect.status, redirect.body.constData());
        return QUrl::fromEncoded(redirect.headers.value("location"));
    }

    static test::HttpAnswer open(const QUrl &url) { return test::http("GET", url); }

    int countOf(const QString &type) const
    {
        return int(std::count_if(m_seat->events.begin(), m_seat->events.end(), [&](const QJsonObject &event) { return event.value("type"_L1) == type; }));
    }

    std::unique_ptr<test::TiktokWorld> m_world;
    std::unique_ptr<test::RawDesk> m_seat;
};

ANTIPHON_TEST(OauthFlow)
#include "tst_oauth.moc"
