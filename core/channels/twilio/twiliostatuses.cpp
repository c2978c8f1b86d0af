#include "core/channels/twilio/twiliostatuses.h"

#include "core/base/json.h"
#include "core/channels/twilio/twilioerrors.h"

#include <algorithm>
#include <array>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestWord = 40;

struct Meaning {
    QLatin1StringView word{};
    StatusEvent event{};
};
/// What a word means here; a message that only waits at Twilio is still on its way out. In the order of their bits in cursors.
constexpr std::array kMeanings{Meaning{"sent"_L1, StatusEvent::Accepted},        Meaning{"partially_delivered"_L1, StatusEvent::Accepted},
                               Meaning{"delivered"_L1, StatusEvent::Delivered},  Meaning{"read"_L1, StatusEvent::Read},
                               Meaning{"undelivered"_L1, StatusEvent::Refused},  Meaning{"failed"_L1, StatusEvent::Refused},
                               Meaning{"canceled"_L1, StatusEvent::Refused}};
static_assert(kMeanings.size() <= 8);

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

quint8 newsBit(const QJsonObject &fields)
{
    const QString word = statusWord(fields);
    for (size_t i = 0; i < kMeanings.size(); ++i) {
        if (kMeanings[i].word == word)
            return quint8(1U << i);
    }
    return 0;
}

Result<InboundEvent> readStatus(const QJsonObject &fields, const QString &sid, Timestamp at)
{
    const QString word = statusWord(fields);
    const auto what = std::find_if(kMeanings.begin(), kMeanings.end(), [&word](const Meaning &one) { return one.word == word; });
    if (what == kMeanings.end())
        return InboundEvent(InboundIgnored{u"a status that changes nothing: "_s + word});
    InboundStatus status{.messageSourceId = sid, .status = what->event, .platformAt = at};
    if (what->event == StatusEvent::Refused) {
        QString words = json::string(fields, "ErrorMessage"_L1);
        if (words.isEmpty())
            words = json::string(fields, "ChannelStatusMessage"_L1);
        status.error = externalError(json::string(fields, "ErrorCode"_L1), words, word);
    }
    return InboundEvent(status);
}

} // namespace antiphon::twilio
