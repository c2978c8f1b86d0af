#include "core/base/json.h"
#include "core/channels/instagram/instagramaccounts.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/instagram/instagrampage.h"
#include "core/channels/messenger/messengeraccounts.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// Instagram accounts by way of the Facebook Page they are linked to: whose host, whose name, whose proof.
class InstagramPageTest : public QObject {
    Q_OBJECT

    InstagramAdapter m_adapter;
    InstagramAccounts m_accounts;
    const ChannelEndpoints m_endpoints{.api = QUrl(u"https://instagram.example"_s), .data = QUrl(u"https://facebook.example/proxy"_s), .web = QUrl(u"https://login.example"_s)};
    // The documented pair of token and secret.
    const InboxCredentials m_inbox{.account = u"17840000000000001"_s,
                                   .accessToken = u"EAATESTPAGETOKEN"_s,
                                   .appSecret = u"antiphon-fb-secret"_s,
                                   .appId = u"610"_s,
                                   .settings = {{u"page_id"_s, u"300000000000001"_s}, {u"username"_s, u"lantern.books"_s}}};
    const QString m_proof = u"9c938d8b6fd3f215dcf10be561eb07e67012b71a2c5e4690c8f3e022652ec0d4"_s;
    const QString m_customer = u"9000000000000001"_s;

    static HttpReply ok(const QByteArray &body) { return {.status = 200, .body = body, .requestWritten = true}; }
    static HttpReply refusal(int code, const QByteArray &words = "Words.", int status = 400)
    {
        return {.status = status, .body = "{\"error\":{\"message\":\"" + words + "\",\"code\":" + QByteArray::number(code) + ",\"fbtrace_id\":\"A1\"}}", .requestWritten = true};
    }
    static QString value(const QUrl &url, const QString &name) { return QUrlQuery(url).queryItemValue(name, QUrl::FullyDecoded); }

    template <typename T>
    static HttpRequest first(const OperationPtr<T> &operation)
    {
        const auto step = operation ? operation->start() : typename Operation<T>::Step(Error());
        return step.index() == 0 ? std::get<0>(step) : HttpRequest();
    }

    /// Made at Facebook's host with the Page's token and its proof, and no token in a header.
    void isOfThePage(const HttpRequest &request, const QByteArray &method, const QString &path) const
    {
        QCOMPARE(request.method, method);
        QCOMPARE(request.url.host(), u"facebook.example"_s);
        QCOMPARE(request.url.path(), u"/proxy/v23.0/"_s + path);
        QCOMPARE(value(request.url, u"access_token"_s), m_inbox.accessToken);
        QCOMPARE(value(request.url, u"appsecret_proof"_s), m_proof);
        for (const auto &header : request.headers)
            QVERIFY(header.first != "Authorization");
    }

    /// The error at the end of these answers.
    Error refused(const InboxCredentials &inbox, const QList<HttpReply> &answers) const
    {
        const auto operation = m_accounts.profile(inbox, m_endpoints);
        auto step = operation->start();
        for (const HttpReply &answer : answers) {
            if (step.index() == 0)
                step = operation->next(answer);
        }
        return step.index() == 2 ? std::get<2>(step) : Error{Error::Kind::Cancelled, u"no error"_s};
    }

private slots:
    void textsAndFilesGoInThePagesName()
    {
        OutboundMessage message{.contactSourceId = m_customer, .content = u"Yes, two left."_s};
        const auto bodyOf = [](const HttpRequest &request) { const auto body = json::parseObject(request.body); return body ? *body : QJsonObject(); };
        const HttpRequest text = first(m_adapter.send(m_adapter.parts(message).first(), m_inbox, m_endpoints, u"k"_s));
        isOfThePage(text, "POST", u"300000000000001/messages"_s);
        QVERIFY(text.headers.contains({"Content-Type", "application/json"}));
        QCOMPARE(bodyOf(text), (QJsonObject{{u"recipient"_s, QJsonObject{{u"id"_s, m_customer}}}, {u"message"_s, QJsonObject{{u"text"_s, u"Yes, two left."_s}}}}));

        message.attachments = {{.kind = Attachment::Kind::Image, .mime = u"image/png"_s, .size = 4, .link = QUrl(u"https://in.example/media/t"_s)}};
        const HttpRequest file = first(m_adapter.send(m_adapter.parts(message).first(), m_inbox, m_endpoints, u"k"_s));
        isOfThePage(file, "POST", u"300000000000001/messages"_s);
        QCOMPARE(bodyOf(file)[u"message"_s][u"attachment"_s][u"payload"_s][u"url"_s].toString(), u"https://in.example/media/t"_s);
        QVERIFY(file.timeout > std::chrono::seconds(75));

        InboxCredentials week = m_inbox;
        week.settings.insert(u"human_agent"_s, true);
        message.attachments.clear();
        message.sinceCustomer = std::chrono::hours(30);
        QCOMPARE(bodyOf(first(m_adapter.send(m_adapter.parts(message).first(), week, m_endpoints, u"k"_s)))[u"tag"_s].toString(), u"HUMAN_AGENT"_s);
    }

    void signsGoInThePagesName()
    {
        isOfThePage(*m_adapter.react({.contactSourceId = m_customer, .messageSourceId = u"mid.1"_s, .emoji = u"❤️"_s}, m_inbox, m_endpoints), "POST", u"300000000000001/messages"_s);
        isOfThePage(*m_adapter.markRead(m_customer, u"mid.1"_s, {}, m_inbox, m_endpoints), "POST", u"300000000000001/messages"_s);
        isOfThePage(*m_adapter.typing(m_customer, u"mid.1"_s, m_inbox, m_endpoints), "POST", u"300000000000001/messages"_s);
    }

    void whatIsLookedUpIsAskedOfFacebook()
    {
        isOfThePage(first(m_adapter.customerProfile(m_customer, m_inbox, m_endpoints)), "GET", m_customer);
        const HttpRequest thread = first(m_adapter.listThread(m_customer, m_inbox, m_endpoints));
        isOfThePage(thread, "GET", u"300000000000001/conversations"_s);
        QCOMPARE(value(thread.url, u"platform"_s), u"instagram"_s);
        QCOMPARE(value(thread.url, u"user_id"_s), m_customer);
        const HttpRequest threads = first(m_adapter.listThreads({}, m_inbox, m_endpoints));
        isOfThePage(threads, "GET", u"300000000000001/conversations"_s);
        QCOMPARE(value(threads.url, u"platform"_s), u"instagram"_s);
    }

    void withoutThePageEverythingIsAsItWas()
    {
        const InboxCredentials login{.account = u"17840000000000001"_s, .accessToken = u"IGAA"_s, .appSecret = u"x"_s};
        const OutboundMessage message{.contactSourceId = m_customer, .content = u"Hi"_s};
        const HttpRequest text = first(m_adapter.send(m_adapter.parts(message).first(), login, m_endpoints, u"k"_s));
        QCOMPARE(text.url, QUrl(u"https://instagram.example/v23.0/17840000000000001/messages"_s));
        QCOMPARE(first(m_adapter.listThreads({}, login, m_endpoints)).url.path(), u"/v23.0/me/conversations"_s);
        QCOMPARE(m_accounts.application(login.settings), Channel::Instagram);
        QVERIFY(m_accounts.subscriptionKey(login).isEmpty());
        QVERIFY(m_accounts.refresh(login, {}, m_endpoints));
        QCOMPARE(m_accounts.fieldsOf({}).token, u"access_token"_s);
        QCOMPARE(m_accounts.officialEndpoints().data, QUrl(u"https://graph.facebook.com"_s));
    }

    void thePageTellsWhoseAccountItIs()
    {
        InboxCredentials typed = m_inbox;
        typed.account.clear();
        const auto operation = m_accounts.profile(typed, m_endpoints);
        const HttpRequest request = first(operation);
        isOfThePage(request, "GET", u"300000000000001"_s);
        QCOMPARE(value(request.url, u"fields"_s), u"id,name,instagram_business_account{id,username,name,profile_picture_url}"_s);
        const auto step = operation->next(ok("{\"id\":\"300000000000001\",\"name\":\"Lantern Books\",\"instagram_business_account\":{\"id\":\"17840000000000001\",\"username\":\"lantern.books\","
                                             "\"name\":\"Lantern\",\"profile_picture_url\":\"https://x.fbcdn.net/p\"}}"));
        QCOMPARE(step.index(), size_t(1));
        const AccountProfile profile = std::get<1>(step);
        QCOMPARE(profile.account, u"17840000000000001"_s);
        QCOMPARE(profile.username, u"lantern.books"_s);
        QCOMPARE(profile.displayName, u"Lantern"_s);
        QCOMPARE(profile.picture, QUrl(u"https://x.fbcdn.net/p"_s));
        QCOMPARE(profile.settings.value("page_name"_L1).toString(), u"Lantern Books"_s);
    }

    void saysWhatIsWrongAndWhatToDo_data()
    {
        using Replies = QList<HttpReply>;
        QTest::addColumn<Replies>("answers");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("words");
        const HttpReply bare = ok("{\"id\":\"300000000000001\",\"name\":\"Lantern Books\"}");
        QTest::newRow("nothing linked") << Replies{bare, ok("{\"id\":\"300000000000001\",\"name\":\"Lantern Books\"}")} << u"page_id"_s << u"Linked accounts"_s;
        QTest::newRow("nothing linked, whose isn't told") << Replies{bare, refusal(100)} << u"page_id"_s << u"Linked accounts"_s;
        QTest::newRow("token of another page") << Replies{bare, ok("{\"id\":\"300000000000002\",\"name\":\"Lantern Cafe\"}")} << u"page_id"_s << u"that of Lantern Cafe (300000000000002)"_s;
        QTest::newRow("another page answers") << Replies{ok("{\"id\":\"300000000000009\"}")} << u"page_id"_s << u"300000000000009"_s;
        QTest::newRow("page unknown to the token") << Replies{refusal(100, "Unsupported get request.")} << u"page_id"_s << u"that very Page"_s;
        QTest::newRow("no such page") << Replies{refusal(803, "Some of the aliases do not exist.", 404)} << u"page_id"_s << u"id of a Page"_s;
        QTest::newRow("token refused") << Replies{refusal(190, "Invalid OAuth access token.", 401)} << u"page_access_token"_s << u"Generate"_s;
        QTest::newRow("permission missing, 10") << Replies{refusal(10, "Application does not have permission.", 403)} << u"page_access_token"_s << u"instagram_manage_messages"_s;
        QTest::newRow("permission missing, 200") << Replies{refusal(200, "Requires instagram_basic permission.", 403)} << u"page_access_token"_s << u"App Dashboard"_s;
        QTest::newRow("secret of another app") << Replies{refusal(100, "Invalid appsecret_proof provided in the API argument")} << u"page_access_token"_s << u"entered for Messenger"_s;
        QTest::newRow("another account is linked")
            << Replies{ok("{\"id\":\"300000000000001\",\"name\":\"Lantern Books\",\"instagram_business_account\":{\"id\":\"17840000000000007\",\"username\":\"seven\"}}")}
            << u"instagram_id"_s << u"seven (17840000000000007)"_s;
    }

    void saysWhatIsWrongAndWhatToDo()
    {
        QFETCH(QList<HttpReply>, answers);
        QFETCH(QString, field);
        QFETCH(QString, words);
        const Error error = refused(m_inbox, answers);
        QCOMPARE(error.kind, Error::Kind::Invalid);
        QCOMPARE(error.field, field);
        QVERIFY2(error.detail.contains(words), qPrintable(error.detail));
    }

    void aSecretThatWasNeverEnteredIsNamed()
    {
        InboxCredentials bare = m_inbox;
        bare.appSecret.clear();
        const Error error = refused(bare, {refusal(100, "API calls from the server require an appsecret_proof argument")});
        QCOMPARE(error.kind, Error::Kind::Invalid);
        QCOMPARE(error.field, u"app_secret"_s);
        QVERIFY2(error.detail.contains(u"No app secret is entered"_s), qPrintable(error.detail));
    }

    void whatIsNobodysFaultNamesNoField()
    {
        const Error late = refused(m_inbox, {{.transport = Error{Error::Kind::Timeout, u"no answer"_s}}});
        QCOMPARE(late.kind, Error::Kind::Network);
        QVERIFY(late.field.isEmpty());
        QCOMPARE(refused(m_inbox, {refusal(4, "Application request limit reached", 403)}).kind, Error::Kind::RateLimited);
        QCOMPARE(refused(m_inbox, {refusal(2, "Service temporarily unavailable", 500)}).kind, Error::Kind::Unavailable);
    }

    /// The second question, whose the token is, ends in nothing: that no account is linked isn't known by then.
    void aQuestionThatWasNotAnsweredIsNoAnswer()
    {
        const HttpReply bare = ok("{\"id\":\"300000000000001\",\"name\":\"Lantern Books\"}");
        const QList<std::pair<HttpReply, Error::Kind>> cases{{{.transport = Error{Error::Kind::Timeout, u"no answer"_s}}, Error::Kind::Network},
                                                             {refusal(4, "Application request limit reached", 403), Error::Kind::RateLimited},
                                                             {refusal(2, "Service temporarily unavailable", 500), Error::Kind::Unavailable}};
        for (const auto &[reply, kind] : cases) {
            const Error error = refused(m_inbox, {bare, reply});
            QCOMPARE(error.kind, kind);
            QVERIFY(error.field.isEmpty());
        }
    }

    void isTypedByItsPage()
    {
        const AccountFields fields = m_accounts.fieldsOf(m_inbox.settings);
        QCOMPARE(fields.account, u"instagram_id"_s);
        QCOMPARE(fields.settings, QStringList{u"page_id"_s});
        QCOMPARE(fields.secrets, QStringList{u"page_access_token"_s});
        QCOMPARE(fields.token, u"page_access_token"_s);
        QCOMPARE(fields.tokenAlso, u"access_token"_s);
        QCOMPARE(fields.way, u"page_id"_s);
        QCOMPARE(m_accounts.application(m_inbox.settings), Channel::Messenger);
        QVERIFY(!m_accounts.refresh(m_inbox, {}, m_endpoints));              // a Page's token does not end by time
    }

    void oneSubscriptionServesMessengerToo()
    {
        const InboxCredentials page{.account = u"300000000000001"_s, .accessToken = m_inbox.accessToken, .appSecret = m_inbox.appSecret, .appId = m_inbox.appId};
        const MessengerAccounts messenger;
        QVERIFY(!m_accounts.subscriptionKey(m_inbox).isEmpty());
        QCOMPARE(messenger.subscriptionKey(page), m_accounts.subscriptionKey(m_inbox));
        // Messenger's call replaces the list: it must have everything that Instagram needs.
        const QStringList messengers = value(first(messenger.subscribe({}, page, {.api = m_endpoints.data})).url, u"subscribed_fields"_s).split(u',');
        const QStringList wanted = instagram::pageSubscription().wanted;
        for (const QString &field : wanted)
            QVERIFY2(messengers.contains(field), qPrintable(field));
        isOfThePage(*m_accounts.unsubscribe(m_inbox, m_endpoints), "DELETE", u"300000000000001/subscribed_apps"_s);
    }

    void subscribingKeepsWhatStands_data()
    {
        QTest::addColumn<QByteArray>("standing");
        QTest::addColumn<QString>("fields");
        const QString own = u"messages,messaging_postbacks,message_reactions,messaging_referrals"_s;
        QTest::newRow("nothing") << QByteArray("{\"data\":[]}") << own;
        QTest::newRow("Messenger's") << QByteArray("{\"data\":[{\"id\":\"610\",\"subscribed_fields\":[\"message_echoes\",\"messages\",\"feed\"]}]}") << own + u",message_echoes,feed"_s;
        QTest::newRow("another app's") << QByteArray("{\"data\":[{\"id\":\"999\",\"subscribed_fields\":[\"leadgen\"]}]}") << own;
        QTest::newRow("both, named as objects")
            << QByteArray("{\"data\":[{\"id\":\"999\",\"subscribed_fields\":[\"leadgen\"]},{\"id\":\"610\",\"subscribed_fields\":[{\"name\":\"standby\"}]}]}") << own + u",standby"_s;
    }

    void subscribingKeepsWhatStands()
    {
        QFETCH(QByteArray, standing);
        QFETCH(QString, fields);
        const auto operation = m_accounts.subscribe({}, m_inbox, m_endpoints);
        isOfThePage(first(operation), "GET", u"300000000000001/subscribed_apps"_s);
        const auto second = operation->next(ok(standing));
        QCOMPARE(second.index(), size_t(0));
        isOfThePage(std::get<0>(second), "POST", u"300000000000001/subscribed_apps"_s);
        QCOMPARE(value(std::get<0>(second).url, u"subscribed_fields"_s), fields);
        QVERIFY(std::get<1>(operation->next(ok("{\"success\":true}"))).isSubscribed);
        const auto failing = m_accounts.subscribe({}, m_inbox, m_endpoints);
        (void)failing->start();
        QCOMPARE(failing->next(refusal(200, "no", 403)).index(), size_t(2));
    }

    void inspectsThePagesSubscription()
    {
        const auto answered = [&](const QByteArray &body) {
            const auto operation = m_accounts.inspectSubscription(m_inbox, m_endpoints);
            isOfThePage(first(operation), "GET", u"300000000000001/subscribed_apps"_s);
            const auto step = operation->next(ok(body));
            return step.index() == 1 ? std::get<1>(step) : WebhookRegistration{.remark = u"failed"_s};
        };
        QVERIFY(answered("{\"data\":[{\"id\":\"610\",\"subscribed_fields\":[\"messages\",\"messaging_postbacks\",\"message_reactions\",\"messaging_referrals\",\"feed\"]}]}").isSubscribed);
        QVERIFY(!answered("{\"data\":[{\"id\":\"999\",\"subscribed_fields\":[\"messages\",\"messaging_postbacks\",\"message_reactions\",\"messaging_referrals\"]}]}").isSubscribed);
        QVERIFY(answered("{\"data\":[{\"id\":\"610\",\"subscribed_fields\":[\"feed\"]}]}").remark.contains("messages"_L1));
    }
};

ANTIPHON_TEST(InstagramPageTest)
#include "tst_instagrampage.moc"
