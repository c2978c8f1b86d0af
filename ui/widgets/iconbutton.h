#pragma once

#include <QAbstractButton>

namespace antiphon {

class Theme;

/// A square button with an icon only. The name is its accessible name and tooltip; while disabled the tooltip gives the reason.
class IconButton : public QAbstractButton {
    Q_OBJECT
public:
    IconButton(const Theme &theme, QLatin1StringView icon, const QString &name, QWidget *parent = nullptr);

    void setIconName(QLatin1StringView icon);
    void setName(const QString &name);                    ///< also the tooltip, with the shortcut where there is one
    void setToken(QLatin1StringView token);               ///< of the icon; "text.secondary" unless said otherwise
    void setMetrics(int side, int icon);                  ///< design px; 32 and 18 unless said otherwise

    /// Off, and why: the reason becomes the tooltip and the accessible description. An empty reason switches it on.
    void setDisabledReason(const QString &reason);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    const Theme &m_theme;
    QLatin1StringView m_icon;
    QLatin1StringView m_token;
    QString m_name;
    int m_side = 32;
    int m_iconSize = 18;
    bool m_ring = false;
};

} // namespace antiphon
