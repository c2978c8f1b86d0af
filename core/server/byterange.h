#pragma once

#include <QByteArrayView>

namespace antiphon {

/// What a `Range` header asks of a file (RFC 9110, 14.2).
struct ByteRange {
    enum class Kind {
        Whole,          ///< no range, one we don't serve (several, another unit) or one that is malformed: the header is ignored
        Part,
        Unsatisfiable   ///< 416
    };
    Kind kind = Kind::Whole;
    qint64 first = 0;
    qint64 length = 0;
};

/// @param value of the header; empty where there is none
ByteRange byteRange(QByteArrayView value, qint64 size);

} // namespace antiphon
