#pragma once

#include <QWidget>

namespace antiphon {

class Theme;

/// "12", "99+" above 99, empty for none.
QString badgeText(int count);

/// Width and height of a badge with `count`, px.
QSize badgeSize(const Theme &theme, int count);
void paintBadge(QPainter *painter, const Theme &theme, const QRectF &rect, int count);

/// How many are unread, on accent. Hidden at 0.
class Badge : public QWidget {
    Q_OBJECT
public:
    explicit Badge(const Theme &theme, QWidget *parent = nullptr);

    void setCount(int count);
    int count() const { return m_count; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    int m_count = 0;
};

} // namespace antiphon
