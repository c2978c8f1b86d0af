#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/domain/message.h"

#include <QJsonObject>
#include <QList>

#include <variant>

namespace antiphon {

/// One event of a delivery, as it is stored: found by the Splitter, applied in its lane.
struct SplitEvent {
    QString account{};                      ///< external id of the inbox it belongs to
    QString lane{};                         ///< one customer thread, always the customer; empty: order does not matter, spread by `target`
    QString dedupeKey{};                    ///< the same whether it came by webhook, repeat or list
    QString kind{};                         ///< "message", "echo", "read", "reaction", "referral", "pull", "authorization_removed", "unknown" …
    QString target{};                       ///< source id or thread that a status, read mark or reaction is about
    std::optional<Timestamp> platformAt{};
    QJsonObject payload{};                  ///< what `ChannelAdapter::read` needs, e.g. the platform's own object
    QString broken{};                       ///< why this one entry can't be read (it becomes a dead event; the others go on)
};

/// A file or card that came with a message. Files are fetched later, by `remote`.
struct InboundAttachment {
    Attachment::Kind kind = Attachment::Kind::File;
    QString name{};
    QString mime{};
    QString embedUrl{};
    QString title{};
    QJsonObject remote{};                   ///< what `ChannelAdapter::fetchMedia` needs; empty where there is no file
};

/// The customer, as far as the event tells.
struct InboundCustomer {
    QString contactSourceId{};              ///< the address to answer to: unique in the inbox (TikTok: the conversation id)
    QString platformUserId{};
    QString username{};
    QString displayName{};                  ///< empty where only the list calls tell it
    std::optional<bool> isFollower{};
};

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
};

/// Everything up to `readUpTo` (the platform's time) was read by the customer.
struct InboundRead {
    QString contactSourceId{};
    Timestamp readUpTo{};
};

struct InboundReaction {
    QString contactSourceId{};
    QString messageSourceId{};
    QString senderPlatformId{};
    bool fromCustomer = true;
    bool isRemoval = false;
    QString emoji{};
    Timestamp platformAt{};
};

/// Where the customer came from: an advertisement or a link.
struct InboundReferral {
    InboundCustomer customer{};
    QJsonObject referral{};                 ///< {source, ad_id, ad_name, ref, at}
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

using InboundEvent = std::variant<InboundMessage, InboundRead, InboundReaction, InboundReferral, InboundPull, InboundAuthorizationRemoved, InboundIgnored>;

} // namespace antiphon
