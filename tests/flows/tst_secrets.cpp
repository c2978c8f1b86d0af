#include "tests/flows/rawdesk.h"
#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QDirIterator>
#include <QJsonDocument>
#include <QSet>
#include <QTest>
#include <QUuid>

#include <csignal>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

QByteArray made()
{
    return QUuid::createUuid().toByteArray(QUuid::Id128);
}

/// How a secret may lie in a file: as it is, in base64 wherever it begins, in UTF-16 of both orders.
QList<QByteArray> shapesOf(const QByteArray &secret)
{
    QList<QByteArray> shapes{secret};
    for (int shift = 0; shift < 3; ++shift) {
        const QByteArray text = (QByteArray(shift, 'x') + secret).toBase64(QByteArray::OmitTrailingEquals);
        const qsizetype first = shift == 0 ? 0 : 4;
        shapes.append(text.mid(first, (text.size() - first) / 4 * 4 - 4));   // the characters that depend on nothing but the secret
    }
    QByteArray little;
    QByteArray big;
    for (const char c : secret) {
        little += QByteArray(1, c) + '\0';
        big += QByteArray(1, '\0') + c;
    }
    return shapes << little << big;
}

QStringList found(const QByteArray &text, const QSet<QByteArray> &secrets, const QString &where)
{
    QStringList hits;
    for (const QByteArray &secret : secrets) {
        const QList<QByteArray> shapes = shapesOf(secret);
        for (qsizetype i = 0; i < shapes.size(); ++i) {
            if (text.contains(shapes.at(i)))
                hits.append(u"%1… (shape %2) in %3"_s.arg(QString::fromLatin1(secret.left(8))).arg(i).arg(where));
        }
    }
    return hits;
}

QStringList foundBelow(const QString &folder, const QSet<QByteArray> &secrets)
{
    QStringList hits;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            hits += found(file.readAll(), secrets, file.fileName());
    }
    return hits;
}

} // namespace

/// Nothing secret rests in files, logs or what is left of an aborted server. First the search proves that it finds.
class SecretsFlow : public QObject {
    Q_OBJECT
private slots:
    void theSearchFindsWhatIsThere()
    {
        QTemporaryDir folder;
        const QByteArray secret = made();
        const QList<QByteArray> forms{secret, secret.toBase64(), ("x" + secret).toBase64(), ("xy" + secret).toBase64(), shapesOf(secret).at(4), shapesOf(secret).at(5)};
        for (const QByteArray &form : forms) {
            QFile file(folder.filePath(u"planted"_s));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray(100'000, 'z') + form + "zz");
            file.close();
            QVERIFY(!foundBelow(folder.path(), {secret}).isEmpty());
        }
        QVERIFY(foundBelow(folder.path(), {made()}).isEmpty());
    }

    void theSearchFindsASecretInACore()
    {
        QTemporaryDir folder;
        const QByteArray secret = made();
        QProcess helper;
        helper.setWorkingDirectory(folder.path());
        helper.start(u"/bin/sh"_s, {u"-c"_s, u"ulimit -c unlimited; read KEPT; kill -ABRT $$"_s});
        QVERIFY(helper.waitForStarted());
        helper.write(secret + '\n');
        QVERIFY(helper.waitForFinished());
        QCOMPARE(helper.exitStatus(), QProcess::CrashExit);
        if (QDir(folder.path()).isEmpty())
            QSKIP("this system writes no core files into the working directory");
        QVERIFY(!foundBelow(folder.path(), {secret}).isEmpty());
    }

    void nothingIsLeftOfAnAbortedServer()
    {
        demo::TikTokOptions options = test::TiktokWorld::defaultOptions();
        options.appSecret = QString::fromLatin1(made());
        options.accounts.append({.businessId = u"biz-0002-openid"_s, .username = u"second.shop"_s, .displayName = u"Second Shop"_s});
        test::TiktokWorld world(options);
        test::ServerProcess &server = world.server();
        QSet<QByteArray> secrets{options.appSecret.toLatin1()};

        QTemporaryDir elsewhere;
        QTemporaryDir workingDirectory;
        const QByteArray passphrase = made();
        secrets.insert(passphrase);
        QFile file(elsewhere.filePath(u"passphrase"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(passphrase);
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        QFile wrapper(elsewhere.filePath(u"wrapper"_s));
        QVERIFY(wrapper.open(QIODevice::WriteOnly));
        wrapper.write("#!/bin/sh\nulimit -c unlimited\nexec \"" ANTIPHON_SERVER_PROGRAM "\" \"$@\"\n");
        wrapper.close();
        wrapper.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        server.environment.insert(u"ANTIPHON_SECRETS_PASSPHRASE_FILE"_s, file.fileName());
        server.environment.insert(u"QT_LOGGING_RULES"_s, u"*.debug=true"_s);
        server.setProgram(wrapper.fileName());
        server.setWorkingDirectory(workingDirectory.path());
        QCOMPARE(world.startConnected(), QString());

        test::RawDesk seat(server.deskPort());
        QVERIFY(seat.open(server.token()).contains("result"_L1));
        plantRefused(seat, secrets);
        consent(world, seat);
        traffic(world);
        gather(world, secrets);
        QVERIFY2(secrets.size() >= 10, qPrintable(QString::number(secrets.size())));
        qInfo("%d secrets planted", int(secrets.size()));
        for (const QJsonObject &frame : std::as_const(seat.frames))
            QCOMPARE(found(QJsonDocument(frame).toJson(QJsonDocument::Compact), secrets, u"a frame"_s), QStringList());

        server.signal(SIGABRT);
        QVERIFY(server.waitForExit(10'000));
        QVERIFY(server.standardError().size() > 0);
        QCOMPARE(found(server.standardError().toUtf8(), secrets, u"stderr"_s), QStringList());
        QCOMPARE(foundBelow(workingDirectory.path(), secrets), QStringList());
        QCOMPARE(foundBelow(server.dataDir(), secrets), QStringList());
        QFile planted(server.dataDir() + u"/on purpose"_s);
        QVERIFY(planted.open(QIODevice::WriteOnly));
        planted.write(secrets.values().first().toBase64());
        planted.close();
        QCOMPARE(foundBelow(server.dataDir(), secrets).size(), 1);
    }

private:
    /// What the platform or we refuse must not be kept either.
    static void plantRefused(test::RawDesk &seat, QSet<QByteArray> &secrets)
    {
        const QByteArray access = made();
        const QByteArray refresh = made();
        const QByteArray appSecret = made();
        secrets << access << refresh << appSecret;
        const QJsonObject tokens{{u"access_token"_s, QString::fromLatin1(access)}, {u"refresh_token"_s, QString::fromLatin1(refresh)}};
        QVERIFY(seat.errorOf(u"inboxes.create"_s, {{u"channel"_s, u"tiktok"_s}, {u"settings"_s, QJsonObject{{u"business_id"_s, u"biz-0002-openid"_s}}}, {u"secrets"_s, tokens}}) != 0);
        QVERIFY(seat.errorOf(u"apps.set"_s, {{u"channel"_s, u"fax"_s}, {u"secrets"_s, QJsonObject{{u"app_secret"_s, QString::fromLatin1(appSecret)}}}}) != 0);
    }

    static void consent(test::TiktokWorld &world, test::RawDesk &seat)
    {
        world.tiktok().consentNext({.businessId = u"biz-0002-openid"_s});
        const QUrl url(seat.result(u"inboxes.authorize"_s, {{u"channel"_s, u"tiktok"_s}}).value("url"_L1).toString());
        QVERIFY(url.isValid() && !url.isEmpty());
        const auto redirect = test::http("GET", url);
        QCOMPARE(redirect.status, 302);
        QCOMPARE(test::http("GET", QUrl::fromEncoded(redirect.headers.value("location"))).status, 200);
    }

    static void traffic(test::TiktokWorld &world)
    {
        const QString thread = world.tiktok().startConversation({.username = u"curious"_s});
        world.tiktok().customerWrites(thread, u"Hello?"_s);
        QTRY_VERIFY(world.conversation(thread));
        const ConversationId id = world.conversation(thread)->id;
        const auto send = [&](const QString &text) {
            return test::waitFor(world.api().sendMessage({.conversationId = id, .content = text, .clientId = QUuid::createUuid().toString()}));
        };
        world.tiktok().next(u"business/message/send"_s, {.code = 40064, .message = u"blocked"_s});
        QVERIFY(send(u"refused"_s));
        QTRY_COMPARE(*world.messages(thread).last().status, MessageStatus::Failed);
        world.tiktok().expireAccessTokens(u"biz-0001-openid"_s);
        QVERIFY(send(u"renewed"_s));
        QTRY_COMPARE(*world.messages(thread).last().status, MessageStatus::Delivered);
        world.tiktok().next(u"business/message/send"_s, {.garbageBody = QByteArray("<html>")});
        QVERIFY(send(u"garbage"_s));
        QTRY_COMPARE_WITH_TIMEOUT(*world.messages(thread).last().status, MessageStatus::Delivered, 20'000);   // by its echo; else the lane waits
        world.tiktok().revokeTokens(u"biz-0002-openid"_s);
        world.tiktok().revokeTokens(u"biz-0001-openid"_s);
        QVERIFY(send(u"held"_s));
        QTRY_COMPARE(test::waitFor(world.api().inbox(world.inbox().id))->state, Inbox::State::ReauthorizationRequired);
    }

    /// Whatever secret reached the platform was in the server's hands before.
    static void gather(test::TiktokWorld &world, QSet<QByteArray> &secrets)
    {
        for (const auto &received : world.tiktok().received()) {
            if (const QByteArray token = received.request.header("access-token"); token.size() > 10)
                secrets.insert(token);
            const QJsonObject body = QJsonDocument::fromJson(received.request.body).object();
            for (const QString &key : {u"access_token"_s, u"refresh_token"_s, u"client_secret"_s, u"secret"_s, u"auth_code"_s, u"code"_s}) {
                if (const QByteArray value = body.value(key).toString().toLatin1(); value.size() > 10)
                    secrets.insert(value);
            }
        }
    }
};

ANTIPHON_TEST(SecretsFlow)
#include "tst_secrets.moc"
