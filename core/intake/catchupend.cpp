#include "core/base/logging.h"
#include "core/intake/catchuprun.h"
#include "core/intake/caughtup.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/gaprepository.h"
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
    bool isBrought = false;              ///< by webhooks: nobody has marked what came
    Timestamp begun{};
};

/// Webhooks may be here before the end of a gap is known.
constexpr Milliseconds kEndOverlap = std::chrono::minutes(1);
/// What came so late in that minute had waited.
constexpr Milliseconds kWaited = std::chrono::seconds(10);

/// What the platform brought by itself of a gap's time is counted and marked as if it had been fetched.
Result<void> markBrought(WriteTransaction &tx, const Settled &settled)
{
    const Timestamp until = settled.gap.to.value_or(tx.now());
    struct Brought {
        MessageId message{};
        ConversationId conversation{};
    };
    QList<Brought> all;
    {
        Query q = tx.query(u"SELECT m.id, m.conversation_id FROM conversation c CROSS JOIN message m ON m.conversation_id = c.id"
                           " WHERE c.inbox_id = :inbox AND c.last_activity_at >= :from AND m.created_at BETWEEN :from AND :until"
                           " AND NOT m.caught_up AND m.direction = 'incoming' AND m.received_at >= :begun"
                           " AND (m.received_at >= :until OR m.received_at >= m.created_at + :waited)"_s);
        q.bind(":inbox"_L1, settled.gap.inboxId)
            .bind(":from"_L1, settled.gap.from - CatchUpRun::kOverlap)
            .bind(":begun"_L1, settled.begun)
            .bind(":until"_L1, until)
            .bind(":waited"_L1, qint64(kWaited.count()));
        while (q.next())
            all.append({q.id<MessageId>(0), q.id<ConversationId>(1)});
        if (!q.ok())
            return q.error();
    }
    for (const Brought &one : std::as_const(all)) {
        Query q = tx.query(u"UPDATE message SET caught_up = TRUE WHERE id = :id"_s);
        q.bind(":id"_L1, one.message);
        if (const auto done = q.exec(); !done)
            return done;
        if (const auto done = gaps::countRecovered(tx, settled.gap.id); !done)
            return done;
        tx.changed(u"message.updated"_s, one.message.value(), settled.gap.inboxId);
        tx.changed(u"conversation.updated"_s, one.conversation.value(), settled.gap.inboxId);
    }
    return {};
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
    if (settled.isBrought) {
        if (const auto done = markBrought(tx, settled); !done)
            return done;
    }
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

void CatchUpRun::finish()
{
    QList<Settled> all;
    for (const Work &work : std::as_const(m_work)) {
        const Timestamp ended = work.gap.to.value_or(m_begun);
        Settled settled{.gap = work.gap,
                        .reasons = reasonsFor(work),
                        .isFeed = m_isFeed,
                        .isBrought = m_isBrought,
                        .begun = m_isBrought ? ended - kEndOverlap : m_isReadByOther ? ended : m_begun};
        settled.state = stateFor(work, settled.reasons);
        for (const QString &thread : work.touched)
            settled.threads.insert(thread, true);
        for (const QString &thread : work.doubtful)
            settled.threads.insert(thread, false);
        qCInfo(lcIntake).noquote() << "gap" << work.gap.id.value() << "of inbox" << m_order.inbox.value() << gapStateName(settled.state)
                                   << gapNote(settled.reasons);
        all.append(settled);
    }
    commit(
        "caught up",
        [all, inbox = m_order.inbox, isLook = isLook()](WriteTransaction &tx) -> Result<void> {
            for (const Settled &settled : all) {
                if (const auto done = store(tx, settled); !done)
                    return done;
            }
            return isLook ? caughtup::forgetLost(tx, inbox) : Result<void>();
        },
        {});
}

} // namespace antiphon
