#include "ui/mainwindow/conversationmenus.h"

#include "ui/models/relativetime.h"

#include <QActionGroup>
#include <QBoxLayout>
#include <QCoreApplication>
#include <QDateTimeEdit>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ConversationMenus)
};

const QTime kMorning{9, 0};

QDateTime local(Timestamp time) { return QDateTime::fromMSecsSinceEpoch(toUnixMs(time)); }

/// A menu reads "&" as the mark of a shortcut letter; names are written as they are.
QString menuText(QString name)
{
    return name.replace(u'&', u"&&"_s);
}

QIcon dot(const QColor &color)
{
    QPixmap pixmap(20, 20);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QRectF(1, 1, 8, 8));
    return QIcon(pixmap);
}

} // namespace

QString statusText(Conversation::Status status)
{
    switch (status) {
    case Conversation::Status::Open: return Words::tr("Open");
    case Conversation::Status::Pending: return Words::tr("Pending");
    case Conversation::Status::Snoozed: return Words::tr("Snoozed");
    case Conversation::Status::Resolved: return Words::tr("Resolved");
    }
    Q_UNREACHABLE();
}

QString priorityText(Conversation::Priority priority)
{
    switch (priority) {
    case Conversation::Priority::None: return Words::tr("None");
    case Conversation::Priority::Low: return Words::tr("Low");
    case Conversation::Priority::Medium: return Words::tr("Medium");
    case Conversation::Priority::High: return Words::tr("High");
    case Conversation::Priority::Urgent: return Words::tr("Urgent");
    }
    Q_UNREACHABLE();
}

Timestamp tomorrowMorning(Timestamp now)
{
    return fromUnixMs(QDateTime(local(now).date().addDays(1), kMorning).toMSecsSinceEpoch());
}

Timestamp nextMonday(Timestamp now)
{
    const QDate today = local(now).date();
    return fromUnixMs(QDateTime(today.addDays(8 - today.dayOfWeek()), kMorning).toMSecsSinceEpoch());
}

ConversationMenus::ConversationMenus(DeskModels &models, QWidget *window)
    : QObject(window)
    , m_models(models)
    , m_window(window)
{
}

void ConversationMenus::setStatus(ConversationId id, Conversation::Status status)
{
    m_models.update(id, {.status = status});
}

void ConversationMenus::toggleResolved(ConversationId id)
{
    if (const Conversation *conversation = m_models.find(id))
        setStatus(id, conversation->status == Conversation::Status::Open ? Conversation::Status::Resolved : Conversation::Status::Open);
}

void ConversationMenus::assign(ConversationId id, AgentId agent)
{
    m_models.update(id, {.assigneeId = agent});
}

void ConversationMenus::snooze(ConversationId id, std::optional<Timestamp> until)
{
    m_models.update(id, {.status = Conversation::Status::Snoozed, .snoozedUntil = until});
}

void ConversationMenus::askSnooze(ConversationId id)
{
    auto *dialog = new QDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Snooze until"));
    auto *column = new QVBoxLayout(dialog);
    auto *label = new QLabel(tr("The conversation comes back on:"), dialog);
    label->setTextFormat(Qt::PlainText);
    auto *field = new QDateTimeEdit(local(tomorrowMorning(m_models.clock().now())), dialog);
    field->setCalendarPopup(true);
    field->setMinimumDateTime(local(m_models.clock().now()).addSecs(60));
    field->setAccessibleName(tr("Day and time"));
    label->setBuddy(field);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, dialog);
    column->addWidget(label);
    column->addWidget(field);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    connect(dialog, &QDialog::accepted, this, [this, id, field] { snooze(id, fromUnixMs(field->dateTime().toMSecsSinceEpoch())); });
    dialog->open();
}

void ConversationMenus::askBlock(ConversationId id)
{
    const Conversation *conversation = m_models.find(id);
    if (!conversation)
        return;
    const ContactId contact = conversation->contact.id;
    auto *dialog = new QMessageBox(QMessageBox::Question, tr("Block this customer?"),
                                   tr("The conversation is resolved. What the customer writes from now on is kept, in every inbox, but nobody is told of it. The customer doesn't learn "
                                      "of it, and you can take it back."),
                                   QMessageBox::Cancel, m_window);
    dialog->setTextFormat(Qt::PlainText);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = dialog->addButton(tr("Block"), QMessageBox::DestructiveRole);
    dialog->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QAbstractButton::clicked, this, [this, contact] { m_models.setBlocked(contact, true); });
    dialog->open();
}

void ConversationMenus::unblock(ConversationId id)
{
    if (const Conversation *conversation = m_models.find(id))
        m_models.setBlocked(conversation->contact.id, false);
}

void ConversationMenus::fillStatus(QMenu &menu, ConversationId id)
{
    const Conversation *conversation = m_models.find(id);
    if (!conversation)
        return;
    const auto add = [&](const QString &text, Conversation::Status status) {
        if (conversation->status != status)
            menu.addAction(text, this, [this, id, status] { setStatus(id, status); });
    };
    add(tr("Resolve"), Conversation::Status::Resolved);
    add(tr("Reopen"), Conversation::Status::Open);
    add(tr("Mark as pending"), Conversation::Status::Pending);
}

void ConversationMenus::fillSnooze(QMenu &menu, ConversationId id)
{
    const Timestamp now = m_models.clock().now();
    menu.addAction(tr("Until the next message"), this, [this, id] { snooze(id, {}); });
    menu.addAction(tr("Until tomorrow, %1").arg(clockTime(tomorrowMorning(now))), this, [this, id] { snooze(id, tomorrowMorning(m_models.clock().now())); });
    menu.addAction(tr("Until Monday, %1").arg(clockTime(nextMonday(now))), this, [this, id] { snooze(id, nextMonday(m_models.clock().now())); });
    menu.addAction(tr("Choose day and time …"), this, [this, id] { askSnooze(id); });
}

void ConversationMenus::fillAssignee(QMenu &menu, ConversationId id)
{
    const Conversation *conversation = m_models.find(id);
    if (!conversation)
        return;
    auto *group = new QActionGroup(&menu);
    const auto add = [&](const QString &text, AgentId agent) {
        QAction *action = menu.addAction(text, this, [this, id, agent] { assign(id, agent); });
        action->setCheckable(true);
        action->setChecked(conversation->assigneeId == agent);
        group->addAction(action);
    };
    add(tr("Me"), m_models.me());
    add(tr("Nobody"), AgentId());
    menu.addSeparator();
    for (const Agent &agent : m_models.agents()) {
        if (agent.id != m_models.me())
            add(menuText(agent.name), agent.id);
    }
}

void ConversationMenus::fillPriority(QMenu &menu, ConversationId id)
{
    const Conversation *conversation = m_models.find(id);
    if (!conversation)
        return;
    auto *group = new QActionGroup(&menu);
    for (const auto priority : {Conversation::Priority::Urgent, Conversation::Priority::High, Conversation::Priority::Medium, Conversation::Priority::Low,
                                Conversation::Priority::None}) {
        QAction *action = menu.addAction(priorityText(priority), this, [this, id, priority] { m_models.update(id, {.priority = priority}); });
        action->setCheckable(true);
        action->setChecked(conversation->priority == priority);
        group->addAction(action);
    }
}

void ConversationMenus::fillLabels(QMenu &menu, ConversationId id)
{
    const Conversation *conversation = m_models.find(id);
    if (!conversation)
        return;
    for (const Label &label : m_models.labels()) {
        const QString title = label.title;
        QAction *action = menu.addAction(dot(QColor(label.color)), menuText(title), this, [this, id, title] {
            const Conversation *now = m_models.find(id);
            if (!now)
                return;
            QStringList labels = now->labels;
            if (!labels.removeOne(title))
                labels.append(title);
            m_models.update(id, {.labels = labels});
        });
        action->setCheckable(true);
        action->setChecked(conversation->labels.contains(title));
    }
    if (m_models.labels().isEmpty())
        menu.addAction(tr("This workspace has no labels yet"))->setEnabled(false);
}

void ConversationMenus::fill(QMenu &menu, ConversationId id)
{
    fillStatus(menu, id);
    fillSnooze(*menu.addMenu(tr("Snooze")), id);
    menu.addSeparator();
    fillAssignee(*menu.addMenu(tr("Assign to")), id);
    fillPriority(*menu.addMenu(tr("Priority")), id);
    fillLabels(*menu.addMenu(tr("Labels")), id);
    menu.addSeparator();
    menu.addAction(tr("Mark as unread"), this, [this, id] { m_models.markUnread(id); });
    const Conversation *conversation = m_models.find(id);
    if (!conversation)
        return;
    menu.addSeparator();
    if (conversation->contact.isBlocked)
        menu.addAction(tr("Unblock customer"), this, [this, id] { unblock(id); });
    else
        menu.addAction(tr("Block customer …"), this, [this, id] { askBlock(id); });
}

} // namespace antiphon
