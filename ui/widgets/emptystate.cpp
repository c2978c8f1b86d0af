#include "ui/widgets/emptystate.h"

#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace antiphon {

using namespace Qt::StringLiterals;

EmptyState::EmptyState(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_icon(new QLabel(this)), m_headline(new QLabel(this)), m_sentence(new QLabel(this)),
      m_action(new QPushButton(this))
{
    auto *column = new QVBoxLayout(this);
    column->addStretch();
    for (QLabel *label : {m_icon, m_headline, m_sentence}) {
        label->setTextFormat(Qt::PlainText);
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(label != m_icon);
        column->addWidget(label);
    }
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch();
    m_action->hide();
    connect(m_action, &QPushButton::clicked, this, &EmptyState::actionTriggered);
    connect(&theme, &Theme::changed, this, &EmptyState::dress);
    dress();
}

void EmptyState::setContent(QLatin1StringView icon, const QString &headline, const QString &sentence, const QString &action)
{
    m_iconName = icon;
    m_headline->setText(headline);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(headline);
    dress();
}

void EmptyState::dress()
{
    layout()->setContentsMargins(m_theme.px(24), m_theme.px(24), m_theme.px(24), m_theme.px(24));
    layout()->setSpacing(m_theme.px(8));
    m_icon->setPixmap(m_iconName.isEmpty() ? QPixmap()
                                           : m_theme.icons().pixmap(m_iconName, m_theme.color("text.secondary"_L1), m_theme.px(32),
                                                                    devicePixelRatioF(), layoutDirection() == Qt::RightToLeft));
    m_headline->setFont(m_theme.font(TypeRole::Title, true));
    m_sentence->setFont(m_theme.font(TypeRole::Body));
    QPalette colors = m_sentence->palette();
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_sentence->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("text.primary"_L1));
    m_headline->setPalette(colors);
    m_action->setFont(m_theme.font(TypeRole::Body));
}

} // namespace antiphon
