#pragma once

#include "ui/notices/toast.h"

#include <QObject>

namespace antiphon {

/// Where toasts are shown.
class Toasts : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    virtual void show(const Toast &toast) = 0;
    virtual void close(const QString &key) = 0;         ///< nothing happens where it is gone already

signals:
    void shown(const QString &key);                     ///< the desktop has taken it
    void activated(const QString &key);                 ///< clicked
    void readRequested(const QString &key);             ///< its button was pressed
    void closed(const QString &key);                    ///< it is gone, whoever took it away
    void refused(const antiphon::Toast &toast);         ///< who shows them did not take it; where one of its key stood there, that one stays
    void notShown(const antiphon::Toast &toast);        ///< there is nobody who shows it
};

} // namespace antiphon
