#include "core/base/keylock.h"

#include "core/base/logging.h"

#include <QCryptographicHash>
#include <QtEndian>

#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <vector>

namespace antiphon {

struct KeyLock::State {
    struct Ticket {
        quint64 number = 0;
        QString kind{};
        Answer answer{};
        SteadyTime until{};
    };
    struct Entry {
        quint64 holder = 0;               ///< token; an entry exists only while its key is held
        QString kind{};
        SteadyTime since{};
        bool isReported = false;
        std::deque<Ticket> line{};
    };

    explicit State(const Clock &from) : clock(from) {}

    const Clock &clock;
    mutable std::mutex mutex;             ///< guards what follows
    std::map<QString, Entry> entries;
    std::map<QString, Times> times;
    quint64 lastNumber = 0;
    bool isClosed = false;

    Times timesOf(const QString &kind) const
    {
        const auto found = times.find(kind);
        return found != times.end() ? found->second : Times{};
    }
    void hold(Entry *entry, quint64 token, const QString &kind)
    {
        entry->holder = token;
        entry->kind = kind;
        entry->since = clock.steady();
        entry->isReported = false;
    }
};

namespace {

/// Answers are called without the mutex, and one after the other: a long line of holders that let go at once would else be as deep a recursion.
void deliver(std::function<void()> answer)
{
    thread_local std::deque<std::function<void()>> *queue = nullptr;
    if (queue) {
        queue->push_back(std::move(answer));
        return;
    }
    std::deque<std::function<void()>> own;
    queue = &own;
    own.push_back(std::move(answer));
    std::exception_ptr thrown;
    while (!own.empty()) {
        const std::function<void()> next = std::move(own.front());
        own.pop_front();
        try {
            next();
        } catch (...) {                   // a holder's own matter; the others' turns still come
            thrown = std::current_exception();
        }
    }
    queue = nullptr;
    if (thrown)
        std::rethrow_exception(thrown);
}

} // namespace

KeyLock::Guard::Guard(std::shared_ptr<State> state, QString key, quint64 token)
    : m_state(std::move(state))
    , m_key(std::move(key))
    , m_token(token)
{
}

KeyLock::Guard::Guard(Guard &&other) noexcept
    : m_state(std::move(other.m_state))
    , m_key(std::move(other.m_key))
    , m_token(std::exchange(other.m_token, 0))
{
}

KeyLock::Guard &KeyLock::Guard::operator=(Guard &&other) noexcept
{
    if (this != &other) {
        release();
        m_state = std::move(other.m_state);
        m_key = std::move(other.m_key);
        m_token = std::exchange(other.m_token, 0);
    }
    return *this;
}

bool KeyLock::Guard::release()
{
    const quint64 token = std::exchange(m_token, 0);
    const std::shared_ptr<State> state = std::move(m_state);
    if (token == 0 || !state)
        return false;
    std::optional<State::Ticket> next;
    {
        const std::lock_guard lock(state->mutex);
        const auto found = state->entries.find(m_key);
        if (found == state->entries.end() || found->second.holder != token)
            return false;
        State::Entry &entry = found->second;
        if (entry.line.empty()) {
            state->entries.erase(found);
            return true;
        }
        next = std::move(entry.line.front());
        entry.line.pop_front();
        state->hold(&entry, next->number, next->kind);
    }
    // Where the next one does nothing with its guard, that lets go at once and the turn goes on.
    deliver([state, key = m_key, token = next->number, answer = std::move(next->answer)] { answer(Guard(state, key, token)); });
    return true;
}

KeyLock::KeyLock(const Clock &clock)
    : m_state(std::make_shared<State>(clock))
{
}

KeyLock::~KeyLock()
{
    close();
}

void KeyLock::setTimes(const QString &kind, Times times)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->times[kind] = times;
}

quint64 KeyLock::acquire(const QString &key, const QString &kind, Answer answer)
{
    quint64 number = 0;
    std::optional<AcquireError> refused;
    {
        const std::lock_guard lock(m_state->mutex);
        number = ++m_state->lastNumber;
        const auto found = m_state->entries.find(key);
        const Times times = m_state->timesOf(kind);
        if (m_state->isClosed) {
            refused = AcquireError{AcquireError::ShuttingDown};
        } else if (found == m_state->entries.end()) {
            m_state->hold(&m_state->entries[key], number, kind);
        } else if (times.wait.count() <= 0) {
            refused = AcquireError{AcquireError::Busy};
        } else {
            found->second.line.push_back({.number = number, .kind = kind, .answer = std::move(answer), .until = m_state->clock.steady() + times.wait});
            return number;
        }
    }
    if (refused)
        answer(*refused);
    else
        answer(Guard(m_state, key, number));
    return number;
}

KeyLock::Outcome KeyLock::tryAcquire(const QString &key, const QString &kind)
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->isClosed)
        return AcquireError{AcquireError::ShuttingDown};
    if (m_state->entries.contains(key))
        return AcquireError{AcquireError::Busy};
    const quint64 number = ++m_state->lastNumber;
    m_state->hold(&m_state->entries[key], number, kind);
    return Guard(m_state, key, number);
}

bool KeyLock::cancel(const QString &key, quint64 ticket)
{
    State::Ticket dropped;                // destroyed outside the mutex
    const std::lock_guard lock(m_state->mutex);
    const auto found = m_state->entries.find(key);
    if (found == m_state->entries.end())
        return false;
    auto &line = found->second.line;
    const auto at = std::find_if(line.begin(), line.end(), [ticket](const State::Ticket &waiting) { return waiting.number == ticket; });
    if (at == line.end())
        return false;
    dropped = std::move(*at);
    line.erase(at);
    return true;
}

void KeyLock::look()
{
    const SteadyTime now = m_state->clock.steady();
    std::vector<Answer> late;
    {
        const std::lock_guard lock(m_state->mutex);
        for (auto &[key, entry] : m_state->entries) {
            for (auto at = entry.line.begin(); at != entry.line.end();) {
                if (at->until > now) {
                    ++at;
                    continue;
                }
                late.push_back(std::move(at->answer));
                at = entry.line.erase(at);
            }
            const auto held = std::chrono::duration_cast<Milliseconds>(now - entry.since);
            if (!entry.isReported && held > m_state->timesOf(entry.kind).hold) {
                entry.isReported = true;
                qCWarning(lcBase).noquote() << entry.kind << "holds the lock" << QString::number(keyHash(key), 16) << "for" << held.count() << "ms,"
                                            << entry.line.size() << "wait";
            }
        }
    }
    for (const Answer &answer : late)
        answer(AcquireError{AcquireError::TimedOut});
}

void KeyLock::close()
{
    std::vector<Answer> refused;
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->isClosed = true;
        for (auto &[key, entry] : m_state->entries) {
            for (State::Ticket &ticket : entry.line)
                refused.push_back(std::move(ticket.answer));
            entry.line.clear();
        }
    }
    for (const Answer &answer : refused)
        answer(AcquireError{AcquireError::ShuttingDown});
}

int KeyLock::waiting(const QString &key) const
{
    const std::lock_guard lock(m_state->mutex);
    const auto found = m_state->entries.find(key);
    return found != m_state->entries.end() ? int(found->second.line.size()) : 0;
}

bool KeyLock::isHeld(const QString &key) const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->entries.contains(key);
}

quint64 keyHash(const QString &key)
{
    const QByteArray digest = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha256);
    return qFromBigEndian<quint64>(digest.constData());
}

} // namespace antiphon
