#pragma once

#include "core/channels/channeladapter.h"
#include "core/intake/inboundflow.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/messagerepository.h"

/// The parts of InboundFlow: each does one thing to the rows, in the transaction it is given.
namespace antiphon::inbound {

/// How long a status or read mark waits for the message or thread that it is about: the answer of a send may still be on its way.
inline constexpr Milliseconds kTargetPatience = std::chrono::minutes(15);
/// How long other words for a message, and reactions to it, wait for the message itself.
inline constexpr Milliseconds kMessagePatience = std::chrono::hours(24);

/// What every part needs to know of the event in hand.
struct Context {
    WriteTransaction &tx;
    const events::Event &event;
    const inboxes::InboxRow &inbox;
    const ChannelAdapter &adapter;
    const InboundFlow::Hooks &hooks;

    InboxId inboxId() const { return inbox.inbox.id; }
    bool isCaughtUp() const;
    void changed(const QString &type, qint64 id) const { tx.changed(type, id, inboxId()); }
    /// A message is another now, and with it what its conversation shows of it.
    void messageChanged(MessageId message, ConversationId conversation) const
    {
        changed(QStringLiteral("message.updated"), message.value());
        changed(QStringLiteral("conversation.updated"), conversation.value());
    }
};

using Outcome = InboundFlow::Outcome;

/// Beside its lane until what it is about is there, or until `until`: then it is ignored as `unknown`.
Outcome waitFor(const Context &context, const QString &reason, Milliseconds patience, const QString &unknown);

// customers.cpp

/// The customer's address and contact, made where they are new, with what the event tells of the customer.
Result<contacts::ContactInboxRow> thread(const Context &context, const InboundCustomer &customer);
/// The same where they are known; nothing is made.
Result<std::optional<contacts::ContactInboxRow>> knownThread(const Context &context, const InboundCustomer &customer);
/// Calls the customer as the owner does in their address book, unless an agent has chosen a name. @return whether anything is another now.
Result<bool> nameFromPhoneBook(const Context &context, contacts::ContactInboxRow &thread, const QString &name);
/// The customer has another number now, which is their name, too, where they have no other.
Result<void> renumber(const Context &context, contacts::ContactInboxRow &thread, const QString &phoneNumber);
/// The name that was given to the customer without anybody having chosen it.
bool isGivenName(const QString &name, const contacts::ContactInboxRow &thread);

// threads.cpp

/// What can be answered with it is kept for the next answer; nothing of what was fetched afterwards or is from before.
Result<void> keepReplyToken(const Context &context, const contacts::ContactInboxRow &thread, const QString &token);
/// A customer who writes is there again: what said otherwise is over, but for what only a word of theirs takes back. @param at of the message
Result<void> noteReachable(const Context &context, conversations::ConversationRow *row, const contacts::ContactInboxRow &thread, Timestamp at);
/// Puts them into the row, which the caller stores, and what is true of the thread into the other conversations of it.
Result<void> putAttributes(const Context &context, conversations::ConversationRow *row, const QJsonObject &changes);

/// Asks for name and picture where they are unknown or a week old. @param byCustomer the customer did something: who refused before may tell now.
Result<void> wantProfile(const Context &context, const contacts::ContactInboxRow &thread, bool byCustomer);
Result<Outcome> applyReferral(const Context &context, const InboundReferral &referral);
/// What the next conversation of the thread begins with.
void holdReferral(contacts::ContactInboxRow &thread, const QJsonObject &referral, Timestamp at);
std::optional<Timestamp> readUpTo(const contacts::ContactInboxRow &thread);

// conversations.cpp

/// The conversation that takes a customer's message: the open one; else, by the inbox's setting, the newest or a new one. A blocked customer's is reopened by nothing.
Result<conversations::ConversationRow> conversationForIncoming(const Context &context, contacts::ContactInboxRow &thread, Timestamp at);
/// The one that takes an echo: the open one, else the newest, else a new one, which of a blocked customer is resolved already.
Result<conversations::ConversationRow> conversationForEcho(const Context &context, contacts::ContactInboxRow &thread, Timestamp at);
/// The one that takes what was said before: the open one, else the newest, else a new one that is resolved already.
Result<conversations::ConversationRow> conversationForHistory(const Context &context, contacts::ContactInboxRow &thread, Timestamp at);

/// An activity row above what is stored next at the same time.
Result<MessageId> insertActivity(const Context &context, ConversationId conversation, Timestamp at, const QJsonObject &activity);

/// A customer's message that was stored.
struct Incoming {
    MessageId id{};
    QString contactSourceId{};
    Timestamp at{};
    bool opensWindow = true;
    bool isUnread = true;
    bool isBlocked = false;      ///< the customer: kept, and nobody is told
};

/// A stored message that was sent elsewhere.
struct Echo {
    MessageId id{};
    Timestamp at{};
    bool isAutomatic = false;
    bool isBlocked = false;      ///< its customer, who waits for nobody
};

/// What a stored message does to its conversation: order, window, waiting, first reply, reopening, unread. Stores the row.
Result<void> noteIncoming(const Context &context, conversations::ConversationRow row, const Incoming &message);
/// The same where the message has its place in a conversation that is over, and another of its customer is open: that is where they wait.
Result<void> noteIncomingElsewhere(const Context &context, conversations::ConversationRow open, const Incoming &message);
Result<void> noteEcho(const Context &context, conversations::ConversationRow row, const Echo &echo);
Result<void> noteHistory(const Context &context, conversations::ConversationRow row, MessageId message, Timestamp at);

// messages.cpp

Result<Outcome> applyMessage(const Context &context, const InboundMessage &message);

/// The row that a message from outside becomes, but for the words that tell who wrote it.
Result<messages::NewMessage> rowOf(const Context &context, const InboundMessage &message, const conversations::ConversationRow &conversation);
Result<void> insertAttachments(const Context &context, MessageId message, const QList<InboundAttachment> &files);
/// Inserts the row, or what is left of it where it was taken back already, its files, and wakes what waited for it.
Result<MessageId> storeMessage(const Context &context, const messages::NewMessage &row, const InboundMessage &message);
/// What waited for this message: quotes of it, and events about it.
Result<void> settleWaiting(const Context &context, const QString &sourceId, MessageId id);

// choices.cpp

/// What the customer chose: as the message calls it that offered it, where the platform tells only what stands behind the button; else what it says.
Result<QString> titleOfChosen(const Context &context, const InboundMessage &message, ConversationId conversation);

// history.cpp

/// @param known the message, where it is here already.
Result<Outcome> applyHistory(const Context &context, const InboundMessage &message, const std::optional<messages::MessageRef> &known);
/// A customer's message that was here from the owner's phone has come by itself: now it is unread, is waited for, and opens the window.
Result<Outcome> comeAlive(const Context &context, const InboundMessage &message, const messages::MessageRef &known);
/// A message that is here as a placeholder gets its files.
Result<Outcome> completeMessage(const Context &context, const InboundMessage &message, const messages::MessageRef &known);
Result<Outcome> applySyncProgress(const Context &context, const InboundSyncProgress &sync);

// statuses.cpp

Result<Outcome> applyStatus(const Context &context, const InboundStatus &status);
Result<Outcome> applyRead(const Context &context, const InboundRead &read);

// edits.cpp

Result<Outcome> applyEdit(const Context &context, const InboundEdit &edit);
Result<Outcome> applyRevoke(const Context &context, const InboundRevoke &revoke);
Result<Outcome> applyReaction(const Context &context, const InboundReaction &reaction);

// activities.cpp

Result<Outcome> applyActivity(const Context &context, const InboundActivity &activity);
Result<Outcome> applyContactCard(const Context &context, const InboundContactCard &card);

// acknowledge.cpp

/// What the platform wants to hear at once of an event that has just come, whatever becomes of it: queued, once.
Result<void> wantAcknowledgement(const Context &context);

// connections.cpp

/// Why nothing can be sent in this thread by the connection that its owner has made, a word; empty: it can, or it is no such thread.
QString connectionBar(const Context &context, const QString &contactSourceId);
/// Whose chats the account may act in now, and what that means for their threads.
Result<Outcome> applyConnection(const Context &context, const InboundConnection &connection);

// notices.cpp

Result<Outcome> applyNotice(const Context &context, const InboundNotice &notice);
Result<Outcome> applyTemplateChange(const Context &context, const InboundTemplateChange &change);

} // namespace antiphon::inbound
