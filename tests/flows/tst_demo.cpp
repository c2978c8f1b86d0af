#include "app/host/datadir.h"
#include "app/host/demorun.h"
#include "app/host/serverhost.h"
#include "tests/flows/serverprocess.h"
#include "tests/support/testmain.h"

#include <QSignalSpy>
#include <QTest>
#include <QUuid>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// The demo's whole script, eight times as fast, through the server's own Desk API: every feature it promises is there at its end.
class DemoFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_demo = std::make_unique<DemoRun>(8.0);
        QVERIFY(m_demo->begin());
        const auto channels = ServerHost::makeChannels();
        QVERIFY(channels);
        auto folder = DataDir::open(m_demo->dataDir());
        QVERIFY(folder);
        m_folder = *std::move(folder);
        const auto token = m_folder->ownerToken(m_random);
        QVERIFY(token);
        const auto options = parseOptions({u"--demo"_s}, Options::Program::Server);
        QVERIFY(options);
        m_host = std::make_unique<ServerHost>(
            ServerModule::Setup{.options = *options, .dataDir = m_folder->path(), .ownerToken = *token, .channels = *channels, .secrets = SecretsHome::File});
        int deskPort = 0;
        connect(m_host.get(), &ServerHost::ready, this, [&deskPort](int, int desk) { deskPort = desk; });
        m_host->start();
        QTRY_VERIFY_WITH_TIMEOUT(deskPort != 0, 15'000);
        const QUrl desk(u"ws://127.0.0.1:%1"_s.arg(deskPort));
        std::optional<Result<void>> connected;
        m_demo->connectAccount(desk, *token, [&connected](const Result<void> &result) { connected = result; });
        QTRY_VERIFY_WITH_TIMEOUT(connected, 15'000);
        QVERIFY2(*connected, *connected ? "" : qPrintable(describe(connected->error())));
        m_client = std::make_unique<DeskClient>(desk, *token);
        m_client->open();
        QTRY_COMPARE(m_client->state(), DeskClient::State::Open);
        m_api = std::make_unique<DeskApi>(*m_client);
        QTRY_VERIFY_WITH_TIMEOUT(m_demo->world().ask([](demo::DemoWorld &world) { return world.isOver(); }), 40'000);
    }

    void cleanupTestCase()
    {
        m_api.reset();
        m_client.reset();
        if (m_host) {
            QSignalSpy stopped(m_host.get(), &ServerHost::stopped);
            m_host->stop();
            QTRY_COMPARE_WITH_TIMEOUT(stopped.size(), 1, 15'000);
        }
        m_host.reset();
        m_folder.reset();
        m_demo.reset();
    }

    void everyCustomerIsThere()
    {
        QTRY_COMPARE_WITH_TIMEOUT(conversations().size(), 23, 20'000);
        for (const QString &name : {u"Mira Solvang"_s, u"種森ゆき"_s, u"سلمى الدوري"_s, u"กมลชนก พูนสุข"_s, u"Lucía Barrenal"_s, u"Rosa Lindqvist"_s, u"Inês Duarte"_s, u"Jonas Weber"_s, u"Elif Kaplan"_s, u"Marek Havel"_s, u"森田 陽翔"_s, u"สุดา แก้วมณี"_s, u"林雅婷"_s})
            QTRY_VERIFY2(find(name), qPrintable(name));
    }

    void windowsAreOpenClosingSoonAndClosed()
    {
        QTRY_VERIFY(find(u"Anjali Verghese"_s) && find(u"Thandi Mokwele"_s));
        QVERIFY(!find(u"Anjali Verghese"_s)->canReply);
        QVERIFY(!find(u"Anjali Verghese"_s)->replyWindow->isOpen);
        const Conversation soon = *find(u"Thandi Mokwele"_s);
        QVERIFY(soon.canReply);
        QVERIFY(*soon.replyWindow->closesAt - SystemClock().now() < std::chrono::hours(2));
        const auto counts = test::waitFor(m_client->call(u"conversations.counts"_s));
        QVERIFY(counts && counts->value("closing_soon"_L1).toInt() >= 1);
    }

    void theLongConversationShowsEachKind()
    {
        const auto thread = [this] { return find(u"Mira Solvang"_s) ? messages(find(u"Mira Solvang"_s)->id) : QList<Message>(); };
        const auto holds = [&](auto condition) {
            const QList<Message> all = thread();
            return std::any_of(all.begin(), all.end(), condition);
        };
        QTRY_VERIFY(holds([](const Message &message) { return message.sender.type == Sender::Type::NativeApp && message.externalEcho; }));
        QTRY_VERIFY(holds([](const Message &message) { return message.contentType == Message::ContentType::Embed; }));
        QTRY_VERIFY(holds([](const Message &message) {
            return !message.attachments.isEmpty() && message.attachments.first().kind == Attachment::Kind::Image && message.attachments.first().state == Attachment::State::Ready
                && message.attachments.first().width;
        }));
        QTRY_VERIFY(holds([](const Message &message) { return message.direction == Message::Direction::Incoming && message.inReplyTo; }));
        QTRY_VERIFY(holds([](const Message &message) { return !message.reactions.isEmpty(); }));
        QTRY_VERIFY(holds([](const Message &message) { return message.status == MessageStatus::Read; }));
    }

    void theEuropeanCustomersWordsCameByTheLists()
    {
        QTRY_VERIFY_WITH_TIMEOUT(find(u"Lucía Barrenal"_s) && !messages(find(u"Lucía Barrenal"_s)->id).isEmpty(), 20'000);
    }

    void colleaguesOnThePhoneAndInTheAppsAreShownBesideTheirCustomers()
    {
        for (const QString &name : {u"Rosa Lindqvist"_s, u"Inês Duarte"_s, u"Jonas Weber"_s}) {
            const auto isNative = [](const Message &message) { return message.sender.type == Sender::Type::NativeApp && message.externalEcho; };
            const auto native = [&] {
                const QList<Message> all = messages(find(name)->id);
                return std::any_of(all.begin(), all.end(), isNative);
            };
            QTRY_VERIFY_WITH_TIMEOUT(native(), 20'000);
        }
        const auto isCorrected = [](const Message &message) { return message.editedAt && message.content == "It would. I'll keep one until Saturday."_L1; };
        const QList<Message> rosa = messages(find(u"Rosa Lindqvist"_s)->id);
        QVERIFY(std::any_of(rosa.begin(), rosa.end(), isCorrected));
    }

    void theOwnerOnTelegramAndThePictureByTextAreShown()
    {
        const QList<Message> elif = messages(find(u"Elif Kaplan"_s)->id);
        QVERIFY(std::any_of(elif.begin(), elif.end(), [](const Message &message) { return message.sender.type == Sender::Type::NativeApp && message.externalEcho; }));
        const auto isPicture = [](const Message &message) {
            return !message.attachments.isEmpty() && message.attachments.first().kind == Attachment::Kind::Image && message.attachments.first().state == Attachment::State::Ready;
        };
        const auto hasPicture = [&](const QString &name) {
            const QList<Message> all = messages(find(name)->id);
            return std::any_of(all.begin(), all.end(), isPicture);
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasPicture(u"+44 7700 900219"_s), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(hasPicture(u"森田 陽翔"_s), 20'000);
    }

    void customersOfBotsAnswerWhatIsSent()
    {
        for (const QString &name : {u"Elif Kaplan"_s, u"Marek Havel"_s, u"林雅婷"_s, u"+44 7700 900219"_s}) {
            const ConversationId id = find(name)->id;
            const qsizetype before = messages(id).size();
            QVERIFY2(test::waitFor(m_api->sendMessage({.conversationId = id, .content = u"Of course!"_s, .clientId = QUuid::createUuid().toString()})), qPrintable(name));
            QTRY_VERIFY_WITH_TIMEOUT(messages(id).size() >= before + 2, 20'000);
        }
    }

    void aCustomerOnEachPlatformReadsAndAnswersWhatIsSent()
    {
        for (const QString &name : {u"Rosa Lindqvist"_s, u"Inês Duarte"_s, u"Jonas Weber"_s}) {
            const ConversationId id = find(name)->id;
            const qsizetype before = messages(id).size();
            const auto sent = test::waitFor(m_api->sendMessage({.conversationId = id, .content = u"With pleasure!"_s, .clientId = QUuid::createUuid().toString()}));
            QVERIFY2(sent, qPrintable(name));
            const auto status = [&] {
                const QList<Message> all = messages(id);
                const auto it = std::find_if(all.begin(), all.end(), [&](const Message &message) { return message.id == sent->id; });
                return it == all.end() ? std::nullopt : it->status;
            };
            QTRY_COMPARE_WITH_TIMEOUT(status(), std::optional(MessageStatus::Read), 20'000);
            QTRY_VERIFY_WITH_TIMEOUT(messages(id).size() >= before + 2, 20'000);
        }
    }

    void oneSendIsRefusedAndItsRetryArrivesIsReadAndAnswered()
    {
        QTRY_VERIFY(find(u"Kofi Adjanor"_s));
        const ConversationId id = find(u"Kofi Adjanor"_s)->id;
        const qsizetype before = messages(id).size();
        const auto sent = test::waitFor(m_api->sendMessage({.conversationId = id, .content = u"Of course!"_s, .clientId = QUuid::createUuid().toString()}));
        QVERIFY(sent);
        const auto now = [&] {
            const QList<Message> all = messages(id);
            const auto it = std::find_if(all.begin(), all.end(), [&](const Message &message) { return message.id == sent->id; });
            return it == all.end() ? Message() : *it;
        };
        QTRY_COMPARE_WITH_TIMEOUT(now().status, std::optional(MessageStatus::Failed), 15'000);
        QCOMPARE(now().externalError->code, u"40064"_s);
        QVERIFY(test::waitFor(m_api->retryMessage(sent->id)));
        QTRY_COMPARE_WITH_TIMEOUT(now().status, std::optional(MessageStatus::Read), 15'000);
        QTRY_VERIFY_WITH_TIMEOUT(messages(id).size() > before + 1 || !now().reactions.isEmpty(), 15'000);
    }

private:
    QList<Conversation> conversations()
    {
        const auto page = test::waitFor(m_api->conversations({}, ConversationSort::LastActivity, {}, 200));
        return page ? page->items : QList<Conversation>();
    }

    std::optional<Conversation> find(const QString &name)
    {
        const QList<Conversation> all = conversations();
        for (const Conversation &conversation : all) {
            if (conversation.contact.name == name)
                return conversation;
        }
        return std::nullopt;
    }

    QList<Message> messages(ConversationId id)
    {
        const auto page = test::waitFor(m_api->messages(id, {}, 200));
        return page ? page->items : QList<Message>();
    }

    SystemRandom m_random;
    std::unique_ptr<DemoRun> m_demo;
    std::unique_ptr<DataDir> m_folder;
    std::unique_ptr<ServerHost> m_host;
    std::unique_ptr<DeskClient> m_client;
    std::unique_ptr<DeskApi> m_api;
};

ANTIPHON_TEST(DemoFlow)
#include "tst_demo.moc"
