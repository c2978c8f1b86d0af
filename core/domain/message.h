#pragma once

#include "core/base/clock.h"
#include "core/domain/attachment.h"
#include "core/domain/messagestatus.h"

#include <QList>

namespace antiphon {

/// Who wrote a message.
struct Sender {
    enum class Type { Contact, Agent, Bot, NativeApp, System };
    Type type = Type::System;
    QString id{};            ///< decimal, of the contact or agent; empty for the others
    QString name{};
    QString avatarUrl{};
};

/// Formatting beside a plain text.
struct TextEntity {
    int offset = 0;          ///< Unicode code points
    int length = 0;          ///< Unicode code points
    QString kind{};          ///< "bold", "italic", "strike", "code", "pre", "link", "mention", "spoiler", "quote"
    QString url{};
};

struct Reaction {
    QString emoji{};
    Sender sender{};
};

/// Why a send failed. `code` is the platform's code or a word of ours; "outcome_unknown" where it may have arrived all the same.
struct ExternalError {
    QString code{};
    QString text{};
    bool retryable = false;
};

/// One row of a conversation: what a customer, an agent, the platform's own app or the system wrote.
struct Message {
    enum class Direction { Incoming, Outgoing, Activity };
    enum class ContentFormat { Plain, Markdown };
    enum class ContentType { Text, Embed, Location, Contacts, Sticker, Interactive, Unsupported };

    MessageId id{};
    ConversationId conversationId{};
    InboxId inboxId{};
    Direction direction = Direction::Incoming;
    QString content{};
    ContentFormat contentFormat = ContentFormat::Plain;
    QList<TextEntity> entities{};
    ContentType contentType = ContentType::Text;
    bool isPrivate = false;
    bool isDeleted = false;
    std::optional<Timestamp> editedAt{};
    QList<Reaction> reactions{};
    std::optional<MessageStatus> status{};        ///< none on incoming messages
    std::optional<ExternalError> externalError{};
    bool externalEcho = false;                    ///< written in the platform's own app, not here
    bool caughtUp = false;                        ///< fetched after the machine was away
    bool late = false;                            ///< arrived after younger ones
    bool arrivedTwice = false;                    ///< it was sent again after its answer was lost, and the first attempt had arrived, too
    QString sourceId{};                           ///< the platform's id
    MessageId inReplyTo{};
    QString clientId{};                           ///< the sender's own id from before it was stored
    Sender sender{};
    QList<Attachment> attachments{};
    Timestamp createdAt{};                        ///< the platform's time; order and reply window follow it
    Timestamp receivedAt{};                       ///< when this machine got it
    Timestamp updatedAt{};
    QJsonObject activity{};                       ///< of an activity row: {kind, …}, from which the ui makes the sentence
    QString rawType{};                            ///< the platform's word for an unsupported kind, for the tooltip
    QJsonObject referral{};                       ///< the advertisement or link it came by: {source, headline, body, url, media_url, ref, ad_id, …}
    QJsonObject detail{};                         ///< what it was in the platform's words, for the details view
    QJsonObject templateSent{};                   ///< the approved template it is sent as: {name, language, parameters}
    bool isForwarded = false;
    QString groupId{};                            ///< of an album: its messages have the same one; empty where it stands alone
};

QString directionName(Message::Direction direction);
std::optional<Message::Direction> directionFromName(QStringView name);
QString contentTypeName(Message::ContentType type);
std::optional<Message::ContentType> contentTypeFromName(QStringView name);
QString senderTypeName(Sender::Type type);
std::optional<Sender::Type> senderTypeFromName(QStringView name);

QJsonObject toJson(const Message &message);
Result<Message> messageFromJson(const QJsonObject &json);
QJsonArray toJson(const QList<TextEntity> &entities);
QList<TextEntity> entitiesFromJson(const QJsonArray &json);

inline constexpr char16_t kOutcomeUnknown[] = u"outcome_unknown";

} // namespace antiphon
