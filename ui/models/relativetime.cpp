#include "ui/models/relativetime.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::RelativeTime)
};

QDateTime local(Timestamp time)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixMs(time));
}

} // namespace

QString clockTime(Timestamp time)
{
    // "C" has seconds in its short form; every other locale says what its people write.
    const QLocale locale;
    const QTime clock = local(time).time();
    return locale.language() == QLocale::C ? clock.toString(u"HH:mm"_s) : locale.toString(clock, QLocale::ShortFormat);
}

QString fullTime(Timestamp time)
{
    return QLocale().toString(local(time), QLocale::LongFormat);
}

QDate localDay(Timestamp time)
{
    return local(time).date();
}

QString listTime(Timestamp time, Timestamp now)
{
    const QDate day = localDay(time);
    const QDate today = localDay(now);
    if (day == today || day > today)
        return clockTime(time);
    const qint64 ago = day.daysTo(today);
    if (ago == 1)
        return Words::tr("Yesterday");
    if (ago < 7)
        return QLocale().dayName(day.dayOfWeek(), QLocale::ShortFormat);
    if (day.year() == today.year())
        return QLocale().toString(day, Words::tr("d MMM"));
    return QLocale().toString(day, Words::tr("d MMM yyyy"));
}

QString dayHeading(QDate day, QDate today)
{
    if (day == today)
        return Words::tr("Today");
    if (day.daysTo(today) == 1)
        return Words::tr("Yesterday");
    return QLocale().toString(day, day.year() == today.year() ? Words::tr("dddd, d MMMM") : Words::tr("dddd, d MMMM yyyy"));
}

QString durationText(Milliseconds duration)
{
    using namespace std::chrono;
    const auto whole = std::max(duration_cast<seconds>(duration), seconds(0));
    if (whole < minutes(1))
        return Words::tr("%1 s").arg(whole.count());
    const auto minutesLeft = duration_cast<minutes>(whole);
    if (minutesLeft < hours(1))
        return Words::tr("%1 min").arg(minutesLeft.count());
    const auto hoursLeft = duration_cast<hours>(minutesLeft);
    const auto rest = minutesLeft - hoursLeft;
    if (rest.count() == 0)
        return Words::tr("%1 h").arg(hoursLeft.count());
    return Words::tr("%1 h %2 min").arg(hoursLeft.count()).arg(rest.count());
}

QString playTime(qint64 milliseconds)
{
    const qint64 seconds = std::max<qint64>(0, milliseconds) / 1000;
    const auto two = [](qint64 number) { return QString::number(number).rightJustified(2, QChar(u'0')); };
    if (seconds < 3600)
        return QString::number(seconds / 60) + QChar(u':') + two(seconds % 60);
    return QString::number(seconds / 3600) + QChar(u':') + two(seconds / 60 % 60) + QChar(u':') + two(seconds % 60);
}

} // namespace antiphon
