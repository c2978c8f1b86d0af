#include "tests/bench/paintwatch.h"

#include <QEventLoop>
#include <QPaintEvent>
#include <QTimer>

namespace antiphon::bench {

bool PaintWatch::notify(QObject *receiver, QEvent *event)
{
    if (event->type() != QEvent::Paint || !m_painted || receiver != m_widget)
        return QApplication::notify(receiver, event);
    const QRegion region = static_cast<QPaintEvent *>(event)->region();
    const bool isTaken = QApplication::notify(receiver, event);
    m_painted(region);
    return isTaken;
}

bool PaintWatch::waitForPaint(QWidget *widget, const std::function<bool(const QRegion &)> &isIt, int patienceMs, SteadyClock::time_point *at)
{
    QEventLoop loop;
    QTimer patience;
    patience.setSingleShot(true);
    QObject::connect(&patience, &QTimer::timeout, &loop, &QEventLoop::quit);
    bool isPainted = false;
    m_widget = widget;
    m_painted = [&](const QRegion &region) {
        if (isPainted || !isIt(region))
            return;
        *at = SteadyClock::now();
        isPainted = true;
        loop.quit();
    };
    patience.start(patienceMs);
    loop.exec();
    m_painted = {};
    return isPainted;
}

} // namespace antiphon::bench
