#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

class QFile;

/// Files that must be there after the power failed: their bytes and their names reach the disk before these return.
namespace antiphon::durable {

/// Replaces `path` as a whole, readable by its owner alone (mode 0600): it holds what it held before or all of `content`, never a part.
/// Without an error that is on the disk.
Result<void> write(const QString &path, const QByteArray &content);

bool flush(QFile &file);                   ///< the bytes of an open file
bool flushFolder(const QString &folder);   ///< the names in a folder: a name made or changed is durable only once its folder is

} // namespace antiphon::durable
