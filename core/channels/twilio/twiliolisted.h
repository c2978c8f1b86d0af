#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/net/http.h"

#include <QJsonObject>
#include <QList>
#include <QUrl>

#include <optional>

/// One message as the account's list gives it, read as a webhook would have told it.
/// @see https://www.twilio.com/docs/messaging/api/message-resource#message-properties
namespace antiphon::twilio {

/// When a listed message was: it may not have left yet. Nothing where the list says no time.
std::optional<Timestamp> timeOf(const QJsonObject &item);

/// A file of a listed message.
struct ListedFile {
    QString address{};
    QString mime{};
};

/// A listed message as the fields of a webhook.
QJsonObject fieldsOf(const QJsonObject &item, const QList<ListedFile> &files);

QUrl mediaListUrl(const QString &messageSid, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);
QList<ListedFile> listedFiles(const QJsonObject &answer);

/// Of one message its files; a list that can't be had is asked for again when the file itself is fetched.
/// Errors are those that hold for the whole account: Unauthorized, Forbidden, RateLimited, Network.
Result<QList<ListedFile>> readFiles(const HttpReply &reply);

} // namespace antiphon::twilio
