#pragma once

#include "core/domain/channel.h"
#include "core/store/transaction.h"

/// The applications of the platforms: their settings. Their secrets stand sealed in `secret`.
namespace antiphon::apps {

struct App {
    Channel channel{};
    QJsonObject settings{};
    Timestamp updatedAt{};
};

Result<std::optional<App>> find(ReadTransaction &tx, Channel channel);
Result<QList<App>> list(ReadTransaction &tx);
Result<void> store(WriteTransaction &tx, Channel channel, const QJsonObject &settings);

} // namespace antiphon::apps
