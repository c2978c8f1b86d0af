#include "core/base/mailbox.h"

namespace antiphon {

Mailbox::Mailbox(QObject *parent)
    : QObject(parent)
{
}

Mailbox::~Mailbox() = default;

void Mailbox::post(Closure closure)
{
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(closure));
        first = !std::exchange(m_wakeUpPosted, true);
    }
    if (first)
        wake();
}

void Mailbox::postAll(std::vector<Closure> closures)
{
    if (closures.empty())
        return;
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.insert(m_waiting.end(), std::make_move_iterator(closures.begin()), std::make_move_iterator(closures.end()));
        first = !std::exchange(m_wakeUpPosted, true);
    }
    if (first)
        wake();
}

void Mailbox::wake()
{
    QMetaObject::invokeMethod(this, &Mailbox::drain, Qt::QueuedConnection);
}

void Mailbox::drain()
{
    std::vector<Closure> taken;
    {
        const std::lock_guard lock(m_mutex);
        taken.swap(m_waiting);
        m_wakeUpPosted = false;
    }
    for (const Closure &closure : taken)   // destroyed outside the mutex
        closure();
}

} // namespace antiphon
