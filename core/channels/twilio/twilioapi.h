#pragma once

#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/channels/twilio/twilioform.h"
#include "core/net/http.h"

#include <QJsonObject>

/// Calls to Twilio's REST interfaces: made and read in one way. All its hosts stand behind the one override.
namespace antiphon::twilio {

enum class Host { Api, Messaging, Content };

/// Whether repeating a call could do its work twice.
enum class Repeatable { Yes, No };

using Fields = QList<QPair<QString, QString>>;

QUrl hostUrl(Host host, const ChannelEndpoints &endpoints, const QString &path, const Fields &query = {});

/// "<api>/2010-04-01/Accounts/<sid>/<path>"; an empty path: "…/<sid>.json".
QUrl accountUrl(const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &path, const Fields &query = {});

/// An address that Twilio told, absolute or from its root on, behind our own: where the override is, where there is one. Invalid: it is none of Twilio's.
QUrl toldUrl(const QString &told, Host host, const ChannelEndpoints &endpoints);

/// `Authorization: Basic` of the API key, where there is one, else of the account.
QByteArray authorization(const InboxCredentials &inbox);
QByteArray accountAuthorization(const InboxCredentials &inbox);

HttpRequest get(const QUrl &url, const InboxCredentials &inbox);
HttpRequest postForm(const QUrl &url, const Fields &fields, const InboxCredentials &inbox);
HttpRequest postJson(const QUrl &url, const QJsonObject &body, const InboxCredentials &inbox);

/// The object of an answer. Errors have Twilio's code in `code`, else the HTTP status.
/// @param repeatable No: where Twilio may have acted, the error is OutcomeUnknown.
Result<QJsonObject> readAnswer(const HttpReply &reply, Repeatable repeatable);

/// "Fri, 24 May 2019 17:44:46 +0000", or RFC 3339
std::optional<Timestamp> momentOf(const QString &text);

bool isOverridden(const ChannelEndpoints &endpoints);

} // namespace antiphon::twilio
