#include "app/host/servermodule.h"

#include "app/host/blobfilestore.h"
#include "app/host/callbackpage.h"
#include "app/host/certificatefile.h"
#include "app/host/keepawake.h"
#include "app/host/medialinks.h"
#include "app/host/platformtyping.h"
#include "app/host/systemwatch.h"
#include "app/host/tunnelhost.h"
#include "core/accounts/accounts.h"
#include "core/base/crashmark.h"
#include "core/base/logging.h"
#include "core/desk/accesstoken.h"
#include "core/desk/desk.h"
#include "core/desk/metrics.h"
#include "core/desk/uploadgarbage.h"
#include "core/intake/away.h"
#include "core/intake/deadlettersweep.h"
#include "core/intake/intake.h"
#include "core/intake/templatesync.h"
#include "core/net/clockoffset.h"
#include "core/net/networkhttpclient.h"
#include "core/net/socketsafefetch.h"
#include "core/outbox/outboxdispatcher.h"
#include "core/server/deskserver.h"
#include "core/server/filestreams.h"
#include "core/server/gate/descriptorlimit.h"
#include "core/server/intakeserver.h"
#include "core/store/agentrepository.h"
#include "core/store/searchindex.h"
#include "core/store/settingrepository.h"
#include "core/store/writer.h"

#include <QDir>
#include <QFile>
#include <QHostInfo>
#include <QSslKey>
#include <QStorageInfo>
#include <QTimer>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kDescriptors = 4096;        // both listeners' caps, the platforms' connections, files and readers
constexpr std::chrono::minutes kTemplatesLook{10};
constexpr int kReservedDescriptors = 200; // for everything that is no listener's

/// The LAN's TLS: certificate chain and key from the files of the command line.
Result<std::optional<QSslConfiguration>> tlsOf(const Options &options)
{
    if (options.tlsCertificate.isEmpty())
        return std::optional<QSslConfiguration>();
    const QList<QSslCertificate> chain = certificatesOf(options.tlsCertificate);
    if (chain.isEmpty())
        return Error{Error::Kind::Invalid, u"--tls-cert: no certificate in %1"_s.arg(options.tlsCertificate), u"tls-cert"_s};
    QFile file(options.tlsKey);
    if (!file.open(QIODevice::ReadOnly))
        return Error{Error::Kind::Invalid, u"--tls-key: %1: %2"_s.arg(options.tlsKey, file.errorString()), u"tls-key"_s};
    const QByteArray pem = file.readAll();
    QSslKey key(pem, QSsl::Rsa);
    if (key.isNull())
        key = QSslKey(pem, QSsl::Ec);
    if (key.isNull())
        return Error{Error::Kind::Invalid, u"--tls-key: no private key in %1"_s.arg(options.tlsKey), u"tls-key"_s};
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    return std::optional(configuration);
}

/// The path is decoded here, once: the Gate took no escape that hides a slash or a control byte.
RawWebhook rawWebhook(const WebhookRequest &request)
{
    return {.method = request.method,
            .headers = request.headers,
            .body = request.body,
            .path = QByteArray::fromPercentEncoding(request.path),
            .query = request.query,
            .receivedAt = request.receivedAt};
}

} // namespace

/// What the server is made of, in the order of making: members go in the opposite one.
struct ServerModule::Rooms {
    std::unique_ptr<Database> database{};
    bool wasKilled = false;               ///< the last process was ended from outside and did not break by itself
    std::unique_ptr<FilesThread> files{};
    std::unique_ptr<SearchIndex> search{};
    std::shared_ptr<SecretStore> secrets{};
    std::unique_ptr<NetworkHttpClient> http{};
    ClockOffset clockOffset{};
    std::unique_ptr<PlatformClock> platformClock{};
    std::unique_ptr<DatedHttpClient> dated{};       ///< for calls to platforms, whose answers say what time it is there
    std::unique_ptr<SystemResolver> resolver{};
    std::unique_ptr<SocketSafeFetch> fetch{};
    std::unique_ptr<MediaLinks> links{};
    std::unique_ptr<BlobFileStore> fileStore{};
    std::unique_ptr<FileStreams> streams{};
    std::shared_ptr<BufferBudget> budget = std::make_shared<BufferBudget>();
    QUrl publicUrl{};                    ///< of the command line
    std::unique_ptr<TunnelHost> tunnel{};   // readers may still ask it until the store is closed
    std::unique_ptr<Accounts> accounts{};
    std::unique_ptr<Intake> intake{};
    std::unique_ptr<Away> away{};
    std::unique_ptr<SystemWatch> system{};
    std::unique_ptr<KeepAwake> keepAwake{};
    std::unique_ptr<OutboxDispatcher> outbox{};
    std::unique_ptr<PlatformTyping> typing{};
    std::unique_ptr<Desk> desk{};
    std::unique_ptr<UploadGarbage> garbage{};
    std::unique_ptr<IntakeServer> intakeServer{};
    std::unique_ptr<DeskServer> deskServer{};
    bool isWorking = false;
};

ServerModule::ServerModule(const Setup &setup, QObject *parent)
    : QObject(parent)
    , m_setup(setup)
    , m_rooms(std::make_unique<Rooms>())
{
    qRegisterMetaType<Error>();
}

ServerModule::~ServerModule()
{
    m_mailbox.close();   // what still waits there speaks of the rooms, and must go before them
}

void ServerModule::fail(const Error &error)
{
    emit failed(error);
}

void ServerModule::open()
{
    m_descriptors = raiseDescriptorLimit(kDescriptors);
    if (const auto opened = openStore(); !opened) {
        fail(opened.error());
        return;
    }
    const QByteArray hash = desk::tokenHash(m_setup.ownerToken);
    m_rooms->database->writer().write<AgentId>(
        Writer::Priority::Urgent, "ensure owner",
        [hash](WriteTransaction &tx) { return AgentRepository::ensureOwner(tx, u"Owner"_s, hash); },
        m_mailbox, [this](const Result<AgentId> &owner) {
            if (m_isClosing)
                return;
            if (owner)
                openSecrets();
            else
                fail(owner.error());
        });
}

Result<void> ServerModule::openStore()
{
    const QDir dir(m_setup.dataDir);
    auto database = Database::open({.path = dir.filePath(u"antiphon.db"_s), .migrations = u":/sql/sqlite"_s}, m_clock);
    if (!database)
        return database.error();
    m_rooms->database = *std::move(database);
    const QString mark = dir.filePath(u"antiphon.broke"_s);
    m_rooms->wasKilled = !crashmark::take(mark);
    crashmark::watch(mark);
    m_rooms->files = std::make_unique<FilesThread>(BlobStore::inFolder(dir.filePath(u"blobs"_s)));
    m_rooms->search = SearchIndex::open(dir.filePath(u"search.db"_s), dir.filePath(u"antiphon.db"_s));
    return {};
}

void ServerModule::openSecrets()
{
    openSecretStore(m_setup.dataDir, m_setup.secrets, m_random, this, [this](const Result<std::shared_ptr<SecretStore>> &store) {
        if (m_isClosing)
            return;
        if (!store) {
            fail(store.error());
            return;
        }
        m_rooms->secrets = *store;
        if (const auto opened = openRooms(); !opened)
            fail(opened.error());
    });
}

Result<void> ServerModule::openRooms()
{
    Rooms &rooms = *m_rooms;
    rooms.http = std::make_unique<NetworkHttpClient>();
    rooms.platformClock = std::make_unique<PlatformClock>(m_clock, rooms.clockOffset);
    rooms.dated = std::make_unique<DatedHttpClient>(*rooms.http, m_clock, rooms.clockOffset);
    rooms.resolver = std::make_unique<SystemResolver>();
    rooms.fetch = std::make_unique<SocketSafeFetch>(*rooms.resolver);
    rooms.links = std::make_unique<MediaLinks>(MediaLinks::Surroundings{.database = *rooms.database,
                                                                        .files = *rooms.files,
                                                                        .clock = m_clock,
                                                                        .random = m_random,
                                                                        .mailbox = m_mailbox,
                                                                        .publicUrl = [this] { return m_rooms->tunnel->publicUrl(); }});
    rooms.fileStore = std::make_unique<BlobFileStore>(*rooms.database, *rooms.files, *rooms.links, m_mailbox);
    rooms.streams = std::make_unique<FileStreams>(*rooms.fileStore, [this](const QByteArray &token, std::function<void(const Result<AgentId> &)> done) {
        m_rooms->desk->authorize(token, std::move(done));
    });
    if (const auto opened = openIntakeServer(); !opened)   // its port may be part of the public address
        return opened;
    rooms.publicUrl = m_setup.options.publicUrl;
    if (m_setup.options.demo && rooms.publicUrl.isEmpty())
        rooms.publicUrl = QUrl(u"http://127.0.0.1:%1"_s.arg(rooms.intakeServer->port()));
    rooms.tunnel = std::make_unique<TunnelHost>(TunnelHost::Surroundings{.database = *rooms.database,
                                                                         .channels = *m_setup.channels,
                                                                         .http = *rooms.http,
                                                                         .clock = m_clock,
                                                                         .random = m_random,
                                                                         .mailbox = m_mailbox,
                                                                         .intakeServer = *rooms.intakeServer,
                                                                         .optionUrl = rooms.publicUrl});

    rooms.accounts = std::make_unique<Accounts>(Accounts::Surroundings{.database = *rooms.database,
                                                                       .secrets = *rooms.secrets,
                                                                       .channels = *m_setup.channels,
                                                                       .http = *rooms.http,
                                                                       .clock = m_clock,
                                                                       .random = m_random,
                                                                       .mailbox = m_mailbox,
                                                                       .publicUrl = rooms.publicUrl,
                                                                       .ownUrl = QUrl(u"http://127.0.0.1:%1"_s.arg(rooms.intakeServer->port()))});
    rooms.intake = std::make_unique<Intake>(Intake::Environment{.database = *rooms.database,
                                                                .channels = *m_setup.channels,
                                                                .tokens = rooms.accounts->tokens(),
                                                                .http = *rooms.dated,
                                                                .fetch = *rooms.fetch,
                                                                .files = *rooms.files,
                                                                .clock = m_clock,
                                                                .random = m_random,
                                                                .freeBytes = [dir = m_setup.dataDir] { return QStorageInfo(dir).bytesAvailable(); },
                                                                .wasKilled = rooms.wasKilled});
    rooms.away = std::make_unique<Away>(Away::Environment{.database = *rooms.database,
                                                          .channels = *m_setup.channels,
                                                          .tokens = rooms.accounts->tokens(),
                                                          .http = *rooms.dated,
                                                          .fetch = *rooms.fetch,
                                                          .files = *rooms.files,
                                                          .journal = rooms.intake->journal(),
                                                          .clock = m_clock,
                                                          .random = m_random,
                                                          .webhooks = rooms.accounts.get()},
                                        CatchUp::Options{.mayAsk = [this] { return !m_rooms->intake->notStored().waitsForRoom; }});
    rooms.system = std::make_unique<SystemWatch>();
    rooms.keepAwake = std::make_unique<KeepAwake>(*rooms.database, m_mailbox);
    rooms.outbox = std::make_unique<OutboxDispatcher>(OutboxDispatcher::Surroundings{.database = *rooms.database,
                                                                                     .files = *rooms.files,
                                                                                     .channels = *m_setup.channels,
                                                                                     .tokens = rooms.accounts->tokens(),
                                                                                     .http = *rooms.dated,
                                                                                     .clock = m_clock,
                                                                                     .random = m_random,
                                                                                     .mailbox = m_mailbox,
                                                                                     .clockOffset = [this] { return m_rooms->clockOffset.used(); },
                                                                                     .sent = [this](InboxId inbox) { m_rooms->away->feeds().expectStatus(inbox); },
                                                                                     .laneFreed = [this] { m_rooms->intake->wakeLanes(); },
                                                                                     .makeLinks =
                                                                                         [this](const QList<LinkedFile> &files, const MediaLinks::Done &done) {
                                                                                             m_rooms->links->make(files, done);
                                                                                         },
                                                                                     .publicUrl = [this] { return m_rooms->tunnel->publicUrl(); }});
    rooms.typing = std::make_unique<PlatformTyping>(*m_setup.channels, *rooms.database, rooms.accounts->tokens(), *rooms.http, m_mailbox);
    rooms.desk = std::make_unique<Desk>(DeskParts{.database = *rooms.database,
                                                  .clock = m_clock,
                                                  .random = m_random,
                                                  .channels = *m_setup.channels,
                                                  .accounts = *rooms.accounts,
                                                  .customerTyping = *rooms.typing,
                                                  .search = *rooms.search,
                                                  .publicUrl = [this] { return m_rooms->tunnel->publicUrl(); },
                                                  .outboxHasWork = [this] { m_rooms->outbox->wake(); },
                                                  .intakeHasWork = [this] { m_mailbox.post([this] { m_rooms->intake->rescan(); }); },
                                                  .jobsHaveWork = [this] { m_mailbox.post([this] { m_rooms->intake->wakeJobs(); }); },
                                                  .catchUpHasWork = rooms.away->catchUp().waker(),
                                                  .settingsChanged = [this] { m_mailbox.post([this] { m_rooms->keepAwake->look(); }); },
                                                  .platformClock = rooms.platformClock.get(),
                                                  .intakeNotStored =
                                                      [this] {
                                                          NotStored counts = m_rooms->intake->notStored();
                                                          counts.clockOffset = m_rooms->clockOffset.measured();
                                                          return counts;
                                                      },
                                                  .intakeLive =
                                                      [this] {
                                                          const WebhookIntake &webhooks = m_rooms->intake->webhooks();
                                                          return intakehealth::Live{.refusals = webhooks.refusals(), .latency = webhooks.latency().summaries()};
                                                      },
                                                  .tunnel = rooms.tunnel.get(),
                                                  .serverVersion = QStringLiteral(ANTIPHON_VERSION)});
    rooms.garbage = std::make_unique<UploadGarbage>(*rooms.database, *rooms.files, m_clock, [this] { return m_rooms->fileStore->isUploading(); }, m_mailbox);
    if (const auto opened = openDeskServer(); !opened)
        return opened;
    connectRooms();
    connect(rooms.system.get(), &SystemWatch::sleepChanged, this, [this](bool isGoingToSleep) { m_rooms->away->watch().noteSleep(isGoingToSleep); });
    rooms.system->start();
    rooms.away->noteStart();
    rooms.accounts->start();
    rooms.tunnel->start();
    return {};
}

Result<void> ServerModule::openIntakeServer()
{
    IntakeServer::Handlers handlers;
    handlers.webhook = [this](const WebhookRequest &request, std::function<void(const WebhookReply &)> done) {
        m_rooms->intake->webhooks().receive(request.channel, rawWebhook(request), [done = std::move(done)](const IntakeReply &reply) {
            done({.status = reply.status, .body = reply.body, .contentType = reply.contentType, .retryAfter = reply.retryAfter});
        });
    };
    handlers.oauthReturn = [this](const WebhookRequest &request, std::function<void(const WebhookReply &)> done) {
        m_rooms->accounts->handleCallback(request.channel, request.query, [done = std::move(done)](const Accounts::Page &page) {
            done({.status = page.status, .body = callbackPage(page.title, page.text), .contentType = "text/html; charset=utf-8"});
        });
    };
    handlers.isHealthy = [this] { return m_rooms->database->writer().isWritable(); };
    handlers.files = m_rooms->streams.get();
    Gate::Options gate{.budget = m_rooms->budget};   // fewer connections where the system gives fewer descriptors: refused by us, not by it
    gate.limits.maxConnections = std::clamp(m_descriptors - DeskServer::kMaxConnections - kReservedDescriptors, 32, gate.limits.maxConnections);
    m_rooms->intakeServer = std::make_unique<IntakeServer>(m_clock, *m_setup.channels, handlers, gate);
    return m_rooms->intakeServer->open(m_setup.options.port);
}

Result<void> ServerModule::openDeskServer()
{
    auto tls = tlsOf(m_setup.options);
    if (!tls)
        return tls.error();
    Gate::Options options = DeskServer::defaultOptions();
    options.budget = m_rooms->budget;
    options.tls = *tls;
    DeskServer::Handlers handlers;
    handlers.session = [this](SessionTransport *transport) { m_rooms->desk->accept(transport); };
    handlers.authorize = [this](const QByteArray &token, std::function<void(const Result<AgentId> &)> done) {
        m_rooms->desk->authorize(token, std::move(done));
    };
    handlers.metrics = [this](std::function<void(const QByteArray &)> done) {
        writeMetrics(*m_rooms->database, *m_rooms->desk, [this, done = std::move(done)](const QByteArray &text) {
            done(text + toPrometheus(m_rooms->intakeServer->stats(), "intake"));
        });
    };
    handlers.isHealthy = [this] { return m_rooms->database->writer().isWritable(); };
    handlers.files = m_rooms->streams.get();
    m_rooms->deskServer = std::make_unique<DeskServer>(m_clock, handlers, options);
    const QHostAddress address(m_setup.options.listen);
    if (!address.isLoopback())
        m_rooms->deskServer->setLanNames({QHostInfo::localHostName().toLatin1(), address.toString().toLatin1()});
    return m_rooms->deskServer->open(address, m_setup.options.deskPort);
}

void ServerModule::connectRooms()
{
    Rooms &rooms = *m_rooms;
    connect(rooms.intakeServer.get(), &IntakeServer::probed, this, [this](const QByteArray &nonce) { m_rooms->accounts->noteProbe(QString::fromLatin1(nonce)); });
    rooms.tunnel->setRooms(*rooms.accounts, *rooms.secrets);
    connect(rooms.tunnel.get(), &TunnelHost::wentDown, this, [this](Timestamp from) { m_rooms->away->gaps().open({}, from, Gap::Cause::Tunnel); });
    connect(rooms.tunnel.get(), &TunnelHost::cameUp, this, [this] {
        m_rooms->away->gaps().close({}, Gap::Cause::Tunnel);
        if (m_rooms->isWorking)
            m_rooms->outbox->networkUp();                  // what waits for an address to be fetched from
    });
    m_templates.setInterval(kTemplatesLook);
    connect(&m_templates, &QTimer::timeout, this, &ServerModule::fetchTemplates);
    connect(rooms.accounts.get(), &Accounts::ready, this, &ServerModule::startWork);
    connect(rooms.accounts.get(), &Accounts::notLoaded, this, &ServerModule::announce);      // webhooks are asked to come again until the store is well
    connect(rooms.accounts.get(), &Accounts::inboxConnected, this, [this](InboxId inbox) {
        m_rooms->outbox->wakeInbox(inbox);
        fetchTemplates();
        m_rooms->intake->wakeJobs();
        m_rooms->away->catchUp().wake();
        m_rooms->away->feeds().look();
        m_rooms->keepAwake->look();
    });
    connect(rooms.accounts.get(), &Accounts::inboxChanged, this, [this](InboxId inbox) {
        m_rooms->away->feeds().look();
        m_rooms->away->feeds().wake(inbox);
    });
    connect(rooms.secrets.get(), &SecretStore::locked, this, [this] {   // webhooks are asked to come again until it is unlocked
        if (!m_rooms->isWorking)
            m_rooms->away->gaps().open({}, m_clock.now(), Gap::Cause::Locked);
        announce();
    });
}

void ServerModule::startWork()
{
    if (!m_isClosing && !std::exchange(m_rooms->isWorking, true)) {
        m_rooms->database->read<std::optional<QJsonValue>>(
            "read tolerance", [](ReadTransaction &tx) { return settings::value(tx, u"tiktok.signature_tolerance_s"_s); }, m_mailbox,
            [this](const Result<std::optional<QJsonValue>> &value) {
                if (m_isClosing)
                    return;
                if (value && *value && (*value)->toInt() > 0)
                    m_rooms->intake->webhooks().setTolerance(std::chrono::seconds((*value)->toInt()));
                else if (!value)
                    qCWarning(lcApp).noquote() << "signature tolerance not read:" << describe(value.error());
                m_rooms->intake->start();
                deadletters::retryAfterUpdate(m_rooms->database->writer(), QStringLiteral(ANTIPHON_VERSION),
                                              [this] { m_mailbox.post([this] { m_rooms->intake->rescan(); }); });
                m_rooms->away->gaps().close({}, Gap::Cause::Locked);
                m_rooms->away->start();
                m_rooms->keepAwake->look();
                m_rooms->outbox->start();
                fetchTemplates();
                m_templates.start();
                m_rooms->desk->start();
                announce();
            });
    }
}

/// The templates of accounts that weren't asked for a while, or never.
void ServerModule::fetchTemplates()
{
    if (m_isClosing || !m_rooms->isWorking)
        return;
    m_rooms->database->writer().write<bool>(
        Writer::Priority::Background, "templates due", [channels = m_setup.channels](WriteTransaction &tx) { return templatesync::requestDue(tx, *channels); },
        m_mailbox, [this](const Result<bool> &queued) {
            if (queued && *queued && !m_isClosing)
                m_rooms->intake->wakeJobs();
            else if (!queued)
                qCWarning(lcApp).noquote() << "templates:" << describe(queued.error());
        });
}

void ServerModule::announce()
{
    if (!m_isClosing && !std::exchange(m_isAnnounced, true))
        emit ready(m_rooms->intakeServer->port(), m_rooms->deskServer->port());
}

void ServerModule::noteReachable(bool isReachable)
{
    if (m_isClosing || !m_rooms->away)
        return;
    m_rooms->away->watch().noteReachable(isReachable);
    if (isReachable && m_rooms->isWorking)
        m_rooms->outbox->networkUp();
}

void ServerModule::noteNetwork()
{
    if (!m_isClosing && m_rooms->tunnel)
        m_rooms->tunnel->networkChanged();
}

void ServerModule::close()
{
    if (std::exchange(m_isClosing, true))
        return;
    Rooms &rooms = *m_rooms;
    const auto finish = [this] { QTimer::singleShot(0, this, &ServerModule::takeDown); };   // not from within the room that calls it
    m_templates.stop();
    if (rooms.tunnel)
        rooms.tunnel->stop();
    if (rooms.intake)
        rooms.intake->webhooks().close();
    if (rooms.desk)
        rooms.desk->closeAll();
    if (rooms.outbox && rooms.isWorking)
        rooms.outbox->stop(finish);
    else
        finish();
}

/// First whoever asks, then whoever answers, last the store: nobody is left to find it closed.
void ServerModule::takeDown()
{
    Rooms &rooms = *m_rooms;
    rooms.deskServer.reset();
    rooms.intakeServer.reset();
    rooms.garbage.reset();
    rooms.desk.reset();
    if (rooms.keepAwake)
        rooms.keepAwake->release();
    if (rooms.away)
        rooms.away->stop();
    if (rooms.intake)
        rooms.intake->stop();
    rooms.search.reset();
    if (rooms.database)
        rooms.database->close();
    emit closed();
}

} // namespace antiphon
