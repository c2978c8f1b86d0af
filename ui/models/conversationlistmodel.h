#pragma once

#include "core/base/clock.h"
#include "core/client/deskapi.h"
#include "core/domain/conversationfilter.h"
#include "ui/models/eventbacklog.h"

#include <QAbstractListModel>
#include <QHash>

#include <functional>

class QTimer;

namespace antiphon {

/// The cards of one list: pages by key, live changes gathered for a frame, and an order that stands still under the pointer.
class ConversationListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { ConversationRole = Qt::UserRole + 1, IdRole };
    using Fetch = std::function<QFuture<Result<ConversationPage>>(const ConversationFilter &, ConversationSort, const QString &cursor, int limit)>;

    ConversationListModel(Fetch fetch, const Clock &clock, QObject *parent = nullptr);

    /// Reads the list anew from its start. @param me for Assignee::Me.
    void setFilter(const ConversationFilter &filter, ConversationSort sort, AgentId me);
    const ConversationFilter &filter() const { return m_filter; }
    ConversationSort sort() const { return m_sort; }
    void reload();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;      ///< DisplayRole is the contact's name, for type-ahead
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    const Conversation &at(int row) const { return m_items.at(row); }
    int rowOf(ConversationId id) const;
    const Conversation *find(ConversationId id) const;                     ///< null where it isn't in this list

    bool isLoading() const { return m_loading; }
    bool isComplete() const { return m_loaded && m_cursor.isEmpty(); }     ///< no further page
    const std::optional<Error> &error() const { return m_error; }

    /// While the pointer is over the list nothing moves, appears or goes: changes of what is shown are painted in place.
    void setPointerOver(bool over);

    void applyEvent(const DeskEvent &event);                                ///< conversation.created, conversation.updated
    void applyConversation(const Conversation &conversation);

signals:
    void loadingChanged();
    void firstPageLoaded();

private:
    void load(const QString &cursor);
    void takePage(const ConversationPage &page, bool isFirst);
    void flush();
    void settle(const Conversation &conversation);
    bool matches(const Conversation &conversation) const;
    bool isBefore(const Conversation &a, const Conversation &b) const;
    void removeRow(int row);
    void insert(const Conversation &conversation);
    void renumber(int from) { renumber(from, int(m_items.size())); }
    void renumber(int from, int to);              ///< the rows from `from` to before `to`

    Fetch m_fetch;
    const Clock &m_clock;
    Timestamp m_soon{};                                 // of AnswerFirst: as it was when the list was read, so that the order holds
    ConversationFilter m_filter;
    ConversationSort m_sort = ConversationSort::LastActivity;
    AgentId m_me;
    QList<Conversation> m_items;
    QHash<ConversationId, int> m_rows;
    QList<ConversationId> m_changedOrder;
    QHash<ConversationId, Conversation> m_changes;      // gathered until the frame
    EventBacklog<Conversation> m_backlog;
    QTimer *m_frame;
    QString m_cursor;
    std::optional<Error> m_error;
    quint64 m_generation = 0;
    bool m_loading = false;
    bool m_loaded = false;
    bool m_pointerOver = false;
};

} // namespace antiphon
