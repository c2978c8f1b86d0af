#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/result.h"
#include "core/domain/channel.h"

#include <QJsonObject>

namespace antiphon {

/// One account of a platform: where customers write to.
struct Inbox {
    enum class State { Active, ReauthorizationRequired, Disabled };
    enum class Delivery { Webhook, Poll, Both };

    InboxId id{};
    Channel channel{};
    QString name{};
    QString externalId{};                     ///< the platform's id of the account; unique per channel
    State state = State::Active;
    QJsonObject settings{};                   ///< by channel; never a secret
    Delivery delivery = Delivery::Webhook;
    QString webhookUrl{};                     ///< empty where no public address is known
    std::optional<int> replyWindowHours{};
    Timestamp createdAt{};
    QJsonObject limits{};                     ///< what the channel carries, for the composer: {text_limit, text_unit: "utf16"|"code_points"|"bytes",
                                              ///< attachments, text_with_attachment, mimes, attachment_bytes, bytes_by_mime: {mime: bytes}, quote, react, templates, choices,
                                              ///< files_by_link (the platform fetches them: nothing without a public address), reports_delivered, reports_read}
};

QString inboxStateName(Inbox::State state);
std::optional<Inbox::State> inboxStateFromName(QStringView name);
QString deliveryName(Inbox::Delivery delivery);
std::optional<Inbox::Delivery> deliveryFromName(QStringView name);

QJsonObject toJson(const Inbox &inbox);
Result<Inbox> inboxFromJson(const QJsonObject &json);

} // namespace antiphon
