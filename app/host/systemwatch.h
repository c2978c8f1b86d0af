#pragma once

#include <QObject>

namespace antiphon {

/// What the system says of going to sleep: logind's PrepareForSleep. Without D-Bus it stays silent, and the clocks tell of a sleep afterwards.
class SystemWatch final : public QObject {
    Q_OBJECT
public:
    explicit SystemWatch(QObject *parent = nullptr) : QObject(parent) {}

    void start();

signals:
    void sleepChanged(bool isGoingToSleep);

private slots:
    void tell(bool isGoingToSleep) { emit sleepChanged(isGoingToSleep); }
};

/// Whether the network went and came back, where Qt has a backend that knows. Of the main thread, as Qt's own class is. A machine that was never online
/// (a lab, a container) isn't offline either.
class NetworkWatch final : public QObject {
    Q_OBJECT
public:
    explicit NetworkWatch(QObject *parent = nullptr) : QObject(parent) {}

    void start();

signals:
    void reachableChanged(bool isReachable);
    void networkChanged();                       ///< by another way now (a cable, another medium), or back again

private:
    bool m_isOnline = false;
};

} // namespace antiphon
