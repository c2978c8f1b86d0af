#pragma once

#include "core/client/deskapi.h"
#include "ui/conversationlist/conversationlistpane.h"
#include "ui/inboxlist/sidebarrow.h"

#include <QHash>
#include <QWidget>

class QAction;
class QLabel;
class QLineEdit;
class QScrollArea;
class QVBoxLayout;

namespace antiphon {

class Avatar;
class ElidedLabel;
class IconButton;
class InboxModel;
class Theme;

/// The first pane: the workspace, search, the views, the inboxes with their health, and who is signed in.
class Sidebar : public QWidget {
    Q_OBJECT
public:
    Sidebar(const Theme &theme, InboxModel &inboxes, QWidget *parent = nullptr);

    void setSession(const Workspace &workspace, const Agent &agent);
    void setConnection(const QString &text, bool isWell);        ///< the line at the foot
    void setCounts(const ConversationCounts &counts);
    void setNarrow(bool narrow);
    void choose(const ListScope &scope);                         ///< checks the row that stands for it
    const ListScope &chosen() const { return m_chosen; }
    void chooseAgain(const ListScope &scope);                    ///< the same scope with today's words
    void chooseAll();                                            ///< as a click on the first view
    void openSearch();                                           ///< the rail opens to show the field
    QWidget *firstStop() const;                                  ///< where the keyboard enters the pane

    QLineEdit *searchField() const { return m_search; }

signals:
    void scopeChosen(const antiphon::ListScope &scope);
    void connectRequested();
    void inboxSettingsRequested(antiphon::InboxId inbox);
    void diagnosisRequested();
    void settingsRequested();
    void menuRequested(const QPoint &globalPosition);            ///< the program's menus

private:
    void buildHead();
    void buildViews();
    void buildFoot();
    void rebuildInboxes();
    void addView(ListScope::Kind kind, QLatin1StringView icon, const QString &name, const ConversationFilter &filter);
    SidebarRow *rowOf(const ListScope &scope) const;
    void dress();
    void dressHealth();

    const Theme &m_theme;
    InboxModel &m_inboxes;
    QVBoxLayout *m_column = nullptr;
    QVBoxLayout *m_viewRows = nullptr;
    QVBoxLayout *m_inboxRows = nullptr;
    QWidget *m_head = nullptr;
    QLabel *m_mark = nullptr;
    ElidedLabel *m_workspace = nullptr;
    QScrollArea *m_scroll = nullptr;
    QLineEdit *m_search = nullptr;
    QAction *m_searchIcon = nullptr;
    QLabel *m_inboxesTitle = nullptr;
    IconButton *m_menu = nullptr;
    IconButton *m_find = nullptr;                                // the rail's way to the search
    IconButton *m_add = nullptr;
    QLabel *m_health = nullptr;
    IconButton *m_diagnosis = nullptr;
    Avatar *m_avatar = nullptr;
    QLabel *m_agent = nullptr;
    IconButton *m_settings = nullptr;
    QList<std::pair<ListScope, SidebarRow *>> m_views;
    QHash<InboxId, SidebarRow *> m_rows;
    ListScope m_chosen;
    ConversationCounts m_counts;
    bool m_isWell = true;                                        // what the line at the foot says
    bool m_isNarrow = false;
    bool m_isOpened = false;                                     // the rail, opened for the search
};

} // namespace antiphon
