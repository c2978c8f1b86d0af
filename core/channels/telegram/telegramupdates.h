#pragma once

#include "core/channels/inbound.h"
#include "core/channels/webhook.h"

#include <QJsonArray>

namespace antiphon::telegram {

/// The kinds of update that are asked for, by name and every time: a list that is left out leaves the former one as it was.
QJsonArray allowedUpdates();

/// Whose updates they are, and when they came.
struct UpdateSource {
    InboxId inbox{};
    QString account{};                   ///< the bot's id, where it is known
    std::optional<Timestamp> at{};       ///< for what has no time of its own
};

/// The events of one update, the same whether it was brought or asked for. Key: "u:<update_id>", with ":<message id>" where one update takes several
/// messages back. @see https://core.telegram.org/bots/api#update   (times: s since epoch, UTC)
QList<SplitEvent> splitUpdate(const QJsonObject &update, const UpdateSource &source);

/// A BusinessConnection that was asked for, as an event. Key: "bc:<connection>:<date>:<enabled>".
QList<SplitEvent> connectionEvents(const QJsonObject &connection, const UpdateSource &source);

/// One delivery is one update. BadPayload: no JSON object, or none with an update_id.
Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook);

/// The inbox that a webhook's path names: "/webhooks/telegram/7"; empty where it names none.
QString inboxOfPath(const QByteArray &path);

} // namespace antiphon::telegram
