#include "core/channels/whatsapp/whatsappsource.h"

#include "core/base/json.h"
#include "core/channels/whatsapp/whatsappkinds.h"

#include <QCryptographicHash>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

QString Source::owner() const
{
    if (!account.isEmpty())
        return account;
    return group.isEmpty() ? u"nobody"_s : group;
}

QString Source::hashKey(const QJsonObject &content) const
{
    const QByteArray bytes = field.toUtf8() + '\n' + stamp.toUtf8() + '\n' + json::toBytes(content);
    return u"x:"_s + QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

SplitEvent Source::make(QLatin1StringView kind, const QString &key, const QJsonObject &content) const
{
    SplitEvent event{.account = account, .dedupeKey = key, .kind = kind, .platformAt = at, .payload = {{"content"_L1, content}}};
    if (account.isEmpty())
        event.accountGroup = group;
    return event;
}

SplitEvent Source::broken(QLatin1StringView kind, const QJsonObject &content, const QString &why) const
{
    SplitEvent event = make(kind, hashKey(content), content);
    event.target = owner();
    event.broken = why;
    return event;
}

SplitEvent Source::ignored(const QJsonObject &content, const QString &why) const
{
    SplitEvent event = make(kind::kIgnored, hashKey(content), content);
    event.target = owner();
    event.payload.insert("reason"_L1, why);
    return event;
}

} // namespace antiphon::whatsapp
