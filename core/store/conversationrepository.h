#pragma once

#include "core/domain/conversation.h"
#include "core/store/transaction.h"

/// Rows of `conversation` and, beside them, how much each agent has left to read.
namespace antiphon::conversations {

struct ConversationRow {
    ConversationId id{};
    InboxId inboxId{};
    ContactId contactId{};
    ContactInboxId contactInboxId{};
    Conversation::Status status = Conversation::Status::Open;
    AgentId assigneeId{};
    std::optional<Timestamp> snoozedUntil{};
    MessageId lastMessageId{};
    std::optional<Timestamp> lastMessageAt{};        ///< created_at of that message
    Timestamp lastActivityAt{};
    std::optional<Timestamp> lastIncomingAt{};
    std::optional<Timestamp> waitingSince{};
    std::optional<Timestamp> firstReplyAt{};
    std::optional<Timestamp> windowClosesAt{};
    QJsonObject attributes{};
};

Result<std::optional<ConversationRow>> find(ReadTransaction &tx, ConversationId id);

/// The newest of a customer's thread: of those not resolved, or whatever their status.
Result<std::optional<ConversationRow>> newestOpen(ReadTransaction &tx, ContactInboxId thread);
Result<std::optional<ConversationRow>> newest(ReadTransaction &tx, ContactInboxId thread);

/// `createdAt` is the platform's time of what opened it. Nothing where the thread has an open one already.
Result<std::optional<ConversationId>> insert(WriteTransaction &tx, InboxId inbox, ContactId contact, ContactInboxId thread, Timestamp createdAt,
                                             const QJsonObject &attributes, Conversation::Status status = Conversation::Status::Open);

/// Stores everything of the row but its keys. Conflict where it would be the second open one of its thread.
Result<void> update(WriteTransaction &tx, const ConversationRow &row);

/// Puts them into the conversation's attributes; a null value takes away. What is said of "cannot_reply" is true of the customer's thread: it goes into all
/// conversations of it, and is there for those made later. Tells the conversations. @return whether anything is another now.
Result<bool> putAttributes(WriteTransaction &tx, ConversationId id, const QJsonObject &changes);

/// Why nothing can be sent to this customer's thread, a word; empty: it can. As putAttributes.
Result<bool> setCannotReply(WriteTransaction &tx, ContactInboxId thread, const QString &why);

inline constexpr QLatin1StringView kCannotReply("cannot_reply");       ///< in the attributes of a conversation and of its contact_inbox

/// The inbox's reply window has another length now: moves its end in at most `limit` conversations that moved at or after `since`, and tells them.
/// @return whether there may be more.
Result<bool> moveWindows(WriteTransaction &tx, InboxId inbox, std::chrono::hours length, Timestamp since, int limit);

/// One more incoming message for every agent. An agent without a row counts all that came in.
Result<void> addUnread(WriteTransaction &tx, ConversationId id);

/// What is stored in it now counts as read by every agent who has no row yet.
Result<void> keepQuiet(WriteTransaction &tx, ConversationId id);

/// Whether a person answered in it after that moment. An answer that failed is none.
Result<bool> isAnsweredAfter(ReadTransaction &tx, ConversationId id, Timestamp at);

/// When the customer began to wait, from the messages themselves: the first incoming one behind the last human answer.
Result<std::optional<Timestamp>> waitingSinceFromMessages(ReadTransaction &tx, ConversationId id);

/// Since when the customer waits and when the first answer was made, counted anew from the messages: an answer that failed is none.
/// A resolved conversation waits for nothing.
Result<void> recountAnswers(WriteTransaction &tx, ConversationId id);

/// Whether the business ever answered in this customer's thread.
Result<bool> hasEverAnswered(ReadTransaction &tx, ContactInboxId thread);

} // namespace antiphon::conversations
