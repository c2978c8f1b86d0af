#include "ui/widgets/segmentedcontrol.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/focusring.h"

#include <QAccessible>
#include <QBoxLayout>
#include <QButtonGroup>
#include <QFocusEvent>
#include <QFontMetrics>
#include <QPainter>
#include <QRadioButton>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kIcon = 14;

/// A radio button drawn as a piece of the control: so role, state and arrow keys are the system's own.
class Segment : public QRadioButton {
public:
    Segment(const Theme &theme, const QString &text, QLatin1StringView icon, QWidget *parent)
        : QRadioButton(text, parent), m_theme(theme), m_icon(icon)
    {
        setAccessibleName(text);
        setAttribute(Qt::WA_Hover);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        connect(&theme, &Theme::changed, this, [this] {
            updateGeometry();
            update();
        });
    }

    QSize sizeHint() const override
    {
        // Bold width always: choosing must not move the neighbour.
        const int text = QFontMetrics(m_theme.font(TypeRole::Small, true)).horizontalAdvance(this->text());
        return {text + (m_icon.isEmpty() ? 0 : m_theme.px(kIcon + 5)) + 2 * m_theme.px(10), m_theme.px(24)};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    bool hitButton(const QPoint &at) const override { return rect().contains(at); }

    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (isChecked()) {
            painter.setPen(QPen(m_theme.color("line.hair"_L1), 1));
            painter.setBrush(m_theme.color("surface.raised"_L1));
            painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
        }
        const QColor ink = m_theme.color(!isEnabled() ? "text.disabled"_L1 : isChecked() || underMouse() ? "text.primary"_L1 : "text.secondary"_L1);
        const QFont font = m_theme.font(TypeRole::Small, isChecked());
        const int textWidth = QFontMetrics(font).horizontalAdvance(text());
        const int iconWidth = m_icon.isEmpty() ? 0 : m_theme.px(kIcon + 5);
        double left = (width() - textWidth - iconWidth) / 2.0;
        const bool rightToLeft = layoutDirection() == Qt::RightToLeft;
        if (iconWidth > 0) {
            const double iconLeft = rightToLeft ? left + textWidth + m_theme.px(5) : left;
            m_theme.paintIcon(&painter, m_icon, QRectF(iconLeft, 0, m_theme.px(kIcon), height()), kIcon, ink, layoutDirection());
            left += rightToLeft ? 0 : iconWidth;
        }
        painter.setFont(font);
        painter.setPen(ink);
        painter.drawText(QRectF(left, 0, textWidth, height()), Qt::AlignCenter | Qt::TextDontClip | Qt::TextSingleLine, text());
        if (m_ring && hasFocus())
            paintFocusRing(&painter, m_theme, rect(), 5);
    }

    void focusInEvent(QFocusEvent *event) override
    {
        m_ring = isKeyboardFocus(event) || m_ring;
        QRadioButton::focusInEvent(event);
    }

    void focusOutEvent(QFocusEvent *event) override
    {
        if (event->reason() != Qt::ActiveWindowFocusReason && event->reason() != Qt::PopupFocusReason)
            m_ring = false;
        QRadioButton::focusOutEvent(event);
    }

private:
    const Theme &m_theme;
    QLatin1StringView m_icon;
    bool m_ring = false;
};

} // namespace

SegmentedControl::SegmentedControl(const Theme &theme, const QString &name, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_group(new QButtonGroup(this))
{
    setAccessibleName(name);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(2, 2, 2, 2);
    row->setSpacing(2);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_group, &QButtonGroup::idClicked, this, &SegmentedControl::currentChanged);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

int SegmentedControl::addSegment(const QString &text, QLatin1StringView icon)
{
    auto *segment = new Segment(m_theme, text, icon, this);
    const int index = int(m_group->buttons().size());
    m_group->addButton(segment, index);
    layout()->addWidget(segment);
    if (index == 0)
        segment->setChecked(true);
    return index;
}

int SegmentedControl::count() const
{
    return int(m_group->buttons().size());
}

int SegmentedControl::current() const
{
    return m_group->checkedId();
}

void SegmentedControl::setCurrent(int index)
{
    if (QAbstractButton *segment = m_group->button(index))
        segment->setChecked(true);
}

void SegmentedControl::setDisabledReason(int index, const QString &reason)
{
    QAbstractButton *segment = m_group->button(index);
    if (!segment)
        return;
    segment->setEnabled(reason.isEmpty());
    segment->setAccessibleDescription(reason);
    segment->setToolTip(plainToolTip(reason));
}

void SegmentedControl::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color("surface.sunken"_L1));
    painter.drawRoundedRect(rect(), 6, 6);
}

} // namespace antiphon
