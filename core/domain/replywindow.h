#pragma once

#include "core/base/clock.h"

#include <QString>

namespace antiphon {

/// How long a platform lets the business answer after the customer's last message.
struct ReplyRule {
    QString name{};                        ///< "tiktok_48h", "whatsapp_24h", …
    std::chrono::hours length{0};
};

/// The state of a conversation's reply window at one moment.
struct ReplyWindow {
    QString rule{};
    bool isOpen = false;
    std::optional<Timestamp> closesAt{};   ///< none where it never opened
};

/// Open exactly while now < last incoming message (the platform's time) + length. Echoes, notes and our own messages never extend it.
/// @param lastIncomingAt the platform's time of the customer's newest message; nothing where they have not written yet.
ReplyWindow replyWindow(const ReplyRule &rule, std::optional<Timestamp> lastIncomingAt, Timestamp now);

} // namespace antiphon
