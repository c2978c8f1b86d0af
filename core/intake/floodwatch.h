#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"

#include <QHash>

#include <deque>

namespace antiphon {

/// Tells a customer who writes more than a person can read. What comes is stored all the same; only who is told of it should be left in peace.
/// Of the Writer's thread alone.
class FloodWatch {
public:
    static constexpr int kMessages = 60;                       ///< more than this …
    static constexpr Milliseconds kWithin{60'000};             ///< … in this time is a flood

    /// A message of this conversation that came in then is stored for good.
    void note(ConversationId conversation, Timestamp at);
    /// Whether one more that came in at this time belongs to a flood.
    bool isFlood(ConversationId conversation, Timestamp at) const;

    qsizetype size() const { return m_times.size(); }          ///< conversations it remembers

private:
    void forgetQuiet(Timestamp at);

    QHash<ConversationId, std::deque<Timestamp>> m_times;      ///< the newest kMessages of each
    Timestamp m_forgotten{};
};

} // namespace antiphon
