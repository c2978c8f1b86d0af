#include "ui/onboarding/copyrow.h"

#include "ui/theme/theme.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

CopyRow::CopyRow(const Theme &theme, const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_name(new QLabel(name, this))
    , m_value(new QLabel(this))
    , m_note(new QLabel(this))
    , m_copy(new IconButton(theme, "copy"_L1, tr("Copy %1").arg(name), this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(m_theme.px(12), m_theme.px(4), m_theme.px(8), m_theme.px(4));
    row->setSpacing(m_theme.px(8));
    for (QLabel *label : {m_name, m_value, m_note})
        label->setTextFormat(Qt::PlainText);
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_value->setAccessibleName(name);
    m_value->setWordWrap(true);
    m_value->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_name);
    row->addWidget(m_value, 1);
    row->addWidget(m_note);
    row->addWidget(m_copy);
    m_note->hide();
    connect(m_copy, &QAbstractButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_text); });
    connect(&m_theme, &Theme::changed, this, &CopyRow::dress);
    dress();
}

void CopyRow::setValue(const QString &value, const QString &placeholder)
{
    m_text = value;
    m_value->setText(value.isEmpty() ? placeholder : value);
    m_copy->setDisabledReason(value.isEmpty() ? placeholder : QString());
}

void CopyRow::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_copy->setVisible(note.isEmpty());
}

void CopyRow::dress()
{
    m_name->setFont(m_theme.font(TypeRole::Body));
    m_name->setMinimumWidth(m_theme.px(100));
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPixelSize(m_theme.font(TypeRole::Small).pixelSize());
    m_value->setFont(fixed);
    m_note->setFont(m_theme.font(TypeRole::Small));
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_name->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("ok.text"_L1));
    m_note->setPalette(colors);
    setMinimumHeight(m_theme.px(40));
}

} // namespace antiphon
