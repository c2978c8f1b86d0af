#pragma once

#include <QString>

namespace antiphon {

/// A platform's sentence and its own number of the request, which its support asks for. In `Error::detail` both stand in one line:
/// "words [request 2026…]".
struct PlatformWords {
    QString text{};
    QString requestId{};
};

QString toDetail(const PlatformWords &words);
PlatformWords fromDetail(const QString &detail);

} // namespace antiphon
