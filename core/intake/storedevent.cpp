#include "core/intake/storedevent.h"

#include "core/intake/rawheaders.h"

namespace antiphon {

SplitEvent splitEventOf(const events::Event &event, const Inbox &inbox)
{
    SplitEvent split{.inbox = inbox.id,
                     .account = inbox.externalId,
                     .lane = event.lane,
                     .dedupeKey = event.dedupeKey,
                     .kind = event.kind,
                     .target = event.target,
                     .platformAt = event.platformAt,
                     .payload = event.payload,
                     .inboxSettings = inbox.settings};
    split.payload.remove(kCaughtUpKey);
    return split;
}

} // namespace antiphon
