#include "ui/onboarding/choicerow.h"

#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QRadioButton>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

ChoiceRow::ChoiceRow(const Theme &theme, const ConnectChoice &choice, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_choice(choice)
    , m_name(new QLabel(choice.name, this))
{
    setAccessibleName(choice.name);
    m_name->setTextFormat(Qt::PlainText);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(2));
    column->addWidget(m_name);
    for (const ConnectChoice::Option &option : choice.options) {
        auto *button = new QRadioButton(option.name, this);
        button->setAccessibleDescription(option.text);
        connect(button, &QAbstractButton::clicked, this, [this] {
            m_isChosen = true;
            emit changed();
        });
        auto *text = new QLabel(option.text, this);
        text->setTextFormat(Qt::PlainText);
        text->setWordWrap(true);
        text->setBuddy(button);
        text->installEventFilter(this);
        auto *line = new QHBoxLayout;
        line->setContentsMargins(m_theme.px(12), m_theme.px(4), 0, 0);
        line->addWidget(button);
        auto *below = new QHBoxLayout;
        below->setContentsMargins(m_theme.px(32), 0, 0, 0);      // where the words beside the button begin
        below->addWidget(text);
        column->addLayout(line);
        column->addLayout(below);
        m_buttons.append(button);
        m_texts.append(text);
    }
    prefer();
    connect(&theme, &Theme::changed, this, &ChoiceRow::dress);
    dress();
}

QString ChoiceRow::value() const
{
    for (int i = 0; i < m_buttons.size(); ++i) {
        if (m_buttons.at(i)->isChecked())
            return m_choice.options.at(i).value;
    }
    return {};
}

void ChoiceRow::setValue(const QString &value)
{
    for (int i = 0; i < m_buttons.size(); ++i) {
        if (m_choice.options.at(i).value == value) {
            m_buttons.at(i)->setChecked(true);
            m_isChosen = true;
        }
    }
}

void ChoiceRow::setHasAddress(bool has)
{
    m_hasAddress = has;
    if (!m_isChosen)
        prefer();
    enable();
}

void ChoiceRow::setFixed(bool fixed)
{
    m_isFixed = fixed;
    enable();
}

void ChoiceRow::prefer()
{
    for (int i = 0; i < m_buttons.size(); ++i) {
        const ConnectChoice::Option &option = m_choice.options.at(i);
        if (option.isPreferred && (m_hasAddress || !option.needsAddress)) {
            m_buttons.at(i)->setChecked(true);
            return;
        }
    }
}

void ChoiceRow::enable()
{
    for (int i = 0; i < m_buttons.size(); ++i) {
        const ConnectChoice::Option &option = m_choice.options.at(i);
        const bool isMissing = option.needsAddress && !m_hasAddress;
        m_buttons.at(i)->setEnabled((!m_isFixed || m_buttons.at(i)->isChecked()) && (!isMissing || m_buttons.at(i)->isChecked()));
        m_texts.at(i)->setText(isMissing ? option.text + u' ' + tr("There is none yet: set it up under Settings, “Public address”.") : option.text);
        m_buttons.at(i)->setAccessibleDescription(m_texts.at(i)->text());
    }
}

bool ChoiceRow::eventFilter(QObject *watched, QEvent *event)
{
    const auto *words = qobject_cast<QLabel *>(watched);
    auto *button = words ? qobject_cast<QRadioButton *>(words->buddy()) : nullptr;
    if (button && button->isEnabled() && event->type() == QEvent::MouseButtonRelease) {
        button->click();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void ChoiceRow::dress()
{
    m_name->setFont(m_theme.font(TypeRole::Body, true));
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    for (QLabel *text : std::as_const(m_texts)) {
        text->setFont(m_theme.font(TypeRole::Small));
        text->setPalette(colors);
    }
    for (QRadioButton *button : std::as_const(m_buttons))
        button->setFont(m_theme.font(TypeRole::Body));
}

} // namespace antiphon
