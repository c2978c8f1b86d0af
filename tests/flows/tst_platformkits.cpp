#include "tests/flows/botworld.h"
#include "tests/flows/nodepackages.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTest>
#include <QUuid>

using namespace antiphon;
using namespace Qt::StringLiterals;
using demo::SimulatedTwilio;

#define EVENTUALLY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

/// The platforms' own packages on the other side: what they sign is taken, and what is signed here they take.
class PlatformKitsFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_folder = test::nodePackages(QString::fromLatin1(ANTIPHON_PLATFORMKITS_PACKAGES), QString::fromLatin1(ANTIPHON_PLATFORMKITS_FOLDER),
                                      {u"node_modules/twilio/package.json"_s, u"node_modules/@line/bot-sdk/package.json"_s});
        if (m_folder.isEmpty())
            QSKIP("the platforms' packages can't be had here: they need Node.js and the npm registry");
        m_world = std::make_unique<test::BotWorld>();
        QCOMPARE(m_world->start(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void whatTwiliosPackageSignsIsBelieved()
    {
        QCOMPARE(m_world->connect(m_world->twilioAccount()), QString());
        QTRY_VERIFY_WITH_TIMEOUT(!m_world->twilio().smsUrl().isEmpty(), 30'000);
        const QUrl url = m_world->twilio().callbackOf(u"+15005550006"_s).adjusted(QUrl::RemoveFragment);
        SimulatedTwilio::Fields fields{{u"AccountSid"_s, u"AC00000000000000000000000000000001"_s}, {u"Body"_s, u"Grüße & 100% 👋 + ok '"_s}, {u"From"_s, u"+15005550001"_s},
                                       {u"To"_s, u"+15005550006"_s}, {u"MessageSid"_s, u"SM00000000000000000000000000000d01"_s}, {u"NumMedia"_s, u"0"_s},
                                       {u"SmsStatus"_s, u"received"_s}, {u"ToCity"_s, QString()}};
        QJsonObject params;
        for (const auto &[name, value] : std::as_const(fields))
            params.insert(name, value);
        const QString token = m_world->twilio().options().authToken;
        const QString signature = ask(u"twilioSign"_s, {{u"token"_s, token}, {u"url"_s, url.toString()}, {u"params"_s, params}})[u"signature"_s].toString();
        QVERIFY(!signature.isEmpty());
        QCOMPARE(SimulatedTwilio::signature(token, url, fields), signature.toLatin1());
        const auto deliver = [&](const QByteArray &form) {
            return test::http("POST", url, form, {{"Content-Type", "application/x-www-form-urlencoded"}, {"X-Twilio-Signature", signature.toLatin1()}}).status;
        };
        QCOMPARE(deliver(SimulatedTwilio::formOf(fields).replace("ok", "no")), 401);
        QCOMPARE(deliver(SimulatedTwilio::formOf(fields)), 200);
        EVENTUALLY_COMPARE(m_world->texts(u"+15005550001"_s), QStringList{u"Grüße & 100% 👋 + ok '"_s});
    }

    void whatTheSimulatedTwilioSignsTwiliosPackageBelieves()
    {
        const QUrl url(u"https://desk.example.test/twilio/callback?inbox=7#rc=3&rp=all"_s);
        const SimulatedTwilio::Fields fields{{u"Body"_s, u"Jörg"_s}, {u"MessageSid"_s, u"SM1"_s}};
        const QString token = m_world->twilio().options().authToken;
        const QJsonObject question{{u"token"_s, token},
                                   {u"url"_s, url.adjusted(QUrl::RemoveFragment).toString()},
                                   {u"params"_s, QJsonObject{{u"Body"_s, u"Jörg"_s}, {u"MessageSid"_s, u"SM1"_s}}},
                                   {u"signature"_s, QString::fromLatin1(SimulatedTwilio::signature(token, url, fields))}};
        QCOMPARE(ask(u"twilioValidate"_s, question)[u"valid"_s], QJsonValue(true));
    }

    void linesPackageAndTheServerAgreeOnASignature()
    {
        QCOMPARE(m_world->connect(m_world->lineAccount()), QString());
        const QByteArray body = R"({"destination":"U00000000000000000000000000000b07","events":[{"type":"message","mode":"active","timestamp":1760000000000,"source":{"type":"user","userId":"U000000000000000000000000000000a1"},"webhookEventId":"01K70000000000000000000001","deliveryContext":{"isRedelivery":false},"replyToken":"rt-1","message":{"type":"text","id":"500000000000000001","quoteToken":"qt-1","text":"こんにちは"}}]})";
        const QByteArray secret = m_world->line().options().channelSecret.toLatin1();
        const QByteArray right = demo::SimulatedLine::signature(secret, body);
        for (const QByteArray &signature : {right, demo::SimulatedLine::signature(secret, body + ' '), QByteArray("bm8=")}) {
            const QJsonObject question{{u"secret"_s, QString::fromLatin1(secret)}, {u"body"_s, QString::fromUtf8(body)}, {u"signature"_s, QString::fromLatin1(signature)}};
            const bool isValid = ask(u"lineValidate"_s, question)[u"valid"_s].toBool();
            QCOMPARE(isValid, signature == right);
            const test::HttpAnswer answer =
                test::http("POST", m_world->server().intake(u"/webhooks/line/1650000001"_s), body, {{"Content-Type", "application/json"}, {"x-line-signature", signature}});
            QCOMPARE(answer.status, isValid ? 200 : 401);
        }
        EVENTUALLY_COMPARE(m_world->texts(u"U000000000000000000000000000000a1"_s), QStringList{u"こんにちは"_s});
    }

    void theSimulatedLineTakesWhatLinesPackageSends()
    {
        const demo::LineCustomer sora{.id = u"U000000000000000000000000000000c1"_s, .name = u"Sora"_s};
        m_world->line().customerWrites(sora, u"hello"_s, {.withWebhook = false});
        const QJsonObject push{{u"base"_s, m_world->line().apiUrl().toString()}, {u"token"_s, m_world->line().issueToken()}, {u"to"_s, sora.id}, {u"text"_s, u"Which size?"_s},
                               {u"key"_s, QUuid::createUuid().toString(QUuid::WithoutBraces)}};
        const QString id = ask(u"linePush"_s, push)[u"id"_s].toString();
        QCOMPARE(m_world->line().sent().last().id, id);
        QCOMPARE(ask(u"linePush"_s, push)[u"status"_s].toInt(), 409);
        QCOMPARE(m_world->line().sent().size(), 1);
    }

private:
    /// The answer of the packages; the event loop runs meanwhile, since they may ask the platforms that live here.
    QJsonObject ask(const QString &question, QJsonObject values)
    {
        values.insert(u"question"_s, question);
        QProcess node;
        node.setWorkingDirectory(m_folder);
        node.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"NODE_PATH"_s, m_folder + u"/node_modules"_s);
        node.setProcessEnvironment(environment);
        node.start(u"node"_s, {QString::fromLatin1(ANTIPHON_PLATFORMKITS_PACKAGES) + u"/kits.js"_s});
        node.write(QJsonDocument(values).toJson());
        node.closeWriteChannel();
        if (!QTest::qWaitFor([&node] { return node.state() == QProcess::NotRunning; }, 60'000)) {
            node.kill();
            node.waitForFinished();
        }
        return QJsonDocument::fromJson(node.readAllStandardOutput()).object();
    }

    QString m_folder;
    std::unique_ptr<test::BotWorld> m_world;
};

ANTIPHON_TEST(PlatformKitsFlow)
#include "tst_platformkits.moc"
