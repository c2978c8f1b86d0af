#include "ui/mainwindow/advisoryline.h"

#include "ui/theme/theme.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
constexpr int kIcon = 18;
} // namespace

AdvisoryLine::AdvisoryLine(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_first(new QLabel(this))
    , m_second(new QLabel(this))
    , m_close(new IconButton(theme, "close"_L1, tr("Don't show this for this conversation"), this))
{
    m_close->setMetrics(28, 16);
    auto *row = new QHBoxLayout(this);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    for (QLabel *label : {m_first, m_second}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        words->addWidget(label);
    }
    row->addLayout(words, 1);
    row->addWidget(m_close, 0, Qt::AlignVCenter);
    connect(m_close, &QAbstractButton::clicked, this, &AdvisoryLine::dismissed);
    connect(&theme, &Theme::changed, this, &AdvisoryLine::dress);
    dress();
}

void AdvisoryLine::setText(const QString &text)
{
    m_first->setText(text.section(u'\n', 0, 0));
    m_second->setText(text.section(u'\n', 1));
    m_second->setVisible(!m_second->text().isEmpty());
    setAccessibleName(text);
}

void AdvisoryLine::dress()
{
    layout()->setContentsMargins(m_theme.px(12 + kIcon + 8), m_theme.px(4), m_theme.px(6), m_theme.px(4));
    QPalette colors = m_theme.palette();
    m_first->setFont(m_theme.font(TypeRole::Small));
    m_first->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_second->setFont(m_theme.font(TypeRole::Small));
    m_second->setPalette(colors);
    update();
}

void AdvisoryLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_theme.isHighContrast() ? QPen(m_theme.color("text.primary"_L1), 1) : QPen(Qt::NoPen));
    painter.setBrush(m_theme.color("surface.sunken"_L1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    const int side = m_theme.px(kIcon);
    const int start = m_theme.px(10);
    m_theme.paintIcon(&painter, "phone-mobile"_L1, QRectF(layoutDirection() == Qt::RightToLeft ? width() - start - side : start, 0, side, height()), kIcon,
                      m_theme.color("text.secondary"_L1), layoutDirection());
}

} // namespace antiphon
