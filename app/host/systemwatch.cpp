#include "app/host/systemwatch.h"

#include "core/base/logging.h"

#include <QDBusConnection>
#include <QNetworkInformation>

namespace antiphon {

using namespace Qt::StringLiterals;

void SystemWatch::start()
{
    QDBusConnection bus = QDBusConnection::systemBus();
    const bool isListening = bus.isConnected()
        && bus.connect(u"org.freedesktop.login1"_s, u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"PrepareForSleep"_s, this,
                       SLOT(tell(bool)));
    if (!isListening)
        qCInfo(lcApp) << "the system doesn't tell when it goes to sleep; the clocks will";
}

void NetworkWatch::start()
{
    if (!QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability)) {
        qCInfo(lcApp) << "the system doesn't tell whether there is a network";
        return;
    }
    QNetworkInformation *network = QNetworkInformation::instance();
    m_isOnline = network->reachability() == QNetworkInformation::Reachability::Online;
    connect(network, &QNetworkInformation::reachabilityChanged, this, [this](QNetworkInformation::Reachability now) {
        const bool isOnline = now == QNetworkInformation::Reachability::Online;
        const bool isGone = now == QNetworkInformation::Reachability::Disconnected;
        if (isOnline == m_isOnline || (!isOnline && !isGone))
            return;
        m_isOnline = isOnline;
        emit reachableChanged(isOnline);
        if (isOnline)
            emit networkChanged();
    });
    if (network->supports(QNetworkInformation::Feature::TransportMedium))
        connect(network, &QNetworkInformation::transportMediumChanged, this, &NetworkWatch::networkChanged);
}

} // namespace antiphon
