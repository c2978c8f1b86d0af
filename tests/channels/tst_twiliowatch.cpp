#include "core/base/json.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/twilio/twiliocursor.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QHash>
#include <QJsonArray>
#include <QLocale>
#include <QSet>
#include <QTest>
#include <QUrlQuery>

#include <algorithm>
#include <vector>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

const QString kAccount = u"AC00000000000000000000000000000001"_s;
const QString kService = u"MG00000000000000000000000000000009"_s;
constexpr qint64 kNoon = 1760000400000;          // 2025-10-09 09:00:00 UTC
constexpr int kLongestCursor = 400'000;

/// An account with very many messages, listed as the platform does: newest first, as they are now, a hundred a page.
class Account {
public:
    int size() const { return int(m_oldestFirst.size()); }
    QString sid(int i) const { return u"SM%1"_s.arg(i, 32, 10, QChar(u'0')); }
    QString status(int i) const { return m_oldestFirst[size_t(i)].status; }
    void add(qint64 at, const QString &status)
    {
        const QString moment = QLocale::c().toString(QDateTime::fromMSecsSinceEpoch(at, Qt::UTC), u"ddd, dd MMM yyyy HH:mm:ss"_s) + u" +0000"_s;
        m_oldestFirst.push_back({status, moment});
    }
    void move(int i, const QString &status) { m_oldestFirst[size_t(i)].status = status; }

    HttpReply answer(const QUrl &url) const
    {
        if (url.path().endsWith("/PhoneNumbers"_L1))
            return {.status = 200, .body = R"({"phone_numbers":[{"phone_number":"+15005550006"}],"meta":{}})", .requestWritten = true};
        QUrlQuery query(url);
        const bool isIncoming = query.hasQueryItem(u"To"_s);
        const bool isOutgoing = query.hasQueryItem(u"From"_s);
        const QString before = query.queryItemValue(u"PageToken"_s);
        int i = before.isEmpty() ? size() - 1 : before.toInt() - 1;
        QJsonArray rows;
        for (; i >= 0 && rows.size() < 100; --i) {
            const bool isReceived = status(i) == "received"_L1;
            if ((isIncoming && !isReceived) || (isOutgoing && isReceived))
                continue;
            rows.append(row(i));
        }
        query.removeQueryItem(u"PageToken"_s);
        query.addQueryItem(u"PageToken"_s, QString::number(i + 1));
        const QString next = i >= 0 ? url.path() + u'?' + query.toString(QUrl::FullyEncoded) : QString();
        return {.status = 200, .body = json::toBytes({{"messages"_L1, rows}, {"next_page_uri"_L1, json::orNull(next)}}), .requestWritten = true};
    }

private:
    struct Message {
        QString status{};
        QString moment{};
    };

    QJsonObject row(int i) const
    {
        const Message &one = m_oldestFirst[size_t(i)];
        const bool isReceived = one.status == "received"_L1;
        return {{"sid"_L1, sid(i)},
                {"account_sid"_L1, kAccount},
                {"from"_L1, isReceived ? u"+15005550001"_s : u"+15005550006"_s},
                {"to"_L1, isReceived ? u"+15005550006"_s : u"+15005550001"_s},
                {"direction"_L1, isReceived ? u"inbound"_s : u"outbound-api"_s},
                {"status"_L1, one.status},
                {"num_media"_L1, u"0"_s},
                {"date_sent"_L1, one.moment}};
    }

    std::vector<Message> m_oldestFirst{};
};

} // namespace

/// How a busy account's list is read again and again: nothing is left out, nothing comes twice, and the cursor stays small.
class TwilioWatchTest : public QObject {
    Q_OBJECT

    TwilioAdapter m_adapter;
    const QJsonObject m_number{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}, {"phone_number"_L1, u"+15005550006"_s}};
    const QJsonObject m_service{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}, {"messaging_service_sid"_L1, kService}};
    QHash<QString, int> m_told;          ///< how often each key came
    int m_events = 0;

    ChannelAdapter::FeedPage read(const Account &account, const QString &cursor, const QJsonObject &settings) const
    {
        const InboxCredentials inbox{.accessToken = u"token"_s, .settings = settings, .inbox = InboxId(7)};
        const auto operation = m_adapter.readFeed({.cursor = cursor, .since = fromUnixMs(kNoon)}, inbox, {.api = QUrl(u"http://127.0.0.1:9"_s)});
        auto step = operation->start();
        while (step.index() == 0)
            step = operation->next(account.answer(std::get<0>(step).url));
        return step.index() == 1 ? std::get<1>(step) : ChannelAdapter::FeedPage{.cursor = u"it failed"_s};
    }

    /// @return the page, whose events count as told
    ChannelAdapter::FeedPage readOn(const Account &account, const QString &cursor, const QJsonObject &settings)
    {
        const ChannelAdapter::FeedPage page = read(account, cursor, settings);
        for (const SplitEvent &event : page.events) {
            ++m_told[event.dedupeKey];
            ++m_events;
        }
        return page;
    }

    static bool isSmall(const ChannelAdapter::FeedPage &page) { return page.cursor != u"it failed"_s && page.events.size() <= 1000 && page.cursor.size() < kLongestCursor; }

    static void addSettings()
    {
        QTest::addColumn<bool>("isService");
        QTest::newRow("a number") << false;
        QTest::newRow("a service") << true;
    }

private slots:
    void init()
    {
        m_told.clear();
        m_events = 0;
    }

    void noStatusIsLeftOutOrComesAgain_data() { addSettings(); }

    /// Nine thousand messages of one day are sent, then delivered, two thousand between two reads; two of the reads are lost.
    void noStatusIsLeftOutOrComesAgain()
    {
        QFETCH(const bool, isService);
        const QJsonObject &settings = isService ? m_service : m_number;
        constexpr int kAll = 9000;
        Account account;
        for (int i = 0; i < kAll; ++i)
            account.add(kNoon + 3000 * qint64(i), u"sent"_s);
        QString cursor;
        int delivered = 0;
        int reads = 0;
        bool isDone = false;
        while (!isDone && ++reads < 40) {
            if (reads == 3 || reads == 12)
                QVERIFY(isSmall(read(account, cursor, settings)));
            const auto page = readOn(account, cursor, settings);
            QVERIFY2(isSmall(page), qPrintable(u"%1 events, a cursor of %2"_s.arg(page.events.size()).arg(page.cursor.size())));
            isDone = delivered == kAll && !page.hasMore;
            cursor = page.cursor;
            // Not in the order they were sent: 7 and 9,000 have no common divisor.
            for (const int until = reads < 5 ? 0 : std::min(kAll, delivered + 2000); delivered < until; ++delivered)
                account.move(int(qint64(delivered) * 7 % kAll), u"delivered"_s);
        }
        QVERIFY2(isDone, qPrintable(QString::number(reads)));
        for (int i = 0; i < kAll; ++i)
            QCOMPARE(m_told.value(u"s:%1:delivered"_s.arg(account.sid(i))), 1);
        QCOMPARE(m_events, int(m_told.size()));          // none twice
        QVERIFY(m_events <= 2 * kAll);
        const auto after = read(account, cursor, settings);
        QVERIFY(after.events.isEmpty());
        QCOMPARE(after.cursor, cursor);                  // nothing to store
    }

    void messagesFromBeforeAnAbsenceAreWatched_data() { addSettings(); }

    /// Three days away: what was sent just before is delivered meanwhile, and more than a read's worth came.
    void messagesFromBeforeAnAbsenceAreWatched()
    {
        QFETCH(const bool, isService);
        const QJsonObject &settings = isService ? m_service : m_number;
        Account account;
        for (int i = 0; i < 1500; ++i)
            account.add(kNoon + 1000 * qint64(i), u"sent"_s);
        auto page = readOn(account, {}, settings);
        QVERIFY(page.hasMore);
        page = readOn(account, page.cursor, settings);
        QVERIFY(!page.hasMore);
        QCOMPARE(m_events, 1500);
        for (int i = 0; i < 1500; ++i)
            account.move(i, u"delivered"_s);
        constexpr qint64 kThreeDays = 3 * 24 * 3600 * qint64(1000);
        for (int i = 0; i < 2500; ++i)
            account.add(kNoon + kThreeDays + 1000 * qint64(i), i % 5 == 0 ? u"delivered"_s : u"received"_s);
        page.hasMore = true;
        for (int reads = 0; page.hasMore && reads < 20; ++reads)
            page = readOn(account, page.cursor, settings);
        QVERIFY(!page.hasMore);
        QCOMPARE(m_events, 1500 + 1500 + 2500);
        QCOMPARE(int(m_told.size()), m_events);
    }

    void tenThousandAreWatched()
    {
        Account account;
        for (int i = 0; i < 11'000; ++i)
            account.add(kNoon + 1000 * qint64(i), u"sent"_s);
        ChannelAdapter::FeedPage page{.hasMore = true};
        for (int reads = 0; page.hasMore && reads < 20; ++reads) {
            page = readOn(account, page.cursor, m_service);
            QVERIFY(isSmall(page));
        }
        QVERIFY(!page.hasMore);
        account.move(0, u"delivered"_s);
        account.move(10'999, u"delivered"_s);
        page = readOn(account, page.cursor, m_service);
        QCOMPARE(page.events.size(), 1);
        QCOMPARE(page.events.first().target, account.sid(10'999));
        QVERIFY(isSmall(page));
        QCOMPARE(int(m_told.size()), m_events);
    }

    void whatCameInANightIsReadToItsEnd()
    {
        constexpr int kAll = 20'000;
        Account account;
        for (int i = 0; i < kAll; ++i)
            account.add(kNoon + 1000 * qint64(i / 20), u"received"_s);
        ChannelAdapter::FeedPage page{.hasMore = true};
        Timestamp last{};
        int reads = 0;
        while (page.hasMore && ++reads < 60) {
            page = readOn(account, page.cursor, m_number);
            QVERIFY(isSmall(page));
            for (const SplitEvent &event : std::as_const(page.events)) {
                QVERIFY(*event.platformAt >= last);
                last = *event.platformAt;
            }
        }
        QVERIFY(!page.hasMore);
        QCOMPARE(int(m_told.size()), kAll);
        QCOMPARE(m_events, kAll);
    }

    void aStatusThatGoesBackIsToldOnce()
    {
        Account account;
        account.add(kNoon, u"sent"_s);
        auto page = readOn(account, {}, m_number);
        for (const QString &word : {u"delivered"_s, u"sent"_s, u"delivered"_s, u"read"_s, u"sent"_s}) {
            account.move(0, word);
            page = readOn(account, page.cursor, m_number);
        }
        QCOMPARE(m_events, 3);
        QCOMPARE(int(m_told.size()), 3);
    }

    void aCursorIsReadAsItWasWritten()
    {
        twilio::Cursor cursor{.isStored = true, .readUpTo = fromUnixMs(kNoon), .sentUpTo = fromUnixMs(kNoon)};
        QList<twilio::Told> incoming;
        QList<twilio::Told> statuses;
        for (int i = 0; i < 15'000; ++i) {
            incoming.append({fromUnixMs(kNoon - 1000 * qint64(i / 100)), twilio::messageKey(QString::number(i))});
            statuses.append({fromUnixMs(kNoon - 1000 * qint64(i)), twilio::messageKey(QString::number(i)), 1});
        }
        cursor.remember(incoming, statuses);
        cursor.remember({}, {{fromUnixMs(kNoon), twilio::messageKey(u"0"_s), 4}});
        QCOMPARE(cursor.known.size(), 4000);
        QCOMPARE(cursor.watched.size(), 10'000);
        QCOMPARE(cursor.incomingFrom(), fromUnixMs(kNoon - 39'000));
        QCOMPARE(cursor.outgoingFrom(), fromUnixMs(kNoon - 9'999'000));
        const QString text = twilio::textOf(cursor);
        QVERIFY2(text.size() < kLongestCursor, qPrintable(QString::number(text.size())));
        const twilio::Cursor again = twilio::cursorOf(text, {});
        QCOMPARE(twilio::textOf(again), text);
        QCOMPARE(again.watched.last().words, quint8(5));
        QCOMPARE(again.watched.first().at, again.outgoingFrom());
        const twilio::Cursor broken = twilio::cursorOf(uR"({"in":1000,"out":2000,"told":"!!","watched":7})"_s, {});
        QVERIFY(broken.known.isEmpty() && broken.watched.isEmpty());
        QCOMPARE(broken.sentUpTo, fromUnixMs(2000));
    }
};

ANTIPHON_TEST(TwilioWatchTest)
#include "tst_twiliowatch.moc"
