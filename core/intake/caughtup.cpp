#include "core/intake/caughtup.h"

#include "core/base/json.h"
#include "core/intake/rawheaders.h"
#include "core/store/cursorrepository.h"
#include "core/store/gaprepository.h"

namespace antiphon::caughtup {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kLostToday = "lost_today"_L1;
constexpr int kTellFrom = 3;

struct LostToday {
    QString day{};
    int count = 0;
};

Result<LostToday> lostToday(ReadTransaction &tx, InboxId inbox)
{
    const auto stored = cursors::value(tx, kLostToday, inbox);
    if (!stored)
        return stored.error();
    const QString text = stored->value_or(QString());
    return LostToday{.day = text.section(u' ', 0, 0), .count = text.section(u' ', 1).toInt()};
}

Result<QString> noticeOf(ReadTransaction &tx, InboxId inbox)
{
    const auto row = inboxes::find(tx, inbox);
    if (!row)
        return row.error();
    return *row ? (*row)->inbox.settings.value("notice"_L1).toObject().value("kind"_L1).toString() : QString();
}

Result<void> countLost(WriteTransaction &tx, InboxId inbox)
{
    if (const auto done = deliveries::count(tx, inbox, u"lost_found_by_poll"_s); !done)
        return done;
    const auto before = lostToday(tx, inbox);
    if (!before)
        return before.error();
    const QString day = toRfc3339(tx.now()).left(10);
    const int count = before->day == day ? before->count + 1 : 1;
    if (const auto done = cursors::store(tx, kLostToday, u"%1 %2"_s.arg(day).arg(count), inbox); !done)
        return done;
    if (count < kTellFrom)
        return {};
    const auto notice = noticeOf(tx, inbox);
    if (!notice)
        return notice.error();
    return notice->isEmpty() ? inboxes::setNotice(tx, inbox, kWebhooksLost) : Result<void>();     // another word goes first
}

} // namespace

QJsonObject gapMark(GapId gap)
{
    return {{u"gap"_s, gap.toString()}};
}

QJsonObject lostMark(bool isLive)
{
    return isLive ? QJsonObject{{u"lost"_s, true}, {u"live"_s, true}} : QJsonObject{{u"lost"_s, true}};
}

Result<void> noteStored(const inbound::Context &context)
{
    const QJsonObject mark = context.event.payload.value(kCaughtUpKey).toObject();
    if (mark.value("lost"_L1).toBool())
        return countLost(context.tx, context.inboxId());
    const auto gap = json::id<GapId>(mark, "gap"_L1);
    return gap && *gap ? gaps::countRecovered(context.tx, *gap) : Result<void>();
}

Result<void> forgetLost(WriteTransaction &tx, InboxId inbox)
{
    const auto notice = noticeOf(tx, inbox);
    if (!notice)
        return notice.error();
    if (*notice != kWebhooksLost)
        return {};
    const auto last = lostToday(tx, inbox);
    if (!last)
        return last.error();
    const QString yesterday = toRfc3339(tx.now() - std::chrono::hours(24)).left(10);
    return last->day < yesterday ? inboxes::setNotice(tx, inbox, {}) : Result<void>();
}

} // namespace antiphon::caughtup
