// What becomes of a message that is said already: other words, none any more, a reaction.

#include "core/intake/inboundcontext.h"
#include "core/store/attachmentrepository.h"
#include "core/store/seenrepository.h"

#include <algorithm>

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

Result<Sender> senderOf(const Context &context, const InboundReaction &reaction)
{
    if (!reaction.fromCustomer)
        return Sender{.type = Sender::Type::NativeApp};
    const auto address = contacts::findByAddress(context.tx, context.inboxId(), reaction.contactSourceId);
    if (!address)
        return address.error();
    return Sender{.type = Sender::Type::Contact, .id = *address ? (*address)->contactId.toString() : QString()};
}

Result<bool> react(const Context &context, MessageId id, const InboundReaction &reaction)
{
    if (reaction.isRemoval) {
        return reaction.isOneOfMany ? messages::removeReaction(context.tx, id, reaction.senderPlatformId, reaction.emoji, reaction.platformAt)
                      : messages::removeOnlyReaction(context.tx, id, reaction.senderPlatformId, reaction.platformAt);
    }
    const auto sender = senderOf(context, reaction);
    if (!sender)
        return sender.error();
    const Reaction stored{.emoji = reaction.emoji, .sender = *sender};
    if (!reaction.isOneOfMany)
        return messages::setOnlyReaction(context.tx, id, reaction.senderPlatformId, stored, reaction.platformAt);
    const auto done = messages::setReaction(context.tx, id, reaction.senderPlatformId, stored, reaction.platformAt);
    return done ? Result<bool>(true) : Result<bool>(done.error());
}

bool isSameFile(const InboundAttachment &now, const attachments::AttachmentRow &known)
{
    // One file may be named anew in every event; this name stays.
    constexpr auto kUnique = "file_unique_id"_L1;
    const QJsonValue unique = now.remote.value(kUnique);
    const bool isSameRemote = unique.isString() ? unique == known.remote.value(kUnique) : now.remote == known.remote || !now.failure.isEmpty();
    const Attachment &file = known.attachment;
    const bool isCard = now.remote.isEmpty() && now.failure.isEmpty();
    return now.kind == file.kind && isSameRemote && now.latitude == file.latitude && now.longitude == file.longitude && now.embedUrl == file.embedUrl
        && (!isCard || (now.title == file.title && now.name == file.name));
}

Result<bool> hasOtherFiles(const Context &context, MessageId id, const QList<InboundAttachment> &now)
{
    const auto known = attachments::ofMessage(context.tx, id);
    if (!known)
        return known.error();
    return !std::equal(now.begin(), now.end(), known->begin(), known->end(), isSameFile);
}

bool isSameText(const InboundMessage &now, const messages::Words &said)
{
    return now.content == said.content && toJson(now.entities) == toJson(said.entities) && now.contentType == said.contentType && now.rawType == said.rawType;
}

/// The platform told all of it anew: only what can be seen is an edit, and only words that are others are kept beside it.
Result<Outcome> applyWhole(const Context &context, const InboundEdit &edit, const messages::MessageRef &message, const messages::Words &said)
{
    const InboundMessage &whole = *edit.whole;
    const auto hasFiles = hasOtherFiles(context, message.id, whole.attachments);
    if (!hasFiles)
        return hasFiles.error();
    const bool isSame = isSameText(whole, said);
    if (isSame && !*hasFiles)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"nothing that can be seen"_s};
    if (!isSame) {
        const auto done = messages::edit(context.tx, message.id, whole.content, whole.entities, said.revision + 1, edit.platformAt);
        if (!done)
            return done.error();
        const auto typed = messages::complete(context.tx, message.id,
                                              {.content = whole.content, .entities = whole.entities, .contentType = whole.contentType, .rawType = whole.rawType});
        if (!typed)
            return typed.error();
    } else if (const auto done = messages::setEditedAt(context.tx, message.id, edit.platformAt); !done) {
        return done.error();
    }
    if (*hasFiles) {
        if (const auto done = attachments::takeOff(context.tx, message.id); !done)
            return done.error();
        if (const auto done = insertAttachments(context, message.id, whole.attachments); !done)
            return done.error();
    }
    context.messageChanged(message.id, message.conversationId);
    return Outcome{.entityId = message.id.value()};
}

/// Whether the platform made several messages of this one, and only some of them have been taken back so far.
Result<bool> isPartOnly(const Context &context, const QString &sourceId, MessageId id)
{
    const auto ids = messages::sourceIds(context.tx, id);
    if (!ids)
        return ids.error();
    if (ids->size() < 2)
        return false;
    if (const auto done = messages::noteRevoked(context.tx, context.inboxId(), sourceId); !done)
        return done.error();
    for (const QString &one : *ids) {
        const auto isRevoked = messages::wasRevoked(context.tx, context.inboxId(), one);
        if (!isRevoked)
            return isRevoked.error();
        if (!*isRevoked)
            return true;
    }
    return false;
}

} // namespace

Result<Outcome> applyEdit(const Context &context, const InboundEdit &edit)
{
    const auto message = messages::findBySource(context.tx, context.inboxId(), edit.messageSourceId);
    if (!message)
        return message.error();
    if (!*message && edit.whole) {
        InboundMessage whole = *edit.whole;
        whole.editedAt = edit.platformAt;
        return applyMessage(context, whole);
    }
    if (!*message)
        return waitFor(context, u"waits_for_message"_s, kMessagePatience, u"unknown message"_s);
    // What an own send says here is the agent's markdown: the platform's rendering of it is no other words.
    if (edit.whole && (*message)->direction == Message::Direction::Outgoing && !(*message)->externalEcho)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"our own words"_s};
    const auto said = messages::words(context.tx, (*message)->id);
    if (!said)
        return said.error();
    if (said->isDeleted)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"taken back"_s};
    // Times are whole seconds with some platforms: of one second, what came later is the later.
    const bool isOlder = edit.revision > 0 ? edit.revision <= said->revision : said->editedAt && edit.platformAt < *said->editedAt;
    if (isOlder)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"older words"_s};
    if (edit.whole)
        return applyWhole(context, edit, **message, *said);
    const int revision = edit.revision > 0 ? edit.revision : said->revision + 1;
    if (const auto done = messages::edit(context.tx, (*message)->id, edit.content, edit.entities, revision, edit.platformAt); !done)
        return done.error();
    context.messageChanged((*message)->id, (*message)->conversationId);
    return Outcome{.entityId = (*message)->id.value()};
}

Result<Outcome> applyRevoke(const Context &context, const InboundRevoke &revoke)
{
    const auto message = messages::findBySource(context.tx, context.inboxId(), revoke.messageSourceId);
    if (!message)
        return message.error();
    if (!*message) {
        // Its own event may still be on its way: what comes then has no content any more.
        if (const auto done = messages::noteRevoked(context.tx, context.inboxId(), revoke.messageSourceId); !done)
            return done.error();
        return Outcome{};
    }
    const auto said = messages::words(context.tx, (*message)->id);
    if (!said)
        return said.error();
    if (said->isDeleted)
        return Outcome{.entityId = (*message)->id.value()};
    const auto hasRest = isPartOnly(context, revoke.messageSourceId, (*message)->id);
    if (!hasRest)
        return hasRest.error();
    if (*hasRest)
        return Outcome{.entityId = (*message)->id.value()};
    if (const auto done = messages::erase(context.tx, (*message)->id); !done)
        return done.error();
    if ((*message)->direction == Message::Direction::Incoming) {
        if (const auto done = SeenRepository::incomingRemoved(context.tx, (*message)->conversationId, (*message)->id); !done)
            return done.error();
    }
    context.messageChanged((*message)->id, (*message)->conversationId);
    return Outcome{.entityId = (*message)->id.value()};
}

Result<Outcome> applyReaction(const Context &context, const InboundReaction &reaction)
{
    const auto message = messages::findBySource(context.tx, context.inboxId(), reaction.messageSourceId);
    if (!message)
        return message.error();
    if (!*message)
        return waitFor(context, u"waits_for_message"_s, kMessagePatience, u"unknown message"_s);
    const MessageId id = (*message)->id;
    const auto said = messages::words(context.tx, id);
    if (!said)
        return said.error();
    if (said->isDeleted)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"taken back"_s};
    const auto isChanged = react(context, id, reaction);
    if (!isChanged)
        return isChanged.error();
    if (*isChanged)
        context.changed(u"message.updated"_s, id.value());
    return Outcome{.entityId = id.value()};
}

} // namespace antiphon::inbound
