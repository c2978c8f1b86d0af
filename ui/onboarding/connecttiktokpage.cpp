#include "ui/onboarding/connecttiktokpage.h"

#include "ui/models/errortext.h"
#include "ui/models/whendone.h"
#include "ui/onboarding/checktext.h"
#include "ui/onboarding/copyrow.h"
#include "ui/onboarding/steplist.h"
#include "ui/onboarding/tunnelpanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatarpainter.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"
#include "ui/widgets/primarybutton.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDesktopServices>
#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

const QString kScopes = u"message.list.read, message.list.send, message.list.manage, user.info.basic, user.info.username, user.info.profile, "
                        "user.info.stats, user.account.type, user.insights"_s;
const QString kPortal = u"https://business-api.tiktok.com/portal"_s;
} // namespace

ConnectTiktokPage::ConnectTiktokPage(const Theme &theme, DeskApi &api, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_api(api)
{
    setAutoFillBackground(true);
    setAccessibleName(tr("Connect TikTok"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(m_theme.px(24), m_theme.px(8), m_theme.px(12), m_theme.px(8));
    m_title = new QLabel(tr("Connect TikTok"), this);
    m_title->setTextFormat(Qt::PlainText);
    auto *close = new IconButton(m_theme, "close"_L1, tr("Close"), this);
    connect(close, &QAbstractButton::clicked, this, [this] { emit finished(m_inbox ? m_inbox->id : InboxId()); });
    head->addWidget(m_title, 1);
    head->addWidget(close);
    column->addLayout(head);
    column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));

    auto *body = new QHBoxLayout;
    body->setContentsMargins(m_theme.px(24), m_theme.px(24), m_theme.px(24), m_theme.px(16));
    body->setSpacing(m_theme.px(32));
    m_steps = new StepList(m_theme,
                           {{tr("Public address"), {}}, {tr("TikTok app"), tr("Portal values")}, {tr("Sign in"), tr("In your browser")}, {tr("Round trip"), tr("One real message")}},
                           this);
    body->addWidget(m_steps, 0, Qt::AlignTop | Qt::AlignLeading);
    m_pages = new QStackedWidget(this);
    for (QWidget *page : {buildAddress(), buildPortal(), buildSignIn(), buildRoundTrip()}) {
        auto *scroll = new QScrollArea(m_pages);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setWidgetResizable(true);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        scroll->setWidget(page);
        m_pages->addWidget(scroll);
    }
    body->addWidget(m_pages, 8);
    body->addStretch(1);
    column->addLayout(body, 1);
    connect(&m_theme, &Theme::changed, this, &ConnectTiktokPage::dress);
    dress();
}

QLabel *ConnectTiktokPage::label(const QString &text, bool bold, bool secondary)
{
    auto *made = new QLabel(text);
    made->setTextFormat(Qt::PlainText);
    made->setWordWrap(true);
    if (bold)
        m_heads.append(made);
    else
        m_labels.append({made, secondary});
    return made;
}

QLabel *ConnectTiktokPage::sectionHead(const QString &text)
{
    QLabel *made = label(text);
    m_sections.append(made);
    return made;
}

QWidget *ConnectTiktokPage::fieldRow(const QString &name, QLineEdit *field)
{
    auto *holder = new QWidget;
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(m_theme.px(12), 0, 0, 0);
    row->setSpacing(m_theme.px(8));
    QLabel *words = label(name, false, true);
    words->setBuddy(field);
    words->setMinimumWidth(m_theme.px(100));
    words->setWordWrap(false);
    row->addWidget(words);
    row->addWidget(field, 1);
    return holder;
}

QWidget *ConnectTiktokPage::checkRow(const QString &text)
{
    // A check box doesn't wrap its words; a label does, and passes clicks on to the box.
    auto *holder = new QWidget;
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(m_theme.px(12), 0, 0, 0);
    row->setSpacing(m_theme.px(8));
    auto *box = new QCheckBox(holder);
    box->setAccessibleName(text);
    QLabel *words = label(text);
    words->setBuddy(box);
    words->installEventFilter(this);
    row->addWidget(box, 0, Qt::AlignTop);
    row->addWidget(words, 1);
    return holder;
}

bool ConnectTiktokPage::eventFilter(QObject *watched, QEvent *event)
{
    const auto *words = qobject_cast<QLabel *>(watched);
    auto *box = words ? qobject_cast<QCheckBox *>(words->buddy()) : nullptr;
    if (box && event->type() == QEvent::MouseButtonRelease) {
        box->click();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

QWidget *ConnectTiktokPage::footer(QPushButton *back, QPushButton *next)
{
    auto *holder = new QWidget;
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(0, m_theme.px(16), 0, 0);
    if (back)
        row->addWidget(back);
    row->addStretch(1);
    row->addWidget(next);
    return holder;
}

QWidget *ConnectTiktokPage::buildAddress()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setSpacing(m_theme.px(12));
    column->addWidget(label(tr("How TikTok reaches this computer"), true));
    column->addWidget(label(tr("TikTok delivers messages to an https address that leads to this computer. Choose what leads there; this program starts it, "
                               "watches it and tells TikTok."), false, true));
    m_addressState = label({});
    column->addWidget(m_addressState);
    m_addressNext = new PrimaryButton(m_theme, tr("Next"), page);
    connect(m_addressNext, &QAbstractButton::clicked, this, [this] { show(Portal); });
    auto *later = new QPushButton(tr("Not now"), page);
    connect(later, &QAbstractButton::clicked, this, [this] { emit finished(InboxId()); });
    column->addWidget(footer(later, m_addressNext));
    m_tunnel = new TunnelPanel(m_theme, m_api.client(), page);
    connect(m_tunnel, &TunnelPanel::changed, this, &ConnectTiktokPage::takeAddress);
    column->addWidget(m_tunnel);
    column->addStretch(1);
    return page;
}

/// The address is known, or another one: the values for the portal follow it.
void ConnectTiktokPage::takeAddress()
{
    if (m_tunnel->address() != m_shownAddress)
        whenDone(m_api.app(Channel::Tiktok), this, [this](const Result<DeskApp> &app) { takeApp(app); });
}

QWidget *ConnectTiktokPage::buildPortal()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setSpacing(m_theme.px(8));
    column->addWidget(label(tr("Your app in the TikTok developer portal"), true));
    column->addWidget(label(tr("One app serves all TikTok accounts of this workspace. Create it once, with the product “Business Messaging”."), false, true));
    auto *open = new QPushButton(tr("Open the portal"), page);
    connect(open, &QAbstractButton::clicked, this, [] { QDesktopServices::openUrl(QUrl(kPortal)); });
    column->addWidget(open, 0, Qt::AlignLeading);
    column->addSpacing(m_theme.px(8));
    column->addWidget(sectionHead(tr("Paste into the portal")));
    m_redirect = new CopyRow(m_theme, tr("Redirect URL"), page);
    m_webhook = new CopyRow(m_theme, tr("Webhook"), page);
    m_webhook->setNote(tr("set for you"));
    m_scopes = new CopyRow(m_theme, tr("Permissions"), page);
    m_scopes->setValue(kScopes, {});
    for (CopyRow *row : {m_redirect, m_webhook, m_scopes})
        column->addWidget(row);
    column->addSpacing(m_theme.px(8));
    column->addWidget(sectionHead(tr("Copy from the portal")));
    m_appId = new QLineEdit(page);
    m_appId->setAccessibleName(tr("App ID"));
    m_secret = new QLineEdit(page);
    m_secret->setAccessibleName(tr("App secret"));
    m_secret->setEchoMode(QLineEdit::Password);
    column->addWidget(fieldRow(tr("App ID"), m_appId));
    column->addWidget(fieldRow(tr("App secret"), m_secret));
    column->addWidget(label(tr("The secret is kept encrypted. It also checks every webhook."), false, true));
    column->addSpacing(m_theme.px(8));
    column->addWidget(sectionHead(tr("In the TikTok app of the account")));
    column->addWidget(checkRow(tr("It is a Business Account (personal accounts can't use messaging by API)")));
    column->addWidget(checkRow(tr("Direct messages are allowed from everyone (else each request must be accepted in the app first)")));
    m_portalState = label({});
    column->addWidget(m_portalState);
    m_portalNext = new PrimaryButton(m_theme, tr("Save and go on"), page);
    connect(m_portalNext, &QAbstractButton::clicked, this, &ConnectTiktokPage::saveApp);
    connect(m_appId, &QLineEdit::returnPressed, this, &ConnectTiktokPage::saveApp);
    connect(m_secret, &QLineEdit::returnPressed, this, &ConnectTiktokPage::saveApp);
    auto *back = new QPushButton(tr("Back"), page);
    connect(back, &QAbstractButton::clicked, this, [this] { show(Address); });
    column->addWidget(footer(back, m_portalNext));
    column->addStretch(1);
    return page;
}

QWidget *ConnectTiktokPage::buildSignIn()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setSpacing(m_theme.px(12));
    column->addWidget(label(tr("Agree in your browser"), true));
    column->addWidget(label(tr("TikTok asks the owner of the account whether this workspace may read and answer its messages. The page opens in your browser; "
                               "when you have agreed, this window goes on by itself."), false, true));
    m_openBrowser = new PrimaryButton(m_theme, tr("Open TikTok in the browser"), page);
    m_openBrowser->setIconName("external"_L1);
    connect(m_openBrowser, &QAbstractButton::clicked, this, &ConnectTiktokPage::openConsent);
    column->addWidget(m_openBrowser, 0, Qt::AlignLeading);
    m_signInState = label({});
    column->addWidget(m_signInState);
    m_keysAgain = new QPushButton(tr("Enter the keys again"), page);
    m_keysAgain->hide();
    connect(m_keysAgain, &QAbstractButton::clicked, this, [this] {
        m_keysAgain->hide();
        show(Portal);
        m_secret->setFocus();
    });
    column->addWidget(m_keysAgain, 0, Qt::AlignLeading);
    column->addWidget(label(tr("Did the browser end on a page that can't be reached? Paste the address that it shows:"), false, true));
    m_pasted = new QLineEdit(page);
    m_pasted->setAccessibleName(tr("Address of the page the browser ended on"));
    m_pasted->setPlaceholderText(u"https://…/tiktok/callback?code=…"_s);
    m_pasteButton = new QPushButton(tr("Use this address"), page);
    connect(m_pasteButton, &QAbstractButton::clicked, this, &ConnectTiktokPage::paste);
    connect(m_pasted, &QLineEdit::returnPressed, this, &ConnectTiktokPage::paste);
    column->addWidget(m_pasted);
    auto *back = new QPushButton(tr("Back"), page);
    connect(back, &QAbstractButton::clicked, this, [this] { show(Portal); });
    column->addWidget(footer(back, m_pasteButton));
    column->addStretch(1);
    return page;
}

QWidget *ConnectTiktokPage::buildRoundTrip()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setSpacing(m_theme.px(12));
    column->addWidget(label(tr("One real message"), true));
    m_checks = label({});
    column->addWidget(m_checks);
    column->addWidget(label(tr("Write to the account from another TikTok account now. The message appears here as soon as it arrives."), false, true));
    m_roundTripState = label({});
    column->addWidget(m_roundTripState);
    m_done = new PrimaryButton(m_theme, tr("Done"), page);
    connect(m_done, &QAbstractButton::clicked, this, [this] { emit finished(m_inbox ? m_inbox->id : InboxId()); });
    column->addWidget(footer(nullptr, m_done));
    column->addStretch(1);
    return page;
}

void ConnectTiktokPage::begin(InboxId reconnect)
{
    m_reconnect = reconnect;
    m_inbox.reset();
    m_isWaitingForConsent = false;
    m_keysAgain->hide();
    m_secret->clear();
    m_pasted->clear();
    m_title->setText(reconnect ? tr("Reconnect TikTok") : tr("Connect TikTok"));
    for (QLabel *place : {m_addressState, m_portalState, m_signInState, m_checks, m_roundTripState})
        say(place, {}, false);
    show(Address);
    whenDone(m_api.app(Channel::Tiktok), this, [this](const Result<DeskApp> &app) { takeApp(app); });
}

void ConnectTiktokPage::takeApp(const Result<DeskApp> &app)
{
    if (!app && app.error().kind != Error::Kind::NotFound) {
        say(m_addressState, errorText(app.error()), true);
        return;
    }
    m_app = app ? *app : DeskApp{};
    const QString address = !m_tunnel->address().isEmpty() ? m_tunnel->address() : m_api.client().session().workspace.publicUrl;
    m_shownAddress = address;
    const QString missing = tr("known once there is a public address");
    m_appId->setText(m_app.settings.value(u"app_id"_s).toString());
    m_secret->setPlaceholderText(m_app.secretsSet.contains(u"app_secret"_s) ? tr("Stored; leave empty to keep it") : QString());
    m_redirect->setValue(!m_app.redirectUrl.isEmpty() ? m_app.redirectUrl : address.isEmpty() ? QString() : address + u"/tiktok/callback"_s, missing);
    m_webhook->setValue(!m_app.webhookUrl.isEmpty() ? m_app.webhookUrl : address.isEmpty() ? QString() : address + u"/webhooks/tiktok"_s, missing);
    m_steps->setDetail(Address, address.isEmpty() ? tr("not known yet") : QUrl(address).host());
    say(m_addressState,
        address.isEmpty() ? tr("No public address is known yet. Choose below what leads to this computer, or start Antiphon with --public-url https://your.address.")
                          : tr("This computer is reached at %1.").arg(address),
        address.isEmpty());
    m_addressNext->setDisabledReason(address.isEmpty() ? tr("A public address is needed first.") : QString());
}

void ConnectTiktokPage::saveApp()
{
    const QString id = m_appId->text().trimmed();
    const QString secret = m_secret->text().trimmed();
    if (id.isEmpty() || (secret.isEmpty() && !m_app.secretsSet.contains(u"app_secret"_s))) {
        say(m_portalState, tr("Both the app ID and the app secret are needed."), true);
        (id.isEmpty() ? m_appId : m_secret)->setFocus();
        return;
    }
    m_portalNext->setEnabled(false);
    const QJsonObject secrets = secret.isEmpty() ? QJsonObject() : QJsonObject{{u"app_secret"_s, secret}};
    whenDone(m_api.setApp(Channel::Tiktok, {{u"app_id"_s, id}}, secrets), this, [this](const Result<DeskApp> &app) {
        m_portalNext->setEnabled(true);
        if (!app) {
            say(m_portalState, errorText(app.error()), true);
            return;
        }
        m_secret->clear();
        takeApp(app);
        say(m_portalState, {}, false);
        show(SignIn);
    });
}

void ConnectTiktokPage::openConsent()
{
    m_openBrowser->setEnabled(false);
    whenDone(m_api.authorizeInbox(Channel::Tiktok, m_reconnect), this, [this](const Result<QUrl> &page) {
        m_openBrowser->setEnabled(true);
        m_keysAgain->setVisible(!page);
        if (!page) {
            say(m_signInState, errorText(page.error()), true);
            return;
        }
        m_isWaitingForConsent = true;
        if (QDesktopServices::openUrl(*page))
            say(m_signInState, tr("Waiting for your answer in the browser …"), false);
        else
            say(m_signInState, tr("The browser could not be opened. Open this address yourself: %1").arg(page->toString()), true);
    });
}

void ConnectTiktokPage::paste()
{
    const QUrl address = QUrl::fromUserInput(m_pasted->text().trimmed());
    if (m_pasted->text().trimmed().isEmpty() || !address.isValid()) {
        say(m_signInState, tr("Paste the whole address from the browser's address bar."), true);
        return;
    }
    m_pasteButton->setEnabled(false);
    whenDone(m_api.authorizePaste(address), this, [this](const Result<Inbox> &inbox) {
        m_pasteButton->setEnabled(true);
        m_keysAgain->setVisible(!inbox);
        if (inbox)
            connected(*inbox);
        else
            say(m_signInState, errorText(inbox.error()), true);
    });
}

void ConnectTiktokPage::applyEvent(const DeskEvent &event)
{
    if ((event.type == "inbox.created"_L1 || event.type == "inbox.updated"_L1) && m_isWaitingForConsent && m_pages->currentIndex() == SignIn) {
        const auto inbox = inboxFromJson(event.data);
        const bool isOurs = inbox && inbox->channel == Channel::Tiktok && inbox->state == Inbox::State::Active
            && (m_reconnect ? inbox->id == m_reconnect : event.type == "inbox.created"_L1);
        if (isOurs)
            connected(*inbox);
    } else if (event.type == "message.created"_L1 && m_inbox && m_pages->currentIndex() == RoundTrip) {
        const auto message = messageFromJson(event.data);
        if (message && message->inboxId == m_inbox->id && message->direction == Message::Direction::Incoming)
            say(m_roundTripState, tr("It arrived: “%1”. Everything works.").arg(message->content.left(120)), false);
    }
}

void ConnectTiktokPage::connected(const Inbox &inbox)
{
    if (m_inbox)
        return;   // the event and the pasted address' answer both tell it
    m_inbox = inbox;
    m_isWaitingForConsent = false;
    show(RoundTrip);
    say(m_checks, tr("%1 is connected. Checking …").arg(inbox.name), false);
    whenDone(m_api.checkInbox(inbox.id), this, [this](const Result<DeskCheck> &check) {
        if (!check) {
            say(m_checks, errorText(check.error()), true);
            return;
        }
        QStringList lines;
        for (const DeskCheckLine &line : check->lines) {
            if (!line.isOk)
                lines.append(u"✗  "_s + checkLineText(line));
        }
        say(m_checks, lines.isEmpty() ? tr("%1 is connected, and TikTok delivers to this computer.").arg(m_inbox->name) : lines.join(u'\n'), !lines.isEmpty());
    });
    say(m_roundTripState, tr("Waiting for a message …"), false);
}

void ConnectTiktokPage::show(Step step)
{
    m_pages->setCurrentIndex(step);
    m_steps->setCurrent(step);
}

void ConnectTiktokPage::say(QLabel *place, const QString &text, bool isError)
{
    place->setText(text);
    place->setVisible(!text.isEmpty());
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.color(isError ? "danger.text"_L1 : "text.primary"_L1));
    place->setPalette(colors);
}

void ConnectTiktokPage::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.view"_L1));
    setPalette(colors);
    m_title->setFont(m_theme.font(TypeRole::Heading, true));
    for (QLabel *head : std::as_const(m_heads))
        head->setFont(m_theme.font(TypeRole::Title, true));
    for (const auto &[place, secondary] : std::as_const(m_labels)) {
        place->setFont(m_theme.font(TypeRole::Body, m_sections.contains(place)));
        QPalette own = place->palette();
        if (secondary) {
            own.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
            place->setPalette(own);
        }
    }
    m_pages->setMaximumWidth(m_theme.px(640));
}

} // namespace antiphon
