#include "core/base/json.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/twilio/twilioform.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QJsonArray>
#include <QLocale>
#include <QSet>
#include <QTest>
#include <QUrlQuery>

#include <algorithm>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

const QString kAccount = u"AC00000000000000000000000000000001"_s;
const QString kService = u"MG00000000000000000000000000000009"_s;
constexpr qint64 kNoon = 1760000400000;          // 2025-10-09 09:00:00 UTC

HttpReply reply(int status, const QByteArray &body)
{
    return {.status = status, .body = body, .requestWritten = true};
}

QString rfc2822(qint64 ms)
{
    return QLocale::c().toString(QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC), u"ddd, dd MMM yyyy HH:mm:ss"_s) + u" +0000"_s;
}

QJsonObject item(const QString &sid, qint64 at, const QJsonObject &more = {})
{
    QJsonObject one{{"sid"_L1, sid},
                    {"account_sid"_L1, kAccount},
                    {"from"_L1, u"+15005550001"_s},
                    {"to"_L1, u"+15005550006"_s},
                    {"direction"_L1, u"inbound"_s},
                    {"status"_L1, u"received"_s},
                    {"body"_L1, u"text "_s + sid},
                    {"num_media"_L1, u"0"_s},
                    {"date_created"_L1, rfc2822(at)},
                    {"date_sent"_L1, rfc2822(at)},
                    {"date_updated"_L1, rfc2822(at + 3000)}};
    for (auto it = more.begin(); it != more.end(); ++it)
        one.insert(it.key(), it.value());
    return one;
}

QJsonObject ours(const QString &sid, qint64 at, const QString &status, const QJsonObject &more = {})
{
    QJsonObject one = item(sid, at, {{"from"_L1, u"+15005550006"_s}, {"to"_L1, u"+15005550001"_s}, {"direction"_L1, u"outbound-api"_s}, {"status"_L1, status}});
    for (auto it = more.begin(); it != more.end(); ++it)
        one.insert(it.key(), it.value());
    return one;
}

QByteArray page(const QJsonArray &messages, const QString &next = {})
{
    return json::toBytes({{"messages"_L1, messages}, {"next_page_uri"_L1, json::orNull(next)}});
}

/// An account's list as the platform serves it: newest first, a hundred a page, the next page by the last message of the one before.
struct LongList {
    QList<QJsonObject> oldestFirst{};
    int requests = 0;

    HttpReply answer(const QUrl &url)
    {
        ++requests;
        if (url.path().endsWith("/PhoneNumbers"_L1))
            return reply(200, R"({"phone_numbers":[{"phone_number":"+15005550006"}],"meta":{}})");
        const QUrlQuery query(url);
        const QString to = query.queryItemValue(u"To"_s, QUrl::FullyDecoded);
        const QString from = query.queryItemValue(u"From"_s, QUrl::FullyDecoded);
        const QString after = query.queryItemValue(u"PageToken"_s);
        qsizetype i = oldestFirst.size() - 1;
        while (!after.isEmpty() && i >= 0 && oldestFirst.at(i).value("sid"_L1).toString() != after)
            --i;
        if (!after.isEmpty() && i-- < 0)
            return reply(400, R"({"code":20001,"message":"Invalid page token","status":400})");
        QJsonArray rows;
        for (; i >= 0 && rows.size() < 100; --i) {
            const QJsonObject &one = oldestFirst.at(i);
            if ((to.isEmpty() || one.value("to"_L1).toString() == to) && (from.isEmpty() || one.value("from"_L1).toString() == from))
                rows.append(one);
        }
        QUrlQuery further = query;
        further.removeQueryItem(u"PageToken"_s);
        further.addQueryItem(u"PageToken"_s, rows.isEmpty() ? QString() : rows.last().toObject().value("sid"_L1).toString());
        return reply(200, page(rows, i >= 0 ? url.path() + u'?' + further.toString(QUrl::FullyEncoded) : QString()));
    }
};

} // namespace

class TwilioListsTest : public QObject {
    Q_OBJECT

    TwilioAdapter m_adapter;
    const QJsonObject m_sms{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}, {"phone_number"_L1, u"+15005550006"_s}};
    const QJsonObject m_service{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}, {"messaging_service_sid"_L1, kService}};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9"_s)};
    QList<QUrl> m_asked;

    static InboxCredentials inbox(const QJsonObject &settings)
    {
        return {.accessToken = u"token"_s, .settings = settings, .inbox = InboxId(7)};
    }

    template <typename T>
    typename Operation<T>::Step run(OperationPtr<T> operation, const QList<HttpReply> &replies)
    {
        m_asked.clear();
        auto step = operation->start();
        for (const HttpReply &answer : replies) {
            if (step.index() != 0)
                break;
            m_asked.append(std::get<0>(step).url);
            step = operation->next(answer);
        }
        return step;
    }

    ChannelAdapter::FeedPage feed(const ChannelAdapter::FeedQuery &query, const QList<HttpReply> &replies, const QJsonObject &settings)
    {
        const auto step = run(m_adapter.readFeed(query, inbox(settings), m_endpoints), replies);
        return step.index() == 1 ? std::get<1>(step) : ChannelAdapter::FeedPage{.cursor = u"it failed"_s};
    }

    ChannelAdapter::FeedPage feedOf(LongList &list, const ChannelAdapter::FeedQuery &query, const QJsonObject &settings)
    {
        const auto operation = m_adapter.readFeed(query, inbox(settings), m_endpoints);
        auto step = operation->start();
        while (step.index() == 0)
            step = operation->next(list.answer(std::get<0>(step).url));
        return step.index() == 1 ? std::get<1>(step) : ChannelAdapter::FeedPage{.cursor = u"it failed"_s};
    }

    static QStringList keysOf(const QList<SplitEvent> &events)
    {
        QStringList keys;
        for (const SplitEvent &event : events)
            keys.append(event.dedupeKey);
        return keys;
    }

private slots:
    void whatCameAndHowFarOursGot()
    {
        const auto found = feed({.since = fromUnixMs(kNoon)},
                                {reply(200, page({item(u"SM3"_s, kNoon + 9000), item(u"SM2"_s, kNoon + 2000), item(u"SM0"_s, kNoon - 60'000)})),
                                 reply(200, page({ours(u"SM5"_s, kNoon + 4000, u"delivered"_s), ours(u"SM4"_s, kNoon + 1000, u"undelivered"_s, {{"error_code"_L1, 30003}})}))},
                                m_sms);
        QCOMPARE(m_asked.size(), 2);
        QCOMPARE(m_asked[0].path(), u"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json"_s);
        const auto asked = [](const QUrl &url) { return twilio::toObject(twilio::parseForm(url.query(QUrl::FullyEncoded).toLatin1())); };
        QCOMPARE(asked(m_asked[0]), (QJsonObject{{"To"_L1, u"+15005550006"_s}, {"DateSent>"_L1, u"2025-10-09"_s}, {"PageSize"_L1, u"100"_s}}));
        QCOMPARE(asked(m_asked[1]).value("From"_L1).toString(), u"+15005550006"_s);
        QCOMPARE(keysOf(found.events), (QStringList{u"m:SM2"_s, u"s:SM4:undelivered"_s, u"s:SM5:delivered"_s, u"m:SM3"_s}));
        QVERIFY(!found.hasMore);
        const auto read = m_adapter.read(found.events[0]);
        const auto message = std::get<InboundMessage>(*read);
        QCOMPARE(message.content, u"text SM2"_s);
        QCOMPARE(message.platformAt, fromUnixMs(kNoon + 2000));
        QCOMPARE(found.events[0].inbox, InboxId(7));
        QCOMPARE(found.events[0].ofSettings, (QJsonObject{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}}));
        const auto failed = std::get<InboundStatus>(*m_adapter.read(found.events[1]));
        QCOMPARE(failed.error->code, u"30003"_s);
        QCOMPARE(failed.platformAt, fromUnixMs(kNoon + 4000));
    }

    void keysAreThoseOfTheWebhook()
    {
        const auto found = feed({.since = fromUnixMs(kNoon)}, {reply(200, page({item(u"SM2"_s, kNoon)})), reply(200, page({ours(u"SM4"_s, kNoon, u"sent"_s)}))}, m_sms);
        const auto hooked = [this](const QList<QPair<QString, QString>> &form) {
            return m_adapter.split({.body = twilio::toForm(form), .path = "/twilio/callback", .query = "inbox=7"}, {})->first();
        };
        const SplitEvent message = hooked({{u"MessageSid"_s, u"SM2"_s}, {u"AccountSid"_s, kAccount}, {u"From"_s, u"+15005550001"_s}, {u"To"_s, u"+15005550006"_s}, {u"Body"_s, u"x"_s}, {u"SmsStatus"_s, u"received"_s}});
        QCOMPARE(found.events[0].dedupeKey, message.dedupeKey);
        QCOMPARE(found.events[0].lane, message.lane);
        QCOMPARE(found.events[1].dedupeKey, hooked({{u"MessageSid"_s, u"SM4"_s}, {u"MessageStatus"_s, u"sent"_s}, {u"AccountSid"_s, kAccount}}).dedupeKey);
    }

    void nothingIsToldTwice()
    {
        const QByteArray incoming = page({item(u"SM3"_s, kNoon + 9000), item(u"SM2"_s, kNoon + 2000)});
        const auto first = feed({.since = fromUnixMs(kNoon)}, {reply(200, incoming), reply(200, page({ours(u"SM5"_s, kNoon + 4000, u"sent"_s)}))}, m_sms);
        QCOMPARE(first.events.size(), 3);
        const auto second = feed({.cursor = first.cursor}, {reply(200, incoming), reply(200, page({ours(u"SM5"_s, kNoon + 4000, u"sent"_s)}))}, m_sms);
        QVERIFY(second.events.isEmpty());
        QCOMPARE(second.cursor, first.cursor);
        // A late one shows up between the two that are known, and a status moves on.
        const auto third = feed({.cursor = second.cursor},
                                {reply(200, page({item(u"SM3"_s, kNoon + 9000), item(u"SMlate"_s, kNoon + 5000), item(u"SM2"_s, kNoon + 2000)})),
                                 reply(200, page({ours(u"SM5"_s, kNoon + 4000, u"delivered"_s)}))},
                                m_sms);
        QCOMPARE(keysOf(third.events), (QStringList{u"m:SMlate"_s, u"s:SM5:delivered"_s}));
    }

    void waitingIsNoNews()
    {
        const auto found = feed({.since = fromUnixMs(kNoon)}, {reply(200, page({})), reply(200, page({ours(u"SM5"_s, kNoon, u"queued"_s), ours(u"SM4"_s, kNoon, u"sending"_s)}))}, m_sms);
        QVERIFY(found.events.isEmpty());
        QVERIFY(found.cursor != u"it failed"_s);
    }

    void goesOnWhileThereIsMore()
    {
        const QString next = u"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?To=%2B15005550006&Page=1&PageToken=PASM9"_s;
        const auto found = feed({.since = fromUnixMs(kNoon)},
                                {reply(200, page({item(u"SM3"_s, kNoon + 9000)}, next)), reply(200, page({item(u"SM2"_s, kNoon + 2000)})), reply(200, page({}))}, m_sms);
        QCOMPARE(keysOf(found.events), (QStringList{u"m:SM2"_s, u"m:SM3"_s}));
        QCOMPARE(m_asked[1].toString(QUrl::FullyEncoded), u"http://127.0.0.1:9"_s + next);
    }

    void aLongAbsenceIsReadToItsEnd_data()
    {
        QTest::addColumn<QJsonObject>("settings");
        QTest::addColumn<int>("inASecond");
        QTest::addColumn<bool>("hasStatuses");
        QTest::addColumn<int>("all");
        QTest::newRow("a number") << m_sms << 3 << false << 12'345;
        QTest::newRow("a service") << m_service << 3 << true << 4'321;
        QTest::newRow("many a second") << m_sms << 2500 << false << 5'432;
    }

    /// Thousands came and more go on coming; after each read the process dies once before its cursor is stored.
    void aLongAbsenceIsReadToItsEnd()
    {
        QFETCH(const QJsonObject, settings);
        QFETCH(const int, inASecond);
        QFETCH(const bool, hasStatuses);
        QFETCH(const int, all);
        LongList list;
        QStringList expected;
        const auto add = [&](int i) {
            const qint64 at = kNoon + 1000 * qint64(i / inASecond);
            const bool isOurs = hasStatuses && i % 4 == 0;
            const QString sid = u"SM%1"_s.arg(i, 6, 10, QChar(u'0'));
            list.oldestFirst.append(isOurs ? ours(sid, at, u"delivered"_s) : item(sid, at));
            expected.append(isOurs ? u"s:%1:delivered"_s.arg(sid) : u"m:"_s + sid);
        };
        for (int i = 0; i < all; ++i)
            add(i);
        ChannelAdapter::FeedPage page{.hasMore = true};
        QStringList told;
        Timestamp last{};
        int reads = 0;
        int more = 0;
        while (page.hasMore && ++reads < 100) {
            const ChannelAdapter::FeedQuery query{.cursor = page.cursor, .since = fromUnixMs(kNoon)};
            const ChannelAdapter::FeedPage lost = feedOf(list, query, settings);
            page = feedOf(list, query, settings);
            QCOMPARE(keysOf(page.events), keysOf(lost.events));
            QVERIFY2(page.events.size() <= 1000, qPrintable(QString::number(page.events.size())));
            for (const SplitEvent &event : std::as_const(page.events)) {
                if (!hasStatuses)
                    QVERIFY(*event.platformAt >= last);
                last = *event.platformAt;
            }
            told += keysOf(page.events);
            if (page.hasMore && more < 5)
                add(all + more++);
        }
        QVERIFY(!page.hasMore);
        std::sort(told.begin(), told.end());
        std::sort(expected.begin(), expected.end());
        QCOMPARE(told.size(), expected.size());
        QCOMPARE(told, expected);
        const int pages = all / 100 + 1;
        QVERIFY2(list.requests < 2 * 6 * pages, qPrintable(u"%1 for %2 pages"_s.arg(list.requests).arg(pages)));      // twice, since each read is lost once
        QVERIFY(feedOf(list, {.cursor = page.cursor}, settings).events.isEmpty());
    }

    void aPageThatIsKnownNoMoreIsReadFromTheTop()
    {
        LongList list;
        for (int i = 0; i < 2500; ++i)
            list.oldestFirst.append(item(u"SM%1"_s.arg(i), kNoon + 1000 * qint64(i)));
        const auto first = feedOf(list, {.since = fromUnixMs(kNoon)}, m_sms);
        QVERIFY(first.hasMore);
        QCOMPARE(first.events.size(), 1000);
        QJsonObject cursor = *json::parseObject(first.cursor.toUtf8());
        QVERIFY(!cursor.value("marks"_L1).toArray().isEmpty());
        cursor.insert("marks"_L1, QJsonArray{u"https://evil.example/next"_s, u"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?PageToken=gone"_s});
        QSet<QString> told;
        ChannelAdapter::FeedPage page{.cursor = json::toText(cursor), .hasMore = true};
        while (page.hasMore) {
            page = feedOf(list, {.cursor = page.cursor}, m_sms);
            for (const SplitEvent &event : std::as_const(page.events))
                told.insert(event.dedupeKey);
        }
        QCOMPARE(told.size(), 1500);
    }

    void aListWithoutAnEndIsNoList()
    {
        const auto operation = m_adapter.readFeed({.since = fromUnixMs(kNoon)}, inbox(m_sms), m_endpoints);
        const HttpReply same = reply(200, page({item(u"SM2"_s, kNoon)}, u"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?PageToken=a"_s));
        auto step = operation->start();
        for (int i = 0; i < 60'000 && step.index() == 0; ++i)
            step = operation->next(same);
        QCOMPARE(step.index(), size_t(2));
        QCOMPARE(std::get<2>(step).kind, Error::Kind::Unavailable);
    }

    void stopsBehindWhatIsKnown()
    {
        const auto found = feed({.since = fromUnixMs(kNoon)},
                                {reply(200, page({item(u"SM3"_s, kNoon + 9000), item(u"SM0"_s, kNoon - 3'600'000)}, u"/2010-04-01/next"_s)), reply(200, page({}))}, m_sms);
        QCOMPARE(m_asked.size(), 2);
        QCOMPARE(keysOf(found.events), QStringList{u"m:SM3"_s});
    }

    void aForeignNextPageIsNotAsked()
    {
        const auto found = feed({.since = fromUnixMs(kNoon)}, {reply(200, page({item(u"SM3"_s, kNoon)}, u"https://evil.example/next"_s)), reply(200, page({}))}, m_sms);
        QCOMPARE(m_asked.size(), 2);
        QCOMPARE(found.events.size(), 1);
    }

    void filesComeWithTheirKinds()
    {
        const QByteArray media = R"({"media_list":[{"sid":"ME1","content_type":"image/jpeg","uri":"/2010-04-01/Accounts/AC1/Messages/MM2/Media/ME1.json"}]})";
        const auto found = feed({.since = fromUnixMs(kNoon)}, {reply(200, page({item(u"MM2"_s, kNoon, {{"num_media"_L1, u"1"_s}, {"body"_L1, u""_s}})})), reply(200, page({})), reply(200, media)}, m_sms);
        QVERIFY(m_asked[2].path().endsWith("/Messages/MM2/Media.json"_L1));
        const auto message = std::get<InboundMessage>(*m_adapter.read(found.events.first()));
        QCOMPARE(message.attachments.first().kind, Attachment::Kind::Image);
        QCOMPARE(message.attachments.first().remote.value("url"_L1).toString(), u"https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM2/Media/ME1"_s);
        QCOMPARE(m_adapter.fetchMedia(message.attachments.first().remote, inbox(m_sms), m_endpoints)->start().index(), size_t(1));
    }

    void filesThatCantBeListedNowAreLater()
    {
        const auto found = feed({.since = fromUnixMs(kNoon)}, {reply(200, page({item(u"MM2"_s, kNoon, {{"num_media"_L1, u"2"_s}})})), reply(200, page({})), reply(404, "{}")}, m_sms);
        const auto message = std::get<InboundMessage>(*m_adapter.read(found.events.first()));
        QCOMPARE(message.attachments.size(), 2);
        QCOMPARE(message.attachments[1].remote, (QJsonObject{{"message"_L1, u"MM2"_s}, {"index"_L1, 1}, {"any_kind"_L1, true}}));
    }

    void aServiceHasManyNumbers()
    {
        const auto found = feed({.since = fromUnixMs(kNoon)},
                                {reply(200, R"({"phone_numbers":[{"phone_number":"+15005550006"}],"meta":{}})"),
                                 reply(200, page({item(u"SM3"_s, kNoon + 3000), item(u"SMforeign"_s, kNoon + 2000, {{"to"_L1, u"+15005559999"_s}}),
                                                  item(u"SM1"_s, kNoon + 1000, {{"to"_L1, u"+15005558888"_s}, {"messaging_service_sid"_L1, kService}}),
                                                  ours(u"SM4"_s, kNoon, u"sent"_s, {{"messaging_service_sid"_L1, kService}})}))},
                                m_service);
        QCOMPARE(m_asked[0].path(), u"/v1/Services/"_s + kService + u"/PhoneNumbers"_s);
        QVERIFY(!QUrlQuery(m_asked[1]).hasQueryItem(u"To"_s));
        QCOMPARE(keysOf(found.events), (QStringList{u"m:SM1"_s, u"s:SM4:sent"_s, u"m:SM3"_s}));
    }

    void whatsappIsAskedByItsScheme()
    {
        QJsonObject settings = m_sms;
        settings.insert("medium"_L1, u"whatsapp"_s);
        const auto found = feed({.since = fromUnixMs(kNoon)},
                                {reply(200, page({item(u"SM2"_s, kNoon, {{"from"_L1, u"whatsapp:+34600000001"_s}, {"to"_L1, u"whatsapp:+15005550006"_s}})})), reply(200, page({}))}, settings);
        QCOMPARE(QUrlQuery(m_asked[0]).queryItemValue(u"To"_s, QUrl::FullyDecoded), u"whatsapp:+15005550006"_s);
        QCOMPARE(found.events.first().ofSettings.value("medium"_L1).toString(), u"whatsapp"_s);
    }

    void aNameReceivesNothing()
    {
        QJsonObject settings = m_sms;
        settings.insert("phone_number"_L1, u"ACME"_s);
        const auto found = feed({.since = fromUnixMs(kNoon)}, {reply(200, page({ours(u"SM4"_s, kNoon, u"delivered"_s, {{"from"_L1, u"ACME"_s}})}))}, settings);
        QCOMPARE(QUrlQuery(m_asked[0]).queryItemValue(u"From"_s), u"ACME"_s);
        QCOMPARE(keysOf(found.events), QStringList{u"s:SM4:delivered"_s});
    }

    void noListIsNoEmptyList_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::newRow("no list") << 200 << QByteArray("{}") << int(Error::Kind::Unavailable);
        QTest::newRow("unreadable") << 200 << QByteArray("<html>") << int(Error::Kind::Unavailable);
        QTest::newRow("credentials") << 401 << QByteArray(R"({"code":20003})") << int(Error::Kind::Unauthorized);
        QTest::newRow("too often") << 429 << QByteArray(R"({"code":20429})") << int(Error::Kind::RateLimited);
        QTest::newRow("server") << 503 << QByteArray() << int(Error::Kind::Unavailable);
    }

    void noListIsNoEmptyList()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const auto step = run(m_adapter.readFeed({.since = fromUnixMs(kNoon)}, inbox(m_sms), m_endpoints), {reply(status, body)});
        QCOMPARE(step.index(), size_t(2));
        QTEST(int(std::get<2>(step).kind), "kind");
    }

    void aCursorOfNobodysIsNone()
    {
        const auto found = feed({.cursor = u"garbage"_s, .since = fromUnixMs(kNoon)}, {reply(200, page({item(u"SM2"_s, kNoon)})), reply(200, page({}))}, m_sms);
        QCOMPARE(found.events.size(), 1);
        QVERIFY(m_adapter.readFeed({}, {}, {}));          // there is a feed, whoever asks
        QCOMPARE(m_adapter.feedRhythm()->every, std::chrono::seconds(60));
        QCOMPARE(m_adapter.catchUpDepth().kind, CatchUpDepth::Kind::Complete);
        QVERIFY(!m_adapter.catchUpDepth().needsPublicAddress);
        QVERIFY(!m_adapter.listThreads({}, {}, {}));
    }

    void findsWhatWasSent()
    {
        const auto step = run(m_adapter.listThread(u"+15005550001"_s, inbox(m_sms), m_endpoints),
                              {reply(200, page({ours(u"SM5"_s, kNoon + 9000, u"queued"_s, {{"date_sent"_L1, QJsonValue::Null}}), item(u"SM2"_s, kNoon),
                                                ours(u"SM4"_s, kNoon, u"sent"_s, {{"num_media"_L1, u"1"_s}})})),
                               reply(200, R"({"media_list":[{"content_type":"image/png","uri":"/2010-04-01/x/ME1.json"}]})")});
        QCOMPARE(QUrlQuery(m_asked[0]).queryItemValue(u"To"_s, QUrl::FullyDecoded), u"+15005550001"_s);
        QCOMPARE(QUrlQuery(m_asked[0]).queryItemValue(u"From"_s, QUrl::FullyDecoded), u"+15005550006"_s);
        const auto found = std::get<1>(step);
        QCOMPARE(found.events.size(), 2);
        const auto older = std::get<InboundMessage>(*m_adapter.read(found.events[0]));
        const auto newer = std::get<InboundMessage>(*m_adapter.read(found.events[1]));
        QCOMPARE(older.sourceId, u"SM4"_s);
        QCOMPARE(older.attachments.first().kind, Attachment::Kind::Image);
        QCOMPARE(newer.content, u"text SM5"_s);
        QCOMPARE(newer.origin, InboundMessage::Origin::OwnApi);
        QCOMPARE(newer.platformAt, fromUnixMs(kNoon + 9000));
        QCOMPARE(newer.customer.contactSourceId, u"+15005550001"_s);
    }

    void templatesOfTheAccount()
    {
        const QByteArray first = R"({"contents":[
            {"sid":"HX1","friendly_name":"order_ready","language":"en","variables":{"1":"77"},"types":{"twilio/quick-reply":{"body":"Order {{1}} is ready","actions":[{"title":"Thanks","id":"t"}]}},
             "approval_requests":{"name":"order_ready","category":"UTILITY","status":"approved","rejection_reason":""}},
            {"sid":"HX2aaaaaa","friendly_name":"order_ready","language":"en","types":{"twilio/text":{"body":"Twice"}},"approval_requests":{"status":"rejected","rejection_reason":"words"}},
            {"sid":"HX3","friendly_name":"where","language":"en","types":{"twilio/location":{"latitude":1,"longitude":2}},"approval_requests":{"status":"approved"}}],
            "meta":{"next_page_url":"https:\/\/content.twilio.com/v1/ContentAndApprovals?PageSize=100&Page=1"}})";
        const QByteArray second = R"({"contents":[{"sid":"HX4","friendly_name":"see","language":"es","types":{"twilio/call-to-action":{"body":"Mira","actions":[{"type":"URL","title":"Ver","url":"https:\/\/x.example/{{1}}"},{"type":"PHONE_NUMBER","title":"Llamar","phone":"+34600000001"}]}},"approval_requests":{}}],"meta":{"next_page_url":null}})";
        const auto step = run(m_adapter.listTemplates(inbox(m_sms), m_endpoints), {reply(200, first), reply(200, second)});
        QCOMPARE(m_asked[0].path(), u"/v1/ContentAndApprovals"_s);
        QCOMPARE(m_asked[1].toString(), u"http://127.0.0.1:9/v1/ContentAndApprovals?PageSize=100&Page=1"_s);
        const QJsonArray found = std::get<1>(step);
        QCOMPARE(found.size(), 3);
        const QJsonObject ready = found[0].toObject();
        QCOMPARE(ready.value("id"_L1).toString(), u"HX1"_s);
        QCOMPARE(ready.value("status"_L1).toString(), u"APPROVED"_s);
        QCOMPARE(ready.value("components"_L1).toArray().size(), 2);
        QCOMPARE(ready.value("components"_L1).toArray()[0].toObject().value("text"_L1).toString(), u"Order {{1}} is ready"_s);
        QCOMPARE(found[1].toObject().value("name"_L1).toString(), u"order_ready (aaaaaa)"_s);          // two of one name are still two
        QCOMPARE(found[1].toObject().value("rejected_reason"_L1).toString(), u"words"_s);
        QCOMPARE(found[2].toObject().value("status"_L1).toString(), u"UNSUBMITTED"_s);
        QCOMPARE(run(m_adapter.listTemplates(inbox(m_sms), m_endpoints), {reply(200, "{}")}).index(), size_t(2));
    }
};

ANTIPHON_TEST(TwilioListsTest)
#include "tst_twiliolists.moc"
