#include "ui/contactpanel/panelrow.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/focusring.h"

#include <QClipboard>
#include <QFocusEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kLabelColumn = 84;
constexpr int kRow = 26;
constexpr int kSide = 16;
constexpr int kIcon = 14;
constexpr int kStackedUnder = 170;     // design px for the value: below it goes under its label

} // namespace

PanelRow::PanelRow(const Theme &theme, const QString &label, bool isEditable, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_label(label)
    , m_isEditable(isEditable)
{
    setFocusPolicy(isEditable ? Qt::StrongFocus : Qt::NoFocus);
    setAttribute(Qt::WA_Hover);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setValue({});
}

void PanelRow::setValue(const QString &value)
{
    m_value = value;
    setText(value);
    setAccessibleName(m_label + u": "_s + value);
    setToolTip(m_copies ? plainToolTip(tr("Copy: %1").arg(value)) : m_isEditable ? tr("Change: %1").arg(m_label).toHtmlEscaped() : plainToolTip(value));
    updateGeometry();
    update();
}

void PanelRow::setCopies(bool copies)
{
    m_copies = copies;
    setFocusPolicy(copies || m_isEditable ? Qt::StrongFocus : Qt::NoFocus);
    setAccessibleDescription(copies ? tr("Copies the value") : QString());
    if (copies) {
        connect(this, &QAbstractButton::clicked, this, [this] {
            QGuiApplication::clipboard()->setText(m_value);
            QToolTip::showText(mapToGlobal(rect().center()), tr("Copied"), this);
        });
    }
    setValue(m_value);
}

void PanelRow::setValueIcon(QLatin1StringView icon, QLatin1StringView token)
{
    m_icon = icon;
    m_token = token;
    update();
}

int PanelRow::valueStart() const
{
    const int words = QFontMetrics(m_theme.font(TypeRole::Small)).horizontalAdvance(m_label) + m_theme.px(8);
    return m_theme.px(kSide) + std::max(m_theme.px(kLabelColumn), words);
}

bool PanelRow::isStacked(int width) const
{
    const int needed = QFontMetrics(m_theme.font(TypeRole::Body)).horizontalAdvance(m_value) + m_theme.px(kSide);
    return width - valueStart() < needed && width - valueStart() < m_theme.px(kStackedUnder) / 2;
}

QSize PanelRow::sizeHint() const
{
    return {m_theme.px(240), heightForWidth(width())};
}

QSize PanelRow::minimumSizeHint() const
{
    return {m_theme.px(120), m_theme.px(kRow)};
}

int PanelRow::heightForWidth(int width) const
{
    return isStacked(width) ? m_theme.px(kRow + 18) : m_theme.px(kRow);
}

void PanelRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if ((m_isEditable || m_copies) && (isDown() || underMouse())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(isDown() ? "state.pressed"_L1 : "state.hover.list"_L1));
        painter.drawRoundedRect(rect().adjusted(m_theme.px(8), 0, -m_theme.px(8), 0), 6, 6);
    }
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    const auto mirrored = [this, rtl](QRect rect) {
        if (rtl)
            rect.moveLeft(width() - rect.x() - rect.width());
        return rect;
    };
    const int align = int(Qt::AlignVCenter | Qt::AlignAbsolute) | int(rtl ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::TextSingleLine);
    const bool stacked = isStacked(width());
    const int line = stacked ? height() / 2 : height();
    const int side = m_theme.px(kSide);
    painter.setFont(m_theme.font(TypeRole::Small));
    painter.setPen(m_theme.color("text.secondary"_L1));
    painter.drawText(mirrored(QRect(side, 0, stacked ? width() - 2 * side : valueStart() - side, line)), align, m_label);
    int x = stacked ? side : valueStart();
    const int y = stacked ? line : 0;
    if (!m_icon.isEmpty()) {
        const int icon = m_theme.px(kIcon);
        m_theme.paintIcon(&painter, m_icon, mirrored(QRect(x, y, icon, line)), kIcon, m_theme.color(m_token), layoutDirection());
        x += icon + m_theme.px(5);
    }
    const QFont font = m_theme.font(TypeRole::Body);
    const int chevron = m_isEditable || m_copies ? m_theme.px(14 + 6) : 0;
    const QString words = QFontMetrics(font).elidedText(m_value, m_copies ? Qt::ElideMiddle : Qt::ElideRight, width() - side - chevron - x);
    painter.setFont(font);
    painter.setPen(m_theme.color("text.primary"_L1));
    painter.drawText(mirrored(QRect(x, y - 4, std::max(0, width() - side - chevron - x), line + 8)), align, words);
    if (m_isEditable || m_copies) {
        const int at = x + std::min(QFontMetrics(font).horizontalAdvance(words) + m_theme.px(6), width() - side - chevron - x + m_theme.px(6));
        m_theme.paintIcon(&painter, m_copies ? "copy"_L1 : "chevron-down"_L1, mirrored(QRect(at, y, m_theme.px(14), line)), 14, m_theme.color("text.secondary"_L1), layoutDirection());
    }
    if (m_ring)
        paintFocusRing(&painter, m_theme, QRectF(rect()).adjusted(m_theme.px(8) + 1, 1, -m_theme.px(8) - 1, -1), 6);
}

void PanelRow::focusInEvent(QFocusEvent *event)
{
    m_ring = isKeyboardFocus(event);
    QAbstractButton::focusInEvent(event);
    update();
}

void PanelRow::focusOutEvent(QFocusEvent *event)
{
    m_ring = false;
    QAbstractButton::focusOutEvent(event);
    update();
}

void PanelRow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Down)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace antiphon
