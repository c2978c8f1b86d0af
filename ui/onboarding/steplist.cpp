#include "ui/onboarding/steplist.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

StepList::StepList(const Theme &theme, const QList<Step> &steps, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_steps(steps)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    connect(&m_theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
    describe();
}

void StepList::setCurrent(int index)
{
    m_current = index;
    describe();
    update();
}

void StepList::setDetail(int index, const QString &detail)
{
    m_steps[index].detail = detail;
    update();
}

void StepList::describe()
{
    setAccessibleName(m_current < m_steps.size() ? tr("Step %1 of %2: %3").arg(m_current + 1).arg(m_steps.size()).arg(m_steps.at(m_current).title)
                                                 : tr("All %n steps are done", nullptr, int(m_steps.size())));
}

int StepList::rowHeight() const
{
    return m_theme.lineHeight(TypeRole::Body) + m_theme.lineHeight(TypeRole::Small) + m_theme.px(16);
}

QSize StepList::sizeHint() const
{
    return {m_theme.px(200), rowHeight() * int(m_steps.size()) + m_theme.px(8)};
}

void StepList::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    const auto mirrored = [this, rtl](QRect rect) {
        if (rtl)
            rect.moveLeft(width() - rect.x() - rect.width());
        return rect;
    };
    const int disc = m_theme.px(22);
    for (int i = 0; i < m_steps.size(); ++i) {
        const QRect row(0, i * rowHeight(), width(), rowHeight());
        if (i == m_current) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.color("accent.tint"_L1));
            painter.drawRoundedRect(row, 6, 6);
        }
        const QRect mark = mirrored(QRect(m_theme.px(8), row.y() + m_theme.px(8), disc, disc));
        if (i < m_current) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.color("ok.fill"_L1));
            painter.drawEllipse(mark);
            m_theme.paintIcon(&painter, "check"_L1, mark, 14, m_theme.color("ok.text"_L1), layoutDirection());
        } else {
            const bool isNow = i == m_current;
            painter.setPen(isNow ? QPen(Qt::NoPen) : QPen(m_theme.color("line.control"_L1), 1));
            painter.setBrush(isNow ? QBrush(m_theme.color("accent"_L1)) : QBrush(Qt::NoBrush));
            painter.drawEllipse(QRectF(mark).adjusted(0.5, 0.5, -0.5, -0.5));
            painter.setPen(m_theme.color(isNow ? "accent.on"_L1 : "text.secondary"_L1));
            painter.setFont(m_theme.font(TypeRole::Small, isNow));
            painter.drawText(mark, Qt::AlignCenter, QString::number(i + 1));
        }
        const int textStart = m_theme.px(8) + disc + m_theme.px(12);
        const QRect title = mirrored(QRect(textStart, row.y() + m_theme.px(8), width() - textStart - m_theme.px(8), m_theme.lineHeight(TypeRole::Body)));
        const QRect detail = mirrored(QRect(textStart, row.y() + m_theme.px(8) + title.height(), title.width(), m_theme.lineHeight(TypeRole::Small)));
        const int align = int(Qt::AlignVCenter | Qt::AlignAbsolute) | int(rtl ? Qt::AlignRight : Qt::AlignLeft);
        painter.setFont(m_theme.font(TypeRole::Body, i == m_current));
        painter.setPen(m_theme.color("text.primary"_L1));
        painter.drawText(title, align, painter.fontMetrics().elidedText(m_steps.at(i).title, Qt::ElideRight, title.width()));
        painter.setFont(m_theme.font(TypeRole::Small));
        painter.setPen(m_theme.color("text.secondary"_L1));
        painter.drawText(detail, align, painter.fontMetrics().elidedText(m_steps.at(i).detail, Qt::ElideMiddle, detail.width()));
    }
}

} // namespace antiphon
