#include "ui/mainwindow/storebanner.h"

#include <QJsonObject>
#include <QLocale>

namespace antiphon {
using namespace Qt::StringLiterals;

StoreBanner::StoreBanner(const Theme &theme, QWidget *parent)
    : Banner(theme, parent)
{
    connect(this, &Banner::closed, this, [this] {
        m_closed = m_said;
        hide();
    });
    hide();
}

void StoreBanner::setHealth(const QJsonObject &health)
{
    const QString store = health.value("store"_L1).toString();
    const QString disk = health.value("disk"_L1).toString();
    if (store == "damaged"_L1) {
        setContent(Tone::Danger, "alert"_L1,
                   tr("The workspace's file is damaged: part of the messages can't be read. The server's log says which copy there is and how to put it back."));
    } else if (store == "refused"_L1) {
        setContent(Tone::Danger, "alert"_L1,
                   tr("Messages can't be stored: %1. Platforms are asked to deliver them again, nothing can be sent meanwhile. It goes on by itself.")
                       .arg(reasonText(health.value("reason"_L1).toString())));
    } else if (health.value("restored"_L1).toBool()) {
        setContent(Tone::Info, "info"_L1,
                   tr("This workspace was put back from a copy. Messages that waited to be sent may have been sent already: look at each of them and send it again where it was not."));
    } else if (disk == "low"_L1 || disk == "nearly_full"_L1) {
        const QString free = QLocale().formattedDataSize(qint64(health.value("disk_free"_L1).toDouble()), 0, QLocale::DataSizeSIFormat);
        setContent(disk == "low"_L1 ? Tone::Warn : Tone::Danger, "database"_L1,
                   disk == "low"_L1 ? tr("The server's disk is filling up, %1 are free: messages come in, but no more pictures and files. Make room there.").arg(free)
                                    : tr("The server's disk is nearly full, %1 are free. Make room there, or soon no message can be stored.").arg(free));
    } else {
        m_closed.clear();
        hide();
        return;
    }
    const QString said = store + (health.value("restored"_L1).toBool() ? u"+"_s : QString()) + disk;
    setClosable(store == "writable"_L1);
    setVisible(m_closed != said || store != "writable"_L1);
    m_said = said;
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
