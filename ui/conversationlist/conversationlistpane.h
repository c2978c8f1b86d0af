#pragma once

#include "core/client/deskapi.h"
#include "ui/conversationlist/conversationdelegate.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QListView;
class QPushButton;
class QStackedLayout;

namespace antiphon {

class Banner;
class ConversationListModel;
class EmptyState;
class IconButton;
class ImportStrip;
class ListTabs;
class Theme;

/// What the list is narrowed to by the sidebar; tabs, status and order are the pane's own.
struct ListScope {
    QString title{};
    ConversationFilter filter{};          ///< of the view or inbox
    enum class Kind { All, ClosingSoon, Unattended, Snoozed, Inbox } kind = Kind::All;
};

/// The second pane: title, filter and order, tabs, cards, and what stands there when there are none.
class ConversationListPane : public QWidget {
    Q_OBJECT
public:
    ConversationListPane(const Theme &theme, ConversationListModel &model, ConversationDelegate::Sources sources, QWidget *parent = nullptr);

    void setMe(AgentId me);
    void setScope(const ListScope &scope);
    void setCounts(const ConversationCounts &counts);

    ConversationId current() const;
    void select(ConversationId id);              ///< where it is in the list; nothing is opened
    void move(int by);                           ///< to the next or previous card
    void focusList();
    void setStrip(bool strip);                   ///< avatars only, for narrow windows
    bool isStrip() const { return m_isStrip; }
    void refreshCards();                         ///< drafts, pictures or the clock changed

    void setMissed(int messages);                ///< the line above the cards after an absence; 0 takes it away
    ImportStrip *importStrip() const { return m_import; }
    void answerFirst();                          ///< everybody's open ones, the most urgent answers first

    QListView *view() const { return m_view; }

signals:
    void conversationChosen(antiphon::ConversationId id);
    void contextMenuRequested(antiphon::ConversationId id, const QPoint &globalPosition);
    void filterCleared();
    void missedDismissed();                      ///< the line above the cards was closed or followed
    void stripToggled();                         ///< the strip's menu button: the full list is wanted, or no longer

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    enum Tab { Mine, Unassigned, Everyone };

    void buildHead();
    void buildTabs();
    void buildList(ConversationDelegate::Sources sources);
    void apply();
    void showState();
    void dress();
    void openStatusMenu();
    void openSortMenu();
    void chooseStatus(std::optional<Conversation::Status> status);
    void chooseSort(ConversationSort sort);
    void retitleTabs();
    void showMissed();

    const Theme &m_theme;
    ConversationListModel &m_model;
    ConversationDelegate *m_delegate = nullptr;
    QLabel *m_title = nullptr;
    QPushButton *m_filterButton = nullptr;
    IconButton *m_sortButton = nullptr;
    ListTabs *m_tabs = nullptr;
    QWidget *m_tabRow = nullptr;
    QWidget *m_tabLine = nullptr;
    IconButton *m_widen = nullptr;               ///< the strip's way to the full list
    ImportStrip *m_import = nullptr;
    Banner *m_missed = nullptr;                  ///< what came during an absence
    QListView *m_view = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedLayout *m_stack = nullptr;
    QWidget *m_head = nullptr;
    QTimer m_minute;                             ///< the cards' clocks and times

    AgentId m_me;
    ListScope m_scope;
    ConversationCounts m_counts;
    std::optional<Conversation::Status> m_status = Conversation::Status::Open;
    ConversationSort m_sort = ConversationSort::LastActivity;
    int m_missedCount = 0;
    int m_leftRow = 0;                           ///< where the shown card was before it left the list
    bool m_isRemoving = false;
    bool m_isStrip = false;
    ConversationId m_kept;                       ///< selected before the list was read anew
};

} // namespace antiphon
