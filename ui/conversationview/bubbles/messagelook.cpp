#include "ui/conversationview/bubbles/messagelook.h"

#include "ui/models/errortext.h"
#include "ui/models/messagetext.h"

#include <QCoreApplication>

namespace antiphon {
namespace {

constexpr std::chrono::hours kRetryFor{24};

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::MessageLook)
};

bool hasSender(const Message &message)
{
    return message.sender.type != Sender::Type::System;
}

bool isUnderWay(const Message &message)
{
    return message.status == MessageStatus::Queued || message.status == MessageStatus::Sending;
}

/// How far each channel tells of a message's fate (the failure is another line).
StatusMark furthest(Channel channel)
{
    switch (channel) {
    case Channel::Whatsapp:
    case Channel::Messenger:
    case Channel::Instagram:
    case Channel::Tiktok: return StatusMark::ChecksRead;
    case Channel::Twilio: return StatusMark::Checks;
    case Channel::Telegram:
    case Channel::Line: return StatusMark::Check;
    }
    Q_UNREACHABLE();
}

bool isTemplate(const Message &message)
{
    return message.direction == Message::Direction::Outgoing && (!message.templateSent.isEmpty() || message.contentType == Message::ContentType::Interactive);
}

} // namespace

bool isShown(const Message &message)
{
    return message.direction == Message::Direction::Activity || !message.attachments.isEmpty() || !message.content.isEmpty()
        || message.contentType == Message::ContentType::Unsupported || message.isDeleted || message.status == MessageStatus::Failed
        || message.externalError;
}

Variant variantOf(const Message &message)
{
    if (message.isPrivate)
        return Variant::Note;
    if (message.status == MessageStatus::Failed)
        return Variant::Error;
    if (message.contentType == Message::ContentType::Unsupported)
        return Variant::Unsupported;
    if (message.externalEcho)
        return Variant::Agent;
    switch (message.direction) {
    case Message::Direction::Incoming: return Variant::Customer;
    case Message::Direction::Activity: return Variant::Activity;
    case Message::Direction::Outgoing: break;
    }
    if (message.sender.type == Sender::Type::Bot || !hasSender(message))
        return Variant::Bot;
    return isTemplate(message) ? Variant::Template : Variant::Agent;
}

Side sideOf(const Message &message)
{
    if (message.direction == Message::Direction::Activity)
        return Side::Centre;
    if (message.direction == Message::Direction::Outgoing || !hasSender(message) || message.sender.type == Sender::Type::Agent
        || message.sender.type == Sender::Type::Bot || isUnderWay(message))
        return Side::End;
    return Side::Start;
}

BubbleKind bubbleKindOf(const Message &message)
{
    if (message.direction == Message::Direction::Activity)
        return BubbleKind::Activity;
    if (message.isDeleted)
        return BubbleKind::Deleted;
    if (message.contentType == Message::ContentType::Unsupported)
        return BubbleKind::Unsupported;
    if (message.attachments.size() != 1)
        return BubbleKind::Text;
    const Attachment::Kind kind = message.attachments.first().kind;
    if (kind == Attachment::Kind::Contact)
        return BubbleKind::Contact;
    if (kind == Attachment::Kind::Sticker)
        return BubbleKind::Sticker;
    if (!message.content.isEmpty())
        return BubbleKind::Text;
    switch (kind) {
    case Attachment::Kind::Image: return BubbleKind::Image;
    case Attachment::Kind::Video: return BubbleKind::Video;
    case Attachment::Kind::Audio: return BubbleKind::Audio;
    case Attachment::Kind::File: return BubbleKind::File;
    case Attachment::Kind::Embed: return BubbleKind::Embed;
    case Attachment::Kind::Location: return BubbleKind::Location;
    case Attachment::Kind::Sticker:
    case Attachment::Kind::Contact: break;
    }
    return BubbleKind::Text;
}

std::optional<AvatarLook> avatarOf(const Message &message)
{
    if (sideOf(message) != Side::End)
        return std::nullopt;
    if (message.externalEcho)
        return AvatarLook{.kind = AvatarLook::Kind::NativeApp, .name = echoWord(message)};
    if (!hasSender(message))
        return AvatarLook{.kind = AvatarLook::Kind::Bot, .name = message.sender.name.isEmpty() ? Words::tr("Bot") : message.sender.name};
    if (message.sender.type == Sender::Type::Bot) {
        return AvatarLook{.kind = AvatarLook::Kind::Bot, .name = message.sender.name.isEmpty() ? Words::tr("Bot") : message.sender.name,
                          .pictureUrl = message.sender.avatarUrl};
    }
    if (isTemplate(message))
        return AvatarLook{.kind = AvatarLook::Kind::Template, .name = message.sender.name};
    return AvatarLook{.kind = AvatarLook::Kind::Person, .name = message.sender.name, .seed = QStringLiteral("agent-") + message.sender.id,
                      .pictureUrl = message.sender.avatarUrl};
}

bool joins(const Message &row, const Message &next)
{
    if (row.direction == Message::Direction::Activity || next.direction == Message::Direction::Activity)
        return false;
    if (row.status == MessageStatus::Failed || next.status == MessageStatus::Failed)
        return false;
    if (row.sender.type != next.sender.type || row.sender.id != next.sender.id || row.externalEcho != next.externalEcho
        || row.isPrivate != next.isPrivate || (row.externalEcho && row.sender.name != next.sender.name))
        return false;
    if (isTemplate(row) && isTemplate(next))
        return false;
    if (row.direction != next.direction)
        return false;
    if (!row.groupId.isEmpty() && row.groupId == next.groupId)
        return true;                         // one album, also over the turn of a minute
    using std::chrono::floor;
    return floor<std::chrono::minutes>(row.createdAt) == floor<std::chrono::minutes>(next.createdAt);
}

std::optional<StatusMark> statusMark(const Message &message, Channel channel)
{
    if (message.direction != Message::Direction::Outgoing || message.isPrivate || message.isDeleted || !message.status)
        return std::nullopt;
    StatusMark reached = StatusMark::Clock;
    switch (*message.status) {
    case MessageStatus::Failed: return std::nullopt;
    case MessageStatus::Queued:
    case MessageStatus::Sending: return StatusMark::Clock;
    case MessageStatus::Sent: reached = StatusMark::Check; break;
    case MessageStatus::Delivered: reached = StatusMark::Checks; break;
    case MessageStatus::Read: reached = StatusMark::ChecksRead; break;
    }
    // Instagram tells of reading but not of delivery: an echo stored as delivered is shown as sent.
    if (channel == Channel::Instagram && reached == StatusMark::Checks)
        return StatusMark::Check;
    return std::min(reached, furthest(channel));
}

QString senderWord(const Message &message)
{
    if (message.direction == Message::Direction::Activity)
        return {};
    if (message.isPrivate)
        return Words::tr("Private note");
    if (message.externalEcho)
        return echoWord(message);
    if (message.direction != Message::Direction::Outgoing)
        return {};
    if (message.sender.type == Sender::Type::Bot || !hasSender(message))
        return message.sender.name.isEmpty() ? Words::tr("Bot") : message.sender.name;
    return isTemplate(message) ? Words::tr("Template") : QString();
}

RowActions rowActions(const Message &message)
{
    RowActions actions;
    if (message.direction == Message::Direction::Activity)
        return {.copy = true};
    actions.details = true;
    if (message.contentType == Message::ContentType::Unsupported || message.isDeleted)
        return actions;
    actions.copy = !message.content.isEmpty();
    const bool isSettled = !message.id.isNull() && message.status != MessageStatus::Failed && !isUnderWay(message);
    actions.reply = isSettled && !message.isPrivate;
    actions.react = isSettled && !message.isPrivate;
    actions.remove = isSettled && message.direction == Message::Direction::Outgoing && !message.externalEcho
        && (!message.content.isEmpty() || !message.attachments.isEmpty());
    return actions;
}

bool hasOwnReaction(const Message &message)
{
    return std::any_of(message.reactions.begin(), message.reactions.end(), [](const Reaction &reaction) { return reaction.sender.type != Sender::Type::Contact; });
}

QString retryOffReason(const Message &message, const RowTraits &traits, Timestamp now)
{
    if (message.externalEcho)
        return Words::tr("It was written in the platform's own app.");
    if (now - message.createdAt > kRetryFor)
        return Words::tr("It is older than a day. Write it again instead.");
    if (traits.templatesLeave && !message.templateSent.isEmpty())
        return {};
    return traits.retryOff;
}

} // namespace antiphon
