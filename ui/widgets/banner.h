#pragma once

#include "ui/widgets/tone.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace antiphon {

class IconButton;

/// A full-width line that hinders or explains: bar at the start, icon, wrapped text, at most one link and one button.
class Banner : public QWidget {
    Q_OBJECT
public:
    explicit Banner(const Theme &theme, QWidget *parent = nullptr);

    /// `link` and `action` are words; empty for none. The text is plain, whatever it holds.
    void setContent(Tone tone, QLatin1StringView icon, const QString &text, const QString &link = {}, const QString &action = {});
    void setClosable(bool closable);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override { return arrange(width, false); }

signals:
    void linkActivated();
    void actionTriggered();
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void dress();
    int arrange(int width, bool place) const;    ///< the height; with `place` the children go where they belong

    const Theme &m_theme;
    Tone m_tone = Tone::Info;
    QLatin1StringView m_icon;
    QLabel *m_text;
    QPushButton *m_link;
    QPushButton *m_action;
    IconButton *m_close;
};

} // namespace antiphon
