#include "core/store/apprepository.h"

namespace antiphon::apps {
namespace {
using namespace Qt::StringLiterals;
}

Result<QList<App>> list(ReadTransaction &tx)
{
    QList<App> found;
    Query q = tx.query(u"SELECT channel, settings, updated_at FROM app ORDER BY channel"_s);
    while (q.next()) {
        if (const auto channel = channelFromName(q.text(0)))
            found.append({.channel = *channel, .settings = q.json(1), .updatedAt = q.time(2)});
    }
    if (!q.ok())
        return q.error();
    return found;
}

Result<std::optional<App>> find(ReadTransaction &tx, Channel channel)
{
    const auto all = list(tx);   // one row a platform
    if (!all)
        return all.error();
    for (const App &app : *all) {
        if (app.channel == channel)
            return std::optional(app);
    }
    return std::optional<App>();
}

Result<void> store(WriteTransaction &tx, Channel channel, const QJsonObject &settings)
{
    Query q = tx.query(u"INSERT INTO app (channel, settings, updated_at) VALUES (:channel, :settings, :now)"
                       " ON CONFLICT (channel) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at"_s);
    q.bind(":channel"_L1, channelName(channel)).bind(":settings"_L1, settings).bind(":now"_L1, tx.now());
    return q.exec();
}

} // namespace antiphon::apps
