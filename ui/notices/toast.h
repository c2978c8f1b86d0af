#pragma once

#include <QMetaType>
#include <QString>

namespace antiphon {

/// One thing that the desktop is told. All of it is plain text, whatever it holds.
struct Toast {
    QString key{};                 ///< one of the same key takes its place
    QString title{};
    QString body{};                ///< lines
    bool canMarkRead = false;
    bool isSilent = true;          ///< else with the desktop's own sound for a new message

    friend bool operator==(const Toast &, const Toast &) = default;
};

} // namespace antiphon

Q_DECLARE_METATYPE(antiphon::Toast)
