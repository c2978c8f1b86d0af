#include "ui/mainwindow/firstchannels.h"

#include "ui/onboarding/connectplan.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatarpainter.h"
#include "ui/widgets/focusring.h"

#include <QAbstractButton>
#include <QBoxLayout>
#include <QFocusEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kTwoColumns = 860;

/// One channel: disc, name, what is needed, what it is without a public address, and a chevron.
class ChannelRow : public QAbstractButton {
public:
    ChannelRow(const Theme &theme, Channel channel, QWidget *parent)
        : QAbstractButton(parent)
        , m_theme(theme)
        , m_channel(channel)
        , m_needs(connectNeeds(channel))
        , m_reach(connectReach(channel))
    {
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
        setText(channelTitle(channel));
        setAccessibleName(FirstChannels::tr("Connect %1").arg(channelTitle(channel)));
        setAccessibleDescription(m_needs + u". "_s + m_reach.text);
        setToolTip(m_needs + u'\n' + m_reach.text);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        connect(&theme, &Theme::changed, this, [this] {
            updateGeometry();
            update();
        });
    }

    QSize sizeHint() const override { return {m_theme.px(330), m_theme.px(80)}; }
    QSize minimumSizeHint() const override { return {m_theme.px(200), m_theme.px(80)}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool rtl = layoutDirection() == Qt::RightToLeft;
        const auto mirrored = [this, rtl](QRect rect) {
            if (rtl)
                rect.moveLeft(width() - rect.x() - rect.width());
            return rect;
        };
        painter.setPen(QPen(m_theme.color("line.hair"_L1), 1));
        painter.setBrush(m_theme.color(isDown() ? "state.pressed"_L1 : underMouse() ? "state.hover.view"_L1 : "surface.raised"_L1));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
        const int side = m_theme.px(40);
        paintChannelDisc(&painter, m_theme, mirrored(QRect(m_theme.px(12), (height() - side) / 2, side, side)), m_channel);
        const int x = m_theme.px(12 + 40 + 12);
        const int end = width() - m_theme.px(40);
        const int align = int(Qt::AlignVCenter | Qt::AlignAbsolute) | int(rtl ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::TextSingleLine);
        const int line1 = m_theme.lineHeight(TypeRole::Body);
        const int line2 = m_theme.lineHeight(TypeRole::Small);
        const int top = (height() - line1 - 2 * line2) / 2;
        painter.setFont(m_theme.font(TypeRole::Body, true));
        painter.setPen(m_theme.color("text.primary"_L1));
        painter.drawText(mirrored(QRect(x, top, end - x, line1)), align, text());
        const QFont small = m_theme.font(TypeRole::Small);
        painter.setFont(small);
        painter.setPen(m_theme.color("text.secondary"_L1));
        painter.drawText(mirrored(QRect(x, top + line1, end - x, line2)), align, QFontMetrics(small).elidedText(m_needs, Qt::ElideRight, end - x));
        const int sign = m_theme.px(14);
        const int second = top + line1 + line2;
        m_theme.paintIcon(&painter, m_reach.worksWithout ? "ok-circle"_L1 : "tunnel"_L1, mirrored(QRect(x, second, sign, line2)), 14,
                          m_theme.color(m_reach.worksWithout ? "ok.text"_L1 : "text.secondary"_L1), layoutDirection());
        const int words = x + sign + m_theme.px(6);
        painter.drawText(mirrored(QRect(words, second, end - words, line2)), align, QFontMetrics(small).elidedText(m_reach.text, Qt::ElideRight, end - words));
        const int chevron = m_theme.px(16);
        m_theme.paintIcon(&painter, "chevron-end"_L1, mirrored(QRect(width() - m_theme.px(12) - chevron, 0, chevron, height())), 16,
                          m_theme.color("text.secondary"_L1), layoutDirection());
        if (m_ring)
            paintFocusRing(&painter, m_theme, QRectF(rect()).adjusted(1, 1, -1, -1), 8);
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

    void keyPressEvent(QKeyEvent *event) override
    {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            click();
        else
            QAbstractButton::keyPressEvent(event);
    }

private:
    const Theme &m_theme;
    Channel m_channel;
    QString m_needs;
    ConnectReach m_reach;
    bool m_ring = false;
};

} // namespace

FirstChannels::FirstChannels(const Theme &theme, Use use, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_title(new QLabel(use == Use::First ? tr("Connect your first channel") : tr("Connect a channel"), this))
    , m_text(new QLabel(tr("The assistant shows what to enter where, and waits for one real message to prove that it works."), this))
    , m_scroll(new QScrollArea(this))
    , m_grid(new QGridLayout)
{
    setAccessibleName(m_title->text());
    setAutoFillBackground(true);
    for (QLabel *label : {m_title, m_text}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_grid->setSpacing(m_theme.px(12));
    const QList<Channel> channels = connectableChannels();
    for (const Channel channel : channels) {
        auto *row = new ChannelRow(m_theme, channel, this);
        connect(row, &QAbstractButton::clicked, this, [this, channel] { emit chosen(channel); });
        m_rows.append(row);
    }
    auto *page = new QWidget;
    auto *inner = new QVBoxLayout;
    inner->setSpacing(m_theme.px(8));
    inner->addStretch(1);
    inner->addWidget(m_title);
    inner->addWidget(m_text);
    inner->addSpacing(m_theme.px(12));
    inner->addLayout(m_grid);
    if (use == Use::Further) {
        auto *close = new QPushButton(tr("Not now"), page);
        connect(close, &QAbstractButton::clicked, this, &FirstChannels::closed);
        inner->addSpacing(m_theme.px(12));
        inner->addWidget(close, 0, Qt::AlignLeading);
    }
    inner->addStretch(1);
    auto *across = new QHBoxLayout(page);
    across->addStretch(1);
    across->addLayout(inner, 8);
    across->addStretch(1);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(page);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_scroll);
    arrange();
    connect(&theme, &Theme::changed, this, &FirstChannels::dress);
    dress();
}

/// Two side by side where both have room for their words.
void FirstChannels::arrange()
{
    const int columns = width() >= m_theme.px(kTwoColumns) ? 2 : 1;
    if (columns == m_columns)
        return;
    m_columns = columns;
    while (QLayoutItem *item = m_grid->takeAt(0))
        delete item;                                     // the rows themselves stay
    for (int i = 0; i < m_rows.size(); ++i)
        m_grid->addWidget(m_rows.at(i), i / columns, i % columns);
}

void FirstChannels::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void FirstChannels::dress()
{
    arrange();
    m_scroll->widget()->layout()->setContentsMargins(m_theme.px(24), m_theme.px(24), m_theme.px(24), m_theme.px(24));
    m_title->setFont(m_theme.font(TypeRole::Display, true));
    m_text->setFont(m_theme.font(TypeRole::Message));
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.view"_L1));
    setPalette(colors);
    m_title->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_text->setPalette(colors);
    m_text->setMaximumWidth(m_theme.px(640));
}

} // namespace antiphon
