#include "core/intake/backpressure.h"

#include "core/base/logging.h"
#include "core/store/eventrepository.h"

namespace antiphon {
namespace {

/// What was left off goes on only once there is clearly room, so that it doesn't flutter.
bool isOver(bool wasOver, qint64 value, qint64 limit)
{
    return wasOver ? value > limit * 3 / 4 : value > limit;
}

bool isShort(bool wasShort, qint64 value, qint64 limit)
{
    return value >= 0 && (wasShort ? value < limit + limit / 10 : value < limit);
}

} // namespace

BackPressure::BackPressure(Database &database, FilesThread &files, Mailbox &mailbox, std::function<qint64()> freeBytes)
    : m_database(database)
    , m_files(files)
    , m_mailbox(mailbox)
    , m_freeBytes(std::move(freeBytes))
    , m_alive(std::make_shared<bool>(true))
{
}

BackPressure::~BackPressure()
{
    *m_alive = false;
}

void BackPressure::look()
{
    if (std::exchange(m_isLooking, true))
        return;
    const auto waitingKnown = [this, alive = m_alive](const Result<qint64> &waiting) {
        if (!*alive)
            return;
        const qint64 counted = waiting ? *waiting : m_waiting.load();
        if (!m_freeBytes)
            return take(counted, -1);
        m_files.run<qint64>([ask = m_freeBytes](BlobStore &) -> Result<qint64> { return ask(); }, m_mailbox,
                            [this, alive, counted](const Result<qint64> &free) {
                                if (*alive)
                                    take(counted, free ? *free : -1);
                            });
    };
    m_database.read<qint64>("events waiting", [limit = m_limits.waiting](ReadTransaction &tx) { return events::waitingCount(tx, limit + 1); }, m_mailbox,
                            waitingKnown);
}

void BackPressure::take(qint64 waiting, qint64 free)
{
    m_isLooking = false;
    m_waiting = waiting;
    m_free = free;
    const bool tooMuchWaits = isOver(m_tooMuchWaits, waiting, m_limits.waiting);
    const bool filesOff = isShort(m_filesOff, free, m_limits.filesFrom);
    const bool textOnly = isShort(m_textOnly, free, m_limits.textOnlyBelow);
    const bool isNews = tooMuchWaits != m_tooMuchWaits || filesOff != m_filesOff || textOnly != m_textOnly;
    if (tooMuchWaits != m_tooMuchWaits)
        qCWarning(lcIntake) << (tooMuchWaits ? "too many events wait: nothing more is fetched meanwhile:" : "fetching goes on, events that wait:") << waiting;
    if (filesOff != m_filesOff || textOnly != m_textOnly)
        qCWarning(lcIntake) << (textOnly ? "the disk is nearly full, only texts are stored; free bytes:"
                                    : filesOff ? "little room on the disk: no files are fetched; free bytes:"
                                               : "there is room on the disk again; free bytes:")
                            << free;
    m_tooMuchWaits = tooMuchWaits;
    m_filesOff = filesOff;
    m_textOnly = textOnly;
    if (isNews && m_changed)
        m_changed();
}

} // namespace antiphon
