#pragma once

#include <QObject>

#include <functional>
#include <mutex>
#include <vector>

namespace antiphon {

/// Hands closures to the thread of this object: a mutex-guarded queue and an empty posted wake-up, so that the values cross
/// under a lock of our own (which ThreadSanitizer can judge) and a burst costs one event.
/// Closures run in the order of posting; what is still queued when the mailbox dies is dropped.
class Mailbox : public QObject {
    Q_OBJECT
public:
    using Closure = std::function<void()>;

    explicit Mailbox(QObject *parent = nullptr);
    ~Mailbox() override;

    void post(Closure closure);                 ///< any thread
    void postAll(std::vector<Closure> closures);///< any thread; one wake-up

private:
    void wake();
    void drain();

    std::mutex m_mutex;
    std::vector<Closure> m_waiting;
    bool m_wakeUpPosted = false;
};

} // namespace antiphon
