#pragma once

#include "core/store/database.h"
#include "core/store/filesthread.h"

#include <atomic>

namespace antiphon {

/// Says what is to be left off while too much waits or the disk runs full. What came in is still taken and stored: that is the last
/// thing to give up.
/// Lives in the net thread; the questions may be asked in any.
class BackPressure {
public:
    struct Limits {
        qint64 waiting = 20'000;                             ///< deliveries to split and events to apply: above, nothing more is fetched
        qint64 refused = 100'000;                            ///< above, platforms that come again are asked to
        qint64 filesFrom = 1'000'000'000;                    ///< free bytes: below, no file is fetched
        qint64 textOnlyBelow = 200'000'000;                  ///< free bytes: below, the owner is warned
    };

    /// @param freeBytes asked in the files thread; negative or none: not known
    BackPressure(Database &database, FilesThread &files, Mailbox &mailbox, std::function<qint64()> freeBytes);
    ~BackPressure();

    /// Counts and measures; `changed` is called in the net thread where an answer below is another one than before.
    void look();
    void setChanged(std::function<void()> changed) { m_changed = std::move(changed); }
    void setLimits(const Limits &limits) { m_limits = limits; }

    bool mayPoll() const { return !m_tooMuchWaits; }         ///< pollers, catch-up, and everything that enriches
    bool mayFetchFiles() const { return !m_tooMuchWaits && !m_filesOff; }
    bool isShortOfRoom() const { return m_filesOff; }        ///< the disk alone keeps files off, whatever waits
    bool mayTake() const { return !m_isFull; }               ///< webhooks of platforms that come again
    bool isTextOnly() const { return m_textOnly; }           ///< the disk is nearly full: a person has to do something
    qint64 waiting() const { return m_waiting; }             ///< counted up to the greater limit and one, of each kind
    qint64 freeBytes() const { return m_free; }              ///< -1: not known

private:
    void take(qint64 waiting, qint64 free);

    Database &m_database;
    FilesThread &m_files;
    Mailbox &m_mailbox;
    const std::function<qint64()> m_freeBytes;
    const std::shared_ptr<bool> m_alive;
    Limits m_limits{};
    std::function<void()> m_changed;
    std::atomic<bool> m_tooMuchWaits{false};
    std::atomic<bool> m_isFull{false};
    std::atomic<bool> m_filesOff{false};
    std::atomic<bool> m_textOnly{false};
    std::atomic<qint64> m_waiting{0};
    std::atomic<qint64> m_free{-1};
    bool m_isLooking = false;
};

} // namespace antiphon
