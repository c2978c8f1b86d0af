#include "ui/diagnosis/diagnosistext.h"

#include "ui/models/relativetime.h"

#include <QCoreApplication>
#include <QLocale>

namespace antiphon::diagnosis {
using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::Diagnosis)
};

constexpr auto kTokenSoon = std::chrono::hours(7 * 24);
constexpr auto kWaitsLong = std::chrono::seconds(60);
constexpr auto kClockWrong = std::chrono::seconds(60);
constexpr qint64 kDiskLow = 1024LL * 1024 * 1024;

/// A name inside a sentence takes its own direction and doesn't turn the rest.
QString isolated(const QString &name)
{
    return QChar(0x2068) + name + QChar(0x2069);
}

} // namespace

Finding stateOf(const Inbox &inbox, const DeskHealth::OfInbox *health, Timestamp now)
{
    if (inbox.state == Inbox::State::Disabled)
        return {Tone::Quiet, "pause"_L1, Words::tr("Switched off")};
    if (inbox.state == Inbox::State::ReauthorizationRequired)
        return {Tone::Danger, "alert-circle"_L1, Words::tr("Must be reconnected")};
    if (!health)
        return {Tone::Quiet, "clock"_L1, Words::tr("Not known yet")};
    if (health->dead > 0)
        return {Tone::Danger, "alert-circle"_L1, Words::tr("%n not processed", nullptr, int(health->dead))};
    if (health->oldestPending && *health->oldestPending > kWaitsLong)
        return {Tone::Warn, "alert"_L1, Words::tr("Behind by %1").arg(durationText(*health->oldestPending))};
    if (health->quietSince)
        return {Tone::Warn, "alert"_L1, Words::tr("Quiet for %1").arg(durationText(now - *health->quietSince))};
    if (health->tokenExpiresAt && *health->tokenExpiresAt - now < kTokenSoon)
        return {Tone::Warn, "alert"_L1, Words::tr("Access ends soon")};
    if (!health->lastEventAt)
        return {Tone::Quiet, "clock"_L1, Words::tr("Nothing received yet")};
    return {Tone::Ok, "ok-circle"_L1, Words::tr("Receiving")};
}

Finding mostUrgent(const QList<Inbox> &inboxes, const DeskHealth &health, const std::optional<DeskTunnel> &tunnel, qint64 dead, Timestamp now)
{
    if (!health.store.isWritable)
        return {Tone::Danger, "database"_L1, Words::tr("Messages can't be stored. Platforms are asked to deliver them again.")};
    for (const Inbox &inbox : inboxes) {
        if (inbox.state == Inbox::State::ReauthorizationRequired)
            return {Tone::Danger, "alert-circle"_L1, Words::tr("%1 receives nothing: it must be reconnected.").arg(isolated(inbox.name))};
    }
    if (tunnel && tunnel->state == "down"_L1)
        return {Tone::Danger, "tunnel"_L1, Words::tr("The public address leads nowhere: platforms can't deliver.")};
    if (dead > 0)
        return {Tone::Danger, "alert-circle"_L1, Words::tr("%n incoming event(s) could not be processed and wait for a decision below.", nullptr, int(dead))};
    for (const Inbox &inbox : inboxes) {
        const DeskHealth::OfInbox *own = health.find(inbox.id);
        if (own && own->quietSince && own->usualPause)
            return {Tone::Warn, "alert"_L1,
                    Words::tr("%1 has been quiet for %2; usually something arrives every %3.")
                        .arg(isolated(inbox.name), durationText(now - *own->quietSince), durationText(*own->usualPause))};
    }
    if (health.clockOffset && std::chrono::abs(*health.clockOffset) > kClockWrong)
        return {Tone::Warn, "clock"_L1, Words::tr("The server's clock is wrong by %1.").arg(durationText(std::chrono::abs(*health.clockOffset)))};
    if (health.diskFree && *health.diskFree < kDiskLow)
        return {Tone::Warn, "database"_L1, Words::tr("The server's disk is nearly full: %1 are free.").arg(QLocale().formattedDataSize(*health.diskFree))};
    for (const Inbox &inbox : inboxes) {
        const Finding own = stateOf(inbox, health.find(inbox.id), now);
        if (own.tone == Tone::Warn)
            return {Tone::Warn, own.icon, isolated(inbox.name) + u": "_s + own.text};
    }
    if (inboxes.isEmpty())
        return {Tone::Info, "inbox"_L1, Words::tr("No inbox is connected yet.")};
    return {Tone::Ok, "ok-circle"_L1, Words::tr("All is well: every inbox receives, nothing waits, and nothing was lost.")};
}

QString usually(const DeskHealth::OfInbox &health)
{
    return health.usualPause ? Words::tr("every %1").arg(durationText(*health.usualPause)) : Words::tr("not known yet");
}

QString tokenLife(const DeskHealth::OfInbox &health, Timestamp now)
{
    if (!health.tokenExpiresAt)
        return Words::tr("No end date");
    if (*health.tokenExpiresAt <= now)
        return Words::tr("Over");
    const auto left = *health.tokenExpiresAt - now;
    const auto days = int(std::chrono::duration_cast<std::chrono::hours>(left).count() / 24);
    return days >= 2 ? Words::tr("%n days left", nullptr, days) : Words::tr("%1 left").arg(durationText(left));
}

QString tunnelState(const DeskTunnel &tunnel)
{
    if (tunnel.state == "up"_L1)
        return tunnel.provedAt ? Words::tr("Proved at %1").arg(clockTime(*tunnel.provedAt)) : Words::tr("Up");
    if (tunnel.state == "starting"_L1)
        return Words::tr("Starting …");
    if (tunnel.state == "down"_L1)
        return Words::tr("Leads nowhere");
    return Words::tr("None, messages are fetched");
}

QString milliseconds(double ms)
{
    return Words::tr("%1 ms").arg(QLocale().toString(ms, 'f', ms < 100 ? 1 : 0));
}

QString gapCause(Gap::Cause cause)
{
    switch (cause) {
    case Gap::Cause::Stopped: return Words::tr("Antiphon was not running");
    case Gap::Cause::Crashed: return Words::tr("Antiphon ended unexpectedly");
    case Gap::Cause::Sleep: return Words::tr("The computer slept");
    case Gap::Cause::Network: return Words::tr("No network");
    case Gap::Cause::Tunnel: return Words::tr("The public address led nowhere");
    case Gap::Cause::Locked: return Words::tr("The keychain was locked");
    case Gap::Cause::Restored: return Words::tr("Put back from a copy");
    case Gap::Cause::Manual: return Words::tr("Asked for");
    }
    Q_UNREACHABLE();
}

QString gapState(const Gap &gap)
{
    const int fetched = int(gap.recovered);
    switch (gap.state) {
    case Gap::State::Open: return gap.to ? Words::tr("Catching up …") : Words::tr("Still away");
    case Gap::State::Recovered: return fetched > 0 ? Words::tr("%n fetched, complete", nullptr, fetched) : Words::tr("Nothing was missed");
    case Gap::State::Partial: return Words::tr("%n fetched, may be incomplete", nullptr, fetched);
    case Gap::State::Unrecoverable: return Words::tr("Can't be fetched");
    }
    Q_UNREACHABLE();
}

QString gapReasons(const Gap &gap)
{
    QStringList sentences;
    for (const Gap::Reason &reason : gap.reasons) {
        using Code = Gap::Reason::Code;
        switch (reason.code) {
        case Code::NewestOnly:
            sentences.append(Words::tr("Only the %1 newest messages of a conversation can be fetched; older ones may be missing in %n conversation(s).", nullptr,
                                       reason.count)
                                 .arg(reason.limit));
            break;
        case Code::ThreadsCapped: sentences.append(Words::tr("The platform lists %1 conversations; further ones may be missing.").arg(reason.limit)); break;
        case Code::Retention: sentences.append(Words::tr("The platform keeps messages for %n days.", nullptr, reason.limit)); break;
        case Code::UnreadableThreads: sentences.append(Words::tr("%n conversation(s) could not be read.", nullptr, reason.count)); break;
        case Code::WaitingForRedelivery: sentences.append(Words::tr("The platform has no history and delivers again by itself.")); break;
        case Code::RedeliveryOver: sentences.append(Words::tr("The platform had its time to deliver again; something may be missing.")); break;
        case Code::NoHistory: sentences.append(Words::tr("The platform has no history.")); break;
        case Code::NeedsOwner: sentences.append(Words::tr("Waits until the inbox is reconnected.")); break;
        case Code::Unreachable: sentences.append(Words::tr("The platform can't be reached; it will be tried again.")); break;
        case Code::Refused: sentences.append(Words::tr("The platform refuses its lists.")); break;
        }
    }
    return sentences.join(u' ');
}

QString gapTimes(const Gap &gap, Timestamp now)
{
    const QString from = localDay(gap.from) == localDay(now) ? clockTime(gap.from) : listTime(gap.from, now) + u' ' + clockTime(gap.from);
    return gap.to ? Words::tr("%1 to %2").arg(from, clockTime(*gap.to)) : Words::tr("since %1").arg(from);
}

QString letterKind(const QString &kind)
{
    if (kind == "delivery"_L1)
        return Words::tr("Whole delivery");
    if (kind == "message"_L1)
        return Words::tr("Message");
    if (kind == "echo"_L1)
        return Words::tr("Message from the platform's app");
    if (kind == "reaction"_L1)
        return Words::tr("Reaction");
    if (kind == "read"_L1)
        return Words::tr("Read receipt");
    if (kind == "referral"_L1)
        return Words::tr("Referral");
    return kind;
}

QString refusalReason(const QString &reason)
{
    if (reason == "signature"_L1)
        return Words::tr("The signature is wrong");
    if (reason == "no application is entered"_L1)
        return Words::tr("No application is entered for this platform");
    return reason;
}

} // namespace antiphon::diagnosis
