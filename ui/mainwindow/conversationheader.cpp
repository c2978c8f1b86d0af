#include "ui/mainwindow/conversationheader.h"

#include "ui/contactpanel/contacttext.h"
#include "ui/mainwindow/splitbutton.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/reachability.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"
#include "ui/widgets/pill.h"

#include <QBoxLayout>
#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kCompactUnder = 560;

Tone toneOf(ReplyCountdown::Level level)
{
    switch (level) {
    case ReplyCountdown::Level::None:
    case ReplyCountdown::Level::Quiet:
    case ReplyCountdown::Level::Closed: return Tone::Quiet;
    case ReplyCountdown::Level::Amber: return Tone::Warn;
    case ReplyCountdown::Level::Red:
    case ReplyCountdown::Level::Closing: return Tone::Danger;
    }
    Q_UNREACHABLE();
}

} // namespace

ConversationHeader::ConversationHeader(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_back(new IconButton(theme, "back"_L1, tr("Back to the list"), this))
    , m_avatar(new Avatar(theme, 32, "surface.view"_L1, this))
    , m_name(new ElidedLabel(theme, TypeRole::Title, "text.primary"_L1, this))
    , m_where(new ElidedLabel(theme, TypeRole::Small, "text.secondary"_L1, this))
    , m_pill(new Pill(theme, this))
    , m_resolve(new SplitButton(theme, "check"_L1, tr("Resolve"), tr("Snooze and other states"), this))
    , m_panel(new IconButton(theme, "panel-end"_L1, tr("Contact panel"), this))
    , m_more(new IconButton(theme, "more"_L1, tr("More about this conversation"), this))
{
    m_name->setBold(true);
    m_back->hide();
    m_panel->setCheckable(true);
    auto *row = new QHBoxLayout(this);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addStretch(1);
    words->addWidget(m_name);
    words->addWidget(m_where);
    words->addStretch(1);
    row->addWidget(m_back);
    row->addWidget(m_avatar);
    row->addLayout(words, 1);
    row->addWidget(m_pill);
    row->addWidget(m_resolve);
    row->addWidget(m_panel);
    row->addWidget(m_more);
    connect(m_back, &QAbstractButton::clicked, this, &ConversationHeader::backRequested);
    connect(m_resolve, &SplitButton::clicked, this, &ConversationHeader::resolveRequested);
    connect(m_resolve, &SplitButton::menuRequested, this, &ConversationHeader::statusMenuRequested);
    connect(m_panel, &QAbstractButton::clicked, this, &ConversationHeader::panelToggled);
    connect(m_more, &QAbstractButton::clicked, this, [this] { emit moreRequested(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
    connect(&theme, &Theme::changed, this, &ConversationHeader::dress);
    dress();
}

void ConversationHeader::setConversation(const Conversation &conversation, const Inbox *inbox)
{
    const QString handle = contactHandle(conversation.contact);
    QStringList where;
    if (!handle.isEmpty())
        where.append(handle);
    const QString owner = inbox ? businessOwner(conversation, *inbox) : QString();
    if (!owner.isEmpty())
        where.append(tr("for %1").arg(owner));
    if (inbox)
        where.append(inbox->name);
    m_name->setText(contactTitle(conversation.contact));
    m_where->setText(where.join(u" · "_s));
    AvatarContent content{.name = contactTitle(conversation.contact), .seed = conversation.contact.id.toString(), .picture = m_avatar->content().picture};
    if (content.seed != m_avatar->content().seed)
        content.picture = {};
    if (inbox)
        content.channel = shownChannel(*inbox);
    m_avatar->setContent(content);
    const bool isOpen = conversation.status == Conversation::Status::Open;
    m_resolve->setContent(isOpen ? "check"_L1 : "undo"_L1, isOpen ? tr("Resolve") : tr("Reopen"));
}

void ConversationHeader::setPicture(const QImage &picture)
{
    m_avatar->setPicture(picture);
}

void ConversationHeader::setCountdown(const ReplyCountdown &countdown)
{
    m_pill->setVisible(countdown.level != ReplyCountdown::Level::None);
    m_pill->setContent(toneOf(countdown.level), countdown.level == ReplyCountdown::Level::Closed ? "clock-closed"_L1 : "clock"_L1, countdown.text, countdown.shortText);
}

void ConversationHeader::setBackShown(bool shown)
{
    m_back->setVisible(shown);
}

void ConversationHeader::setPanelShown(bool shown)
{
    m_panel->setChecked(shown);
    m_panel->setToken(shown ? "accent"_L1 : "text.secondary"_L1);
}

void ConversationHeader::resizeEvent(QResizeEvent *event)
{
    const bool isCompact = width() < m_theme.px(kCompactUnder);
    m_pill->setCompact(isCompact);
    m_resolve->setIconOnly(isCompact);
    QWidget::resizeEvent(event);
}

void ConversationHeader::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color("surface.view"_L1));
    paintHairline(&painter, m_theme, QPointF(0, height() - 1), QPointF(width(), height() - 1));
}

void ConversationHeader::dress()
{
    setFixedHeight(m_theme.px(56));
    layout()->setContentsMargins(m_theme.px(16), 0, m_theme.px(12), 0);
    layout()->setSpacing(m_theme.px(10));
    update();
}

} // namespace antiphon
