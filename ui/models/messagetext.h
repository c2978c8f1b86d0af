#pragma once

#include "core/domain/channel.h"
#include "core/domain/message.h"

namespace antiphon {

/// "Photo", "Voice message", "Shared post" …
QString attachmentWord(const Attachment &attachment);
/// What stands above a picture or video that is somebody's story, in this language; empty for everything else.
QString storyCaption(const Attachment &attachment);
/// Why there is no file, one sentence; empty where it is there or still coming.
QString attachmentProblem(const Attachment &attachment);
/// What is doubtful of a file that is there; empty where nothing is.
QString attachmentDoubt(const Attachment &attachment);
/// "Came by the ad “…”": what led the customer here; empty where nothing is known.
QString referralText(const QJsonObject &referral);
/// The icon that stands before the word.
QLatin1StringView attachmentIcon(Attachment::Kind kind);

/// The sentence of an activity row in the agent's language, made from Message::activity `{kind, actor_name, from, to, …}`.
QString activityText(const Message &message);

/// What an unsupported row says, by channel; the platform's own word is for the tooltip.
QString unsupportedText(Channel channel);

/// The advisory note's tooltip and two lines above the composer.
QString nativeAppToolTip(Channel channel);
QString nativeAppAdvisory(Channel channel);
/// Who sent an echo where it wasn't a person in the platform's own app: "sent by @name", "Automatic"; else "Native app".
QString echoWord(const Message &message);
/// Whether an echo was written by a person in the platform's own app, as far as the platform tells.
bool isNativeEcho(const Message &message);
/// An echo that nobody typed: the welcome or away message that the platform sends by itself.
bool isAutomaticEcho(const Message &message);

/// One line of a message for a list's card or a quote.
struct MessagePreview {
    QLatin1StringView icon{};         ///< "reply", "phone-mobile", "lock", "info", "alert-circle", or an attachment's; empty for none
    bool isFailed = false;            ///< prefix "Not sent:" in the failure colour
    QString text{};                   ///< one line, plain, capped
};
MessagePreview messagePreview(const Message &message, Channel channel);

} // namespace antiphon
