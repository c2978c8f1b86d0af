#include "app/host/serverhost.h"

#include "app/host/systemwatch.h"
#include "core/channels/builtinchannels.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

Error unusable(const QString &variable, const Error &error)
{
    return {Error::Kind::Invalid, u"%1: %2"_s.arg(variable, error.detail), variable};
}

/// Further addresses of platforms by environment, beside ANTIPHON_<CHANNEL>_API: self-hosted servers, proxies, tests.
struct Override {
    QString variable{};
    Channel channel{};
    Result<void> (ChannelRegistry::*apply)(Channel, const QUrl &);
};

QList<Override> overridesOf(const ChannelRegistry &channels)
{
    QList<Override> all{
        {u"ANTIPHON_TIKTOK_WEB"_s, Channel::Tiktok, &ChannelRegistry::overrideWeb},
        {u"ANTIPHON_INSTAGRAM_OAUTH_API"_s, Channel::Instagram, &ChannelRegistry::overrideWeb},
        {u"ANTIPHON_MESSENGER_API"_s, Channel::Instagram, &ChannelRegistry::overrideData},      // accounts by way of a Page
        {u"ANTIPHON_LINE_DATA_API"_s, Channel::Line, &ChannelRegistry::overrideData},
    };
    const QList<Channel> built = channels.channels();
    for (const Channel channel : built)
        all.append({u"ANTIPHON_%1_API"_s.arg(channelName(channel).toUpper()), channel, &ChannelRegistry::overrideApi});
    return all;
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
    connect(m_network, &NetworkWatch::networkChanged, m_module, &ServerModule::noteNetwork);
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
    addBuiltInChannels(*channels);
    const QList<Override> overrides = overridesOf(*channels);
    for (const Override &override : overrides) {
        const QString base = qEnvironmentVariable(override.variable.toLatin1().constData());
        if (base.isEmpty() || !channels->adapter(override.channel))
            continue;
        const auto set = ((*channels).*override.apply)(override.channel, QUrl(base));
        if (!set)
            return unusable(override.variable, set.error());
    }
    return std::shared_ptr<const ChannelRegistry>(channels);
}

} // namespace antiphon
