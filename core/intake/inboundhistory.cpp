// What was said before the account came here, as its owner's phone brings it along.

#include "core/base/json.h"
#include "core/intake/inboundcontext.h"
#include "core/store/attachmentrepository.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kSync = "history_sync"_L1;

/// What a message of the phone's may be said to be, told in one step.
std::optional<StatusEvent> eventOf(MessageStatus status)
{
    switch (status) {
    case MessageStatus::Sent: return StatusEvent::Accepted;
    case MessageStatus::Delivered: return StatusEvent::Delivered;
    case MessageStatus::Read: return StatusEvent::Read;
    case MessageStatus::Queued:
    case MessageStatus::Sending:
    case MessageStatus::Failed: return std::nullopt;
    }
    Q_UNREACHABLE();
}

/// Live traffic may have been faster: then only its status can be news.
Result<Outcome> raise(const Context &context, const InboundMessage &message, const messages::MessageRef &known)
{
    const auto event = message.status ? eventOf(*message.status) : std::nullopt;
    if (event && known.direction == Message::Direction::Outgoing) {
        const auto moved = messages::applyStatus(context.tx, known, *event);
        if (!moved)
            return moved.error();
        if (*moved)
            context.messageChanged(known.id, known.conversationId);
    }
    return Outcome{.entityId = known.id.value()};
}

/// Chunks come in any order: the farthest stands.
bool isBehind(const QJsonObject &news, const QJsonObject &known)
{
    const auto place = [](const QJsonObject &progress) {
        return std::pair(json::integer(progress.value("phase"_L1)).value_or(0), json::integer(progress.value("percent"_L1)).value_or(0));
    };
    return place(news) < place(known);
}

} // namespace

Result<Outcome> completeMessage(const Context &context, const InboundMessage &message, const messages::MessageRef &known)
{
    const auto said = messages::words(context.tx, known.id);
    if (!said)
        return said.error();
    const auto files = attachments::ofMessage(context.tx, known.id);
    if (!files)
        return files.error();
    if (said->isDeleted || !files->isEmpty() || message.attachments.isEmpty())
        return raise(context, message, known);
    messages::Words whole = *said;
    if (!message.content.isEmpty() || said->contentType == Message::ContentType::Unsupported) {
        whole.content = message.content;
        whole.entities = message.entities;
    }
    whole.contentType = message.contentType;
    whole.rawType = message.rawType;
    if (const auto done = messages::complete(context.tx, known.id, whole); !done)
        return done.error();
    if (const auto done = insertAttachments(context, known.id, message.attachments); !done)
        return done.error();
    context.messageChanged(known.id, known.conversationId);
    return Outcome{.entityId = known.id.value()};
}

Result<Outcome> applyHistory(const Context &context, const InboundMessage &message, const std::optional<messages::MessageRef> &known)
{
    if (known)
        return raise(context, message, *known);
    auto customer = thread(context, message.customer);
    if (!customer)
        return customer.error();
    contacts::ContactInboxRow address = *customer;
    const auto conversation = conversationForHistory(context, address, message.platformAt);
    if (!conversation)
        return conversation.error();
    auto row = rowOf(context, message, *conversation);
    if (!row)
        return row.error();
    messages::NewMessage before = *row;
    before.late = false;
    before.caughtUp = false;
    before.isFromHistory = true;
    if (message.origin == InboundMessage::Origin::Customer) {
        before.direction = Message::Direction::Incoming;
        before.senderType = Sender::Type::Contact;
        before.senderId = address.contactId.value();
    } else {
        before.direction = Message::Direction::Outgoing;
        before.status = message.status.value_or(MessageStatus::Delivered);
        before.externalEcho = true;
        before.isAutomatic = message.origin == InboundMessage::Origin::Automatic;
        before.senderType = Sender::Type::NativeApp;
        before.senderName = message.senderName;
        before.platformAt = message.platformAt;
    }
    const auto id = storeMessage(context, before, message);
    if (!id)
        return id.error();
    if (const auto done = noteHistory(context, *conversation, *id, message.platformAt); !done)
        return done.error();
    return Outcome{.entityId = id->value()};
}

Result<Outcome> comeAlive(const Context &context, const InboundMessage &message, const messages::MessageRef &known)
{
    const auto said = messages::words(context.tx, known.id);
    if (!said)
        return said.error();
    const auto address = thread(context, message.customer);
    if (!address)
        return address.error();
    const auto found = conversations::find(context.tx, known.conversationId);
    if (!found)
        return found.error();
    const auto open = conversations::newestOpen(context.tx, address->id);
    if (!open)
        return open.error();
    if (!*found)
        return Outcome{.entityId = known.id.value()};
    conversations::ConversationRow row = **found;
    if (!*open && !address->isBlocked)
        row.status = Conversation::Status::Open;         // what the phone had brought was made resolved
    const Incoming incoming{.id = known.id, .contactSourceId = address->sourceId, .at = message.platformAt, .opensWindow = message.opensWindow,
                            .isUnread = !said->isDeleted, .isBlocked = address->isBlocked};
    const bool isElsewhere = *open && (*open)->id != row.id;      // what is over stays over: nobody would see who waits in it
    if (const auto done = isElsewhere ? noteIncomingElsewhere(context, **open, incoming) : noteIncoming(context, row, incoming); !done)
        return done.error();
    if (const auto done = keepReplyToken(context, *address, message.replyToken); !done)
        return done.error();
    if (const auto done = wantProfile(context, *address, true); !done)
        return done.error();
    return Outcome{.entityId = known.id.value()};
}

Result<Outcome> applySyncProgress(const Context &context, const InboundSyncProgress &sync)
{
    Inbox inbox = context.inbox.inbox;
    const QJsonObject known = inbox.settings.value(kSync).toObject();
    if (isBehind(sync.progress, known) && !sync.progress.value("declined"_L1).toBool())
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"farther already"_s};
    QJsonObject progress = sync.progress;
    progress.insert("at"_L1, toRfc3339(sync.platformAt));
    if (progress == known)
        return Outcome{};
    inbox.settings.insert(kSync, progress);
    if (const auto done = inboxes::update(context.tx, inbox); !done)
        return done.error();
    return Outcome{};
}

} // namespace antiphon::inbound
