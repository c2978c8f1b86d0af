#pragma once

#include "core/base/result.h"

#include <QString>

/// What is said to a person whose workspace's file was damaged.
namespace antiphon::damage {

/// Whether SQLite says that bytes of a file are not what it wrote.
bool isOne(const Error &error);

/// A word for what SQLite says: "disk_full", "io_error", "locked", "read_only", "damaged", else "refused".
QString reasonOf(const Error &error);

/// A sentence that says what is damaged and how to go on: which copy there is, and what to do with it. Kind Storage, `field` "damaged".
Error sentence(const QString &databasePath, const QString &what);

/// The newest copy beside the database, as it is made before a migration; empty where there is none.
QString newestCopy(const QString &databasePath);

} // namespace antiphon::damage
