#pragma once

#include <QWidget>


namespace antiphon {

class Theme;

/// A button with a second, small one beside it that opens a menu, in one frame: "Resolve" and what else there is.
class SplitButton : public QWidget {
    Q_OBJECT
public:
    SplitButton(const Theme &theme, QLatin1StringView icon, const QString &text, const QString &menuName, QWidget *parent = nullptr);

    void setContent(QLatin1StringView icon, const QString &text);
    void setIconOnly(bool iconOnly);          ///< the words stay in tooltip and accessible name

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void clicked();
    void menuRequested(const QPoint &globalPosition);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Part;

    const Theme &m_theme;
    Part *m_main;
    Part *m_arrow;
};

} // namespace antiphon
