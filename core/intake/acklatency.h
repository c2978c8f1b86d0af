#pragma once

#include "core/base/clock.h"
#include "core/domain/channel.h"

#include <QHash>
#include <QList>

#include <array>

namespace antiphon {

/// How long platforms waited for our answer, a ring of the last 1,024 a channel. One thread.
class AckLatency {
public:
    struct Summary {
        Channel channel{};
        qint64 count = 0;                          ///< all, since the start
        std::chrono::microseconds p50{0};          ///< of the last 1,024
        std::chrono::microseconds p99{0};
        std::chrono::microseconds sum{0};          ///< of all
    };

    void add(Channel channel, std::chrono::microseconds waited);
    QList<Summary> summaries() const;              ///< channels with at least one answer, in their order

private:
    struct Ring {
        std::array<std::chrono::microseconds, 1024> last{};
        qint64 count = 0;
        std::chrono::microseconds sum{0};
    };
    QHash<Channel, Ring> m_rings;
};

} // namespace antiphon
