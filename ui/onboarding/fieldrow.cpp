#include "ui/onboarding/fieldrow.h"

#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

FieldRow::FieldRow(const Theme &theme, const ConnectField &field, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_field(field)
    , m_name(new QLabel(field.name, this))
    , m_edit(new QLineEdit(this))
    , m_hint(new QLabel(field.hint, this))
    , m_error(new QLabel(this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(m_theme.px(12), 0, 0, 0);
    grid->setHorizontalSpacing(m_theme.px(8));
    grid->setVerticalSpacing(m_theme.px(2));
    for (QLabel *label : {m_name, m_hint, m_error})
        label->setTextFormat(Qt::PlainText);
    m_name->setBuddy(m_edit);
    m_edit->setAccessibleName(field.name);
    m_edit->setAccessibleDescription(field.hint);
    m_edit->setLayoutDirection(Qt::LeftToRight);         // ids, numbers and tokens
    if (field.isSecret())
        m_edit->setEchoMode(QLineEdit::Password);
    m_hint->setWordWrap(true);
    m_hint->setVisible(!field.hint.isEmpty());
    m_error->setWordWrap(true);
    m_error->hide();
    grid->addWidget(m_name, 0, 0);
    grid->addWidget(m_edit, 0, 1);
    grid->addWidget(m_error, 1, 1);
    grid->addWidget(m_hint, 2, 1);
    grid->setColumnStretch(1, 1);
    connect(m_edit, &QLineEdit::returnPressed, this, &FieldRow::submitted);
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        if (m_error->isVisible())
            setError({});                                // it is being mended
    });
    connect(m_edit, &QLineEdit::editingFinished, this, [this] {
        if (!value().isEmpty())
            check();
    });
    connect(&theme, &Theme::changed, this, &FieldRow::dress);
    setStored(false);
    dress();
}

QString FieldRow::value() const
{
    QString text = m_edit->text().trimmed();
    static const QRegularExpression word(u"[A-Za-z]"_s);
    const bool isNumber = !text.mid(text.startsWith("whatsapp:"_L1) ? 9 : 0).contains(word);      // and no sender's name
    if (m_field.key == "phone_number"_L1 && isNumber) {
        static const QRegularExpression parting(u"[\\s().\\-/\\x{200e}\\x{200f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]"_s);
        text.remove(parting);
        if (text.startsWith("00"_L1))
            text = u'+' + text.mid(2);
    }
    return text;
}

QString FieldRow::key() const
{
    const bool isOther = !m_field.otherKey.isEmpty() && QRegularExpression(QRegularExpression::anchoredPattern(m_field.otherPattern)).match(value()).hasMatch();
    return isOther ? m_field.otherKey : m_field.key;
}

void FieldRow::setStored(bool isStored)
{
    m_isStored = isStored;
    m_edit->setPlaceholderText(isStored ? tr("Stored; leave empty to keep it") : m_field.placeholder.isEmpty() && m_field.isOptional ? tr("May stay empty") : m_field.placeholder);
}

void FieldRow::setError(const QString &sentence)
{
    m_error->setText(sentence);
    m_error->setVisible(!sentence.isEmpty());
    m_hint->setVisible(sentence.isEmpty() && !m_field.hint.isEmpty());
    m_edit->setAccessibleDescription(sentence.isEmpty() ? m_field.hint : sentence);
}

bool FieldRow::check()
{
    const QString text = value();
    QString wrong;
    if (text.isEmpty())
        wrong = m_isStored || m_field.isOptional ? QString() : tr("This is needed.");
    else if (!m_field.pattern.isEmpty() && !QRegularExpression(QRegularExpression::anchoredPattern(m_field.pattern)).match(text).hasMatch())
        wrong = m_field.wrong;
    setError(wrong);
    return wrong.isEmpty();
}

void FieldRow::dress()
{
    m_name->setFont(m_theme.font(TypeRole::Body));
    m_name->setMinimumWidth(m_theme.px(140));
    m_error->setFont(m_theme.font(TypeRole::Small));
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_name->setPalette(colors);
    m_hint->setFont(m_theme.font(TypeRole::Small));
    m_hint->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("danger.text"_L1));
    m_error->setPalette(colors);
}

} // namespace antiphon
