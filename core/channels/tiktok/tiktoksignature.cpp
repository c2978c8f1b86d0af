#include "core/channels/tiktok/tiktoksignature.h"

#include "core/net/hmac.h"

namespace antiphon::tiktok {
namespace {

struct Parts {
    QByteArray stamp{};
    QByteArray signature{};      ///< 32 bytes
};

bool isDigits(const QByteArray &text)
{
    if (text.isEmpty() || text.size() > 15)
        return false;
    return std::all_of(text.cbegin(), text.cend(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<QByteArray> hexBytes(const QByteArray &text)
{
    const bool isHex = std::all_of(text.cbegin(), text.cend(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
    if (text.size() != 64 || !isHex)
        return std::nullopt;
    return QByteArray::fromHex(text);
}

std::optional<Parts> parse(const QByteArray &header)
{
    std::optional<QByteArray> stamp;
    std::optional<QByteArray> signature;
    const QList<QByteArray> pieces = header.split(',');
    for (const QByteArray &piece : pieces) {
        const qsizetype at = piece.indexOf('=');
        if (at < 0)
            continue;
        const QByteArray name = piece.first(at).trimmed();
        std::optional<QByteArray> *wanted = name == "t" ? &stamp : name == "s" ? &signature : nullptr;
        if (!wanted)
            continue;
        if (*wanted)
            return std::nullopt;
        *wanted = piece.sliced(at + 1).trimmed();
    }
    if (!stamp || !signature || !isDigits(*stamp))
        return std::nullopt;
    const auto bytes = hexBytes(*signature);
    return bytes ? std::optional(Parts{*stamp, *bytes}) : std::nullopt;
}

} // namespace

Verification verifySignature(const RawWebhook &hook, const QString &appSecret, std::chrono::seconds tolerance)
{
    const auto header = singleHeader(hook.headers, "TikTok-Signature");
    if (appSecret.isEmpty() || !header)
        return Verification::Refused;
    const auto parts = parse(*header);
    if (!parts || !equalConstantTime(hmacSha256(appSecret.toUtf8(), parts->stamp + '.' + hook.body), parts->signature))
        return Verification::Refused;
    const std::chrono::seconds stamp(parts->stamp.toLongLong());
    const auto received = std::chrono::duration_cast<std::chrono::milliseconds>(hook.receivedAt.time_since_epoch());
    const auto apart = received - stamp;
    return apart > tolerance || apart < -tolerance ? Verification::Stale : Verification::Valid;
}

} // namespace antiphon::tiktok
