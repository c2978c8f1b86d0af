#include "ui/widgets/banner.h"

#include "ui/theme/theme.h"
#include "ui/widgets/iconbutton.h"

#include <QAccessible>
#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QResizeEvent>

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
    auto *row = new QHBoxLayout(this);
    m_words = new QBoxLayout(QBoxLayout::LeftToRight);
    m_words->addWidget(m_text, 1);
    m_words->addWidget(m_link, 0, Qt::AlignLeading | Qt::AlignVCenter);
    m_words->addWidget(m_action, 0, Qt::AlignLeading | Qt::AlignVCenter);
    row->addLayout(m_words, 1);
    row->addWidget(m_close, 0, Qt::AlignTop);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
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
}

void Banner::dress()
{
    const int icon = m_icon.isEmpty() ? 0 : m_theme.px(kIcon + 10);
    layout()->setContentsMargins(m_theme.px(13) + kBar + icon, m_theme.px(9), m_theme.px(12), m_theme.px(9));
    layout()->setSpacing(m_theme.px(10));
    m_text->setFont(m_theme.font(TypeRole::Body));
    m_link->setFont(m_theme.font(TypeRole::Body, true));
    m_action->setFont(m_theme.font(TypeRole::Body));
    QPalette colors = m_text->palette();
    colors.setColor(QPalette::WindowText, m_theme.color("text.primary"_L1));
    m_text->setPalette(colors);
    colors = m_link->palette();
    colors.setColor(QPalette::ButtonText, m_theme.color("accent"_L1));
    m_link->setPalette(colors);
    m_words->setSpacing(m_theme.px(10));
    arrange();
    updateGeometry();
    update();
}

void Banner::arrange()
{
    const int buttons = (m_link->isHidden() ? 0 : m_link->sizeHint().width()) + (m_action->isHidden() ? 0 : m_action->sizeHint().width());
    const bool isNarrow = buttons > 0 && width() - buttons < m_theme.px(320);
    m_words->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    // A wrapped label tells its height only for a width: whoever holds the banner must not squeeze it.
    setFixedHeight(std::max(m_theme.px(44), layout()->heightForWidth(width())));
}

void Banner::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        arrange();
}

bool Banner::event(QEvent *event)
{
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest)
        arrange();
    return handled;
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
    m_theme.paintIcon(&painter, m_icon, QRectF(rightToLeft ? width() - start - side : start, 0, side, height()), kIcon, colors.text, layoutDirection());
}

} // namespace antiphon
