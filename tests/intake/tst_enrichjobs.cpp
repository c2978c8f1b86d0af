#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include "core/intake/mediaretry.h"

#include <QJsonArray>
#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kT = 1'700'000'000'000;
const QString kMediaPath = u"/business/message/media/download/"_s;
const QString kThreadPath = u"/business/message/content/list/"_s;
const QString kThreadsPath = u"/business/message/conversation/list/"_s;
const QString kFile = u"https://p16.tiktokcdn.com/obj/abc"_s;

/// The first bytes of a picture of 640 × 480 pixels.
QByteArray picture()
{
    return QByteArray::fromHex("89504e470d0a1a0a0000000d4948445200000280000001e00802000000") + QByteArray(40'000, 'x');
}

QByteArray imageIn(const QString &id = u"m1"_s)
{
    return incoming({.id = id, .at = kT, .type = u"image"_s, .more = {{u"image"_s, QJsonObject{{u"media_id"_s, u"media-77"_s}}}}});
}

void serveMedia(IntakeFixture &f)
{
    f.http().route(kMediaPath, {{u"download_url"_s, kFile}});
    f.fetch().files.insert(kFile, picture());
}

QJsonObject listed(const QString &id, qint64 at)
{
    return {{u"message_id"_s, id},
            {u"timestamp"_s, at},
            {u"message_type"_s, u"TEXT"_s},
            {u"text"_s, QJsonObject{{u"body"_s, u"from afar"_s}}},
            {u"sender"_s, u"mira.shops"_s},
            {u"recipient"_s, u"lantern.books"_s},
            {u"from_user"_s, QJsonObject{{u"id"_s, u"usr-mira"_s}, {u"role"_s, u"PERSONAL_ACCOUNT"_s}}},
            {u"to_user"_s, QJsonObject{{u"id"_s, u"biz-0001-openid"_s}, {u"role"_s, u"BUSINESS_ACCOUNT"_s}}}};
}

QByteArray europeanNotice(qint64 at)
{
    return envelope(u"im_receive_msg_eu"_s, u"biz-0001-openid"_s,
                    {{u"to"_s, u"lantern.books"_s}, {u"to_user"_s, QJsonObject{{u"id"_s, u"biz-0001-openid"_s}}}, {u"timestamp"_s, at}}, at);
}

void serveLists(IntakeFixture &f, const QJsonArray &messages)
{
    f.http().route(kThreadsPath, [](const HttpRequest &request) {
        const bool isStranger = request.url.query().contains("STRANGER"_L1);
        const QJsonObject thread{{u"conversation_id"_s, u"cnv-eu+1"_s}, {u"update_time"_s, kT}};
        return platformReply({{u"conversations"_s, isStranger ? QJsonArray{thread} : QJsonArray{}}, {u"has_more"_s, false}});
    });
    f.http().route(kThreadPath, {{u"messages"_s, messages}, {u"participants"_s, QJsonArray{}}});
}

} // namespace

class EnrichJobsTest : public QObject {
    Q_OBJECT
private slots:
    void aPictureIsFetchedAfterItsMessageIsThere()
    {
        IntakeFixture f;
        serveMedia(f);
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 1);
        QCOMPARE(f.store().text(u"SELECT mime || '/' || size || '/' || width || '/' || height || '/' || length(blob_sha256) FROM attachment"_s),
                 u"image/png/%1/640/480/32"_s.arg(picture().size()));
        const auto &request = f.fetch().requests.constFirst();
        QVERIFY(request.headers.contains(QPair<QByteArray, QByteArray>("x-user", "act.1")));
        QCOMPARE(f.count(u"job WHERE kind = 'media' AND state = 'done'"_s), 1);
        QVERIFY(f.count(u"change WHERE type = 'message.updated'"_s) >= 1);
    }

    void theAccountsOwnPictureIsFetchedAndKeptOnce()
    {
        IntakeFixture f;
        f.fetch().files.insert(kFile, picture());
        const QString ask = u"INSERT INTO job (kind, inbox_id, entity, entity_id, payload, state, next_at) "
                            "VALUES ('inbox_avatar', %1, 'inbox', %1, '{\"url\":\"%2\"}', 'pending', 0)"_s.arg(f.inbox().toString(), kFile);
        f.store().run(ask);
        QTRY_COMPARE(f.count(u"inbox i JOIN attachment a ON a.id = i.avatar_id WHERE a.state = 'ready' AND a.mime = 'image/png' AND a.width = 640"_s), 1);
        QTRY_COMPARE(f.count(u"job WHERE kind = 'inbox_avatar' AND state = 'done'"_s), 1);
        f.store().run(ask);
        QTRY_COMPARE(f.count(u"job WHERE kind = 'inbox_avatar' AND state = 'done'"_s), 2);
        QCOMPARE(f.count(u"attachment"_s), 1);
    }

    void whatIsNoPictureIsNoAccountsPicture()
    {
        IntakeFixture f;
        f.fetch().files.insert(kFile, "<html>not here</html>");
        f.store().run(u"INSERT INTO job (kind, inbox_id, entity, entity_id, payload, state, next_at) "
                      "VALUES ('inbox_avatar', %1, 'inbox', %1, '{\"url\":\"%2\"}', 'pending', 0)"_s.arg(f.inbox().toString(), kFile));
        QTRY_COMPARE(f.count(u"job WHERE kind = 'inbox_avatar' AND state = 'dead'"_s), 1);
        QCOMPARE(f.count(u"inbox WHERE avatar_id IS NOT NULL"_s), 0);
    }

    void anExpiredAddressIsAskedForAgain()
    {
        IntakeFixture f;
        serveMedia(f);
        f.fetch().failures.append(Error{Error::Kind::NotFound, u"gone"_s});
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 1);
        QCOMPARE(f.http().count(kMediaPath), 2);
    }

    void aRejectedTokenIsRenewedOnce()
    {
        IntakeFixture f;
        serveMedia(f);
        int asked = 0;
        f.http().route(kMediaPath, [&asked](const HttpRequest &) { return platformReply({{u"download_url"_s, kFile}}, ++asked == 1 ? 40105 : 0); });
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 1);
        QCOMPARE(f.tokens().rejected, QStringList{u"act.1"_s});
        QVERIFY(f.tokens().ownersRequired.isEmpty());
    }

    void aTokenRejectedTwiceNeedsTheOwnerAndThePictureComesAfterwards()
    {
        IntakeFixture f;
        serveMedia(f);
        f.http().route(kMediaPath, [](const HttpRequest &) { return platformReply({}, 40105); });
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.tokens().ownersRequired.size(), 1);
        QTRY_COMPARE(f.count(u"job WHERE kind = 'media' AND state = 'pending' AND attempts = 0"_s), 1);
        QCOMPARE(f.count(u"attachment WHERE state = 'pending'"_s), 1);
        f.store().run(u"UPDATE inbox SET state = 'reauthorization_required'"_s);
        const int asked = f.http().count(kMediaPath);
        f.advance(std::chrono::minutes(5));
        f.store().settle();
        QTest::qWait(0);
        QCOMPARE(f.http().count(kMediaPath), asked);
        f.store().run(u"UPDATE inbox SET state = 'active'"_s);
        serveMedia(f);
        f.advance(std::chrono::minutes(1));
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 1);
    }

    void whatCannotBeHadIsToldByAWordAndCanBeAskedForAgain_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("word");
        QTest::newRow("too large") << int(Error::Kind::ChannelLimit) << u"too_large"_s;
        QTest::newRow("a private address") << int(Error::Kind::Forbidden) << u"refused"_s;
    }

    void whatCannotBeHadIsToldByAWordAndCanBeAskedForAgain()
    {
        QFETCH(int, kind);
        QFETCH(QString, word);
        IntakeFixture f;
        serveMedia(f);
        f.fetch().failures.append(Error{Error::Kind(kind), u"no"_s});
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.store().text(u"SELECT state || '/' || COALESCE(error, '') FROM attachment"_s), u"failed/"_s + word);
        QCOMPARE(f.count(u"job WHERE kind = 'media' AND state = 'dead'"_s), 1);
        QVERIFY(f.store().write<void>([](WriteTransaction &tx) { return retryMedia(tx, AttachmentId(1)); }));
        f.intake().wakeJobs();
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 1);
        const auto again = f.store().write<void>([](WriteTransaction &tx) { return retryMedia(tx, AttachmentId(1)); });
        QCOMPARE(again.error().kind, Error::Kind::Conflict);
    }

    void somethingElseThanAPictureIsNotShownAsOne()
    {
        IntakeFixture f;
        serveMedia(f);
        f.fetch().files.insert(kFile, "<html>not a picture</html>");
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.store().text(u"SELECT state || '/' || COALESCE(error, '') FROM attachment"_s), u"failed/unreadable"_s);
    }

    void aNetworkThatIsDownIsTriedAgainWithLongerAndLongerPauses()
    {
        IntakeFixture f;
        serveMedia(f);
        for (int i = 0; i < 6; ++i)
            f.fetch().failures.append(Error{Error::Kind::Network, u"down"_s});
        QCOMPARE(f.post(imageIn()).status, 200);
        for (int attempt = 1; attempt <= 5; ++attempt) {
            QTRY_COMPARE(f.count(u"job WHERE kind = 'media' AND state = 'pending' AND attempts = %1"_s.arg(attempt)), 1);
            f.advance(std::chrono::hours(1));
        }
        QTRY_COMPARE(f.store().text(u"SELECT state || '/' || COALESCE(error, '') FROM attachment"_s), u"failed/unavailable"_s);
    }

    void aCrashInTheMiddleFetchesAgain()
    {
        IntakeFixture f;
        serveMedia(f);
        f.fetch().isHolding = true;
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.fetch().held.size(), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'media' AND state = 'running'"_s), 1);
        f.fetch().held.clear();
        f.fetch().isHolding = false;
        f.crash();
        f.drain();
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'media' AND state = 'done'"_s), 1);
    }

    void aResultBehindALostClaimLeavesNothing()
    {
        IntakeFixture f;
        serveMedia(f);
        f.fetch().isHolding = true;
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.fetch().held.size(), 1);
        f.store().run(u"UPDATE job SET owner = 'somebody else' WHERE kind = 'media'"_s);
        f.fetch().held.takeFirst()();
        // Behind the refused result the next work is looked for, which the fence has left alone.
        QTest::qWait(100);
        f.store().settle();
        QCOMPARE(f.count(u"attachment WHERE state = 'pending'"_s), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'media' AND state = 'running' AND owner = 'somebody else'"_s), 1);
        f.store().run(u"UPDATE job SET lease_until = 0 WHERE kind = 'media'"_s);
        f.fetch().isHolding = false;
        f.stopCleanly();
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 1);
    }

    void aResultThatIsRefusedCountsAsAFailure()
    {
        IntakeFixture f;
        serveMedia(f);
        f.store().run(u"CREATE TRIGGER defect BEFORE UPDATE ON attachment BEGIN SELECT RAISE(ABORT, 'defect'); END"_s);
        QCOMPARE(f.post(imageIn()).status, 200);
        QTRY_COMPARE(f.count(u"job WHERE kind = 'media' AND state = 'pending' AND attempts = 1 AND owner IS NULL"_s), 1);
        f.store().run(u"DROP TRIGGER defect"_s);
        f.advance(std::chrono::minutes(1));
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'media' AND state = 'done'"_s), 1);
    }

    void noMoreThanThreeAtOnceForAnInbox()
    {
        IntakeFixture f;
        serveMedia(f);
        // Profile and capability stay unanswered; the five pictures share what is left of the three.
        f.http().route(kThreadPath, QJsonObject());
        f.http().route(u"/business/message/capabilities/get/"_s, QJsonObject());
        f.fetch().isHolding = true;
        QList<QByteArray> bodies;
        for (int i = 0; i < 5; ++i)
            bodies.append(imageIn(u"m%1"_s.arg(i)));
        QCOMPARE(f.postAll(bodies), QList<int>(5, 200));
        QTRY_COMPARE(f.fetch().held.size(), 3);
        f.intake().wakeJobs();
        f.store().settle();
        QTest::qWait(50);
        QCOMPARE(f.fetch().held.size(), 3);
        f.fetch().isHolding = false;
        const auto held = std::exchange(f.fetch().held, {});
        for (const auto &answer : held)
            answer();
        QTRY_COMPARE(f.count(u"attachment WHERE state = 'ready'"_s), 5);
    }

    void nameAndPictureOfACustomerComeFromTheList()
    {
        IntakeFixture f;
        const QString avatar = u"https://p16.tiktokcdn.com/avatar"_s;
        f.fetch().files.insert(avatar, picture());
        f.http().route(kThreadPath, {{u"messages"_s, QJsonArray{}},
                                     {u"participants"_s, QJsonArray{QJsonObject{{u"role"_s, u"PERSONAL_ACCOUNT"_s}, {u"id"_s, u"usr-mira"_s},
                                                                                {u"display_name"_s, u"Mira B."_s}, {u"profile_image"_s, avatar}}}}});
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        QTRY_COMPARE(f.store().text(u"SELECT name FROM contact"_s), u"Mira B."_s);
        QCOMPARE(f.count(u"contact c JOIN attachment a ON a.id = c.avatar_id WHERE a.state = 'ready'"_s), 1);
        // Not asked again at the next message; in a week, and then the name that an agent gave stays.
        QCOMPARE(f.post(incoming({.id = u"m2"_s, .at = kT + 1})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"job WHERE kind = 'profile'"_s), 1);
        f.store().run(u"UPDATE contact SET name = 'Mira from the market'"_s);
        f.store().clock().advance(std::chrono::hours(24 * 8));
        QCOMPARE(f.post(incoming({.id = u"m3"_s, .at = kT + 2})).status, 200);
        QTRY_COMPARE(f.count(u"job WHERE kind = 'profile' AND state = 'done'"_s), 2);
        QCOMPARE(f.store().text(u"SELECT name FROM contact"_s), u"Mira from the market"_s);
    }

    void imageCapabilityIsAskedOnceForANewConversation()
    {
        IntakeFixture f;
        f.http().route(u"/business/message/capabilities/get/"_s,
                       {{u"capability_infos"_s, QJsonArray{QJsonObject{{u"capability_type"_s, u"IMAGE_SEND"_s}, {u"capability_result"_s, false}}}}});
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT})).status, 200);
        QTRY_COMPARE(f.store().text(u"SELECT json_extract(attributes, '$.tiktok_capabilities.image_send') FROM conversation"_s), u"0"_s);
    }

    void aSharedPostGetsItsTitleAndPicture()
    {
        IntakeFixture f;
        const QString thumbnail = u"https://p16.tiktokcdn.com/thumb"_s;
        f.fetch().files.insert(thumbnail, picture());
        f.http().route(u"/oembed"_s, [&](const HttpRequest &request) {
            const bool asksRightly = request.url.host() == "www.tiktok.com"_L1 && request.url.query().contains("7300000000000000001"_L1);
            return HttpReply{.status = asksRightly ? 200 : 404, .body = "{\"title\":\"Autumn\",\"thumbnail_url\":\"" + thumbnail.toUtf8() + "\"}"};
        });
        QCOMPARE(f.post(incoming({.id = u"m1"_s, .at = kT, .type = u"share_post"_s,
                                  .more = {{u"share_post"_s, QJsonObject{{u"embed_url"_s, u"https://www.tiktok.com/player/v1/7300000000000000001?x=1"_s}}}}})).status, 200);
        QTRY_COMPARE(f.store().text(u"SELECT COALESCE(title, '') || '/' || state || '/' || COALESCE(width, 0) FROM attachment"_s), u"Autumn/ready/640"_s);
    }

    void aEuropeanNoticeIsFollowedByAPull()
    {
        IntakeFixture f;
        serveLists(f, {listed(u"eu-1"_s, kT - 1000), listed(u"eu-0"_s, kT - 2000)});
        QCOMPARE(f.post(europeanNotice(kT)).status, 200);
        QCOMPARE(f.post(europeanNotice(kT + 1)).status, 200);
        f.drain();
        f.store().settle();
        QCOMPARE(f.http().count(kThreadsPath), 0);
        f.advance(std::chrono::milliseconds(1000));
        QTRY_COMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 2);
        QCOMPARE(f.count(u"delivery WHERE source = 'poll' AND inbox_id = 1"_s), 1);
        QCOMPARE(f.store().text(u"SELECT group_concat(source_id, ' ') FROM (SELECT source_id FROM message ORDER BY id)"_s), u"eu-0 eu-1"_s);
        QCOMPARE(f.count(u"message WHERE caught_up"_s), 0);
        QTRY_COMPARE(f.count(u"job WHERE kind = 'pull' AND state = 'done'"_s), 2);
        QCOMPARE(f.http().count(kThreadsPath), 2);
        QCOMPARE(f.count(u"inbox WHERE settings LIKE '%notice%'"_s), 0);
        // The same message by webhook afterwards is the same message.
        QCOMPARE(f.post(incoming({.id = u"eu-1"_s, .at = kT - 1000, .conversation = u"cnv-eu+1"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 2);
    }

    void pullsOfAnInboxKeepTheirDistance()
    {
        IntakeFixture f;
        serveLists(f, {listed(u"eu-1"_s, kT)});
        QCOMPARE(f.post(europeanNotice(kT)).status, 200);
        f.drain();
        f.advance(std::chrono::seconds(1));
        QTRY_COMPARE(f.count(u"job WHERE kind = 'pull' AND state = 'done'"_s), 1);
        QCOMPARE(f.post(europeanNotice(kT + 2000)).status, 200);
        f.drain();
        f.advance(std::chrono::seconds(2));
        QTRY_COMPARE(f.count(u"job WHERE kind = 'pull' AND state = 'pending' AND next_at > %1"_s.arg(toUnixMs(f.store().clock().now()) + 5000)), 1);
        QCOMPARE(f.http().count(kThreadsPath), 2);
        f.advance(std::chrono::seconds(10));
        QTRY_COMPARE(f.count(u"job WHERE kind = 'pull' AND state = 'done'"_s), 2);
        QCOMPARE(f.http().count(kThreadsPath), 4);
    }

    void whatNoListTellsIsSaidAtTheInboxAfterASecondLook()
    {
        IntakeFixture f;
        serveLists(f, {});
        QCOMPARE(f.post(europeanNotice(kT)).status, 200);
        f.drain();
        f.advance(std::chrono::seconds(1));
        QTRY_COMPARE(f.count(u"job WHERE kind = 'pull' AND state = 'pending' AND payload LIKE '%second%'"_s), 1);
        QCOMPARE(f.count(u"inbox WHERE settings LIKE '%notice%'"_s), 0);
        f.advance(std::chrono::seconds(31));
        QTRY_COMPARE(f.store().text(u"SELECT json_extract(settings, '$.notice.kind') FROM inbox"_s), u"european_unreadable"_s);
        QCOMPARE(f.count(u"change WHERE type = 'inbox.updated'"_s), 1);
        // The next one that can be read takes the notice away.
        serveLists(f, {listed(u"eu-9"_s, kT + 60'000)});
        QCOMPARE(f.post(europeanNotice(kT + 60'000)).status, 200);
        f.drain();
        f.advance(std::chrono::seconds(20));
        QTRY_COMPARE(f.count(u"inbox WHERE settings LIKE '%notice%'"_s), 0);
    }
};

ANTIPHON_TEST(EnrichJobsTest)
#include "tst_enrichjobs.moc"
