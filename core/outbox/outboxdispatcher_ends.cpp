// How a send ended, and what follows: what of it is stored, and when it is tried again.

#include "core/base/logging.h"
#include "core/channels/platformwords.h"
#include "core/outbox/backoff.h"
#include "core/outbox/outboxdispatcher.h"
#include "core/store/outboxrepeats.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds kDeliveredAfter = std::chrono::seconds(60);
/// While an inbox's new state is on its way to the disk, its lanes are left alone.
constexpr Milliseconds kOwnerPause = std::chrono::seconds(2);

/// Of a message that goes out in several calls: which of them it was, {number, count, name}; else empty.
QJsonObject whichPart(const SendRun &run, const SendRun::End &end)
{
    const QList<OutboundPart> &parts = run.parts();
    if (parts.size() < 2)
        return {};
    const auto part = std::find_if(parts.begin(), parts.end(), [&end](const OutboundPart &one) { return one.index == end.attempt.part; });
    const QString name = part != parts.end() && !part->message.attachments.isEmpty() ? part->message.attachments.constFirst().name : QString();
    return {{u"number"_s, end.attempt.part + 1}, {u"count"_s, parts.size()}, {u"name"_s, name}};
}

} // namespace

void OutboxDispatcher::ended(SendRun *run, const SendRun::End &end)
{
    if (!end.receipt)
        return failed(run, end);
    m_rateHits.remove(run->outgoing().row.inboxId);
    const outbox::Row row = run->outgoing().row;
    if (!end.isLast) {
        commit("send, part done", [row, attempt = end.attempt](WriteTransaction &tx) { return outbox::partSent(tx, row, attempt); },
               [this, run](bool isOurs) { isOurs ? nextPart(run) : over(run); });
        return;
    }
    const ChannelLimits limits = m_with.channels.adapter(run->outgoing().channel)->limits(run->outgoing().message.inboxSettings);
    const bool tellsDelivered = limits.reportsDelivered || !limits.hasDelivered;
    const auto work = [row, attempt = end.attempt, tellsDelivered](WriteTransaction &tx) {
        return outbox::finishSent(tx, row, attempt, tellsDelivered ? std::nullopt : std::optional(tx.now() + kDeliveredAfter));
    };
    commit("send done", work, [this, run](bool) {
        if (m_with.sent)
            m_with.sent(run->outgoing().row.inboxId);
        over(run);
    });
}

/// The customer's thread has its rate between the calls of one message, too.
void OutboxDispatcher::nextPart(SendRun *run)
{
    run->beginPart(m_with.clock.now());
    RateBucket *thread = threadBucket(run->outgoing());
    const Milliseconds wait = thread ? thread->wait(m_with.clock.steady()) : Milliseconds(0);
    if (wait.count() <= 0)
        return run->start();
    QTimer::singleShot(wait, run, [run] { run->start(); });
}

void OutboxDispatcher::failed(SendRun *run, const SendRun::End &end)
{
    qCInfo(lcOutbox).noquote() << "send of message" << run->outgoing().row.messageId.value() << describe(end.error);
    switch (end.verdict) {
    case SendVerdict::Refused: return refuse(run, end, false);
    case SendVerdict::SameAgain: return repeatLater(run, end);
    case SendVerdict::NotTaken:
    case SendVerdict::PartyLimited:
    case SendVerdict::RateLimited: return run->mayHaveArrived() ? repeatLater(run, end) : retryLater(run, end);
    case SendVerdict::TokenRejected:
    case SendVerdict::Unauthorized: return waitForOwner(run, end);
    case SendVerdict::OutcomeUnknown: return loseAnswer(run, end);
    }
    Q_UNREACHABLE();
}

void OutboxDispatcher::refuse(SendRun *run, const SendRun::End &end, bool isRetryable)
{
    const ExternalError error{.code = end.error.code.isEmpty() ? errorKindName(end.error.kind) : end.error.code,
                              .text = fromDetail(end.error.detail).text,
                              .retryable = isRetryable};
    const QJsonObject learned = m_with.channels.adapter(run->outgoing().channel)->attributesAfter(end.error);
    outbox::Attempt attempt = end.attempt;
    attempt.failedPart = whichPart(*run, end);
    const auto work = [row = run->outgoing().row, attempt, error, learned](WriteTransaction &tx) {
        return outbox::finishFailed(tx, row, attempt, error, learned);
    };
    commit("send refused", work, [this, run](bool) { over(run); });
}

void OutboxDispatcher::retryLater(SendRun *run, const SendRun::End &end)
{
    const outbox::Row row = run->outgoing().row;
    const bool isRate = end.verdict == SendVerdict::RateLimited;
    const int tries = isRate ? m_rateHits.value(row.inboxId) : row.attempts;
    const RetrySchedule schedule = m_with.channels.adapter(run->outgoing().channel)->retrySchedule(end.error);
    auto pause = pauseBefore(schedule, tries, m_with.random);
    if (end.error.retryAfter)
        pause = *end.error.retryAfter;
    if (!pause && end.hadCredentials)
        return refuse(run, end, true);
    const bool isTold = end.verdict == SendVerdict::PartyLimited && end.error.retryAfter;
    const Timestamp nextAt = m_with.clock.now() + pause.value_or(schedule.pauses.constLast());
    if (isRate) {
        ++m_rateHits[row.inboxId];
        m_pauses.insert(row.inboxId, nextAt);
    }
    const auto work = [row, attempt = end.attempt, nextAt, kind = errorKindName(end.error.kind), counts = !isRate && !isTold && end.hadCredentials](WriteTransaction &tx) {
        return outbox::requeue(tx, row, attempt, nextAt, kind, counts);
    };
    commit("send again later", work, [this, run](bool) { over(run); });
}

/// The same call with the same key, where there is time for it before the agent must be told.
void OutboxDispatcher::repeatLater(SendRun *run, const SendRun::End &end)
{
    const ChannelAdapter *adapter = m_with.channels.adapter(run->outgoing().channel);
    const bool knowsKeys = adapter->limits(run->outgoing().message.inboxSettings).sameKeyFor.count() > 0;
    auto pause = end.hadCredentials && knowsKeys ? pauseBefore(adapter->retrySchedule(end.error), run->repeats(), m_with.random) : std::nullopt;
    if (pause && end.error.retryAfter)
        pause = *end.error.retryAfter;
    if (!pause || m_with.clock.now() + *pause + kRequestTime > run->firstRequestAt() + kSettleTime)
        return loseAnswer(run, end);
    commit("send repeats later", [row = run->outgoing().row, attempt = end.attempt](WriteTransaction &tx) { return outbox::awaitRepeat(tx, row, attempt); },
           [this, run, pause = *pause](bool isOurs) {
               if (!isOurs)
                   return over(run);
               --m_underWay;                         // others may leave meanwhile
               m_repeats.append({.run = run, .at = m_with.clock.steady() + pause});
               QTimer::singleShot(pause, this, &OutboxDispatcher::repeatDue);
               look(true);
           });
}

void OutboxDispatcher::repeatDue()
{
    for (qsizetype i = 0; i < m_repeats.size() && m_isRunning;) {
        if (m_with.clock.steady() < m_repeats.at(i).at) {
            ++i;
            continue;
        }
        const Repeat due = m_repeats.takeAt(i);
        ++m_underWay;
        const outbox::Row row = due.run ? due.run->outgoing().row : due.outgoing.row;
        commit("send repeats", [row](WriteTransaction &tx) { return outbox::beginRepeat(tx, row); }, [this, due](bool isOurs) {
            if (!isOurs)
                return over(due.run);
            due.run ? due.run->repeat() : sendWithFiles(due.outgoing);
        });
    }
}

void OutboxDispatcher::waitForOwner(SendRun *run, const SendRun::End &end)
{
    const outbox::Row row = run->outgoing().row;
    m_pauses.insert(row.inboxId, m_with.clock.now() + kOwnerPause);
    if (run->mayHaveArrived())
        return loseAnswer(run, end);                 // as queued it could be taken back, or grow too old: as if it had never left
    commit("send waits for its owner",
           [row, attempt = end.attempt](WriteTransaction &tx) { return outbox::requeue(tx, row, attempt, tx.now(), u"unauthorized"_s, false); },
           [this, run](bool) { over(run); });
}

void OutboxDispatcher::loseAnswer(SendRun *run, const SendRun::End &end)
{
    Outgoing outgoing = run->outgoing();
    if (m_with.channels.adapter(outgoing.channel)->limits(outgoing.message.inboxSettings).sameKeyFor.count() > 0) {
        // Where keys are the platform's way of settling it, it has no other.
        return loseForGood(outgoing.row, end.attempt, run);
    }
    const Timestamp until = run->firstRequestAt() + kSettleTime;
    for (OutboundAttachment &file : outgoing.message.attachments)
        file.bytes.clear();
    commit("send lost its answer",
           [row = outgoing.row, attempt = end.attempt, until](WriteTransaction &tx) { return outbox::beginSettling(tx, row, attempt, until); },
           [this, run, outgoing, until](bool isOurs) {
               if (isOurs)
                   m_settler.add(outgoing, until);
               over(run);
           });
}

void OutboxDispatcher::loseForGood(const outbox::Row &row, const outbox::Attempt &attempt, SendRun *run)
{
    commit("send lost for good", [row, attempt](WriteTransaction &tx) { return outbox::loseForGood(tx, row, attempt); }, [this, run](bool) { over(run); });
}

void OutboxDispatcher::over(SendRun *run)
{
    --m_underWay;
    if (run)
        run->deleteLater();
    look(true);
}

} // namespace antiphon
