#include "ui/theme/systemappearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QIcon>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

const QString kService = u"org.freedesktop.portal.Desktop"_s;
const QString kPath = u"/org/freedesktop/portal/desktop"_s;
const QString kInterface = u"org.freedesktop.portal.Settings"_s;
const QString kGroup = u"org.freedesktop.appearance"_s;
const QString kColorScheme = u"color-scheme"_s;
constexpr uint kPrefersDark = 1;
constexpr double kHighContrastFrom = 20.9;   // black on white and the reverse, nothing softer

} // namespace

SystemAppearance::SystemAppearance(Theme &theme, const QPalette &systemPalette, QObject *parent) : QObject(parent), m_theme(theme)
{
    m_theme.setSystemPalette(systemPalette);
    m_theme.setSystemLook(lookOf(systemPalette, QIcon::themeName()));
    askPortal();
}

Theme::Look SystemAppearance::lookOf(const QPalette &palette, const QString &iconTheme)
{
    const QColor window = palette.color(QPalette::Window);
    if (iconTheme.contains("HighContrast"_L1, Qt::CaseInsensitive)
        || contrastRatio(window, palette.color(QPalette::WindowText)) > kHighContrastFrom)
        return Theme::Look::HighContrast;
    return window.lightnessF() < 0.5 ? Theme::Look::Dark : Theme::Look::Light;
}

void SystemAppearance::askPortal()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kService, kPath, kInterface, u"SettingChanged"_s, this, SLOT(readSetting(QString,QString,QDBusVariant)));
    QDBusMessage read = QDBusMessage::createMethodCall(kService, kPath, kInterface, u"Read"_s);
    read << kGroup << kColorScheme;
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher *call) {
        const QDBusPendingReply<QDBusVariant> reply = *call;
        call->deleteLater();
        if (!reply.isError())     // a desktop without a portal: the palette's word stands
            readSetting(kGroup, kColorScheme, reply.value());
    });
}

void SystemAppearance::readSetting(const QString &group, const QString &key, const QDBusVariant &value)
{
    if (group != kGroup || key != kColorScheme)
        return;
    QVariant inner = value.variant();
    if (inner.canConvert<QDBusVariant>())     // `Read` wraps it once more
        inner = inner.value<QDBusVariant>().variant();
    if (m_theme.isHighContrast())
        return;
    const uint scheme = inner.toUInt();
    if (scheme != 0)
        m_theme.setSystemLook(scheme == kPrefersDark ? Theme::Look::Dark : Theme::Look::Light);
}

} // namespace antiphon
