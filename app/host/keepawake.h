#pragma once

#include "core/store/database.h"

#include <QDBusUnixFileDescriptor>
#include <QObject>
#include <QTimer>

namespace antiphon {

/// Keeps the computer from falling asleep while inboxes are connected, where the workspace's setting `keep_awake` ("off", "always", "on_mains") wants it:
/// an inhibitor of logind, which ends with the process whatever happens. How that stands is the setting `keep_awake_state`: "off", "active",
/// "on_battery" or "not_available". Lives in the net thread.
class KeepAwake final : public QObject {
public:
    KeepAwake(Database &database, Mailbox &mailbox, QObject *parent = nullptr);
    ~KeepAwake() override;

    void look();             ///< the setting or an inbox may have changed
    void release();          ///< before the program ends

private:
    enum class Wish { Off, Always, OnMains };

    void follow(Wish wish);
    void askForMains();
    void inhibit();
    void tell(const QString &state);

    Database &m_database;
    Mailbox &m_mailbox;
    std::shared_ptr<bool> m_alive;
    QDBusUnixFileDescriptor m_inhibitor;
    QString m_state;
    QTimer m_again;
    bool m_isAsking = false;
};

} // namespace antiphon
