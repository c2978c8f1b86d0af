#include "ui/settings/sleepsettings.h"

#include "ui/models/errortext.h"
#include "ui/models/whendone.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QLabel>
#include <QRadioButton>

namespace antiphon {
using namespace Qt::StringLiterals;

SleepSettings::SleepSettings(DeskApi &api, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_api(api)
    , m_theme(theme)
    , m_note(new QLabel(tr("While it sleeps nothing arrives; what can be fetched is fetched afterwards."), this))
    , m_state(new QLabel(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(8));
    for (QLabel *label : {m_note, m_state}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    auto *group = new QButtonGroup(this);
    const auto add = [&](const QString &text, const QString &value) {
        auto *button = new QRadioButton(text, this);
        button->setEnabled(false);
        group->addButton(button);
        column->addWidget(button);
        m_choices.emplace(value, button);
        connect(button, &QAbstractButton::clicked, this, [this, value] { choose(value); });
    };
    add(tr("The server's computer may sleep"), u"off"_s);
    add(tr("Keep it awake while inboxes are connected"), u"always"_s);
    add(tr("Keep it awake, but only on mains power"), u"on_mains"_s);
    column->addWidget(m_note);
    column->addWidget(m_state);
    m_state->hide();
    connect(&m_api.client(), &DeskClient::opened, this, &SleepSettings::read);
    connect(&theme, &Theme::changed, this, &SleepSettings::dress);
    dress();
}

QString SleepSettings::stateText() const
{
    return m_state->text();
}

void SleepSettings::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    read();
}

void SleepSettings::read()
{
    if (!isVisible() || m_api.client().state() != DeskClient::State::Open)
        return;
    whenDone(m_api.settings({u"keep_awake"_s, u"keep_awake_state"_s}), this, [this](const Result<QJsonObject> &values) {
        if (values)
            showState(values->value("keep_awake"_L1).toString(u"off"_s), values->value("keep_awake_state"_L1).toString());
        else
            m_state->setText(errorText(values.error()));
        m_state->setVisible(!m_state->text().isEmpty());
    });
}

void SleepSettings::choose(const QString &value)
{
    whenDone(m_api.setSettings({{u"keep_awake"_s, value}}), this, [this](const Result<void> &stored) {
        if (stored) {
            read();
            return;
        }
        m_state->setText(errorText(stored.error()));
        m_state->show();
    });
}

void SleepSettings::showState(const QString &value, const QString &state)
{
    const bool mayChange = m_api.client().session().agent.role != Agent::Role::Agent;
    for (const auto &[name, button] : m_choices) {
        button->setEnabled(mayChange);
        button->setChecked(name == value);
    }
    if (state == "not_available"_L1 && value != "off"_L1)
        m_state->setText(tr("The server's computer can't be kept awake by Antiphon: its system offers no way. Change its own power settings."));
    else if (state == "active"_L1)
        m_state->setText(tr("It is kept awake."));
    else if (state == "on_battery"_L1)
        m_state->setText(tr("It runs on battery now and may sleep."));
    else
        m_state->setText(mayChange ? QString() : tr("Only the owner or an administrator can change this."));
}

void SleepSettings::dress()
{
    QPalette colors = m_theme.palette();
    m_state->setFont(m_theme.font(TypeRole::Body));
    m_state->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_note->setFont(m_theme.font(TypeRole::Body));
    m_note->setPalette(colors);
}

} // namespace antiphon
