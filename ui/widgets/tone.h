#pragma once

#include <QColor>

namespace antiphon {

class Theme;

/// What a pill or banner says by its colour, always in words too.
enum class Tone { Quiet, Info, Ok, Warn, Danger };

struct ToneColors {
    QColor fill{};
    QColor text{};
    QColor line{};
};

ToneColors toneColors(const Theme &theme, Tone tone);

} // namespace antiphon
