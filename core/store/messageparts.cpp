#include "core/store/messageparts.h"

// What becomes of a message that went out in several calls.
namespace antiphon::messages {
namespace {
using namespace Qt::StringLiterals;

struct Part {
    int part = 0;
    QString sourceId{};
    MessageStatus status = MessageStatus::Queued;
};

Result<QList<Part>> partsOf(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT part, platform_id, status FROM send_part WHERE message_id = :id AND part >= 0 ORDER BY part"_s);
    q.bind(":id"_L1, message);
    QList<Part> parts;
    while (q.next()) {
        parts.append({.part = int(q.integer(0)), .sourceId = q.text(1), .status = messageStatusFromName(q.text(2)).value_or(MessageStatus::Queued)});
    }
    if (!q.ok())
        return q.error();
    return parts;
}

/// How far all of them have come; nothing while one is missing or has failed.
std::optional<StatusEvent> leastOf(const QList<Part> &parts)
{
    MessageStatus least = MessageStatus::Read;
    for (const Part &part : parts) {
        if (part.sourceId.isEmpty() || part.status == MessageStatus::Failed)
            return std::nullopt;
        least = std::min(least, part.status);
    }
    switch (least) {
    case MessageStatus::Sent: return StatusEvent::Accepted;
    case MessageStatus::Delivered: return StatusEvent::Delivered;
    case MessageStatus::Read: return StatusEvent::Read;
    case MessageStatus::Queued:
    case MessageStatus::Sending:
    case MessageStatus::Failed: return std::nullopt;
    }
    Q_UNREACHABLE();
}

} // namespace

Result<bool> applyPartStatus(WriteTransaction &tx, const MessageRef &message, const QString &sourceId, StatusEvent event)
{
    const auto stored = partsOf(tx, message.id);
    if (!stored)
        return stored.error();
    QList<Part> parts = *stored;
    const auto part = std::find_if(parts.begin(), parts.end(), [&sourceId](const Part &one) { return one.sourceId == sourceId; });
    if (parts.size() < 2 || part == parts.end())
        return applyStatus(tx, message, event);
    const auto next = nextStatus(part->status, event, false);
    if (!next)
        return false;
    part->status = *next;
    Query q = tx.query(u"UPDATE send_part SET status = :status WHERE message_id = :id AND part = :part"_s);
    q.bind(":status"_L1, messageStatusName(*next)).bind(":id"_L1, message.id).bind(":part"_L1, part->part);
    if (const auto done = q.exec(); !done)
        return done.error();
    if (*next == MessageStatus::Failed)
        return applyStatus(tx, message, StatusEvent::Refused);
    const auto all = leastOf(parts);
    return all ? applyStatus(tx, message, *all) : Result<bool>(false);
}

Result<bool> applyLeastOfParts(WriteTransaction &tx, const MessageRef &message)
{
    const auto parts = partsOf(tx, message.id);
    if (!parts)
        return parts.error();
    const auto all = parts->size() < 2 ? std::nullopt : leastOf(*parts);
    return all ? applyStatus(tx, message, *all) : Result<bool>(false);
}

Result<QStringList> partsUpTo(ReadTransaction &tx, MessageId message, const QString &sourceId)
{
    const auto parts = partsOf(tx, message);
    if (!parts)
        return parts.error();
    QStringList before;
    for (const Part &part : *parts) {
        if (!part.sourceId.isEmpty())
            before.append(part.sourceId);
        if (part.sourceId == sourceId)
            return &part == &parts->constLast() ? QStringList() : before;
    }
    return QStringList();
}

} // namespace antiphon::messages
