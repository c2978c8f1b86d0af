#include "core/intake/inboundcontext.h"
#include "core/intake/storedevent.h"
#include "core/store/jobrepository.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

/// After that the platform has given up on it itself.
constexpr Milliseconds kWorthIt = std::chrono::minutes(1);

} // namespace

Result<void> wantAcknowledgement(const Context &context)
{
    const bool isFirstTry = context.event.state == events::State::Pending && context.event.attempts == 0;
    if (!isFirstTry || context.isCaughtUp() || context.tx.now() - context.event.receivedAt > kWorthIt)
        return {};
    if (!context.adapter.acknowledge(splitEventOf(context.event, context.inbox.inbox), {}, {}))
        return {};
    const auto queued = jobs::enqueue(context.tx, {.kind = u"acknowledge"_s,
                                                   .inboxId = context.inboxId(),
                                                   .entity = u"event"_s,
                                                   .entityId = context.event.id.value(),
                                                   .nextAt = context.tx.now()});
    if (!queued)
        return queued.error();
    if (context.hooks.jobsQueued)
        context.tx.afterCommit(context.hooks.jobsQueued);
    return {};
}

} // namespace antiphon::inbound
