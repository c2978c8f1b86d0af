#pragma once

#include "core/base/clock.h"
#include "ui/mainwindow/deskmodels.h"
#include "ui/models/gapwatch.h"
#include "ui/models/tunnelwatch.h"

#include <QJsonObject>
#include <QMainWindow>
#include <QPointer>
#include <QTimer>

#include <functional>

class QLabel;
class QSplitter;
class QStackedWidget;

namespace antiphon {

class Actions;
class Banner;
class ConnectPage;
class ContactPanel;
class DesktopNotices;
class Toasts;
class ConversationListPane;
class ConversationMenus;
class ConversationPane;
class DiagnosisPage;
class EmptyState;
class FirstChannels;
class GapStrip;
class MessageSender;
class SearchPane;
class SettingsPage;
class Sidebar;
class StoreBanner;
class Theme;
class UiSettings;
struct NoticeSight;

/// The window: sidebar, list, conversation, contact panel, and the pages that take their place. It talks to the desk through `client` only.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// How much stands beside each other, by the width divided by the text scale.
    enum class Width { OnePane, Strip, Rail, Drawer, Full };
    Q_ENUM(Width)

    /// All must outlive the window. The client is opened by whoever made it.
    MainWindow(DeskClient &client, Theme &theme, UiSettings &settings, const Clock &clock, QWidget *parent = nullptr);
    ~MainWindow() override;

    void showConversation(ConversationId id, MessageId around = {});
    void showSettings();
    void showDiagnosis();
    void addChannel();                                          ///< which one is asked first
    void connectChannel(Channel channel);
    void reconnect(InboxId inbox);
    void bringToFront();
    /// Tells the desktop of new messages from now on. @param toasts outlives the window
    void announceOn(Toasts &toasts);
    Width widthClass() const { return m_width; }

    // For tests and the program.
    DeskModels &models() { return m_models; }
    Actions &actions() const { return *m_actions; }
    Sidebar *sidebar() const { return m_sidebar; }
    ConversationListPane *listPane() const { return m_list; }
    StoreBanner *storeBanner() const { return m_store; }
    Banner *undoBar() const { return m_undo; }
    ConversationPane *conversationPane() const { return m_conversation; }
    GapStrip *gapStrip() const { return m_gaps; }
    SearchPane *searchPane() const { return m_search; }
    DiagnosisPage *diagnosisPage() const { return m_diagnosis; }
    SettingsPage *settingsPage() const { return m_settingsPage; }
    ConnectPage *assistant() const { return m_assistant; }
    FirstChannels *channelChoice() const { return m_channels; }

protected:
    void resizeEvent(QResizeEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    // mainwindow.cpp: what the window is made of
    void rebuild();
    void build();
    QWidget *buildWork();
    QWidget *buildMiddle();
    void connectPanes();
    void connectPanel();
    void connectActions();

    // windowstate.cpp: what is shown when
    void arrange();
    void arrangePanel();
    void showState();
    void showConnection();
    void showNotConnected();
    void showHealth(const QJsonObject &health);
    void showCounts();
    void showImport();
    void showPanelFacts();
    void showPage(QWidget *page);
    NoticeSight sight() const;
    void sayFailed(const QString &sentence);
    /// For some seconds a key that changed a conversation can be taken back. @param done says what it did.
    void offerUndo(const QString &done, std::function<void()> undo);
    void takeBack();
    void endUndo();
    void walkPanes(bool forward);
    void togglePanel();
    void remember();

    DeskClient &m_client;
    Theme &m_theme;
    UiSettings &m_settings;
    DeskModels m_models;
    TunnelWatch m_tunnel;
    GapWatch m_catchUps;
    QJsonObject m_health;                    // as the server told it last
    DesktopNotices *m_notices = nullptr;     // none: the desktop is told nothing
    QTimer m_noticeEnd;                      // a notice goes by itself
    QTimer m_undoEnd;
    std::function<void()> m_takeBack;        // of the last change by key, while it is offered
    MessageSender *m_sender;

    // All below is made anew where the language changes.
    Actions *m_actions = nullptr;
    ConversationMenus *m_menus = nullptr;
    Sidebar *m_sidebar = nullptr;
    Banner *m_connection = nullptr;
    Banner *m_notice = nullptr;
    Banner *m_undo = nullptr;
    StoreBanner *m_store = nullptr;
    GapStrip *m_gaps = nullptr;
    QStackedWidget *m_pages = nullptr;
    QWidget *m_work = nullptr;
    QSplitter *m_splitter = nullptr;
    QStackedWidget *m_lists = nullptr;
    ConversationListPane *m_list = nullptr;
    SearchPane *m_search = nullptr;
    QStackedWidget *m_middle = nullptr;
    EmptyState *m_empty = nullptr;
    FirstChannels *m_first = nullptr;
    FirstChannels *m_channels = nullptr;
    ConversationPane *m_conversation = nullptr;
    ContactPanel *m_panel = nullptr;
    DiagnosisPage *m_diagnosis = nullptr;
    SettingsPage *m_settingsPage = nullptr;
    ConnectPage *m_assistant = nullptr;

    Width m_width = Width::Full;
    bool m_drawerOpen = false;
    bool m_showsList = true;                 // with one pane: the list, not the conversation
    bool m_isRebuilding = false;
};

} // namespace antiphon
