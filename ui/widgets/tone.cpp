#include "ui/widgets/tone.h"

#include "ui/theme/theme.h"

namespace antiphon {

ToneColors toneColors(const Theme &theme, Tone tone)
{
    using namespace Qt::StringLiterals;
    switch (tone) {
    case Tone::Quiet: return {theme.color("surface.sunken"_L1), theme.color("text.secondary"_L1), theme.color("line.hair"_L1)};
    case Tone::Info: return {theme.color("info.fill"_L1), theme.color("info.text"_L1), theme.color("info.text"_L1)};
    case Tone::Ok: return {theme.color("ok.fill"_L1), theme.color("ok.text"_L1), theme.color("ok.text"_L1)};
    case Tone::Warn: return {theme.color("warn.fill"_L1), theme.color("warn.text"_L1), theme.color("warn.line"_L1)};
    case Tone::Danger: return {theme.color("danger.fill"_L1), theme.color("danger.text"_L1), theme.color("danger.line"_L1)};
    }
    Q_UNREACHABLE();
}

} // namespace antiphon
