#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/domain/message.h"

#include <QByteArray>
#include <QList>

namespace antiphon {

/// A file of an outgoing message.
struct OutboundAttachment {
    Attachment::Kind kind = Attachment::Kind::File;
    QString name{};
    QString mime{};                         ///< by its bytes
    qint64 size = 0;
    QByteArray bytes{};                     ///< present only while it is sent
};

/// What an agent wants to say, before it becomes one or more calls.
struct OutboundMessage {
    QString contactSourceId{};
    QString content{};                      ///< as the agent wrote it (markdown); the adapter renders it for the channel
    QList<OutboundAttachment> attachments{};
    QString quotedSourceId{};               ///< empty: no quote
    Message::ContentType quotedType = Message::ContentType::Text;
    bool conversationTakesImages = true;    ///< what the platform said about this thread
};

/// One call's worth of an outgoing message: its own source id, its own status.
struct OutboundPart {
    int index = 0;
    OutboundMessage message{};
};

/// The platform took it.
struct SendReceipt {
    QString sourceId{};
    std::optional<Timestamp> platformAt{};
    QString requestId{};
};

/// What to do about a send that did not end well. The Error beside it has the platform's code and words.
enum class SendVerdict {
    Refused,            ///< final: the agent must know why
    NotTaken,           ///< surely not taken: try again by back-off
    RateLimited,        ///< try again later; the whole inbox waits
    TokenRejected,      ///< refresh the token once and repeat; then the inbox needs its owner
    Unauthorized,       ///< the inbox needs its owner at once (a permission is missing)
    OutcomeUnknown      ///< it may have arrived: never repeated without saying so
};

/// How long to wait before each further try of something that was surely not taken.
struct RetrySchedule {
    QList<std::chrono::seconds> pauses{};
    bool goesOn = true;                     ///< the last pause again and again, until the message is too old; else the try behind it is the last
    bool jitters = true;                    ///< anything between nothing and the pause, so that many seats don't come at once
};

/// What a channel can carry, for the composer and for the refusals before the call.
struct ChannelLimits {
    int textLimit = 0;                      ///< in `textUnit`s
    enum class TextUnit { Utf16, CodePoints, Bytes } textUnit = TextUnit::Utf16;
    int attachmentsPerMessage = 0;
    bool textWithAttachment = false;
    QStringList attachmentMimes{};
    qint64 attachmentBytes = 0;
    bool canQuote = false;
    bool reportsDelivered = false;
    bool reportsRead = false;
};

} // namespace antiphon
