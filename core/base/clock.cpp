#include "core/base/clock.h"

#include <QDateTime>

namespace antiphon {

QString toRfc3339(Timestamp time)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixMs(time), Qt::UTC).toString(Qt::ISODateWithMs);
}

std::optional<Timestamp> fromRfc3339(const QString &text)
{
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!time.isValid() || time.timeSpec() == Qt::LocalTime)
        return std::nullopt;
    return fromUnixMs(time.toMSecsSinceEpoch());
}

Timestamp SystemClock::now() const
{
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const
{
    return std::chrono::steady_clock::now();
}

} // namespace antiphon
