#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace antiphon::test {

/// The project's own tree, as it lies on disk. Paths are relative to its root, with slashes: "core/base/result.h".
class SourceTree {
public:
    /// Files under `folder` whose name ends with one of `suffixes` (".cpp"; none: all), sorted.
    static QStringList files(const QString &folder, const QStringList &suffixes = {});

    /// What git tracks; outside a checkout (an unpacked archive) everything but build trees.
    static QStringList tracked();

    /// A file's bytes. Fails the running test where it can't be read.
    static QByteArray read(const QString &path);

    static QString absolute(const QString &path);
};

} // namespace antiphon::test
