#include "app/demo/simulatedpictures.h"
#include "app/demo/simulatorthread.h"
#include "core/base/json.h"
#include "tests/simulators/tiktoktest.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SimulatedTikTokTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_platform = std::make_unique<SimulatedTikTok>(TikTokOptions{.webhookPauseScale = 0.001}, *m_clock, m_random);
        QVERIFY(m_platform->listen());
        m_client = std::make_unique<TikTokClient>(*m_platform);
        m_receiver = std::make_unique<WebhookReceiver>(*m_clock);
        QVERIFY(m_receiver->listen());
        m_platform->webhooks().setCallback(m_receiver->url());
        m_token = m_platform->issueTokens(kBusiness).accessToken;
        m_conversation = m_platform->startConversation({.username = u"mira.shops"_s, .displayName = u"Mira"_s});
        m_written = m_platform->customerWrites(m_conversation, u"Is the blue edition in stock?"_s, {.withWebhook = false});
    }
    void cleanup()
    {
        m_client.reset();
        m_platform.reset();
        m_receiver.reset();
    }

    void consentsAndRotatesTokens()
    {
        const Answered page = authorize();
        QCOMPARE(page.status, 302);
        QVERIFY(page.location.startsWith("https://shop.example/tiktok/callback?code="));
        const QString code = QUrlQuery(QUrl::fromEncoded(page.location)).queryItemValue(u"code"_s, QUrl::FullyDecoded);
        QVERIFY(code.contains(u'*') && code.contains(u'!'));
        QVERIFY(page.location.endsWith("&state=st.1"));

        QJsonObject exchange{{u"client_id"_s, kApp}, {u"client_secret"_s, kSecret}, {u"grant_type"_s, u"authorization_code"_s},
                             {u"auth_code"_s, code}, {u"redirect_uri"_s, u"https://shop.example/other"_s}};
        QCOMPARE(m_client->post(u"tt_user/oauth2/token/"_s, exchange).code(), 40002);
        exchange[u"redirect_uri"_s] = u"https://shop.example/tiktok/callback"_s;
        const QJsonObject first = m_client->post(u"tt_user/oauth2/token/"_s, exchange).data();
        QCOMPARE(first[u"open_id"_s].toString(), kBusiness);
        QCOMPARE(first[u"expires_in"_s].toInt(), 86'400);
        QCOMPARE(m_client->post(u"tt_user/oauth2/token/"_s, exchange).code(), 40002);

        m_clock->advance(24h);
        QCOMPARE(profile(first[u"access_token"_s].toString()).code(), 40105);
        const Answered refreshed = refresh(first[u"refresh_token"_s].toString());
        QCOMPARE(refreshed.code(), 0);
        QCOMPARE(refreshed.data()[u"refresh_token_expires_in"_s].toInt(), 31'536'000 - 86'400);
        QCOMPARE(profile(refreshed.data()[u"access_token"_s].toString()).data()[u"display_name"_s].toString(), u"Lantern Books"_s);
        QCOMPARE(refresh(first[u"refresh_token"_s].toString()).code(), 40105);

        const QJsonObject revoke{{u"client_id"_s, kApp}, {u"client_secret"_s, kSecret}, {u"access_token"_s, refreshed.data()[u"access_token"_s]}};
        QCOMPARE(m_client->post(u"tt_user/oauth2/revoke/"_s, revoke).code(), 0);
        QCOMPARE(profile(refreshed.data()[u"access_token"_s].toString()).code(), 40105);
        QCOMPARE(refresh(refreshed.data()[u"refresh_token"_s].toString()).code(), 40105);
    }

    void deniesAndWithholdsOnRequest()
    {
        m_platform->consentNext({.isDenied = true});
        QVERIFY(authorize().location.contains("?error=access_denied&"));
        m_platform->consentNext({.withheldScopes = {u"message.list.send"_s}});
        const QByteArray location = authorize().location;
        QVERIFY(location.contains("message.list.read") && !location.contains("message.list.send"));
        QVERIFY(authorize("client_key", "other").location.isEmpty());
        QCOMPARE(authorize("scope", "user.everything").status, 400);
        QCOMPARE(authorize("state", "").status, 400);
    }

    void judgesSends_data()
    {
        QTest::addColumn<QJsonObject>("change");
        QTest::addColumn<int>("code");
        const auto text = [](qsizetype size) { return QJsonObject{{u"text"_s, QJsonObject{{u"body"_s, QString(size, u'x')}}}}; };
        QTest::newRow("text") << QJsonObject() << 0;
        QTest::newRow("6000") << text(6000) << 0;
        QTest::newRow("6001") << text(6001) << 40002;
        QTest::newRow("empty text") << text(0) << 40002;
        QTest::newRow("unknown business") << QJsonObject{{u"business_id"_s, u"biz-9"_s}} << 40002;
        QTest::newRow("recipient type") << QJsonObject{{u"recipient_type"_s, u"USER"_s}} << 40002;
        QTest::newRow("unknown recipient") << QJsonObject{{u"recipient"_s, u"cnv+no"_s}} << 40002;
        QTest::newRow("text with image") << QJsonObject{{u"image"_s, QJsonObject{{u"media_id"_s, u"m"_s}}}} << 40002;
        QTest::newRow("unknown media") << QJsonObject{{u"message_type"_s, u"IMAGE"_s}, {u"text"_s, QJsonObject()}, {u"image"_s, QJsonObject{{u"media_id"_s, u"m"_s}}}} << 40007;
        QTest::newRow("unknown quote") << QJsonObject{{u"referenced_message_info"_s, QJsonObject{{u"referenced_message_id"_s, u"msg+no"_s}}}} << 40002;
        QTest::newRow("typing") << QJsonObject{{u"message_type"_s, u"SENDER_ACTION"_s}, {u"sender_action"_s, u"TYPING"_s}} << 0;
        QTest::newRow("unknown type") << QJsonObject{{u"message_type"_s, u"VOICE"_s}} << 40002;
    }

    void judgesSends()
    {
        QFETCH(QJsonObject, change);
        QFETCH(int, code);
        QCOMPARE(send(change).code(), code);
    }

    void refusesTokensAndClosedWindows()
    {
        QCOMPARE(m_client->post(u"business/message/send/"_s, body()).code(), 40105);
        m_clock->advance(24h - 1s);
        QCOMPARE(send().code(), 0);
        m_platform->expireAccessTokens(kBusiness);
        QCOMPARE(send().code(), 40105);
        m_clock->advance(24h + 1s);
        m_token = m_platform->issueTokens(kBusiness).accessToken;
        QCOMPARE(send().code(), 0);
        m_clock->advance(1ms);
        QCOMPARE(send().code(), 40064);
    }

    void echoesOwnSends()
    {
        const QString id = send().data()[u"message"_s][u"message_id"_s].toString();
        QVERIFY(!id.isEmpty());
        QTRY_COMPARE(m_receiver->received.size(), 1);
        QCOMPARE(m_receiver->envelope(0)[u"event"_s].toString(), u"im_send_msg"_s);
        QCOMPARE(m_receiver->content(0)[u"message_id"_s].toString(), id);
        QCOMPARE(m_receiver->content(0)[u"message_tag"_s][u"source"_s].toString(), u"API"_s);

        m_platform->setEcho(Echo::BeforeAnswer);
        QCOMPARE(send().code(), 0);
        QCOMPARE(m_receiver->received.size(), 2);

        m_platform->setEcho(Echo::AfterAnswer);
        // Lasting, since Qt's client repeats a request whose connection died; so each repeat is one more message.
        m_platform->always(u"business/message/send"_s, {.closeWithoutAnswer = true});
        QCOMPARE(send().status, 0);
        const int sent = m_platform->conversation(m_conversation)->sentInWindow;
        QVERIFY(sent >= 3);
        QTRY_COMPARE(m_receiver->received.size(), sent);
    }

    void listsWhatHappened()
    {
        for (int i = 0; i < 21; ++i) {
            m_clock->advance(1s);
            m_platform->customerWrites(m_conversation, QString::number(i), {.withWebhook = false});
        }
        const QString encoded = QString::fromLatin1(QUrl::toPercentEncoding(m_conversation));
        const Answered listed = get(u"business/message/content/list/?business_id="_s + kBusiness + u"&conversation_id="_s + encoded);
        QCOMPARE(listed.code(), 0);
        const QJsonArray messages = listed.data()[u"messages"_s].toArray();
        QCOMPARE(messages.size(), 20);
        QCOMPARE(messages[0][u"message_type"_s].toString(), u"TEXT"_s);
        QCOMPARE(messages[0][u"text"_s][u"body"_s].toString(), u"20"_s);
        QCOMPARE(messages[0][u"from_user"_s][u"role"_s].toString(), u"BUSINESS_ACCOUNT"_s);
        QCOMPARE(listed.data()[u"participants"_s][0][u"display_name"_s].toString(), u"Mira"_s);

        const Answered bare = get(u"business/message/content/list/?business_id="_s + kBusiness + u"&conversation_id="_s + m_conversation);
        QCOMPARE(bare.code(), 40002);
        QVERIFY(bare.json[u"message"_s].toString().startsWith(u"Param conversation_id is invalid"_s));
    }

    void pagesConversationsByKind()
    {
        const QString base = u"business/message/conversation/list/?business_id="_s + kBusiness + u"&conversation_type="_s;
        for (int i = 0; i < 2; ++i) {
            m_clock->advance(1s);
            m_platform->customerWrites(m_platform->startConversation({.username = u"c%1"_s.arg(i)}), u"Hi"_s, {.withWebhook = false});
        }
        const QJsonObject first = get(base + u"STRANGER&limit=2"_s).data();
        QCOMPARE(first[u"conversations"_s].toArray().size(), 2);
        QVERIFY(first[u"has_more"_s].toBool());
        const QJsonObject second = get(base + u"STRANGER&limit=2&cursor="_s + QString::number(first[u"cursor"_s].toInt())).data();
        QCOMPARE(second[u"conversations"_s][0][u"conversation_id"_s].toString(), m_conversation);
        QVERIFY(!second[u"has_more"_s].toBool());
        QCOMPARE(send().code(), 0);
        QCOMPARE(get(base + u"SINGLE&limit=10"_s).data()[u"conversations"_s].toArray().size(), 1);
        QCOMPARE(get(base + u"SINGLE&limit=101"_s).code(), 40002);
    }

    void handsOutMediaForXUserOnly()
    {
        const QByteArray picture = pictures::shelfJpeg(1);
        QVERIFY(picture.startsWith("\xff\xd8\xff"));
        const QString message = m_platform->customerSendsImage(m_conversation, picture, {.withWebhook = false});
        const QJsonValue mediaId = m_platform->conversation(m_conversation)->message(message)->content[u"image"_s][u"media_id"_s];
        const Answered link = m_client->post(u"business/message/media/download/"_s,
                                             {{u"business_id"_s, kBusiness}, {u"conversation_id"_s, m_conversation}, {u"message_id"_s, message},
                                              {u"media_id"_s, mediaId}, {u"media_type"_s, u"IMAGE"_s}}, m_token);
        const QUrl url(link.data()[u"download_url"_s].toString());
        QCOMPARE(m_client->get(url, {{"x-user", m_token.toLatin1()}}).bytes, picture);
        QCOMPARE(m_client->get(url).status, 401);
        QCOMPARE(m_client->get(url, {{"x-user", m_token.toLatin1()}, {"Access-Token", m_token.toLatin1()}}).status, 400);
        m_clock->advance(24h);
        m_token = m_platform->issueTokens(kBusiness).accessToken;
        QCOMPARE(m_client->get(url, {{"x-user", m_token.toLatin1()}}).status, 403);
    }

    void servesMediaElsewhereOnRequest()
    {
        SimulatedTikTok platform(TikTokOptions{.ownMediaHost = true}, *m_clock, m_random);
        QVERIFY(platform.listen());
        QVERIFY(platform.mediaUrl() != platform.apiUrl());
        QCOMPARE(m_client->get(QUrl(platform.mediaUrl().toString() + u"/files/profile/a.png"_s)).status, 200);
    }

    void servesFilesUntilTheyExpire()
    {
        m_platform->customerSendsSticker(m_conversation);
        m_platform->customerSendsEmoji(m_conversation);
        QTRY_COMPARE(m_receiver->received.size(), 2);
        QHash<QString, QUrl> urls;
        for (qsizetype i = 0; i < 2; ++i) {
            const QString type = m_receiver->content(i)[u"type"_s].toString();
            urls.insert(type, QUrl(m_receiver->content(i)[type][u"url"_s].toString()));
        }
        QVERIFY(m_client->get(urls[u"sticker"_s]).bytes.startsWith("\x89PNG"));
        m_clock->advance(30 * 24h);
        QCOMPARE(m_client->get(urls[u"sticker"_s]).status, 403);
        QVERIFY(m_client->get(urls[u"emoji"_s]).bytes.startsWith("\x89PNG"));
    }

    void takesUploads()
    {
        const QByteArray png = pictures::shelfPng(0);
        QCOMPARE(upload(png, "image/png").code(), 0);
        QCOMPARE(upload("GIF89a", "image/gif").code(), 40908);
        QCOMPARE(upload(QByteArray("\x89PNG\r\n\x1a\n") + QByteArray(3 * 1024 * 1024, 'x'), "image/png").code(), 40908);
        QCOMPARE(m_client->post(u"business/message/media/upload/"_s, "{}", "application/json", m_token).status, 400);
        QCOMPARE(upload(png, "").status, 400);
        const QJsonValue media = upload(png, "image/png").data()[u"media_id"_s];
        const QJsonObject image{{u"message_type"_s, u"IMAGE"_s}, {u"text"_s, QJsonObject()}, {u"image"_s, QJsonObject{{u"media_id"_s, media}}}};
        QCOMPARE(send(image).code(), 0);
        m_platform->conversation(m_conversation)->canSendImages = false;
        QCOMPARE(send(image).code(), 40064);
    }

    void misbehavesOnRequest()
    {
        const QString endpoint = u"business/message/send"_s;
        m_platform->next(endpoint, {.code = 40100, .retryAfter = 7s});
        m_platform->next(endpoint, {.httpStatus = 500});
        m_platform->next(endpoint, {.garbageBody = "<html>"});
        const Answered limited = send();
        QCOMPARE(limited.code(), 40100);
        QCOMPARE(limited.retryAfter, QByteArray("7"));
        QCOMPARE(send().status, 500);
        QCOMPARE(send().bytes, QByteArray("<html>"));
        QCOMPARE(send().code(), 0);
        m_platform->always(endpoint, {.code = 51065});
        QCOMPARE(send().code(), 51065);
        QCOMPARE(send().code(), 51065);
        m_platform->normal(endpoint);
        QCOMPARE(send().code(), 0);
        QCOMPARE(m_platform->count(endpoint), 7);
        // The two refused at first and the two by the lasting script had no effect.
        QCOMPARE(m_platform->conversation(m_conversation)->sentInWindow, 3);
    }

    void aTypingSignTakesNoScriptedAnswerAway()
    {
        m_platform->next(u"business/message/send"_s, {.code = 40064});
        const QJsonObject typing{{u"message_type"_s, u"SENDER_ACTION"_s}, {u"sender_action"_s, u"TYPING"_s}};
        QCOMPARE(send(typing).code(), 0);
        QCOMPARE(send().code(), 40064);
        QCOMPARE(send().code(), 0);
    }

    void cutsAnswersShort()
    {
        m_platform->always(u"business/message/send"_s, {.cutAfterBytes = 150, .takesEffect = false});
        QVERIFY(send().error != QNetworkReply::NoError);
        QCOMPARE(m_platform->conversation(m_conversation)->sentInWindow, 0);
        m_platform->shutDown();
        QCOMPARE(send().error, QNetworkReply::ConnectionRefusedError);
        m_platform->normal(u"business/message/send"_s);
        QVERIFY(m_platform->listen());
        QCOMPARE(send().code(), 0);
    }

    void delaysAnswers()
    {
        m_platform->next(u"business/message/send"_s, {.delay = 150ms});
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(send().code(), 0);
        QVERIFY(timer.elapsed() >= 145);
    }

    void refusesWhatScopesAndCapabilitiesForbid()
    {
        const QString asked = u"business/message/capabilities/get/?business_id="_s + kBusiness + u"&conversation_id="_s
            + QString::fromLatin1(QUrl::toPercentEncoding(m_conversation)) + u"&conversation_type=STRANGER&capability_types=%5B%22IMAGE_SEND%22%5D"_s;
        QVERIFY(get(asked).data()[u"capability_infos"_s][0][u"capability_result"_s].toBool());
        m_platform->conversation(m_conversation)->canSendImages = false;
        QVERIFY(!get(asked).data()[u"capability_infos"_s][0][u"capability_result"_s].toBool(true));

        SimulatedTikTok platform(TikTokOptions{.accounts = {{.scopes = {u"user.info.basic"_s, u"message.list.read"_s}}}}, *m_clock, m_random);
        QVERIFY(platform.listen());
        TikTokClient client(platform);
        QCOMPARE(client.post(u"business/message/send/"_s, body(), platform.issueTokens(kBusiness).accessToken).code(), 40001);
    }

    void buildsTheEnvelopes()
    {
        m_platform->customerQuotes(m_conversation, m_written, u"And this?"_s);
        QTRY_COMPARE(m_receiver->received.size(), 1);
        const QJsonObject envelope = m_receiver->envelope(0);
        QCOMPARE(envelope[u"client_key"_s].toString(), kApp);
        QCOMPARE(envelope[u"user_openid"_s].toString(), kBusiness);
        QVERIFY(envelope[u"content"_s].isString());
        QCOMPARE(m_receiver->content(0)[u"referenced_message_info"_s][u"referenced_message_id"_s].toString(), m_written);
        QCOMPARE(m_receiver->content(0)[u"from_user"_s][u"role"_s].toString(), u"personal_account"_s);

        m_platform->europeanCustomerWrites(m_conversation, u"Bonjour"_s);
        QTRY_COMPARE(m_receiver->received.size(), 2);
        QVERIFY(!m_receiver->content(1).contains(u"conversation_id"_s));
        m_platform->customerReads(m_conversation, m_clock->now());
        m_platform->customerReacts(m_conversation, m_written, u"👍"_s);
        m_platform->automaticWelcome(m_conversation, u"Welcome"_s);
        m_platform->customerSends(m_conversation, u"hologram"_s, {});
        QTRY_COMPARE(m_receiver->received.size(), 6);
        QCOMPARE(m_platform->conversation(m_conversation)->message(m_written)->reactions.size(), 1);
        m_platform->customerReacts(m_conversation, m_written, u"👍"_s, false);
        QVERIFY(m_platform->conversation(m_conversation)->message(m_written)->reactions.isEmpty());
    }

    void registersTheWebhook()
    {
        const QJsonObject app{{u"app_id"_s, kApp}, {u"secret"_s, kSecret}, {u"event_type"_s, u"DIRECT_MESSAGE"_s}};
        const QString list = u"business/webhook/list/?app_id="_s + kApp + u"&secret="_s + kSecret + u"&event_type=DIRECT_MESSAGE"_s;
        QCOMPARE(m_client->post(u"business/webhook/delete/"_s, app).code(), 0);
        QVERIFY(!get(list).data().contains(u"callback_url"_s));
        QJsonObject update = app;
        update[u"callback_url"_s] = u"https://shop.example/webhooks/tiktok"_s;
        QCOMPARE(m_client->post(u"business/webhook/update/"_s, update).code(), 0);
        QCOMPARE(get(list).data()[u"callback_url"_s].toString(), u"https://shop.example/webhooks/tiktok"_s);
        update[u"secret"_s] = u"wrong"_s;
        QCOMPARE(m_client->post(u"business/webhook/update/"_s, update).code(), 40002);
    }

    void livesInAThreadOfItsOwn()
    {
        SimulatorThread<SimulatedTikTok> hosted([this] {
            auto platform = std::make_unique<SimulatedTikTok>(TikTokOptions{}, *m_clock, m_random);
            if (!platform->listen())
                qFatal("loopback doesn't listen");
            return platform;
        });
        const QUrl url = hosted.ask([](SimulatedTikTok &platform) { return platform.webUrl(); });
        const Answered post = m_client->get(QUrl(url.toString() + u"/oembed?url=https://www.tiktok.com/@a/video/73"_s));
        QCOMPARE(post.json[u"provider_name"_s].toString(), u"TikTok"_s);
        QVERIFY(m_client->get(QUrl(post.json[u"thumbnail_url"_s].toString())).bytes.startsWith("\xff\xd8\xff"));
    }

private:
    Answered authorize(const QByteArray &changed = {}, const QByteArray &value = {})
    {
        QByteArray query;
        const QList<QPair<QByteArray, QByteArray>> parameters{{"client_key", kApp.toLatin1()}, {"response_type", "code"},
                                                              {"redirect_uri", "https%3A%2F%2Fshop.example%2Ftiktok%2Fcallback"},
                                                              {"scope", "user.info.basic,message.list.read,message.list.send"}, {"state", "st.1"}};
        for (const auto &[name, right] : parameters)
            query += name + '=' + (name == changed ? value : right) + '&';
        return m_client->get(QUrl::fromEncoded(m_platform->webUrl().toEncoded() + "/v2/auth/authorize?" + query.chopped(1)));
    }
    Answered get(const QString &path) { return m_client->get(m_client->api(path), {{"Access-Token", m_token.toLatin1()}}); }
    Answered profile(const QString &token)
    {
        return m_client->get(m_client->api(u"business/get/?business_id="_s + kBusiness + u"&fields=%5B%22display_name%22%5D"_s), {{"Access-Token", token.toLatin1()}});
    }
    Answered refresh(const QString &token)
    {
        return m_client->post(u"tt_user/oauth2/refresh_token/"_s, {{u"client_id"_s, kApp}, {u"client_secret"_s, kSecret},
                                                                   {u"grant_type"_s, u"refresh_token"_s}, {u"refresh_token"_s, token}});
    }
    QJsonObject body() const
    {
        return {{u"business_id"_s, kBusiness}, {u"recipient_type"_s, u"CONVERSATION"_s}, {u"recipient"_s, m_conversation},
                {u"message_type"_s, u"TEXT"_s}, {u"text"_s, QJsonObject{{u"body"_s, u"Yes."_s}}}};
    }
    Answered send(const QJsonObject &change = {})
    {
        QJsonObject changed = body();
        for (auto it = change.begin(); it != change.end(); ++it)
            changed.insert(it.key(), it.value());
        return m_client->post(u"business/message/send/"_s, changed, m_token);
    }
    Answered upload(const QByteArray &file, const QByteArray &type)
    {
        const auto part = [](const QByteArray &name, const QByteArray &value) {
            return "--cut\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
        };
        QByteArray form = part("business_id", kBusiness.toLatin1()) + part("media_type", "IMAGE");
        form += "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n";
        form += (type.isEmpty() ? QByteArray() : "Content-Type: " + type + "\r\n") + "\r\n" + file + "\r\n--cut--\r\n";
        return m_client->post(u"business/message/media/upload/"_s, form, "multipart/form-data; boundary=cut", m_token);
    }

    const QString kBusiness = u"biz-0001-openid"_s;
    const QString kApp = u"7000000000000000001"_s;
    const QString kSecret = u"antiphon-test-app-secret"_s;
    std::unique_ptr<FakeClock> m_clock{};
    FakeRandom m_random{};
    std::unique_ptr<SimulatedTikTok> m_platform{};
    std::unique_ptr<TikTokClient> m_client{};
    std::unique_ptr<WebhookReceiver> m_receiver{};
    QString m_token{};
    QString m_conversation{};
    QString m_written{};
};

ANTIPHON_TEST(SimulatedTikTokTest)
#include "tst_simulatedtiktok.moc"
