#pragma once

#include <QAbstractButton>

namespace antiphon {

class Theme;

/// The floating button that says how many rows came in below while the view was elsewhere.
class NewMessagesPill : public QAbstractButton {
    Q_OBJECT
public:
    explicit NewMessagesPill(const Theme &theme, QWidget *parent);

    /// Hidden at 0.
    void setCount(int count);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
};

} // namespace antiphon
