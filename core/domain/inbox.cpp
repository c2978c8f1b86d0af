#include "core/domain/inbox.h"

#include "core/domain/names.h"
#include "core/domain/wire.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 3> kStates{u"active", u"reauthorization_required", u"disabled"};
constexpr std::array<QStringView, 3> kDeliveries{u"webhook", u"poll", u"both"};
} // namespace

QString inboxStateName(Inbox::State state) { return names::of(kStates, state); }
std::optional<Inbox::State> inboxStateFromName(QStringView name) { return names::find<Inbox::State>(kStates, name); }
QString deliveryName(Inbox::Delivery delivery) { return names::of(kDeliveries, delivery); }
std::optional<Inbox::Delivery> deliveryFromName(QStringView name) { return names::find<Inbox::Delivery>(kDeliveries, name); }

QJsonObject toJson(const Inbox &inbox)
{
    return {{u"id"_s, inbox.id.toString()},
            {u"channel"_s, channelName(inbox.channel)},
            {u"name"_s, inbox.name},
            {u"external_id"_s, json::orNull(inbox.externalId)},
            {u"state"_s, inboxStateName(inbox.state)},
            {u"settings"_s, inbox.settings},
            {u"delivery"_s, deliveryName(inbox.delivery)},
            {u"webhook_url"_s, json::orNull(inbox.webhookUrl)},
            {u"reply_window_hours"_s, json::orNull(inbox.replyWindowHours)},
            {u"created_at"_s, toRfc3339(inbox.createdAt)},
            {u"limits"_s, inbox.limits.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(inbox.limits)}};
}

Result<Inbox> inboxFromJson(const QJsonObject &json)
{
    const auto id = wire::ownId<InboxId>(json);
    if (!id)
        return id.error();
    const auto channel = channelFromName(json.value("channel"_L1).toString());
    if (!channel)
        return wire::unknownWord("channel"_L1);
    const auto state = inboxStateFromName(json.value("state"_L1).toString());
    if (!state)
        return wire::unknownWord("state"_L1);
    return Inbox{.id = *id,
                 .channel = *channel,
                 .name = json::string(json, "name"_L1),
                 .externalId = json::string(json, "external_id"_L1),
                 .state = *state,
                 .settings = json.value("settings"_L1).toObject(),
                 .delivery = deliveryFromName(json.value("delivery"_L1).toString()).value_or(Inbox::Delivery::Webhook),
                 .webhookUrl = json::string(json, "webhook_url"_L1),
                 .replyWindowHours = wire::number(json, "reply_window_hours"_L1),
                 .createdAt = wire::time(json, "created_at"_L1).value_or(Timestamp()),
                 .limits = json.value("limits"_L1).toObject()};
}

} // namespace antiphon
