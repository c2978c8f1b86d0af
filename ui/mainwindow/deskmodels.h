#pragma once

#include "core/base/clock.h"
#include "core/client/deskapi.h"
#include "ui/models/conversationlistmodel.h"
#include "ui/models/draftstore.h"
#include "ui/models/imagecache.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/messagelistmodel.h"

#include <QObject>
#include <QTimer>

namespace antiphon {

/// Everything the window knows, and the one place where the desk's events reach it. The panes read from here, ask for changes by
/// `api()`, and hear of them by the models' signals and those below. Lives as long as the window; panes come and go.
class DeskModels : public QObject {
    Q_OBJECT
public:
    DeskModels(DeskClient &client, const Clock &clock, QObject *parent = nullptr);
    ~DeskModels() override;

    DeskApi &api() { return m_api; }
    DeskClient &client() { return m_client; }
    const Clock &clock() const { return m_clock; }
    InboxModel &inboxes() { return m_inboxes; }
    ConversationListModel &list() { return m_list; }
    MessageListModel &messages() { return m_messages; }
    DraftStore &drafts() { return m_drafts; }
    ImageCache &images() { return m_images; }

    bool isReady() const { return m_inboxesLoaded; }            ///< inboxes were read at least once
    AgentId me() const { return m_client.session().agent.id; }
    const QList<Agent> &agents() const { return m_agents; }
    const QList<Label> &labels() const { return m_labels; }
    QString agentName(AgentId id) const;                        ///< empty for an unknown one
    QColor labelColor(const QString &title) const;              ///< invalid for an unknown one
    const ConversationCounts &counts() const { return m_counts; }
    void setCountsFilter(const ConversationFilter &filter);     ///< the numbers of the list's tabs are of this scope
    const ConversationCounts &scopeCounts() const { return m_scopeCounts; }

    /// The conversation that is shown; null for none.
    const Conversation *current() const { return m_current ? &*m_current : nullptr; }
    /// As far as it is known here: the shown one or one of the list.
    const Conversation *find(ConversationId id) const;
    const Inbox *inboxOf(const Conversation &conversation) const { return m_inboxes.find(conversation.inboxId); }

    /// Shows a conversation, around a message where one is given; reads it first where it isn't known.
    void open(ConversationId id, MessageId around = {});
    void closeCurrent();

    /// Changes a conversation; what the desk answers is shown at once, a refusal is told by `failed`.
    void update(ConversationId id, const ConversationUpdate &update);
    void markRead(ConversationId id, MessageId upTo);
    void markUnread(ConversationId id);
    /// Whether anybody is told of what this customer writes.
    void setBlocked(ContactId contact, bool blocked);
    /// Takes a conversation an answer brought into list and pane.
    void applyConversation(const Conversation &conversation);

signals:
    void ready();                                               ///< inboxes are known; again after each reconnect
    void peopleChanged();                                       ///< agents or labels
    void countsChanged();
    void opened();                                              ///< another conversation is shown (or none)
    void currentChanged();                                      ///< the shown conversation has new values
    void typingNoticed(const antiphon::TypingNotice &notice);
    void eventApplied(const antiphon::DeskEvent &event);        ///< after the models took it
    void failed(const QString &sentence);                       ///< something a person asked for did not work

private:
    void readAll();
    void readDrafts();
    void readCounts();
    void takeEvent(const DeskEvent &event);
    void takeContact(const DeskEvent &event);
    void show(const Conversation &conversation, MessageId around);
    void takeAnswer(const Result<Conversation> &answer);

    DeskClient &m_client;
    const Clock &m_clock;
    DeskApi m_api;
    InboxModel m_inboxes;
    ConversationListModel m_list;
    MessageListModel m_messages;
    DraftStore m_drafts;
    ImageCache m_images;
    QList<Agent> m_agents;
    QList<Label> m_labels;
    ConversationCounts m_counts;
    ConversationCounts m_scopeCounts;
    ConversationFilter m_scope;
    std::optional<Conversation> m_current;
    ConversationId m_wanted;                                    // asked for, not read yet
    QTimer m_countsPause;
    bool m_inboxesLoaded = false;
};

} // namespace antiphon
