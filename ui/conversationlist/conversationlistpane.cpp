#include "ui/conversationlist/conversationlistpane.h"

#include "ui/conversationlist/importstrip.h"

#include "ui/conversationlist/listtabs.h"
#include "ui/conversationlist/statusbutton.h"
#include "ui/models/conversationlistmodel.h"
#include "ui/models/errortext.h"
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"

#include <QActionGroup>
#include <QBoxLayout>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QScrollBar>
#include <QStackedLayout>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
constexpr std::chrono::seconds kClockStep{30};

QString statusWord(std::optional<Conversation::Status> status)
{
    if (!status)
        return ConversationListPane::tr("Every state");
    switch (*status) {
    case Conversation::Status::Open: return ConversationListPane::tr("Open");
    case Conversation::Status::Pending: return ConversationListPane::tr("Pending");
    case Conversation::Status::Snoozed: return ConversationListPane::tr("Snoozed");
    case Conversation::Status::Resolved: return ConversationListPane::tr("Resolved");
    }
    Q_UNREACHABLE();
}

} // namespace

ConversationListPane::ConversationListPane(const Theme &theme, ConversationListModel &model, ConversationDelegate::Sources sources, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_model(model)
{
    setAccessibleName(tr("Conversations"));
    setAutoFillBackground(true);
    buildHead();
    buildTabs();
    buildList(std::move(sources));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addWidget(m_widen, 0, Qt::AlignHCenter);
    column->addWidget(m_tabRow);
    m_tabLine = new Hairline(m_theme, Qt::Horizontal, this);
    column->addWidget(m_tabLine);
    m_missed = new Banner(m_theme, this);
    m_missed->setClosable(true);
    m_missed->hide();
    connect(m_missed, &Banner::linkActivated, this, &ConversationListPane::answerFirst);
    connect(m_missed, &Banner::closed, this, [this] {
        setMissed(0);
        emit missedDismissed();
    });
    column->addWidget(m_missed);
    m_import = new ImportStrip(m_theme, this);
    column->addWidget(m_import);
    auto *stackHolder = new QWidget(this);
    m_stack = new QStackedLayout(stackHolder);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    column->addWidget(stackHolder, 1);

    connect(&m_model, &ConversationListModel::loadingChanged, this, &ConversationListPane::showState);
    connect(&m_model, &ConversationListModel::rowsInserted, this, &ConversationListPane::showState);
    connect(&m_model, &ConversationListModel::rowsRemoved, this, &ConversationListPane::showState);
    connect(&m_model, &ConversationListModel::modelAboutToBeReset, this, [this] {
        if (const ConversationId now = current())
            m_kept = now;
    });
    connect(&m_model, &ConversationListModel::firstPageLoaded, this, [this] {
        showState();
        if (m_kept)
            select(m_kept);
        // The keys work from the start, where nothing else was chosen for them.
        const QWidget *focused = window()->focusWidget();
        if (!focused || focused == window())
            focusList();
    });
    connect(&m_theme, &Theme::changed, this, &ConversationListPane::dress);
    m_minute.setInterval(kClockStep);
    connect(&m_minute, &QTimer::timeout, this, &ConversationListPane::refreshCards);
    m_minute.start();
    dress();
}

void ConversationListPane::buildHead()
{
    m_head = new QWidget(this);
    auto *row = new QHBoxLayout(m_head);
    row->setContentsMargins(m_theme.px(16), 0, m_theme.px(8), 0);
    row->setSpacing(m_theme.px(4));
    m_title = new QLabel(m_head);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setMinimumWidth(0);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_title, 1);
    m_sortButton = new IconButton(m_theme, "sort"_L1, tr("Order of the list"), m_head);
    row->addWidget(m_sortButton);
    connect(m_sortButton, &QAbstractButton::clicked, this, &ConversationListPane::openSortMenu);
    m_widen = new IconButton(m_theme, "menu"_L1, tr("Show the list"), this);
    m_widen->setMetrics(40, 20);
    m_widen->hide();
    connect(m_widen, &QAbstractButton::clicked, this, &ConversationListPane::stripToggled);
}

void ConversationListPane::openStatusMenu()
{
    QMenu menu(this);
    auto *group = new QActionGroup(&menu);
    const auto add = [&](const QString &text, std::optional<Conversation::Status> status) {
        QAction *action = menu.addAction(text, this, [this, status] { chooseStatus(status); });
        action->setCheckable(true);
        action->setChecked(m_status == status);
        group->addAction(action);
    };
    add(tr("Open"), Conversation::Status::Open);
    add(tr("Pending"), Conversation::Status::Pending);
    add(tr("Snoozed"), Conversation::Status::Snoozed);
    add(tr("Resolved"), Conversation::Status::Resolved);
    add(tr("Every state"), std::nullopt);
    menu.exec(m_filterButton->mapToGlobal(QPoint(0, m_filterButton->height())));
}

void ConversationListPane::openSortMenu()
{
    QMenu menu(this);
    auto *group = new QActionGroup(&menu);
    const auto add = [&](const QString &text, ConversationSort sort) {
        QAction *action = menu.addAction(text, this, [this, sort] { chooseSort(sort); });
        action->setCheckable(true);
        action->setChecked(m_sort == sort);
        group->addAction(action);
    };
    add(tr("Newest activity"), ConversationSort::LastActivity);
    add(tr("Window closing soonest"), ConversationSort::WindowClosing);
    add(tr("Waiting longest"), ConversationSort::WaitingSince);
    add(tr("Answer these first"), ConversationSort::AnswerFirst);
    add(tr("Priority"), ConversationSort::Priority);
    add(tr("Newest first"), ConversationSort::Created);
    menu.exec(m_sortButton->mapToGlobal(QPoint(0, m_sortButton->height())));
}

void ConversationListPane::buildTabs()
{
    m_tabRow = new QWidget(this);
    auto *row = new QHBoxLayout(m_tabRow);
    row->setContentsMargins(m_theme.px(8), 0, m_theme.px(8), 0);
    row->setSpacing(0);
    m_tabs = new ListTabs(m_theme, m_tabRow);
    m_filterButton = new StatusButton(m_theme, m_tabRow);
    row->addWidget(m_tabs, 1);
    row->addWidget(m_filterButton);
    connect(m_filterButton, &QAbstractButton::clicked, this, &ConversationListPane::openStatusMenu);
    m_tabs->setAccessibleName(tr("Whose conversations"));
    m_tabs->setDrawBase(false);
    m_tabs->setElideMode(Qt::ElideRight);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->addTab(tr("Mine"));
    m_tabs->addTab(tr("Unassigned"));
    m_tabs->addTab(tr("All"));
    m_tabs->setCurrentIndex(Everyone);
    connect(m_tabs, &QTabBar::currentChanged, this, &ConversationListPane::apply);
}

void ConversationListPane::buildList(ConversationDelegate::Sources sources)
{
    m_view = new QListView(this);
    m_view->setAccessibleName(tr("Conversation list"));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformItemSizes(true);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setMouseTracking(true);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_delegate = new ConversationDelegate(m_theme, std::move(sources), m_view);
    m_view->setItemDelegate(m_delegate);
    // Before the view's own connections: a card that leaves the list (resolved, assigned away) must not open its neighbour.
    connect(&m_model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this](const QModelIndex &, int first) {
        m_isRemoving = true;
        m_leftRow = first;
    });
    m_view->setModel(&m_model);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, [this] {
        m_isRemoving = false;
        if (current() == m_kept)
            return;
        const QSignalBlocker quiet(m_view->selectionModel());
        m_view->selectionModel()->clear();
        m_view->viewport()->update();
    });
    m_view->viewport()->installEventFilter(this);
    m_view->installEventFilter(this);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
        if (!index.isValid() || m_isRemoving)
            return;
        m_kept = m_model.at(index.row()).id;
        emit conversationChosen(m_kept);
    });
    m_empty = new EmptyState(m_theme, this);
    connect(m_empty, &EmptyState::actionTriggered, this, [this] {
        chooseStatus(Conversation::Status::Open);
        m_tabs->setCurrentIndex(Everyone);
        emit filterCleared();
    });
}

void ConversationListPane::setMe(AgentId me)
{
    m_me = me;
}

void ConversationListPane::setScope(const ListScope &scope)
{
    m_scope = scope;
    m_title->setText(scope.title);
    m_delegate->setShowsInbox(scope.kind != ListScope::Kind::Inbox);
    if (scope.kind == ListScope::Kind::Snoozed)
        m_status = Conversation::Status::Snoozed;
    else if (m_status == Conversation::Status::Snoozed)
        m_status = Conversation::Status::Open;
    m_sort = scope.kind == ListScope::Kind::ClosingSoon ? ConversationSort::WindowClosing : m_sort == ConversationSort::WindowClosing ? ConversationSort::LastActivity : m_sort;
    apply();
}

void ConversationListPane::setCounts(const ConversationCounts &counts)
{
    m_counts = counts;
    retitleTabs();
}

void ConversationListPane::retitleTabs()
{
    const auto set = [this](Tab tab, const QString &word, int count) {
        m_tabs->setTabText(tab, word);
        m_tabs->setTabData(tab, count);
    };
    set(Mine, tr("Mine"), m_counts.mine);
    set(Unassigned, tr("Unassigned"), m_counts.unassigned);
    set(Everyone, tr("All"), m_counts.all);
    m_tabs->refit();
    m_tabs->updateGeometry();
}

void ConversationListPane::chooseStatus(std::optional<Conversation::Status> status)
{
    m_status = status;
    apply();
}

void ConversationListPane::chooseSort(ConversationSort sort)
{
    m_sort = sort;
    apply();
}

void ConversationListPane::setMissed(int messages)
{
    m_missedCount = messages;
    showMissed();
}

void ConversationListPane::showMissed()
{
    const bool shows = m_missedCount > 0 && !m_isStrip;
    if (shows)
        m_missed->setContent(Tone::Info, {}, tr("%n messages came while you were away", nullptr, m_missedCount), tr("Answer these first"));
    m_missed->setVisible(shows);
}

void ConversationListPane::answerFirst()
{
    m_status = Conversation::Status::Open;
    m_sort = ConversationSort::AnswerFirst;
    const QSignalBlocker quiet(m_tabs);
    m_tabs->setCurrentIndex(Everyone);
    apply();
    focusList();
    setMissed(0);
    emit missedDismissed();
}

void ConversationListPane::apply()
{
    ConversationFilter filter = m_scope.filter;
    filter.statuses.clear();
    if (m_status)
        filter.statuses.append(*m_status);
    filter.assignee = m_tabs->currentIndex() == Mine ? ConversationFilter::Assignee::Me
        : m_tabs->currentIndex() == Unassigned       ? ConversationFilter::Assignee::Nobody
                                                     : ConversationFilter::Assignee::Anyone;
    m_delegate->setShowsAssignee(m_tabs->currentIndex() == Everyone);
    const QString word = statusWord(m_status);
    m_filterButton->setText(word);
    m_filterButton->setAccessibleName(tr("Filter by state: %1").arg(word));
    m_sortButton->setToken(m_sort == ConversationSort::LastActivity ? "text.secondary"_L1 : "accent"_L1);
    m_sortButton->setAccessibleDescription(m_sort == ConversationSort::AnswerFirst ? tr("Answer these first") : QString());
    m_model.setFilter(filter, m_sort, m_me);
    showState();
    showMissed();
}

void ConversationListPane::showState()
{
    if (m_model.rowCount() > 0 || (m_model.isLoading() && !m_model.error())) {
        m_stack->setCurrentWidget(m_view);
        return;
    }
    if (m_model.error())
        m_empty->setContent("alert"_L1, tr("The list could not be read"), errorText(*m_model.error()));
    else if (m_tabs->currentIndex() == Mine)
        m_empty->setContent("user"_L1, tr("Nothing is assigned to you"));
    else if (m_scope.kind == ListScope::Kind::ClosingSoon)
        m_empty->setContent("clock"_L1, tr("No window closes soon"));
    else if (m_status != Conversation::Status::Open || m_tabs->currentIndex() != Everyone || m_scope.kind != ListScope::Kind::All)
        m_empty->setContent("filter"_L1, tr("Nothing matches this filter"), {}, tr("Clear filter"));
    else
        m_empty->setContent("inbox"_L1, tr("No conversations yet"), tr("They appear here when customers write to a connected channel."));
    m_stack->setCurrentWidget(m_empty);
}

void ConversationListPane::setStrip(bool strip)
{
    if (m_isStrip == strip)
        return;
    m_isStrip = strip;
    m_delegate->setStrip(strip);
    m_head->setVisible(!strip);
    m_tabRow->setVisible(!strip);
    m_widen->setVisible(strip);
    m_import->setNarrow(strip);
    showMissed();
    m_view->setVerticalScrollBarPolicy(strip ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    m_view->doItemsLayout();
}

ConversationId ConversationListPane::current() const
{
    const QModelIndex index = m_view->currentIndex();
    return index.isValid() ? m_model.at(index.row()).id : ConversationId();
}

void ConversationListPane::select(ConversationId id)
{
    const int row = m_model.rowOf(id);
    if (row < 0)
        return;
    m_kept = id;
    const QModelIndex index = m_model.index(row);
    const QSignalBlocker quiet(m_view->selectionModel());   // whoever selects has opened it already
    m_view->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    m_view->scrollTo(index);
    m_view->viewport()->update();
}

void ConversationListPane::move(int by)
{
    const int count = m_model.rowCount();
    if (count == 0)
        return;
    const QModelIndex index = m_view->currentIndex();
    // Where the shown card has left, its place is the starting point.
    const int start = m_leftRow + (by > 0 ? by - 1 : by);
    const int row = std::clamp(index.isValid() ? index.row() + by : start, 0, count - 1);
    m_leftRow = 0;
    m_view->setCurrentIndex(m_model.index(row));
}

void ConversationListPane::focusList()
{
    if (!m_view->currentIndex().isValid())
        m_view->setCurrentIndex({});   // else the view would choose, and so open, the first row
    m_view->setFocus(Qt::ShortcutFocusReason);
}

void ConversationListPane::refreshCards()
{
    m_view->viewport()->update();
}

bool ConversationListPane::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Enter:
    case QEvent::Leave:
        if (watched == m_view->viewport())
            m_model.setPointerOver(event->type() == QEvent::Enter);
        break;
    case QEvent::KeyPress: {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (watched != m_view || (key != Qt::Key_Return && key != Qt::Key_Enter) || m_model.rowCount() == 0)
            break;
        if (m_view->currentIndex().isValid())
            emit conversationChosen(current());
        else
            m_view->setCurrentIndex(m_model.index(0));
        return true;
    }
    case QEvent::ContextMenu: {
        auto *menu = static_cast<QContextMenuEvent *>(event);
        const bool byKey = menu->reason() == QContextMenuEvent::Keyboard;
        const QModelIndex index = byKey ? m_view->currentIndex() : m_view->indexAt(m_view->viewport()->mapFromGlobal(menu->globalPos()));
        if (index.isValid()) {
            const QPoint at = byKey ? m_view->viewport()->mapToGlobal(m_view->visualRect(index).center()) : menu->globalPos();
            emit contextMenuRequested(m_model.at(index.row()).id, at);
            return true;
        }
        break;
    }
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

void ConversationListPane::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retitleTabs();
    QWidget::changeEvent(event);
}

void ConversationListPane::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.list"_L1));
    colors.setColor(QPalette::Base, m_theme.color("surface.list"_L1));
    setPalette(colors);
    m_view->setPalette(colors);
    m_head->setFixedHeight(m_theme.px(48));
    m_title->setFont(m_theme.font(TypeRole::Title, true));
    m_tabs->setFont(m_theme.font(TypeRole::Body));
    m_tabs->setFixedHeight(m_theme.px(36));
    m_tabs->refit();
    m_filterButton->setFont(m_theme.font(TypeRole::Body));
    m_filterButton->setFixedHeight(m_theme.px(28));
    m_view->doItemsLayout();   // cards may have another height now
}

} // namespace antiphon
