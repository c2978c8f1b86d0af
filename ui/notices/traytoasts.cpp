#include "ui/notices/traytoasts.h"

#include <QApplication>
#include <QSystemTrayIcon>

namespace antiphon {
using namespace Qt::StringLiterals;

TrayToasts::TrayToasts(QObject *parent)
    : Toasts(parent)
{
}

TrayToasts::~TrayToasts() = default;

void TrayToasts::show(const Toast &toast)
{
    // Whether there is a tray is the one thing that Qt tells truly: it says of an icon without a tray that it is visible and takes messages.
    if (!QSystemTrayIcon::isSystemTrayAvailable()) {
        emit notShown(toast);
        return;
    }
    if (!m_icon) {
        m_icon = std::make_unique<QSystemTrayIcon>(QApplication::windowIcon());
        m_icon->setToolTip(u"Antiphon"_s);
        const auto open = [this] {
            if (!m_key.isEmpty())
                emit activated(m_key);
        };
        connect(m_icon.get(), &QSystemTrayIcon::messageClicked, this, open);
        connect(m_icon.get(), &QSystemTrayIcon::activated, this, open);
    }
    m_key = toast.key;
    m_icon->show();
    m_icon->showMessage(withoutMarkup(toast.title), withoutMarkup(toast.body), QApplication::windowIcon());
    emit shown(toast.key);
}

QString TrayToasts::withoutMarkup(QString text)
{
    return text.replace(u'<', QChar(0x2039)).replace(u'>', QChar(0x203A)).replace(u'&', QChar(0xFF06));
}

void TrayToasts::close(const QString &key)
{
    if (!m_icon || key != m_key)
        return;
    m_key.clear();
    m_icon->hide();
}

} // namespace antiphon
