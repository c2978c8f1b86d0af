#pragma once

#include <QObject>

#include <functional>
#include <memory>
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

private:
    struct State;

public:
    /// Posts to a mailbox that may be gone: then the closure is dropped. Any thread, and the copy may outlive the mailbox.
    class Address {
    public:
        void post(Closure closure) const;

    private:
        friend class Mailbox;
        explicit Address(std::shared_ptr<State> state) : m_state(std::move(state)) {}

        std::shared_ptr<State> m_state;
    };

    explicit Mailbox(QObject *parent = nullptr);
    ~Mailbox() override;

    void post(Closure closure);                 ///< any thread
    Address address() const { return Address(m_state); }

    /// Drops what waits and takes nothing more: for whoever takes down what the closures speak of. Of this object's thread.
    void close();

private:
    static void post(State &state, Closure closure);
    void drain();

    std::shared_ptr<State> m_state;
};

} // namespace antiphon
