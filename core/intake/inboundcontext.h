#pragma once

#include "core/channels/channeladapter.h"
#include "core/intake/inboundflow.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/messagerepository.h"

/// The parts of InboundFlow: each does one thing to the rows, in the transaction it is given.
namespace antiphon::inbound {

/// How long something waits for the message or thread that it is about.
inline constexpr Milliseconds kTargetPatience = std::chrono::minutes(15);

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
};

using Outcome = InboundFlow::Outcome;

// threads.cpp

/// The customer's address and contact, made where they are new, with what the event tells of the customer.
Result<contacts::ContactInboxRow> thread(const Context &context, const InboundCustomer &customer);
/// Asks for name and picture where they are unknown or a week old.
Result<void> wantProfile(const Context &context, const contacts::ContactInboxRow &thread);
Result<Outcome> applyReferral(const Context &context, const InboundReferral &referral);
Result<Outcome> applyRead(const Context &context, const InboundRead &read);
std::optional<Timestamp> readUpTo(const contacts::ContactInboxRow &thread);

// conversations.cpp

/// The conversation that takes a customer's message: the open one; else, by the inbox's setting, the newest or a new one.
Result<conversations::ConversationRow> conversationForIncoming(const Context &context, contacts::ContactInboxRow &thread, Timestamp at);
/// The one that takes an echo: the open one, else the newest, else a new one.
Result<conversations::ConversationRow> conversationForEcho(const Context &context, contacts::ContactInboxRow &thread, Timestamp at);

/// An activity row above what is stored next at the same time.
Result<MessageId> insertActivity(const Context &context, ConversationId conversation, Timestamp at, const QJsonObject &activity);

/// What a stored message does to its conversation: order, window, waiting, first reply, reopening, unread. Stores the row.
Result<void> noteIncoming(const Context &context, conversations::ConversationRow row, MessageId message, Timestamp at);
Result<void> noteEcho(const Context &context, conversations::ConversationRow row, MessageId message, Timestamp at, bool isAutomatic);

// messages.cpp

Result<Outcome> applyMessage(const Context &context, const InboundMessage &message);
Result<Outcome> applyReaction(const Context &context, const InboundReaction &reaction);

} // namespace antiphon::inbound
