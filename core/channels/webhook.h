#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/domain/channel.h"
#include "core/net/http.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace antiphon {

/// A webhook as it came in: what a signature is checked over and what is journalled.
struct RawWebhook {
    QByteArray method = "POST";
    HttpHeaders headers{};       ///< a header that came twice stands here twice
    QByteArray body{};
    QByteArray path{};           ///< "/webhooks/tiktok"; decoded: "/webhooks/whatsapp/+15550100001"
    QByteArray query{};          ///< percent-encoded, without "?"
    Timestamp receivedAt{};
};

/// The value of a header that occurs exactly once; nothing where it is absent or repeated.
std::optional<QByteArray> singleHeader(const HttpHeaders &headers, QByteArrayView name);

/// Whose secrets may have signed a request: an application's, and those of the one inbox that its path names.
struct WebhookKeys {
    QList<Channel> apps{};       ///< in this order
    QString inboxSetting{};      ///< "phone_number": the setting that names the inbox; "id" and "external_id" are the inbox's own; empty: the path names none
    QString inboxValue{};        ///< as in the settings
};

/// Where a platform brings its deliveries, and what it makes of our answers.
struct WebhookRules {
    /// Behind the public address: "/webhooks/tiktok". What stands in braces is an inbox's own, its "inbox_id" or one of its settings: then each inbox has an address
    /// of its own, "/webhooks/whatsapp/{phone_number}" or "/twilio/callback?inbox={inbox_id}"; else all inboxes of the application share it.
    QString path{};
    QStringList furtherPaths{};              ///< that are taken as well and told to the platform elsewhere, with each message that is sent, say
    bool isVerifiedByGet = false;            ///< the platform asks by GET whether the address is ours, with the verify token: `handshake` answers
    qint64 bodyLimit = 1024 * 1024;          ///< bytes; a longer delivery is refused unread
    QList<QByteArray> signatureHeaders{};    ///< lower case; journalled with the delivery beside what always is. No secrets
    bool signsAddress = false;               ///< the signature covers the address, too: what is on its way to a former one is believed as well
    QByteArray answer{};                     ///< the body of the 200, where the platform reads one
    QByteArray answerType{};                 ///< its Content-Type
    bool isRedelivered = true;               ///< what was answered by an error comes again
    bool hasOneReceiver = false;             ///< an account has one receiver at all: who connects it here, or has it delivered otherwise, wants it here
};

/// Whether each inbox has an address of its own.
bool hasOwnAddress(const WebhookRules &rules);

/// The path with its places still open, without a query: "/webhooks/telegram/{inbox_id}".
QString webhookRoute(const WebhookRules &rules);

/// An inbox's own: "/webhooks/telegram/7", "/twilio/callback?inbox=7". @param settings the inbox's
QString webhookPath(const WebhookRules &rules, InboxId inbox, const QJsonObject &settings);

/// Where a platform's consent page comes back to, behind the public address: "/tiktok/callback".
QString consentReturnPath(Channel channel);

/// The answer to a platform that asks whether an address is ours.
struct HandshakeReply {
    int status = 403;
    QByteArray body{};           ///< text/plain
};

/// What the signature says.
enum class Verification {
    Valid,
    Stale,      ///< right signature, but its time is outside the tolerance: taken and flagged
    Refused
};

} // namespace antiphon
