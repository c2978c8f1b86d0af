#include "core/desk/conversationtimers.h"

#include "core/base/logging.h"
#include "core/desk/activityline.h"
#include "core/store/cursorrepository.h"

#include <QPointer>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr int kSlice = 100;
constexpr Milliseconds kAfterChanges{200};

struct Moved {
    ConversationId id{};
    InboxId inbox{};
    qint64 at = 0;
};

Result<QList<Moved>> rows(Query &query)
{
    QList<Moved> found;
    while (query.next())
        found.append({.id = query.id<ConversationId>(0), .inbox = query.id<InboxId>(1), .at = query.integer(2)});
    if (!query.ok())
        return query.error();
    return found;
}

Result<QList<Moved>> overdueSnoozes(WriteTransaction &tx, Timestamp now)
{
    Query query = tx.query(u"SELECT id, inbox_id, snoozed_until FROM conversation WHERE status = 'snoozed' AND snoozed_until IS NOT NULL "
                           "AND snoozed_until <= :now ORDER BY snoozed_until LIMIT :limit"_s);
    query.bind(":now"_L1, now).bind(":limit"_L1, kSlice);
    return rows(query);
}

Result<void> wake(WriteTransaction &tx, const Moved &snoozed)
{
    {
        Query update = tx.query(u"UPDATE conversation SET status = 'open', snoozed_until = NULL WHERE id = :id"_s);
        update.bind(":id"_L1, snoozed.id);
        if (const auto done = update.exec(); !done)
            return done;
    }
    const auto line = desk::addActivity(tx, snoozed.id, snoozed.inbox, nullptr, {{u"kind"_s, u"status"_s}, {u"from"_s, u"snoozed"_s}, {u"to"_s, u"open"_s}});
    if (!line)
        return line.error();
    tx.changed(u"conversation.updated"_s, snoozed.id.value(), snoozed.inbox);
    return {};
}

/// Up to where closing windows were told: a time and, within it, a conversation.
struct Told {
    qint64 at = 0;
    qint64 id = 0;
};

const auto kToldScope = u"desk.windows"_s;

Result<void> keepTold(WriteTransaction &tx, const Told &told)
{
    return cursors::store(tx, kToldScope, u"%1:%2"_s.arg(told.at).arg(told.id));
}

/// At the very first time nothing was told, and nothing needs to be.
Result<Told> toldUpTo(WriteTransaction &tx, Timestamp now)
{
    const auto text = cursors::value(tx, kToldScope);
    if (!text)
        return text.error();
    if (*text) {
        const QStringList parts = (*text)->split(u':');
        return Told{.at = parts.value(0).toLongLong(), .id = parts.value(1).toLongLong()};
    }
    const Told told{.at = toUnixMs(now)};
    const auto kept = keepTold(tx, told);
    return kept ? Result<Told>(told) : Result<Told>(kept.error());
}

/// @return whether there may be more
Result<bool> tellClosedWindows(WriteTransaction &tx, Timestamp now)
{
    const auto told = toldUpTo(tx, now);
    if (!told)
        return told.error();
    QList<Moved> closed;
    {
        Query query = tx.query(u"SELECT id, inbox_id, window_closes_at FROM conversation WHERE window_closes_at IS NOT NULL "
                               "AND (window_closes_at, id) > (:at, :id) AND window_closes_at <= :now ORDER BY window_closes_at, id LIMIT :limit"_s);
        query.bind(":at"_L1, told->at).bind(":id"_L1, told->id).bind(":now"_L1, now).bind(":limit"_L1, kSlice);
        const auto found = rows(query);
        if (!found)
            return found.error();
        closed = *found;
    }
    for (const Moved &conversation : closed)
        tx.changed(u"conversation.updated"_s, conversation.id.value(), conversation.inbox);
    if (closed.isEmpty())
        return false;
    if (const auto kept = keepTold(tx, {.at = closed.last().at, .id = closed.last().id.value()}); !kept)
        return kept.error();
    return closed.size() == kSlice;
}

Result<std::optional<Timestamp>> nextDue(WriteTransaction &tx, Timestamp now)
{
    Query query = tx.query(u"SELECT MIN(at) FROM (SELECT MIN(snoozed_until) AS at FROM conversation WHERE status = 'snoozed' AND snoozed_until IS NOT NULL "
                           "UNION ALL SELECT MIN(window_closes_at) FROM conversation WHERE window_closes_at IS NOT NULL AND window_closes_at > :now)"_s);
    query.bind(":now"_L1, now);
    const auto at = query.next() ? query.optionalTime(0) : std::nullopt;
    if (!query.ok())
        return query.error();
    return at;
}

} // namespace

ConversationTimers::ConversationTimers(Database &database, const Clock &clock, ChangeFeed &feed, Mailbox &mailbox, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_clock(clock)
    , m_mailbox(mailbox)
{
    m_timer.setSingleShot(true);
    m_afterChanges.setSingleShot(true);
    m_afterChanges.setInterval(kAfterChanges);
    connect(&m_timer, &QTimer::timeout, this, &ConversationTimers::check);
    connect(&m_afterChanges, &QTimer::timeout, this, &ConversationTimers::check);
    connect(&feed, &ChangeFeed::conversationsChanged, this, [this] {
        if (!m_afterChanges.isActive())
            m_afterChanges.start();
    });
}

void ConversationTimers::check()
{
    m_isWanted = m_isRunning;
    if (m_isRunning)
        return;
    m_isRunning = true;
    m_database.writer().write<Due>(
        Writer::Priority::Background, "conversation timers", [now = m_clock.now()](WriteTransaction &tx) { return openAndTell(tx, now); }, m_mailbox,
        [self = QPointer(this)](const Result<Due> &due) {
            if (!self)
                return;
            self->m_isRunning = false;
            if (!due)
                qCWarning(lcDesk).noquote() << "conversation timers:" << describe(due.error());
            self->arm(due ? *due : Due{});
        });
}

Result<ConversationTimers::Due> ConversationTimers::openAndTell(WriteTransaction &tx, Timestamp now)
{
    const auto overdue = overdueSnoozes(tx, now);
    if (!overdue)
        return overdue.error();
    for (const Moved &snoozed : *overdue) {
        if (const auto done = wake(tx, snoozed); !done)
            return done.error();
    }
    const auto isMore = tellClosedWindows(tx, now);
    if (!isMore)
        return isMore.error();
    const auto next = nextDue(tx, now);
    if (!next)
        return next.error();
    return Due{.next = *next, .isMore = *isMore || overdue->size() == kSlice};
}

void ConversationTimers::arm(const Due &due)
{
    if (due.isMore || m_isWanted) {
        check();
        return;
    }
    Milliseconds wait = kLongestWait;
    if (due.next)
        wait = std::clamp(*due.next - m_clock.now(), Milliseconds(1), kLongestWait);
    m_timer.start(wait);
    emit checked();
}

} // namespace antiphon
