#include "app/demo/simulatedpictures.h"

#include <QBuffer>
#include <QCryptographicHash>
#include <QImage>
#include <QLinearGradient>
#include <QPainter>
#include <QPainterPath>
#include <QtEndian>

namespace antiphon::demo::pictures {

namespace {

QByteArray encoded(const QImage &image, const char *format)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format, 88);
    return bytes;
}

void paintVessel(QPainter &painter, const QRectF &box, const QColor &colour, bool speckled)
{
    painter.setPen(QPen(colour.darker(108), box.width() * 0.11));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QRectF(box.right() - box.width() * 0.28, box.top() + box.height() * 0.22, box.width() * 0.5, box.height() * 0.45));
    QPainterPath body;
    body.moveTo(box.left() + box.width() * 0.12, box.top());
    body.lineTo(box.right() - box.width() * 0.12, box.top());
    body.cubicTo(box.topRight() + QPointF(0, box.height() * 0.3), box.bottomRight() - QPointF(0, box.height() * 0.25),
                 QPointF(box.right() - box.width() * 0.16, box.bottom()));
    body.lineTo(box.left() + box.width() * 0.16, box.bottom());
    body.cubicTo(box.bottomLeft() - QPointF(0, box.height() * 0.25), box.topLeft() + QPointF(0, box.height() * 0.3),
                 QPointF(box.left() + box.width() * 0.12, box.top()));
    QLinearGradient light(box.topLeft(), box.topRight());
    light.setColorAt(0, colour.lighter(114));
    light.setColorAt(1, colour.darker(122));
    painter.setPen(Qt::NoPen);
    painter.setBrush(light);
    painter.drawPath(body);
    painter.setBrush(colour.darker(150));
    painter.drawEllipse(QRectF(box.left() + box.width() * 0.12, box.top() - box.height() * 0.05, box.width() * 0.76, box.height() * 0.1));
    if (!speckled)
        return;
    painter.setBrush(QColor(240, 238, 230, 210));
    for (int i = 0; i < 26; ++i) {
        const qreal x = box.left() + box.width() * (0.12 + 0.76 * ((i * 37 % 100) / 100.0));
        const qreal y = box.top() + box.height() * (0.12 + 0.78 * ((i * 61 % 100) / 100.0));
        painter.drawEllipse(QPointF(x, y), box.width() * 0.014, box.width() * 0.014);
    }
}

QImage shelf(int variant, QSize size)
{
    static const QColor glazes[] = {QColor(58, 92, 140), QColor(122, 140, 98), QColor(176, 104, 78), QColor(94, 88, 120)};
    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal w = size.width();
    const qreal h = size.height();
    QLinearGradient wall(0, 0, w, h);
    wall.setColorAt(0, QColor(236, 228, 214));
    wall.setColorAt(1, QColor(214, 198, 176));
    painter.fillRect(image.rect(), wall);
    painter.fillRect(QRectF(0, h * 0.84, w, h * 0.06), QColor(158, 112, 70));
    painter.fillRect(QRectF(0, h * 0.9, w, h * 0.1), QColor(116, 80, 50));
    paintVessel(painter, QRectF(w * 0.2, h * 0.18, w * 0.22, h * 0.66), QColor(200, 188, 160), variant % 2 == 1);
    paintVessel(painter, QRectF(w * 0.58, h * 0.46, w * 0.2, h * 0.38), glazes[size_t(variant) % 4], variant % 2 == 0);
    return image;
}

QByteArray box(const char *type, const QByteArray &content)
{
    QByteArray size(4, '\0');
    qToBigEndian(quint32(content.size() + 8), size.data());
    return size + QByteArray(type, 4) + content;
}

} // namespace

QByteArray shelfJpeg(int variant, QSize size) { return encoded(shelf(variant, size), "JPG"); }

QByteArray shelfPng(int variant, QSize size) { return encoded(shelf(variant, size), "PNG"); }

QByteArray profilePng(const QByteArray &seed, int edge)
{
    const QByteArray hash = QCryptographicHash::hash(seed, QCryptographicHash::Sha256);
    const int hue = uchar(hash[0]) * 359 / 255;
    QImage image(edge, edge, QImage::Format_RGB32);
    image.fill(QColor::fromHsv(hue, 70, 235));
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor::fromHsv((hue + 180) % 360, 90, 150));
    painter.drawEllipse(QRectF(edge * 0.15, edge * 0.66, edge * 0.7, edge * 0.6));
    painter.setBrush(QColor::fromHsv(uchar(hash[1]) % 30 + 15, 90 + uchar(hash[2]) % 80, 120 + uchar(hash[3]) % 120));
    painter.drawEllipse(QRectF(edge * 0.31, edge * 0.24, edge * 0.38, edge * 0.44));
    painter.end();
    return encoded(image, "PNG");
}

QByteArray stickerPng(int variant, int edge)
{
    QImage image(edge, edge, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    paintVessel(painter, QRectF(edge * 0.15, edge * 0.2, edge * 0.55, edge * 0.65), QColor::fromHsv(variant * 67 % 360, 120, 200), false);
    painter.setBrush(QColor(40, 36, 34));
    painter.drawEllipse(QPointF(edge * 0.34, edge * 0.46), edge * 0.03, edge * 0.04);
    painter.drawEllipse(QPointF(edge * 0.52, edge * 0.46), edge * 0.03, edge * 0.04);
    painter.setPen(QPen(QColor(40, 36, 34), edge * 0.025));
    painter.setBrush(Qt::NoBrush);
    painter.drawArc(QRectF(edge * 0.36, edge * 0.46, edge * 0.14, edge * 0.14), 200 * 16, 140 * 16);
    painter.end();
    return encoded(image, "PNG");
}

QByteArray tinyMp4()
{
    return box("ftyp", QByteArray("isom\0\0\2\0isomiso2mp41", 20)) + box("moov", box("mvhd", QByteArray(100, '\0'))) + box("mdat", QByteArray(64, '\0'));
}

} // namespace antiphon::demo::pictures
