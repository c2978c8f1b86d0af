#include "ui/settings/noticesettings.h"

#include "ui/settings/uisettings.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QCheckBox>
#include <QFontMetrics>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QTimeEdit>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

NoticeSettings::NoticeSettings(UiSettings &settings, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_theme(theme)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(8));
    addCheck(tr("Tell me on the desktop when a customer writes"), &NoticeWishes::isOn);
    m_whileOn.append(addCheck(tr("With the desktop's sound"), &NoticeWishes::hasSound));
    m_whileOn.append(addCheck(tr("Also when the conversation belongs to a colleague"), &NoticeWishes::ofColleagues));
    buildPrivacy();
    buildQuietHours();
    buildTry();
    connect(&m_settings, &UiSettings::noticesChanged, this, &NoticeSettings::showState);
    connect(&theme, &Theme::changed, this, &NoticeSettings::dress);
    showState();
    dress();
}

QCheckBox *NoticeSettings::addCheck(const QString &text, bool NoticeWishes::*flag)
{
    auto *box = new QCheckBox(text, this);
    box->setChecked(m_settings.notices().*flag);
    layout()->addWidget(box);
    connect(box, &QCheckBox::toggled, this, [this, flag](bool on) { change([flag, on](NoticeWishes &wishes) { wishes.*flag = on; }); });
    return box;
}

void NoticeSettings::buildPrivacy()
{
    m_heads.append(plainLabel(tr("What it shows"), this));
    layout()->addWidget(m_heads.last());
    auto *group = new QButtonGroup(this);
    const auto add = [&](const QString &text, NoticeWishes::Privacy privacy) {
        auto *button = new QRadioButton(text, this);
        button->setChecked(m_settings.notices().privacy == privacy);
        group->addButton(button);
        layout()->addWidget(button);
        m_whileOn.append(button);
        connect(button, &QAbstractButton::clicked, this, [this, privacy] { change([privacy](NoticeWishes &wishes) { wishes.privacy = privacy; }); });
    };
    add(tr("The customer's name and the message"), NoticeWishes::Privacy::Full);
    add(tr("The customer's name only"), NoticeWishes::Privacy::SenderOnly);
    add(tr("Only that there is a new message"), NoticeWishes::Privacy::Hidden);
}

void NoticeSettings::buildQuietHours()
{
    m_heads.append(plainLabel(tr("Quiet"), this));
    layout()->addWidget(m_heads.last());
    m_whileOn.append(addCheck(tr("Do not disturb for now"), &NoticeWishes::isUndisturbed));
    m_whileOn.append(addCheck(tr("Every day at these hours"), &NoticeWishes::hasQuietHours));
    auto *row = new QHBoxLayout;
    row->setSpacing(m_theme.px(8));
    addTime(row, tr("from"), &NoticeWishes::quietFrom);
    addTime(row, tr("to"), &NoticeWishes::quietTo);
    row->addStretch(1);
    static_cast<QBoxLayout *>(layout())->addLayout(row);
    m_notes.append(plainLabel(tr("Messages come in all the same, and the window shows how many are unread."), this));
    layout()->addWidget(m_notes.last());
}

QTimeEdit *NoticeSettings::addTime(QBoxLayout *row, const QString &name, QTime NoticeWishes::*time)
{
    auto *label = plainLabel(name, this);
    label->setWordWrap(false);
    auto *edit = new QTimeEdit(m_settings.notices().*time, this);
    edit->setLayoutDirection(Qt::LeftToRight);               // before the format, which would be turned round: a time is written so in every language
    edit->setDisplayFormat(QLocale().timeFormat(QLocale::ShortFormat));
    edit->setButtonSymbols(QAbstractSpinBox::NoButtons);
    edit->setAlignment(Qt::AlignCenter);
    edit->setAccessibleName(tr("Quiet hours, %1").arg(name));
    label->setBuddy(edit);
    row->addWidget(label);
    row->addWidget(edit);
    m_times.append(edit);
    connect(edit, &QTimeEdit::timeChanged, this, [this, time](QTime chosen) { change([time, chosen](NoticeWishes &wishes) { wishes.*time = chosen; }); });
    return edit;
}

void NoticeSettings::buildTry()
{
    m_try = new QPushButton(tr("Show one now"), this);
    m_outcome = plainLabel({}, this);
    m_outcome->hide();
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, m_theme.px(8), 0, 0);
    row->addWidget(m_try);
    row->addStretch(1);
    static_cast<QBoxLayout *>(layout())->addLayout(row);
    layout()->addWidget(m_outcome);
    connect(m_try, &QAbstractButton::clicked, this, &NoticeSettings::tryRequested);
}

void NoticeSettings::change(const std::function<void(NoticeWishes &)> &what)
{
    NoticeWishes wishes = m_settings.notices();
    what(wishes);
    m_settings.setNotices(wishes);
}

void NoticeSettings::setOutcome(const QString &sentence)
{
    m_outcome->setText(sentence);
    m_outcome->setVisible(!sentence.isEmpty());
}

QString NoticeSettings::outcome() const
{
    return m_outcome->text();
}

void NoticeSettings::showState()
{
    const NoticeWishes wishes = m_settings.notices();
    for (QWidget *part : std::as_const(m_whileOn))
        part->setEnabled(wishes.isOn);
    for (QTimeEdit *edit : std::as_const(m_times))
        edit->setEnabled(wishes.isOn && wishes.hasQuietHours);
}

void NoticeSettings::dress()
{
    QPalette colors = m_theme.palette();
    for (QLabel *head : std::as_const(m_heads)) {
        head->setFont(m_theme.font(TypeRole::Body, true));
        head->setContentsMargins(0, m_theme.px(12), 0, 0);
    }
    for (QTimeEdit *edit : std::as_const(m_times)) {
        edit->setFont(m_theme.font(TypeRole::Body));
        const QString widest = QLocale().toString(QTime(22, 58), QLocale::ShortFormat);
        edit->setMinimumWidth(QFontMetrics(edit->font()).horizontalAdvance(widest) + m_theme.px(40));
    }
    m_outcome->setFont(m_theme.font(TypeRole::Body));
    m_outcome->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    for (QLabel *note : std::as_const(m_notes)) {
        note->setFont(m_theme.font(TypeRole::Body));
        note->setPalette(colors);
    }
}

} // namespace antiphon
