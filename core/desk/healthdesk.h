#pragma once

#include "core/base/clock.h"
#include "core/intake/intakestats.h"
#include "core/store/database.h"

#include <QJsonObject>
#include <QObject>
#include <QTimer>

namespace antiphon {

/// Tells the seats whether the workspace can be written and how much room it has: field `health` of the answer to `session.open`, and the volatile event
/// `workspace.health` whenever that changes. Object: `{store: "writable"|"refused"|"damaged", reason, since, detail, restored, disk: "ok"|"low"|"nearly_full", disk_free}`; `reason` is a word ("disk_full", "io_error", "locked",
/// "read_only", "damaged", "refused"), `since` a time, both null while all is well; `restored` is true from a start on a database that was put back from a copy until
/// the next one: what waited to be sent then asks for a person's word (`messages.retry` with `confirm_unknown`). `disk` is "low" where no more files are fetched and
/// "nearly_full" where a person has to make room; it and `disk_free` (bytes) are null where nothing is known. Lives in the net thread.
class HealthDesk : public QObject {
    Q_OBJECT
public:
    /// @param notStored tells of the disk; none: not known
    HealthDesk(Database &database, const Clock &clock, std::function<NotStored()> notStored = {}, QObject *parent = nullptr);

    void start();                                    ///< looks four times a second
    QJsonObject health() const { return m_health; }
    bool isWell() const;                             ///< nothing that somebody should be told

signals:
    void changed();

private:
    enum class Disk { Unknown, Ok, Low, NearlyFull };
    void look();
    void lookAtDisk();
    QJsonObject rendered() const;

    Database &m_database;
    const Clock &m_clock;
    const std::function<NotStored()> m_notStored;
    QTimer m_timer;
    Database::Health m_last{};
    Timestamp m_since{};                             ///< of a store that is not well
    Disk m_disk = Disk::Unknown;
    qint64 m_free = -1;                              ///< bytes, as told
    QJsonObject m_health{};
};

} // namespace antiphon
