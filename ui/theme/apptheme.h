#pragma once

#include "ui/theme/theme.h"

class QApplication;

namespace antiphon {

/// Dresses the whole program in `theme` and keeps it dressed while the theme changes: style, palette, font, tooltips.
/// Also starts following the system's light and dark. Once a program; `theme` must outlive the application's windows.
void applyTheme(QApplication &application, Theme &theme);

} // namespace antiphon
