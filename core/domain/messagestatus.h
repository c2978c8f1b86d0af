#pragma once

#include <QString>

#include <optional>

namespace antiphon {

/// How far an outgoing message has come. Incoming messages have none.
enum class MessageStatus { Queued, Sending, Sent, Delivered, Read, Failed };

QString messageStatusName(MessageStatus status);
std::optional<MessageStatus> messageStatusFromName(QStringView name);

/// What may have happened to a message's status, whoever tells it.
enum class StatusEvent {
    Requeued,    ///< the send was put back: not taken by the platform for sure, or the inbox waits for credentials
    Claimed,     ///< the request is about to leave
    Accepted,    ///< the platform took it
    Delivered,
    Read,
    Refused,     ///< the platform or our own rules refused it, or its outcome is unknown
    Retried      ///< an agent asked for another attempt
};

/// The one table of status moves. Receipts come late, twice and out of order, so a status only goes forward
/// (queued, sending, sent, delivered, read); failed is left only by a retry or by a later proof that the customer has it.
/// @param outcomeUnknown the message failed because its outcome is unknown: then the platform's acceptance settles it too.
/// @return the new status, or nothing where the event changes nothing.
std::optional<MessageStatus> nextStatus(MessageStatus current, StatusEvent event, bool outcomeUnknown = false);

} // namespace antiphon
