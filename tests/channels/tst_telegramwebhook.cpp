#include "core/base/json.h"
#include "core/channels/telegram/telegramadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kToken = u"7000000001:AAE-abcdefghijklmnopqrstuvwxyz0123_"_s;
const QByteArray kHeader = "X-Telegram-Bot-Api-Secret-Token";
const QByteArray kSecret = "9mJ0-kq_Zs1xW8yT4vR2uP6oN3iL5hG7fD0cB9aE1dM";

} // namespace

class TelegramWebhookTest : public QObject {
    Q_OBJECT

    TelegramAdapter m_adapter;
    const AppCredentials m_app{.appSecret = QString::fromLatin1(kSecret)};
    const InboxCredentials m_inbox{.account = u"7000000001"_s, .accessToken = kToken};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/proxy"_s)};

    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }
    static QByteArray updates(const QList<QByteArray> &list) { return "{\"ok\":true,\"result\":[" + list.join(',') + "]}"; }

    template <typename T>
    static typename Operation<T>::Step run(const OperationPtr<T> &operation, const QList<HttpReply> &replies)
    {
        auto step = operation->start();
        for (const HttpReply &answer : replies) {
            if (step.index() == 0)
                step = operation->next(answer);
        }
        return step;
    }

private slots:
    void believesTheSecretItGave_data()
    {
        QTest::addColumn<HttpHeaders>("headers");
        QTest::addColumn<bool>("isValid");
        QTest::newRow("right") << HttpHeaders{{kHeader, kSecret}} << true;
        QTest::newRow("another case of the name") << HttpHeaders{{kHeader.toLower(), kSecret}} << true;
        QTest::newRow("absent") << HttpHeaders{} << false;
        QTest::newRow("empty") << HttpHeaders{{kHeader, {}}} << false;
        QTest::newRow("one sign off") << HttpHeaders{{kHeader, kSecret.chopped(1) + 'N'}} << false;
        QTest::newRow("cut short") << HttpHeaders{{kHeader, kSecret.chopped(1)}} << false;
        QTest::newRow("twice") << HttpHeaders{{kHeader, kSecret}, {kHeader, kSecret}} << false;
        QTest::newRow("another header") << HttpHeaders{{"X-Hub-Signature-256", kSecret}} << false;
    }

    void believesTheSecretItGave()
    {
        QFETCH(HttpHeaders, headers);
        const RawWebhook hook{.headers = headers, .body = fixture(u"telegram/text_reply.json"_s)};
        QTEST(m_adapter.verify(hook, m_app, std::chrono::seconds(5)) == Verification::Valid, "isValid");
    }

    void anEmptySecretRefusesEverything()
    {
        QCOMPARE(m_adapter.verify({.headers = {{kHeader, ""}}}, {}, std::chrono::seconds(5)), Verification::Refused);
    }

    void thePathNamesTheInbox()
    {
        const WebhookKeys keys = m_adapter.webhookKeys({.path = "/webhooks/telegram/7"});
        QVERIFY(keys.apps.isEmpty());
        QCOMPARE(keys.inboxSetting, u"id"_s);
        QCOMPARE(keys.inboxValue, u"7"_s);
        QCOMPARE(m_adapter.webhookKeys({.path = "/webhooks/telegram/"}).inboxValue, QString());
        QCOMPARE(m_adapter.handshake({.method = "GET"}, {m_app}).status, 404);
    }

    void aFeedGivesTheWebhooksEvents()
    {
        const QByteArray text = fixture(u"telegram/text_reply.json"_s).trimmed();
        const QByteArray deleted = fixture(u"telegram/business_deleted.json"_s).trimmed();
        const auto operation = m_adapter.readFeed({.cursor = u"700000001"_s, .waits = true, .inbox = InboxId(7)}, m_inbox, m_endpoints);
        const auto asked = operation->start();
        const HttpRequest request = std::get<HttpRequest>(asked);
        QCOMPARE(request.url.path(), u"/proxy/bot%1/getUpdates"_s.arg(kToken));
        QVERIFY(request.timeout >= std::chrono::seconds(60));
        const auto body = json::parseObject(request.body);
        QCOMPARE(body->value("offset"_L1).toInteger(), qint64(700000001));
        QCOMPARE(body->value("limit"_L1).toInt(), 100);
        QCOMPARE(body->value("timeout"_L1).toInt(), 50);
        QCOMPARE(body->value("allowed_updates"_L1).toArray().size(), 8);
        const auto step = operation->next(reply(200, updates({text, deleted})));
        const auto page = std::get<1>(step);
        QCOMPARE(page.cursor, u"700000016"_s);
        QVERIFY(!page.hasMore);
        QCOMPARE(page.events.size(), 3);
        const auto hooked = m_adapter.split({.body = text, .path = "/webhooks/telegram/7"}, {});
        QCOMPARE(page.events.first().dedupeKey, hooked->first().dedupeKey);
        QCOMPARE(page.events.first().lane, hooked->first().lane);
        QCOMPARE(page.events.first().payload, hooked->first().payload);
        QCOMPARE(page.events.first().inbox, InboxId(7));
        QCOMPARE(page.events.first().account, u"7000000001"_s);
    }

    void aFeedBeginsWhereNothingIsKnown()
    {
        const auto first = m_adapter.readFeed({}, m_inbox, m_endpoints)->start();
        const auto body = json::parseObject(std::get<HttpRequest>(first).body);
        QVERIFY(!body->contains("offset"_L1));
        QCOMPARE(body->value("timeout"_L1).toInt(), 0);
        const auto empty = run(m_adapter.readFeed({.cursor = u"5"_s}, m_inbox, m_endpoints), {reply(200, updates({}))});
        QCOMPARE(std::get<1>(empty).cursor, u"5"_s);                   // nothing new is told
        QByteArray full;
        for (int i = 0; i < 100; ++i)
            full += (i ? ",{\"update_id\":" : "{\"update_id\":") + QByteArray::number(900 + i) + "}";
        const auto more = run(m_adapter.readFeed({}, m_inbox, m_endpoints), {reply(200, "{\"ok\":true,\"result\":[" + full + "]}")});
        QVERIFY(std::get<1>(more).hasMore);
        QCOMPARE(std::get<1>(more).cursor, u"1000"_s);
    }

    void aPressedButtonInAFeedHasTheAnswersTime()
    {
        HttpReply answer = reply(200, updates({fixture(u"telegram/button.json"_s).trimmed()}));
        answer.headers = {{"Date", "Thu, 09 Oct 2025 08:53:40 GMT"}};
        const auto page = std::get<1>(run(m_adapter.readFeed({}, m_inbox, m_endpoints), {answer}));
        QCOMPARE(page.events.first().platformAt, std::optional(fromUnixMs(1'760'000'020'000)));
    }

    void aBrokenUpdateHoldsNothingUp()
    {
        const auto page = std::get<1>(run(m_adapter.readFeed({.inbox = InboxId(7)}, m_inbox, m_endpoints),
                                          {reply(200, updates({R"({"update_id":10,"message":{"message_id":1}})", R"({"message":1})", "7", R"({"update_id":12})"}))}));
        QCOMPARE(page.cursor, u"13"_s);
        QCOMPARE(page.events.size(), 4);
        QVERIFY(!page.events.at(0).broken.isEmpty());
        QVERIFY(!page.events.at(1).broken.isEmpty());
        QCOMPARE(page.events.at(3).kind, u"unknown"_s);
    }

    void whoStandsInTheWayIsTold_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<QString>("who");
        QTest::newRow("webhook") << QByteArray("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first") << u"webhook_active"_s;
        QTest::newRow("program") << QByteArray("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running") << u"other_poller"_s;
    }

    void whoStandsInTheWayIsTold()
    {
        QFETCH(QByteArray, words);
        const auto step = run(m_adapter.readFeed({}, m_inbox, m_endpoints), {reply(409, "{\"ok\":false,\"error_code\":409,\"description\":\"" + words + "\"}")});
        QCOMPARE(std::get<2>(step).kind, Error::Kind::Conflict);
        QCOMPARE(std::get<2>(step).code, u"409"_s);
        QTEST(std::get<2>(step).field, "who");
    }

    void feedsFailAsWhatCanBeAskedAgain()
    {
        const auto kindAfter = [this](const HttpReply &answer) { return std::get<2>(run(m_adapter.readFeed({}, m_inbox, m_endpoints), {answer})).kind; };
        QCOMPARE(kindAfter(reply(502, "<html>")), Error::Kind::Unavailable);
        QCOMPARE(kindAfter(reply(200, R"({"ok":true,"result":{}})")), Error::Kind::Unavailable);
        QCOMPARE(kindAfter(reply(401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})")), Error::Kind::Unauthorized);
        QCOMPARE(kindAfter({.requestWritten = true, .transport = Error{Error::Kind::Timeout}}), Error::Kind::Network);
    }

    void onlyButtonsAreAcknowledged()
    {
        const auto events = m_adapter.split({.body = fixture(u"telegram/button.json"_s), .path = "/webhooks/telegram/7"}, {});
        const auto request = m_adapter.acknowledge(events->first(), m_inbox, m_endpoints);
        QVERIFY(request);
        QVERIFY(request->url.path().endsWith("/answerCallbackQuery"_L1));
        QCOMPARE(*json::parseObject(request->body), (QJsonObject{{"callback_query_id"_L1, u"4382bfdwdsb323b2d9"_s}}));
        const auto text = m_adapter.split({.body = fixture(u"telegram/text_reply.json"_s)}, {});
        QVERIFY(!m_adapter.acknowledge(text->first(), m_inbox, m_endpoints));
    }

    void aConnectionNobodyToldOfIsAskedFor()
    {
        QVERIFY(!m_adapter.lookUp(u"something"_s, u"x"_s, m_inbox, m_endpoints));
        InboxCredentials inbox = m_inbox;
        inbox.inbox = InboxId(7);
        const auto operation = m_adapter.lookUp(u"business_connection"_s, u"bc_AQ1"_s, inbox, m_endpoints);
        const auto asked = operation->start();
        QVERIFY(std::get<0>(asked).url.path().endsWith("/getBusinessConnection"_L1));
        QCOMPARE(*json::parseObject(std::get<0>(asked).body), (QJsonObject{{"business_connection_id"_L1, u"bc_AQ1"_s}}));
        const auto step = operation->next(reply(200, R"({"ok":true,"result":{"id":"bc_AQ1","user":{"id":6600000001,"is_bot":false,"first_name":"Olga"},)"
                                                     R"("user_chat_id":6600000001,"date":1760000100,"rights":{"can_reply":true},"is_enabled":true}})"));
        const QList<SplitEvent> events = std::get<1>(step);
        QCOMPARE(events.size(), 1);
        QCOMPARE(events.first().inbox, InboxId(7));
        QCOMPARE(events.first().dedupeKey, u"bc:bc_AQ1:1760000100:1"_s);
        const auto read = m_adapter.read(events.first());
        const auto *connection = read ? std::get_if<InboundConnection>(&*read) : nullptr;
        QVERIFY(connection);
        QCOMPARE(connection->ownerId, u"6600000001"_s);
        QCOMPARE(connection->threadPrefix, u"b6600000001/"_s);
        QCOMPARE(connection->cannotReply, QString());
        const auto refused = m_adapter.lookUp(u"business_connection"_s, u"bc_0"_s, inbox, m_endpoints);
        refused->start();
        QCOMPARE(refused->next(reply(400, R"({"ok":false,"error_code":400,"description":"Bad Request: BUSINESS_CONNECTION_INVALID"})")).index(), size_t(2));
    }

    void filesAreAskedForByTheirId()
    {
        const auto operation = m_adapter.fetchMedia({{"file_id"_L1, u"AgACx"_s}, {"size"_L1, 93822}}, m_inbox, m_endpoints);
        const auto asked = operation->start();
        QVERIFY(std::get<0>(asked).url.path().endsWith("/getFile"_L1));
        QCOMPARE(json::parseObject(std::get<0>(asked).body)->value("file_id"_L1).toString(), u"AgACx"_s);
        const auto step = operation->next(reply(200, R"({"ok":true,"result":{"file_id":"AgACx","file_size":93822,"file_path":"photos/file 1.jpg"}})"));
        const HttpRequest request = std::get<1>(step);
        QCOMPARE(request.url.path(), u"/proxy/file/bot%1/photos/file 1.jpg"_s.arg(kToken));
        QVERIFY(request.headers.isEmpty());
        QCOMPARE(request.maxReplyBytes, m_adapter.mediaLimit());
        QCOMPARE(m_adapter.mediaLimit(), 20 * 1024 * 1024);
    }

    void filesThatCantBeHadAreSaidSo()
    {
        const auto errorAfter = [this](const QJsonObject &remote, const HttpReply &answer) { return std::get<2>(run(m_adapter.fetchMedia(remote, m_inbox, m_endpoints), {answer})); };
        const QJsonObject remote{{"file_id"_L1, u"AgACx"_s}};
        QCOMPARE(errorAfter({{"file_id"_L1, u"A"_s}, {"size"_L1, 20 * 1024 * 1024 + 1}}, {}).kind, Error::Kind::ChannelLimit);
        QCOMPARE(errorAfter(remote, reply(400, R"({"ok":false,"error_code":400,"description":"Bad Request: file is too big"})")).kind, Error::Kind::ChannelLimit);
        QCOMPARE(errorAfter(remote, reply(200, R"({"ok":true,"result":{"file_size":20971521,"file_path":"a"}})")).kind, Error::Kind::ChannelLimit);
        QCOMPARE(errorAfter(remote, reply(400, R"({"ok":false,"error_code":400,"description":"Bad Request: wrong file_id or the file is temporarily unavailable"})")).kind,
                 Error::Kind::NotFound);
        QCOMPARE(errorAfter(remote, reply(200, R"({"ok":true,"result":{"file_path":"../../etc/passwd"}})")).kind, Error::Kind::BadPayload);
        QCOMPARE(errorAfter(remote, reply(200, R"({"ok":true,"result":{"file_path":"/var/lib/telegram-bot-api/a.jpg"}})")).kind, Error::Kind::Forbidden);
        QCOMPARE(errorAfter({}, {}).kind, Error::Kind::BadPayload);
    }

    void aCustomersPictureIsAFileToo()
    {
        const auto operation = m_adapter.customerProfile(u"b6600000001/5500000001"_s, m_inbox, m_endpoints);
        const auto asked = operation->start();
        QVERIFY(std::get<HttpRequest>(asked).url.path().endsWith("/getUserProfilePhotos"_L1));
        QCOMPARE(*json::parseObject(std::get<HttpRequest>(asked).body), (QJsonObject{{"user_id"_L1, qint64(5500000001)}, {"limit"_L1, 1}}));
        const auto file = operation->next(reply(200, R"({"ok":true,"result":{"total_count":1,"photos":[[{"file_id":"S","width":80,"height":80},
            {"file_id":"M","width":160,"height":160},{"file_id":"L","width":640,"height":640}]]}})"));
        QCOMPARE(json::parseObject(std::get<HttpRequest>(file).body)->value("file_id"_L1).toString(), u"M"_s);
        const auto end = operation->next(reply(200, R"({"ok":true,"result":{"file_path":"photos/p.jpg"}})"));
        QVERIFY(std::get<1>(end).picture.path().endsWith("/photos/p.jpg"_L1));
        const auto none = run(m_adapter.customerProfile(u"5500000001"_s, m_inbox, m_endpoints), {reply(200, R"({"ok":true,"result":{"total_count":0,"photos":[]}})")});
        QCOMPARE(std::get<2>(none).kind, Error::Kind::NotFound);
    }

    void windowsAndListsAreSaidAsTheyAre()
    {
        QVERIFY(!m_adapter.replyRule({}, u"5500000001"_s));
        QVERIFY(!m_adapter.replyRule({}, {}));
        QCOMPARE(m_adapter.replyRule({}, u"b6600000001/5500000001"_s)->name, u"telegram_business_24h"_s);
        QCOMPARE(m_adapter.replyRule({}, u"b6600000001/5500000001"_s)->length, std::chrono::hours(24));
        QVERIFY(!m_adapter.listThread(u"5500000001"_s, {}, {}));
        QVERIFY(!m_adapter.listThreads({}, {}, {}));
        QVERIFY(!m_adapter.imageCapability(u"5500000001"_s, true, {}, {}));
        QVERIFY(!m_adapter.catchUpDepth().isListed());
        QVERIFY(!m_adapter.catchUpDepth().needsPublicAddress);
        QCOMPARE(m_adapter.catchUpDepth().retention, std::chrono::hours(24));
        QCOMPARE(m_adapter.feedRhythm()->waitsFor, std::chrono::seconds(50));
    }
};

ANTIPHON_TEST(TelegramWebhookTest)
#include "tst_telegramwebhook.moc"
