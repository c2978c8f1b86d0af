#pragma once

#include <QPushButton>

namespace antiphon {

class Theme;

/// A word with a chevron that opens a menu: which states the list shows.
class StatusButton : public QPushButton {
    Q_OBJECT
public:
    explicit StatusButton(const Theme &theme, QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
};

} // namespace antiphon
