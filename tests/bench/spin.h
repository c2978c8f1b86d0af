#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

namespace antiphon::bench {

/// Runs the event loop for a while.
inline void spin(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

/// Runs the event loop until `isDone()`, which is asked every `stepMs`. @return false after `patienceMs`.
template <typename Condition>
bool spinUntil(Condition isDone, int patienceMs, int stepMs = 2)
{
    QElapsedTimer timer;
    timer.start();
    while (!isDone()) {
        if (timer.elapsed() > patienceMs)
            return false;
        spin(stepMs);
    }
    return true;
}

} // namespace antiphon::bench
