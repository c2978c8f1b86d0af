#include "ui/mainwindow/mainwindow.h"

#include "ui/composer/composer.h"
#include "ui/composer/messageeditor.h"
#include "ui/contactpanel/contactpanel.h"
#include "ui/contactpanel/contacttext.h"
#include "ui/conversationlist/conversationlistpane.h"
#include "ui/conversationlist/importstrip.h"
#include "ui/conversationview/conversationview.h"
#include "ui/diagnosis/diagnosispage.h"
#include "ui/inboxlist/sidebar.h"
#include "ui/mainwindow/actions.h"
#include "ui/mainwindow/conversationheader.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/mainwindow/desktopnotices.h"
#include "ui/mainwindow/firstchannels.h"
#include "ui/mainwindow/searchpane.h"
#include "ui/mainwindow/storebanner.h"
#include "ui/onboarding/connectpage.h"
#include "ui/settings/noticesettings.h"
#include "ui/settings/settingspage.h"
#include "ui/settings/uisettings.h"
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/emptystate.h"

#include <QApplication>
#include <QCloseEvent>
#include <QListView>
#include <QSplitter>
#include <QStackedWidget>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kLowWindow = 520;
constexpr int kListLeast = 264;
constexpr int kListMost = 420;
constexpr int kListInRail = 296;
constexpr int kPanelLeast = 240;
constexpr int kPanelMost = 360;
constexpr int kStrip = 72;

MainWindow::Width widthFor(double width)
{
    if (width >= 1240)
        return MainWindow::Width::Full;
    if (width >= 1000)
        return MainWindow::Width::Drawer;
    if (width >= 800)
        return MainWindow::Width::Rail;
    return width >= 600 ? MainWindow::Width::Strip : MainWindow::Width::OnePane;
}

} // namespace

void MainWindow::arrange()
{
    if (!m_panel || m_isRebuilding)
        return;
    m_width = widthFor(width() / m_theme.textScale());
    const bool isWide = m_width == Width::Full || m_width == Width::Drawer;
    m_sidebar->setNarrow(!isWide);
    m_list->setStrip(m_width == Width::Strip && m_models.current() && !m_showsList && m_lists->currentWidget() == m_list);
    const bool isOnePane = m_width == Width::OnePane;
    const bool showsMiddle = !isOnePane || (m_models.current() && !m_showsList) || m_middle->currentWidget() == m_first;
    m_lists->setVisible(!isOnePane || !showsMiddle);
    m_middle->setVisible(showsMiddle);
    m_conversation->header()->setBackShown(isOnePane);
    m_conversation->setCompact(height() / m_theme.textScale() < kLowWindow);
    if (m_list->isStrip()) {
        m_lists->setFixedWidth(m_theme.px(kStrip));
    } else if (m_width == Width::Rail || m_width == Width::Strip) {
        m_lists->setFixedWidth(m_theme.px(kListInRail));
    } else if (isOnePane) {
        m_lists->setMinimumWidth(0);
        m_lists->setMaximumWidth(QWIDGETSIZE_MAX);
    } else {
        m_lists->setMinimumWidth(kListLeast);
        m_lists->setMaximumWidth(std::max(kListMost, m_theme.px(kListInRail)));
    }
    QPalette line = m_theme.palette();
    line.setColor(QPalette::Window, m_theme.color("line.hair"_L1));
    for (int i = 0; i < m_splitter->count(); ++i) {
        m_splitter->handle(i)->setPalette(line);
        m_splitter->handle(i)->setAutoFillBackground(true);
    }
    arrangePanel();
}

void MainWindow::arrangePanel()
{
    const bool hasConversation = m_models.current() != nullptr && m_middle->currentWidget() == m_conversation;
    const bool isDocked = m_width == Width::Full;
    if (isDocked) {
        if (m_panel->parentWidget() != m_splitter) {
            m_splitter->insertWidget(2, m_panel);
            m_splitter->setStretchFactor(2, 0);
        }
        m_panel->setMinimumWidth(kPanelLeast);
        m_panel->setMaximumWidth(kPanelMost);
        m_panel->setClosable(false);
        m_panel->setVisible(hasConversation && m_settings.showsPanel());
        m_splitter->setSizes({m_settings.listWidth(), std::max(1, m_splitter->width() - m_settings.listWidth() - m_settings.panelWidth()), m_settings.panelWidth()});
    } else {
        if (m_panel->parentWidget() != m_work)
            m_panel->setParent(m_work);
        m_panel->setClosable(true);
        m_panel->setMinimumWidth(0);
        m_panel->setMaximumWidth(QWIDGETSIZE_MAX);
        const int wide = std::min(m_work->width(), m_theme.px(300));
        m_panel->setGeometry(layoutDirection() == Qt::RightToLeft ? 0 : m_work->width() - wide, 0, wide, m_work->height());
        m_panel->setVisible(hasConversation && m_drawerOpen);
        m_panel->raise();
        const bool isFixed = m_lists->minimumWidth() == m_lists->maximumWidth();
        const int list = isFixed ? m_lists->minimumWidth() : m_settings.listWidth();
        m_splitter->setSizes({list, std::max(1, m_splitter->width() - list)});
    }
    const bool shows = m_panel->isVisibleTo(m_work);
    m_conversation->header()->setPanelShown(shows);
    (*m_actions)[Actions::Id::TogglePanel]->setChecked(shows);
}

void MainWindow::togglePanel()
{
    if (m_width == Width::Full)
        m_settings.setShowsPanel(!m_settings.showsPanel());
    else
        m_drawerOpen = !m_drawerOpen;
    arrangePanel();
}

void MainWindow::remember()
{
    if (m_width != Width::Full && m_width != Width::Drawer)
        return;
    const QList<int> sizes = m_splitter->sizes();
    m_settings.setListWidth(sizes.value(0));
    if (m_width == Width::Full && m_panel->isVisible())
        m_settings.setPanelWidth(sizes.value(2));
}

void MainWindow::showState()
{
    if (!m_middle || m_isRebuilding)
        return;
    const Conversation *current = m_models.current();
    m_actions->setHasConversation(current != nullptr);
    if (current) {
        m_middle->setCurrentWidget(m_conversation);
        m_list->select(current->id);
    } else if (!m_models.isReady()) {
        showNotConnected();
        m_middle->setCurrentWidget(m_empty);
    } else if (m_models.inboxes().rowCount() == 0) {
        m_middle->setCurrentWidget(m_first);
    } else {
        m_empty->setContent("inbox"_L1, tr("Choose a conversation"), tr("Up and Down move, Enter opens."));
        m_middle->setCurrentWidget(m_empty);
    }
    arrange();
    showPanelFacts();
    showConnection();
}

/// Nothing was read yet: what the window waits for.
void MainWindow::showNotConnected()
{
    using Kind = DeskClient::Problem::Kind;
    const DeskClient::Problem &problem = m_client.problem();
    const QString where = QChar(0x2068) + m_client.address().authority() + QChar(0x2069);
    if (problem.kind == Kind::None || m_client.state() == DeskClient::State::Open)
        m_empty->setContent("plug"_L1, tr("Connecting …"));
    else if (m_client.state() == DeskClient::State::Refused)
        m_empty->setContent("lock"_L1, tr("Not signed in"), tr("The server at %1 does not accept this seat's key.").arg(where));
    else if (problem.kind == Kind::Refused)
        m_empty->setContent("lock"_L1, tr("The server doesn't let this seat in"), tr("%1 says: %2. The window tries again by itself.").arg(where, problem.detail), tr("Try now"));
    else if (problem.kind == Kind::Certificate)
        m_empty->setContent("shield"_L1, tr("The server's certificate is not trusted"),
                            tr("Nothing was sent to %1. Let this computer trust the certificate, or ask whoever runs the server. (%2)").arg(where, problem.detail), tr("Try now"));
    else
        m_empty->setContent("plug"_L1, tr("The server can't be reached"), tr("%1: %2. The window tries again by itself.").arg(where, problem.detail.isEmpty() ? tr("no answer") : problem.detail), tr("Try now"));
}

void MainWindow::showConnection()
{
    if (!m_connection || m_isRebuilding)
        return;
    int unwell = 0;
    int on = 0;
    const InboxModel &inboxes = m_models.inboxes();
    for (int i = 0; i < inboxes.rowCount(); ++i) {
        on += inboxes.at(i).state != Inbox::State::Disabled ? 1 : 0;
        unwell += inboxes.at(i).state == Inbox::State::ReauthorizationRequired ? 1 : 0;
    }
    switch (m_client.state()) {
    case DeskClient::State::Open:
        m_connection->hide();
        if (m_tunnel.isDown())
            m_sidebar->setConnection(tr("Not reachable"), false);
        else if (inboxes.rowCount() == 0)
            m_sidebar->setConnection(tr("No inbox to watch"), true);
        else
            m_sidebar->setConnection(tr("Receiving on %1 of %2").arg(on - unwell).arg(inboxes.rowCount()), unwell == 0);
        return;
    case DeskClient::State::Connecting:
    case DeskClient::State::Disconnected:
        m_sidebar->setConnection(tr("Not connected"), false);
        if (m_models.isReady()) {
            m_connection->setContent(Tone::Warn, "plug"_L1, tr("The server can't be reached. What is shown may be out of date; the window connects again by itself."), {},
                                     tr("Try now"));
            m_connection->show();
        }
        return;
    case DeskClient::State::Refused:
        m_sidebar->setConnection(tr("Not signed in"), false);
        m_connection->setContent(Tone::Danger, "lock"_L1, tr("The server does not accept this seat's key. Start the window again on the server's computer, or with a new copy of its token file."),
                                 {}, tr("Try again"));
        m_connection->show();
        return;
    }
}

void MainWindow::showHealth(const QJsonObject &health)
{
    m_health = health;
    if (m_store && !m_isRebuilding)
        m_store->setHealth(health);
}

void MainWindow::showCounts()
{
    m_sidebar->setCounts(m_models.counts());
    m_list->setCounts(m_models.scopeCounts());
    const int unread = m_models.counts().unread;
    const QString name = m_client.session().workspace.name.isEmpty() ? u"Antiphon"_s : m_client.session().workspace.name + u" – Antiphon"_s;
    setWindowTitle(unread > 0 ? u"(%1) %2"_s.arg(unread).arg(name) : name);
}

void MainWindow::showPanelFacts()
{
    const Conversation *current = m_models.current();
    if (!current || m_isRebuilding)
        return;
    ContactFacts facts{.conversation = *current, .inbox = m_models.inboxOf(*current), .assigneeName = m_models.agentName(current->assigneeId)};
    const Contact &contact = current->contact;
    const QString channel = facts.inbox ? channelTitle(shownChannel(*facts.inbox)) : tr("Name there");
    if (contact.customAttributes.contains("username"_L1))
        facts.identifiers.append({channel, contactHandle(contact)});
    if (!contact.phoneNumber.isEmpty())
        facts.identifiers.append({tr("Phone"), phoneText(contact.phoneNumber)});
    if (!contact.email.isEmpty())
        facts.identifiers.append({tr("E-mail"), contact.email});
    for (const Contact::Identifier &identifier : contact.identifiers) {
        const Inbox *inbox = m_models.inboxes().find(identifier.inboxId);
        const std::pair<QString, QString> row{inbox ? tr("%1 ID").arg(channelTitle(shownChannel(*inbox))) : tr("Former inbox"), addressText(identifier.sourceId)};
        const bool isKnown = std::any_of(facts.identifiers.begin(), facts.identifiers.end(),
                                         [&row](const auto &known) { return known.second == row.second && (known.first == row.first || row.second.contains(u'+')); });
        if (!isKnown)
            facts.identifiers.append(row);               // two threads of one customer, or the number that stands there already
    }
    m_panel->setFacts(facts);
    if (!contact.avatarUrl.isEmpty()) {
        const int side = qRound(m_theme.avatarPx(56) * devicePixelRatioF());
        const QImage picture = m_models.images().image(contact.avatarUrl, QSize(side, side));
        if (!picture.isNull())
            m_panel->setPicture(picture);
    }
}

void MainWindow::showPage(QWidget *page)
{
    m_pages->setCurrentWidget(page);
}

void MainWindow::bringToFront()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::announceOn(Toasts &toasts)
{
    m_notices = new DesktopNotices(m_models, m_settings, toasts, [this] { return sight(); }, this);
    connect(m_notices, &DesktopNotices::windowRequested, this, &MainWindow::bringToFront);
    connect(m_notices, &DesktopNotices::conversationRequested, this, [this](ConversationId id) { showConversation(id); });
    connect(m_notices, &DesktopNotices::announced, this, [this] { QApplication::alert(this); });
    connect(m_notices, &DesktopNotices::tried, this, [this](bool isShown) {
        m_settingsPage->notices()->setOutcome(isShown ? tr("The desktop has taken it. If you saw nothing, look at the desktop's own settings for notifications.")
                                                      : tr("This desktop shows no notifications."));
    });
}

NoticeSight MainWindow::sight() const
{
    const Conversation *current = m_models.current();
    const bool isShown = current && m_pages->currentWidget() == m_work && m_middle->currentWidget() == m_conversation && m_conversation->isVisible();
    const bool isAtEnd = isShown && m_conversation->view()->isAtEnd();
    return {.isWindowActive = isActiveWindow() && !isMinimized(), .atEnd = isAtEnd ? current->id : ConversationId()};
}

void MainWindow::showConversation(ConversationId id, MessageId around)
{
    showPage(m_work);
    m_showsList = false;
    m_models.open(id, around);
    arrange();
}

void MainWindow::showDiagnosis()
{
    showPage(m_diagnosis);
}

void MainWindow::showSettings()
{
    showPage(m_settingsPage);
}

void MainWindow::showImport()
{
    for (int i = 0; i < m_models.inboxes().rowCount(); ++i) {
        const Inbox &inbox = m_models.inboxes().at(i);
        if (const auto percent = historyProgress(inbox, m_models.clock().now())) {
            m_list->importStrip()->setProgress(inbox.name, *percent);
            return;
        }
    }
    m_list->importStrip()->clear();
}

void MainWindow::addChannel()
{
    showPage(m_channels);
}

void MainWindow::connectChannel(Channel channel)
{
    m_assistant->begin(channel);
    showPage(m_assistant);
}

void MainWindow::reconnect(InboxId id)
{
    const Inbox *inbox = m_models.inboxes().find(id);
    if (!inbox || !connectPlan(inbox->channel)) {
        showSettings();
        m_settingsPage->showInboxes(id);
        return;
    }
    m_assistant->begin(inbox->channel, *inbox);
    showPage(m_assistant);
}

void MainWindow::sayFailed(const QString &sentence)
{
    m_notice->setContent(Tone::Warn, "alert"_L1, sentence);
    m_notice->show();
    m_noticeEnd.start();
}

void MainWindow::offerUndo(const QString &done, std::function<void()> undo)
{
    m_takeBack = std::move(undo);
    m_undo->setContent(Tone::Info, "ok-circle"_L1, done, {}, tr("Undo"));
    m_undo->show();
    (*m_actions)[Actions::Id::Undo]->setEnabled(true);
    m_undoEnd.start();
}

void MainWindow::takeBack()
{
    const std::function<void()> undo = std::exchange(m_takeBack, {});
    endUndo();
    if (undo)
        undo();
}

void MainWindow::endUndo()
{
    m_takeBack = {};
    m_undoEnd.stop();
    m_undo->hide();
    (*m_actions)[Actions::Id::Undo]->setEnabled(false);
}

void MainWindow::walkPanes(bool forward)
{
    QList<QWidget *> stops;
    const auto add = [&stops](QWidget *widget) {
        if (widget && widget->isVisible() && widget->isEnabled())
            stops.append(widget);
    };
    add(m_sidebar->firstStop());
    if (m_pages->currentWidget() == m_work) {
        add(m_lists->currentWidget() == m_list ? m_list->view() : m_search->view());
        if (m_middle->currentWidget() == m_conversation) {
            add(m_conversation->view());
            add(m_conversation->composer()->editor());
            add(m_panel->firstStop());
        } else {
            add(m_middle->currentWidget()->nextInFocusChain());
        }
    } else {
        add(m_pages->currentWidget()->nextInFocusChain());
    }
    if (stops.isEmpty())
        return;
    // Where the focus is: the last stop whose pane holds it.
    const QWidget *focus = QApplication::focusWidget();
    int at = -1;
    for (int i = 0; i < stops.size(); ++i) {
        const QWidget *pane = stops.at(i);
        if (i == 0)
            pane = m_sidebar;
        else if (m_panel->isAncestorOf(pane))
            pane = m_panel;
        else if (pane == m_conversation->composer()->editor())
            pane = m_conversation->composer();
        if (focus && (pane == focus || pane->isAncestorOf(focus)))
            at = i;
    }
    const int next = at < 0 ? 0 : (at + (forward ? 1 : int(stops.size()) - 1)) % int(stops.size());
    stops.at(next)->setFocus(forward ? Qt::TabFocusReason : Qt::BacktabFocusReason);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    arrange();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_models.drafts().flush();
    m_settings.setWindowGeometry(saveGeometry());
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && m_notices && isActiveWindow())
        m_notices->noteWindowActive();
    if (event->type() == QEvent::LanguageChange && m_sidebar && !m_isRebuilding)
        QMetaObject::invokeMethod(this, &MainWindow::rebuild, Qt::QueuedConnection);
    else if (event->type() == QEvent::LayoutDirectionChange)
        arrange();
}

} // namespace antiphon
