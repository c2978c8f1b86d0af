#pragma once

#include "core/domain/channel.h"
#include "core/domain/replywindow.h"

#include <QString>

namespace antiphon {

/// How the reply window is told: none where the channel has none; Quiet, Amber under 2 h, Red under 15 min, Closing in the last 30 s, then Closed.
struct ReplyCountdown {
    enum class Level { None, Quiet, Amber, Red, Closing, Closed };

    Level level = Level::None;
    QString text{};                               ///< "Reply within 1 h 42 min", "Closing", "Closed since Sun 18:05"
    QString shortText{};                          ///< "1 h 42 min"
    std::optional<Milliseconds> nextChange{};     ///< after which the text is another one; none where it stays

    bool mayReply() const { return level != Level::Closed; }
};

/// Pure; the window is judged by `now` and `closesAt`, not by `isOpen`, so that it closes without an event.
ReplyCountdown replyCountdown(const std::optional<ReplyWindow> &window, Timestamp now);

/// Whether a list's card shows the clock: from 6 h down, and closed.
bool showsOnCard(const ReplyCountdown &countdown, const std::optional<ReplyWindow> &window, Timestamp now);

/// The banner of a closed window.
struct ClosedBanner {
    QString text{};
    QString policyUrl{};            ///< empty for none
    bool offersTemplate = false;
};

/// @param isWhatsapp true for WhatsApp and for Twilio's WhatsApp: templates are a way out there.
ClosedBanner closedBanner(Channel channel, bool isWhatsapp, const ReplyWindow &window);

} // namespace antiphon
