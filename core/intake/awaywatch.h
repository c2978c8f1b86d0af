#pragma once

#include "core/intake/gapkeeper.h"

#include <QObject>
#include <QTimer>

namespace antiphon {

/// Notices that nobody was there while the process lived: a sleeping computer, a frozen process, a network that was gone. Lives in the net thread.
class AwayWatch final : public QObject {
    Q_OBJECT
public:
    AwayWatch(GapKeeper &gaps, const Clock &clock, QObject *parent = nullptr);

    void start();
    void stop();

    void noteSleep(bool isGoingToSleep);       ///< the system says so, where it can
    void noteReachable(bool isReachable);      ///< likewise of the network

signals:
    void networkReturned();                    ///< after a sleep too: the platforms' own retries come first

private:
    void look();

    GapKeeper &m_gaps;
    const Clock &m_clock;
    QTimer m_look;
    QTimer m_alive;
    QTimer m_unreachable;
    Timestamp m_lastLook{};
    Timestamp m_unreachableSince{};
    bool m_isNetworkGap = false;
};

} // namespace antiphon
