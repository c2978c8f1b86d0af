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
    QJsonObject tokens{};                            ///< what the platform wants to hear when it is quoted or read; never shown
    QString groupId{};                               ///< of an album: its messages have the same one
    std::optional<Timestamp> editedAt{};             ///< it came in other words than it was first sent with
    bool isDeleted = false;                          ///< it was taken back before it arrived: give no content
    bool isFromHistory = false;                      ///< an owner's phone brought it along
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

/// By the platform's id: a message's own, that of one of its parts, or a further one.
Result<std::optional<MessageRef>> findBySource(ReadTransaction &tx, InboxId inbox, const QString &sourceId);

/// A further id under which the platform knows the message, where it made several of it. Nothing happens where the id is somebody's already.
Result<void> addAlias(WriteTransaction &tx, InboxId inbox, const QString &sourceId, MessageId id);

/// All ids under which the platform knows the message: its own, those of its parts, further ones; each once.
Result<QStringList> sourceIds(ReadTransaction &tx, MessageId id);

/// It has come by itself as well: from now on it is like any other. @return whether it was from an owner's phone until now.
Result<bool> takeFromHistory(WriteTransaction &tx, MessageId id);

/// NewMessage::detail of a stored message.
Result<QJsonObject> detail(ReadTransaction &tx, MessageId id);

/// NewMessage::tokens of a stored message.
Result<QJsonObject> tokens(ReadTransaction &tx, MessageId id);
/// Of a message of ours: what the platform gave along when it took it.
Result<void> setTokens(WriteTransaction &tx, MessageId id, const QJsonObject &tokens);

/// Moves the status by the one table and clears the error where it leaves `failed`. Where it fails or leaves `failed`, the conversation's waiting is counted
/// anew: tell `conversation.updated`. @return whether anything changed.
Result<bool> applyStatus(WriteTransaction &tx, const MessageRef &message, StatusEvent event);

/// The same of one part of it, by the part's id: the message itself stands at the least of its parts, and fails where one of them does.
Result<bool> applyPartStatus(WriteTransaction &tx, const MessageRef &message, const QString &sourceId, StatusEvent event);
/// Once all parts are sent: moves the message to where the least of them stands.
Result<bool> applyLeastOfParts(WriteTransaction &tx, const MessageRef &message);

/// The platform's own time of a message that was sent from here.
Result<void> setPlatformAt(WriteTransaction &tx, MessageId id, Timestamp at);

/// As applyPartStatus with Refused, with the reason. @param sourceId empty: the message as a whole. @return whether it failed by this.
Result<bool> fail(WriteTransaction &tx, const MessageRef &message, const QString &sourceId, const ExternalError &error);

/// Every own message of the thread that the customer has read, or that has reached them (`event`): those whose platform time (or, where unknown, local
/// time less two seconds) is not after `upTo`. @return the messages that changed, with their conversations.
Result<QList<MessageRef>> markUpTo(WriteTransaction &tx, ContactInboxId thread, Timestamp upTo, StatusEvent event = StatusEvent::Read);

/// What a message says, for who wants to change it.
struct Words {
    QString content{};
    QList<TextEntity> entities{};
    Message::ContentType contentType = Message::ContentType::Text;
    QString rawType{};
    int revision = 0;
    std::optional<Timestamp> editedAt{};
    std::optional<Timestamp> platformAt{};
    bool isDeleted = false;
};
Result<Words> words(ReadTransaction &tx, MessageId id);                       ///< NotFound

/// Other words from now on; the former ones are kept beside it.
Result<void> edit(WriteTransaction &tx, MessageId id, const QString &content, const QList<TextEntity> &entities, int revision, Timestamp at);
/// Something else of it is another now: its files, its place.
Result<void> setEditedAt(WriteTransaction &tx, MessageId id, Timestamp at);
/// The words of a message that was stored without them; nothing is kept.
Result<void> complete(WriteTransaction &tx, MessageId id, const Words &words);

/// Nothing of it is left but its row: no words, files, reactions. Its files go with the pruning of uploads. Tell `message.updated`.
Result<void> erase(WriteTransaction &tx, MessageId id);

/// A message that was taken back before it arrived; remembered for a day.
Result<void> noteRevoked(WriteTransaction &tx, InboxId inbox, const QString &sourceId);
Result<bool> wasRevoked(ReadTransaction &tx, InboxId inbox, const QString &sourceId);

/// Points the messages that quote `sourceId` at the message that now has it. @return those messages.
Result<QList<MessageId>> resolveQuotes(WriteTransaction &tx, InboxId inbox, const QString &sourceId, MessageId id);

/// Setting and taking back count by `at`, the platform's time of the act: whichever is later stands, in whatever order they arrive.
Result<void> setReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, const Reaction &reaction, Timestamp at);
/// The same where everybody has one reaction to a message at most: the later one stands instead of all others of the same sender.
/// @return whether it stands.
Result<bool> setOnlyReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, const Reaction &reaction, Timestamp at);
/// @return whether one was there to be seen.
Result<bool> removeOnlyReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, Timestamp at);
/// @return whether one was there to be seen.
Result<bool> removeReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, const QString &emoji, Timestamp at);

} // namespace antiphon::messages
