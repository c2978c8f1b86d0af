#pragma once

#include "ui/theme/theme.h"

#include <QDBusVariant>

namespace antiphon {

/// Tells a Theme what the system shows: light, dark or high contrast, at the start and whenever it changes.
/// The start is the palette the platform gave; changes come from the desktop portal (Qt 6.4 keeps quiet once a palette is set).
class SystemAppearance : public QObject {
    Q_OBJECT
public:
    SystemAppearance(Theme &theme, const QPalette &systemPalette, QObject *parent = nullptr);

    /// The look a palette and an icon theme stand for.
    static Theme::Look lookOf(const QPalette &palette, const QString &iconTheme);

private slots:
    void readSetting(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void askPortal();

    Theme &m_theme;
};

} // namespace antiphon
