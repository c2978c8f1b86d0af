#include "app/demo/simulatedpictures.h"
#include "app/demo/simulatedtelegram.h"
#include "app/demo/telegramhtml.h"
#include "core/net/formdata.h"
#include "tests/simulators/graphtest.h"
#include "tests/simulators/hookreceiver.h"
#include "tests/support/testmain.h"

#include <QTimer>

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SimulatedTelegramTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_platform = std::make_unique<SimulatedTelegram>(TelegramOptions{.pauseScale = 0.001}, *m_clock, m_random);
        QVERIFY(m_platform->listen());
        m_client = std::make_unique<GraphClient>(m_platform->apiUrl());
        m_receiver = std::make_unique<HookReceiver>(*m_clock);
        QVERIFY(m_receiver->listen());
    }
    void cleanup()
    {
        m_client.reset();
        m_platform.reset();
        m_receiver.reset();
    }

    void knowsItsBotByItsToken()
    {
        const QJsonObject me = call(u"getMe"_s).json[u"result"_s].toObject();
        QCOMPARE(me[u"id"_s].toInteger(), 7000000001);
        QVERIFY(me[u"can_connect_to_business"_s].toBool());
        QCOMPARE(call(u"GETME"_s).status, 200);
        QCOMPARE(call(u"getYou"_s).status, 404);
        QCOMPARE(m_client->get(u"/bot7000000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe"_s).status, 401);
        QCOMPARE(m_client->get(u"/botnonsense/getMe"_s).status, 404);
        const QString old = m_platform->token();
        m_platform->issueToken();
        QCOMPARE(m_client->get(u"/bot%1/getMe"_s.arg(old)).json[u"description"_s].toString(), u"Unauthorized"_s);
    }

    void setsItsWebhookWithinItsRules()
    {
        const auto set = [this](const QJsonObject &values) {
            m_clock->advance(1s);
            return call(u"setWebhook"_s, values).json[u"description"_s].toString();
        };
        const QString url = m_receiver->url(u"/webhooks/telegram/1"_s).toString();
        QCOMPARE(set({{u"url"_s, u"http://shop.example/x"_s}}), u"Bad Request: bad webhook: An HTTPS URL must be provided for webhook"_s);
        QCOMPARE(set({{u"url"_s, u"https://shop.example:444/x"_s}}), u"Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"_s);
        QCOMPARE(set({{u"url"_s, url}, {u"secret_token"_s, u"a b"_s}}), u"Bad Request: secret token contains unallowed characters"_s);
        QCOMPARE(set({{u"url"_s, url}, {u"secret_token"_s, QString(257, u'a')}}), u"Bad Request: secret token is too long"_s);
        QCOMPARE(set({{u"url"_s, url}, {u"max_connections"_s, 101}}), u"Bad Request: max_connections must be between 1 and 100"_s);
        QCOMPARE(set({{u"url"_s, url}, {u"colour"_s, u"red"_s}}), u"Bad Request: unknown parameter colour"_s);
        QCOMPARE(set({{u"url"_s, url}, {u"secret_token"_s, u"s-1"_s}, {u"allowed_updates"_s, QJsonArray{u"message"_s}}}), u"Webhook was set"_s);
        QCOMPARE(call(u"setWebhook"_s, {{u"url"_s, url}}).json[u"parameters"_s][u"retry_after"_s].toInt(), 1);
        const QJsonObject info = call(u"getWebhookInfo"_s).json[u"result"_s].toObject();
        QCOMPARE(info[u"url"_s].toString(), url);
        QCOMPARE(info[u"allowed_updates"_s].toArray(), QJsonArray{u"message"_s});
        m_platform->connectBusiness(kOlga);
        m_platform->customerWrites(kAna, u"hello"_s);
        QTRY_COMPARE(m_receiver->received.size(), 1);
        QCOMPARE(m_receiver->received[0].header("X-Telegram-Bot-Api-Secret-Token"), "s-1");
        QCOMPARE(m_receiver->body(0)[u"message"_s][u"text"_s].toString(), u"hello"_s);
        QTRY_COMPARE(m_platform->pending(), 0);
    }

    void repeatsWhatWasNotTakenAndHoldsBackOnlyItsChat()
    {
        call(u"setWebhook"_s, {{u"url"_s, m_receiver->url().toString()}, {u"max_connections"_s, 1}});
        m_receiver->replies = {{.status = 503}, {.status = 200}, {.status = 500}, {.status = 200, .body = R"({"method":"sendMessage"})"}};
        m_platform->customerWrites(kAna, u"one"_s);
        m_platform->customerWrites(kAna, u"two"_s);
        m_platform->customerWrites(kBob, u"three"_s);
        QTRY_COMPARE(m_platform->pending(), 0);
        QStringList texts;
        for (qsizetype i = 0; i < m_receiver->received.size(); ++i)
            texts.append(m_receiver->body(i)[u"message"_s][u"text"_s].toString());
        QCOMPARE(texts.size(), 5);
        QVERIFY(texts.lastIndexOf(u"one"_s) < texts.indexOf(u"two"_s));
        QVERIFY(texts.indexOf(u"three"_s) < texts.lastIndexOf(u"two"_s));
        QCOMPARE(m_platform->executedAnswers(), 1);
        QVERIFY(call(u"getWebhookInfo"_s).json[u"result"_s][u"last_error_message"_s].toString().contains(u"500"_s));
    }

    void handsOutUpdatesUntilTheyAreConfirmed()
    {
        m_platform->customerWrites(kAna, u"one"_s);
        m_platform->customerWrites(kAna, u"two"_s);
        const auto ids = [this](const QJsonObject &values) {
            QStringList found;
            const QJsonArray updates = call(u"getUpdates"_s, values).json[u"result"_s].toArray();
            for (const QJsonValue &update : updates)
                found.append(update[u"message"_s][u"text"_s].toString());
            return found;
        };
        const qint64 last = m_platform->lastUpdate();
        QCOMPARE(ids({}), QStringList({u"one"_s, u"two"_s}));
        QCOMPARE(ids({{u"limit"_s, 1}}), QStringList{u"one"_s});
        QCOMPARE(ids({{u"offset"_s, last}}), QStringList{u"two"_s});
        QCOMPARE(ids({}), QStringList{u"two"_s});
        QTimer::singleShot(20, this, [this] { m_platform->customerWrites(kAna, u"three"_s); });
        QCOMPARE(ids({{u"offset"_s, last + 1}, {u"timeout"_s, 50}}), QStringList{u"three"_s});
        m_platform->setOtherPoller(true);
        QCOMPARE(call(u"getUpdates"_s).status, 409);
        m_platform->setOtherPoller(false);
        call(u"setWebhook"_s, {{u"url"_s, u"https://shop.example/x"_s}});
        QVERIFY(call(u"getUpdates"_s).json[u"description"_s].toString().contains(u"webhook is active"_s));
        QCOMPARE(call(u"deleteWebhook"_s).status, 200);
        QCOMPARE(call(u"getUpdates"_s).status, 200);
    }

    void readsHtmlAsDocumented_data()
    {
        QTest::addColumn<QString>("html");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("kinds");
        QTest::newRow("plain") << u"a & b"_s << QString() << u"error"_s;
        QTest::newRow("escaped") << u"1 &lt; 2 &amp; &#128230; &quot;"_s << u"1 < 2 & 📦 \""_s << QString();
        QTest::newRow("nested") << u"<strong>a <em>b</em></strong> <del>c</del>"_s << u"a b c"_s << u"italic bold strikethrough"_s;
        QTest::newRow("link") << u"<a href=\"https://a.example/?x=1&amp;y=2\">here</a>"_s << u"here"_s << u"text_link"_s;
        QTest::newRow("code") << u"<pre><code class=\"language-cpp\">a</code></pre>"_s << u"a"_s << u"pre"_s;
        QTest::newRow("bold in code") << u"<code>a <b>b</b></code>"_s << QString() << u"error"_s;
        QTest::newRow("quote in quote") << u"<blockquote>a<blockquote>b</blockquote></blockquote>"_s << QString() << u"error"_s;
        QTest::newRow("not closed") << u"<b>a"_s << QString() << u"error"_s;
        QTest::newRow("crossed") << u"<b><i>a</b></i>"_s << QString() << u"error"_s;
        QTest::newRow("paragraph") << u"<p>a</p>"_s << QString() << u"error"_s;
        QTest::newRow("script") << u"<script>alert(1)</script>"_s << QString() << u"error"_s;
        QTest::newRow("unknown entity") << u"a&nbsp;b"_s << QString() << u"error"_s;
        QTest::newRow("bare sign") << u"a < b"_s << QString() << u"error"_s;
        QTest::newRow("attribute") << u"<b class=\"x\">a</b>"_s << QString() << u"error"_s;
    }

    void readsHtmlAsDocumented()
    {
        QFETCH(QString, html);
        QFETCH(QString, text);
        QFETCH(QString, kinds);
        const TelegramText read = readTelegramHtml(html);
        QStringList found;
        for (const QJsonValue &entity : read.entities)
            found.append(entity[u"type"_s].toString());
        QCOMPARE(read.error.isEmpty() ? found.join(u' ') : u"error"_s, kinds);
        QCOMPARE(read.text, text);
    }

    void judgesTexts()
    {
        const auto send = [this](const QString &text, QJsonObject more = {}) {
            more.insert(u"chat_id"_s, kAna.id);
            more.insert(u"text"_s, text);
            return call(u"sendMessage"_s, more).json[u"description"_s].toString();
        };
        QCOMPARE(send(u"hello"_s), u"Bad Request: chat not found"_s);
        m_platform->customerStarts(kAna);
        QCOMPARE(send(u"hello"_s), QString());
        QCOMPARE(send(u"<b>%1</b>"_s.arg(QString(4096, u'x')), {{u"parse_mode"_s, u"HTML"_s}}), QString());
        QCOMPARE(send(QString(4097, u'x')), u"Bad Request: message is too long"_s);
        QCOMPARE(send(u"  "_s), u"Bad Request: message text is empty"_s);
        QVERIFY(send(u"<p>x</p>"_s, {{u"parse_mode"_s, u"HTML"_s}}).contains(u"can't parse entities"_s));
        QVERIFY(send(u"x"_s, {{u"caption"_s, u"x"_s}}).contains(u"unknown parameter caption"_s));
        QVERIFY(send(u"x"_s, {{u"reply_to_message_id"_s, 1}}).contains(u"unknown parameter"_s));
        QCOMPARE(send(u"x"_s, {{u"reply_parameters"_s, QJsonObject{{u"message_id"_s, 99}}}}), u"Bad Request: message to be replied not found"_s);
        QCOMPARE(send(u"x"_s, {{u"reply_parameters"_s, QJsonObject{{u"message_id"_s, 99}, {u"allow_sending_without_reply"_s, true}}}}), QString());
        m_platform->customerBlocks(kAna);
        QCOMPARE(send(u"x"_s), u"Forbidden: bot was blocked by the user"_s);
        m_platform->customerUnblocks(kAna);
        m_platform->customerDeletesAccount(kAna);
        QCOMPARE(send(u"x"_s), u"Forbidden: user is deactivated"_s);
        m_platform->next(u"sendMessage"_s, {.message = u"Too Many Requests: retry after 7"_s, .httpStatus = 429, .retryAfter = 7s});
        const GraphAnswer busy = call(u"sendMessage"_s, {{u"chat_id"_s, kAna.id}, {u"text"_s, u"x"_s}});
        QCOMPARE(busy.json[u"parameters"_s][u"retry_after"_s].toInt(), 7);
        QCOMPARE(busy.retryAfter, "7");
        QCOMPARE(m_platform->sent().size(), 3);
    }

    void takesFilesAndAlbumsFromForms()
    {
        m_platform->customerStarts(kAna);
        const auto upload = [this](const QString &method, const QList<std::pair<QByteArray, QByteArray>> &fields, const QList<std::pair<QByteArray, QByteArray>> &files) {
            FormData form("b0und4ry");
            form.addField("chat_id", QByteArray::number(kAna.id));
            for (const auto &[name, value] : fields)
                form.addField(name, value);
            for (const auto &[name, bytes] : files)
                form.addFile(name, u"a.bin"_s, "application/octet-stream", bytes);
            return m_client->call("POST", u"/bot%1/%2"_s.arg(m_platform->token(), method), form.body(), form.contentType(), {});
        };
        const QByteArray picture = pictures::shelfJpeg(1);
        QCOMPARE(upload(u"sendPhoto"_s, {{"caption", "<b>lid</b>"}, {"parse_mode", "HTML"}}, {{"photo", picture}}).status, 200);
        QCOMPARE(m_platform->sent().last().message[u"caption"_s].toString(), u"lid"_s);
        QCOMPARE(m_platform->sent().last().files[0].bytes, picture);
        QCOMPARE(upload(u"sendPhoto"_s, {{"caption", QByteArray(1025, 'x')}}, {{"photo", picture}}).json[u"description"_s].toString(), u"Bad Request: message caption is too long"_s);
        QCOMPARE(upload(u"sendPhoto"_s, {}, {{"photo", "no picture"}}).status, 400);
        QCOMPARE(upload(u"sendDocument"_s, {}, {{"photo", picture}}).status, 400);
        QCOMPARE(upload(u"sendVoice"_s, {}, {{"voice", "ID3"}}).status, 400);
        const QByteArray album = R"([{"type":"photo","media":"attach://f0","caption":"both"},{"type":"photo","media":"attach://f1"}])";
        const GraphAnswer sent = upload(u"sendMediaGroup"_s, {{"media", album}}, {{"f0", picture}, {"f1", picture}});
        QCOMPARE(sent.json[u"result"_s].toArray().size(), 2);
        QVERIFY(!sent.json[u"result"_s][1][u"media_group_id"_s].toString().isEmpty());
        const QByteArray mixed = R"([{"type":"photo","media":"attach://f0"},{"type":"document","media":"attach://f1"}])";
        QCOMPARE(upload(u"sendMediaGroup"_s, {{"media", mixed}}, {{"f0", picture}, {"f1", picture}}).status, 400);
        const QByteArray single = R"([{"type":"photo","media":"attach://f0"}])";
        QCOMPARE(upload(u"sendMediaGroup"_s, {{"media", single}}, {{"f0", picture}}).status, 400);
    }

    void handsOutFilesUpToItsLimit()
    {
        const QJsonObject file = m_platform->offerFile("bytes of a file");
        const GraphAnswer found = call(u"getFile"_s, {{u"file_id"_s, file[u"file_id"_s]}});
        const QString path = found.json[u"result"_s][u"file_path"_s].toString();
        QCOMPARE(m_client->get(u"/file/bot%1/%2"_s.arg(m_platform->token(), path)).bytes, "bytes of a file");
        QCOMPARE(m_client->get(u"/file/bot7000000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/%1"_s.arg(path)).status, 401);
        const QJsonObject huge = m_platform->offerFile({}, (20 << 20) + 1);
        QCOMPARE(call(u"getFile"_s, {{u"file_id"_s, huge[u"file_id"_s]}}).json[u"description"_s].toString(), u"Bad Request: file is too big"_s);
        QCOMPARE(call(u"getFile"_s, {{u"file_id"_s, u"other"_s}}).status, 400);
        QCOMPARE(call(u"getUserProfilePhotos"_s, {{u"user_id"_s, kAna.id}}).json[u"result"_s][u"total_count"_s].toInt(-1), 0);
    }

    void bringsABusinessesSendsBack()
    {
        const QString connection = m_platform->connectBusiness(kOlga, {u"can_reply"_s});
        QCOMPARE(call(u"getBusinessConnection"_s, {{u"business_connection_id"_s, connection}}).json[u"result"_s][u"user"_s][u"username"_s].toString(), u"olga_shop"_s);
        const auto send = [&] { return call(u"sendMessage"_s, {{u"chat_id"_s, kAna.id}, {u"business_connection_id"_s, connection}, {u"text"_s, u"Parking is free"_s}}); };
        QCOMPARE(send().json[u"description"_s].toString(), u"Bad Request: BUSINESS_PEER_INVALID"_s);
        const qint64 asked = m_platform->customerWrites(kAna, u"Are you open?"_s, {.connection = connection});
        const qint64 before = m_platform->lastUpdate();
        QCOMPARE(send().json[u"result"_s][u"sender_business_bot"_s][u"id"_s].toInteger(), 7000000001);
        QTRY_COMPARE(m_platform->lastUpdate(), before + 1);
        const QJsonObject echo = QJsonDocument::fromJson(m_platform->updateBytes(before + 1)).object()[u"business_message"_s].toObject();
        QCOMPARE(echo[u"from"_s][u"id"_s].toInteger(), kOlga.id);
        QCOMPARE(echo[u"chat"_s][u"id"_s].toInteger(), kAna.id);
        const QJsonObject mark{{u"business_connection_id"_s, connection}, {u"chat_id"_s, kAna.id}, {u"message_id"_s, asked}};
        QCOMPARE(call(u"readBusinessMessage"_s, mark).status, 403);
        m_platform->changeBusiness(connection, true, {u"can_reply"_s, u"can_read_messages"_s});
        QCOMPARE(call(u"readBusinessMessage"_s, mark).status, 200);
        m_clock->advance(24h + 1min);
        QCOMPARE(send().status, 400);
        QCOMPARE(call(u"sendMessage"_s, {{u"chat_id"_s, kAna.id}, {u"text"_s, u"x"_s}}).json[u"description"_s].toString(), u"Bad Request: chat not found"_s);
        m_platform->changeBusiness(connection, false, {u"can_reply"_s});
        QCOMPARE(send().json[u"description"_s].toString(), u"Bad Request: BUSINESS_CONNECTION_INVALID"_s);
    }

    void countsMessagesInEachChatAndWaitsForAnswersToButtons()
    {
        QCOMPARE(m_platform->customerWrites(kAna, u"one"_s), 1);
        QCOMPARE(m_platform->customerWrites(kBob, u"one"_s), 1);
        const QString query = m_platform->customerPresses(kAna, 1, u"yes"_s);
        QCOMPARE(call(u"answerCallbackQuery"_s, {{u"callback_query_id"_s, query}}).status, 200);
        QCOMPARE(call(u"answerCallbackQuery"_s, {{u"callback_query_id"_s, query}}).status, 400);
        QCOMPARE(m_platform->answeredQueries(), QStringList{query});
        QCOMPARE(call(u"sendChatAction"_s, {{u"chat_id"_s, kAna.id}, {u"action"_s, u"typing"_s}}).status, 200);
        QCOMPARE(call(u"sendChatAction"_s, {{u"chat_id"_s, kAna.id}, {u"action"_s, u"dancing"_s}}).status, 400);
    }

private:
    GraphAnswer call(const QString &method, const QJsonObject &values = {})
    {
        const QString path = u"/bot%1/%2"_s.arg(m_platform->token(), method);
        return values.isEmpty() ? m_client->get(path) : m_client->post(path, values, {});
    }

    const TelegramPerson kAna{.id = 5500000001, .firstName = u"Ana"_s, .lastName = u"Ruiz"_s, .username = u"ana_r"_s, .languageCode = u"es"_s};
    const TelegramPerson kBob{.id = 5500000002, .firstName = u"Bob"_s};
    const TelegramPerson kOlga{.id = 6600000001, .firstName = u"Olga"_s, .username = u"olga_shop"_s};
    FakeRandom m_random;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<SimulatedTelegram> m_platform;
    std::unique_ptr<GraphClient> m_client;
    std::unique_ptr<HookReceiver> m_receiver;
};

ANTIPHON_TEST(SimulatedTelegramTest)
#include "tst_simulatedtelegram.moc"
