#include "core/base/json.h"
#include "tests/abuse/abuseworld.h"
#include "tests/flows/botworld.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

using Headers = QList<QPair<QByteArray, QByteArray>>;
const QStringList kPlatforms{u"telegram"_s, u"line"_s, u"twilio"_s};
constexpr qint64 kFirstTime = 1'760'000'000'000;

/// One request to the intake, as a platform makes it.
struct Hook {
    QUrl url{};
    QByteArray body{};
    Headers headers{};
};

} // namespace

/// What Telegram, LINE and Twilio would never send, and what they send a hundred times.
class FurtherPlatforms : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<BotWorld>();
        QCOMPARE(m_world->start(), QString());
        QCOMPARE(m_world->connect(m_world->telegramAccount()), QString());
        QCOMPARE(m_world->connect(m_world->lineAccount()), QString());
        QCOMPARE(m_world->connect(m_world->twilioAccount()), QString());
        QTRY_VERIFY_WITH_TIMEOUT(!m_world->telegram().secret().isEmpty() && !m_world->line().webhook().isEmpty() && !m_world->twilio().smsUrl().isEmpty(), 20'000);
    }

    void cleanupTestCase() { m_world.reset(); }

    void everyWrongSignatureIsRefused_data() { platforms(); }

    void everyWrongSignatureIsRefused()
    {
        QFETCH(const QString, platform);
        const Hook right = text(platform, u"sig"_s, 1);
        const QByteArray name = signatureName(platform);
        const QByteArray given = valueOf(right.headers, name);
        QVERIFY(given.size() >= 28);
        QList<QByteArray> wrong{"", " ", "x" + given, given.toUpper() == given ? given.toLower() : given.toUpper(), QByteArray(8000, 's'), given.chopped(4), given.left(1)};
        for (qsizetype at = 0; at < given.size() - (platform == "telegram"_L1 ? 0 : 2); ++at) {      // the last letters of base64 may say the same
            QByteArray changed = given;
            changed[at] = given.at(at) == 'Q' ? 'R' : 'Q';
            wrong.append(changed);
        }
        for (const QString &other : kPlatforms) {
            if (other != platform)
                wrong.append(valueOf(text(other, u"sig"_s, 1).headers, signatureName(other)));
        }
        const qint64 before = number(u"SELECT count(*) FROM delivery"_s);
        const qint64 rejected = m_world->stat(u"rejected_signature"_s);
        const int count = int(std::max<qsizetype>(figure(0, 1000), wrong.size()));
        for (int i = 0; i < count; ++i)
            QVERIFY2(post(with(right, name, wrong.at(i % wrong.size()))) == 401, wrong.at(i % wrong.size()).left(100).constData());
        QCOMPARE(post(without(right, name)), 401);
        Hook changed = right;
        changed.body.replace("sig", "gis");
        if (platform != "telegram"_L1)                      // whose token says who it is from, and nothing of the words
            QCOMPARE(post(changed), 401);
        QCOMPARE(number(u"SELECT count(*) FROM delivery"_s), before);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->stat(u"rejected_signature"_s) - rejected, qint64(count) + (platform == "telegram"_L1 ? 1 : 2), 20'000);
        QCOMPARE(post(right), 200);
        QVERIFY(settle());
        QCOMPARE(messagesOf(platform, u"sig"_s), 1);
    }

    void anEventIsOneMessageHoweverOftenItComes_data() { platforms(); }

    void anEventIsOneMessageHoweverOftenItComes()
    {
        QFETCH(const QString, platform);
        const int events = figure(20, 1000);
        const qint64 duplicates = m_world->stat(u"duplicates"_s);
        int extra = 0;
        for (int i = 0; i < events; ++i) {
            const Hook hook = text(platform, u"again"_s, 100 + i);
            const int copies = 1 + i % 5;
            for (int copy = 0; copy < copies; ++copy)
                QCOMPARE(post(hook), 200);
            extra += copies - 1;
        }
        for (int i = 0; i < events; ++i)                     // long after
            QCOMPARE(post(text(platform, u"again"_s, 100 + i)), 200);
        QVERIFY(settle());
        QCOMPARE(messagesOf(platform, u"again"_s), events);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->stat(u"duplicates"_s) - duplicates, qint64(extra + events), 20'000);
    }

    void malformedIsTakenAndSetAside_data()
    {
        QTest::addColumn<QString>("platform");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("isDead");
        for (const QString &platform : {u"telegram"_s, u"line"_s}) {
            const auto row = [&platform](const char *name, const QByteArray &body, bool isDead = true, int status = 200) {
                QTest::addRow("%s, %s", qPrintable(platform), name) << platform << body << status << isDead;
            };
            row("no JSON", "hello");
            row("empty", "");
            row("an array", "[]");
            row("a word", "null");
            row("two documents", "{}{}");
            row("cut short", text(platform, u"odd"_s, 1).body.chopped(20));
            row("depth 10,000", QByteArray(10'000, '[') + QByteArray(10'000, ']'));
            row("depth 10,000 of objects", QByteArray("{\"a\":").repeated(10'000) + '1' + QByteArray(10'000, '}'));
            row("depth 10,000 inside", inside(platform, QByteArray(10'000, '[') + QByteArray(10'000, ']')));
            row("NaN", inside(platform, "NaN"));
            row("infinite", inside(platform, "1e999"));
            row("not UTF-8", inside(platform, "\"\xff\xfe\xc0\x80\""));
            row("numbers for objects", inside(platform, "7"));
            row("words for objects", inside(platform, "\"x\""));
            row("a MiB and a byte", QByteArray(1024 * 1024 + 1, ' '), false, 413);
        }
        const auto row = [](const char *name, const QByteArray &body, bool isDead = true, int status = 200) {
            QTest::addRow("twilio, %s", name) << u"twilio"_s << body << status << isDead;
        };
        row("no fields", "");
        row("a word", "hello");
        row("no sid", "AccountSid=AC00000000000000000000000000000001&From=%2B15005550001&To=%2B15005550006&Body=x");
        row("no sender", "AccountSid=AC00000000000000000000000000000001&To=%2B15005550006&Body=x&MessageSid=SM00000000000000000000000000000e01&SmsStatus=received", false);       // ignored by name
        row("NUL", "AccountSid=AC00000000000000000000000000000001&From=%2B15005550001&To=%2B15005550006&Body=a%00b&MessageSid=SM00000000000000000000000000000e02&SmsStatus=received", false);
        row("10,000 fields", form(60) + QByteArray("&k=1").repeated(10'000), false, 401);        // more than anybody signs, so they aren't read
        row("a MiB and a byte", QByteArray(1024 * 1024 + 1, 'a'), false, 413);
    }

    void malformedIsTakenAndSetAside()
    {
        QFETCH(const QString, platform);
        QFETCH(const QByteArray, body);
        QFETCH(const int, status);
        QFETCH(const bool, isDead);
        const Hook hook = signedHook(platform, body);
        const qint64 last = number(u"SELECT coalesce(max(id), 0) FROM delivery"_s);
        QCOMPARE(post(without(hook, signatureName(platform))), status == 413 ? 413 : 401);
        QCOMPARE(number(u"SELECT coalesce(max(id), 0) FROM delivery"_s), last);
        double best = 1e9;
        const int times = figure(2, 100);
        for (int i = 0; i < times; ++i) {
            QElapsedTimer timer;
            timer.start();
            QCOMPARE(post(hook), status);
            best = std::min(best, double(timer.nsecsElapsed()) / 1e6);
        }
        QVERIFY2(best <= figure(20'000, 1000), qPrintable(u"%1 ms"_s.arg(best)));
        QVERIFY(settle());
        if (status == 200) {
            QCOMPARE(number(u"SELECT count(*) FROM delivery WHERE id > %1"_s.arg(last)), times);
            QCOMPARE(number(u"SELECT length(body) FROM delivery ORDER BY id DESC LIMIT 1"_s), qint64(body.size()));
            const qint64 dead = number(u"SELECT (SELECT count(*) FROM delivery WHERE split_state = 'dead' AND id > %1)"
                                       " + (SELECT count(*) FROM event WHERE state = 'dead' AND delivery_id > %1)"_s.arg(last));
            QCOMPARE(dead > 0, isDead);
        }
        honestIsServed();
    }

    void oneBrokenEventOfARequestIsSetAsideAlone()
    {
        const int times = figure(2, 100);
        for (int n = 0; n < times; ++n) {
            QJsonArray events;
            for (int i = 0; i < 1000; ++i) {
                QJsonObject one = lineEvent(u"batch%1"_s.arg(n), 1'000'000 + n * 1000 + i, u"U%1"_s.arg(i % 37, 32, 16, QChar(u'0')));
                if (i == 500)
                    one.insert(u"message"_s, 7);
                events.append(one);
            }
            const QByteArray body = lineBody(events);
            QVERIFY(body.size() < 1024 * 1024);
            QCOMPARE(post(signedHook(u"line"_s, body)), 200);
            QVERIFY(settle());
            const qint64 delivery = number(u"SELECT max(id) FROM delivery"_s);
            QCOMPARE(number(u"SELECT count(*) FROM event WHERE state = 'done' AND delivery_id = %1"_s.arg(delivery)), 999);
            QCOMPARE(number(u"SELECT count(*) FROM event WHERE state = 'dead' AND delivery_id = %1"_s.arg(delivery)), 1);
            QCOMPARE(number(u"SELECT count(*) FROM message WHERE direction = 'incoming' AND content LIKE 'batch%1 %'"_s.arg(n)), 999);
        }
    }

    void whatIsForNobodyIsAcknowledgedAndNotKept_data() { platforms(); }

    void whatIsForNobodyIsAcknowledgedAndNotKept()
    {
        QFETCH(const QString, platform);
        const int count = figure(20, 1000);
        const QString everStored = u"SELECT seq FROM sqlite_sequence WHERE name = 'event'"_s;      // a deletion takes rows away meanwhile
        const qint64 events = number(everStored);
        for (int i = 0; i < count; ++i) {
            const int status = post(elsewhere(platform, 5000 + i));
            QVERIFY2(status == 200 || status == 401, qPrintable(QString::number(status)));     // whose secret it isn't can't have signed it
        }
        QVERIFY(settle());
        QCOMPARE(number(everStored), events);
        QCOMPARE(messagesOf(platform, u"nobody"_s), 0);

        // Switched off: acknowledged, and not shown; the others go on
        const QString id = m_world->inbox(platform)[u"id"_s].toString();
        const Hook whileOff = text(platform, u"off"_s, 7001);
        const Hook whenGone = text(platform, u"gone"_s, 7002);
        QVERIFY(m_world->desk().call(u"inboxes.update"_s, {{u"id"_s, id}, {u"state"_s, u"disabled"_s}}).contains(u"result"_s));
        QCOMPARE(post(whileOff), 200);
        QVERIFY(settle());
        QCOMPARE(messagesOf(platform, u"off"_s), 0);
        honestIsServed(platform);

        // Deleted: like unknown
        QVERIFY(m_world->desk().call(u"inboxes.delete"_s, {{u"id"_s, id}}).contains(u"result"_s));
        const int status = post(whenGone);
        QVERIFY2(status == 200 || status == 401, qPrintable(QString::number(status)));
        QVERIFY(settle());
        QCOMPARE(messagesOf(platform, u"gone"_s), 0);
        honestIsServed(platform);
    }

private:
    static void platforms()
    {
        QTest::addColumn<QString>("platform");
        for (const QString &platform : kPlatforms)
            QTest::newRow(qPrintable(platform)) << platform;
    }

    static QByteArray signatureName(const QString &platform)
    {
        return platform == "telegram"_L1 ? "X-Telegram-Bot-Api-Secret-Token" : platform == "line"_L1 ? "X-Line-Signature" : "X-Twilio-Signature";
    }
    static QByteArray valueOf(const Headers &headers, const QByteArray &name)
    {
        const auto found = std::find_if(headers.begin(), headers.end(), [&name](const auto &header) { return header.first == name; });
        return found == headers.end() ? QByteArray() : found->second;
    }
    static Hook without(Hook hook, const QByteArray &name)
    {
        hook.headers.removeIf([&name](const auto &header) { return header.first == name; });
        return hook;
    }
    static Hook with(const Hook &hook, const QByteArray &name, const QByteArray &value)
    {
        Hook other = without(hook, name);
        other.headers.append({name, value});
        return other;
    }

    static QJsonObject lineEvent(const QString &word, int serial, const QString &customer)
    {
        return {{u"type"_s, u"message"_s},
                {u"mode"_s, u"active"_s},
                {u"timestamp"_s, kFirstTime + serial},
                {u"source"_s, QJsonObject{{u"type"_s, u"user"_s}, {u"userId"_s, customer}}},
                {u"webhookEventId"_s, u"01K7%1"_s.arg(serial, 22, 10, QChar(u'0'))},
                {u"deliveryContext"_s, QJsonObject{{u"isRedelivery"_s, false}}},
                {u"message"_s, QJsonObject{{u"type"_s, u"text"_s}, {u"id"_s, QString::number(88'000'000 + serial)}, {u"text"_s, u"%1 %2"_s.arg(word).arg(serial)}}}};
    }
    static QByteArray lineBody(const QJsonArray &events)
    {
        return json::toBytes({{u"destination"_s, u"U00000000000000000000000000000b07"_s}, {u"events"_s, events}});
    }
    /// `value` where a message is expected.
    static QByteArray inside(const QString &platform, const QByteArray &value)
    {
        if (platform == "telegram"_L1)
            return "{\"update_id\":" + QByteArray::number(870'000'000 + qint64(qHash(value) % 1'000'000)) + ",\"message\":" + value + '}';
        return R"({"destination":"U00000000000000000000000000000b07","events":[)" + value + "]}";
    }
    static QByteArray form(int serial, const QString &word = u"form"_s)
    {
        const QString sid = u"SM%1"_s.arg(serial, 32, 10, QChar(u'0'));
        return demo::SimulatedTwilio::formOf({{u"AccountSid"_s, u"AC00000000000000000000000000000001"_s},
                                              {u"Body"_s, u"%1 %2"_s.arg(word).arg(serial)},
                                              {u"From"_s, u"+15005550001"_s},
                                              {u"MessageSid"_s, sid},
                                              {u"NumMedia"_s, u"0"_s},
                                              {u"SmsSid"_s, sid},
                                              {u"SmsStatus"_s, u"received"_s},
                                              {u"To"_s, u"+15005550006"_s}});
    }
    static QByteArray update(const QString &word, int serial)
    {
        const QJsonObject person{{u"id"_s, 880'000'001}, {u"is_bot"_s, false}, {u"first_name"_s, u"Ana"_s}};
        const QJsonObject chat{{u"id"_s, 880'000'001}, {u"type"_s, u"private"_s}, {u"first_name"_s, u"Ana"_s}};
        return json::toBytes({{u"update_id"_s, 880'000'000 + serial},
                              {u"message"_s, QJsonObject{{u"message_id"_s, 10'000 + serial},
                                                         {u"date"_s, kFirstTime / 1000 + serial},
                                                         {u"from"_s, person},
                                                         {u"chat"_s, chat},
                                                         {u"text"_s, u"%1 %2"_s.arg(word).arg(serial)}}}});
    }

    Hook signedHook(const QString &platform, const QByteArray &body) const
    {
        if (platform == "telegram"_L1) {
            return {.url = m_world->server().intake(m_world->telegram().webhook().path()),
                    .body = body,
                    .headers = {{"Content-Type", "application/json"}, {"X-Telegram-Bot-Api-Secret-Token", m_world->telegram().secret().toLatin1()}}};
        }
        if (platform == "line"_L1) {
            const QByteArray signature = demo::SimulatedLine::signature(m_world->line().options().channelSecret.toLatin1(), body);
            return {.url = m_world->server().intake(u"/webhooks/line/1650000001"_s),
                    .body = body,
                    .headers = {{"Content-Type", "application/json"}, {"X-Line-Signature", signature}}};
        }
        return twilioHook(m_world->twilio().callbackOf(u"+15005550006"_s).adjusted(QUrl::RemoveFragment), body);
    }
    Hook twilioHook(const QUrl &url, const QByteArray &body) const
    {
        demo::SimulatedTwilio::Fields fields;
        const QList<QByteArray> parts = body.isEmpty() ? QList<QByteArray>() : body.split('&');
        for (const QByteArray &part : parts) {
            const auto decoded = [](QByteArray text) { return QString::fromUtf8(QByteArray::fromPercentEncoding(text.replace('+', ' '))); };
            const qsizetype equals = part.indexOf('=');
            fields.append({decoded(equals < 0 ? part : part.left(equals)), equals < 0 ? QString() : decoded(part.mid(equals + 1))});
        }
        const QByteArray signature = demo::SimulatedTwilio::signature(m_world->twilio().options().authToken, url, fields);
        return {.url = url, .body = body, .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"X-Twilio-Signature", signature}}};
    }

    /// A customer's "<word> <serial>".
    Hook text(const QString &platform, const QString &word, int serial) const
    {
        if (platform == "telegram"_L1)
            return signedHook(platform, update(word, serial));
        if (platform == "line"_L1)
            return signedHook(platform, lineBody({lineEvent(word, serial, u"U000000000000000000000000000000e1"_s)}));
        return signedHook(platform, form(serial, word));
    }
    /// The same to an inbox that isn't.
    Hook elsewhere(const QString &platform, int serial) const
    {
        Hook hook = text(platform, u"nobody"_s, serial);
        if (platform == "twilio"_L1)
            return twilioHook(m_world->server().intake(u"/twilio/callback?inbox=999"_s), hook.body);
        hook.url = m_world->server().intake(platform == "telegram"_L1 ? u"/webhooks/telegram/999"_s : u"/webhooks/line/1650000099"_s);
        return hook;
    }

    static int post(const Hook &hook) { return http("POST", hook.url, hook.body, hook.headers).status; }

    /// The other platforms, all that are left.
    void honestIsServed(const QString &except = {})
    {
        for (const QString &platform : kPlatforms) {
            if (platform == except || m_world->inbox(platform).isEmpty())
                continue;
            const int serial = 20'000 + ++m_honest;
            QCOMPARE(post(text(platform, u"honest"_s, serial)), 200);
            QTRY_COMPARE_WITH_TIMEOUT(number(u"SELECT count(*) FROM message WHERE content = 'honest %1'"_s.arg(serial)), 1, 20'000);
        }
    }

    qint64 messagesOf(const QString &platform, const QString &word) const
    {
        return number(u"SELECT count(*) FROM message m JOIN inbox i ON i.id = m.inbox_id WHERE i.channel = '%1' AND m.content LIKE '%2 %'"_s.arg(platform, word));
    }

    bool settle() const
    {
        const QString open = u"SELECT (SELECT count(*) FROM delivery WHERE split_state = 'pending') + (SELECT count(*) FROM event WHERE state = 'pending')"_s;
        return QTest::qWaitFor([&] { return number(open) == 0; }, 60'000);
    }

    /// One number out of the server's database, read beside it.
    qint64 number(const QString &sql) const
    {
        const QString connection = u"further-reader"_s;
        qint64 found = -1;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection);
            database.setConnectOptions(u"QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000"_s);
            database.setDatabaseName(m_world->server().dataDir() + u"/antiphon.db"_s);
            if (database.open()) {
                QSqlQuery query(database);
                if (query.exec(sql) && query.next())
                    found = query.value(0).toLongLong();
            }
        }
        QSqlDatabase::removeDatabase(connection);
        return found;
    }

    std::unique_ptr<BotWorld> m_world;
    int m_honest = 0;
};

ANTIPHON_TEST(FurtherPlatforms)
#include "tst_furtherplatforms.moc"
