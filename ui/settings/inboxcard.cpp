#include "ui/settings/inboxcard.h"

#include "ui/models/errortext.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/richtext.h"
#include "ui/onboarding/checktext.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatarpainter.h"
#include "ui/widgets/pill.h"

#include <QBoxLayout>
#include <QJsonArray>
#include <QLabel>
#include <QMessageBox>
#include <QPainter>
#include <QPushButton>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
constexpr int kDisc = 32;
} // namespace

InboxCard::InboxCard(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_disc(new QLabel(this))
    , m_name(new QLabel(this))
    , m_detail(new QLabel(this))
    , m_notice(new QLabel(this))
    , m_state(new Pill(theme, this))
    , m_check(new QPushButton(tr("Check"), this))
    , m_takeOver(new QPushButton(tr("Take the delivery over …"), this))
    , m_sync(new QPushButton(tr("Bring contacts and history from the phone"), this))
    , m_reconnect(new QPushButton(tr("Reconnect"), this))
    , m_rename(new QPushButton(tr("Rename"), this))
    , m_toggle(new QPushButton(this))
    , m_delete(new QPushButton(tr("Delete …"), this))
    , m_result(new QLabel(this))
{
    for (QLabel *label : {m_name, m_detail, m_notice, m_result}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(label == m_result || label == m_notice);
    }
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_result->hide();
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_name);
    words->addWidget(m_detail);
    auto *top = new QHBoxLayout;
    top->setSpacing(m_theme.px(12));
    top->addWidget(m_disc, 0, Qt::AlignTop);
    top->addLayout(words, 1);
    top->addWidget(m_state, 0, Qt::AlignTop);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(m_theme.px(8));
    for (QPushButton *button : {m_check, m_reconnect, m_rename, m_toggle})
        buttons->addWidget(button);
    buttons->addStretch(1);
    buttons->addWidget(m_delete);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(m_theme.px(16), m_theme.px(14), m_theme.px(16), m_theme.px(14));
    column->setSpacing(m_theme.px(12));
    column->addLayout(top);
    column->addWidget(m_notice);
    column->addWidget(m_sync, 0, Qt::AlignLeading);
    column->addLayout(buttons);
    column->addWidget(m_result);
    column->addWidget(m_takeOver, 0, Qt::AlignLeading);
    m_sync->hide();
    m_takeOver->hide();
    connect(m_takeOver, &QAbstractButton::clicked, this, &InboxCard::confirmTakeOver);
    connect(m_sync, &QAbstractButton::clicked, this, &InboxCard::syncRequested);
    connect(m_check, &QAbstractButton::clicked, this, &InboxCard::checkRequested);
    connect(m_reconnect, &QAbstractButton::clicked, this, &InboxCard::reconnectRequested);
    connect(m_rename, &QAbstractButton::clicked, this, &InboxCard::renameRequested);
    connect(m_toggle, &QAbstractButton::clicked, this, &InboxCard::toggleRequested);
    connect(m_delete, &QAbstractButton::clicked, this, &InboxCard::deleteRequested);
    connect(&theme, &Theme::changed, this, &InboxCard::dress);
    dress();
}

/// The server's word, or what the platform told with its own words beside it.
QString InboxCard::noticeText(const QJsonValue &told)
{
    const QString notice = told.isObject() ? told.toObject().value("kind"_L1).toString() : told.toString();
    const QString detail = told.toObject().value("detail"_L1).toString();
    if (notice == "european_unreadable"_L1)
        return tr("A customer wrote whom this inbox can't read: TikTok gives no messages of customers in the EEA, Switzerland and the UK to other programs. Answer them in the TikTok app.");
    if (notice == "webhooks_lost"_L1)
        return tr("Several messages were found only by asking: webhooks get lost on their way here. Check the public address under “Public address”, and the webhook in the platform's settings.");
    if (notice == "not_subscribed"_L1)
        return tr("The platform does not bring this inbox's messages here. “Check” says why; it is tried again every few minutes.");
    if (notice == "no_public_address"_L1)
        return tr("This inbox lives by webhooks, and there is no public address for them yet. Set one up under “Public address”.");
    if (notice == "token_ends_soon"_L1)
        return tr("The access to this account ends within a week and could not be renewed. Connect it anew if it stays so.");
    if (notice == "other_reader"_L1)
        return tr("Another program fetches this account's messages, so that none come here. Stop that program, or connect another bot; it is tried again every minute.");
    if (notice == "quota"_L1)
        return tr("The month's allowance of messages is used up. Answers right after a customer's message still leave; others are refused until next month.");
    if (notice == "quota_low"_L1)
        return tr("The month's allowance of messages is nearly used up. Answers right after a customer's message cost none of it.");
    if (notice == "webhook_waiting"_L1)
        return tr("Messages wait at the platform because it can't deliver them here. Check the public address under “Public address”.");
    if (notice.isEmpty())
        return {};
    return detail.isEmpty() ? tr("The platform reports: %1").arg(QString(notice).replace(u'_', u' ')) : tr("The platform reports: %1").arg(detail);
}

QString InboxCard::historyText(const Inbox &inbox)
{
    const QJsonObject sync = inbox.settings.value("history_sync"_L1).toObject();
    if (sync.value("declined"_L1).toBool())
        return tr("The owner of the number did not share the older messages.");
    const int percent = sync.value("percent"_L1).toInt(-1);
    if (percent >= 100)
        return tr("The older messages are all here.");
    return percent < 0 ? QString() : tr("Older messages are coming in, %1 %").arg(QLocale().toString(percent));
}

/// What the owner's phone was asked for, and what it answered.
QString InboxCard::syncText(const Inbox &inbox)
{
    QStringList lines;
    const QJsonArray steps = inbox.settings.value("phone_sync"_L1).toObject().value("steps"_L1).toArray();
    for (const QJsonValue &entry : steps) {
        const QJsonObject step = entry.toObject();
        const QString state = step.value("state"_L1).toString();
        const QString what = step.value("sync"_L1) == "history"_L1 ? tr("the older messages") : tr("the contacts");
        if (state == "waiting"_L1 || state == "asking"_L1)
            lines.append(tr("The phone is being asked for %1.").arg(what));
        else if (state == "refused"_L1)
            lines.append(tr("WhatsApp does not bring %1: %2").arg(what, plainLine(step.value("detail"_L1).toString(), 300)));
        else if (state == "unknown"_L1)
            lines.append(tr("Whether the phone was asked for %1 is not known: the answer got lost.").arg(what));
    }
    return lines.join(u'\n');
}

void InboxCard::confirmTakeOver()
{
    if (m_foreign.isEmpty())
        return;
    const QString shown = m_foreign;
    auto *dialog = new QMessageBox(QMessageBox::Warning, tr("Take the delivery over?"),
                                   tr("The messages of “%1” go to %2 now. If they come here, that installation gets none any more.").arg(m_inbox.name, shown), QMessageBox::Cancel, this);
    dialog->setTextFormat(Qt::PlainText);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = dialog->addButton(tr("Take over"), QMessageBox::DestructiveRole);
    dialog->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QAbstractButton::clicked, this, [this, shown] {
        // A check may have ended since: what was agreed to holds for the address in the text alone.
        if (shown == m_foreign)
            emit takeOverRequested(shown);
        else
            confirmTakeOver();
    });
    dialog->open();
}

void InboxCard::setInbox(const Inbox &inbox)
{
    m_inbox = inbox;
    setAccessibleName(inbox.name);
    m_name->setText(inbox.name);
    QStringList detail{channelTitle(shownChannel(inbox))};
    const QString account = inbox.settings.value("username"_L1).toString();
    if (!account.isEmpty())
        detail.append(account.startsWith(u'@') ? account : u'@' + account);
    detail.append(inbox.delivery == Inbox::Delivery::Webhook ? tr("delivered by webhook") : inbox.delivery == Inbox::Delivery::Poll ? tr("fetched regularly")
                                                                                                                                    : tr("by webhook and fetched"));
    m_detail->setText(detail.join(u" · "_s));
    QStringList notices{noticeText(inbox.settings.value("notice"_L1)), historyText(inbox), syncText(inbox)};
    notices.removeAll(QString());
    m_notice->setText(notices.join(u'\n'));
    m_notice->setVisible(!m_notice->text().isEmpty());
    switch (inbox.state) {
    case Inbox::State::Active: m_state->setContent(Tone::Ok, "ok-circle"_L1, tr("Connected")); break;
    case Inbox::State::ReauthorizationRequired: m_state->setContent(Tone::Danger, "alert-circle"_L1, tr("Must be reconnected")); break;
    case Inbox::State::Disabled: m_state->setContent(Tone::Quiet, "pause"_L1, tr("Switched off")); break;
    }
    m_sync->setVisible(inbox.state == Inbox::State::Active && inbox.settings.value("coexistence"_L1).toBool() && !inbox.settings.contains("phone_sync"_L1));
    m_toggle->setText(inbox.state == Inbox::State::Disabled ? tr("Switch on") : tr("Switch off"));
    // The same word on every card: which inbox it is about must be heard too.
    for (QPushButton *button : {m_check, m_takeOver, m_sync, m_reconnect, m_rename, m_toggle, m_delete})
        button->setAccessibleName(button->text() + u": "_s + inbox.name);
    dress();
}

void InboxCard::setBusy(bool busy)
{
    for (QPushButton *button : {m_check, m_takeOver, m_sync, m_rename, m_toggle, m_delete})
        button->setEnabled(!busy);
    if (busy)
        say(tr("Asking the platform …"), false);
}

void InboxCard::showCheck(const Result<DeskCheck> &check)
{
    setBusy(false);
    m_foreign = check ? foreignAddress(*check) : QString();
    m_takeOver->setVisible(!m_foreign.isEmpty());
    if (!check) {
        say(errorText(check.error()), true);
        return;
    }
    QStringList lines;
    for (const DeskCheckLine &line : check->lines)
        lines.append((line.isOk ? u"✓  "_s : u"✗  "_s) + checkLineText(line));
    say(lines.join(u'\n'), !check->isOk);
}

void InboxCard::showError(const QString &sentence)
{
    setBusy(false);
    say(sentence, true);
}

void InboxCard::showDone(const QString &sentence)
{
    setBusy(false);
    say(sentence, false);
}

void InboxCard::say(const QString &text, bool isError)
{
    m_isError = isError;
    m_result->setText(text);
    m_result->setVisible(!text.isEmpty());
    dress();
}

void InboxCard::dress()
{
    const double ratio = devicePixelRatioF();
    const int side = m_theme.px(kDisc);
    QPixmap disc(QSize(side, side) * ratio);
    disc.setDevicePixelRatio(ratio);
    disc.fill(Qt::transparent);
    QPainter painter(&disc);
    painter.setRenderHint(QPainter::Antialiasing);
    paintChannelDisc(&painter, m_theme, QRectF(0, 0, side, side), shownChannel(m_inbox));
    painter.end();
    m_disc->setPixmap(disc);
    QPalette colors = m_theme.palette();
    m_name->setFont(m_theme.font(TypeRole::Message, true));
    m_name->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("warn.text"_L1));
    m_notice->setFont(m_theme.font(TypeRole::Body));
    m_notice->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color(m_isError ? "danger.text"_L1 : "text.primary"_L1));
    m_result->setFont(m_theme.font(TypeRole::Body));
    m_result->setPalette(colors);
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_detail->setFont(m_theme.font(TypeRole::Small));
    m_detail->setPalette(colors);
    colors.setColor(QPalette::ButtonText, m_theme.color("danger.text"_L1));
    m_delete->setPalette(colors);
    update();
}

void InboxCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.color("line.hair"_L1), 1));
    painter.setBrush(m_theme.color("surface.raised"_L1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

} // namespace antiphon
