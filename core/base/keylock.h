#pragma once

#include "core/base/clock.h"

#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace antiphon {

/// One holder a key at a time, for work that leaves the database: a token's refresh, an import. What is applied to the database needs none, its
/// order is the Writer's. Turns are given in the order of asking, and nobody blocks: an answer is called where the turn comes, in the thread of
/// whoever let go. Not re-entrant: who asks again while holding waits for himself. All functions: any thread.
class KeyLock {
    struct State;

public:
    struct AcquireError {
        enum Why {
            Busy,            ///< held, and the asker's kind doesn't wait
            TimedOut,        ///< its wait budget has run out; nothing was taken from anybody
            ShuttingDown
        } why = Busy;
    };

    /// How long work of a kind may take; two things that must not be mixed.
    struct Times {
        Milliseconds wait{30'000};     ///< budget of whoever waits for a turn; 0: doesn't wait
        Milliseconds hold{10'000};     ///< longer than this is reported, once; nothing is taken away
    };

    /// Exists only for a turn that was got, and lets go of that turn alone.
    class Guard {
    public:
        Guard() = default;
        Guard(Guard &&other) noexcept;
        Guard &operator=(Guard &&other) noexcept;
        Guard(const Guard &) = delete;
        Guard &operator=(const Guard &) = delete;
        ~Guard() { release(); }

        /// Gives the turn on. @return false where it was not ours (any more).
        bool release();
        quint64 token() const { return m_token; }              ///< 0: empty

    private:
        friend class KeyLock;
        Guard(std::shared_ptr<State> state, QString key, quint64 token);

        std::shared_ptr<State> m_state;
        QString m_key;
        quint64 m_token = 0;
    };

    using Outcome = std::variant<Guard, AcquireError>;
    using Answer = std::function<void(Outcome)>;

    explicit KeyLock(const Clock &clock);
    ~KeyLock();
    KeyLock(const KeyLock &) = delete;
    KeyLock &operator=(const KeyLock &) = delete;

    void setTimes(const QString &kind, Times times);

    /// `answer` is called exactly once, before this returns where the key is free, unless cancel() comes first.
    /// @return the ticket, for cancel()
    quint64 acquire(const QString &key, const QString &kind, Answer answer);
    /// The turn, or Busy: never waits.
    Outcome tryAcquire(const QString &key, const QString &kind);
    /// Takes a waiter out of the line: its answer is never called. @return false where it was answered already, or is being answered just now.
    bool cancel(const QString &key, quint64 ticket);

    /// What time makes due: waiters whose budget has run out, holders to be reported. To be called now and then by whoever owns it.
    void look();
    /// Everybody who waits, and whoever asks later, is answered ShuttingDown. Holders keep their turn.
    void close();

    int waiting(const QString &key) const;
    bool isHeld(const QString &key) const;

private:
    std::shared_ptr<State> m_state;
};

/// First 8 bytes of SHA-256 of the key's UTF-8, big-endian: the same in every process and on every machine. Keys are logged as this.
quint64 keyHash(const QString &key);

} // namespace antiphon
