#pragma once

#include "core/base/clock.h"

#include <QDate>
#include <QString>

namespace antiphon {

/// Local time of day, short: "09:37".
QString clockTime(Timestamp time);

/// Local day and time, long, for tooltips.
QString fullTime(Timestamp time);

/// For a list: the time today, "Yesterday", the weekday within six days, "8 Sept" this year, else the date with its year.
QString listTime(Timestamp time, Timestamp now);

/// For a day's separator: "Today", "Yesterday", else "Saturday, 15 November" (with the year where it is another).
QString dayHeading(QDate day, QDate today);

/// The local calendar day of a time.
QDate localDay(Timestamp time);

/// "1 h 42 min", "12 min", "45 s" (only under a minute); negative counts as 0.
QString durationText(Milliseconds duration);

/// "0:07", "12:34", "1:02:03": of a sound or video; never mirrored.
QString playTime(qint64 milliseconds);

} // namespace antiphon
