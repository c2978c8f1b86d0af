#pragma once

#include "ui/notices/bustoasts.h"
#include "ui/notices/traytoasts.h"

namespace antiphon {

/// What this desktop has: its notifications, else a balloon in its tray, else nothing, which `notShown` says. What a desktop with notifications refuses is not
/// tried in the tray: that may lead to the same service by another way.
class DesktopToasts final : public Toasts {
    Q_OBJECT
public:
    explicit DesktopToasts(const QDBusConnection &bus, QObject *parent = nullptr);

    void show(const Toast &toast) override { m_bus.show(toast); }
    void close(const QString &key) override;

private:
    BusToasts m_bus;
    TrayToasts m_tray;
};

} // namespace antiphon
