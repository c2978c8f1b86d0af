#include "ui/models/replycountdown.h"

#include "ui/models/relativetime.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr Milliseconds kAmberUnder = 2h;
constexpr Milliseconds kRedUnder = 15min;
constexpr Milliseconds kClosingUnder = 30s;
constexpr Milliseconds kCardFrom = 6h;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ReplyCountdown)
};

QString closedText(std::optional<Timestamp> closedAt, Timestamp now)
{
    if (!closedAt)
        return Words::tr("Closed until the customer writes");
    if (localDay(*closedAt) == localDay(now))
        return Words::tr("Closed since %1").arg(clockTime(*closedAt));
    if (now - *closedAt < 24h * 6)
        return Words::tr("Closed since %1 %2").arg(QLocale().dayName(localDay(*closedAt).dayOfWeek(), QLocale::ShortFormat), clockTime(*closedAt));
    return Words::tr("Closed since %1").arg(listTime(*closedAt, now));
}

} // namespace

ReplyCountdown replyCountdown(const std::optional<ReplyWindow> &window, Timestamp now)
{
    using Level = ReplyCountdown::Level;
    if (!window)
        return {};
    if (!window->closesAt || now >= *window->closesAt)
        return {.level = Level::Closed, .text = closedText(window->closesAt, now), .shortText = Words::tr("closed"), .nextChange = std::nullopt};
    const Milliseconds left = *window->closesAt - now;
    if (left <= kClosingUnder)
        return {.level = Level::Closing, .text = Words::tr("Closing"), .shortText = Words::tr("Closing"), .nextChange = left};
    const Level level = left < kRedUnder ? Level::Red : left < kAmberUnder ? Level::Amber : Level::Quiet;
    const QString rest = durationText(left);
    // The text counts whole minutes: it changes when the present one is used up, or at the last half minute.
    Milliseconds next = left % 60'000ms + 1ms;
    if (left < 60s)
        next = std::min(left % 1'000ms + 1ms, left - kClosingUnder);
    return {.level = level, .text = Words::tr("Reply within %1").arg(rest), .shortText = rest, .nextChange = std::max(next, 1ms)};
}

bool showsOnCard(const ReplyCountdown &countdown, const std::optional<ReplyWindow> &window, Timestamp now)
{
    switch (countdown.level) {
    case ReplyCountdown::Level::None: return false;
    case ReplyCountdown::Level::Quiet: return window && window->closesAt && *window->closesAt - now <= kCardFrom;
    case ReplyCountdown::Level::Amber:
    case ReplyCountdown::Level::Red:
    case ReplyCountdown::Level::Closing:
    case ReplyCountdown::Level::Closed: return true;
    }
    Q_UNREACHABLE();
}

ClosedBanner closedBanner(Channel channel, bool isWhatsapp, const ReplyWindow &window)
{
    if (!window.closesAt)
        return {.text = Words::tr("You can answer once the customer has written."), .policyUrl = {}, .offersTemplate = isWhatsapp};
    if (isWhatsapp) {
        return {.text = Words::tr("More than 24 hours have passed since the customer's last message. Only an approved template can be sent now."),
                .policyUrl = u"https://business.whatsapp.com/policy"_s,
                .offersTemplate = true};
    }
    switch (channel) {
    case Channel::Tiktok:
        return {.text = Words::tr("TikTok allows replies for 48 hours after the customer's last message. That time is over; you can reply again when they write."),
                .policyUrl = u"https://business-api.tiktok.com/portal/docs"_s};
    case Channel::Instagram:
    case Channel::Messenger: {
        const bool isWeek = window.rule.endsWith("_7d"_L1);
        return {.text = isWeek ? Words::tr("%1 allows replies for 7 days after the customer's last message. That time is over.").arg(channelTitle(channel))
                               : Words::tr("%1 allows replies for 24 hours after the customer's last message. That time is over.").arg(channelTitle(channel)),
                .policyUrl = u"https://developers.facebook.com/docs/messenger-platform/policy"_s};
    }
    case Channel::Telegram: return {.text = Words::tr("Telegram lets connected bots answer for 24 hours after the customer's last message. That time is over; the owner can still answer in the Telegram app.")};
    case Channel::Whatsapp:
    case Channel::Line:
    case Channel::Twilio: break;
    }
    return {.text = Words::tr("The time for replies is over; you can reply again when the customer writes.")};
}

} // namespace antiphon
