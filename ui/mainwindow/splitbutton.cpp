#include "ui/mainwindow/splitbutton.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/focusring.h"

#include <QAbstractButton>
#include <QFocusEvent>
#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
constexpr int kRadius = 6;
} // namespace

class SplitButton::Part : public QAbstractButton {
public:
    Part(const Theme &theme, QWidget *parent)
        : QAbstractButton(parent)
        , m_theme(theme)
    {
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
    }

    QLatin1StringView icon{};
    bool iconOnly = false;

    QSize sizeHint() const override
    {
        int width = m_theme.px(12 + 16 + 12);
        if (!iconOnly && !text().isEmpty())
            width += m_theme.px(8) + QFontMetrics(m_theme.font(TypeRole::Body)).horizontalAdvance(text());
        return {width, m_theme.px(32)};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (isDown() || underMouse()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.color(isDown() ? "state.pressed"_L1 : "state.hover.view"_L1));
            painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), kRadius - 1, kRadius - 1);
        }
        const QColor ink = m_theme.color(isEnabled() ? "text.primary"_L1 : "text.disabled"_L1);
        const bool hasText = !iconOnly && !text().isEmpty();
        const bool rtl = layoutDirection() == Qt::RightToLeft;
        const int side = m_theme.px(16);
        QRect at(hasText ? m_theme.px(12) : (width() - side) / 2, 0, side, height());
        QRect words(at.right() + 1 + m_theme.px(8), 0, width() - at.right() - m_theme.px(8), height());
        if (rtl) {
            at.moveLeft(width() - at.x() - at.width());
            words = QRect(0, 0, at.x() - m_theme.px(8), height());
        }
        m_theme.paintIcon(&painter, icon, at, 16, ink, layoutDirection());
        if (hasText) {
            painter.setFont(m_theme.font(TypeRole::Body));
            painter.setPen(ink);
            painter.drawText(words, int(Qt::AlignVCenter | Qt::AlignAbsolute) | int(rtl ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::TextSingleLine), text());
        }
        if (m_ring)
            paintFocusRing(&painter, m_theme, QRectF(rect()).adjusted(1, 1, -1, -1), kRadius);
    }

    void focusInEvent(QFocusEvent *event) override
    {
        m_ring = isKeyboardFocus(event);
        QAbstractButton::focusInEvent(event);
        update();
    }

    void focusOutEvent(QFocusEvent *event) override
    {
        m_ring = false;
        QAbstractButton::focusOutEvent(event);
        update();
    }

private:
    const Theme &m_theme;
    bool m_ring = false;
};

SplitButton::SplitButton(const Theme &theme, QLatin1StringView icon, const QString &text, const QString &menuName, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_main(new Part(theme, this))
    , m_arrow(new Part(theme, this))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_arrow->icon = "chevron-down"_L1;
    m_arrow->iconOnly = true;
    m_arrow->setAccessibleName(menuName);
    m_arrow->setToolTip(plainToolTip(menuName));
    connect(m_main, &QAbstractButton::clicked, this, &SplitButton::clicked);
    connect(m_arrow, &QAbstractButton::clicked, this, [this] {
        emit menuRequested(m_arrow->mapToGlobal(QPoint(layoutDirection() == Qt::RightToLeft ? 0 : m_arrow->width(), m_arrow->height() + 2)));
    });
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        resizeEvent(nullptr);
        update();
    });
    setContent(icon, text);
}

void SplitButton::setContent(QLatin1StringView icon, const QString &text)
{
    m_main->icon = icon;
    m_main->setText(text);
    m_main->setAccessibleName(text);
    m_main->setToolTip(plainToolTip(text));
    updateGeometry();
    m_main->update();
}

void SplitButton::setIconOnly(bool iconOnly)
{
    if (m_main->iconOnly == iconOnly)
        return;
    m_main->iconOnly = iconOnly;
    updateGeometry();
    m_main->update();
}

QSize SplitButton::sizeHint() const
{
    return {m_main->sizeHint().width() + m_theme.px(25), m_theme.px(32)};
}

void SplitButton::resizeEvent(QResizeEvent *)
{
    const int arrow = m_theme.px(25);
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    m_main->setGeometry(rtl ? arrow : 0, 0, width() - arrow, height());
    m_arrow->setGeometry(rtl ? 0 : width() - arrow, 0, arrow, height());
}

void SplitButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(m_theme.color("surface.raised"_L1));
    painter.setPen(QPen(m_theme.color("line.control"_L1), 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    const double x = layoutDirection() == Qt::RightToLeft ? m_main->x() - 0.5 : m_arrow->x() + 0.5;
    painter.drawLine(QPointF(x, 0.5), QPointF(x, height() - 0.5));
}

} // namespace antiphon
