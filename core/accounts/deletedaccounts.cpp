#include "core/accounts/deletedaccounts.h"

#include "core/base/json.h"
#include "core/store/settingrepository.h"

#include <QJsonArray>

namespace antiphon::deletedaccounts {
namespace {
using namespace Qt::StringLiterals;

const QString kKey = u"accounts.deleted"_s;
constexpr qsizetype kMost = 200;

Result<QJsonArray> read(ReadTransaction &tx)
{
    const auto value = settings::value(tx, kKey);
    if (!value)
        return value.error();
    return *value ? (*value)->toArray() : QJsonArray();
}

} // namespace

Result<void> remember(WriteTransaction &tx, const Inbox &inbox)
{
    const auto known = read(tx);
    if (!known)
        return known.error();
    QJsonArray all = *known;
    all.append(QJsonObject{{u"channel"_s, channelName(inbox.channel)},
                           {u"external_id"_s, inbox.externalId},
                           {u"name"_s, inbox.name},
                           {u"phone_number"_s, json::orNull(json::string(inbox.settings, "phone_number"_L1))},
                           {u"at"_s, toRfc3339(tx.now())}});
    while (all.size() > kMost)
        all.removeFirst();
    return settings::store(tx, kKey, all);
}

Result<QString> nameOf(ReadTransaction &tx, const QString &channel, const QString &externalId)
{
    const auto known = read(tx);
    if (!known)
        return known.error();
    for (qsizetype i = known->size() - 1; i >= 0; --i) {
        const QJsonObject account = known->at(i).toObject();
        if (json::string(account, "channel"_L1) != channel || json::string(account, "external_id"_L1) != externalId)
            continue;
        const QString number = json::string(account, "phone_number"_L1);
        return number.isEmpty() ? json::string(account, "name"_L1) : number;
    }
    return QString();
}

} // namespace antiphon::deletedaccounts
