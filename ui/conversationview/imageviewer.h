#pragma once

#include "core/domain/attachment.h"

#include <QImage>
#include <QWidget>

namespace antiphon {

class IconButton;
class ElidedLabel;
class ImageCache;
class Theme;

/// The pictures of a conversation, one at a time in a window of its own: Left and Right, zoom by wheel and + - 0, drag, save, Esc.
class ImageViewer : public QWidget {
    Q_OBJECT
public:
    ImageViewer(const QList<Attachment> &pictures, int current, ImageCache &images, const Theme &theme, QWidget *parent = nullptr);

    int current() const { return m_current; }
    double zoom() const { return m_zoom; }
    void setCurrent(int index);
    void setZoom(double zoom);           ///< 1 fits the window; 1 to 8

signals:
    void saveRequested(const antiphon::Attachment &attachment);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    QSize bound() const;
    void refresh();

    QList<Attachment> m_pictures;
    ImageCache &m_images;
    const Theme &m_theme;
    QImage m_picture;
    IconButton *m_previous;
    IconButton *m_next;
    IconButton *m_save;
    IconButton *m_close;
    ElidedLabel *m_title;
    QPointF m_shift;
    QPointF m_grip;
    double m_zoom = 1;
    int m_current = 0;
};

} // namespace antiphon
