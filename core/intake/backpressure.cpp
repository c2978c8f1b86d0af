#include "core/intake/backpressure.h"

#include "core/base/logging.h"
#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"

#include <algorithm>

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
    m_database.read<qint64>(
        "what waits",
        [limit = std::max(m_limits.waiting, m_limits.refused) + 1](ReadTransaction &tx) -> Result<qint64> {
            const auto unsplit = deliveries::unsplitCount(tx, limit);
            if (!unsplit)
                return unsplit.error();
            const auto events = events::waitingCount(tx, limit);
            return events ? Result<qint64>(*unsplit + *events) : events;
        },
        m_mailbox, waitingKnown);
}

void BackPressure::take(qint64 waiting, qint64 free)
{
    m_isLooking = false;
    m_waiting = waiting;
    m_free = free;
    const bool tooMuchWaits = isOver(m_tooMuchWaits, waiting, m_limits.waiting);
    const bool isFull = isOver(m_isFull, waiting, m_limits.refused);
    const bool filesOff = isShort(m_filesOff, free, m_limits.filesFrom);
    const bool textOnly = isShort(m_textOnly, free, m_limits.textOnlyBelow);
    const bool isNews = tooMuchWaits != m_tooMuchWaits || isFull != m_isFull || filesOff != m_filesOff || textOnly != m_textOnly;
    if (tooMuchWaits != m_tooMuchWaits)
        qCWarning(lcIntake) << (tooMuchWaits ? "too much waits to be applied, nothing more is fetched meanwhile:" : "fetching goes on, what waits:") << waiting;
    if (isFull != m_isFull)
        qCWarning(lcIntake) << (isFull ? "too much waits to be applied, platforms are asked to come again:" : "webhooks are taken again, what waits:") << waiting;
    if (filesOff != m_filesOff || textOnly != m_textOnly)
        qCWarning(lcIntake) << (textOnly ? "the disk is nearly full, only texts are stored; free bytes:"
                                    : filesOff ? "little room on the disk: no files are fetched; free bytes:"
                                               : "there is room on the disk again; free bytes:")
                            << free;
    m_tooMuchWaits = tooMuchWaits;
    m_isFull = isFull;
    m_filesOff = filesOff;
    m_textOnly = textOnly;
    if (isNews && m_changed)
        m_changed();
}

} // namespace antiphon
