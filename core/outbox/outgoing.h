#pragma once

#include "core/channels/channelregistry.h"
#include "core/store/outboxrepository.h"

namespace antiphon {

/// A claimed send with all that its requests need.
struct Outgoing {
    outbox::Row row{};
    Channel channel{};
    OutboundMessage message{};
    QList<QByteArray> blobs{};                       ///< sha256 of each attachment's file, beside `message.attachments`
    QList<int> sentParts{};
    ContactInboxId thread{};
    bool isRepeat = false;                           ///< its last request may have arrived, and is made again with its key
};

/// What `message.template` and `message.detail` say of a message of ours, for the adapter.
std::optional<OutboundTemplate> outboundTemplate(const QJsonObject &used);
std::optional<OutboundChoice> outboundChoice(const QJsonObject &detail);

/// Reads them. NotFound where the message is gone or deleted; Invalid where one of its files is not there. @param platformNow by the platforms' clock
Result<Outgoing> loadOutgoing(ReadTransaction &tx, const outbox::Row &row, Timestamp platformNow);

/// Why a queued message may not leave any more, at this moment: nothing can be sent to its customer, its reply window is over, where it is no template, or it
/// is older than a day.
Result<std::optional<ExternalError>> tooLate(ReadTransaction &tx, const outbox::Row &row, Timestamp now, Milliseconds clockOffset = Milliseconds(0));

} // namespace antiphon
