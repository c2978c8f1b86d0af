#include "ui/contactpanel/contactpanel.h"

#include "ui/contactpanel/contacttext.h"
#include "ui/contactpanel/panelrow.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/relativetime.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QLabel>
#include <QScrollArea>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

QString statusWord(Conversation::Status status)
{
    switch (status) {
    case Conversation::Status::Open: return ContactPanel::tr("Open");
    case Conversation::Status::Pending: return ContactPanel::tr("Pending");
    case Conversation::Status::Snoozed: return ContactPanel::tr("Snoozed");
    case Conversation::Status::Resolved: return ContactPanel::tr("Resolved");
    }
    Q_UNREACHABLE();
}

QString priorityWord(Conversation::Priority priority)
{
    switch (priority) {
    case Conversation::Priority::None: return ContactPanel::tr("None");
    case Conversation::Priority::Low: return ContactPanel::tr("Low");
    case Conversation::Priority::Medium: return ContactPanel::tr("Medium");
    case Conversation::Priority::High: return ContactPanel::tr("High");
    case Conversation::Priority::Urgent: return ContactPanel::tr("Urgent");
    }
    Q_UNREACHABLE();
}

QLatin1StringView priorityIcon(Conversation::Priority priority)
{
    switch (priority) {
    case Conversation::Priority::None: return {};
    case Conversation::Priority::Low: return "priority-low"_L1;
    case Conversation::Priority::Medium: return "priority-medium"_L1;
    case Conversation::Priority::High: return "priority-high"_L1;
    case Conversation::Priority::Urgent: return "priority-urgent"_L1;
    }
    Q_UNREACHABLE();
}

} // namespace

ContactPanel::ContactPanel(const Theme &theme, const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_clock(clock)
    , m_scroll(new QScrollArea(this))
    , m_close(new IconButton(theme, "close"_L1, tr("Close the contact panel"), this))
    , m_avatar(new Avatar(theme, 56, "surface.list"_L1, this))
    , m_name(new ElidedLabel(theme, TypeRole::Title, "text.primary"_L1, this))
    , m_handle(new ElidedLabel(theme, TypeRole::Small, "text.secondary"_L1, this))
{
    setAccessibleName(tr("Contact"));
    setAutoFillBackground(true);
    auto *page = new QWidget(m_scroll);
    m_column = new QVBoxLayout(page);
    m_column->setContentsMargins(0, 0, 0, m_theme.px(16));
    m_column->setSpacing(0);
    m_name->setBold(true);
    m_name->setAlignment(Qt::AlignHCenter);
    m_handle->setAlignment(Qt::AlignHCenter);
    m_column->addSpacing(m_theme.px(20));
    m_column->addWidget(m_avatar, 0, Qt::AlignHCenter);
    m_column->addSpacing(m_theme.px(12));
    m_column->addWidget(m_name);
    m_column->addWidget(m_handle);
    m_column->addSpacing(m_theme.px(14));
    addHead(tr("Conversation"));
    m_status = addRow(tr("Status"));
    m_assignee = addRow(tr("Assignee"));
    m_priority = addRow(tr("Priority"));
    m_labels = addRow(tr("Labels"));
    m_waiting = new PanelRow(m_theme, tr("Waiting since"), false, page);
    m_column->addWidget(m_waiting);
    m_column->addSpacing(m_theme.px(12));
    addHead(tr("Contact"));
    m_identifierRows = new QVBoxLayout;
    m_identifierRows->setSpacing(0);
    m_column->addLayout(m_identifierRows);
    m_column->addStretch(1);
    const auto ask = [this](PanelRow *row, void (ContactPanel::*signal)(const QPoint &)) {
        connect(row, &QAbstractButton::clicked, this, [this, row, signal] { emit(this->*signal)(row->mapToGlobal(QPoint(m_theme.px(16), row->height()))); });
    };
    ask(m_status, &ContactPanel::statusMenuRequested);
    ask(m_assignee, &ContactPanel::assigneeMenuRequested);
    ask(m_priority, &ContactPanel::priorityMenuRequested);
    ask(m_labels, &ContactPanel::labelsMenuRequested);
    connect(m_close, &QAbstractButton::clicked, this, &ContactPanel::closeRequested);

    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(page);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_close, 0, Qt::AlignTrailing);
    column->addWidget(m_scroll, 1);
    m_close->hide();
    connect(&theme, &Theme::changed, this, &ContactPanel::dress);
    dress();
}

QLabel *ContactPanel::addHead(const QString &text)
{
    m_column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    auto *head = new QLabel(text, this);
    head->setTextFormat(Qt::PlainText);
    m_column->addWidget(head);
    m_heads.append(head);
    return head;
}

PanelRow *ContactPanel::addRow(const QString &label)
{
    auto *row = new PanelRow(m_theme, label, true, this);
    m_column->addWidget(row);
    return row;
}

void ContactPanel::setFacts(const ContactFacts &facts)
{
    const Conversation &conversation = facts.conversation;
    AvatarContent content{.name = contactTitle(conversation.contact), .seed = conversation.contact.id.toString()};
    if (content.seed == m_avatar->content().seed)
        content.picture = m_avatar->content().picture;
    if (facts.inbox)
        content.channel = shownChannel(*facts.inbox);
    m_avatar->setContent(content);
    m_name->setText(contactTitle(conversation.contact));
    const QString handle = contactHandle(conversation.contact);
    m_handle->setText(handle.isEmpty() || !facts.inbox ? handle : tr("%1 on %2").arg(handle, channelTitle(shownChannel(*facts.inbox))));
    m_handle->setVisible(!handle.isEmpty());

    m_status->setValue(statusWord(conversation.status));
    m_assignee->setValue(facts.assigneeName.isEmpty() ? tr("Nobody") : facts.assigneeName);
    m_priority->setValue(priorityWord(conversation.priority));
    m_priority->setValueIcon(priorityIcon(conversation.priority), conversation.priority == Conversation::Priority::Urgent ? "danger.text"_L1 : "warn.text"_L1);
    m_labels->setValue(conversation.labels.isEmpty() ? tr("None") : conversation.labels.join(u", "_s));
    m_waiting->setValue(conversation.waitingSince ? listTime(*conversation.waitingSince, m_clock.now()) : tr("nobody waits"));

    for (PanelRow *row : std::as_const(m_identifiers))
        row->deleteLater();
    m_identifiers.clear();
    for (const auto &[where, who] : facts.identifiers) {
        auto *row = new PanelRow(m_theme, where, false, this);
        row->setValue(who);
        row->setCopies(true);
        m_identifierRows->addWidget(row);
        m_identifiers.append(row);
    }
}

void ContactPanel::setPicture(const QImage &picture)
{
    m_avatar->setPicture(picture);
}

void ContactPanel::setClosable(bool closable)
{
    m_close->setVisible(closable);
}

QWidget *ContactPanel::firstStop() const
{
    return m_status;
}

void ContactPanel::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.list"_L1));
    setPalette(colors);
    for (QLabel *head : std::as_const(m_heads)) {
        head->setFont(m_theme.font(TypeRole::Small, true));
        head->setContentsMargins(m_theme.px(16), m_theme.px(12), m_theme.px(16), m_theme.px(6));
    }
}

} // namespace antiphon
