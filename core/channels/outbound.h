#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/domain/message.h"

#include <QByteArray>
#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QUrl>

namespace antiphon {

/// A file of an outgoing message.
struct OutboundAttachment {
    Attachment::Kind kind = Attachment::Kind::File;
    QString name{};
    QString mime{};                         ///< by its bytes
    qint64 size = 0;
    QByteArray bytes{};                     ///< present only while it is sent, and not where the channel fetches by `link`
    QUrl link{};                            ///< where the platform fetches it: made at the moment of sending, good for minutes
    QUrl previewLink{};                     ///< where the platform fetches a small picture of it, where the channel needs one; as `link`
    bool isVoice = false;
    std::optional<int> durationMs{};
    std::optional<int> width{};             ///< of pictures, pixels
    std::optional<int> height{};
};

/// A message that the platform approved beforehand, with what fills its places.
struct OutboundTemplate {
    QString id{};                           ///< the platform's own
    QString name{};
    QString language{};                     ///< "en_US"
    QJsonArray components{};                ///< as the platform has them defined
    QJsonObject values{};                   ///< {header: [text], body: [text] or {name: text}, buttons: [text]}; a header's file is the message's attachment
};

/// A message with buttons or a list to choose from.
struct OutboundChoice {
    struct Item {
        QString id{};
        QString title{};
        QString description{};
    };
    QList<Item> items{};
    QString button{};                       ///< what opens a list
};

/// What an agent wants to say, before it becomes one or more calls.
struct OutboundMessage {
    QString contactSourceId{};
    QString content{};                      ///< as the agent wrote it (markdown); the adapter renders it for the channel
    QList<OutboundAttachment> attachments{};
    QString quotedSourceId{};               ///< empty: no quote
    Message::ContentType quotedType = Message::ContentType::Text;
    bool conversationTakesImages = true;    ///< what the platform said about this thread
    std::optional<OutboundTemplate> fromTemplate{};      ///< then `content` is what it reads like
    std::optional<OutboundChoice> choice{};
    InboxId inbox{};                        ///< the inbox it leaves by
    QJsonObject inboxSettings{};            ///< of that inbox: ids, and its owner's choices
    QString publicUrl{};                    ///< "https://host" where this server can be reached now, for addresses that are told to the platform; empty: nowhere
    QJsonObject quotedTokens{};             ///< InboundMessage::tokens of the quoted one
    QString replyToken{};                   ///< of the customer's newest message, where it is still good and unused: it may be used up by this very call
    bool isByPerson = true;                 ///< an agent wrote it, no rule
    std::optional<Milliseconds> sinceCustomer{};         ///< since the customer's last message, at the moment of the check or send
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
    QStringList furtherSourceIds{};         ///< where one call made several messages: the others' ids, in order
    QJsonObject tokens{};                   ///< what the platform wants to hear when this message is quoted, as InboundMessage::tokens
    bool isUnderWay = false;                ///< it has the message, which has yet to leave it: `sending` until a status says more
    QString requestId{};
    QString customerAddress{};              ///< how the platform itself calls who got it, where it says; else empty
};

/// An agent's reaction to a message of the customer's, or to one of ours.
struct OutboundReaction {
    QString contactSourceId{};
    QString messageSourceId{};
    QString emoji{};                        ///< empty: taken back
};

/// What to do about a send that did not end well. The Error beside it has the platform's code and words.
enum class SendVerdict {
    Refused,            ///< final: the agent must know why
    NotTaken,           ///< surely not taken: try again by back-off
    RateLimited,        ///< try again later; the whole inbox waits
    SameAgain,          ///< it may have arrived, but the platform takes the same call with the same key once only: repeated as it is, by back-off
    PartyLimited,       ///< too much to this one customer: their thread waits, nobody else's
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
    bool hasDelivered = true;               ///< false: the platform knows no such step, what was sent stays so until it is read
    bool reportsRead = false;
    bool fetchesByLink = false;             ///< files go as links that the platform fetches: they need a public address
    bool canReact = false;
    bool hasTemplates = false;              ///< they may be sent when the reply window is closed
    bool canChoose = false;                 ///< takes buttons and lists
    QHash<QString, qint64> bytesByMime{};   ///< where a kind has a limit of its own
    int sendsPerSecond = 10;                ///< calls that an inbox may make, saved up for one second at most
    int sendsPerThread = 0;                 ///< calls to one customer in three seconds; 0: no such limit
    bool needsPreviews = false;             ///< pictures and videos go with a small picture beside them
    std::chrono::seconds linkLifetime = std::chrono::minutes(15);      ///< how long the platform may come for a file it was given the link of
    std::chrono::seconds sameKeyFor{0};     ///< how long it takes a call with the same key once only: SameAgain within it is harmless. 0: it knows no keys
    std::chrono::seconds typingEvery{4};    ///< "typing …" towards the customer no oftener than this
    std::chrono::seconds typingRepeatFor{0};       ///< and so long again and again while the agent types; 0: only when a seat says so
    int filesPerSecond = 10;                ///< of these, messages with files
};

} // namespace antiphon
