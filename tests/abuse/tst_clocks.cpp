#include "tests/abuse/abuseworld.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The machine's clock is wrong, jumps, changes to summer time, passes 2038: what came is in the platform's order, the window is the platform's, and the
/// account stays connected.
class Clocks : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file.setFileName(m_folder->filePath(u"offset"_s));
        QVERIFY(m_file.open(QIODevice::ReadWrite));
        QVERIFY(m_file.resize(sizeof(qint64)));
        m_offset = reinterpret_cast<qint64 *>(m_file.map(0, sizeof(qint64)));
        QVERIFY(m_offset);
        *m_offset = 0;
        m_world = std::make_unique<AbuseWorld>();
        m_world->server().environment.insert(u"LD_PRELOAD"_s, QStringLiteral(ANTIPHON_CLOCK_LAYER));
        m_world->server().environment.insert(u"ANTIPHON_CLOCK_FILE"_s, m_file.fileName());
        m_account = m_world->tiktok().options().accounts.first().businessId;
    }

    void cleanup()
    {
        m_world.reset();
        m_file.close();
    }

    void aWrongClockChangesNothingThatAPersonSees_data()
    {
        QTest::addColumn<QList<qint64>>("minutes");
        const auto row = [](const char *name, const QList<qint64> &minutes) { QTest::newRow(name) << minutes; };
        row("5 minutes ahead", {5});
        row("5 minutes behind", {-5});
        row("a day ahead", {1440});
        row("a day behind", {-1440});
        row("forth and back during the run", {0, 1440, -1440, 5, 0});
    }

    void aWrongClockChangesNothingThatAPersonSees()
    {
        QFETCH(QList<qint64>, minutes);
        turnTo(minutes.first());
        QCOMPARE(m_world->startWithAccounts(), QString());
        qint64 at = QDateTime::currentMSecsSinceEpoch() - 60'000;
        QStringList expected;
        for (int round = 0; round < figure(1, 10); ++round) {
            for (const qint64 offset : minutes) {
                turnTo(offset);
                for (int i = 0; i < 4; ++i) {
                    // two and two arrive the wrong way round
                    at += 200;
                    const qint64 stamp = i % 2 == 0 ? at + 150 : at - 150;
                    const QString id = u"clock-%1"_s.arg(expected.size());
                    QCOMPARE(m_world->post(text(id, stamp)), 200);
                    expected.append(u"%1 %2"_s.arg(stamp).arg(id));
                }
            }
        }
        QVERIFY(m_world->settle());
        expected.sort();
        QStringList shown;
        const QList<Message> all = m_world->messages(u"clocks"_s);
        Timestamp newest{};
        for (const Message &message : all) {
            shown.append(u"%1 %2"_s.arg(toUnixMs(message.createdAt)).arg(message.sourceId));
            newest = std::max(newest, message.createdAt);
        }
        QCOMPARE(shown, expected);
        const auto conversation = m_world->conversation(u"clocks"_s);
        QVERIFY(conversation && conversation->replyWindow && conversation->replyWindow->closesAt);
        QCOMPARE(*conversation->replyWindow->closesAt, newest + 48h);
        staysConnected();
    }

    void aClockOfNextYearThrowsNoTokenAway()
    {
        // Given an account connected by its owner's consent, so that the ends of its tokens are known
        QCOMPARE(m_world->start(), QString());
        const auto page = waitFor(m_world->api().authorizeInbox(Channel::Tiktok));
        QVERIFY(page);
        const HttpAnswer consent = http("GET", *page);
        QVERIFY(http("GET", QUrl::fromEncoded(consent.headers.value("location"))).status < 400);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->number(u"SELECT count(*) FROM inbox WHERE refresh_expires_at IS NOT NULL"_s), 1, 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(!m_world->tiktok().webhooks().callback().isEmpty(), 10'000);
        const QString thread = m_world->tiktok().startConversation({.username = u"early.bird"_s});
        const QString first = m_world->tiktok().customerWrites(thread, u"Open yet?"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_world->message(thread, first), 10'000);

        // When the clock says that consent and token ended long ago, and what looks at it has had its turns
        turnTo(400LL * 24 * 60);
        const QString second = m_world->tiktok().customerWrites(thread, u"Hello?"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_world->message(thread, second), 10'000);
        QTest::qWait(figure(3'000, 70'000));
        turnTo(0);

        // Then the account is connected, and what is sent leaves
        staysConnected();
        const auto sent = waitFor(m_world->api().sendMessage(
            {.conversationId = m_world->conversation(thread)->id, .content = u"Still here"_s, .clientId = u"after-the-jump"_s}));
        QVERIFY2(sent, sent ? "" : qPrintable(describe(sent.error())));
        const QString state = u"SELECT status || ' ' || COALESCE(error_code, '') FROM message WHERE client_id = 'after-the-jump'"_s;
        // The simulated customer's phone may have told of its arrival meanwhile.
        const QStringList left{u"sent"_s, u"delivered"_s, u"read"_s};
        QTRY_VERIFY2_WITH_TIMEOUT(left.contains(m_world->lines(state).value(0).section(u' ', 0, 0)), qPrintable(m_world->lines(state).value(0)), 30'000);
        staysConnected();
    }

    void momentsThatBreakClocks_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<qint64>("second");
        QTest::newRow("32 bits of seconds end") << QByteArray("UTC") << qint64(2'147'483'647);
        QTest::newRow("summer time begins") << QByteArray("Europe/Berlin")
                                            << QDateTime(QDate(2027, 3, 28), QTime(1, 0), Qt::UTC).toSecsSinceEpoch();
        QTest::newRow("summer time ends") << QByteArray("Europe/Berlin")
                                          << QDateTime(QDate(2027, 10, 31), QTime(1, 0), Qt::UTC).toSecsSinceEpoch();
        QTest::newRow("a leap day") << QByteArray("Pacific/Kiritimati")
                                    << QDateTime(QDate(2028, 2, 29), QTime(0, 0), Qt::UTC).toSecsSinceEpoch();
    }

    void momentsThatBreakClocks()
    {
        QFETCH(QByteArray, zone);
        QFETCH(qint64, second);
        m_world->server().environment.insert(u"TZ"_s, QString::fromLatin1(zone));
        turnToSecond(second - 10);
        QCOMPARE(m_world->startWithAccounts(), QString());
        QStringList expected;
        for (const qint64 past : {-10, -1, 0, 1, 10}) {
            turnToSecond(second + past);
            const qint64 stamp = (second + past) * 1000 + 7;
            const QString id = u"moment-%1"_s.arg(expected.size());
            QCOMPARE(m_world->post(text(id, stamp)), 200);
            expected.append(u"%1 %2"_s.arg(stamp).arg(id));
        }
        QVERIFY(m_world->settle());
        QStringList shown;
        const QList<Message> all = m_world->messages(u"clocks"_s);
        for (const Message &message : all)
            shown.append(u"%1 %2"_s.arg(toUnixMs(message.createdAt)).arg(message.sourceId));
        QCOMPARE(shown, expected);
        const auto conversation = m_world->conversation(u"clocks"_s);
        QVERIFY(conversation && conversation->canReply);
        QCOMPARE(*conversation->replyWindow->closesAt, all.last().createdAt + 48h);
        staysConnected();
    }

private:
    void turnTo(qint64 minutes) { *m_offset = minutes * 60 * 1'000'000'000; }
    void turnToSecond(qint64 second) { *m_offset = (second - QDateTime::currentSecsSinceEpoch()) * 1'000'000'000; }

    QByteArray text(const QString &id, qint64 at) const
    {
        return AbuseWorld::envelope(u"im_receive_msg"_s, m_account,
                                    AbuseWorld::textContent(m_account, u"clocks"_s, id, at, u"What time is it?"_s));
    }

    void staysConnected()
    {
        const auto inboxes = waitFor(m_world->api().inboxes());
        QVERIFY(inboxes);
        QCOMPARE(inboxes->items.size(), 1);
        QCOMPARE(inboxes->items.first().state, Inbox::State::Active);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QFile m_file;
    qint64 *m_offset = nullptr;
    std::unique_ptr<AbuseWorld> m_world;
    QString m_account;
};

ANTIPHON_TEST(Clocks)
#include "tst_clocks.moc"
