#pragma once

#include "ui/widgets/avatarpainter.h"

#include <QWidget>

namespace antiphon {

/// An avatar as a widget: header, contact panel, rows of people. Decoration unless it is given an accessible name.
class Avatar : public QWidget {
    Q_OBJECT
public:
    /// @param side design px of the square (24, 32, 40, 56); grows by at most 1.5 with the text scale.
    /// @param surface the token of what stands behind, for the badge's ring.
    Avatar(const Theme &theme, int side, QLatin1StringView surface, QWidget *parent = nullptr);

    void setContent(const AvatarContent &content);
    void setPicture(const QImage &picture);
    const AvatarContent &content() const { return m_content; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    int m_side;
    QLatin1StringView m_surface;
    AvatarContent m_content;
};

} // namespace antiphon
