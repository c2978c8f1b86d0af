#pragma once

#include "core/domain/message.h"
#include "core/store/transaction.h"

namespace antiphon {

/// Reading messages as the Desk API shows them: with sender, attachments and reactions.
class MessageQueries {
public:
    struct Page {
        QList<Message> items{};          ///< oldest first
        bool hasMoreBefore = false;
        bool hasMoreAfter = false;
    };

    explicit MessageQueries(ReadTransaction &tx) : m_tx(tx) {}

    Result<Message> byId(MessageId id);                                                    ///< NotFound
    Result<std::optional<Message>> byClientId(const QString &clientId);
    Result<Attachment> attachment(AttachmentId id);                                        ///< NotFound

    /// Pages of one conversation, in the order of (created_at, id). Invalid with `field` where the anchor is of another conversation.
    Result<Page> newest(ConversationId conversation, int limit);
    Result<Page> before(ConversationId conversation, MessageId anchor, int limit);
    Result<Page> after(ConversationId conversation, MessageId anchor, int limit);
    Result<Page> around(ConversationId conversation, MessageId anchor, int limit);         ///< centred, the anchor among them

private:
    struct Place {
        qint64 at = 0;
        qint64 id = 0;
    };
    enum class Side { Before, After };

    Result<Place> placeOf(ConversationId conversation, MessageId anchor, const QString &field);
    Result<QList<Message>> rows(ConversationId conversation, Side side, const Place &place, int limit);
    Result<void> complete(Message &message);

    ReadTransaction &m_tx;
};

} // namespace antiphon
