#include "app/host/serverhost.h"

#include "app/host/systemwatch.h"
#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

Error unusable(const char *variable, const Error &error)
{
    return {Error::Kind::Invalid, u"%1: %2"_s.arg(QLatin1StringView(variable), error.detail), QString::fromLatin1(variable)};
}
} // namespace

ServerHost::ServerHost(const ServerModule::Setup &setup, QObject *parent)
    : QObject(parent)
    , m_module(new ServerModule(setup))
    , m_network(new NetworkWatch(this))
{
    m_thread.setObjectName(u"net"_s);
    m_module->moveToThread(&m_thread);
    connect(m_module, &ServerModule::ready, this, &ServerHost::ready);
    connect(m_module, &ServerModule::failed, this, &ServerHost::failed);
    connect(m_module, &ServerModule::closed, this, [this] {
        m_isStopped = true;
        emit stopped();
    });
    connect(m_network, &NetworkWatch::reachableChanged, m_module, &ServerModule::noteReachable);
    connect(&m_thread, &QThread::finished, m_module, &QObject::deleteLater);   // in its own thread, before that ends
    m_thread.start();
}

ServerHost::~ServerHost()
{
    if (!m_isStopped) {   // the program is over: the thread ends itself once the server is down
        connect(m_module, &ServerModule::closed, &m_thread, &QThread::quit, Qt::DirectConnection);
        QMetaObject::invokeMethod(m_module, &ServerModule::close, Qt::QueuedConnection);
        m_thread.wait();
        return;
    }
    m_thread.quit();
    m_thread.wait();
}

void ServerHost::start()
{
    m_network->start();
    QMetaObject::invokeMethod(m_module, &ServerModule::open, Qt::QueuedConnection);
}

void ServerHost::stop()
{
    QMetaObject::invokeMethod(m_module, &ServerModule::close, Qt::QueuedConnection);
}

Result<std::shared_ptr<const ChannelRegistry>> ServerHost::makeChannels()
{
    auto channels = std::make_shared<ChannelRegistry>();
    channels->add(std::make_unique<TiktokAdapter>(), std::make_unique<TiktokAccounts>());
    if (const QString base = qEnvironmentVariable("ANTIPHON_TIKTOK_API"); !base.isEmpty()) {
        if (const auto set = channels->overrideApi(Channel::Tiktok, QUrl(base)); !set)
            return unusable("ANTIPHON_TIKTOK_API", set.error());
    }
    if (const QString base = qEnvironmentVariable("ANTIPHON_TIKTOK_WEB"); !base.isEmpty()) {
        if (const auto set = channels->overrideWeb(Channel::Tiktok, QUrl(base)); !set)
            return unusable("ANTIPHON_TIKTOK_WEB", set.error());
    }
    return std::shared_ptr<const ChannelRegistry>(channels);
}

} // namespace antiphon
