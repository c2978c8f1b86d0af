#pragma once

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/store/filelock.h"

#include <QString>

#include <memory>

namespace antiphon {

/// The folder that holds a workspace, made at first start, private to its user (mode 0700 at every start) and held by one process at a time.
class DataDir {
public:
    /// Unavailable where another process holds it; Storage where it can't be made or written.
    static Result<std::unique_ptr<DataDir>> open(const QString &path);
    ~DataDir();

    QString path() const { return m_path; }
    QString file(const QString &name) const;

    /// The owner's access token: the content of `token` (mode 0600), made at first start.
    Result<QString> ownerToken(RandomSource &random) const;

private:
    explicit DataDir(const QString &path);

    QString m_path;
    FileLock m_lock;
};

} // namespace antiphon
