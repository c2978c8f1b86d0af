#include "core/channels/platformwords.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kMark = " [request "_L1;

} // namespace

QString toDetail(const PlatformWords &words)
{
    return words.requestId.isEmpty() ? words.text : words.text + kMark + words.requestId + u']';
}

PlatformWords fromDetail(const QString &detail)
{
    const qsizetype at = detail.lastIndexOf(kMark);
    if (at < 0 || !detail.endsWith(u']'))
        return {.text = detail};
    return {.text = detail.first(at), .requestId = detail.mid(at + kMark.size()).chopped(1)};
}

} // namespace antiphon
