#include "core/base/logging.h"
#include "core/intake/catchuprun.h"
#include "core/intake/caughtup.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/gaprepository.h"
#include "core/store/leaserepository.h"
#include "core/store/messagerepository.h"

/// How a walk through the lists ends: the gaps say what became of them, and so do the conversations that got something or may lack something.
namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

/// One gap's end, as values for the Writer.
struct Settled {
    Gap gap{};
    Gap::State state = Gap::State::Recovered;
    QList<Gap::Reason> reasons{};
    QHash<QString, bool> threads{};      ///< whether each is complete
    bool isFeed = false;                 ///< then the threads are those that got something since `begun`
    Timestamp begun{};
};

/// Webhooks may be here before the end of a gap is known.
constexpr Milliseconds kEndOverlap = std::chrono::minutes(1);
/// What came so late in that minute had waited.
constexpr Milliseconds kWaited = std::chrono::seconds(10);
/// Messages that are marked in one closure of the Writer.
constexpr qsizetype kSlice = 200;

/// What the platform brought by itself of a gap's time, and nobody has marked yet.
Result<QList<MessageId>> findBrought(ReadTransaction &tx, const Settled &settled, Timestamp now)
{
    Query q = tx.query(u"SELECT m.id FROM conversation c CROSS JOIN message m ON m.conversation_id = c.id"
                       " WHERE c.inbox_id = :inbox AND c.last_activity_at >= :from AND m.created_at BETWEEN :from AND :until"
                       " AND NOT m.caught_up AND m.direction = 'incoming' AND m.received_at >= :begun"
                       " AND (m.received_at >= :until OR m.received_at >= m.created_at + :waited)"_s);
    q.bind(":inbox"_L1, settled.gap.inboxId)
        .bind(":from"_L1, settled.gap.from - CatchUpRun::kOverlap)
        .bind(":begun"_L1, settled.begun)
        .bind(":until"_L1, settled.gap.to.value_or(now))
        .bind(":waited"_L1, qint64(kWaited.count()));
    QList<MessageId> all;
    while (q.next())
        all.append(q.id<MessageId>(0));
    if (!q.ok())
        return q.error();
    return all;
}

/// They are counted and marked as if they had been fetched. What has its mark already is not counted again: a run that was cut short goes on where it was.
Result<void> markBrought(WriteTransaction &tx, const Gap &gap, const QList<MessageId> &brought)
{
    QStringList ids;
    for (const MessageId id : brought)
        ids.append(id.toString());
    qint64 marked = 0;
    QSet<qint64> conversations;
    {
        Query q = tx.query(u"UPDATE message SET caught_up = TRUE WHERE id IN (SELECT value FROM json_each(:ids)) AND NOT caught_up"
                           " RETURNING id, conversation_id"_s);
        q.bind(":ids"_L1, u'[' + ids.join(u',') + u']');
        while (q.next()) {
            ++marked;
            conversations.insert(q.integer(1));
            tx.changed(u"message.updated"_s, q.integer(0), gap.inboxId);
        }
        if (!q.ok())
            return q.error();
    }
    for (const qint64 conversation : std::as_const(conversations))
        tx.changed(u"conversation.updated"_s, conversation, gap.inboxId);
    return marked > 0 ? gaps::countRecovered(tx, gap.id, marked) : Result<void>();
}

/// The line in a conversation, at the moment the gap began, above what was fetched.
Result<void> insertLine(WriteTransaction &tx, const Settled &settled, ConversationId conversation, bool isComplete)
{
    const QJsonObject activity{{u"kind"_s, u"away"_s},
                               {u"gap_id"_s, settled.gap.id.toString()},
                               {u"cause"_s, gapCauseName(settled.gap.cause)},
                               {u"from"_s, toRfc3339(settled.gap.from)},
                               {u"to"_s, toRfc3339(settled.gap.to.value_or(tx.now()))},
                               {u"complete"_s, isComplete}};
    const auto id = messages::insert(tx, {.conversationId = conversation,
                                          .inboxId = settled.gap.inboxId,
                                          .direction = Message::Direction::Activity,
                                          .caughtUp = true,
                                          .senderType = Sender::Type::System,
                                          .activity = activity,
                                          .createdAt = settled.gap.from,
                                          .receivedAt = tx.now()});
    if (!id)
        return id.error();
    tx.changed(u"message.created"_s, (*id)->value(), settled.gap.inboxId);
    return {};
}

/// Of a feed: a line in every conversation that got something from before the gap ended.
Result<void> addLines(WriteTransaction &tx, const Settled &settled)
{
    // From the conversations that moved since then to their messages of that time: nothing is read of a thread that was quiet.
    Query q = tx.query(u"SELECT DISTINCT m.conversation_id FROM conversation c CROSS JOIN message m ON m.conversation_id = c.id"
                       " WHERE c.inbox_id = :inbox AND c.last_activity_at >= :from AND m.created_at BETWEEN :from AND :until"
                       " AND m.caught_up AND m.direction = 'incoming' AND m.received_at >= :begun"_s);
    q.bind(":inbox"_L1, settled.gap.inboxId)
        .bind(":from"_L1, settled.gap.from - CatchUpRun::kOverlap)
        .bind(":begun"_L1, settled.begun)
        .bind(":until"_L1, settled.gap.to.value_or(tx.now()));
    QList<ConversationId> conversations;
    while (q.next())
        conversations.append(q.id<ConversationId>(0));
    if (!q.ok())
        return q.error();
    for (const ConversationId conversation : std::as_const(conversations)) {
        if (const auto done = insertLine(tx, settled, conversation, settled.state == Gap::State::Recovered); !done)
            return done;
    }
    return {};
}

/// The line in the newest conversation of a thread. Who asked for a catch-up was there.
Result<void> addLine(WriteTransaction &tx, const Settled &settled, const QString &thread, bool isComplete)
{
    const auto address = contacts::find(tx, settled.gap.inboxId, thread);
    if (!address)
        return address.error();
    if (!*address)
        return {};
    const auto conversation = conversations::newest(tx, (*address)->id);
    if (!conversation)
        return conversation.error();
    if (!*conversation)
        return {};
    return insertLine(tx, settled, (*conversation)->id, isComplete);
}

Result<void> store(WriteTransaction &tx, const Settled &settled)
{
    if (settled.isFeed && settled.gap.cause != Gap::Cause::Manual) {
        if (const auto done = addLines(tx, settled); !done)
            return done;
    }
    if (settled.gap.cause != Gap::Cause::Manual) {
        for (auto thread = settled.threads.cbegin(); thread != settled.threads.cend(); ++thread) {
            if (const auto done = addLine(tx, settled, thread.key(), thread.value()); !done)
                return done;
        }
    }
    return gaps::settle(tx, settled.gap.id, settled.state, settled.reasons);
}

} // namespace

/// What is still to be marked before the end is told.
struct CatchUpRun::Ending {
    QList<Settled> all{};
    qsizetype gap = 0;                   ///< in hand
    QList<MessageId> brought{};          ///< of that gap, still without their mark
};

void CatchUpRun::finish()
{
    const auto ending = std::make_shared<Ending>();
    for (const Work &work : std::as_const(m_work)) {
        const Timestamp ended = work.gap.to.value_or(m_begun);
        Settled settled{.gap = work.gap,
                        .reasons = reasonsFor(work),
                        .isFeed = m_isFeed,
                        .begun = m_isBrought ? ended - kEndOverlap : m_isReadByOther ? ended : m_begun};
        settled.state = stateFor(work, settled.reasons);
        for (const QString &thread : work.touched)
            settled.threads.insert(thread, true);
        for (const QString &thread : work.doubtful)
            settled.threads.insert(thread, false);
        qCInfo(lcIntake).noquote() << "gap" << work.gap.id.value() << "of inbox" << m_order.inbox.value() << gapStateName(settled.state)
                                   << gapNote(settled.reasons);
        ending->all.append(settled);
    }
    m_isBrought ? lookForBrought(ending) : settle(ending);
}

void CatchUpRun::lookForBrought(const std::shared_ptr<Ending> &ending)
{
    if (ending->gap >= ending->all.size())
        return settle(ending);
    m_environment.database.read<QList<MessageId>>(
        "what was brought", [settled = ending->all.at(ending->gap), now = m_begun](ReadTransaction &tx) { return findBrought(tx, settled, now); },
        m_environment.mailbox, [self = shared_from_this(), ending](const Result<QList<MessageId>> &brought) {
            if (self->m_isStopped)
                return;
            if (!brought)
                return self->end(brought.error());
            ending->brought = *brought;
            self->markMore(ending);
        });
}

/// A slice at a time: what customers write meanwhile goes in between.
void CatchUpRun::markMore(const std::shared_ptr<Ending> &ending)
{
    if (ending->brought.isEmpty()) {
        ++ending->gap;
        return lookForBrought(ending);
    }
    const QList<MessageId> slice = ending->brought.first(std::min(kSlice, ending->brought.size()));
    ending->brought.remove(0, slice.size());
    m_environment.database.writer().write<void>(
        Writer::Priority::Background, "caught up, marks",
        [slice, gap = ending->all.at(ending->gap).gap, key = leaseKey(m_order.inbox), owner = m_order.owner](WriteTransaction &tx) -> Result<void> {
            if (const auto held = leases::renew(tx, key, owner, kLease); !held)        // the fence: who lost it marks nothing
                return held;
            return markBrought(tx, gap, slice);
        },
        m_environment.mailbox, [self = shared_from_this(), ending](const Result<void> &marked) {
            if (self->m_isStopped)
                return;
            marked ? self->markMore(ending) : self->end(marked.error());
        });
}

void CatchUpRun::settle(const std::shared_ptr<Ending> &ending)
{
    commit(
        "caught up",
        [all = ending->all, inbox = m_order.inbox, isLook = isLook()](WriteTransaction &tx) -> Result<void> {
            for (const Settled &settled : all) {
                if (const auto done = store(tx, settled); !done)
                    return done;
            }
            return isLook ? caughtup::forgetLost(tx, inbox) : Result<void>();
        },
        {});
}

} // namespace antiphon
