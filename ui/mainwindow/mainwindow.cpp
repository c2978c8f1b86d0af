#include "ui/mainwindow/mainwindow.h"

#include "ui/composer/composer.h"
#include "ui/contactpanel/contactpanel.h"
#include "ui/conversationlist/conversationlistpane.h"
#include "ui/conversationview/conversationview.h"
#include "ui/diagnosis/diagnosispage.h"
#include "ui/inboxlist/sidebar.h"
#include "ui/mainwindow/actions.h"
#include "ui/mainwindow/conversationheader.h"
#include "ui/mainwindow/conversationmenus.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/mainwindow/desktopnotices.h"
#include "ui/mainwindow/firstchannels.h"
#include "ui/mainwindow/gapstrip.h"
#include "ui/mainwindow/messagesender.h"
#include "ui/mainwindow/searchpane.h"
#include "ui/mainwindow/storebanner.h"
#include "ui/mainwindow/shortcutsdialog.h"
#include "ui/models/errortext.h"
#include "ui/onboarding/connectpage.h"
#include "ui/settings/noticesettings.h"
#include "ui/settings/settingspage.h"
#include "ui/settings/uisettings.h"
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/hairline.h"

#include <QApplication>
#include <QBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::seconds kNoticeStays{6};
constexpr QSize kFirstSize{1280, 800};
constexpr QSize kLeastSize{480, 400};

} // namespace

MainWindow::MainWindow(DeskClient &client, Theme &theme, UiSettings &settings, const Clock &clock, QWidget *parent)
    : QMainWindow(parent)
    , m_client(client)
    , m_theme(theme)
    , m_settings(settings)
    , m_models(client, clock)
    , m_tunnel(client)
    , m_catchUps(client, clock)
    , m_sender(new MessageSender(m_models.api(), m_models.messages(), clock, this))
{
    setMinimumSize(kLeastSize);
    resize(kFirstSize);
    restoreGeometry(m_settings.windowGeometry());
    build();

    connect(&m_client, &DeskClient::stateChanged, this, &MainWindow::showConnection);
    connect(&m_catchUps, &GapWatch::changed, this, [this] { m_list->setMissed(m_catchUps.missed()); });
    connect(&m_tunnel, &TunnelWatch::changed, this, &MainWindow::showConnection);
    connect(&m_client, &DeskClient::eventReceived, this, [this](const DeskEvent &event) {
        if (event.type == "workspace.health"_L1)
            showHealth(event.data);
    });
    connect(&m_client, &DeskClient::stateChanged, this, [this](DeskClient::State state) {
        if (state != DeskClient::State::Open)
            showHealth({});                  // told anew with the next session
        if (!m_models.isReady())
            showState();
    });
    connect(&m_models, &DeskModels::ready, this, [this] {
        m_sidebar->setSession(m_client.session().workspace, m_client.session().agent);
        m_list->setMe(m_models.me());
        m_list->setScope(m_sidebar->chosen());
        showState();
    });
    connect(&m_models, &DeskModels::opened, this, [this] {
        m_notice->hide();
        showState();
    });
    m_noticeEnd.setSingleShot(true);
    m_noticeEnd.setInterval(kNoticeStays);
    connect(&m_noticeEnd, &QTimer::timeout, this, [this] { m_notice->hide(); });
    m_undoEnd.setSingleShot(true);
    m_undoEnd.setInterval(kNoticeStays);
    connect(&m_undoEnd, &QTimer::timeout, this, &MainWindow::endUndo);
    connect(&m_models, &DeskModels::currentChanged, this, &MainWindow::showPanelFacts);
    connect(&m_models, &DeskModels::peopleChanged, this, [this] {
        m_list->refreshCards();
        showPanelFacts();
    });
    connect(&m_models, &DeskModels::countsChanged, this, &MainWindow::showCounts);
    connect(&m_models, &DeskModels::failed, this, &MainWindow::sayFailed);
    connect(&m_models, &DeskModels::eventApplied, this, [this](const DeskEvent &event) {
        m_assistant->applyEvent(event);
        m_diagnosis->applyEvent(event);
    });
    connect(&m_models.inboxes(), &InboxModel::changed, this, [this] {
        showState();
        showImport();
        m_list->refreshCards();
    });
    connect(&m_models.images(), &ImageCache::ready, this, [this] {
        m_list->refreshCards();
        showPanelFacts();
    });
    connect(&m_models.drafts(), &DraftStore::draftChanged, this, [this] { m_list->refreshCards(); });
    connect(m_sender, &MessageSender::failed, this, [this](const Error &error) { sayFailed(errorText(error)); });
    connect(&m_theme, &Theme::changed, this, &MainWindow::arrange);
}

MainWindow::~MainWindow() = default;

void MainWindow::rebuild()
{
    const ListScope scope = m_sidebar->chosen();
    const QWidget *page = m_pages->currentWidget();
    const bool showedSettings = page == m_settingsPage;
    const int section = m_settingsPage->section();
    const bool showedDiagnosis = page == m_diagnosis;
    m_isRebuilding = true;
    delete takeCentralWidget();
    delete m_actions;
    delete m_menus;
    menuBar()->clear();
    build();
    m_isRebuilding = false;
    m_sidebar->setSession(m_client.session().workspace, m_client.session().agent);
    m_sidebar->chooseAgain(scope);
    m_list->setMe(m_models.me());
    m_list->setScope(m_sidebar->chosen());
    m_list->setMissed(m_catchUps.missed());
    showCounts();
    showState();
    if (m_models.current())
        m_models.messages().reload();
    m_settingsPage->setSection(section);
    endUndo();
    if (showedSettings)
        showPage(m_settingsPage);
    else if (showedDiagnosis)
        showPage(m_diagnosis);
}

void MainWindow::build()
{
    m_actions = new Actions(this);
    m_menus = new ConversationMenus(m_models, this);
    m_actions->fill(*menuBar());
    // Where the system has no bar of its own the sidebar's menu button holds the same menus.
    menuBar()->setVisible(menuBar()->isNativeMenuBar());
    auto *central = new QWidget(this);
    auto *across = new QHBoxLayout(central);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    m_sidebar = new Sidebar(m_theme, m_models.inboxes(), central);
    across->addWidget(m_sidebar);
    across->addWidget(new Hairline(m_theme, Qt::Vertical, central));
    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    m_connection = new Banner(m_theme, central);
    m_store = new StoreBanner(m_theme, central);
    m_store->setHealth(m_health);
    m_gaps = new GapStrip(m_theme, m_models.inboxes(), m_catchUps, central);
    m_notice = new Banner(m_theme, central);
    m_notice->setClosable(true);
    m_undo = new Banner(m_theme, central);
    m_undo->setClosable(true);
    m_connection->hide();
    m_notice->hide();
    m_undo->hide();
    m_pages = new QStackedWidget(central);
    column->addWidget(m_connection);
    column->addWidget(m_store);
    column->addWidget(m_gaps);
    column->addWidget(m_notice);
    column->addWidget(m_undo);
    column->addWidget(m_pages, 1);
    across->addLayout(column, 1);
    m_work = buildWork();
    m_settingsPage = new SettingsPage(m_models.api(), m_models.inboxes(), m_settings, m_theme, m_pages);
    m_assistant = new ConnectPage(m_theme, m_models.api(), m_pages);
    m_diagnosis = new DiagnosisPage(m_models.api(), m_models.inboxes(), m_theme, m_models.clock(), m_pages);
    m_channels = new FirstChannels(m_theme, FirstChannels::Use::Further, m_pages);
    for (QWidget *page : {m_work, static_cast<QWidget *>(m_diagnosis), static_cast<QWidget *>(m_settingsPage), static_cast<QWidget *>(m_assistant),
                          static_cast<QWidget *>(m_channels)})
        m_pages->addWidget(page);
    connectPanes();
    connectPanel();
    connectActions();
    setCentralWidget(central);
    central->show();
    arrange();
    showState();
    showConnection();
}

QWidget *MainWindow::buildWork()
{
    auto *work = new QWidget(m_pages);
    m_splitter = new QSplitter(Qt::Horizontal, work);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_lists = new QStackedWidget(m_splitter);
    const ConversationDelegate::Sources sources{
        .inbox = [this](InboxId id) { return m_models.inboxes().find(id); },
        .agentName = [this](AgentId id) { return m_models.agentName(id); },
        .labelColor = [this](const QString &title) { return m_models.labelColor(title); },
        .draft = [this](ConversationId id) { return m_models.drafts().draft(id, false); },
        .picture =
            [this](const Contact &contact) {
                const int side = qRound(m_theme.avatarPx(40) * devicePixelRatioF());
                return contact.avatarUrl.isEmpty() ? QImage() : m_models.images().image(contact.avatarUrl, QSize(side, side));
            },
        .now = [this] { return m_models.clock().now(); }};
    m_list = new ConversationListPane(m_theme, m_models.list(), sources, m_lists);
    m_search = new SearchPane(m_models, m_theme, m_lists);
    m_lists->addWidget(m_list);
    m_lists->addWidget(m_search);
    m_splitter->addWidget(m_lists);
    m_splitter->addWidget(buildMiddle());
    m_panel = new ContactPanel(m_theme, m_models.clock(), work);
    m_splitter->addWidget(m_panel);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setStretchFactor(2, 0);
    auto *row = new QHBoxLayout(work);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_splitter);
    connect(m_splitter, &QSplitter::splitterMoved, this, &MainWindow::remember);
    return work;
}

QWidget *MainWindow::buildMiddle()
{
    m_middle = new QStackedWidget(m_splitter);
    m_empty = new EmptyState(m_theme, m_middle);
    m_first = new FirstChannels(m_theme, FirstChannels::Use::First, m_middle);
    m_conversation = new ConversationPane(m_models, *m_sender, *m_menus, m_theme, m_middle);
    m_middle->addWidget(m_empty);
    m_middle->addWidget(m_first);
    m_middle->addWidget(m_conversation);
    return m_middle;
}

void MainWindow::connectPanes()
{
    connect(m_sidebar, &Sidebar::scopeChosen, this, [this](const ListScope &scope) {
        showPage(m_work);
        m_sidebar->searchField()->clear();
        m_models.setCountsFilter(scope.filter);
        m_list->setScope(scope);
        m_showsList = true;
        arrange();
    });
    connect(m_sidebar, &Sidebar::connectRequested, this, &MainWindow::addChannel);
    connect(m_sidebar, &Sidebar::settingsRequested, this, &MainWindow::showSettings);
    connect(m_sidebar, &Sidebar::inboxSettingsRequested, this, [this](InboxId inbox) {
        showSettings();
        m_settingsPage->showInboxes(inbox);
    });
    connect(m_sidebar, &Sidebar::menuRequested, this, [this](const QPoint &at) {
        QMenu menu(this);
        m_actions->fill(menu);
        menu.exec(at);
    });
    connect(m_sidebar->searchField(), &QLineEdit::textChanged, this, [this](const QString &words) {
        m_search->setWords(words);
        m_lists->setCurrentWidget(words.trimmed().isEmpty() ? static_cast<QWidget *>(m_list) : m_search);
        if (!words.trimmed().isEmpty())
            showPage(m_work);
    });
    connect(m_sidebar->searchField(), &QLineEdit::returnPressed, this, [this] { m_search->openFirst(); });
    // Escape leaves what lies over the list; elsewhere the key is the focused field's own.
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), m_pages);
    const auto arm = [this, escape] {
        escape->setEnabled(m_pages->currentWidget() == m_settingsPage || m_pages->currentWidget() == m_diagnosis || (m_pages->currentWidget() == m_work && m_lists->currentWidget() == m_search));
    };
    connect(m_pages, &QStackedWidget::currentChanged, escape, arm);
    connect(m_lists, &QStackedWidget::currentChanged, escape, arm);
    connect(escape, &QShortcut::activated, this, [this] {
        if (m_pages->currentWidget() != m_work)
            showPage(m_work);
        else
            m_sidebar->searchField()->clear();
        m_list->focusList();
    });
    arm();
    connect(m_search, &SearchPane::closed, this, [this] { m_sidebar->searchField()->clear(); });
    connect(m_search, &SearchPane::conversationChosen, this, &MainWindow::showConversation);
    connect(m_list, &ConversationListPane::conversationChosen, this, [this](ConversationId id) { showConversation(id); });
    connect(m_list, &ConversationListPane::contextMenuRequested, this, [this](ConversationId id, const QPoint &at) {
        QMenu menu(this);
        m_menus->fill(menu, id);
        menu.exec(at);
    });
    connect(m_list, &ConversationListPane::missedDismissed, &m_catchUps, &GapWatch::forgetMissed);
    connect(m_list, &ConversationListPane::stripToggled, this, [this] {
        m_showsList = true;
        arrange();
        m_list->focusList();
    });
    connect(m_list, &ConversationListPane::filterCleared, this, [this] { m_actions->operator[](Actions::Id::ShowAllConversations)->trigger(); });
    connect(m_empty, &EmptyState::actionTriggered, this, [this] { m_client.open(); });
    connect(m_first, &FirstChannels::chosen, this, &MainWindow::connectChannel);
    connect(m_channels, &FirstChannels::chosen, this, &MainWindow::connectChannel);
    connect(m_channels, &FirstChannels::closed, this, [this] { showPage(m_work); });
    connect(m_conversation, &ConversationPane::reconnectRequested, this, &MainWindow::reconnect);
    connect(m_conversation, &ConversationPane::inboxSettingsRequested, this, [this](InboxId inbox) {
        showSettings();
        m_settingsPage->showInboxes(inbox);
    });
    connect(m_conversation->view(), &ConversationView::diagnosisRequested, this, [this] {
        showDiagnosis();
        m_diagnosis->showDeadLetters();
    });
    connect(m_conversation, &ConversationPane::failed, this, &MainWindow::sayFailed);
    connect(m_notice, &Banner::closed, m_notice, &QWidget::hide);
    connect(m_undo, &Banner::actionTriggered, this, &MainWindow::takeBack);
    connect(m_undo, &Banner::closed, this, &MainWindow::endUndo);
    connect(m_connection, &Banner::actionTriggered, this, [this] { m_client.open(); });
    connect(m_sidebar, &Sidebar::diagnosisRequested, this, &MainWindow::showDiagnosis);
    connect(m_diagnosis, &DiagnosisPage::closed, this, [this] { showPage(m_work); });
    connect(m_diagnosis, &DiagnosisPage::conversationRequested, this, [this](ConversationId id) { showConversation(id); });
    connect(m_diagnosis, &DiagnosisPage::inboxSettingsRequested, this, [this](InboxId inbox) {
        showSettings();
        m_settingsPage->showInboxes(inbox);
    });
    connect(m_settingsPage, &SettingsPage::closed, this, [this] { showPage(m_work); });
    connect(m_settingsPage->notices(), &NoticeSettings::tryRequested, this, [this] {
        if (m_notices)
            m_notices->tryOne();
        else
            m_settingsPage->notices()->setOutcome(tr("This desktop shows no notifications."));
    });
    connect(m_settingsPage, &SettingsPage::connectRequested, this, &MainWindow::addChannel);
    connect(m_settingsPage, &SettingsPage::reconnectRequested, this, &MainWindow::reconnect);
    connect(m_assistant, &ConnectPage::finished, this, [this] { showPage(m_work); });
}

void MainWindow::connectPanel()
{
    const auto menu = [this](void (ContactPanel::*signal)(const QPoint &), void (ConversationMenus::*fill)(QMenu &, ConversationId)) {
        connect(m_panel, signal, this, [this, fill](const QPoint &at) {
            if (!m_models.current())
                return;
            QMenu choices(this);
            (m_menus->*fill)(choices, m_models.current()->id);
            choices.exec(at);
        });
    };
    menu(&ContactPanel::statusMenuRequested, &ConversationMenus::fillStatus);
    menu(&ContactPanel::assigneeMenuRequested, &ConversationMenus::fillAssignee);
    menu(&ContactPanel::priorityMenuRequested, &ConversationMenus::fillPriority);
    menu(&ContactPanel::labelsMenuRequested, &ConversationMenus::fillLabels);
    connect(m_panel, &ContactPanel::closeRequested, this, &MainWindow::togglePanel);
    connect(m_conversation->header(), &ConversationHeader::panelToggled, this, &MainWindow::togglePanel);
    connect(m_conversation->header(), &ConversationHeader::backRequested, this, [this] { (*m_actions)[Actions::Id::Back]->trigger(); });
}

void MainWindow::connectActions()
{
    using Id = Actions::Id;
    const auto on = [this](Id id, auto what) { connect((*m_actions)[id], &QAction::triggered, this, what); };
    const auto onCurrent = [this, on](Id id, std::function<void(ConversationId)> what) {
        on(id, [this, what = std::move(what)] {
            if (m_models.current())
                what(m_models.current()->id);
        });
    };
    on(Id::NextConversation, [this] { m_list->move(1); });
    on(Id::PreviousConversation, [this] { m_list->move(-1); });
    on(Id::Back, [this] {
        m_showsList = true;
        arrange();
        m_list->focusList();
    });
    onCurrent(Id::Resolve, [this](ConversationId id) {
        const Conversation before = *m_models.current();
        m_menus->toggleResolved(id);
        const bool resolves = before.status == Conversation::Status::Open;
        offerUndo((resolves ? tr("%1: resolved") : tr("%1: open again")).arg(before.contact.name), [this, before] {
            ConversationUpdate back{.status = before.status};
            if (before.status == Conversation::Status::Snoozed)
                back.snoozedUntil = before.snoozedUntil;
            m_models.update(before.id, back);
        });
    });
    onCurrent(Id::Snooze, [this](ConversationId) { m_conversation->openSnoozeMenu(); });
    onCurrent(Id::AssignToMe, [this](ConversationId id) {
        const Conversation before = *m_models.current();
        if (before.assigneeId == m_models.me())
            return;
        m_menus->assign(id, m_models.me());
        offerUndo(tr("%1: assigned to you").arg(before.contact.name), [this, before] { m_menus->assign(before.id, before.assigneeId); });
    });
    onCurrent(Id::MarkUnread, [this](ConversationId id) {
        const Conversation before = *m_models.current();
        m_models.markUnread(id);
        if (before.lastMessage)
            offerUndo(tr("%1: marked as unread").arg(before.contact.name), [this, before] { m_models.markRead(before.id, before.lastMessage->id); });
    });
    on(Id::Undo, [this] { takeBack(); });
    const auto write = [this](Composer::Mode mode) {
        showPage(m_work);
        m_conversation->composer()->setMode(mode);
        m_conversation->composer()->focusEditor();
    };
    onCurrent(Id::Reply, [write](ConversationId) { write(Composer::Mode::Reply); });
    onCurrent(Id::Note, [write](ConversationId) { write(Composer::Mode::Note); });
    onCurrent(Id::Attach, [this](ConversationId) { m_conversation->composer()->chooseFiles(); });
    onCurrent(Id::RetryLastFailed, [this](ConversationId) { m_conversation->retryLastFailed(); });
    onCurrent(Id::JumpToNewest, [this](ConversationId) { m_conversation->view()->scrollToEnd(); });
    on(Id::Search, [this] {
        if (!m_sidebar->searchField()->isVisible())
            m_sidebar->openSearch();
        m_sidebar->searchField()->setFocus(Qt::ShortcutFocusReason);
        m_sidebar->searchField()->selectAll();
    });
    on(Id::ShowAllConversations, [this] { m_sidebar->chooseAll(); });
    on(Id::AnswerFirst, [this] {
        m_sidebar->chooseAll();
        m_list->answerFirst();
    });
    on(Id::NextPane, [this] { walkPanes(true); });
    on(Id::PreviousPane, [this] { walkPanes(false); });
    on(Id::TogglePanel, [this] { togglePanel(); });
    on(Id::ConnectChannel, [this] { addChannel(); });
    on(Id::Diagnosis, [this] { showDiagnosis(); });
    on(Id::Settings, [this] { showSettings(); });
    on(Id::Shortcuts, [this] {
        auto *dialog = new ShortcutsDialog(*m_actions, m_theme, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    on(Id::About, [this] {
        auto *dialog = new QMessageBox(QMessageBox::NoIcon, tr("About Antiphon"),
                                       tr("Antiphon %1, the inbox for your customers' messages.\nFree software under the GNU General Public License 3 or later.")
                                           .arg(QCoreApplication::applicationVersion()),
                                       QMessageBox::Close, this);
        dialog->setTextFormat(Qt::PlainText);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    on(Id::Quit, [this] { close(); });
}

} // namespace antiphon
