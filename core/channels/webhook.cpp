#include "core/channels/webhook.h"

namespace antiphon {

std::optional<QByteArray> singleHeader(const HttpHeaders &headers, QByteArrayView name)
{
    std::optional<QByteArray> found;
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) != 0)
            continue;
        if (found)
            return std::nullopt;
        found = value;
    }
    return found;
}

} // namespace antiphon
