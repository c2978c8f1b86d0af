#include "core/channels/messenger/messengeraccounts.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace Qt::StringLiterals;

class MessengerAccountsTest : public QObject {
    Q_OBJECT

    MessengerAccounts m_accounts;
    const ChannelEndpoints m_endpoints{.api = QUrl(u"https://graph.example"_s)};
    const InboxCredentials m_inbox{.account = u"300000000000001"_s, .accessToken = u"EAATESTPAGETOKEN"_s, .appSecret = u"antiphon-fb-secret"_s, .appId = u"1517776481860111"_s};

    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }

private slots:
    void triesThePagesToken()
    {
        QCOMPARE(m_accounts.fields().account, u"page_id"_s);
        QCOMPARE(m_accounts.fields().token, u"page_access_token"_s);
        QVERIFY(m_accounts.authorizeUrl({}, {}, {}, false, m_endpoints).isEmpty());
        QVERIFY(!m_accounts.refresh(m_inbox, {}, m_endpoints));
        const auto operation = m_accounts.profile(m_inbox, m_endpoints);
        const auto first = operation->start();
        const QUrl url = std::get<0>(first).url;
        QCOMPARE(url.path(), u"/v23.0/300000000000001"_s);
        QCOMPARE(QUrlQuery(url).queryItemValue(u"fields"_s, QUrl::FullyDecoded), u"id,name"_s);
        QCOMPARE(QUrlQuery(url).queryItemValue(u"appsecret_proof"_s), u"9c938d8b6fd3f215dcf10be561eb07e67012b71a2c5e4690c8f3e022652ec0d4"_s);
        const auto last = operation->next(reply(200, "{\"id\":\"300000000000001\",\"name\":\"The Shop\"}"));
        QCOMPARE(std::get<1>(last).displayName, u"The Shop"_s);
        QCOMPARE(std::get<1>(last).account, u"300000000000001"_s);
    }

    void saysWhichFieldIsWrong_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("field");
        const auto error = [](int code, const QByteArray &words) { return "{\"error\":{\"message\":\"" + words + "\",\"code\":" + QByteArray::number(code) + "}}"; };
        QTest::newRow("token") << 400 << error(190, "Invalid OAuth access token.") << u"page_access_token"_s;
        QTest::newRow("permission") << 403 << error(200, "Requires pages_messaging") << u"page_access_token"_s;
        QTest::newRow("page") << 400 << error(100, "Unsupported get request.") << u"page_id"_s;
        QTest::newRow("no such page") << 404 << error(803, "Some of the aliases you requested do not exist") << u"page_id"_s;
        QTest::newRow("secret") << 400 << error(100, "Invalid appsecret_proof provided in the API argument") << u"app_secret"_s;
        QTest::newRow("another page") << 200 << QByteArray("{\"id\":\"1\",\"name\":\"Other\"}") << u"page_id"_s;
        QTest::newRow("nobody's fault") << 500 << QByteArray("") << QString();
    }

    void saysWhichFieldIsWrong()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, field);
        const auto operation = m_accounts.profile(m_inbox, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(reply(status, body));
        QCOMPARE(last.index(), size_t(2));
        QCOMPARE(std::get<2>(last).field, field);
        QCOMPARE(std::get<2>(last).kind == Error::Kind::Invalid, !field.isEmpty());
    }

    void subscribesThePage()
    {
        const auto operation = m_accounts.subscribe({}, m_inbox, m_endpoints);
        const auto first = operation->start();
        const HttpRequest request = std::get<0>(first);
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.url.path(), u"/v23.0/300000000000001/subscribed_apps"_s);
        QCOMPARE(QUrlQuery(request.url).queryItemValue(u"subscribed_fields"_s, QUrl::FullyDecoded),
                 u"messages,messaging_postbacks,message_deliveries,message_reads,message_echoes,message_reactions,messaging_referrals,standby,messaging_handovers,message_edits"_s);
        QCOMPARE(QUrlQuery(request.url).queryItemValue(u"access_token"_s), u"EAATESTPAGETOKEN"_s);
        const auto last = operation->next(reply(200, "{\"success\":true}"));
        QVERIFY(std::get<1>(last).isSubscribed);
        QVERIFY(std::get<1>(last).remark.isEmpty());
    }

    void looksForItsOwnApplication()
    {
        const auto answered = [&](const QByteArray &body) {
            const auto operation = m_accounts.inspectSubscription(m_inbox, m_endpoints);
            (void)operation->start();
            const auto step = operation->next(reply(200, body));
            return std::get<1>(step).isSubscribed;
        };
        const QByteArray fields = "[\"messages\",\"messaging_postbacks\",\"message_deliveries\",\"message_reads\",\"message_echoes\",\"message_reactions\",\"messaging_referrals\",\"standby\",\"messaging_handovers\"]";
        QVERIFY(answered("{\"data\":[{\"id\":\"7\",\"subscribed_fields\":[\"feed\"]},{\"id\":\"1517776481860111\",\"subscribed_fields\":" + fields + "}]}"));
        QVERIFY(!answered("{\"data\":[{\"id\":\"7\",\"subscribed_fields\":" + fields + "}]}"));
        QVERIFY(!answered("{\"data\":[{\"id\":\"1517776481860111\",\"subscribed_fields\":[\"messages\"]}]}"));
        QVERIFY(!answered("{\"data\":[]}"));
        QCOMPARE(m_accounts.unsubscribe(m_inbox, m_endpoints)->method, QByteArray("DELETE"));
    }
};

ANTIPHON_TEST(MessengerAccountsTest)
#include "tst_messengeraccounts.moc"
