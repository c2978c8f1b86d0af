#include "core/base/json.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/messenger/messengeradapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(antiphon::Error::Kind)

namespace {

const QString kAccount = u"17840000000000001"_s;
const QString kPage = u"300000000000001"_s;
const QString kCustomer = u"9000000000000001"_s;

} // namespace

/// The Conversations API of Instagram and Messenger, and who a customer is.
class MetaListsTest : public QObject {
    Q_OBJECT

    InstagramAdapter m_instagram;
    MessengerAdapter m_messenger;
    const InboxCredentials m_account{.account = kAccount, .accessToken = u"IGAA1"_s, .settings = {{u"username"_s, u"shop"_s}}};
    const InboxCredentials m_page{.account = kPage, .accessToken = u"EAATESTPAGETOKEN"_s, .appSecret = u"antiphon-fb-secret"_s};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"https://graph.example"_s)};

    static HttpReply ok(const QJsonObject &body) { return {.status = 200, .body = json::toBytes(body), .requestWritten = true}; }

    static HttpReply error(int code, int subcode = 0)
    {
        QJsonObject inner{{u"message"_s, u"Words."_s}, {u"code"_s, code}};
        if (subcode)
            inner.insert(u"error_subcode"_s, subcode);
        return {.status = 400, .body = json::toBytes({{u"error"_s, inner}}), .requestWritten = true};
    }

    static QJsonObject party(const QString &id, const QString &username = {})
    {
        QJsonObject made{{u"id"_s, id}};
        if (!username.isEmpty())
            made.insert(u"username"_s, username);
        return made;
    }

    static QJsonObject edge(const QJsonArray &data, const QString &after = {})
    {
        QJsonObject made{{u"data"_s, data}};
        if (!after.isEmpty())
            made.insert(u"paging"_s, QJsonObject{{u"cursors"_s, QJsonObject{{u"after"_s, after}}}, {u"next"_s, u"https://graph.example/next"_s}});
        return made;
    }

    static QJsonObject item(const QString &id, bool fromCustomer, const QString &time, const QString &text, const QString &account = kAccount)
    {
        return {{u"id"_s, id},
                {u"created_time"_s, time},
                {u"from"_s, party(fromCustomer ? kCustomer : account)},
                {u"to"_s, edge({party(fromCustomer ? account : kCustomer)})},
                {u"message"_s, text}};
    }

    static QJsonObject conversation(const QString &id, const QString &customer, const QString &updated, const QJsonObject &more = {})
    {
        QJsonObject made{{u"id"_s, id}, {u"updated_time"_s, updated}, {u"participants"_s, edge({party(u"999"_s, u"shop"_s), party(customer, u"ada"_s)})}};
        for (auto it = more.begin(); it != more.end(); ++it)
            made.insert(it.key(), it.value());
        return made;
    }

    static QStringList keysOf(const QList<SplitEvent> &events)
    {
        QStringList keys;
        for (const SplitEvent &event : events)
            keys.append(event.kind + u' ' + event.dedupeKey + u' ' + event.lane);
        return keys;
    }

private slots:
    void theListGivesTheWebhooksKeys()
    {
        const auto operation = m_instagram.listThread(kCustomer, m_account, m_endpoints);
        const auto first = operation->start();
        const QUrl url = std::get<0>(first).url;
        QCOMPARE(url.path(), u"/v23.0/me/conversations"_s);
        const QUrlQuery query(url);
        QCOMPARE(query.queryItemValue(u"platform"_s), u"instagram"_s);
        QCOMPARE(query.queryItemValue(u"user_id"_s), kCustomer);
        QCOMPARE(query.queryItemValue(u"access_token"_s), u"IGAA1"_s);
        QVERIFY(query.queryItemValue(u"fields"_s, QUrl::FullyDecoded).contains("messages{id,created_time,from,to,message,"_L1));
        const QJsonArray messages{item(u"mid.3"_s, false, u"2026-05-01T12:00:05+0000"_s, u"answer"_s), item(u"mid.2"_s, true, u"2026-05-01T12:00:04+0000"_s, u"two"_s),
                                  item(u"mid.1"_s, true, u"2026-05-01T12:00:04+0000"_s, u"one"_s)};
        const auto last = operation->next(ok(edge({conversation(u"c1"_s, kCustomer, u"2026-05-01T12:00:05+0000"_s, {{u"messages"_s, edge(messages)}})})));
        QCOMPARE(last.index(), size_t(1));
        const auto page = std::get<1>(last);
        const QString lane = u" ig:17840000000000001:9000000000000001"_s;
        QCOMPARE(keysOf(page.events), (QStringList{u"message m:mid.1"_s + lane, u"message m:mid.2"_s + lane, u"echo m:mid.3"_s + lane}));
        QCOMPARE(page.customer->username, u"ada"_s);
        QVERIFY(page.isWhole);
        const auto echo = std::get<InboundMessage>(*m_instagram.read(page.events.last()));
        QCOMPARE(echo.content, u"answer"_s);
        QCOMPARE(echo.origin, InboundMessage::Origin::OwnApi);
        QVERIFY(echo.maybeNativeApp);
        QCOMPARE(echo.platformAt, fromUnixMs(1777636805000));
        QCOMPARE(std::get<InboundMessage>(*m_instagram.read(page.events.first())).content, u"one"_s);
    }

    void messagesMayTakeFurtherCalls()
    {
        const auto operation = m_messenger.listThread(kCustomer, m_page, m_endpoints);
        const auto first = operation->start();
        QCOMPARE(std::get<0>(first).url.path(), u"/v23.0/300000000000001/conversations"_s);
        QVERIFY(std::get<0>(first).url.query().contains("appsecret_proof"_L1));
        const auto second = operation->next(ok(edge({QJsonObject{{u"id"_s, u"t_1"_s}}})));
        QCOMPARE(std::get<0>(second).url.path(), u"/v23.0/t_1"_s);
        const QJsonObject bare{{u"id"_s, u"m_2"_s}, {u"created_time"_s, u"2026-05-01T12:00:04+0000"_s}};
        const QJsonObject gone{{u"id"_s, u"m_0"_s}, {u"created_time"_s, u"2026-05-01T11:00:04+0000"_s}};
        const auto third = operation->next(ok({{u"id"_s, u"t_1"_s}, {u"messages"_s, edge({item(u"m_3"_s, true, u"2026-05-01T12:00:05+0000"_s, u"three"_s, kPage), bare, gone})}}));
        QCOMPARE(std::get<0>(third).url.path(), u"/v23.0/m_2"_s);
        const auto fourth = operation->next(ok(item(u"m_2"_s, true, u"2026-05-01T12:00:04+0000"_s, u"two"_s, kPage)));
        QCOMPARE(std::get<0>(fourth).url.path(), u"/v23.0/m_0"_s);
        const auto last = operation->next(error(100));
        QCOMPARE(keysOf(std::get<1>(last).events), (QStringList{u"message m:m_2 fb:300000000000001:9000000000000001"_s, u"message m:m_3 fb:300000000000001:9000000000000001"_s}));
    }

    void theNewestTwentyAreAllThereIs()
    {
        QJsonArray many;
        for (int i = 0; i < 25; ++i)
            many.append(item(u"mid.%1"_s.arg(i), true, u"2026-05-01T12:00:%1+0000"_s.arg(59 - i, 2, 10, QChar(u'0')), u"x"_s));
        const auto operation = m_instagram.listThread(kCustomer, m_account, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(ok(edge({conversation(u"c"_s, kCustomer, u"2026-05-01T12:00:59+0000"_s, {{u"messages"_s, edge(many)}})})));
        const auto page = std::get<1>(last);
        QCOMPARE(page.events.size(), 20);
        QCOMPARE(page.events.last().dedupeKey, u"m:mid.0"_s);
        QVERIFY(!page.isWhole);
        QVERIFY(page.older.isEmpty());
        QCOMPARE(m_instagram.catchUpDepth().newest, 20);
        QCOMPARE(m_messenger.catchUpDepth().kind, CatchUpDepth::Kind::NewestPerThread);
        QVERIFY(!m_instagram.listOlder(kCustomer, u"x"_s, m_account, m_endpoints));
    }

    void filesAndCardsOfTheList()
    {
        QJsonObject files = item(u"m_1"_s, true, u"2026-05-01T12:00:04+0000"_s, {}, kPage);
        files.insert(u"attachments"_s, edge({QJsonObject{{u"image_data"_s, QJsonObject{{u"url"_s, u"https://x.fbcdn.net/a.jpg"_s}}}},
                                             QJsonObject{{u"video_data"_s, QJsonObject{{u"url"_s, u"https://x.fbcdn.net/v.mp4"_s}}}},
                                             QJsonObject{{u"mime_type"_s, u"audio/mp4"_s}, {u"file_url"_s, u"https://x.fbcdn.net/audioclip-1.mp4"_s}},
                                             QJsonObject{{u"mime_type"_s, u"application/pdf"_s}, {u"name"_s, u"offer.pdf"_s}, {u"file_url"_s, u"https://x.fbcdn.net/f"_s}}}));
        QJsonObject sticker = item(u"m_2"_s, true, u"2026-05-01T12:00:05+0000"_s, {}, kPage);
        sticker.insert(u"sticker"_s, u"https://x.fbcdn.net/s.png"_s);
        QJsonObject share = item(u"m_3"_s, true, u"2026-05-01T12:00:06+0000"_s, {}, kPage);
        share.insert(u"shares"_s, edge({QJsonObject{{u"link"_s, u"https://shop.example"_s}, {u"name"_s, u"Shop"_s}}}));
        QJsonObject mention = item(u"m_4"_s, true, u"2026-05-01T12:00:07+0000"_s, {}, kPage);
        mention.insert(u"story"_s, QJsonObject{{u"mention"_s, QJsonObject{{u"link"_s, u"https://x.fbcdn.net/st"_s}, {u"id"_s, u"18"_s}}}});
        const auto operation = m_messenger.listThread(kCustomer, m_page, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(ok(edge({conversation(u"c"_s, kCustomer, {}, {{u"messages"_s, edge({mention, share, sticker, files})}})})));
        const auto read = [&](int i) { return std::get<InboundMessage>(*m_messenger.read(std::get<1>(last).events.at(i))); };
        QList<Attachment::Kind> kinds;
        const QList<InboundAttachment> listed = read(0).attachments;
        for (const InboundAttachment &attachment : listed)
            kinds.append(attachment.kind);
        QCOMPARE(kinds, (QList{Attachment::Kind::Image, Attachment::Kind::Video, Attachment::Kind::Audio, Attachment::Kind::File}));
        QVERIFY(listed.at(2).isVoice);
        QCOMPARE(listed.at(3).name, u"offer.pdf"_s);
        QCOMPARE(read(1).contentType, Message::ContentType::Sticker);
        QCOMPARE(read(2).attachments.first().embedUrl, u"https://shop.example"_s);
        QCOMPARE(read(3).attachments.first().title, u"Mentioned you in a story"_s);
    }

    void othersMessagesAreLeftOut()
    {
        QJsonObject foreign = item(u"mid.9"_s, true, u"2026-05-01T12:00:04+0000"_s, u"x"_s);
        foreign.insert(u"from"_s, party(u"1"_s));
        foreign.insert(u"to"_s, edge({party(u"2"_s)}));
        const auto operation = m_instagram.listThread(kCustomer, m_account, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(ok(edge({conversation(u"c"_s, kCustomer, {}, {{u"messages"_s, edge({foreign})}})})));
        QVERIFY(std::get<1>(last).events.isEmpty());
        QCOMPARE(std::get<1>(last).foreign, 1);
    }

    void aThreadThatIsNotListedIsEmpty()
    {
        const auto operation = m_instagram.listThread(kCustomer, m_account, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(ok(edge({})));
        QCOMPARE(last.index(), size_t(1));
        QVERIFY(std::get<1>(last).events.isEmpty());
    }

    void anAnswerWithoutListIsAnError()
    {
        const auto thread = m_instagram.listThread(kCustomer, m_account, m_endpoints);
        (void)thread->start();
        QCOMPARE(thread->next(ok({{u"hello"_s, 1}})).index(), size_t(2));
        const auto threads = m_messenger.listThreads({}, m_page, m_endpoints);
        (void)threads->start();
        const auto last = threads->next(ok({}));
        QCOMPARE(std::get<2>(last).kind, Error::Kind::Unavailable);
        const auto refused = m_messenger.listThreads({}, m_page, m_endpoints);
        (void)refused->start();
        const auto token = refused->next(error(190));
        QCOMPARE(std::get<2>(token).kind, Error::Kind::Unauthorized);
    }

    void threadsAreListedBackToAMoment()
    {
        const auto operation = m_messenger.listThreads({.since = fromUnixMs(1777636800000)}, m_page, m_endpoints);      // 2026-05-01T12:00:00Z
        const auto first = operation->start();
        const QUrl url = std::get<0>(first).url;
        QCOMPARE(url.path(), u"/v23.0/300000000000001/conversations"_s);
        QCOMPARE(QUrlQuery(url).queryItemValue(u"fields"_s, QUrl::FullyDecoded), u"id,updated_time,participants"_s);
        QCOMPARE(QUrlQuery(url).queryItemValue(u"limit"_s), u"50"_s);
        const auto of = [](const QString &customer, const QString &updated) {
            return QJsonObject{{u"id"_s, u"t_"_s + customer}, {u"updated_time"_s, updated}, {u"participants"_s, edge({party(customer), party(kPage)})}};
        };
        const auto second = operation->next(ok(edge({of(u"1"_s, u"2026-05-01T13:00:00+0000"_s), of(u"2"_s, u"2026-05-01T12:30:00+0000"_s)}, u"CUR"_s)));
        QCOMPARE(QUrlQuery(std::get<0>(second).url).queryItemValue(u"after"_s), u"CUR"_s);
        const auto last = operation->next(ok(edge({of(u"3"_s, u"2026-05-01T12:00:00+0000"_s), of(u"4"_s, u"2026-05-01T11:59:59+0000"_s)}, u"CUR2"_s)));
        QCOMPARE(last.index(), size_t(1));          // an older one was there: no further page
        const auto list = std::get<1>(last);
        QStringList ids;
        for (const auto &thread : list.threads)
            ids.append(thread.contactSourceId);
        QCOMPARE(ids, (QStringList{u"1"_s, u"2"_s, u"3"_s}));
        QVERIFY(list.isComplete);
    }

    void aBriefLookIsOnePage()
    {
        const auto operation = m_instagram.listThreads({.isBrief = true}, m_account, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(ok(edge({conversation(u"c"_s, kCustomer, u"2026-05-01T12:00:00+0000"_s)}, u"CUR"_s)));
        QCOMPARE(std::get<1>(last).threads.size(), 1);
        QCOMPARE(std::get<1>(last).threads.first().contactSourceId, kCustomer);
    }

    void aListThatGoesOnWithoutSayingWhereIsIncomplete()
    {
        const auto operation = m_instagram.listThreads({}, m_account, m_endpoints);
        (void)operation->start();
        QJsonObject page = edge({conversation(u"c"_s, kCustomer, u"2026-05-01T12:00:00+0000"_s)}, u"CUR"_s);
        page.insert(u"paging"_s, QJsonObject{{u"next"_s, u"https://graph.example/next"_s}});
        const auto last = operation->next(ok(page));
        QVERIFY(!std::get<1>(last).isComplete);
        QVERIFY(!std::get<1>(last).remark.isEmpty());
    }

    void anEndlessListEnds()
    {
        const auto operation = m_instagram.listThreads({}, m_account, m_endpoints);
        auto step = operation->start();
        int calls = 0;
        while (step.index() == 0) {
            QVERIFY(++calls < 100);
            step = operation->next(ok(edge({conversation(u"c"_s, QString::number(calls), u"2026-05-01T12:00:00+0000"_s)}, u"CUR%1"_s.arg(calls))));
        }
        QCOMPARE(calls, 20);
        QVERIFY(!std::get<1>(step).isComplete);
    }

    void instagramTellsWhoSomebodyIs()
    {
        const auto operation = m_instagram.customerProfile(kCustomer, m_account, m_endpoints);
        const auto first = operation->start();
        QCOMPARE(std::get<0>(first).url.path(), u"/v23.0/9000000000000001"_s);
        QCOMPARE(QUrlQuery(std::get<0>(first).url).queryItemValue(u"fields"_s, QUrl::FullyDecoded),
                 u"name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,is_verified_user"_s);
        const auto last = operation->next(ok({{u"name"_s, QJsonValue::Null}, {u"username"_s, u"ada"_s}, {u"profile_pic"_s, u"https://x.cdninstagram.com/p.jpg"_s}, {u"follower_count"_s, 7}}));
        const auto profile = std::get<1>(last);
        QCOMPARE(profile.displayName, u"ada"_s);
        QCOMPARE(profile.username, u"ada"_s);
        QCOMPARE(profile.picture.host(), u"x.cdninstagram.com"_s);
        QCOMPARE(profile.settings.value("follower_count"_L1).toInt(), 7);
    }

    void instagramMayNotTell_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<Error::Kind>("kind");
        QTest::newRow("token") << 190 << Error::Kind::Unauthorized;
        QTest::newRow("no consent") << 230 << Error::Kind::Forbidden;
        QTest::newRow("no such user") << 9010 << Error::Kind::NotFound;
        QTest::newRow("privacy") << 100 << Error::Kind::NotFound;
        for (const int code : {4, 17, 32, 613})
            QTest::newRow(qPrintable(QString::number(code))) << code << Error::Kind::RateLimited;
        QTest::newRow("transient") << 2 << Error::Kind::Unavailable;
    }

    void instagramMayNotTell()
    {
        QFETCH(int, code);
        const auto operation = m_instagram.customerProfile(kCustomer, m_account, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(error(code));
        QTEST(std::get<2>(last).kind, "kind");
    }

    void messengerTellsByTheConversationToo()
    {
        for (const auto &[code, subcode] : {std::pair(100, 33), std::pair(2018218, 0), std::pair(100, 2018218), std::pair(2018247, 0), std::pair(100, 2018001)}) {
            const auto operation = m_messenger.customerProfile(kCustomer, m_page, m_endpoints);
            const auto first = operation->start();
            QCOMPARE(QUrlQuery(std::get<0>(first).url).queryItemValue(u"fields"_s, QUrl::FullyDecoded), u"first_name,last_name,profile_pic,name"_s);
            const auto second = operation->next(error(code, subcode));
            QCOMPARE(second.index(), size_t(0));
            QCOMPARE(std::get<0>(second).url.path(), u"/v23.0/300000000000001/conversations"_s);
            QCOMPARE(QUrlQuery(std::get<0>(second).url).queryItemValue(u"user_id"_s), kCustomer);
            const QJsonObject named{{u"id"_s, kCustomer}, {u"name"_s, u"Ada Byron"_s}};
            const auto last = operation->next(ok(edge({QJsonObject{{u"participants"_s, edge({named, party(kPage)})}}})));
            QCOMPARE(std::get<1>(last).displayName, u"Ada Byron"_s);
        }
        const auto nobody = m_messenger.customerProfile(kCustomer, m_page, m_endpoints);
        (void)nobody->start();
        (void)nobody->next(error(100, 33));
        const auto last = nobody->next(ok(edge({})));
        QCOMPARE(std::get<2>(last).kind, Error::Kind::NotFound);
    }

    void messengerTellsByTheProfile()
    {
        const auto operation = m_messenger.customerProfile(kCustomer, m_page, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(ok({{u"first_name"_s, u"Ada"_s}, {u"last_name"_s, u"Byron"_s}, {u"profile_pic"_s, u"https://x.fbsbx.com/p"_s}}));
        QCOMPARE(std::get<1>(last).displayName, u"Ada Byron"_s);
        QCOMPARE(std::get<1>(last).picture.host(), u"x.fbsbx.com"_s);
    }
};

ANTIPHON_TEST(MetaListsTest)
#include "tst_metalists.moc"
