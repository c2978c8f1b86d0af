#pragma once

#include <QByteArray>
#include <QString>

namespace antiphon {

/// The small page a browser shows when a platform's consent returns here. Title and text are escaped: parts of them come from outside.
QByteArray callbackPage(const QString &title, const QString &text);

} // namespace antiphon
