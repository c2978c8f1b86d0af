#include "core/channels/twilio/twiliosignature.h"

#include "core/channels/twilio/twilioform.h"
#include "core/net/hmac.h"

#include <QCryptographicHash>

#include <algorithm>

namespace antiphon::twilio {

namespace {

constexpr qsizetype kMostAddresses = 6;          // newest first: a webhook of an older one is not under way any more
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

/// What of a form's fields is signed behind the address.
QByteArray signedText(const QByteArray &form)
{
    FormFields fields = parseForm(form);
    std::sort(fields.begin(), fields.end());
    fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
    QByteArray text;
    for (const auto &[name, value] : std::as_const(fields))
        text += name + value;
    return text;
}

} // namespace

QByteArray signatureOf(const QByteArray &url, const QByteArray &form, const QString &authToken)
{
    return hmacSha1(authToken.toUtf8(), url + signedText(form)).toBase64();
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
    const QByteArray key = app.appSecret.toUtf8();
    const QByteArray text = signedText(form);
    if (text.isEmpty() && !form.isEmpty())
        return Verification::Refused;
    bool isRight = false;
    const QList<QByteArray> urls = candidates(hook, app.addresses.first(std::min(app.addresses.size(), kMostAddresses)));
    for (const QByteArray &url : urls)
        isRight = equalConstantTime(hmacSha1(key, url + text).toBase64(), given) || isRight;
    return isRight ? Verification::Valid : Verification::Refused;
}

} // namespace antiphon::twilio
