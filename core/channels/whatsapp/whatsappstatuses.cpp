#include "core/channels/whatsapp/whatsappstatuses.h"

#include "core/base/json.h"
#include "core/channels/whatsapp/whatsapperrors.h"
#include "core/channels/whatsapp/whatsappidentity.h"
#include "core/channels/whatsapp/whatsappkinds.h"

#include <QJsonArray>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

std::optional<StatusEvent> statusEvent(const QString &status)
{
    if (status == "sent"_L1)
        return StatusEvent::Accepted;
    if (status == "delivered"_L1)
        return StatusEvent::Delivered;
    if (status == "read"_L1 || status == "played"_L1)          // of a voice note: heard
        return StatusEvent::Read;
    return status == "failed"_L1 ? std::optional(StatusEvent::Refused) : std::nullopt;
}

} // namespace

SplitEvent splitStatus(const Source &source, const QJsonObject &status)
{
    const QString id = json::string(status, "id"_L1);
    const QString word = json::string(status, "status"_L1);
    const auto at = moment(status.value("timestamp"_L1));
    if (id.isEmpty() || word.isEmpty() || (!at && !source.at))
        return source.broken(kind::kStatus, status, u"a status without message, word or time"_s);
    SplitEvent event = source.make(kind::kStatus, u"s:%1:%2"_s.arg(id, word), status);
    event.target = id;
    event.platformAt = at ? at : source.at;
    event.payload.insert("at"_L1, toUnixMs(*event.platformAt));
    return event;
}

Result<InboundEvent> readStatus(const SplitEvent &event)
{
    const QJsonObject status = event.payload.value("content"_L1).toObject();
    const auto at = moment(event.payload.value("at"_L1));
    const QString id = json::string(status, "id"_L1);
    if (id.isEmpty() || !at)
        return Error{Error::Kind::BadPayload, u"a status without message or time"_s};
    const QString word = json::string(status, "status"_L1);
    const auto what = statusEvent(word);
    if (!what)
        return InboundEvent(InboundIgnored{u"a status nobody told us of: "_s + word.left(32)});
    InboundStatus read{.messageSourceId = id, .sendKey = json::string(status, "biz_opaque_callback_data"_L1), .status = *what, .platformAt = *at};
    if (*what == StatusEvent::Refused)
        read.error = externalError(status.value("errors"_L1).toArray());
    return InboundEvent(read);
}

std::optional<MessageStatus> historyStatus(const QString &status)
{
    const QString word = status.toUpper();
    if (word == "PENDING"_L1)
        return MessageStatus::Queued;
    if (word == "SENT"_L1)
        return MessageStatus::Sent;
    if (word == "DELIVERED"_L1)
        return MessageStatus::Delivered;
    if (word == "READ"_L1 || word == "PLAYED"_L1)
        return MessageStatus::Read;
    return word == "ERROR"_L1 ? std::optional(MessageStatus::Failed) : std::nullopt;
}

} // namespace antiphon::whatsapp
