#pragma once

#include "core/base/clock.h"
#include "core/domain/channel.h"

#include <QByteArray>
#include <QList>
#include <QPair>

#include <chrono>
#include <functional>
#include <optional>

namespace antiphon {

/// A request of the world to the intake port, exactly as it came: nothing is decoded, repeated headers stay repeated (whoever checks a signature
/// refuses more than one).
struct WebhookRequest {
    Channel channel{};      ///< whose route it came by
    QByteArray method{};
    QByteArray path{};      ///< not decoded
    QByteArray query{};     ///< behind the '?', not decoded
    QByteArray segment{};   ///< what the route names in braces (phone number, inbox or channel id), percent-decoded; else empty
    QList<QPair<QByteArray, QByteArray>> headers{};
    QByteArray body{};
    Timestamp receivedAt{};
};

struct WebhookReply {
    int status = 200;
    QByteArray body{};
    QByteArray contentType{};
    std::optional<std::chrono::seconds> retryAfter{};
};

/// Handles one request. `done` is called once, at any time, in the net thread; a reply that comes after its client, or after 60 s, is dropped.
using WebhookHandler = std::function<void(const WebhookRequest &request, std::function<void(const WebhookReply &)> done)>;

} // namespace antiphon
