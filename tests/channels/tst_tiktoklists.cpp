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
            conversations.append(QJsonObject{{u"conversation_id"_s, u"c%1"_s.arg(i)}, {u"update_time"_s, i + 1 == listed ? oldest : 1700000009000}});
        operation->next(ok(QJsonDocument(QJsonObject{{u"code"_s, 0}, {u"data"_s, QJsonObject{{u"has_more"_s, false}, {u"conversations"_s, conversations}}}}).toJson()));
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
