#pragma once

#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/net/formdata.h"
#include "core/net/http.h"

#include <QJsonValue>

namespace antiphon::telegram {

/// Whether a call may be made again when nobody knows what became of it.
enum class Repeatable { Yes, No };

/// The Bot API as one bot sees it. The token stands in every address, so these appear in no error's words.
/// @see https://core.telegram.org/bots/api#making-requests
class BotApi {
public:
    /// At the bot's own server (`settings.api_url`) where it has one, else at the channel's.
    BotApi(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

    HttpRequest post(const QString &method, const QJsonObject &parameters = {}) const;
    HttpRequest upload(const QString &method, FormData form) const;

    /// Where a file is that getFile named.
    QUrl fileUrl(const QString &path) const;

    /// `result` of {"ok": true, "result": …}. Conflict has in `field` who stands in the way of reading updates: "webhook_active" or "other_poller".
    Result<QJsonValue> read(const HttpReply &reply, Repeatable repeatable) const;

private:
    QString withoutToken(QString words) const;

    QUrl m_base;
    QString m_token;
};

/// A server of the owner's own: https anywhere; plain http on this machine or in its network. Invalid with `field` "api_url".
Result<QUrl> ownServer(const QString &address);

inline constexpr QLatin1StringView kApiUrl{"api_url"};

} // namespace antiphon::telegram
