#include "tests/abuse/abuseworld.h"

#include "app/demo/webhooksender.h"
#include "core/base/json.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTcpSocket>
#include <QTest>

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kConnection = "abuse-reader"_L1;
} // namespace

int figure(int few, int all)
{
    return qEnvironmentVariableIsSet("ANTIPHON_ABUSE_FULL") ? all : few;
}

QString AbuseWorld::startWithAccounts()
{
    if (const QString failed = startConnected(); !failed.isEmpty())
        return failed;
    const QList<demo::BusinessAccount> &accounts = tiktok().options().accounts;
    for (qsizetype i = 1; i < accounts.size(); ++i) {
        const demo::TokenPair tokens = tiktok().issueTokens(accounts.at(i).businessId);
        const auto made = waitFor(api().createInbox(Channel::Tiktok, {}, {{u"business_id"_s, accounts.at(i).businessId}},
                                                    {{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}}));
        if (!made)
            return describe(made.error());
    }
    return {};
}

QByteArray AbuseWorld::envelope(const QString &event, const QString &account, const QJsonObject &content)
{
    return demo::webhookEnvelope(u"7000000000000000001"_s, event, SystemClock().now(), account, content);
}

QJsonObject AbuseWorld::textContent(const QString &account, const QString &thread, const QString &messageId, qint64 atMs,
                                    const QString &text)
{
    const QString customer = u"usr-"_s + thread;
    return {{u"from"_s, u"customer."_s + thread},
            {u"to"_s, u"shop"_s},
            {u"unique_identifier"_s, customer},
            {u"from_user"_s, QJsonObject{{u"id"_s, customer}, {u"role"_s, u"personal_account"_s}}},
            {u"to_user"_s, QJsonObject{{u"id"_s, account}, {u"role"_s, u"business_account"_s}}},
            {u"conversation_id"_s, thread},
            {u"message_id"_s, messageId},
            {u"timestamp"_s, atMs},
            {u"type"_s, u"text"_s},
            {u"text"_s, QJsonObject{{u"body"_s, text}}},
            {u"is_follower"_s, true},
            {u"message_tag"_s, QJsonObject{{u"source"_s, u"APP"_s}}}};
}

QByteArray AbuseWorld::signatureOf(const QByteArray &body, qint64 secondsAgo)
{
    return demo::WebhookSender::signature("antiphon-test-app-secret", QDateTime::currentSecsSinceEpoch() - secondsAgo, body);
}

QByteArray AbuseWorld::request(const QByteArray &body, qint64 secondsAgo) const
{
    return bench::webhookRequest(const_cast<AbuseWorld *>(this)->server().intakePort(), signatureOf(body, secondsAgo), body);
}

bench::LoadResult AbuseWorld::post(const std::vector<QByteArray> &requests, int connections) const
{
    return bench::runLoad(const_cast<AbuseWorld *>(this)->server().intakePort(), connections, requests);
}

int AbuseWorld::post(const QByteArray &body, double *ms) const
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, const_cast<AbuseWorld *>(this)->server().intakePort());
    if (!socket.waitForConnected(5000))
        return 0;
    const QByteArray whole = request(body);
    QElapsedTimer timer;
    timer.start();
    socket.write(whole);
    QByteArray answer;
    while (!answer.contains("\r\n\r\n") && socket.waitForReadyRead(20'000))
        answer += socket.readAll();
    if (ms)
        *ms = double(timer.nsecsElapsed()) / 1e6;
    return answer.mid(9, 3).toInt();
}

bool AbuseWorld::settle(int patienceMs) const
{
    const QString open =
        u"SELECT (SELECT count(*) FROM delivery WHERE split_state = 'pending') + (SELECT count(*) FROM event WHERE state = 'pending')"_s;
    return QTest::qWaitFor([&] { return number(open) == 0; }, patienceMs);
}

qint64 AbuseWorld::number(const QString &sql) const
{
    const QStringList all = lines(sql);
    return all.isEmpty() ? -1 : all.first().toLongLong();
}

QStringList AbuseWorld::lines(const QString &sql) const
{
    QStringList found;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, kConnection);
        database.setConnectOptions(u"QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000"_s);
        database.setDatabaseName(const_cast<AbuseWorld *>(this)->server().dataDir() + u"/antiphon.db"_s);
        if (database.open()) {
            QSqlQuery query(database);
            query.setForwardOnly(true);
            if (query.exec(sql)) {
                while (query.next())
                    found.append(query.value(0).toString());
            }
        }
    }
    QSqlDatabase::removeDatabase(kConnection);
    return found;
}

} // namespace antiphon::test
