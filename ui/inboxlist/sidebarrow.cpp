#include "ui/inboxlist/sidebarrow.h"

#include "ui/theme/theme.h"
#include "ui/widgets/avatarpainter.h"
#include "ui/widgets/focusring.h"

#include <QKeyEvent>
#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

SidebarRow::SidebarRow(const Theme &theme, const QString &name, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_name(name)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&m_theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
    describe();
}

void SidebarRow::setIconName(QLatin1StringView icon)
{
    m_icon = icon;
    update();
}

void SidebarRow::setChannel(Channel channel)
{
    m_channel = channel;
    describe();
    update();
}

void SidebarRow::setName(const QString &name)
{
    m_name = name;
    describe();
    update();
}

void SidebarRow::setCount(int count, bool bold)
{
    m_count = count;
    m_isBold = bold;
    describe();
    update();
}

void SidebarRow::setHealth(Health health)
{
    m_health = health;
    describe();
    update();
}

void SidebarRow::setNarrow(bool narrow)
{
    m_isNarrow = narrow;
    updateGeometry();
    update();
}

QString SidebarRow::healthText() const
{
    switch (m_health) {
    case Health::Well: return {};
    case Health::Quiet: return tr("nothing has come in for a while");
    case Health::NeedsOwner: return tr("must be reconnected");
    case Health::Off: return tr("switched off");
    }
    Q_UNREACHABLE();
}

void SidebarRow::describe()
{
    QStringList words{m_name};
    if (m_channel)
        words.append(channelTitle(*m_channel));
    if (m_count > 0)
        words.append(tr("%n unread", nullptr, m_count));
    if (m_health != Health::Well)
        words.append(healthText());
    setAccessibleName(words.join(u", "_s));
    setToolTip(m_health == Health::Well && !m_isNarrow ? (m_channel ? m_name + u" · "_s + channelTitle(*m_channel) : QString())
                                                        : words.join(u" · "_s).toHtmlEscaped());
    setText(m_name);
}

QSize SidebarRow::sizeHint() const
{
    return {m_isNarrow ? m_theme.px(40) : m_theme.px(192), std::max(m_theme.px(30), m_theme.lineHeight(TypeRole::Body) + 10)};
}

QSize SidebarRow::minimumSizeHint() const
{
    return {m_theme.px(40), sizeHint().height()};
}

void SidebarRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    const auto mirrored = [this, rtl](QRect rect) {
        if (rtl)
            rect.moveLeft(width() - rect.x() - rect.width());
        return rect;
    };
    if (isChecked() || isDown() || underMouse()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(isChecked() ? "state.selected.sidebar"_L1 : isDown() ? "state.pressed"_L1 : "state.hover.sidebar"_L1));
        painter.drawRoundedRect(rect(), 6, 6);
    }
    const int side = m_theme.px(18);
    const QRect icon = mirrored(QRect(m_isNarrow ? (width() - side) / 2 : m_theme.px(8), (height() - side) / 2, side, side));
    const QColor ink = m_theme.color(isChecked() ? "accent"_L1 : "text.secondary"_L1);
    if (m_channel)
        paintChannelDisc(&painter, m_theme, icon, *m_channel);
    else if (!m_icon.isEmpty())
        m_theme.paintIcon(&painter, m_icon, icon, 18, ink, layoutDirection());

    int end = width() - m_theme.px(10);
    const bool isUnwell = m_health == Health::Quiet || m_health == Health::NeedsOwner;
    if (m_isNarrow) {
        if (m_count > 0 || isUnwell) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.color(m_health == Health::NeedsOwner ? "danger.text"_L1 : isUnwell ? "warn.text"_L1 : "accent"_L1));
            painter.drawEllipse(QRect(icon.right() - 2, icon.top() - 2, 8, 8));
        }
    } else {
        if (m_count > 0) {
            const QFont font = m_theme.font(TypeRole::Small, m_isBold);
            const QString text = m_count > 99 ? u"99+"_s : QString::number(m_count);
            const int textWidth = QFontMetrics(font).horizontalAdvance(text) + 1;
            painter.setFont(font);
            painter.setPen(m_theme.color(m_isBold ? "text.primary"_L1 : "text.secondary"_L1));
            painter.drawText(mirrored(QRect(end - textWidth, 0, textWidth, height())), Qt::AlignCenter, text);
            end -= textWidth + m_theme.px(8);
        }
        if (isUnwell) {
            const int mark = m_theme.px(16);
            m_theme.paintIcon(&painter, m_health == Health::NeedsOwner ? "alert-circle"_L1 : "alert"_L1,
                              mirrored(QRect(end - mark, (height() - mark) / 2, mark, mark)), 16,
                              m_theme.color(m_health == Health::NeedsOwner ? "danger.text"_L1 : "warn.text"_L1), layoutDirection());
            end -= mark + m_theme.px(8);
        }
        const int start = m_theme.px(34);
        const QFont font = m_theme.font(TypeRole::Body, isChecked() || m_isBold);
        painter.setFont(font);
        painter.setPen(m_theme.color(m_health == Health::Off ? "text.secondary"_L1 : "text.primary"_L1));
        const QRect text = mirrored(QRect(start, -6, std::max(0, end - start), height() + 12));
        painter.drawText(text, int(Qt::AlignVCenter | Qt::AlignAbsolute) | int(rtl ? Qt::AlignRight : Qt::AlignLeft) | Qt::TextSingleLine,
                         QFontMetrics(font).elidedText(m_name, Qt::ElideRight, text.width()));
    }
    if (m_ring)
        paintFocusRing(&painter, m_theme, QRectF(rect()).adjusted(1, 1, -1, -1), 6);
}

void SidebarRow::enterEvent(QEnterEvent *event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void SidebarRow::leaveEvent(QEvent *event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

void SidebarRow::focusInEvent(QFocusEvent *event)
{
    m_ring = isKeyboardFocus(event);
    QAbstractButton::focusInEvent(event);
    update();
}

void SidebarRow::focusOutEvent(QFocusEvent *event)
{
    m_ring = false;
    QAbstractButton::focusOutEvent(event);
    update();
}

void SidebarRow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up) {   // rows are one column: the arrows walk it
        m_ring = true;
        focusNextPrevChild(event->key() == Qt::Key_Down);
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

} // namespace antiphon
