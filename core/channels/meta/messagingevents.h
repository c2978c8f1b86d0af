#pragma once

#include "core/channels/credentials.h"
#include "core/channels/inbound.h"
#include "core/channels/meta/dialect.h"
#include "core/channels/webhook.h"

#include <QJsonObject>

/// The events of direct messages, which Instagram and Messenger tell in one language.
namespace antiphon::meta {

/// A delivery's events in their order: the elements of `messaging`, `standby` and `changes` of every entry, and of every object where the body is
/// wrapped in an array. A body about another object has none. One broken element harms no other. BadPayload: no JSON.
/// @see https://developers.facebook.com/docs/messenger-platform/webhooks
/// @see https://developers.facebook.com/docs/instagram-platform/webhooks/examples
Result<QList<SplitEvent>> splitMessaging(const Dialect &dialect, const RawWebhook &hook, const AppCredentials &app);

/// What stands around an element.
struct ElementSource {
    QString account{};                       ///< the entry's id
    std::optional<Timestamp> entryAt{};      ///< for elements without a time
    QString appId{};                         ///< ours; empty: not known
    bool isStandby = false;                  ///< another application has the thread
    bool isListed = false;                   ///< of the Conversations API, which names no applications
};

/// The events of one element in the webhooks' spelling; the lists use it too, so their keys and lanes are the same.
QList<SplitEvent> splitElement(const Dialect &dialect, const ElementSource &source, const QJsonObject &element);

/// What a split event says.
Result<InboundEvent> readMessaging(const Dialect &dialect, const SplitEvent &event);

/// The tag of our own sends: "antiphon:" and the key of the send.
inline constexpr char kSendTag[] = "antiphon:";

} // namespace antiphon::meta
