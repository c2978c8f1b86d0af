#include "ui/mainwindow/storebanner.h"

#include <QJsonObject>
#include <QLocale>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {
const QString kDamaged = u"damaged"_s;
const QString kRefused = u"refused"_s;
const QString kNearlyFull = u"nearly_full"_s;
const QString kLow = u"low"_s;
const QString kRestored = u"restored"_s;
} // namespace

StoreBanner::StoreBanner(const Theme &theme, QWidget *parent)
    : Banner(theme, parent)
{
    connect(this, &Banner::closed, this, [this] {
        m_closed.append(m_said);
        showWorst();
    });
    hide();
}

void StoreBanner::setHealth(const QJsonObject &health)
{
    m_health = health;
    const QString disk = health.value("disk"_L1).toString();
    if (disk != kLow && disk != kNearlyFull)
        m_closed.removeIf([](const QString &subject) { return subject != kRestored; });
    if (!health.value("restored"_L1).toBool())
        m_closed.removeAll(kRestored);
    showWorst();
}

/// One at a time: what is closed, or over, makes room for the next. That a copy was put back stays true for the whole run, and is the least urgent.
void StoreBanner::showWorst()
{
    const QString store = m_health.value("store"_L1).toString();
    const QString disk = m_health.value("disk"_L1).toString();
    if (store == kDamaged || store == kRefused)
        say(store);
    else if ((disk == kNearlyFull || disk == kLow) && !m_closed.contains(disk))
        say(disk);
    else if (m_health.value("restored"_L1).toBool() && !m_closed.contains(kRestored))
        say(kRestored);
    else
        hide();
}

void StoreBanner::say(const QString &subject)
{
    const QString free = QLocale().formattedDataSize(qint64(m_health.value("disk_free"_L1).toDouble()), 0, QLocale::DataSizeSIFormat);
    if (subject == kDamaged)
        setContent(Tone::Danger, "alert"_L1,
                   tr("The workspace's file is damaged: part of the messages can't be read. The server's log says which copy there is and how to put it back."));
    else if (subject == kRefused)
        setContent(Tone::Danger, "alert"_L1,
                   tr("Messages can't be stored: %1. Platforms are asked to deliver them again, nothing can be sent meanwhile. It goes on by itself.")
                       .arg(reasonText(m_health.value("reason"_L1).toString())));
    else if (subject == kNearlyFull)
        setContent(Tone::Danger, "database"_L1, tr("The server's disk is nearly full, %1 are free. Make room there, or soon no message can be stored.").arg(free));
    else if (subject == kLow)
        setContent(Tone::Warn, "database"_L1,
                   tr("The server's disk is filling up, %1 are free: messages come in, but no more pictures and files. Make room there.").arg(free));
    else
        setContent(Tone::Info, "info"_L1,
                   tr("This workspace was put back from a copy. Messages that waited to be sent may have been sent already: look at each of them and send it again where it was not."));
    m_said = subject;
    setClosable(subject != kDamaged && subject != kRefused);
    show();
}

QString StoreBanner::reasonText(const QString &reason)
{
    if (reason == "disk_full"_L1)
        return tr("the server's disk is full");
    if (reason == "io_error"_L1)
        return tr("the server's disk reports errors");
    if (reason == "locked"_L1)
        return tr("another program holds the workspace's file");
    if (reason == "read_only"_L1)
        return tr("the workspace's file can't be changed");
    return tr("the server's disk refuses");
}

} // namespace antiphon
