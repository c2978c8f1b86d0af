#include "ui/conversationlist/listtabs.h"

#include "ui/theme/theme.h"
#include "ui/widgets/focusring.h"

#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
constexpr int kPadding = 7;
constexpr int kGap = 6;
} // namespace

ListTabs::ListTabs(const Theme &theme, QWidget *parent)
    : QTabBar(parent)
    , m_theme(theme)
{
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
}

QString ListTabs::countText(int index) const
{
    const int count = tabData(index).toInt();
    return count > 0 && m_showsCounts ? QLocale().toString(count) : QString();
}

void ListTabs::resizeEvent(QResizeEvent *event)
{
    QTabBar::resizeEvent(event);
    refit();
}

void ListTabs::refit()
{
    // Words before numbers: where not all fits the counts go first.
    int needed = 0;
    m_showsCounts = true;
    for (int i = 0; i < count(); ++i)
        needed += tabSizeHint(i).width();
    m_showsCounts = needed <= width();
    if (count() > 0)
        setTabText(0, tabText(0));                     // lays the tabs out anew
    update();
}

QSize ListTabs::tabSizeHint(int index) const
{
    // As wide as when bold, so that choosing one moves none.
    int width = QFontMetrics(m_theme.font(TypeRole::Body, true)).horizontalAdvance(tabText(index)) + 1 + 2 * m_theme.px(kPadding);
    if (const QString count = countText(index); !count.isEmpty())
        width += m_theme.px(kGap) + QFontMetrics(m_theme.font(TypeRole::Small)).horizontalAdvance(count);
    return {width, m_theme.px(36)};
}

QSize ListTabs::minimumTabSizeHint(int index) const
{
    return {m_theme.px(40), tabSizeHint(index).height()};
}

QSize ListTabs::minimumSizeHint() const
{
    return {m_theme.px(120), m_theme.px(36)};
}

void ListTabs::tabLayoutChange()
{
    // The accessible name says the number too.
    for (int i = 0; i < count(); ++i) {
        const QString number = countText(i);
        setAccessibleTabName(i, number.isEmpty() ? tabText(i) : tr("%1, %2 conversations").arg(tabText(i), number));
    }
    QTabBar::tabLayoutChange();
}

void ListTabs::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    for (int i = 0; i < count(); ++i) {
        const QRect all = tabRect(i);
        const bool isCurrent = i == currentIndex();
        const bool isHovered = all.contains(mapFromGlobal(QCursor::pos())) && underMouse();
        const QFont font = m_theme.font(TypeRole::Body, isCurrent);
        const QFont small = m_theme.font(TypeRole::Small);
        const QString number = countText(i);
        const int numberWidth = number.isEmpty() ? 0 : QFontMetrics(small).horizontalAdvance(number) + m_theme.px(kGap);
        const QRect inner = all.adjusted(m_theme.px(kPadding), 0, -m_theme.px(kPadding), 0);
        const QString word = QFontMetrics(font).elidedText(tabText(i), Qt::ElideRight, inner.width() - numberWidth + 1);
        const int wordWidth = QFontMetrics(font).horizontalAdvance(word);
        painter.setFont(font);
        painter.setPen(m_theme.color(isCurrent || isHovered ? "text.primary"_L1 : "text.secondary"_L1));
        const QRect wordRect(rtl ? inner.right() - wordWidth + 1 : inner.x(), all.y(), wordWidth, all.height());
        painter.drawText(wordRect, Qt::AlignCenter | Qt::TextDontClip, word);
        if (!number.isEmpty()) {
            painter.setFont(small);
            painter.setPen(m_theme.color("text.secondary"_L1));
            const int x = rtl ? wordRect.x() - numberWidth : wordRect.right() + 1 + m_theme.px(kGap);
            painter.drawText(QRect(x, all.y(), numberWidth - m_theme.px(kGap), all.height()), Qt::AlignCenter | Qt::TextDontClip, number);
        }
        if (isCurrent) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.color("accent"_L1));
            const int used = wordWidth + numberWidth;
            painter.drawRect(QRect(rtl ? inner.right() - used + 1 : inner.x(), all.bottom() - 1, used, 2));
        }
        if (isCurrent && hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
            paintFocusRing(&painter, m_theme, QRectF(all).adjusted(2, 4, -2, -4), 4);
    }
}

} // namespace antiphon
