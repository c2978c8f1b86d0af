#pragma once

#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/net/http.h"

#include <QJsonObject>

/// Calls to the Messaging API: made and read in one way.
namespace antiphon::line {

/// What a call that got no clear answer may have done.
enum class Call {
    Plain,           ///< repeating it does no harm
    Keyed,           ///< it carries a retry key: the same call with the same key does its work once
    Once             ///< it may have done its work, and nothing tells
};

QUrl apiUrl(const ChannelEndpoints &endpoints, const QString &path);

HttpRequest get(const QUrl &url, const QString &token);
HttpRequest send(const QByteArray &method, const QUrl &url, const QJsonObject &body, const QString &token);

/// The object of an answer; errors have the HTTP status in `code`, and LINE's words, with its number of the request, in `detail` (see PlatformWords).
/// Unavailable after a Keyed call: the same call with the same key settles it.
/// @see https://developers.line.biz/en/reference/messaging-api/#error-responses
Result<QJsonObject> readAnswer(const HttpReply &reply, Call call);

/// LINE's answer to a reply token that was used or is too old.
bool isDeadReplyToken(const Error &error);

} // namespace antiphon::line
