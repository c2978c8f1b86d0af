#include "ui/onboarding/tunnelpanel.h"

#include "ui/models/errortext.h"
#include "ui/models/tunneltext.h"
#include "ui/models/whendone.h"
#include "ui/onboarding/copyrow.h"
#include "ui/onboarding/tunnelform.h"
#include "ui/theme/theme.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/primarybutton.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QDesktopServices>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QUrl>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

QLabel *plainLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

TunnelPanel::TunnelPanel(const Theme &theme, DeskClient &client, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_client(client)
    , m_watch(client)
{
    m_watch.setParent(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(8));
    buildStatus(column);
    buildHelp(column);
    m_platforms = new QWidget(this);
    m_platformRows = new QVBoxLayout(m_platforms);
    m_platformRows->setContentsMargins(0, 0, 0, 0);
    m_platformRows->setSpacing(0);
    column->addWidget(m_platforms);
    column->addSpacing(m_theme.px(8));
    m_choiceHead = plainLabel(this);
    m_choiceHead->setText(tr("What leads to this computer"));
    column->addWidget(m_choiceHead);
    m_form = new TunnelForm(m_theme, this);
    column->addWidget(m_form);
    m_apply = new PrimaryButton(m_theme, tr("Use this"), this);
    column->addWidget(m_apply, 0, Qt::AlignLeading);
    connect(m_apply, &QAbstractButton::clicked, this, &TunnelPanel::apply);
    connect(m_form, &TunnelForm::submitted, this, &TunnelPanel::apply);
    connect(&m_watch, &TunnelWatch::changed, this, &TunnelPanel::show);
    connect(&m_theme, &Theme::changed, this, &TunnelPanel::dress);
    show();
    dress();
}

void TunnelPanel::buildStatus(QVBoxLayout *column)
{
    auto *row = new QHBoxLayout;
    m_pill = new Pill(m_theme, this);
    m_check = new QPushButton(tr("Check now"), this);
    m_check->setAccessibleDescription(tr("Sends a test to the public address and waits for it to arrive here"));
    connect(m_check, &QAbstractButton::clicked, this, &TunnelPanel::check);
    row->addWidget(m_pill);
    row->addStretch(1);
    row->addWidget(m_check);
    column->addLayout(row);
    m_address = new CopyRow(m_theme, tr("Address"), this);
    column->addWidget(m_address);
    m_explanation = plainLabel(this);
    m_explanation->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(m_explanation);
    m_output = plainLabel(this);
    m_output->setAccessibleName(tr("Last lines of the tunnel's program"));
    m_output->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(m_output);
}

void TunnelPanel::buildHelp(QVBoxLayout *column)
{
    m_help = new QWidget(this);
    auto *inner = new QVBoxLayout(m_help);
    inner->setContentsMargins(0, m_theme.px(4), 0, 0);
    inner->setSpacing(m_theme.px(4));
    m_helpHint = plainLabel(m_help);
    m_commands = plainLabel(m_help);
    m_commands->setAccessibleName(tr("Commands"));
    m_commands->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_commands->setAutoFillBackground(true);
    m_commands->setMargin(m_theme.px(8));
    m_copyCommands = new QPushButton(tr("Copy commands"), m_help);
    m_openPage = new QPushButton(tr("Open the download page"), m_help);
    connect(m_copyCommands, &QAbstractButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_commands->text()); });
    connect(m_openPage, &QAbstractButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl(m_page)); });
    inner->addWidget(m_helpHint);
    inner->addWidget(m_commands);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_copyCommands);
    buttons->addWidget(m_openPage);
    buttons->addStretch(1);
    inner->addLayout(buttons);
    column->addWidget(m_help);
}

void TunnelPanel::show()
{
    const auto &known = m_watch.tunnel();
    m_help->setVisible(known && known->help);
    m_form->setEnabled(known.has_value());
    m_check->setEnabled(known && known->state != "off"_L1);
    if (!known) {
        m_pill->setContent(Tone::Quiet, "tunnel"_L1, tr("Not known"));
        m_address->setValue({}, tr("only owner and admins see it"));
        m_explanation->setText({});
        m_output->hide();
        m_apply->setDisabledReason(tr("Only the owner can change it."));
        return;
    }
    const DeskTunnel &tunnel = *known;
    const bool isUp = tunnel.state == "up"_L1;
    const bool isDown = tunnel.state == "down"_L1;
    m_pill->setContent(isUp ? Tone::Ok : isDown ? Tone::Danger : tunnel.state == "starting"_L1 ? Tone::Warn : Tone::Quiet,
                       isUp ? "ok-circle"_L1 : isDown ? "alert-circle"_L1 : tunnel.state == "starting"_L1 ? "clock"_L1 : "tunnel"_L1, tunneltext::state(tunnel));
    m_address->setValue(tunnel.publicUrl, tr("not known yet"));
    QString words = tunneltext::explanation(tunnel);
    if (tunnel.isOverridden)
        words += u' ' + tr("The address was given when the program was started (--public-url). That wins over the choice below.");
    m_explanation->setText(words);
    m_output->setText(tunnel.output.join(u'\n'));
    m_output->setVisible(isDown && !tunnel.output.isEmpty());
    if (tunnel.help) {
        m_helpHint->setText(tunneltext::systemHint(*tunnel.help));
        m_page = tunnel.help->page;
        const bool hasCommands = !tunnel.help->commands.isEmpty();
        m_commands->setText(hasCommands ? tunnel.help->commands.join(u'\n') : m_page);
        m_copyCommands->setVisible(hasCommands);
    }
    const bool isOwner = m_client.session().agent.role == Agent::Role::Owner;
    m_apply->setDisabledReason(isOwner ? QString() : tr("Only the owner can change it."));
    m_form->setEnabled(isOwner);
    m_form->setTunnel(tunnel);
    showPlatforms(tunnel);
    emit changed();
}

void TunnelPanel::showPlatforms(const DeskTunnel &tunnel)
{
    QString key;
    for (const DeskTunnelPlatform &platform : tunnel.platforms)
        key += platform.channel + platform.webhookUrl + platform.detail + (platform.isRegistered ? (*platform.isRegistered ? u'y' : u'n') : u'-');
    if (key == m_platformsShown)
        return;
    m_platformsShown = key;
    while (QLayoutItem *item = m_platformRows->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (const DeskTunnelPlatform &platform : tunnel.platforms) {
        const auto channel = channelFromName(platform.channel);
        const QString title = channel ? channelTitle(*channel) : platform.channel;
        auto *webhook = new CopyRow(m_theme, tr("%1 webhook").arg(title), m_platforms);
        webhook->setValue(platform.webhookUrl, {});
        if (platform.isRegistered.value_or(false))
            webhook->setNote(tr("set for you"));
        auto *redirect = new CopyRow(m_theme, tr("%1 redirect URL").arg(title), m_platforms);
        redirect->setValue(platform.redirectUrl, {});
        m_platformRows->addWidget(webhook);
        m_platformRows->addWidget(redirect);
        if (platform.isRegistered && !*platform.isRegistered) {
            auto *failed = plainLabel(m_platforms);
            failed->setContentsMargins(m_theme.px(12), 0, 0, m_theme.px(4));
            failed->setFont(m_theme.font(TypeRole::Small));
            failed->setText(tr("%1 was not told the address yet; it is tried again by itself. %2").arg(title, platform.detail));
            QPalette colors = m_theme.palette();
            colors.setColor(QPalette::WindowText, m_theme.color("warn.text"_L1));
            failed->setPalette(colors);
            m_platformRows->addWidget(failed);
        }
    }
}

void TunnelPanel::check()
{
    m_check->setEnabled(false);
    whenDone(m_watch.api().checkTunnel(), this, [this](const Result<DeskTunnel> &tunnel) {
        m_check->setEnabled(true);
        if (tunnel)
            m_watch.take(*tunnel);
        else
            m_form->showError({}, errorText(tunnel.error()));
    });
}

void TunnelPanel::apply()
{
    if (!m_apply->isEnabled())
        return;
    m_apply->setEnabled(false);
    m_form->showError({}, {});
    whenDone(m_watch.api().setTunnel(m_form->provider(), m_form->settings(), m_form->secrets()), this, [this](const Result<DeskTunnel> &tunnel) {
        m_apply->setEnabled(true);
        if (!tunnel) {
            m_form->showError(tunnel.error().field, tunnel.error().kind == Error::Kind::Invalid && !tunnel.error().field.isEmpty() ? tunneltext::fieldError(tunnel.error().detail)
                                                                                                                                   : errorText(tunnel.error()));
            return;
        }
        m_form->clearSecrets();
        m_watch.take(*tunnel);
    });
}

void TunnelPanel::dress()
{
    m_choiceHead->setFont(m_theme.font(TypeRole::Body, true));
    for (QLabel *label : {m_explanation, m_helpHint})
        label->setFont(m_theme.font(TypeRole::Body));
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPixelSize(m_theme.font(TypeRole::Small).pixelSize());
    m_commands->setFont(fixed);
    m_output->setFont(fixed);
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.sunken"_L1));
    m_commands->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_output->setPalette(colors);
}

} // namespace antiphon
