#include "core/server/healthroute.h"

#include <algorithm>

namespace antiphon {

QByteArray probeNonce(const RequestHead &head)
{
    constexpr QByteArrayView kKey = "probe=";
    constexpr qsizetype kMaxNonce = 128;
    const QByteArrayView query = head.query();
    if (!query.startsWith(kKey))
        return {};
    const QByteArrayView nonce = query.sliced(kKey.size());
    const bool isPlain = std::all_of(nonce.begin(), nonce.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    return isPlain && nonce.size() <= kMaxNonce ? nonce.toByteArray() : QByteArray();
}

} // namespace antiphon
