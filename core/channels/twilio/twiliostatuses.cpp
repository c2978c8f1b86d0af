#include "core/channels/twilio/twiliostatuses.h"

#include "core/base/json.h"
#include "core/channels/twilio/twilioerrors.h"

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestWord = 40;

/// What a word means here; a message that only waits at Twilio is still on its way out.
std::optional<StatusEvent> eventOf(const QString &word)
{
    if (word == "sent"_L1 || word == "partially_delivered"_L1)
        return StatusEvent::Accepted;
    if (word == "delivered"_L1)
        return StatusEvent::Delivered;
    if (word == "read"_L1)
        return StatusEvent::Read;
    const bool isRefused = word == "undelivered"_L1 || word == "failed"_L1 || word == "canceled"_L1;
    return isRefused ? std::optional(StatusEvent::Refused) : std::nullopt;
}

} // namespace

QString statusWord(const QJsonObject &fields)
{
    const QString word = json::string(fields, "MessageStatus"_L1);
    return (word.isEmpty() ? json::string(fields, "SmsStatus"_L1) : word).trimmed().toLower().left(kLongestWord);
}

bool isStatus(const QJsonObject &fields)
{
    const QString word = statusWord(fields);
    return !word.isEmpty() && word != "received"_L1 && word != "receiving"_L1;
}

bool isNews(const QJsonObject &fields)
{
    return eventOf(statusWord(fields)).has_value();
}

Result<InboundEvent> readStatus(const QJsonObject &fields, const QString &sid, Timestamp at)
{
    const QString word = statusWord(fields);
    const auto what = eventOf(word);
    if (!what)
        return InboundEvent(InboundIgnored{u"a status that changes nothing: "_s + word});
    InboundStatus status{.messageSourceId = sid, .status = *what, .platformAt = at};
    if (*what == StatusEvent::Refused) {
        QString words = json::string(fields, "ErrorMessage"_L1);
        if (words.isEmpty())
            words = json::string(fields, "ChannelStatusMessage"_L1);
        status.error = externalError(json::string(fields, "ErrorCode"_L1), words, word);
    }
    return InboundEvent(status);
}

} // namespace antiphon::twilio
