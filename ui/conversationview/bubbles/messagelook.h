#pragma once

#include "core/domain/channel.h"
#include "core/domain/message.h"

#include <QString>

#include <optional>

namespace antiphon {

/// What all rows of a conversation have in common.
struct RowTraits {
    Channel channel = Channel::Tiktok;     ///< as shown: WhatsApp for Twilio's WhatsApp
    QString contactName{};
    bool canReact = false;                 ///< the channel takes reactions from us
    bool canQuote = true;                  ///< the channel takes answers to a message of the thread
    QString retryOff{};                    ///< why "Try again" is off for all; empty where it is on
    bool templatesLeave = false;           ///< what is off is so for free texts only
    friend bool operator==(const RowTraits &, const RowTraits &) = default;
};

/// The colour family of a row.
enum class Variant { Customer, Agent, Bot, Template, Note, Error, Unsupported, Activity };
enum class Side { Start, End, Centre };
enum class BubbleKind { Text, Image, Video, Audio, File, Sticker, Embed, Location, Contact, Unsupported, Deleted, Activity };
enum class StatusMark { Clock, Check, Checks, ChecksRead };

/// Who stands beside a row: only rows at the end side have one.
struct AvatarLook {
    enum class Kind { NativeApp, Bot, Template, Person };
    Kind kind = Kind::Person;
    QString name{};              ///< of the person; the words "Native app", "Bot" for the others
    QString seed{};
    QString pictureUrl{};
};

/// Whether a row draws anything; an empty message draws nothing.
bool isShown(const Message &message);

Variant variantOf(const Message &message);
Side sideOf(const Message &message);
BubbleKind bubbleKindOf(const Message &message);
std::optional<AvatarLook> avatarOf(const Message &message);

/// Whether a row is joined to the next shown one (activities looked past): small gap, no avatar, no meta line.
bool joins(const Message &row, const Message &next);

/// The highest state the channel can report that is at most the true one; nothing where no status is shown.
std::optional<StatusMark> statusMark(const Message &message, Channel channel);

/// The word before the time: "Native app", "Template", the bot's name, "Private note"; empty for agents and customers.
QString senderWord(const Message &message);

/// What the row's menu offers.
struct RowActions {
    bool copy = false;
    bool react = false;
    bool reply = false;
    bool remove = false;
    bool details = false;
};
RowActions rowActions(const Message &message);

/// Whether one of the reactions is ours: the business has one for each message.
bool hasOwnReaction(const Message &message);

/// Why "Try again" is off; empty where it is on. A message older than a day isn't tried again.
QString retryOffReason(const Message &message, const RowTraits &traits, Timestamp now);

} // namespace antiphon
