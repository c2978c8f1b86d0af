#include "core/intake/templatesync.h"

#include "core/store/cursorrepository.h"
#include "core/store/inboxrepository.h"
#include "core/store/jobrepository.h"

namespace antiphon::templatesync {
namespace {
using namespace Qt::StringLiterals;

const QString &kAsked()
{
    static const QString name = u"templates.asked"_s;
    return name;
}

const QString &kSynced()
{
    static const QString name = u"templates.synced"_s;
    return name;
}

const QString &kFailed()
{
    static const QString name = u"templates.failed"_s;
    return name;
}

Result<std::optional<Timestamp>> timeOf(ReadTransaction &tx, const QString &scope, InboxId inbox)
{
    const auto value = cursors::value(tx, scope, inbox);
    if (!value)
        return value.error();
    return *value ? fromRfc3339(**value) : std::nullopt;
}

} // namespace

Result<State> state(ReadTransaction &tx, InboxId inbox)
{
    State state;
    const auto synced = timeOf(tx, kSynced(), inbox);
    if (!synced)
        return synced.error();
    state.syncedAt = *synced;
    const auto failure = cursors::value(tx, kFailed(), inbox);
    if (!failure)
        return failure.error();
    const auto job = jobs::waiting(tx, u"templates"_s, u"inbox"_s, inbox.value());
    if (!job)
        return job.error();
    if (*job)
        state.error = (*job)->attempts > 0 ? (*job)->errorText : QString();
    else
        state.error = failure->value_or(QString());
    if (*job && state.error.isEmpty())
        state.sync = u"running"_s;
    else if (*job || *failure)
        state.sync = u"failed"_s;
    else
        state.sync = *synced ? u"done"_s : u"never"_s;
    return state;
}

Result<void> request(WriteTransaction &tx, InboxId inbox)
{
    if (const auto done = cursors::store(tx, kAsked(), toRfc3339(tx.now()), inbox); !done)      // before the call: one that fails is not asked all the time
        return done;
    const auto queued = jobs::enqueue(tx, {.kind = u"templates"_s, .inboxId = inbox, .entity = u"inbox"_s, .entityId = inbox.value(), .nextAt = tx.now()});
    if (!queued)
        return queued.error();
    return *queued ? Result<void>() : jobs::hurry(tx, u"templates"_s, u"inbox"_s, inbox.value());
}

Result<bool> requestDue(WriteTransaction &tx, const ChannelRegistry &channels)
{
    const auto rows = inboxes::list(tx);
    if (!rows)
        return rows.error();
    bool isQueued = false;
    for (const inboxes::InboxRow &row : *rows) {
        const ChannelAdapter *adapter = channels.adapter(row.inbox.channel);
        if (!adapter || !adapter->limits(row.inbox.settings).hasTemplates || row.inbox.state != Inbox::State::Active)
            continue;
        const auto asked = timeOf(tx, kAsked(), row.inbox.id);
        if (!asked)
            return asked.error();
        if (*asked && tx.now() - **asked < kEvery && tx.now() >= **asked)
            continue;
        if (const auto done = request(tx, row.inbox.id); !done)
            return done.error();
        isQueued = true;
    }
    return isQueued;
}

Result<void> noteSynced(WriteTransaction &tx, InboxId inbox)
{
    if (const auto done = cursors::remove(tx, kFailed(), inbox); !done)
        return done;
    return cursors::store(tx, kSynced(), toRfc3339(tx.now()), inbox);
}

Result<void> noteFailed(WriteTransaction &tx, InboxId inbox, const QString &why)
{
    return cursors::store(tx, kFailed(), why, inbox);
}

} // namespace antiphon::templatesync
