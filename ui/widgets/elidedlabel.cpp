#include "ui/widgets/elidedlabel.h"

#include <QFontMetrics>
#include <QPainter>
#include <QStyle>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

bool isBidiControl(QChar c)
{
    return (c >= QChar(0x202A) && c <= QChar(0x202E)) || (c >= QChar(0x2066) && c <= QChar(0x2069));
}

} // namespace

QString singleLine(const QString &text, int most)
{
    QString out;
    const bool cut = text.size() > most;
    qsizetype end = std::min<qsizetype>(text.size(), most);
    if (cut && end > 0 && text.at(end - 1).isHighSurrogate())
        --end;
    out.reserve(end + 1);
    for (qsizetype i = 0; i < end; ++i) {
        const QChar c = text.at(i);
        if (c == u'\n' || c == u'\r' || c == u'\t' || c == QChar(0x2028) || c == QChar(0x2029))
            out.append(u' ');
        else if (isBidiControl(c))
            out.append(QChar(0xFFFD));
        else if (c.category() != QChar::Other_Control)
            out.append(c);
    }
    if (cut)
        out.append(QChar(0x2026));
    return out;
}

QString plainToolTip(const QString &text)
{
    // QToolTip guesses markup; escaped inside one element it has nothing to guess.
    return text.isEmpty() ? QString() : u"<qt>"_s + text.toHtmlEscaped().replace(u'\n', "<br>"_L1) + u"</qt>"_s;
}

ElidedLabel::ElidedLabel(const Theme &theme, TypeRole role, QLatin1StringView token, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_role(role), m_token(token)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { refresh(); });
}

void ElidedLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(singleLine(text));
    refresh();
}

void ElidedLabel::setBold(bool bold)
{
    m_bold = bold;
    refresh();
}

void ElidedLabel::setToken(QLatin1StringView token)
{
    m_token = token;
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

void ElidedLabel::setOptional(bool optional)
{
    m_optional = optional;
    update();
}

void ElidedLabel::refresh()
{
    const bool cut = QFontMetrics(m_theme.font(m_role, m_bold)).horizontalAdvance(singleLine(m_text)) > width();
    setToolTip(cut ? plainToolTip(m_text) : QString());
    updateGeometry();
    update();
}

void ElidedLabel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool cut = QFontMetrics(m_theme.font(m_role, m_bold)).horizontalAdvance(singleLine(m_text)) > width();
    setToolTip(cut ? plainToolTip(m_text) : QString());
}

QSize ElidedLabel::sizeHint() const
{
    return {QFontMetrics(m_theme.font(m_role, m_bold)).horizontalAdvance(singleLine(m_text)) + 1, m_theme.lineHeight(m_role)};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), m_theme.px(24)), m_theme.lineHeight(m_role)};
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QFont font = m_theme.font(m_role, m_bold);
    painter.setFont(font);
    painter.setPen(m_theme.color(isEnabled() ? m_token : "text.disabled"_L1));
    const QString shown = QFontMetrics(font).elidedText(singleLine(m_text), Qt::ElideRight, width());
    if (m_optional && shown != singleLine(m_text))
        return;
    const Qt::Alignment side = QStyle::visualAlignment(layoutDirection(), m_alignment & Qt::AlignHorizontal_Mask);
    painter.drawText(rect(), int(Qt::AlignVCenter | Qt::AlignAbsolute | side) | Qt::TextDontClip | Qt::TextSingleLine, shown);
}

} // namespace antiphon
