#include "core/channels/twilio/twiliosignature.h"

#include "core/channels/twilio/twilioform.h"
#include "core/net/hmac.h"

#include <QCryptographicHash>

#include <algorithm>

namespace antiphon::twilio {

namespace {

constexpr char kBodyHash[] = "bodySHA256";
/// What is registered behind the address; by Twilio's own words it is not signed.
constexpr char kFragment[] = "#rc=3&rp=all";

/// Twilio signs with or without the port that the scheme stands for, others only as written.
QList<QByteArray> withAndWithoutPort(const QByteArray &address)
{
    const qsizetype scheme = address.indexOf("://");
    if (scheme < 0)
        return {};
    const QByteArray standard = address.startsWith("https:") ? ":443" : ":80";
    const qsizetype host = scheme + 3;
    const qsizetype slash = address.indexOf('/', host);
    const QByteArray authority = address.first(slash < 0 ? address.size() : slash);
    const QByteArray prefix = address.sliced(authority.size());
    const qsizetype colon = authority.lastIndexOf(':');
    const bool hasPort = colon >= host && colon > authority.lastIndexOf(']');
    if (!hasPort)
        return {address, authority + standard + prefix};
    return authority.endsWith(standard) ? QList<QByteArray>{address, authority.chopped(standard.size()) + prefix} : QList<QByteArray>{address};
}

QList<QByteArray> candidates(const RawWebhook &hook, const QStringList &addresses)
{
    QList<QByteArray> urls;
    const QByteArray rest = hook.path + (hook.query.isEmpty() ? QByteArray() : '?' + hook.query);
    for (const QString &address : addresses) {
        QByteArray base = address.toUtf8();
        while (base.endsWith('/'))
            base.chop(1);
        const QList<QByteArray> spellings = withAndWithoutPort(base);
        for (const QByteArray &spelling : spellings)
            urls += {spelling + rest, spelling + rest + kFragment};
    }
    return urls;
}

} // namespace

QByteArray signatureOf(const QByteArray &url, const QByteArray &form, const QString &authToken)
{
    FormFields fields = parseForm(form);
    std::sort(fields.begin(), fields.end());
    fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
    QByteArray text = url;
    for (const auto &[name, value] : std::as_const(fields))
        text += name + value;
    return hmacSha1(authToken.toUtf8(), text).toBase64();
}

bool isJson(const RawWebhook &hook)
{
    const auto type = singleHeader(hook.headers, "content-type");
    return !valueOf(parseForm(hook.query), kBodyHash).isEmpty() || (type && type->trimmed().toLower().startsWith("application/json"));
}

Verification verifySignature(const RawWebhook &hook, const AppCredentials &app)
{
    const auto header = singleHeader(hook.headers, "X-Twilio-Signature");
    if (app.appSecret.isEmpty() || !header)
        return Verification::Refused;
    QByteArray form = hook.body;
    if (isJson(hook)) {
        const QByteArray told = valueOf(parseForm(hook.query), kBodyHash).toLower();
        if (!equalConstantTime(QCryptographicHash::hash(hook.body, QCryptographicHash::Sha256).toHex(), told))
            return Verification::Refused;
        form.clear();
    }
    const QByteArray given = header->trimmed();
    bool isRight = false;
    const QList<QByteArray> urls = candidates(hook, app.addresses);
    for (const QByteArray &url : urls)
        isRight = equalConstantTime(signatureOf(url, form, app.appSecret), given) || isRight;
    return isRight ? Verification::Valid : Verification::Refused;
}

} // namespace antiphon::twilio
