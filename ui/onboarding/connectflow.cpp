#include "ui/onboarding/connectpage.h"

#include "ui/models/errortext.h"
#include "ui/models/whendone.h"
#include "ui/onboarding/checktext.h"
#include "ui/onboarding/choicerow.h"
#include "ui/onboarding/copyrow.h"
#include "ui/onboarding/fieldrow.h"
#include "ui/onboarding/steplist.h"
#include "ui/onboarding/tunnelpanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/primarybutton.h"

#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QUrl>
#include <QUuid>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

using Kind = ConnectStep::Kind;
using Where = ConnectField::Where;

/// Hexadecimal, so that nothing of it needs escaping in an address.
QString freshToken()
{
    return QString::fromLatin1(QUuid::createUuid().toRfc4122().toHex());
}

} // namespace

/// Continues with the answer, unless the assistant was begun anew meanwhile: then what it speaks of is gone.
template <typename T, typename Function>
void ConnectPage::ask(QFuture<T> future, Function function)
{
    whenDone(std::move(future), this, [this, run = m_run, function = std::move(function)](const T &value) {
        if (run == m_run)
            function(value);
    });
}

void ConnectPage::begin(Channel channel, const std::optional<Inbox> &reconnect, const QString &way)
{
    const auto plan = connectPlan(channel, reconnect ? connectWay(*reconnect) : way);
    if (!plan)
        return;
    ++m_run;
    m_reconnect = reconnect;
    m_inbox.reset();
    m_app = {};
    m_verifyToken.clear();
    m_shownAddress.clear();
    m_isWaitingForConsent = false;
    m_plan = *plan;
    build();
    m_title->setText((reconnect ? tr("Reconnect %1") : tr("Connect %1")).arg(channelTitle(channel)));
    setAccessibleName(m_title->text());
    for (QLabel *place : std::as_const(m_states))
        say(place, {}, false);
    say(m_checks, {}, false);
    fillKnown();
    if (!reconnect && m_plan.channel == Channel::Whatsapp)
        m_verifyToken = freshToken();
    m_next.at(0)->setDisabledReason(tr("Asking the server …"));
    show(reconnect && indexOf(Kind::Account) >= 0 ? indexOf(Kind::Account) : 0);
    askApp();
}

/// What is entered of the channel's application, where it has one.
void ConnectPage::askApp()
{
    if (indexOf(Kind::App) >= 0)
        ask(m_api.app(application()), [this](const Result<DeskApp> &app) { takeApp(app); });
    else
        showValues();
}

/// Of an account that is connected: what it is called is shown, and what it was connected with may stay.
void ConnectPage::fillKnown()
{
    for (FieldRow *row : std::as_const(m_fields)) {
        if (m_reconnect && row->field().where == Where::InboxSetting) {
            QString known = m_reconnect->settings.value(row->field().key).toString();
            if (known.isEmpty() && !row->field().otherKey.isEmpty())
                known = m_reconnect->settings.value(row->field().otherKey).toString();
            static const QStringList accounts{u"page_id"_s, u"phone_number_id"_s, u"channel_id"_s};
            row->edit()->setText(known.isEmpty() && accounts.contains(row->field().key) ? m_reconnect->externalId : known);
            row->edit()->setReadOnly(true);              // another account is another inbox
        }
        // What signs rarely changes; where the account works, only how messages come here may be what is wanted.
        const bool isKept = row->field().key == "app_secret"_L1 || row->field().key == "channel_secret"_L1 || (m_reconnect && m_reconnect->state == Inbox::State::Active);
        row->setStored(m_reconnect && ((row->field().where == Where::InboxSetting && !row->field().isOptional) || (row->field().isSecret() && !row->field().isOptional && isKept)));
    }
    for (ChoiceRow *row : std::as_const(m_choices)) {
        if (!m_reconnect)
            continue;
        const bool isDelivery = row->choice().where == ConnectChoice::Where::Delivery;
        row->setValue(isDelivery ? deliveryName(m_reconnect->delivery) : m_reconnect->settings.value(row->choice().key).toString());
        row->setFixed(!isDelivery);
    }
}

int ConnectPage::indexOf(Kind kind) const
{
    for (int i = 0; i < m_plan.steps.size(); ++i) {
        if (m_plan.steps.at(i).kind == kind)
            return i;
    }
    return -1;
}

const ConnectStep &ConnectPage::current() const
{
    return m_plan.steps.at(m_pages->currentIndex());
}

void ConnectPage::showStep(Kind kind)
{
    if (const int index = indexOf(kind); index >= 0)
        show(index);
}

void ConnectPage::show(int index)
{
    m_pages->setCurrentIndex(index);
    m_steps->setCurrent(index);
    if (current().kind == Kind::Deliver && !m_verifyRows.isEmpty())
        readVerifyToken();
    if (current().kind == Kind::RoundTrip && m_inbox) {
        say(m_states.at(index), tr("Waiting for a message …"), false);
        check();
    }
}

void ConnectPage::goOn()
{
    switch (current().kind) {
    case Kind::App: saveApp(); return;
    case Kind::Account: saveAccount(); return;
    case Kind::Address:
    case Kind::Deliver: show(m_pages->currentIndex() + 1); return;
    case Kind::Consent:
    case Kind::RoundTrip: return;
    }
}

/// The address is known, or another one: the values for the platform follow it.
void ConnectPage::takeAddress()
{
    if (m_tunnel && m_tunnel->address() != m_shownAddress)
        askApp();
}

void ConnectPage::takeApp(const Result<DeskApp> &app)
{
    if (!app && app.error().kind != Error::Kind::NotFound) {
        showValues();
        say(m_states.at(0), errorText(app.error()), true);
        return;
    }
    m_app = app ? *app : DeskApp{};
    const bool hasVerifyToken = m_app.secretsSet.contains(u"verify_token"_s);
    const bool isOfApp = indexOf(Kind::App) >= 0 && indexOf(Kind::Deliver) >= 0;
    if (isOfApp && !hasVerifyToken && m_verifyToken.isEmpty())
        m_verifyToken = freshToken();
    for (FieldRow *row : std::as_const(m_fields)) {
        if (row->field().where == Where::AppSetting && row->edit()->text().isEmpty())
            row->edit()->setText(m_app.settings.value(row->field().key).toString());
        if (row->field().where == Where::AppSecret)
            row->setStored(m_app.secretsSet.contains(row->field().key));
    }
    showValues();
}

void ConnectPage::showValues()
{
    const QString address = m_tunnel && !m_tunnel->address().isEmpty() ? m_tunnel->address() : m_api.client().session().workspace.publicUrl;
    m_shownAddress = address;
    for (ChoiceRow *row : std::as_const(m_choices))
        row->setHasAddress(!address.isEmpty());
    const QString missing = tr("known once there is a public address");
    const auto under = [&address](const QString &path) { return address.isEmpty() ? QString() : address + path; };
    for (CopyRow *row : std::as_const(m_redirects))
        row->setValue(!m_app.redirectUrl.isEmpty() ? m_app.redirectUrl : under(m_plan.callbackPath), missing);
    const Inbox *inbox = m_inbox ? &*m_inbox : m_reconnect ? &*m_reconnect : nullptr;
    QString webhook = inbox && !inbox->webhookUrl.isEmpty() ? inbox->webhookUrl : application() == m_plan.channel ? m_app.webhookUrl : QString();
    if (m_plan.channel == Channel::Line)
        webhook = inbox ? (inbox->webhookUrl.isEmpty() ? under(u"/webhooks/line/"_s + inbox->externalId) : inbox->webhookUrl) : QString();
    else if (m_plan.channel == Channel::Whatsapp)        // each number has its own
        webhook = inbox ? (inbox->webhookUrl.isEmpty() ? under(u"/webhooks/whatsapp/"_s + inbox->settings.value("phone_number"_L1).toString()) : inbox->webhookUrl) : QString();
    else if (webhook.isEmpty())
        webhook = under(u"/webhooks/"_s + channelName(m_plan.channel));
    for (CopyRow *row : std::as_const(m_webhooks))
        row->setValue(webhook, missing);
    for (CopyRow *row : std::as_const(m_verifyRows))
        row->setValue(m_verifyToken, tr("stored earlier; only an owner can read it"));
    if (m_newVerifyToken)
        m_newVerifyToken->setVisible(m_verifyToken.isEmpty());
    if (indexOf(Kind::Address) != 0) {
        m_next.at(0)->setDisabledReason({});
        return;
    }
    m_steps->setDetail(0, address.isEmpty() ? tr("not known yet") : QUrl(address).host());
    say(m_states.at(0),
        address.isEmpty() ? tr("No public address is known yet. Choose below what leads to this computer, or start Antiphon with --public-url https://your.address.")
                          : tr("This computer is reached at %1.").arg(address),
        address.isEmpty());
    const bool isOff = address.isEmpty() && m_plan.needsAddress;
    m_next.at(0)->setDisabledReason(isOff ? tr("A public address is needed first.") : QString());
    m_next.at(0)->setText(address.isEmpty() && !m_plan.needsAddress ? tr("Go on without") : tr("Next"));
}

/// What was stored before, here or by the server, to be entered at the platform.
void ConnectPage::readVerifyToken()
{
    if (!m_verifyToken.isEmpty())
        return;
    const auto known = m_inbox ? m_inbox : m_reconnect;
    const InboxId id = known && indexOf(Kind::App) < 0 ? known->id : InboxId();
    ask(m_api.verifyToken(application(), id), [this](const Result<QString> &token) {
        // Without one, or for who isn't an owner, a new one can be made.
        if (!token || token->isEmpty() || !m_verifyToken.isEmpty())
            return;
        m_verifyToken = *token;
        showValues();
    });
}

/// Whoever can't read what was stored and must enter it at the platform once more needs another one.
void ConnectPage::makeVerifyToken()
{
    m_verifyToken = freshToken();
    showValues();
    QLabel *state = m_states.at(m_pages->currentIndex());
    const QJsonObject secrets{{u"verify_token"_s, m_verifyToken}};
    const auto done = [this, state](const std::optional<Error> &error) {
        if (!error) {
            say(state, tr("The new verify token is stored. Enter it at Meta, too."), false);
            return;
        }
        m_verifyToken.clear();
        say(state, errorText(*error), true);
        showValues();
    };
    const auto known = m_inbox ? m_inbox : m_reconnect;
    if (indexOf(Kind::App) >= 0)
        ask(m_api.setApp(application(), m_app.settings, secrets), [done](const Result<DeskApp> &app) { done(app ? std::nullopt : std::optional(app.error())); });
    else if (known)
        ask(m_api.updateInbox(known->id, {.secrets = secrets}), [done](const Result<Inbox> &inbox) { done(inbox ? std::nullopt : std::optional(inbox.error())); });
}

bool ConnectPage::fieldsWillDo(Kind kind)
{
    FieldRow *first = nullptr;
    for (FieldRow *row : std::as_const(m_fields)) {
        if (row->field().isOfApp() != (kind == Kind::App) || row->check())
            continue;
        first = first ? first : row;
        if (m_more && row->field().isAdvanced)
            m_more->setChecked(true);
    }
    if (first)
        reveal(first);
    return !first;
}

/// Shows a field with what is wrong in it, and puts the cursor there.
void ConnectPage::reveal(FieldRow *row)
{
    if (m_more && row->field().isAdvanced)
        m_more->setChecked(true);
    row->edit()->setFocus();
}

QJsonObject ConnectPage::valuesOf(Kind kind, Where where) const
{
    QJsonObject values;
    for (const FieldRow *row : m_fields) {
        const bool isOfStep = row->field().isOfApp() == (kind == Kind::App);
        if (isOfStep && row->field().where == where && !row->value().isEmpty())
            values.insert(row->key(), row->value());
    }
    for (const ChoiceRow *row : m_choices) {
        if (kind == Kind::Account && where == Where::InboxSetting && row->choice().where == ConnectChoice::Where::Setting)
            values.insert(row->choice().key, row->value());
    }
    return values;
}

std::optional<Inbox::Delivery> ConnectPage::chosenDelivery() const
{
    for (const ChoiceRow *row : m_choices) {
        if (row->choice().where == ConnectChoice::Where::Delivery)
            return deliveryFromName(row->value());
    }
    return std::nullopt;
}

void ConnectPage::refuse(const Error &error, Kind kind)
{
    const QString field = error.field.section(u'.', -1);
    for (FieldRow *row : std::as_const(m_fields)) {
        if (!row->goesBy(field) || row->field().isOfApp() != (kind == Kind::App))
            continue;
        row->setError(row->field().refused.isEmpty() ? errorText(error) : row->field().refused);
        reveal(row);
        row->edit()->selectAll();
        return;
    }
    const bool isTaken = error.kind == Error::Kind::Conflict && kind == Kind::Account;
    say(m_states.at(indexOf(kind)), isTaken ? tr("This account is connected already. Its inbox stands under Settings.") : errorText(error), true);
}

void ConnectPage::saveApp()
{
    const int index = indexOf(Kind::App);
    say(m_states.at(index), {}, false);
    if (!fieldsWillDo(Kind::App))
        return;
    m_next.at(index)->setEnabled(false);
    QJsonObject secrets = valuesOf(Kind::App, Where::AppSecret);
    if (!m_verifyToken.isEmpty() && indexOf(Kind::Deliver) >= 0)
        secrets.insert(u"verify_token"_s, m_verifyToken);
    ask(m_api.setApp(application(), valuesOf(Kind::App, Where::AppSetting), secrets), [this, index](const Result<DeskApp> &app) {
        m_next.at(index)->setEnabled(true);
        if (!app) {
            refuse(app.error(), Kind::App);
            return;
        }
        for (FieldRow *row : std::as_const(m_fields)) {
            if (row->field().where == Where::AppSecret)
                row->edit()->clear();
        }
        takeApp(app);
        show(index + 1);
    });
}

void ConnectPage::saveAccount()
{
    const int index = indexOf(Kind::Account);
    QLabel *state = m_states.at(index);
    say(state, {}, false);
    if (!fieldsWillDo(Kind::Account))
        return;
    QJsonObject secrets = valuesOf(Kind::Account, Where::InboxSecret);
    if (!m_verifyToken.isEmpty() && indexOf(Kind::App) < 0)
        secrets.insert(u"verify_token"_s, m_verifyToken);
    m_next.at(index)->setEnabled(false);
    say(state, tr("Trying the values at %1 …").arg(channelTitle(m_plan.channel)), false);
    const QFuture<Result<Inbox>> answer = m_reconnect ? m_api.updateInbox(m_reconnect->id, {.secrets = secrets, .delivery = chosenDelivery()})
                                                      : m_api.createInbox(m_plan.channel, {}, valuesOf(Kind::Account, Where::InboxSetting), secrets, chosenDelivery());
    ask(answer, [this, index, state](const Result<Inbox> &inbox) {
        m_next.at(index)->setEnabled(true);
        say(state, {}, false);
        if (!inbox) {
            refuse(inbox.error(), Kind::Account);
            return;
        }
        for (FieldRow *row : std::as_const(m_fields)) {
            if (row->field().where == Where::InboxSecret)
                row->edit()->clear();
        }
        connected(*inbox);
    });
}

void ConnectPage::openConsent()
{
    QLabel *state = m_states.at(indexOf(Kind::Consent));
    m_openBrowser->setEnabled(false);
    ask(m_api.authorizeInbox(m_plan.channel, m_reconnect ? m_reconnect->id : InboxId()), [this, state](const Result<QUrl> &page) {
        m_openBrowser->setEnabled(true);
        m_keysAgain->setVisible(!page);
        if (!page) {
            say(state, errorText(page.error()), true);
            return;
        }
        m_isWaitingForConsent = true;
        if (QDesktopServices::openUrl(*page))
            say(state, tr("Waiting for your answer in the browser …"), false);
        else
            say(state, tr("The browser could not be opened. Open this address yourself: %1").arg(page->toString()), true);
    });
}

void ConnectPage::paste()
{
    QLabel *state = m_states.at(indexOf(Kind::Consent));
    const QUrl address = QUrl::fromUserInput(m_pasted->text().trimmed());
    if (m_pasted->text().trimmed().isEmpty() || !address.isValid()) {
        say(state, tr("Paste the whole address from the browser's address bar."), true);
        return;
    }
    m_pasteButton->setEnabled(false);
    ask(m_api.authorizePaste(address), [this, state](const Result<Inbox> &inbox) {
        m_pasteButton->setEnabled(true);
        m_keysAgain->setVisible(!inbox);
        if (inbox)
            connected(*inbox);
        else
            say(state, errorText(inbox.error()), true);
    });
}

void ConnectPage::applyEvent(const DeskEvent &event)
{
    if (!m_pages)
        return;                                          // nobody has opened it yet
    if ((event.type == "inbox.created"_L1 || event.type == "inbox.updated"_L1) && m_isWaitingForConsent && current().kind == Kind::Consent) {
        const auto inbox = inboxFromJson(event.data);
        const bool isOurs = inbox && inbox->channel == m_plan.channel && inbox->state == Inbox::State::Active
            && (m_reconnect ? inbox->id == m_reconnect->id : event.type == "inbox.created"_L1);
        if (isOurs)
            connected(*inbox);
    } else if (event.type == "message.created"_L1 && m_inbox && current().kind == Kind::RoundTrip) {
        const auto message = messageFromJson(event.data);
        if (message && message->inboxId == m_inbox->id && message->direction == Message::Direction::Incoming) {
            say(m_states.last(), message->content.isEmpty() ? tr("It arrived. Everything works.") : tr("It arrived: “%1”. Everything works.").arg(message->content.left(120)),
                false);
        }
    }
}

void ConnectPage::connected(const Inbox &inbox)
{
    if (m_inbox)
        return;   // the event and the pasted address' answer both tell it
    m_inbox = inbox;
    m_isWaitingForConsent = false;
    showValues();
    const int next = m_pages->currentIndex() + 1;
    show(m_reconnect ? indexOf(Kind::RoundTrip) : next);
}

void ConnectPage::check()
{
    m_checkAgain->setEnabled(false);
    say(m_checks, tr("%1 is connected. Checking …").arg(m_inbox->name), false);
    ask(m_api.checkInbox(m_inbox->id), [this](const Result<DeskCheck> &check) {
        m_checkAgain->setEnabled(true);
        m_checkAgain->setVisible(!check || !check->isOk);
        if (!check) {
            say(m_checks, errorText(check.error()), true);
            return;
        }
        bool isWell = true;
        QStringList lines{tr("%1 is connected.").arg(m_inbox->name)};
        for (const DeskCheckLine &line : check->lines) {
            isWell = isWell && line.isOk;
            lines.append((line.isOk ? u"✓  "_s : u"✗  "_s) + checkLineText(line));
        }
        if (isWell)
            lines[0] = wellText();
        say(m_checks, isWell && !m_plan.tellsAllChecks ? lines.at(0) : lines.join(u'\n'), !isWell);
    });
}

QString ConnectPage::wellText() const
{
    if (m_inbox->delivery == Inbox::Delivery::Poll)
        return tr("%1 is connected, and this computer fetches its messages from %2.").arg(m_inbox->name, channelTitle(m_plan.channel));
    return tr("%1 is connected, and %2 delivers to this computer.").arg(m_inbox->name, channelTitle(m_plan.channel));
}

void ConnectPage::say(QLabel *place, const QString &text, bool isError)
{
    place->setText(text);
    place->setVisible(!text.isEmpty());
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.color(isError ? "danger.text"_L1 : "text.primary"_L1));
    place->setPalette(colors);
}

} // namespace antiphon
