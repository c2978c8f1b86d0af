#include "ui/theme/apptheme.h"

#include "ui/theme/appstyle.h"
#include "ui/theme/systemappearance.h"

#include <QApplication>
#include <QToolTip>

namespace antiphon {
namespace {

void dress(const Theme &theme)
{
    const QPalette palette = theme.palette();
    QApplication::setPalette(palette);
    QApplication::setFont(theme.font(TypeRole::Body));
    QToolTip::setPalette(palette);
    QToolTip::setFont(theme.font(TypeRole::Small));
}

} // namespace

void applyTheme(QApplication &application, Theme &theme)
{
    new SystemAppearance(theme, QApplication::palette(), &theme);
    QApplication::setStyle(new AppStyle(theme));
    dress(theme);
    QObject::connect(&theme, &Theme::changed, &application, [&theme] { dress(theme); });
}

} // namespace antiphon
