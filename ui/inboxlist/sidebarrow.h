#pragma once

#include "core/domain/channel.h"

#include <QAbstractButton>

namespace antiphon {

class Theme;

/// One line of the sidebar: icon or channel disc, name, count, and how an inbox is.
class SidebarRow : public QAbstractButton {
    Q_OBJECT
public:
    enum class Health { Well, Quiet, NeedsOwner, Off };

    SidebarRow(const Theme &theme, const QString &name, QWidget *parent = nullptr);

    void setIconName(QLatin1StringView icon);
    void setChannel(Channel channel);
    void setName(const QString &name);
    void setCount(int count, bool bold);
    void setHealth(Health health);
    void setNarrow(bool narrow);                    ///< the rail: icon only, a dot for unread

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void describe();
    QString healthText() const;

    const Theme &m_theme;
    QString m_name;
    QLatin1StringView m_icon;
    std::optional<Channel> m_channel;
    int m_count = 0;
    bool m_isBold = false;
    bool m_isNarrow = false;
    bool m_ring = false;
    Health m_health = Health::Well;
};

} // namespace antiphon
