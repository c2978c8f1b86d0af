#pragma once

#include "ui/notices/toasts.h"

#include <QList>
#include <QStringList>

namespace antiphon::test {

/// Writes down what the desktop would have been told.
class FakeToasts final : public Toasts {
    Q_OBJECT
public:
    void show(const Toast &toast) override
    {
        toasts.append(toast);
        if (isThere)
            emit shown(toast.key);
        else
            emit notShown(toast);
    }
    void close(const QString &key) override { closedKeys.append(key); }

    QList<Toast> toasts;
    QStringList closedKeys;
    bool isThere = true;
};

} // namespace antiphon::test
