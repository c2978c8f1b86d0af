#pragma once

#include "tests/bench/figures.h"

#include <QApplication>
#include <QPointer>
#include <QRegion>

#include <functional>

namespace antiphon::bench {

/// The application object of the benches. It sees every paint event from outside, so the window needs no hook: painted means that the widget's
/// paintEvent has returned.
class PaintWatch : public QApplication {
public:
    using QApplication::QApplication;

    static PaintWatch &instance() { return static_cast<PaintWatch &>(*qApp); }

    bool notify(QObject *receiver, QEvent *event) override;

    /// Runs the event loop until a paint of `widget` (of a scroll area: its viewport) for which `isIt(region)`; `at` is its end. False after `patienceMs`.
    bool waitForPaint(QWidget *widget, const std::function<bool(const QRegion &)> &isIt, int patienceMs, SteadyClock::time_point *at);

private:
    QPointer<QWidget> m_widget{};
    std::function<void(const QRegion &)> m_painted{};
};

} // namespace antiphon::bench
