#include "core/channels/line/linewebhook.h"

#include "core/net/hmac.h"

namespace antiphon::line {

QString channelIdOf(const RawWebhook &hook)
{
    return QString::fromUtf8(QByteArray::fromPercentEncoding(hook.path.mid(hook.path.lastIndexOf('/') + 1))).trimmed();
}

Verification verifySignature(const RawWebhook &hook, const QString &channelSecret)
{
    constexpr auto kStrict = QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors;
    const auto header = singleHeader(hook.headers, "x-line-signature");
    if (channelSecret.isEmpty() || !header)
        return Verification::Refused;
    const QByteArray signature = QByteArray::fromBase64(header->trimmed(), kStrict);
    return equalConstantTime(hmacSha256(channelSecret.toUtf8(), hook.body), signature) ? Verification::Valid : Verification::Refused;
}

} // namespace antiphon::line
