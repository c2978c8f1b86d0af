#include "core/channels/tiktok/tiktokadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class TiktokListsTest : public QObject {
    Q_OBJECT

    TiktokAdapter m_adapter;
    const InboxCredentials m_inbox{.account = u"biz-0001-openid"_s, .accessToken = u"act.1"_s};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"https://business-api.tiktok.com"_s)};
    const QString m_conversation = u"cnv+Zm9vYmFy0=="_s;

    static HttpReply ok(const QByteArray &body) { return {.status = 200, .body = body, .requestWritten = true}; }

    static QByteArray answer(const QJsonObject &data) { return QJsonDocument(QJsonObject{{u"code"_s, 0}, {u"data"_s, data}}).toJson(); }

    static QByteArray threadsAnswer(const QJsonArray &conversations, const QString &cursor = {})
    {
        return answer({{u"has_more"_s, !cursor.isEmpty()}, {u"cursor"_s, cursor}, {u"conversations"_s, conversations}});
    }

    static QByteArray messagesAnswer(const QJsonArray &messages) { return answer({{u"messages"_s, messages}, {u"participants"_s, QJsonArray()}}); }

    QJsonObject listedMessage(const QString &id, qint64 at) const
    {
        return {{u"message_id"_s, id},
                {u"conversation_id"_s, m_conversation},
                {u"timestamp"_s, at},
                {u"message_type"_s, u"TEXT"_s},
                {u"text"_s, QJsonObject{{u"body"_s, u"hello"_s}}},
                {u"from_user"_s, QJsonObject{{u"id"_s, u"usr-1"_s}, {u"role"_s, u"PERSONAL_ACCOUNT"_s}}},
                {u"to_user"_s, QJsonObject{{u"id"_s, m_inbox.account}, {u"role"_s, u"BUSINESS_ACCOUNT"_s}}}};
    }

private slots:
    void theListGivesTheWebhooksKeys()
    {
        const auto operation = m_adapter.listThread(m_conversation, m_inbox, m_endpoints);
        const auto first = operation->start();
        const HttpRequest request = std::get<0>(first);
        QCOMPARE(request.url.toEncoded(), QByteArray("https://business-api.tiktok.com/open_api/v1.3/business/message/content/list/?business_id=biz-0001-openid&conversation_id=cnv%2BZm9vYmFy0%3D%3D"));
        QCOMPARE(request.headers.first(), qMakePair(QByteArray("Access-Token"), QByteArray("act.1")));
        const auto last = operation->next(ok(fixture(u"tiktok/list_thread.json"_s)));
        QCOMPARE(last.index(), size_t(1));
        const auto &page = std::get<1>(last);
        QCOMPARE(page.customer->displayName, u"Mira"_s);
        QCOMPARE(page.customer->picture.host(), u"p16.tiktokcdn.com"_s);
        QStringList keys;
        for (const SplitEvent &event : page.events)
            keys.append(event.kind + u' ' + event.dedupeKey);
        QCOMPARE(keys, (QStringList{u"message m:msgTEXTin0001=="_s, u"echo m:msgECHOapp0001=="_s, u"echo m:msgCARD0001=="_s,
                                    u"reaction r:msgECHOapp0001==:usr+Q2hhcmxpZQ==:ADD:1700000170000"_s}));
        for (const char *name : {"text_in", "echo_app", "echo_template"}) {
            const auto hook = m_adapter.split({.body = fixture(u"tiktok/%1.json"_s.arg(QString::fromLatin1(name)))}, {});
            const auto same = std::find_if(page.events.cbegin(), page.events.cend(), [&](const SplitEvent &event) { return event.dedupeKey == hook->first().dedupeKey; });
            QVERIFY(same != page.events.cend());
            QCOMPARE(same->lane, hook->first().lane);
            QCOMPARE(same->kind, hook->first().kind);
            QCOMPARE(same->platformAt, hook->first().platformAt);
            const auto listed = std::get<InboundMessage>(*m_adapter.read(*same));
            const auto hooked = std::get<InboundMessage>(*m_adapter.read(hook->first()));
            QCOMPARE(listed.content, hooked.content);
            QCOMPARE(listed.origin, hooked.origin);
            QCOMPARE(listed.customer.username, hooked.customer.username);
            QCOMPARE(listed.customer.platformUserId, hooked.customer.platformUserId);
        }
    }

    void asksForStrangersThenForTheOthers()
    {
        const auto operation = m_adapter.listThreads({.since = fromUnixMs(1700000000000)}, m_inbox, m_endpoints);
        const auto queryOf = [](const auto &step) {
            const QUrlQuery query(std::get<0>(step).url);
            return query.queryItemValue(u"conversation_type"_s) + u' ' + query.queryItemValue(u"cursor"_s) + u' ' + query.queryItemValue(u"limit"_s);
        };
        auto step = operation->start();
        QCOMPARE(queryOf(step), u"STRANGER  100"_s);
        step = operation->next(ok("{\"code\":0,\"data\":{\"has_more\":true,\"cursor\":7,\"conversations\":[{\"conversation_id\":\"a\",\"update_time\":1700000005000}]}}"));
        QCOMPARE(queryOf(step), u"STRANGER 7 100"_s);
        step = operation->next(ok("{\"code\":0,\"data\":{\"has_more\":true,\"cursor\":8,\"conversations\":[{\"conversation_id\":\"old\",\"update_time\":1699999999999}]}}"));
        QCOMPARE(queryOf(step), u"SINGLE  100"_s);
        step = operation->next(ok("{\"code\":0,\"data\":{\"has_more\":false,\"conversations\":[{\"conversation_id\":\"b\",\"update_time\":1700000009000},{\"conversation_id\":\"edge\",\"update_time\":1700000000000},{\"x\":1}]}}"));
        QCOMPARE(step.index(), size_t(1));
        QStringList ids;
        QVERIFY(std::get<1>(step).isComplete);
        for (const auto &thread : std::get<1>(step).threads)
            ids.append(thread.contactSourceId);
        QCOMPARE(ids, (QStringList{u"b"_s, u"a"_s, u"edge"_s}));
    }

    void listsEndEvenWhereTheCursorStandsStill()
    {
        const auto operation = m_adapter.listThreads({.since = fromUnixMs(1700000000000)}, m_inbox, m_endpoints);
        auto step = operation->start();
        int calls = 0;
        for (; step.index() == 0 && calls < 100; ++calls)
            step = operation->next(ok("{\"code\":0,\"data\":{\"has_more\":true,\"cursor\":\"same\",\"conversations\":[{\"conversation_id\":\"a\",\"update_time\":1700000005000}]}}"));
        QCOMPARE(step.index(), size_t(1));
        QCOMPARE(calls, 4);
        QVERIFY(!std::get<1>(step).isComplete);
    }

    void takesNoMoreOfAPageThanItAskedFor()
    {
        const auto operation = m_adapter.listThreads({.since = fromUnixMs(1700000000000)}, m_inbox, m_endpoints);
        operation->start();
        QJsonArray conversations;
        for (int i = 0; i < 5000; ++i)
            conversations.append(QJsonObject{{u"conversation_id"_s, u"c%1"_s.arg(i)}, {u"update_time"_s, i < 50 ? qint64(1700000009000) : qint64(1699999999999)}});
        operation->next(ok(threadsAnswer(conversations)));
        const auto last = operation->next(ok(threadsAnswer({})));
        QCOMPARE(last.index(), size_t(1));
        QCOMPARE(std::get<1>(last).threads.size(), 50);
        QVERIFY(!std::get<1>(last).isComplete);
        QVERIFY(!std::get<1>(last).remark.isEmpty());
    }

    void takesTheNewestOfAHugeThread()
    {
        QJsonArray messages;
        for (int i = 0; i < 3000; ++i)
            messages.append(listedMessage(u"m%1"_s.arg(i), 1700000000000 + (i * 7) % 3000));
        const auto operation = m_adapter.listThread(m_conversation, m_inbox, m_endpoints);
        operation->start();
        const auto last = operation->next(ok(messagesAnswer(messages)));
        QCOMPARE(last.index(), size_t(1));
        const auto &page = std::get<1>(last);
        QCOMPARE(page.events.size(), 200);
        QCOMPARE(toUnixMs(*page.events.first().platformAt), qint64(1700000002800));
        QVERIFY(!page.isWhole);
    }

    void anAnswerOfAnotherShapeIsNoEmptyList_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no data") << QByteArray("{\"code\":0}");
        QTest::newRow("null") << QByteArray("{\"code\":0,\"data\":null}");
        QTest::newRow("data is a list") << QByteArray("{\"code\":0,\"data\":[]}");
        QTest::newRow("nothing in it") << QByteArray("{\"code\":0,\"data\":{}}");
        QTest::newRow("objects") << QByteArray("{\"code\":0,\"data\":{\"conversations\":{},\"messages\":{}}}");
        QTest::newRow("nulls") << QByteArray("{\"code\":0,\"data\":{\"conversations\":null,\"messages\":null}}");
    }

    void anAnswerOfAnotherShapeIsNoEmptyList()
    {
        QFETCH(QByteArray, body);
        const auto threads = m_adapter.listThreads({.since = fromUnixMs(1700000000000)}, m_inbox, m_endpoints);
        threads->start();
        const auto listed = threads->next(ok(body));
        QCOMPARE(listed.index(), size_t(2));
        QCOMPARE(std::get<2>(listed).kind, Error::Kind::Unavailable);
        const auto thread = m_adapter.listThread(m_conversation, m_inbox, m_endpoints);
        thread->start();
        const auto page = thread->next(ok(body));
        QCOMPARE(page.index(), size_t(2));
        QCOMPARE(std::get<2>(page).kind, Error::Kind::Unavailable);
    }

    void saysWhereAListCouldNotBeFollowed_data()
    {
        QTest::addColumn<QByteArray>("more");
        QTest::newRow("no cursor") << QByteArray("\"has_more\":true");
        QTest::newRow("an empty cursor") << QByteArray("\"has_more\":true,\"cursor\":\"\"");
        QTest::newRow("a cursor of null") << QByteArray("\"has_more\":true,\"cursor\":null");
        QTest::newRow("a cursor of another shape") << QByteArray("\"has_more\":true,\"cursor\":{}");
        QTest::newRow("another word for yes") << QByteArray("\"has_more\":\"yes\"");
    }

    void saysWhereAListCouldNotBeFollowed()
    {
        QFETCH(QByteArray, more);
        for (const QByteArray &listed : {QByteArray(), QByteArray("{\"conversation_id\":\"a\",\"update_time\":1700000005000}")}) {
            const auto operation = m_adapter.listThreads({.since = fromUnixMs(1700000000000)}, m_inbox, m_endpoints);
            operation->start();
            auto step = operation->next(ok("{\"code\":0,\"data\":{" + more + ",\"conversations\":[" + listed + "]}}"));
            QCOMPARE(step.index(), size_t(0));
            step = operation->next(ok(threadsAnswer({})));
            QCOMPARE(step.index(), size_t(1));
            QVERIFY(!std::get<1>(step).isComplete);
            QVERIFY(!std::get<1>(step).remark.isEmpty());
        }
    }

    void goesOnAfterAnEmptyPage()
    {
        const auto operation = m_adapter.listThreads({.since = fromUnixMs(1700000000000)}, m_inbox, m_endpoints);
        operation->start();
        operation->next(ok("{\"code\":0,\"data\":{\"has_more\":true,\"cursor\":1,\"conversations\":[{\"conversation_id\":\"a\",\"update_time\":1700000005000}]}}"));
        const auto third = operation->next(ok("{\"code\":0,\"data\":{\"has_more\":true,\"cursor\":2,\"conversations\":[]}}"));
        QVERIFY(std::get<0>(third).url.toEncoded().endsWith("conversation_type=STRANGER&limit=100&cursor=2"));
        operation->next(ok("{\"code\":0,\"data\":{\"has_more\":false,\"conversations\":[{\"conversation_id\":\"b\",\"update_time\":1700000004000}]}}"));
        const auto last = operation->next(ok(threadsAnswer({})));
        QCOMPARE(last.index(), size_t(1));
        QCOMPARE(std::get<1>(last).threads.size(), 2);
        QVERIFY(std::get<1>(last).isComplete);
    }

    void anEndlessListEndsAndSaysSo()
    {
        for (const int onAPage : {0, 99}) {
            const auto operation = m_adapter.listThreads({.since = fromUnixMs(1700000000000)}, m_inbox, m_endpoints);
            auto step = operation->start();
            int calls = 0;
            for (; step.index() == 0 && calls < 100; ++calls) {
                QJsonArray conversations;
                for (int i = 0; i < onAPage; ++i)
                    conversations.append(QJsonObject{{u"conversation_id"_s, u"c%1/%2"_s.arg(calls).arg(i)}, {u"update_time"_s, qint64(1700000009000)}});
                step = operation->next(ok(threadsAnswer(conversations, QString::number(calls + 1))));
            }
            QCOMPARE(step.index(), size_t(1));
            QCOMPARE(calls, 40);
            QCOMPARE(std::get<1>(step).threads.size(), 40 * onAPage);
            QVERIFY(!std::get<1>(step).isComplete);
        }
    }

    void leavesOutWhatIsOfOthers()
    {
        QJsonArray messages{listedMessage(u"own"_s, 1700000001000)};
        QJsonObject echo = listedMessage(u"echo"_s, 1700000002000);
        echo.insert("from_user"_L1, echo.take("to_user"_L1));
        echo.insert("to_user"_L1, QJsonObject{{u"id"_s, u"usr-1"_s}});
        messages.append(echo);
        QJsonObject other = listedMessage(u"other"_s, 1700000003000);
        other.insert("conversation_id"_L1, u"someoneelse"_s);
        messages.append(other);
        QJsonObject foreign = listedMessage(u"foreign"_s, 1700000004000);
        foreign.insert("to_user"_L1, QJsonObject{{u"id"_s, u"biz-0002"_s}, {u"role"_s, u"BUSINESS_ACCOUNT"_s}});
        messages.append(foreign);
        QJsonObject nameless = listedMessage(u"nameless"_s, 1700000005000);
        nameless.remove("from_user"_L1);
        nameless.remove("to_user"_L1);
        messages.append(nameless);
        const auto operation = m_adapter.listThread(m_conversation, m_inbox, m_endpoints);
        operation->start();
        const auto last = operation->next(ok(messagesAnswer(messages)));
        QCOMPARE(last.index(), size_t(1));
        QStringList keys;
        for (const SplitEvent &event : std::get<1>(last).events)
            keys.append(event.dedupeKey);
        QCOMPARE(keys, (QStringList{u"m:own"_s, u"m:echo"_s, u"m:nameless"_s}));
        QCOMPARE(std::get<1>(last).foreign, 2);
    }

    void saysWhereTheListEndedAtItsCap_data()
    {
        QTest::addColumn<int>("listed");
        QTest::addColumn<qint64>("oldest");
        QTest::addColumn<bool>("isComplete");
        QTest::newRow("few") << 3 << qint64(1700000005000) << true;
        QTest::newRow("one less than the cap") << 99 << qint64(1700000005000) << true;
        QTest::newRow("the cap, all new") << 100 << qint64(1700000005000) << false;
        QTest::newRow("the cap, the last one old") << 100 << qint64(1699999999999) << true;
        QTest::newRow("none") << 0 << qint64(0) << true;
    }

    void saysWhereTheListEndedAtItsCap()
    {
        QFETCH(int, listed);
        QFETCH(qint64, oldest);
        QFETCH(bool, isComplete);
        const auto operation = m_adapter.listThreads({.since = fromUnixMs(1700000000000)}, m_inbox, m_endpoints);
        operation->start();
        QJsonArray conversations;
        for (int i = 0; i < listed; ++i)
            conversations.append(QJsonObject{{u"conversation_id"_s, u"c%1"_s.arg(i)}, {u"update_time"_s, i + 1 == listed ? oldest : qint64(1700000009000)}});
        operation->next(ok(threadsAnswer(conversations)));
        const auto last = operation->next(ok("{\"code\":0,\"data\":{\"has_more\":false,\"conversations\":[]}}"));
        QCOMPARE(last.index(), size_t(1));
        QCOMPARE(std::get<1>(last).isComplete, isComplete);
    }

    void looksBrieflyAtOnePageOfEachKind()
    {
        const auto operation = m_adapter.listThreads({.since = fromUnixMs(1700000000000), .isBrief = true}, m_inbox, m_endpoints);
        operation->start();
        const QByteArray page = "{\"code\":0,\"data\":{\"has_more\":true,\"cursor\":7,\"conversations\":[{\"conversation_id\":\"a\",\"update_time\":1700000005000}]}}";
        QCOMPARE(operation->next(ok(page)).index(), size_t(0));
        QCOMPARE(operation->next(ok(page)).index(), size_t(1));
    }

    void saysHowDeepItCatchesUp()
    {
        const CatchUpDepth depth = m_adapter.catchUpDepth();
        QVERIFY(depth.isListed());
        QCOMPARE(describe(depth), u"after an absence the platform lists 100 threads of the last 90 days, the 20 newest messages of each;"
                                  " it works without a public address"_s);
    }

    void asksWhetherPicturesGo_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("answer");     // -1: an error
        QTest::newRow("yes") << QByteArray("{\"code\":0,\"data\":{\"capability_infos\":[{\"capability_type\":\"IMAGE_SEND\",\"capability_result\":true}]}}") << 1;
        QTest::newRow("no") << QByteArray("{\"code\":0,\"data\":{\"capability_infos\":[{\"capability_type\":\"IMAGE_SEND\",\"capability_result\":false}]}}") << 0;
        QTest::newRow("silent") << QByteArray("{\"code\":0,\"data\":{}}") << -1;
        QTest::newRow("refused") << QByteArray("{\"code\":40002,\"message\":\"no\",\"data\":{}}") << -1;
    }

    void asksWhetherPicturesGo()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, answer);
        const auto operation = m_adapter.imageCapability(m_conversation, false, m_inbox, m_endpoints);
        const auto first = operation->start();
        QVERIFY(std::get<0>(first).url.toEncoded().endsWith("conversation_id=cnv%2BZm9vYmFy0%3D%3D&conversation_type=STRANGER&capability_types=%5B%22IMAGE_SEND%22%5D"));
        const auto last = operation->next(ok(body));
        QCOMPARE(last.index() == 1 ? int(std::get<1>(last)) : -1, answer);
    }

    void fetchesMediaWithTheTokenUnderItsOtherName()
    {
        const auto operation = m_adapter.fetchMedia({{"kind"_L1, u"media"_s}, {"conversation_id"_L1, m_conversation}, {"message_id"_L1, u"m"_s}, {"media_id"_L1, u"media-in-77"_s}, {"media_type"_L1, u"IMAGE"_s}},
                                                    m_inbox, m_endpoints);
        const auto first = operation->start();
        const HttpRequest ask = std::get<0>(first);
        QCOMPARE(ask.url.path(), u"/open_api/v1.3/business/message/media/download/"_s);
        QCOMPARE(ask.body, QByteArray("{\"business_id\":\"biz-0001-openid\",\"conversation_id\":\"cnv+Zm9vYmFy0==\",\"media_id\":\"media-in-77\",\"media_type\":\"IMAGE\",\"message_id\":\"m\"}"));
        const auto last = operation->next(ok("{\"code\":0,\"data\":{\"download_url\":\"https://example-media.tiktokcdn.com/obj/abc?x-expires=1700086400\"}}"));
        QCOMPARE(last.index(), size_t(1));
        const HttpRequest get = std::get<1>(last);
        QCOMPARE(get.headers, (HttpHeaders{{"x-user", "act.1"}}));
        QCOMPARE(get.url.toString(), u"https://example-media.tiktokcdn.com/obj/abc?x-expires=1700086400"_s);
        QCOMPARE(m_adapter.fetchMedia({{"kind"_L1, u"media"_s}, {"media_id"_L1, u"x"_s}}, m_inbox, m_endpoints)->next(ok("{\"code\":40007,\"message\":\"gone\"}")).index(), size_t(2));
        const auto sticker = m_adapter.fetchMedia({{"kind"_L1, u"url"_s}, {"url"_L1, u"https://p16.tiktokcdn.com/s.webp"_s}}, m_inbox, m_endpoints)->start();
        QVERIFY(std::get<1>(sticker).headers.isEmpty());
        QCOMPARE(m_adapter.fetchMedia({}, m_inbox, m_endpoints)->start().index(), size_t(2));
    }
};

ANTIPHON_TEST(TiktokListsTest)
#include "tst_tiktoklists.moc"
