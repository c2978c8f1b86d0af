#include "core/base/mailbox.h"

#include <utility>

namespace antiphon {

struct Mailbox::State {
    std::mutex mutex;
    std::vector<Closure> waiting;
    bool isWakeUpPosted = false;
    Mailbox *mailbox = nullptr;       ///< null once it is closed; it can't die while the mutex is held
};

Mailbox::Mailbox(QObject *parent)
    : QObject(parent)
    , m_state(std::make_shared<State>())
{
    m_state->mailbox = this;
}

Mailbox::~Mailbox()
{
    close();
}

void Mailbox::Address::post(Closure closure) const
{
    Mailbox::post(*m_state, std::move(closure));
}

void Mailbox::post(Closure closure)
{
    post(*m_state, std::move(closure));
}

void Mailbox::post(State &state, Closure closure)
{
    const std::lock_guard lock(state.mutex);
    if (!state.mailbox)
        return;                       // the closure is destroyed by the caller, outside the mutex
    state.waiting.push_back(std::move(closure));
    if (!std::exchange(state.isWakeUpPosted, true))
        QMetaObject::invokeMethod(state.mailbox, &Mailbox::drain, Qt::QueuedConnection);
}

void Mailbox::close()
{
    std::vector<Closure> dropped;     // destroyed outside the mutex: they may hold what posts in its turn
    const std::lock_guard lock(m_state->mutex);
    m_state->mailbox = nullptr;
    dropped.swap(m_state->waiting);
}

void Mailbox::drain()
{
    std::vector<Closure> taken;
    {
        const std::lock_guard lock(m_state->mutex);
        taken.swap(m_state->waiting);
        m_state->isWakeUpPosted = false;
    }
    for (const Closure &closure : taken)   // destroyed outside the mutex
        closure();
}

} // namespace antiphon
