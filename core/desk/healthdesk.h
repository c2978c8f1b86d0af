#pragma once

#include "core/base/clock.h"
#include "core/store/database.h"

#include <QJsonObject>
#include <QObject>
#include <QTimer>

namespace antiphon {

/// Tells the seats whether the workspace can be written: field `health` of the answer to `session.open`, and the volatile event `workspace.health` whenever
/// that changes. Object: `{store: "writable"|"refused"|"damaged", reason, since, detail, restored}`; `reason` is a word ("disk_full", "io_error", "locked",
/// "read_only", "damaged", "refused"), `since` a time, both null while all is well; `restored` is true from a start on a database that was put back from a copy until
/// the next one: what waited to be sent then asks for a person's word (`messages.retry` with `confirm_unknown`). Lives in the net thread.
class HealthDesk : public QObject {
    Q_OBJECT
public:
    HealthDesk(Database &database, const Clock &clock, QObject *parent = nullptr);

    void start();                                    ///< looks four times a second
    QJsonObject health() const { return m_health; }
    bool isWell() const;                             ///< nothing that somebody should be told

signals:
    void changed();

private:
    void look();

    Database &m_database;
    const Clock &m_clock;
    QTimer m_timer;
    Database::Health m_last{};
    QJsonObject m_health{};
};

} // namespace antiphon
