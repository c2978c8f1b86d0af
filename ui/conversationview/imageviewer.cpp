#include "ui/conversationview/imageviewer.h"

#include "ui/models/imagecache.h"
#include "ui/models/richtext.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QWheelEvent>

#include <cmath>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr double kMostZoom = 8;
constexpr int kBar = 48;
constexpr int kLargestSide = 4096;       // what is decoded at most: sharp when zoomed, bounded in memory

} // namespace

ImageViewer::ImageViewer(const QList<Attachment> &pictures, int current, ImageCache &images, const Theme &theme, QWidget *parent)
    : QWidget(parent, Qt::Window), m_pictures(pictures), m_images(images), m_theme(theme),
      m_previous(new IconButton(theme, "chevron-start"_L1, tr("Previous picture"), this)),
      m_next(new IconButton(theme, "chevron-end"_L1, tr("Next picture"), this)),
      m_save(new IconButton(theme, "download"_L1, tr("Save picture"), this)),
      m_close(new IconButton(theme, "close"_L1, tr("Close"), this)),
      m_title(new ElidedLabel(theme, TypeRole::Body, "text.primary"_L1, this))
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Pictures"));
    resize(960, 720);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_previous);
    bar->addWidget(m_next);
    bar->addWidget(m_title, 1);
    bar->addWidget(m_save);
    bar->addWidget(m_close);
    connect(m_close, &IconButton::clicked, this, &QWidget::close);
    column->addLayout(bar);
    column->addStretch();
    connect(m_previous, &IconButton::clicked, this, [this] { setCurrent(m_current - 1); });
    connect(m_next, &IconButton::clicked, this, [this] { setCurrent(m_current + 1); });
    connect(m_save, &IconButton::clicked, this, [this] {
        if (m_current < m_pictures.size())
            emit saveRequested(m_pictures.at(m_current));
    });
    connect(&images, &ImageCache::ready, this, &ImageViewer::refresh);
    connect(&images, &ImageCache::failed, this, &ImageViewer::refresh);
    connect(&theme, &Theme::changed, this, [this] { update(); });
    setCurrent(current);
}

QSize ImageViewer::bound() const
{
    return {kLargestSide, kLargestSide};
}

void ImageViewer::setCurrent(int index)
{
    m_current = std::clamp(index, 0, std::max(0, int(m_pictures.size()) - 1));
    m_zoom = 1;
    m_shift = {};
    m_previous->setEnabled(m_current > 0);
    m_next->setEnabled(m_current + 1 < m_pictures.size());
    m_save->setEnabled(!m_pictures.isEmpty());
    const QString name = m_pictures.isEmpty() || m_pictures.at(m_current).name.isEmpty() ? tr("Photo") : plainLine(m_pictures.at(m_current).name, 120);
    const QString title = tr("%1 (%2 of %3)").arg(name, QLocale().toString(m_current + 1), QLocale().toString(m_pictures.size()));
    m_title->setText(title);
    setWindowTitle(title);
    refresh();
}

void ImageViewer::refresh()
{
    m_picture = m_pictures.isEmpty() ? QImage() : m_images.image(m_pictures.at(m_current).url, bound());
    update();
}

void ImageViewer::setZoom(double zoom)
{
    m_zoom = std::clamp(zoom, 1.0, kMostZoom);
    if (qFuzzyCompare(m_zoom, 1.0))
        m_shift = {};
    update();
}

void ImageViewer::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color("surface.sunken"_L1));
    const QRectF area = QRectF(rect()).adjusted(0, m_theme.px(kBar), 0, 0);
    if (m_picture.isNull()) {
        const bool isBroken = !m_pictures.isEmpty() && m_images.state(m_pictures.at(m_current).url, bound()) == ImageCache::State::Failed;
        painter.setPen(m_theme.color("text.secondary"_L1));
        painter.setFont(m_theme.font(TypeRole::Body));
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, isBroken ? tr("Image not available") : tr("Loading …"));
        return;
    }
    painter.setClipRect(area);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const QSizeF whole = QSizeF(m_picture.size()) / devicePixelRatioF();
    QSizeF size = whole.scaled(area.size(), Qt::KeepAspectRatio);
    if (size.width() > whole.width())
        size = whole;                        // a small picture isn't blown up by itself
    size *= m_zoom;
    painter.drawImage(QRectF(area.center() + m_shift - QPointF(size.width() / 2, size.height() / 2), size), m_picture);
}

void ImageViewer::keyPressEvent(QKeyEvent *event)
{
    const int forward = layoutDirection() == Qt::RightToLeft ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Escape: close(); return;
    case Qt::Key_Left: setCurrent(m_current - forward); return;
    case Qt::Key_Right: setCurrent(m_current + forward); return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: setZoom(m_zoom * 1.25); return;
    case Qt::Key_Minus: setZoom(m_zoom / 1.25); return;
    case Qt::Key_0: setZoom(1); return;
    case Qt::Key_S:
        if (event->modifiers() & Qt::ControlModifier) {
            m_save->click();
            return;
        }
        break;
    default: break;                          // every other key is the window's
    }
    QWidget::keyPressEvent(event);
}

void ImageViewer::wheelEvent(QWheelEvent *event)
{
    setZoom(m_zoom * std::pow(1.0015, event->angleDelta().y()));
    event->accept();
}

void ImageViewer::mousePressEvent(QMouseEvent *event)
{
    m_grip = event->position();
}

void ImageViewer::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_zoom <= 1)
        return;
    m_shift += event->position() - m_grip;
    m_grip = event->position();
    update();
}

} // namespace antiphon
