#include "ui/notices/desktoptoasts.h"

namespace antiphon {

DesktopToasts::DesktopToasts(const QDBusConnection &bus, QObject *parent)
    : Toasts(parent)
    , m_bus(bus)
{
    for (Toasts *way : {static_cast<Toasts *>(&m_bus), static_cast<Toasts *>(&m_tray)}) {
        connect(way, &Toasts::shown, this, &Toasts::shown);
        connect(way, &Toasts::activated, this, &Toasts::activated);
        connect(way, &Toasts::readRequested, this, &Toasts::readRequested);
        connect(way, &Toasts::closed, this, &Toasts::closed);
        connect(way, &Toasts::refused, this, &Toasts::refused);
    }
    connect(&m_bus, &Toasts::notShown, &m_tray, &TrayToasts::show);
    connect(&m_tray, &Toasts::notShown, this, &Toasts::notShown);
}

void DesktopToasts::close(const QString &key)
{
    m_bus.close(key);
    m_tray.close(key);
}

} // namespace antiphon
