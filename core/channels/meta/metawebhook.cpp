#include "core/channels/meta/metawebhook.h"

#include "core/net/hmac.h"

#include <algorithm>

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView kScheme = "sha256=";
constexpr qsizetype kDigits = 64;

bool isHex(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

/// The value of a query's item: "+" is a blank, as in forms.
std::optional<QByteArray> queryValue(const QByteArray &query, QByteArrayView name)
{
    const QList<QByteArray> items = query.split('&');
    for (const QByteArray &item : items) {
        const qsizetype equals = item.indexOf('=');
        const QByteArray key = QByteArray::fromPercentEncoding(equals < 0 ? item : item.first(equals));
        if (key != name)
            continue;
        QByteArray value = equals < 0 ? QByteArray() : item.sliced(equals + 1);
        return QByteArray::fromPercentEncoding(value.replace('+', ' '));
    }
    return std::nullopt;
}

} // namespace

Verification verifySignature(const RawWebhook &hook, const QString &appSecret)
{
    const auto header = singleHeader(hook.headers, "X-Hub-Signature-256");
    if (appSecret.isEmpty() || !header)
        return Verification::Refused;
    const QByteArray value = header->trimmed();
    if (!value.startsWith(kScheme) || value.size() != kScheme.size() + kDigits || !isHex(QByteArrayView(value).sliced(kScheme.size())))
        return Verification::Refused;
    const QByteArray signature = QByteArray::fromHex(value.sliced(kScheme.size()));
    return equalConstantTime(hmacSha256(appSecret.toUtf8(), hook.body), signature) ? Verification::Valid : Verification::Refused;
}

WebhookRules webhookRules(const QString &path)
{
    constexpr qint64 kLongest = 4 * 1024 * 1024;
    return {.path = path, .isVerifiedByGet = true, .bodyLimit = kLongest, .signatureHeaders = {"x-hub-signature-256"}};
}

HandshakeReply handshake(const RawWebhook &hook, const QList<AppCredentials> &apps)
{
    const auto token = queryValue(hook.query, "hub.verify_token");
    const auto challenge = queryValue(hook.query, "hub.challenge");
    if (queryValue(hook.query, "hub.mode") != "subscribe" || !token || !challenge)
        return {.status = 403};
    bool isOurs = false;
    for (const AppCredentials &app : apps)
        isOurs = (!app.verifyToken.isEmpty() && equalConstantTime(app.verifyToken.toUtf8(), *token)) || isOurs;
    return isOurs ? HandshakeReply{.status = 200, .body = *challenge} : HandshakeReply{.status = 403};
}

} // namespace antiphon::meta
