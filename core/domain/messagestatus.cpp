#include "core/domain/messagestatus.h"

#include "core/domain/names.h"

namespace antiphon {
namespace {

constexpr std::array<QStringView, 6> kNames{u"queued", u"sending", u"sent", u"delivered", u"read", u"failed"};

std::optional<MessageStatus> forward(MessageStatus current, MessageStatus wanted)
{
    return int(wanted) > int(current) ? std::optional(wanted) : std::nullopt;
}

std::optional<MessageStatus> fromFailed(StatusEvent event, bool outcomeUnknown)
{
    switch (event) {
    case StatusEvent::Retried: return MessageStatus::Queued;
    case StatusEvent::Delivered: return MessageStatus::Delivered;
    case StatusEvent::Read: return MessageStatus::Read;
    case StatusEvent::Accepted: return outcomeUnknown ? std::optional(MessageStatus::Sent) : std::nullopt;
    case StatusEvent::Requeued:
    case StatusEvent::Claimed:
    case StatusEvent::Refused: return std::nullopt;
    }
    Q_UNREACHABLE();
}

} // namespace

QString messageStatusName(MessageStatus status)
{
    return names::of(kNames, status);
}

std::optional<MessageStatus> messageStatusFromName(QStringView name)
{
    return names::find<MessageStatus>(kNames, name);
}

std::optional<MessageStatus> nextStatus(MessageStatus current, StatusEvent event, bool outcomeUnknown)
{
    if (current == MessageStatus::Failed)
        return fromFailed(event, outcomeUnknown);
    switch (event) {
    case StatusEvent::Requeued:
        return current == MessageStatus::Sending ? std::optional(MessageStatus::Queued) : std::nullopt;
    case StatusEvent::Claimed:
        return current == MessageStatus::Queued ? std::optional(MessageStatus::Sending) : std::nullopt;
    case StatusEvent::Accepted: return forward(current, MessageStatus::Sent);
    case StatusEvent::Delivered: return forward(current, MessageStatus::Delivered);
    case StatusEvent::Read: return forward(current, MessageStatus::Read);
    case StatusEvent::Refused:
        return int(current) <= int(MessageStatus::Sent) ? std::optional(MessageStatus::Failed) : std::nullopt;
    case StatusEvent::Retried: return std::nullopt;
    }
    Q_UNREACHABLE();
}

} // namespace antiphon
