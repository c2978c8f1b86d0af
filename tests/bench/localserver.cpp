#include "tests/bench/localserver.h"

#include "tests/bench/machine.h"
#include "tests/bench/spin.h"

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPatienceMs = 30'000;
} // namespace

QString LocalServer::start(const QString &dataDir, const QUrl &publicUrl)
{
    const auto channels = ServerHost::makeChannels();
    if (!channels)
        return describe(channels.error());
    auto opened = DataDir::open(dataDir);
    if (!opened)
        return describe(opened.error());
    m_dataDir = *std::move(opened);
    SystemRandom random;
    const auto token = m_dataDir->ownerToken(random);
    if (!token)
        return describe(token.error());
    m_token = *token;
    const antiphon::Options options{.port = quint16(publicUrl.port(0)), .deskPort = 0, .listen = u"127.0.0.1"_s, .publicUrl = publicUrl};
    m_host = std::make_unique<ServerHost>(ServerModule::Setup{
        .options = options, .dataDir = m_dataDir->path(), .ownerToken = m_token, .channels = *channels, .secrets = SecretsHome::File});
    QString failed;
    QObject context;
    QObject::connect(m_host.get(), &ServerHost::ready, &context, [this](int intakePort, int deskPort) {
        m_intakePort = quint16(intakePort);
        m_deskPort = quint16(deskPort);
    });
    QObject::connect(m_host.get(), &ServerHost::failed, &context, [&failed](const Error &error) { failed = describe(error); });
    m_host->start();
    spinUntil([&] { return m_deskPort != 0 || !failed.isEmpty(); }, kPatienceMs);
    return m_deskPort == 0 && failed.isEmpty() ? u"the server didn't start"_s : failed;
}

void LocalServer::keepOffThePlatforms()
{
    const QByteArray nowhere = "http://127.0.0.1:" + QByteArray::number(freePort());
    qputenv("ANTIPHON_TIKTOK_API", nowhere);
    qputenv("ANTIPHON_TIKTOK_WEB", nowhere);
}

} // namespace antiphon::bench
