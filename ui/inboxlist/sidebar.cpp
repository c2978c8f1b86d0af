#include "ui/inboxlist/sidebar.h"

#include "ui/models/inboxmodel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollArea>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

SidebarRow::Health healthOf(const Inbox &inbox)
{
    switch (inbox.state) {
    case Inbox::State::Active: return SidebarRow::Health::Well;
    case Inbox::State::ReauthorizationRequired: return SidebarRow::Health::NeedsOwner;
    case Inbox::State::Disabled: return SidebarRow::Health::Off;
    }
    Q_UNREACHABLE();
}

QLabel *plainLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

} // namespace

Sidebar::Sidebar(const Theme &theme, InboxModel &inboxes, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_inboxes(inboxes)
{
    setAccessibleName(tr("Views and inboxes"));
    setAutoFillBackground(true);
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(m_theme.px(8), 0, m_theme.px(8), m_theme.px(8));
    m_column->setSpacing(m_theme.px(2));
    buildHead();

    m_scroll = new QScrollArea(this);
    auto *scroll = m_scroll;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    auto *rows = new QWidget(scroll);
    rows->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(rows);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(2));
    m_viewRows = new QVBoxLayout;
    m_viewRows->setSpacing(m_theme.px(1));
    column->addLayout(m_viewRows);
    auto *titleRow = new QHBoxLayout;
    titleRow->setContentsMargins(m_theme.px(8), m_theme.px(12), 0, 0);
    m_inboxesTitle = plainLabel(rows);
    m_inboxesTitle->setText(tr("Inboxes"));
    m_add = new IconButton(m_theme, "plus"_L1, tr("Connect a channel"), rows);
    m_add->setMetrics(28, 16);
    titleRow->addWidget(m_inboxesTitle, 1);
    titleRow->addWidget(m_add);
    column->addLayout(titleRow);
    m_inboxRows = new QVBoxLayout;
    m_inboxRows->setSpacing(m_theme.px(1));
    column->addLayout(m_inboxRows);
    column->addStretch(1);
    scroll->setWidget(rows);
    m_column->addWidget(scroll, 1);

    buildViews();
    buildFoot();
    connect(m_add, &QAbstractButton::clicked, this, &Sidebar::connectRequested);
    connect(&m_inboxes, &InboxModel::changed, this, &Sidebar::rebuildInboxes);
    connect(&m_theme, &Theme::changed, this, &Sidebar::dress);
    rebuildInboxes();
    dress();
}

void Sidebar::buildHead()
{
    m_head = new QWidget(this);
    auto *row = new QHBoxLayout(m_head);
    row->setContentsMargins(m_theme.px(8), 0, 0, 0);
    row->setSpacing(m_theme.px(6));
    m_mark = new QLabel(m_head);
    m_workspace = new ElidedLabel(m_theme, TypeRole::Body, "text.primary"_L1, m_head);
    m_workspace->setBold(true);
    row->addWidget(m_mark);
    row->addWidget(m_workspace, 1);
    m_menu = new IconButton(m_theme, "menu"_L1, tr("Menu"), m_head);
    m_menu->setMetrics(28, 16);
    row->addWidget(m_menu);
    connect(m_menu, &QAbstractButton::clicked, this, [this] { emit menuRequested(m_menu->mapToGlobal(QPoint(0, m_menu->height()))); });
    m_column->addWidget(m_head);
    m_find = new IconButton(m_theme, "search"_L1, tr("Search"), this);
    m_find->setMetrics(40, 20);
    m_find->hide();
    connect(m_find, &QAbstractButton::clicked, this, [this] {
        openSearch();
        m_search->setFocus(Qt::ShortcutFocusReason);
    });
    m_column->addWidget(m_find);
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search messages and contacts"));
    m_search->setClearButtonEnabled(true);
    m_searchIcon = m_search->addAction(QIcon(), QLineEdit::LeadingPosition);
    m_searchIcon->setText(tr("Search"));
    m_column->addWidget(m_search);
    m_column->addSpacing(m_theme.px(6));
    // A rail that was opened for the search closes when the field is left empty.
    connect(m_search, &QLineEdit::editingFinished, this, [this] {
        if (m_isOpened && m_search->text().isEmpty() && !m_search->hasFocus()) {
            m_isOpened = false;
            setNarrow(m_isNarrow);
        }
    });
}

void Sidebar::buildViews()
{
    addView(ListScope::Kind::All, "all"_L1, tr("All conversations"), {});
    addView(ListScope::Kind::ClosingSoon, "clock"_L1, tr("Closing soon"), {.isClosingSoon = true});
    addView(ListScope::Kind::Unattended, "alert-circle"_L1, tr("Unattended"), {.isUnattended = true});
    addView(ListScope::Kind::Snoozed, "snooze"_L1, tr("Snoozed"), {});
    m_chosen = m_views.first().first;
    m_views.first().second->setChecked(true);
}

void Sidebar::addView(ListScope::Kind kind, QLatin1StringView icon, const QString &name, const ConversationFilter &filter)
{
    auto *row = new SidebarRow(m_theme, name, this);
    row->setIconName(icon);
    const ListScope scope{.title = name, .filter = filter, .kind = kind};
    connect(row, &QAbstractButton::clicked, this, [this, scope] {
        choose(scope);
        emit scopeChosen(scope);
    });
    m_viewRows->addWidget(row);
    m_views.append({scope, row});
}

void Sidebar::buildFoot()
{
    m_column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    m_health = plainLabel(this);
    m_health->setContentsMargins(m_theme.px(8), 0, 0, 0);
    m_diagnosis = new IconButton(m_theme, "pulse"_L1, tr("Diagnosis"), this);
    auto *health = new QHBoxLayout;
    health->setContentsMargins(0, m_theme.px(4), 0, 0);
    health->setSpacing(m_theme.px(8));
    health->addWidget(m_health, 1);
    health->addWidget(m_diagnosis);
    m_column->addLayout(health);
    connect(m_diagnosis, &QAbstractButton::clicked, this, &Sidebar::diagnosisRequested);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(m_theme.px(6), 0, 0, 0);
    row->setSpacing(m_theme.px(8));
    m_avatar = new Avatar(m_theme, 24, "surface.sidebar"_L1, this);
    m_agent = plainLabel(this);
    m_settings = new IconButton(m_theme, "settings"_L1, tr("Settings"), this);
    row->addWidget(m_avatar);
    row->addWidget(m_agent, 1);
    row->addWidget(m_settings);
    m_column->addLayout(row);
    connect(m_settings, &QAbstractButton::clicked, this, &Sidebar::settingsRequested);
}

void Sidebar::setSession(const Workspace &workspace, const Agent &agent)
{
    m_workspace->setText(workspace.name);
    m_agent->setText(agent.name);
    m_avatar->setContent({.name = agent.name, .seed = u"agent-"_s + agent.id.toString()});
}

void Sidebar::setConnection(const QString &text, bool isWell)
{
    m_health->setText(text);
    m_health->setToolTip(text.toHtmlEscaped());
    m_isWell = isWell;
    dressHealth();
}

void Sidebar::dressHealth()
{
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, m_theme.color(m_isWell ? "text.secondary"_L1 : "warn.text"_L1));
    m_health->setPalette(colors);
}

void Sidebar::setCounts(const ConversationCounts &counts)
{
    m_counts = counts;
    for (const auto &[scope, row] : std::as_const(m_views)) {
        switch (scope.kind) {
        case ListScope::Kind::All: row->setCount(counts.unread, counts.unread > 0); break;
        case ListScope::Kind::ClosingSoon: row->setCount(counts.closingSoon, false); break;
        case ListScope::Kind::Unattended: row->setCount(counts.unattended, false); break;
        case ListScope::Kind::Snoozed:
        case ListScope::Kind::Inbox: break;
        }
    }
    m_inboxes.setUnread(counts.byInbox);
}

void Sidebar::rebuildInboxes()
{
    QHash<InboxId, SidebarRow *> kept;
    for (int i = 0; i < m_inboxes.rowCount(); ++i) {
        const Inbox &inbox = m_inboxes.at(i);
        SidebarRow *row = m_rows.take(inbox.id);
        if (!row) {
            row = new SidebarRow(m_theme, inbox.name, this);
            row->setContextMenuPolicy(Qt::CustomContextMenu);
            const InboxId id = inbox.id;
            connect(row, &QAbstractButton::clicked, this, [this, id] {
                const Inbox *chosen = m_inboxes.find(id);
                const ListScope scope{.title = chosen ? chosen->name : QString(), .filter = {.inboxId = id}, .kind = ListScope::Kind::Inbox};
                choose(scope);
                emit scopeChosen(scope);
            });
            connect(row, &QWidget::customContextMenuRequested, this, [this, id, row](const QPoint &at) {
                QMenu menu(this);
                menu.addAction(tr("Inbox settings"), this, [this, id] { emit inboxSettingsRequested(id); });
                menu.exec(row->mapToGlobal(at));
            });
        }
        row->setName(inbox.name);
        row->setChannel(shownChannel(inbox));
        row->setHealth(healthOf(inbox));
        const int unread = m_inboxes.data(m_inboxes.index(i), InboxModel::UnreadRole).toInt();
        row->setCount(unread, unread > 0);
        row->setNarrow(m_isNarrow);
        m_inboxRows->insertWidget(i, row);
        kept.insert(inbox.id, row);
    }
    for (SidebarRow *gone : std::as_const(m_rows))
        gone->deleteLater();
    m_rows = kept;
    choose(m_chosen);
}

SidebarRow *Sidebar::rowOf(const ListScope &scope) const
{
    if (scope.kind == ListScope::Kind::Inbox)
        return m_rows.value(scope.filter.inboxId);
    for (const auto &[view, row] : m_views) {
        if (view.kind == scope.kind)
            return row;
    }
    return nullptr;
}

void Sidebar::choose(const ListScope &scope)
{
    m_chosen = scope;
    SidebarRow *chosen = rowOf(scope);
    for (const auto &[view, row] : std::as_const(m_views))
        row->setChecked(row == chosen);
    for (SidebarRow *row : std::as_const(m_rows))
        row->setChecked(row == chosen);
}

void Sidebar::setNarrow(bool narrow)
{
    m_isNarrow = narrow;
    const bool isRail = narrow && !m_isOpened;
    for (QWidget *widget : {static_cast<QWidget *>(m_workspace), static_cast<QWidget *>(m_search), static_cast<QWidget *>(m_inboxesTitle),
                            static_cast<QWidget *>(m_health), static_cast<QWidget *>(m_agent), static_cast<QWidget *>(m_avatar), static_cast<QWidget *>(m_mark)})
        widget->setVisible(!isRail);
    m_find->setVisible(isRail);
    m_scroll->setVerticalScrollBarPolicy(isRail ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    m_head->layout()->setContentsMargins(isRail ? m_theme.px(6) : m_theme.px(8), 0, 0, 0);
    for (const auto &[view, row] : std::as_const(m_views))
        row->setNarrow(isRail);
    for (SidebarRow *row : std::as_const(m_rows))
        row->setNarrow(isRail);
    setFixedWidth(m_theme.px(isRail ? 56 : 208));
}

void Sidebar::openSearch()
{
    if (!m_isNarrow)
        return;
    m_isOpened = true;
    setNarrow(true);
}

QWidget *Sidebar::firstStop() const
{
    SidebarRow *row = rowOf(m_chosen);
    return row ? row : m_views.first().second;
}

void Sidebar::chooseAll()
{
    const ListScope scope = m_views.first().first;
    choose(scope);
    emit scopeChosen(scope);
}

void Sidebar::chooseAgain(const ListScope &scope)
{
    ListScope again = scope;
    for (const auto &[view, row] : std::as_const(m_views)) {
        if (view.kind == scope.kind)
            again = view;
    }
    choose(again);
}

void Sidebar::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.sidebar"_L1));
    setPalette(colors);
    m_head->setFixedHeight(m_theme.px(48));
    m_search->setFont(m_theme.font(TypeRole::Body));
    m_searchIcon->setIcon(m_theme.icon("search"_L1, "text.secondary"_L1));
    m_search->setFixedHeight(std::max(m_theme.px(32), m_theme.lineHeight(TypeRole::Body) + 12));
    m_inboxesTitle->setFont(m_theme.font(TypeRole::Caption, true));
    QPalette secondary = colors;
    secondary.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_inboxesTitle->setPalette(secondary);
    dressHealth();
    m_health->setFont(m_theme.font(TypeRole::Small));
    m_agent->setFont(m_theme.font(TypeRole::Body));

    const int side = m_theme.px(22);
    const double ratio = devicePixelRatioF();
    QPixmap mark(QSize(side, side) * ratio);
    mark.setDevicePixelRatio(ratio);
    mark.fill(Qt::transparent);
    QPainter painter(&mark);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color("accent"_L1));
    painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.27, side * 0.27);
    painter.setBrush(m_theme.color("accent.on"_L1));
    painter.drawRoundedRect(QRectF(side * 0.18, side * 0.27, side * 0.45, side * 0.18), side * 0.09, side * 0.09);
    painter.drawRoundedRect(QRectF(side * 0.37, side * 0.55, side * 0.45, side * 0.18), side * 0.09, side * 0.09);
    painter.end();
    m_mark->setPixmap(mark);
    setNarrow(m_isNarrow);
}

} // namespace antiphon
