#include "core/channels/webhook.h"

namespace antiphon {

using namespace Qt::StringLiterals;

std::optional<QByteArray> singleHeader(const HttpHeaders &headers, QByteArrayView name)
{
    std::optional<QByteArray> found;
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) != 0)
            continue;
        if (found)
            return std::nullopt;
        found = value;
    }
    return found;
}

bool hasOwnAddress(const WebhookRules &rules)
{
    return rules.path.contains(u'{');
}

QString webhookRoute(const WebhookRules &rules)
{
    return rules.path.section(u'?', 0, 0);
}

QString webhookPath(const WebhookRules &rules, InboxId inbox, const QJsonObject &settings)
{
    const qsizetype open = rules.path.indexOf(u'{');
    const qsizetype close = rules.path.indexOf(u'}', open);
    if (open < 0 || close < 0)
        return rules.path;
    const QString name = rules.path.sliced(open + 1, close - open - 1);
    return rules.path.first(open) + (name == "inbox_id"_L1 ? inbox.toString() : settings.value(name).toString()) + rules.path.sliced(close + 1);
}

QString consentReturnPath(Channel channel)
{
    return u'/' + channelName(channel) + u"/callback"_s;
}

} // namespace antiphon
