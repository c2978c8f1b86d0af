#include "core/intake/spliteventjson.h"

#include "core/base/json.h"

#include <QJsonArray>

namespace antiphon {

using namespace Qt::StringLiterals;

QByteArray fetchedBody(const QList<SplitEvent> &events)
{
    QJsonArray array;
    for (const SplitEvent &event : events) {
        QJsonObject object{{u"account"_s, event.account},
                           {u"lane"_s, event.lane},
                           {u"dedupe_key"_s, event.dedupeKey},
                           {u"kind"_s, event.kind},
                           {u"target"_s, event.target},
                           {u"payload"_s, event.payload},
                           {u"broken"_s, event.broken}};
        if (event.inbox)
            object.insert("inbox"_L1, event.inbox.toString());
        if (!event.otherAccounts.isEmpty())
            object.insert("other_accounts"_L1, QJsonArray::fromStringList(event.otherAccounts));
        if (!event.ofSettings.isEmpty())
            object.insert("of_settings"_L1, event.ofSettings);
        if (!event.accountGroup.isEmpty())
            object.insert("account_group"_L1, event.accountGroup);
        if (event.platformAt)
            object.insert("platform_at"_L1, toUnixMs(*event.platformAt));
        array.append(object);
    }
    return json::toBytes({{u"events"_s, array}});
}

Result<QList<SplitEvent>> eventsOfFetchedBody(const QByteArray &body)
{
    const auto root = json::parseObject(body);
    if (!root)
        return root.error();
    if (!root->value("events"_L1).isArray())
        return Error{Error::Kind::BadPayload, u"no events"_s};
    QList<SplitEvent> events;
    const QJsonArray array = root->value("events"_L1).toArray();
    for (const QJsonValue &entry : array) {
        const QJsonObject object = entry.toObject();
        const auto inbox = json::id<InboxId>(object, "inbox"_L1);
        if (!inbox)
            return inbox.error();
        SplitEvent event{.inbox = *inbox,
                         .account = json::string(object, "account"_L1),
                         .ofSettings = object.value("of_settings"_L1).toObject(),
                         .accountGroup = json::string(object, "account_group"_L1),
                         .lane = json::string(object, "lane"_L1),
                         .dedupeKey = json::string(object, "dedupe_key"_L1),
                         .kind = json::string(object, "kind"_L1),
                         .target = json::string(object, "target"_L1),
                         .payload = object.value("payload"_L1).toObject(),
                         .broken = json::string(object, "broken"_L1)};
        const QJsonArray others = object.value("other_accounts"_L1).toArray();
        for (const QJsonValue &other : others)
            event.otherAccounts.append(other.toString());
        if (const auto at = json::integer(object.value("platform_at"_L1)))
            event.platformAt = fromUnixMs(*at);
        events.append(event);
    }
    return events;
}

} // namespace antiphon
