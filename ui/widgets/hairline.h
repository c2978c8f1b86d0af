#pragma once

#include <QWidget>

namespace antiphon {

class Theme;

/// Fills `rect`'s first device pixel row (or column) with the hairline colour; `rect` decides where.
void paintHairline(QPainter *painter, const Theme &theme, const QPointF &from, const QPointF &to);

/// One device pixel between two panes or sections.
class Hairline : public QWidget {
    Q_OBJECT
public:
    Hairline(const Theme &theme, Qt::Orientation orientation, QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {1, 1}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    Qt::Orientation m_orientation;
};

} // namespace antiphon
