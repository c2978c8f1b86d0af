#pragma once

#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/net/formdata.h"
#include "core/net/http.h"

#include <QJsonObject>

#include <functional>

/// Calls to Meta's Graph API: made and read in one way by WhatsApp, Instagram and Messenger.
namespace antiphon::meta {

inline constexpr char kGraphVersion[] = "v23.0";

/// Whether repeating a call could do its work twice.
enum class Repeatable { Yes, No };

/// What a channel knows of a code beyond the common ones: its kind, or nothing. `subcode` 0: none.
using KindOfCode = std::function<std::optional<Error::Kind>(qint64 code, qint64 subcode)>;

/// "<api>/v23.0/<path>" with its query.
QUrl graphUrl(const ChannelEndpoints &endpoints, const QString &path, const QueryItems &query = {});

/// `Authorization: Bearer`.
HttpRequest graphGet(const QUrl &url, const QString &token);
HttpRequest graphPost(const QUrl &url, const QJsonObject &body, const QString &token);

/// Hex HMAC-SHA256 of a token under the application's secret.
/// @see https://developers.facebook.com/docs/graph-api/guides/secure-requests#appsecret_proof
QString appSecretProof(const QString &token, const QString &appSecret);

/// The object of an answer without `error`. Errors carry "<code>" or "<code>.<subcode>" in `code`, and Meta's words with the fbtrace_id in `detail`
/// (see PlatformWords). @param repeatable No: where Meta may have acted, the error is OutcomeUnknown.
/// @see https://developers.facebook.com/docs/graph-api/guides/error-handling
Result<QJsonObject> readGraph(const HttpReply &reply, Repeatable repeatable, const KindOfCode &kindOfCode = {});

} // namespace antiphon::meta
