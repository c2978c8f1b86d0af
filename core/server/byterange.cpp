#include "core/server/byterange.h"

#include "core/server/gate/requesthead.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace antiphon {
namespace {

std::optional<qint64> number(QByteArrayView digits)
{
    if (digits.isEmpty() || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    return digits.size() > 18 ? std::numeric_limits<qint64>::max() : digits.toLongLong();
}

} // namespace

ByteRange byteRange(QByteArrayView value, qint64 size)
{
    constexpr QByteArrayView kUnit = "bytes=";
    const ByteRange whole{.kind = ByteRange::Kind::Whole, .first = 0, .length = size};
    const ByteRange unsatisfiable{.kind = ByteRange::Kind::Unsatisfiable};
    if (value.size() <= kUnit.size() || !equalsIgnoringCase(value.first(kUnit.size()), kUnit) || value.indexOf(',') >= 0)
        return whole;
    const QByteArrayView spec = value.sliced(kUnit.size()).trimmed();
    const qsizetype dash = spec.indexOf('-');
    if (dash < 0)
        return whole;
    const auto last = number(spec.sliced(dash + 1));
    if (dash == 0) {                                   // the last so many bytes
        if (!last)
            return whole;
        const qint64 length = std::min(*last, size);
        return length == 0 ? unsatisfiable : ByteRange{ByteRange::Kind::Part, size - length, length};
    }
    const auto first = number(spec.first(dash));
    const bool isOpen = dash + 1 == spec.size();
    if (!first || (!last && !isOpen) || (last && *last < *first))
        return whole;
    if (*first >= size)
        return unsatisfiable;
    const qint64 end = isOpen ? size - 1 : std::min(*last, size - 1);
    return {ByteRange::Kind::Part, *first, end - *first + 1};
}

} // namespace antiphon
