#pragma once

#include <QByteArray>
#include <QString>

namespace antiphon {

/// The name that `Content-Disposition: attachment; filename="…"; filename*=UTF-8''…` gives a file, the second before the first: never a path, no control
/// characters, 120 characters at most. Empty where it gives none.
/// @see RFC 6266
QString dispositionFileName(const QByteArray &header);

} // namespace antiphon
