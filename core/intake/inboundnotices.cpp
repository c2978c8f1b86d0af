// What the platform tells of the account itself.

#include "core/base/json.h"
#include "core/intake/inboundcontext.h"
#include "core/store/jobrepository.h"
#include "core/store/templaterepository.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kNotice = "notice"_L1;

/// Words of the notice that are a status themselves; after the others only the list tells.
bool isStatus(const QString &event)
{
    static const QStringList kStatuses{u"APPROVED"_s, u"REJECTED"_s, u"PENDING"_s, u"PAUSED"_s, u"DISABLED"_s, u"IN_APPEAL"_s, u"PENDING_DELETION"_s,
                                       u"DELETED"_s, u"LIMIT_EXCEEDED"_s, u"ARCHIVED"_s, u"LOCKED"_s};
    return kStatuses.contains(event);
}

/// Who hands tokens out must know, too.
Result<void> setState(const Context &context, const Inbox &inbox, Inbox::State state, const QString &reason)
{
    if (const auto done = inboxes::setState(context.tx, inbox.id, state, reason); !done)
        return done;
    if (context.hooks.stateChanged)
        context.tx.afterCommit([hook = context.hooks.stateChanged, id = inbox.id, state] { hook(id, state); });
    return {};
}

/// It is over: what only the platform had taken away is given back.
Result<Outcome> takeBack(const Context &context, const QJsonObject &standing)
{
    if (!standing.value("by_platform"_L1).toBool())
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"nothing stood there"_s};
    Inbox inbox = context.inbox.inbox;
    inbox.settings.remove(kNotice);
    if (const auto done = inboxes::update(context.tx, inbox); !done)
        return done.error();
    const bool isWaiting = inbox.state == Inbox::State::ReauthorizationRequired && context.inbox.stateReason == standing.value("kind"_L1).toString();
    if (isWaiting) {
        if (const auto done = setState(context, inbox, Inbox::State::Active, {}); !done)
            return done.error();
    }
    return Outcome{};
}

} // namespace

Result<Outcome> applyNotice(const Context &context, const InboundNotice &notice)
{
    Inbox inbox = context.inbox.inbox;
    const QJsonObject standing = inbox.settings.value(kNotice).toObject();
    if (notice.kind.isEmpty())
        return takeBack(context, standing);
    const Timestamp at = context.event.platformAt.value_or(context.event.receivedAt);
    inbox.settings.insert(kNotice, QJsonObject{{u"kind"_s, notice.kind},
                                               {u"detail"_s, notice.detail.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(notice.detail)},
                                               {u"at"_s, toRfc3339(at)},
                                               {u"by_platform"_s, true}});
    if (const auto done = inboxes::update(context.tx, inbox); !done)
        return done.error();
    if (notice.needsOwner && inbox.state == Inbox::State::Active) {
        if (const auto done = setState(context, inbox, Inbox::State::ReauthorizationRequired, notice.kind); !done)
            return done.error();
    }
    return Outcome{};
}

Result<Outcome> applyTemplateChange(const Context &context, const InboundTemplateChange &change)
{
    if (isStatus(change.event)) {
        const auto changed = templates::setStatus(context.tx, context.inboxId(), change.name, change.language, change.event, change.reason);
        if (!changed)
            return changed.error();
    }
    const auto queued = jobs::enqueue(context.tx, {.kind = u"templates"_s,
                                                   .inboxId = context.inboxId(),
                                                   .entity = u"inbox"_s,
                                                   .entityId = context.inboxId().value(),
                                                   .nextAt = context.tx.now()});
    if (!queued)
        return queued.error();
    if (context.hooks.jobsQueued)
        context.tx.afterCommit(context.hooks.jobsQueued);
    return Outcome{};
}

} // namespace antiphon::inbound
