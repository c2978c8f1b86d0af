#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/result.h"
#include "core/domain/message.h"

#include <QJsonObject>
#include <QList>

#include <variant>

namespace antiphon {

/// One event of a delivery, as it is stored: found by the Splitter, applied in its lane.
struct SplitEvent {
    InboxId inbox{};                        ///< the inbox it belongs to, where the address it came to names it; null: by `account`
    QString account{};                      ///< external id of the inbox it belongs to
    QStringList otherAccounts{};            ///< further external ids that it may go by, tried in order
    QJsonObject ofSettings{};               ///< what the settings of that inbox must say beside it, e.g. {"account_sid": "AC…"}; else it is nobody's here
    QString accountGroup{};                 ///< where `account` is empty: the value of the setting ChannelAdapter::groupSetting, for every inbox that has it
    QString lane{};                         ///< one customer thread, always the customer; empty: order does not matter, spread by `target`
    QString dedupeKey{};                    ///< the same whether it came by webhook, repeat or list
    QString kind{};                         ///< "message", "echo", "read", "reaction", "referral", "pull", "authorization_removed", "unknown" …
    QString target{};                       ///< source id or thread that a status, read mark or reaction is about
    std::optional<Timestamp> platformAt{};
    QJsonObject payload{};                  ///< what `ChannelAdapter::read` needs, e.g. the platform's own object
    QString broken{};                       ///< why this one entry can't be read (it becomes a dead event; the others go on)
    QJsonObject inboxSettings{};            ///< when it is read: those of its inbox as they are by then; not stored with it
};

/// A file or card that came with a message. Files are fetched later, by `remote`.
struct InboundAttachment {
    Attachment::Kind kind = Attachment::Kind::File;
    QString name{};
    QString mime{};
    QString embedUrl{};
    QString title{};
    QJsonObject remote{};                   ///< what `ChannelAdapter::fetchMedia` needs; empty where there is no file
    bool isVoice = false;                   ///< of audio: a voice note
    std::optional<double> latitude{};
    std::optional<double> longitude{};
    std::optional<int> durationMs{};
    std::optional<int> width{};             ///< px, as the platform tells it; what the bytes say goes first
    std::optional<int> height{};            ///< px
    qint64 size = 0;                        ///< bytes, where the platform tells it beforehand
    QString failure{};                      ///< not empty: there is no file to be had, and why, a word ("too_large", "expired")
};

/// The customer, as far as the event tells.
struct InboundCustomer {
    QString contactSourceId{};              ///< the address to answer to: unique in the inbox (TikTok: the conversation id)
    QString platformUserId{};
    QString username{};
    QString displayName{};                  ///< empty where only the list calls tell it
    QString phoneNumber{};                  ///< E.164 with "+"; empty where the platform doesn't say
    QStringList aliases{};                  ///< other addresses of the same person, in the order they are looked up; kept with the customer
    QString person{};                       ///< of somebody with several addresses in this inbox, each a thread of its own: the same for all of them
    QJsonObject attributes{};               ///< what the platform says beside it, for the contact's custom attributes; null values take away
    QStringList variants{};                 ///< other spellings of the address, to find the customer by; not kept
    std::optional<bool> isFollower{};
};

/// A message as it came, or one that an owner's phone brings along from before (`isHistory`).
struct InboundMessage {
    enum class Origin {
        Customer,
        OwnApi,          ///< an echo of what an API sent: ours, or another tool's
        NativeApp,       ///< for certain written in the platform's own app or web page
        Automatic        ///< the platform's own automatic message
    };
    InboundCustomer customer{};
    Origin origin = Origin::Customer;
    QString sourceId{};
    QString content{};
    QList<TextEntity> entities{};
    Message::ContentType contentType = Message::ContentType::Text;
    QList<InboundAttachment> attachments{};
    QString inReplyToSourceId{};
    QString rawType{};                      ///< of an unsupported kind
    Timestamp platformAt{};
    bool maybeNativeApp = false;            ///< of OwnApi: the platform doesn't tell an API from its own app; what no send of ours explains was written there
    bool isSurelyOurs = false;              ///< of OwnApi: sent with this very account's token; what no send of ours explains is nobody's message
    QString sendKey{};                      ///< of an echo: the key our own send gave along; empty: none
    QString senderName{};                   ///< of an echo that another application sent: who, where the platform tells
    QJsonObject referral{};                 ///< the advertisement or link it came by: {source, headline, body, url, media_url, ref, ad_id, …}
    QJsonObject detail{};                   ///< what an `interactive` or `unsupported` message was in the platform's words, for the details view
    bool opensWindow = true;                ///< of the customer: the reply window counts from it
    bool isForwarded = false;
    bool isElsewhere = false;               ///< another application has the thread now: nobody can answer from here
    bool isHistory = false;                 ///< from before: no unread, no notification, no window; its conversation is made resolved
    std::optional<MessageStatus> status{};  ///< of an outgoing one from before
    QString groupId{};                      ///< of an album: its messages have the same one
    QString replyToken{};                   ///< good for one answer, soon after; empty: the platform gives none
    QJsonObject tokens{};                   ///< what the platform wants to hear when this message is quoted or marked as read: kept beside it, never shown
    QJsonObject attributes{};               ///< put into the conversation's attributes; null values take away
    std::optional<Timestamp> editedAt{};    ///< it came in other words than it was first sent with
    bool completes = false;                 ///< a message that is here as a placeholder gets these attachments
};

/// How far one of our own messages came.
struct InboundStatus {
    QString messageSourceId{};              ///< may be unknown yet
    QString sendKey{};                      ///< the key our send gave along; empty: none
    StatusEvent status = StatusEvent::Accepted;      ///< Accepted, Delivered, Read or Refused
    std::optional<ExternalError> error{};   ///< of Refused
    QStringList alsoAbout{};                ///< further messages of which the same is said
    Timestamp platformAt{};
};

/// Everything up to `readUpTo` (the platform's time) was read by the customer, or has reached them.
struct InboundRead {
    QString contactSourceId{};
    Timestamp readUpTo{};
    QString messageSourceId{};              ///< where it is said by a message: that one and all earlier ones; then `readUpTo` is the time of the telling
    bool isDelivery = false;                ///< reached, not read
};

/// What somebody wrote is other words now.
struct InboundEdit {
    QString contactSourceId{};
    QString messageSourceId{};              ///< waits for it where it isn't here yet
    QString content{};
    QList<TextEntity> entities{};
    std::optional<InboundMessage> whole{};  ///< all of it as it is now, where the platform tells: stored as edited where it isn't here yet
    int revision = 0;                       ///< counts up; 0: the platform doesn't count, the later `platformAt` stands
    Timestamp platformAt{};
};

/// What somebody wrote is taken back: the row stays without its content.
struct InboundRevoke {
    QString contactSourceId{};
    QString messageSourceId{};
    Timestamp platformAt{};
};

/// A line in the customer's thread that is nobody's message: a changed number, a handed over thread.
struct InboundActivity {
    InboundCustomer customer{};
    QJsonObject activity{};                 ///< {kind, …}
    bool opensConversation = false;         ///< where there is none, one is made silently; else the line is dropped
    QString replyToken{};                   ///< as of a message
    QJsonObject attributes{};               ///< put into the conversation's attributes; null values take away
    Timestamp platformAt{};
};

/// A person lets this account act in their own chats, or does so no more: kept in the inbox's settings as business_connections.<ownerId>.
struct InboundConnection {
    QString ownerId{};
    QString threadPrefix{};                 ///< what the addresses of this owner's threads begin with: "b6600000001/"
    QJsonObject connection{};               ///< {id, name, username, enabled, can_reply, can_read, revision}
    QString cannotReply{};                  ///< why nothing can be sent in those threads, a word; empty: it can
    qint64 revision = 0;                    ///< counts up: an older one changes nothing
};

/// The owner's address book on the phone.
struct InboundContactCard {
    InboundCustomer customer{};
    bool isRemoved = false;                 ///< not in the address book any more: the contact stays
    Timestamp platformAt{};
};

/// How far the owner's history has come in.
struct InboundSyncProgress {
    QJsonObject progress{};                 ///< {phase, chunk, percent} or {declined: true, code}
    Timestamp platformAt{};
};

/// Something the owner must know of the account; it stands in the inbox's notice until it is over.
struct InboundNotice {
    QString kind{};                         ///< a word; empty: what stood there is over
    QString detail{};
    bool needsOwner = false;                ///< nothing can be sent until the owner has connected anew
};

/// A message template of the account is another now: the list must be fetched anew.
struct InboundTemplateChange {
    QString name{};
    QString language{};
    QString event{};                        ///< "APPROVED", "REJECTED" …
    QString reason{};
};

struct InboundReaction {
    QString contactSourceId{};
    QString messageSourceId{};
    QString senderPlatformId{};
    bool fromCustomer = true;
    bool isRemoval = false;
    QString emoji{};
    bool isOneOfMany = false;               ///< one person may have several at one message; else it takes the place of their former one
    Timestamp platformAt{};
};

/// Where the customer came from: an advertisement or a link.
struct InboundReferral {
    InboundCustomer customer{};
    QJsonObject referral{};                 ///< {source, ad_id, ad_name, ref, at}
    bool isLine = true;                     ///< it leaves a line in an open conversation; else it is only an attribute of it
};

/// Somebody wrote, but what and who must be fetched by the list calls.
struct InboundPull {
    Timestamp platformAt{};
};

struct InboundAuthorizationRemoved {};

/// Known and of no use to us.
struct InboundIgnored {
    QString reason{};
};

using InboundEvent = std::variant<InboundMessage, InboundStatus, InboundRead, InboundReaction, InboundEdit, InboundRevoke, InboundReferral, InboundActivity,
                                  InboundContactCard, InboundSyncProgress, InboundNotice, InboundConnection, InboundTemplateChange, InboundPull, InboundAuthorizationRemoved,
                                  InboundIgnored>;

} // namespace antiphon
