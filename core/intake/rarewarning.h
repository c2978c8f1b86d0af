#pragma once

#include "core/base/clock.h"

#include <QHash>
#include <QString>

#include <mutex>

namespace antiphon {

/// What happens again and again is worth a line in the log once an hour, with how often it did. Any thread.
class RareWarning {
public:
    /// `times` more of what `key` names. @return how many since it was said last, where it is to be said now; else 0.
    qint64 note(const QString &key, Timestamp at, qint64 times = 1);

private:
    struct Said {
        Timestamp at{};
        qint64 since = 0;
    };
    std::mutex m_mutex;
    QHash<QString, Said> m_said;
};

} // namespace antiphon
