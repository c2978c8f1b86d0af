#include "core/intake/capability.h"

#include "core/store/jobrepository.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {
constexpr std::chrono::hours kGood{24};
}

Result<void> renewCapability(WriteTransaction &tx, const conversations::ConversationRow &row)
{
    for (auto it = row.attributes.begin(); it != row.attributes.end(); ++it) {
        if (!it.key().endsWith("_capabilities"_L1))
            continue;
        const auto checkedAt = fromRfc3339(it.value().toObject().value("checked_at"_L1).toString());
        if (!checkedAt || tx.now() - *checkedAt < kGood)
            continue;
        const auto queued = jobs::enqueue(tx, {.kind = u"capability"_s,
                                               .inboxId = row.inboxId,
                                               .entity = u"conversation"_s,
                                               .entityId = row.id.value(),
                                               .nextAt = tx.now()});
        if (!queued)
            return queued.error();
    }
    return {};
}

} // namespace antiphon
