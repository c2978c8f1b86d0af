#include "tests/bench/heartbeat.h"

#include <QCoreApplication>
#include <QEvent>

namespace antiphon::bench {
namespace {

constexpr std::chrono::milliseconds kPause{2};

QEvent::Type beatType()
{
    static const auto type = QEvent::Type(QEvent::registerEventType());
    return type;
}

} // namespace

Heartbeat::Heartbeat()
    : m_thread([this] { beat(); })
{
}

Heartbeat::~Heartbeat()
{
    stop();
}

void Heartbeat::stop()
{
    m_stopped = true;
    if (m_thread.joinable())
        m_thread.join();
    QCoreApplication::removePostedEvents(this);
}

void Heartbeat::beat()
{
    while (!m_stopped) {
        if (!m_isUnderWay) {
            m_postedAt = SteadyClock::now();
            m_isUnderWay = true;
            QCoreApplication::postEvent(this, new QEvent(beatType()), Qt::HighEventPriority);
        }
        std::this_thread::sleep_for(kPause);
    }
}

bool Heartbeat::event(QEvent *event)
{
    if (event->type() != beatType())
        return QObject::event(event);
    m_delays.add(millisecondsSince(m_postedAt));
    m_isUnderWay = false;
    return true;
}

} // namespace antiphon::bench
