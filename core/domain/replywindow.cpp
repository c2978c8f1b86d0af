#include "core/domain/replywindow.h"

namespace antiphon {

ReplyWindow replyWindow(const ReplyRule &rule, std::optional<Timestamp> lastIncomingAt, Timestamp now)
{
    if (!lastIncomingAt)
        return {.rule = rule.name, .isOpen = false, .closesAt = std::nullopt};
    const Timestamp closesAt = *lastIncomingAt + rule.length;
    return {.rule = rule.name, .isOpen = now < closesAt, .closesAt = closesAt};
}

} // namespace antiphon
