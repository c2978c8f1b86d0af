#include "ui/conversationlist/importstrip.h"

#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

ImportStrip::ImportStrip(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_words(new QLabel(this))
    , m_bar(new QProgressBar(this))
{
    setAutoFillBackground(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(m_theme.px(16), m_theme.px(8), m_theme.px(16), m_theme.px(10));
    column->setSpacing(m_theme.px(6));
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_bar->setRange(0, 100);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(m_theme.px(6));
    column->addWidget(m_words);
    column->addWidget(m_bar);
    connect(&theme, &Theme::changed, this, &ImportStrip::dress);
    dress();
    hide();
}

void ImportStrip::setProgress(const QString &inbox, int percent)
{
    m_isOn = true;
    // The name isolated, so that one of another direction doesn't turn the sentence round.
    m_words->setText(tr("%1: older messages, %2").arg(QChar(0x2068) + inbox + QChar(0x2069), QLocale().toString(percent) + QChar(QChar::Nbsp) + QChar(u'%')));
    m_bar->setValue(percent);
    m_bar->setAccessibleName(m_words->text());
    setVisible(!m_isNarrow);
}

void ImportStrip::setNarrow(bool narrow)
{
    m_isNarrow = narrow;
    setVisible(m_isOn && !narrow);
}

void ImportStrip::clear()
{
    m_isOn = false;
    hide();
}

void ImportStrip::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("info.fill"_L1));
    colors.setColor(QPalette::WindowText, m_theme.color("info.text"_L1));
    setPalette(colors);
    m_words->setPalette(colors);
    m_words->setFont(m_theme.font(TypeRole::Small));
}

} // namespace antiphon
