#pragma once

#include "core/domain/message.h"
#include "core/store/transaction.h"

/// Rows of `message` and `reaction`: the writing side. What the Desk API lists is read by messagequeries.
namespace antiphon::messages {

/// What is stored of a new message.
struct NewMessage {
    ConversationId conversationId{};
    InboxId inboxId{};
    Message::Direction direction = Message::Direction::Incoming;
    QString content{};
    Message::ContentFormat contentFormat = Message::ContentFormat::Plain;
    QList<TextEntity> entities{};
    Message::ContentType contentType = Message::ContentType::Text;
    QString rawType{};
    bool isPrivate = false;
    std::optional<MessageStatus> status{};
    bool externalEcho = false;
    bool isAutomatic = false;
    bool caughtUp = false;
    bool late = false;
    QString sourceId{};
    MessageId inReplyTo{};
    QString inReplyToSourceId{};
    QString clientId{};
    Sender::Type senderType = Sender::Type::System;
    qint64 senderId = 0;                             ///< of the contact or agent
    QString senderName{};                            ///< where no row says it
    QJsonObject activity{};
    QJsonObject referral{};
    QJsonObject detail{};
    QJsonObject templateSent{};                      ///< {name, language, parameters}
    bool isForwarded = false;
    bool isDeleted = false;                          ///< it was taken back before it arrived: give no content
    std::optional<Timestamp> platformAt{};           ///< of an own message, as its echo tells
    Timestamp createdAt{};
    Timestamp receivedAt{};
};

/// Nothing where the inbox has a message with this source id already.
Result<std::optional<MessageId>> insert(WriteTransaction &tx, const NewMessage &message);

/// What the way in needs to know of a stored message.
struct MessageRef {
    MessageId id{};
    ConversationId conversationId{};
    Message::Direction direction = Message::Direction::Incoming;
    std::optional<MessageStatus> status{};
    bool outcomeUnknown = false;
    bool externalEcho = false;
    Timestamp createdAt{};
};

Result<std::optional<MessageRef>> find(ReadTransaction &tx, MessageId id);

/// By the platform's id: a message's own, or that of one of its parts.
Result<std::optional<MessageRef>> findBySource(ReadTransaction &tx, InboxId inbox, const QString &sourceId);

/// Moves the status by the one table and clears the error where it leaves `failed`. Where it fails or leaves `failed`, the conversation's waiting is counted
/// anew: tell `conversation.updated`. @return whether anything changed.
Result<bool> applyStatus(WriteTransaction &tx, const MessageRef &message, StatusEvent event);

/// The platform's own time of a message that was sent from here.
Result<void> setPlatformAt(WriteTransaction &tx, MessageId id, Timestamp at);

/// Every own message of the thread that the customer has read: those whose platform time (or, where unknown, local time less two seconds)
/// is not after `upTo`. @return the messages that changed, with their conversations.
Result<QList<MessageRef>> markRead(WriteTransaction &tx, ContactInboxId thread, Timestamp upTo);

/// Points the messages that quote `sourceId` at the message that now has it. @return those messages.
Result<QList<MessageId>> resolveQuotes(WriteTransaction &tx, InboxId inbox, const QString &sourceId, MessageId id);

/// Setting and taking back count by `at`, the platform's time of the act: whichever is later stands, in whatever order they arrive.
Result<void> setReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, const Reaction &reaction, Timestamp at);
/// @return whether one was there to be seen.
Result<bool> removeReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, const QString &emoji, Timestamp at);

} // namespace antiphon::messages
