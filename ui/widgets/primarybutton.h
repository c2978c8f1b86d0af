#pragma once

#include <QPushButton>

namespace antiphon {

class Theme;

/// The one button of a view that is meant: accent, bold. Danger for what can't be undone, Note for "Add note".
class PrimaryButton : public QPushButton {
    Q_OBJECT
public:
    enum class Kind { Accent, Danger, Note };

    PrimaryButton(const Theme &theme, const QString &text, QWidget *parent = nullptr);

    void setKind(Kind kind);
    void setIconName(QLatin1StringView icon);       ///< before the text; empty for none

    /// Off, and why: the reason becomes the tooltip and the accessible description. An empty reason switches it on.
    void setDisabledReason(const QString &reason);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    const Theme &m_theme;
    Kind m_kind = Kind::Accent;
    QLatin1StringView m_icon;
    bool m_ring = false;
};

} // namespace antiphon
