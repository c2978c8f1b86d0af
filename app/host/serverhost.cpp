#include "app/host/serverhost.h"

#include "app/host/systemwatch.h"
#include "core/channels/instagram/instagramaccounts.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/line/lineaccounts.h"
#include "core/channels/line/lineadapter.h"
#include "core/channels/messenger/messengeraccounts.h"
#include "core/channels/messenger/messengeradapter.h"
#include "core/channels/telegram/telegramaccounts.h"
#include "core/channels/telegram/telegramadapter.h"
#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "core/channels/twilio/twilioaccounts.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/whatsapp/whatsappaccounts.h"
#include "core/channels/whatsapp/whatsappadapter.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

Error unusable(const char *variable, const Error &error)
{
    return {Error::Kind::Invalid, u"%1: %2"_s.arg(QLatin1StringView(variable), error.detail), QString::fromLatin1(variable)};
}

/// A platform's addresses by environment: self-hosted servers, proxies, tests.
struct Override {
    const char *variable;
    Channel channel;
    Result<void> (ChannelRegistry::*apply)(Channel, const QUrl &);
};

constexpr Override kOverrides[]{
    {"ANTIPHON_TIKTOK_API", Channel::Tiktok, &ChannelRegistry::overrideApi},
    {"ANTIPHON_TIKTOK_WEB", Channel::Tiktok, &ChannelRegistry::overrideWeb},
    {"ANTIPHON_WHATSAPP_API", Channel::Whatsapp, &ChannelRegistry::overrideApi},
    {"ANTIPHON_INSTAGRAM_API", Channel::Instagram, &ChannelRegistry::overrideApi},
    {"ANTIPHON_INSTAGRAM_OAUTH_API", Channel::Instagram, &ChannelRegistry::overrideWeb},
    {"ANTIPHON_MESSENGER_API", Channel::Messenger, &ChannelRegistry::overrideApi},
    {"ANTIPHON_MESSENGER_API", Channel::Instagram, &ChannelRegistry::overrideData},      // accounts by way of a Page
    {"ANTIPHON_TELEGRAM_API", Channel::Telegram, &ChannelRegistry::overrideApi},
    {"ANTIPHON_LINE_API", Channel::Line, &ChannelRegistry::overrideApi},
    {"ANTIPHON_LINE_DATA_API", Channel::Line, &ChannelRegistry::overrideData},
    {"ANTIPHON_TWILIO_API", Channel::Twilio, &ChannelRegistry::overrideApi},
};

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
    channels->add(std::make_unique<WhatsappAdapter>(), std::make_unique<WhatsappAccounts>());
    channels->add(std::make_unique<InstagramAdapter>(), std::make_unique<InstagramAccounts>());
    channels->add(std::make_unique<MessengerAdapter>(), std::make_unique<MessengerAccounts>());
    channels->add(std::make_unique<TelegramAdapter>(), std::make_unique<TelegramAccounts>());
    channels->add(std::make_unique<LineAdapter>(), std::make_unique<LineAccounts>());
    channels->add(std::make_unique<TwilioAdapter>(), std::make_unique<TwilioAccounts>());
    for (const Override &override : kOverrides) {
        const QString base = qEnvironmentVariable(override.variable);
        if (base.isEmpty() || !channels->adapter(override.channel))
            continue;
        const auto set = ((*channels).*override.apply)(override.channel, QUrl(base));
        if (!set)
            return unusable(override.variable, set.error());
    }
    return std::shared_ptr<const ChannelRegistry>(channels);
}

} // namespace antiphon
