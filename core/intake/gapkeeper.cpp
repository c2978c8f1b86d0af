#include "core/intake/gapkeeper.h"

#include "core/base/json.h"
#include "core/base/logging.h"
#include "core/store/cursorrepository.h"
#include "core/store/gaprepository.h"
#include "core/store/inboxrepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kAliveAt = "alive_at"_L1;
constexpr auto kAliveUntil = "alive_until"_L1;

Result<void> storeTime(WriteTransaction &tx, QLatin1StringView scope, Timestamp at)
{
    return cursors::store(tx, scope, QString::number(toUnixMs(at)));
}

/// When a process was known to be there last; nothing before the first start.
Result<std::optional<Timestamp>> lastAlive(ReadTransaction &tx)
{
    std::optional<Timestamp> last;
    for (const QLatin1StringView scope : {kAliveAt, kAliveUntil}) {
        const auto value = cursors::value(tx, scope);
        if (!value)
            return value.error();
        if (*value) {
            const Timestamp at = fromUnixMs((*value)->toLongLong());
            last = last ? std::max(*last, at) : at;
        }
    }
    return last;
}

/// One row an inbox that was there already, but for those in `except`.
Result<int> insertForAll(WriteTransaction &tx, Timestamp from, std::optional<Timestamp> to, Gap::Cause cause, const QList<InboxId> &except)
{
    const auto rows = inboxes::list(tx);
    if (!rows)
        return rows.error();
    int made = 0;
    for (const inboxes::InboxRow &row : *rows) {
        const Inbox &inbox = row.inbox;
        const Timestamp since = std::max(from, inbox.createdAt);
        if (cause == Gap::Cause::Tunnel && inbox.delivery == Inbox::Delivery::Poll)          // it doesn't come that way
            continue;
        if (inbox.state == Inbox::State::Disabled || except.contains(inbox.id) || (to && *to - since < GapKeeper::kShortest))
            continue;
        const auto id = gaps::insert(tx, {.inboxId = inbox.id, .from = since, .to = to, .cause = cause});
        if (!id)
            return id.error();
        ++made;
    }
    return made;
}

Result<void> start(WriteTransaction &tx, Gap::Cause cause)
{
    const auto last = lastAlive(tx);
    if (!last)
        return last.error();
    const auto lasting = gaps::lasting(tx);
    if (!lasting)
        return lasting.error();
    QList<InboxId> covered;
    for (const Gap &gap : *lasting) {
        if (const auto done = gaps::end(tx, gap.id, tx.now()); !done)
            return done;
        covered.append(gap.inboxId);
    }
    if (*last && tx.now() - **last >= GapKeeper::kShortest) {
        const auto made = insertForAll(tx, **last, tx.now(), cause, covered);
        if (!made)
            return made.error();
    }
    return storeTime(tx, kAliveAt, tx.now());
}

Result<void> openFor(WriteTransaction &tx, InboxId inbox, Timestamp from, Gap::Cause cause)
{
    const auto lasting = gaps::lasting(tx, cause);
    if (!lasting)
        return lasting.error();
    QList<InboxId> covered;
    for (const Gap &gap : *lasting)
        covered.append(gap.inboxId);
    if (!inbox) {
        const auto made = insertForAll(tx, from, std::nullopt, cause, covered);
        return made ? Result<void>() : Result<void>(made.error());
    }
    if (covered.contains(inbox))
        return {};
    const auto id = gaps::insert(tx, {.inboxId = inbox, .from = from, .cause = cause});
    return id ? Result<void>() : Result<void>(id.error());
}

} // namespace

GapKeeper::GapKeeper(Writer &writer, std::function<void()> ended)
    : m_writer(writer)
    , m_ended(std::move(ended))
{
}

void GapKeeper::submit(const char *name, std::function<Result<void>(WriteTransaction &)> work)
{
    m_writer.submit(Writer::Priority::Background, name, std::move(work), [name](const Result<void> &stored) {
        if (!stored)
            qCWarning(lcIntake) << name << "is not written down:" << describe(stored.error());
    });
}

void GapKeeper::noteStart(Gap::Cause cause)
{
    submit("gap of the stop", [cause, ended = m_ended](WriteTransaction &tx) -> Result<void> {
        tx.afterCommit(ended);
        return start(tx, cause);
    });
}

void GapKeeper::noteAlive()
{
    submit("alive", [](WriteTransaction &tx) { return storeTime(tx, kAliveAt, tx.now()); });
}

void GapKeeper::noteStop()
{
    submit("alive until", [](WriteTransaction &tx) { return storeTime(tx, kAliveUntil, tx.now()); });
}

void GapKeeper::noteAway(Timestamp from, Timestamp to, Gap::Cause cause)
{
    if (to - from < kShortest)
        return;
    qCInfo(lcIntake).noquote() << "nobody was here from" << toRfc3339(from) << "to" << toRfc3339(to) << gapCauseName(cause);
    submit("gap", [from, to, cause, ended = m_ended](WriteTransaction &tx) -> Result<void> {
        tx.afterCommit(ended);
        const auto made = insertForAll(tx, from, to, cause, {});
        return made ? Result<void>() : Result<void>(made.error());
    });
}

void GapKeeper::open(InboxId inbox, Timestamp from, Gap::Cause cause)
{
    submit("open gap", [inbox, from, cause](WriteTransaction &tx) { return openFor(tx, inbox, from, cause); });
}

void GapKeeper::close(InboxId inbox, Gap::Cause cause)
{
    submit("close gap", [inbox, cause, ended = m_ended](WriteTransaction &tx) -> Result<void> {
        const auto lasting = gaps::lasting(tx, cause);
        if (!lasting)
            return lasting.error();
        for (const Gap &gap : *lasting) {
            if (inbox && gap.inboxId != inbox)
                continue;
            if (const auto done = gaps::end(tx, gap.id, tx.now()); !done)
                return done;
        }
        tx.afterCommit(ended);
        return {};
    });
}

} // namespace antiphon
