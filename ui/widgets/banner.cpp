#include "ui/widgets/banner.h"

#include "ui/theme/theme.h"
#include "ui/widgets/iconbutton.h"

#include <QAccessible>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QResizeEvent>
#include <QStyle>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kBar = 3;
constexpr int kIcon = 18;

} // namespace

Banner::Banner(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_text(new QLabel(this)), m_link(new QPushButton(this)), m_action(new QPushButton(this)),
      m_close(new IconButton(theme, "close"_L1, tr("Close"), this))
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_link->setFlat(true);
    m_link->setCursor(Qt::PointingHandCursor);
    m_close->hide();
    m_link->hide();
    m_action->hide();
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(m_link, &QPushButton::clicked, this, &Banner::linkActivated);
    connect(m_action, &QPushButton::clicked, this, &Banner::actionTriggered);
    connect(m_close, &IconButton::clicked, this, &Banner::closed);
    connect(&theme, &Theme::changed, this, &Banner::dress);
    dress();
}

void Banner::setContent(Tone tone, QLatin1StringView icon, const QString &text, const QString &link, const QString &action)
{
    const bool isNews = text != m_text->text();
    m_tone = tone;
    m_icon = icon;
    m_text->setText(text);
    m_link->setText(link);
    m_link->setVisible(!link.isEmpty());
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(text);
    dress();
    if (isNews) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

void Banner::setClosable(bool closable)
{
    m_close->setVisible(closable);
    arrange(width(), true);
    updateGeometry();
}

void Banner::dress()
{
    m_text->setFont(m_theme.font(TypeRole::Body));
    m_link->setFont(m_theme.font(TypeRole::Body, true));
    m_action->setFont(m_theme.font(TypeRole::Body));
    QPalette colors = m_text->palette();
    colors.setColor(QPalette::WindowText, m_theme.color("text.primary"_L1));
    m_text->setPalette(colors);
    m_action->setPalette(m_theme.palette());
    colors = m_link->palette();
    colors.setColor(QPalette::ButtonText, m_theme.color("accent"_L1));
    m_link->setPalette(colors);
    arrange(width(), true);
    updateGeometry();
    update();
}

int Banner::arrange(int width, bool place) const
{
    const int gap = m_theme.px(10);
    const int edge = m_theme.px(9);
    const int start = kBar + m_theme.px(13) + (m_icon.isEmpty() ? 0 : m_theme.px(kIcon) + gap);
    int end = width - m_theme.px(12);
    const auto put = [&](QWidget *child, QRect rect) {
        if (place)
            child->setGeometry(QStyle::visualRect(layoutDirection(), this->rect(), rect));
    };
    if (!m_close->isHidden()) {
        const QSize close = m_close->sizeHint();
        put(m_close, {QPoint(end - close.width(), edge - m_theme.px(3)), close});
        end -= close.width() + gap;
    }
    QList<QPushButton *> buttons;
    int buttonsWidth = 0;
    int buttonsHeight = 0;
    for (QPushButton *button : {m_link, m_action}) {
        if (button->isHidden())
            continue;
        buttons.append(button);
        buttonsWidth += gap + button->sizeHint().width();
        buttonsHeight = std::max(buttonsHeight, button->sizeHint().height());
    }
    // Beside the text where that leaves it room, else in a line below it.
    const bool isBelow = !buttons.isEmpty() && end - start - buttonsWidth < m_theme.px(280);
    const int room = std::max(m_theme.px(60), end - start - (isBelow ? 0 : buttonsWidth));
    const int words = m_text->heightForWidth(room);
    const int line = isBelow ? words : std::max(words, buttonsHeight);
    const int height = std::max(m_theme.px(44), line + (isBelow ? gap + buttonsHeight : 0) + 2 * edge);
    const int top = isBelow ? edge : (height - words) / 2;
    put(m_text, {start, top, room, words});
    int x = isBelow ? start : end - buttonsWidth + gap;
    for (QPushButton *button : std::as_const(buttons)) {
        const QSize size = button->sizeHint();
        const int y = isBelow ? top + words + gap + (buttonsHeight - size.height()) / 2 : (height - size.height()) / 2;
        put(button, {QPoint(x, y), size});
        x += size.width() + gap;
    }
    return height;
}

QSize Banner::sizeHint() const
{
    return {m_theme.px(560), arrange(std::max(width(), m_theme.px(240)), false)};
}

QSize Banner::minimumSizeHint() const
{
    return {m_theme.px(200), m_theme.px(44)};
}

void Banner::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange(width(), true);
    if (event->oldSize().width() != event->size().width())
        updateGeometry();          // the hint, which bounds the height, is that of the width it has
}

void Banner::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange)
        arrange(width(), true);
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ToneColors colors = toneColors(m_theme, m_tone);
    const bool rightToLeft = layoutDirection() == Qt::RightToLeft;
    painter.fillRect(rect(), colors.fill);
    painter.fillRect(QRect(rightToLeft ? width() - kBar : 0, 0, kBar, height()), colors.line);
    if (m_icon.isEmpty())
        return;
    const int side = m_theme.px(kIcon);
    const int start = m_theme.px(13) + kBar;
    m_theme.paintIcon(&painter, m_icon, QRectF(rightToLeft ? width() - start - side : start, m_text->y(), side, m_theme.lineHeight(TypeRole::Body)), kIcon, colors.text, layoutDirection());
}

} // namespace antiphon
