#include "core/outbox/backoff.h"

namespace antiphon {

std::optional<Milliseconds> pauseBefore(const RetrySchedule &schedule, int tries, RandomSource &random)
{
    if (schedule.pauses.isEmpty() || (tries >= schedule.pauses.size() && !schedule.goesOn))
        return std::nullopt;
    const Milliseconds pause = schedule.pauses.at(qMin(qsizetype(tries), schedule.pauses.size() - 1));
    if (!schedule.jitters)
        return pause;
    const QByteArray dice = random.bytes(2);
    const qint64 share = quint8(dice.at(0)) << 8 | quint8(dice.at(1));
    return Milliseconds(pause.count() * share / 0xffff);
}

} // namespace antiphon
